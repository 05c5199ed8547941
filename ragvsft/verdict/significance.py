"""Tests of significance for paired differences, what an evalset can see, and Holm's guard over several tests."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ragvsft.scoring.resampling import Floats, Ints, cluster_sums, rounded

MCNEMAR = "McNemar mid-p"
PERMUTATION = "paired cluster permutation"
POWER = 0.8
_PERMUTATIONS = 9_999  # p is known to 0.0001
_EXACT_CLUSTERS = 16  # up to here all sign flips are tried


def mcnemar_mid_p(better: int, worse: int) -> float:
    """Return the two-sided mid-p value of McNemar's test, from the discordant samples each way.

    Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91: twice the binomial tail with half of
    the observed point in it.
    """
    from scipy import stats

    least, total = min(better, worse), better + worse
    if total == 0:
        return 1.0
    point = float(stats.binom.pmf(least, total, 0.5))
    if better == worse:
        return rounded(1 - point / 2)
    return rounded(2 * float(stats.binom.cdf(least, total, 0.5)) - point)


def sign_flip_p(sums: Floats, *, seed: int, permutations: int = _PERMUTATIONS) -> float:
    """Return the two-sided p value of a paired permutation that flips the sign of each cluster's summed difference.

    If two variants are the same, each cluster's sum is as likely to have either sign. All flips are tried where few
    clusters differ at all; otherwise 9,999 random ones and the observed one (Phipson and Smyth 2010: p is never 0).
    """
    sums = sums[np.abs(sums) > 1e-12]
    if len(sums) == 0:
        return 1.0
    reach = abs(float(sums.sum())) - 1e-9 * float(np.abs(sums).sum())  # rounding must not break a tie
    if len(sums) <= _EXACT_CLUSTERS:
        places = np.arange(2 ** len(sums))[:, None] >> np.arange(len(sums))
        return float(np.mean(np.abs(_flipped(places & 1, sums)) >= reach))
    random = np.random.default_rng([seed, len(sums)])
    rows = max(1, 4_000_000 // len(sums))
    count = 0
    for start in range(0, permutations, rows):
        flips = random.integers(0, 2, size=(min(rows, permutations - start), len(sums)), dtype=np.uint8)
        count += int((np.abs(_flipped(flips, sums)) >= reach).sum())
    return (count + 1) / (permutations + 1)


def _flipped(flips: np.ndarray[Any, Any], sums: Floats) -> Floats:
    """Return the sum under each row of `flips` (1: the cluster keeps its sign)."""
    return np.asarray(2 * (flips.astype(np.float64) @ sums) - sums.sum(), dtype=np.float64)


def smallest_visible(deltas: Floats, codes: Ints, *, confidence: float) -> float | None:
    """Return the smallest true difference that a test at 1 - confidence finds with 80 % power, or None without spread.

    (t(1 - alpha/2) + t(0.8)) times the standard error of the mean difference, clusters as the unit (Bloom 1995; Duflo,
    Glennerster and Kremer 2007, section 4.1). One comparison by itself: Holm's guard over several asks for more.
    """
    from scipy import stats

    error = clustered_error(deltas, codes)
    if error is None or error < 1e-12:
        return None
    freedom = int(codes.max())
    alpha = 1 - confidence
    return rounded((stats.t.ppf(1 - alpha / 2, freedom) + stats.t.ppf(POWER, freedom)) * error)


def clustered_error(deltas: Floats, codes: Ints) -> float | None:
    """Return the standard error of the mean with clusters as the unit, or None for a single cluster.

    Linearised ratio of the clusters' sums to their sizes, with the n/(n-1) correction (Cochran 1977, section 9A.2).
    """
    sums, sizes = cluster_sums(deltas, codes)
    if len(sums) < 2:
        return None
    residuals = sums - sizes * deltas.mean()
    return math.sqrt(len(sums) / (len(sums) - 1) * float(residuals @ residuals)) / len(deltas)


def holm(p_values: Sequence[float], *, family: int) -> list[float]:
    """Return Holm's adjusted p values (Holm 1979), in the order given.

    `family` is how many comparisons were declared; those that could not be tested still count.
    """
    adjusted = np.empty(len(p_values))
    highest = 0.0
    for place, index in enumerate(np.argsort(p_values, kind="stable")):
        highest = max(highest, min(1.0, (family - place) * p_values[index]))
        adjusted[index] = highest
    return [rounded(value) for value in adjusted]
