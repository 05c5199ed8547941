"""Scores -> metrics: each number with its interval, its n and what is missing from it.

Questions about one document go right or wrong together, so intervals resample documents (`Sample.cluster`) and not
questions: on 40 documents with 5 questions each, resampling questions gives intervals that are far too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from ragvsft.config.sections import StatisticsConfig
from ragvsft.records import Aggregate, Metric, Prediction, Sample, Score, Stratum
from ragvsft.scoring.scorers import Scorer, Unscored, is_detail

if TYPE_CHECKING:
    from pandas import DataFrame

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Interval = tuple[float | None, float | None]

P95_REQUESTS = 200  # fewer than ten requests beyond the 95th percentile place it too loosely to print
_QUANTILES: dict[Aggregate, float] = {"p50": 0.5, "p95": 0.95}
_BLOCK = 4_000_000  # resampled clusters held in memory at once


def score_all(
    samples: Sequence[Sample], predictions: Iterable[Prediction], scorers: Sequence[Scorer]
) -> Iterator[Score]:
    """Yield the scores of each prediction in turn; a scorer that does not apply leaves none.

    A number that is not finite is unscored: a judge's NaN must not travel on.
    """
    by_id = {sample.sample_id: sample for sample in samples}
    for prediction in predictions:
        for scorer in scorers:
            if scorer.purpose != prediction.purpose:
                continue
            outcome = scorer.score(by_id[prediction.sample_id], prediction)
            if outcome is not None:
                yield _score(prediction, scorer, outcome)


def _score(prediction: Prediction, scorer: Scorer, outcome: float | Unscored) -> Score:
    if not isinstance(outcome, Unscored) and not math.isfinite(outcome):
        outcome = Unscored("not-finite")
    return Score(
        sample_id=prediction.sample_id,
        variant=prediction.variant,
        seed=prediction.seed,
        round=prediction.round,
        scorer=scorer.name,
        value=None if isinstance(outcome, Unscored) else float(outcome),
        cause=outcome.cause if isinstance(outcome, Unscored) else None,
    )


def summarise(
    samples: Sequence[Sample], scores: Sequence[Score], scorers: Sequence[Scorer], *, statistics: StatisticsConfig
) -> list[Metric]:
    """Return the metrics of every variant and scorer: the mean over all samples, then of each stratum but for details.

    A sample's value is its mean over training seeds, so the interval is about other questions and `by_seed` about
    other trainings; a sample with one unscored seed is unscored. For the latency pass the unit is the request, all
    rounds of it, and p50 and p95 come after the mean; strata would be too thin there.
    """
    table = score_table(samples, scores)
    groups = dict(iter(table.groupby(["variant", "scorer"], sort=False)))
    resampler = Resampler(statistics)
    metrics: list[Metric] = []
    for variant in table["variant"].unique():
        for scorer in scorers:
            group = groups.get((variant, scorer.name))
            if group is None:
                continue
            if scorer.purpose == "latency":
                metrics += _latency_metrics(scorer, variant, group, resampler)
            else:
                metrics += _quality_metrics(scorer, variant, group, resampler)
    return metrics


def score_table(samples: Sequence[Sample], scores: Iterable[Score]) -> DataFrame:
    """Return one row per score: scorer, variant, sample_id, seed, value (NaN: unscored), cluster, stratum."""
    import pandas as pd

    by_id = {sample.sample_id: sample for sample in samples}
    rows = [
        (s.scorer, s.variant, s.sample_id, s.seed, s.value, by_id[s.sample_id].cluster, by_id[s.sample_id].stratum)
        for s in scores
    ]
    table = pd.DataFrame(rows, columns=["scorer", "variant", "sample_id", "seed", "value", "cluster", "stratum"])
    return table.astype({"value": "float64"})


def sample_values(group: DataFrame) -> DataFrame:
    """Return one row per sample of one scorer and variant: its mean over seeds and rounds, NaN if one is unscored."""
    grouped = group.groupby("sample_id")
    values = grouped[["cluster", "stratum"]].first()
    complete = grouped["value"].count() == grouped.size()
    values["value"] = grouped["value"].mean().where(complete)
    return values


def _quality_metrics(scorer: Scorer, variant: str, group: DataFrame, resampler: Resampler) -> Iterator[Metric]:
    values = sample_values(group)
    yield _mean_metric(scorer, variant, None, values, resampler, by_seed=_by_seed(group))
    if is_detail(scorer.name):  # nobody reads a field, or a repair, by stratum, and there are many
        return
    present = set(values["stratum"])
    for stratum in (name for name in get_args(Stratum) if name in present):
        within = values[values["stratum"] == stratum]
        by_seed = _by_seed(group[group["stratum"] == stratum])
        yield _mean_metric(scorer, variant, stratum, within, resampler, by_seed=by_seed)


def _by_seed(group: DataFrame) -> tuple[float, ...]:
    if group["seed"].nunique() < 2:
        return ()
    means = group.groupby("seed")["value"].mean().dropna()
    return tuple(rounded(value) for value in means)


def _mean_metric(
    scorer: Scorer,
    variant: str,
    stratum: str | None,
    values: DataFrame,
    resampler: Resampler,
    *,
    by_seed: tuple[float, ...],
) -> Metric:
    scored = values.dropna(subset="value")
    nothing = Metric(
        name=scorer.name,
        variant=variant,
        stratum=stratum,
        value=None,
        low=None,
        high=None,
        n=len(scored),
        n_unscored=len(values) - len(scored),
        unit=scorer.unit,
        better=scorer.better,
        by_seed=by_seed,
        notes=("nothing could be scored",),
    )
    if scored.empty:
        return nothing
    numbers, codes = clustered(scored)
    bounds = (0.0, 1.0) if scorer.unit == "share" else None
    (low, high), note = resampler.mean_interval(numbers, codes, bounds=bounds)
    return replace(nothing, value=rounded(numbers.mean()), low=low, high=high, notes=_notes(note))


def _latency_metrics(scorer: Scorer, variant: str, group: DataFrame, resampler: Resampler) -> Iterator[Metric]:
    mean = _mean_metric(scorer, variant, None, group, resampler, by_seed=_by_seed(group))
    yield mean
    for aggregate in _QUANTILES:
        yield _quantile_metric(mean, aggregate, group.dropna(subset="value"), resampler)


def _quantile_metric(mean: Metric, aggregate: Aggregate, scored: DataFrame, resampler: Resampler) -> Metric:
    share = _QUANTILES[aggregate]
    withheld = replace(mean, aggregate=aggregate, value=None, low=None, high=None, by_seed=())
    if mean.value is None:
        return withheld
    if share == 0.95 and mean.n < P95_REQUESTS:
        return replace(withheld, notes=(f"withheld: p95 needs {P95_REQUESTS} requests, there are {mean.n}",))
    numbers, codes = clustered(scored)
    (low, high), note = resampler.quantile_interval(numbers, codes, share)
    return replace(withheld, value=rounded(np.quantile(numbers, share)), low=low, high=high, notes=_notes(note))


def _notes(note: str | None) -> tuple[str, ...]:
    return () if note is None else (note,)


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


def by_variant(
    metrics: Iterable[Metric], name: str, stratum: str | None = None, *, aggregate: Aggregate = "mean"
) -> dict[str, Metric]:
    """Return one metric of every variant that has it, over all samples or within a stratum."""
    wanted = (name, stratum, aggregate)
    return {metric.variant: metric for metric in metrics if (metric.name, metric.stratum, metric.aggregate) == wanted}


def metric_of(
    metrics: Iterable[Metric], name: str, variant: str, stratum: str | None = None, *, aggregate: Aggregate = "mean"
) -> Metric | None:
    """Return one metric of one variant, None if it was not measured."""
    return by_variant(metrics, name, stratum, aggregate=aggregate).get(variant)
