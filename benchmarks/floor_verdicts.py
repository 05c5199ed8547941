"""How often a variant is recommended that only equals the floor, or beats it: python -m benchmarks.floor_verdicts.

Runs are simulated with a known truth: three variants and a trivial rival answer the same questions, five to a document,
which are easy or hard together. `lora` is the best of the variants; each line says how far it truly lies above the
floor, and how often it was recommended. Where it only equals the floor, that is a false verdict.
"""

from __future__ import annotations

import time
from collections import Counter

import numpy as np

from ragvsft.config.root import Config
from ragvsft.records import Sample, Score
from ragvsft.scoring.floor import best_rival
from ragvsft.scoring.measures import parse
from ragvsft.scoring.metrics import summarise
from ragvsft.verdict.compare import compare
from ragvsft.verdict.decide import decide
from ragvsft.verdict.standing import Standing

WORLDS = 200
FLOOR = 0.5
EACH = 5  # questions to a document
_TOGETHER = 4.0  # strength of the beta that a document's ease is drawn from: a correlation of 0.2
TOO_FEW, NO_BETTER = "too few to tell", "no better"
DESIGNS = ((0.0, 20), (0.0, 200), (0.0, 400), (0.1, 20), (0.1, 200), (0.1, 400), (0.2, 200))


def outcome(random: np.random.Generator, above: float, samples: int) -> str:
    """Return what one simulated run of right-or-wrong answers recommends, or why nothing."""
    asked = [Sample(f"s{i}", "?", ("x",), (f"d{i // EACH}",), "rephrased") for i in range(samples)]
    means = {"prompt": 0.05, "rag": 0.2, "lora": FLOOR + above, "best-constant": FLOOR}
    scores = [
        Score(f"s{i}", variant, 0, 0, "exact_match", value, None)
        for variant, mean in means.items()
        for i, value in enumerate(_answers(random, samples, mean))
    ]
    config = Config(corpus="c", evalset="e", examples="x", variants=["prompt", "rag", "lora"])
    statistics = config.statistics.model_copy(update={"resamples": 200, "primary": "exact_match"})
    config = config.model_copy(update={"statistics": statistics})
    scorers = [parse("exact_match")]
    metrics = summarise(asked, scores, scorers, statistics=statistics)
    rows = compare(
        asked, scores, scorers, primary="exact_match", candidates=config.candidates, statistics=statistics,
        rival=best_rival(metrics, "exact_match"),
    )  # fmt: skip
    decision = decide(rows, metrics, [], config, samples=asked)
    if decision.verdict != "none usable":
        return decision.variant or decision.verdict
    standing = Standing(config, tuple(rows), tuple(metrics), costs={}, asked_for=None)
    return TOO_FEW if standing.may_be_usable() else NO_BETTER


def _answers(random: np.random.Generator, samples: int, mean: float) -> list[float]:
    ease = random.beta(mean * _TOGETHER, (1 - mean) * _TOGETHER, size=samples // EACH)
    answers: list[float] = (random.random(samples) < np.repeat(ease, EACH)).astype(float).tolist()
    return answers


def main() -> None:
    """Print one line per design."""
    begun = time.perf_counter()
    print(f"above the floor   samples   recommended   {TOO_FEW}   {NO_BETTER}")
    for above, samples in DESIGNS:
        random = np.random.default_rng(4)
        found = Counter(outcome(random, above, samples) for _ in range(WORLDS))
        shares = [found[name] / WORLDS for name in ("lora", TOO_FEW, NO_BETTER)]
        print(f"{above:15.0%} {samples:9d} {shares[0]:13.1%} {shares[1]:17.1%} {shares[2]:11.1%}")
    print(f"{time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
