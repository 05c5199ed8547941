"""How often the intervals cover, the tests cry wolf and the power is as promised: python -m benchmarks.error_rates.

Evalsets are simulated with a known truth: right-or-wrong answers to questions that are easy or hard together within a
document. Each line is the share over the simulated evalsets; the standard error of a share near 5 % over 2,000 is 0.5
points.
"""

from __future__ import annotations

import time

import numpy as np

from ragvsft.config.sections import StatisticsConfig
from ragvsft.scoring.resampling import Floats, Ints, Resampler, cluster_sums
from ragvsft.verdict.significance import mcnemar_mid_p, sign_flip_p, smallest_visible

EVALSETS = 2000
DESIGNS = ((40, 5), (12, 4), (405, 5), (200, 1))


def _answers(random: np.random.Generator, documents: int, each: int, mean: float, together: float) -> Floats:
    """Return 0/1 answers (documents * each,) of a mean; `together` is the correlation within a document."""
    strength = 1 / together - 1
    ease = random.beta(mean * strength, (1 - mean) * strength, size=(documents, 1))
    return (random.random((documents, each)) < ease).astype(np.float64).ravel()


def coverage(documents: int, each: int, mean: float) -> float:
    """Return how often the 95 % interval of a metric holds the truth."""
    random, codes = np.random.default_rng(1), _codes(documents, each)
    resampler = Resampler(StatisticsConfig(resamples=1000))
    covered = 0
    for _ in range(EVALSETS):
        (low, high), _ = resampler.mean_interval(_answers(random, documents, each, mean, 0.4), codes, bounds=(0, 1))
        covered += low is not None and high is not None and low <= mean <= high
    return covered / EVALSETS


def false_alarms(documents: int, each: int) -> tuple[float, float]:
    """Return how often two equal variants are told apart at 5 %: by document, and by McNemar over questions."""
    random, codes = np.random.default_rng(2), _codes(documents, each)
    by_document = by_question = 0
    for _ in range(EVALSETS):
        ours, theirs = (_answers(random, documents, each, 0.5, 0.5) for _ in range(2))
        deltas = ours - theirs
        by_document += sign_flip_p(cluster_sums(deltas, codes)[0], seed=0, permutations=999) < 0.05
        by_question += mcnemar_mid_p(int((deltas > 0).sum()), int((deltas < 0).sum())) < 0.05
    return by_document / EVALSETS, by_question / EVALSETS


def power(documents: int, each: int) -> float:
    """Return how often a true difference of the printed smallest visible size is found at 5 %."""
    random, codes = np.random.default_rng(3), _codes(documents, each)

    def deltas(shift: float) -> Floats:
        return shift + 0.2 * random.normal(size=documents)[codes] + 0.3 * random.normal(size=documents * each)

    shift = float(np.mean([smallest_visible(deltas(0), codes, confidence=0.95) for _ in range(100)]))
    found = (
        sign_flip_p(cluster_sums(deltas(shift), codes)[0], seed=0, permutations=999) < 0.05 for _ in range(EVALSETS)
    )
    return sum(found) / EVALSETS


def _codes(documents: int, each: int) -> Ints:
    return np.repeat(np.arange(documents), each)


def main() -> None:
    """Print one line per design."""
    begun = time.perf_counter()
    print("documents x questions   covers 60 %  covers 95 %   false alarms (McNemar)   power")
    for documents, each in DESIGNS:
        by_document, by_question = false_alarms(documents, each)
        print(
            f"{documents:9d} x {each:<9d} {coverage(documents, each, 0.6):13.1%}"
            f" {coverage(documents, each, 0.95):12.1%} {by_document:14.1%} ({by_question:.1%})"
            f" {power(documents, each):13.1%}",
            flush=True,
        )
    print(f"{time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
