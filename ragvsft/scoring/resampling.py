"""Intervals by resampling clusters, all from one seed, and what replaces them where resampling teaches nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ragvsft.config.sections import StatisticsConfig

if TYPE_CHECKING:
    from pandas import DataFrame

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Interval = tuple[float | None, float | None]

_BLOCK = 4_000_000  # resampled clusters held in memory at once


def cluster_sums(values: Floats, codes: Ints) -> tuple[Floats, Floats]:
    """Return the sum of the values of each cluster, and how many they are."""
    sizes = np.bincount(codes).astype(np.float64)
    return np.bincount(codes, values).astype(np.float64), sizes


def clustered(values: DataFrame) -> tuple[Floats, Ints]:
    """Return the values and, for each, the number of its cluster, 0..n_clusters-1 in the order of the names.

    Not in order of appearance: a resumed run may hold the same scores in another order.
    """
    import pandas as pd

    codes, _ = pd.factorize(values["cluster"], sort=True)
    return values["value"].to_numpy(dtype=np.float64), codes.astype(np.int64)


class Resampler:
    """Cluster bootstrap intervals, all from one seed."""

    def __init__(self, statistics: StatisticsConfig) -> None:
        self._statistics = statistics
        self._drawn: dict[int, np.ndarray[Any, np.dtype[np.uint8]]] = {}

    def mean_interval(
        self, values: Floats, codes: Ints, *, bounds: tuple[float, float] | None
    ) -> tuple[Interval, str | None]:
        """Return the interval of the mean and why there is none, or why it is not a bootstrap interval.

        `bounds` are the least and greatest value there can be. Where every cluster has the same mean, nothing can be
        learnt by resampling; then the interval is `unseen_interval`'s, or none without bounds.
        """
        sums, sizes = cluster_sums(values, codes)
        if len(sums) < 2:
            return (None, None), "no interval: all samples are of one document"
        if np.ptp(sums / sizes) < 1e-12:
            return self._without_spread(float(values.mean()), len(sums), bounds)
        means = np.concatenate([(block @ sums) / (block @ sizes) for block in self._blocks(len(sums))])
        return self._between(means, len(sums)), None

    def quantile_interval(self, values: Floats, codes: Ints, share: float) -> tuple[Interval, str | None]:
        """Return the interval of the `share` quantile (as numpy's default, linear) and why there is none."""
        n_clusters = int(codes.max()) + 1
        if n_clusters < 2:
            return (None, None), "no interval: all samples are of one document"
        order = np.argsort(values, kind="stable")
        quantiles = [
            weighted_quantile(values[order], block[:, codes[order]], share)
            for block in self._blocks(n_clusters, width=len(values))
        ]
        return self._between(np.concatenate(quantiles), n_clusters), None

    def _without_spread(
        self, value: float, n_clusters: int, bounds: tuple[float, float] | None
    ) -> tuple[Interval, str | None]:
        if bounds is None:
            return (None, None), "no interval: every document has the same value"
        interval = unseen_interval(value, n_clusters, bounds=bounds, confidence=self._statistics.confidence)
        return interval, "every document has the same value; the interval is the exact binomial one over documents"

    def _between(self, resampled: Floats, n_clusters: int) -> Interval:
        tail = expanded_tail(self._statistics.confidence, n_clusters)
        low, high = np.quantile(resampled, [tail, 1 - tail])
        return rounded(low), rounded(high)

    def _blocks(self, n_clusters: int, *, width: int = 0) -> Iterator[Floats]:
        """Yield how often each cluster stands in each resample, (some resamples, n_clusters)."""
        if n_clusters not in self._drawn:
            self._drawn[n_clusters] = _draw_clusters(
                n_clusters, resamples=self._statistics.resamples, seed=self._statistics.seed
            )
        counts = self._drawn[n_clusters]
        rows = max(1, _BLOCK // max(n_clusters, width))
        for start in range(0, len(counts), rows):
            yield counts[start : start + rows].astype(np.float64)


def _draw_clusters(n_clusters: int, *, resamples: int, seed: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    random = np.random.default_rng([seed, n_clusters])
    counts = np.empty(
        (resamples, n_clusters), dtype=np.uint8
    )  # a count above 255 does not happen: they are ~Poisson(1)
    rows = max(1, _BLOCK // n_clusters)
    for start in range(0, resamples, rows):
        block = min(rows, resamples - start)
        drawn = random.integers(n_clusters, size=(block, n_clusters)) + n_clusters * np.arange(block)[:, None]
        counts[start : start + block] = np.bincount(drawn.ravel(), minlength=block * n_clusters).reshape(block, -1)
    return counts


def weighted_quantile(ordered: Floats, weights: Floats, share: float) -> Floats:
    """Return the quantile of each row of `weights` (times each of the `ordered` values stands in it)."""
    reached = np.cumsum(weights, axis=1)  # (resamples, n)
    position = share * (reached[:, -1] - 1)
    below = np.floor(position)
    # the value at place i (from 0) is the first whose cumulated weight exceeds i
    lower = ordered[(reached <= below[:, None]).sum(axis=1)]
    upper = ordered[(reached <= np.ceil(position)[:, None]).sum(axis=1)]
    return np.asarray(lower + (position - below) * (upper - lower), dtype=np.float64)


def expanded_tail(confidence: float, n_clusters: int) -> float:
    """Return the share of resamples that lies beyond each end of the interval.

    The plain percentile interval is too narrow for few clusters: it lacks the factor sqrt(n/(n-1)) and takes a normal
    for a t quantile. Hesterberg 2015 (What Teachers Should Know About the Bootstrap, section 4.1, "expanded
    percentile") widens the percentiles to make up for both. BCa corrects skew and not this, and the clusters are few
    more often than the scores are skewed.
    """
    from scipy import stats

    t = stats.t.ppf((1 - confidence) / 2, n_clusters - 1)
    return float(stats.norm.cdf(math.sqrt(n_clusters / (n_clusters - 1)) * t))


def unseen_interval(
    value: float, n_clusters: int, *, bounds: tuple[float, float], confidence: float
) -> tuple[float, float]:
    """Return the interval of a mean when every one of n clusters has the same value.

    Clusters of another kind may exist unseen; with none of them among n, their share is below 1 - (alpha/2)^(1/n)
    (Clopper-Pearson for 0 of n), and at worst they lie at a bound.
    """
    unseen = 1 - ((1 - confidence) / 2) ** (1 / n_clusters)
    low, high = ((1 - unseen) * value + unseen * bound for bound in bounds)
    return rounded(low), rounded(high)


def rounded(value: float | np.floating[Any]) -> float:
    """Return the value without the last bits, which the order of a sum decides: same scores, same bytes."""
    return float(np.round(value, 12))
