"""Scores -> metrics: each number with its interval, its n and what is missing from it.

Questions about one document go right or wrong together, so intervals resample documents (`Sample.cluster`) and not
questions: on 40 documents with 5 questions each, resampling questions gives intervals that are far too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import numpy as np

from ragvsft.config.sections import StatisticsConfig
from ragvsft.findings import Aggregate, Metric
from ragvsft.records import Prediction, Sample, Score, Stratum
from ragvsft.scoring.resampling import Resampler, clustered, rounded
from ragvsft.scoring.scorers import Scorer, Unscored

if TYPE_CHECKING:
    from pandas import DataFrame

    from ragvsft.scoring.scorers.measure import Measure

P95_ITEMS = 200  # fewer than ten beyond the 95th percentile place it too loosely to print
_QUANTILES: dict[Aggregate, float] = {"p50": 0.5, "p95": 0.95}


def score_all(
    samples: Sequence[Sample], predictions: Iterable[Prediction], scorers: Sequence[Scorer]
) -> Iterator[Score]:
    """Yield the scores of each prediction in turn; a scorer that does not apply leaves none.

    A number that is not finite is unscored: a judge's NaN must not travel on.
    """
    by_id = {sample.sample_id: sample for sample in samples}
    for prediction in predictions:
        for scorer in scorers:
            if scorer.measure.purpose != prediction.purpose:
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
    """Return the metrics of every variant and scorer: over all samples by each of its aggregates, then the strata.

    A sample's value is its mean over training seeds, so the interval is about other questions and `by_seed` about
    other trainings; a sample with one unscored seed is unscored. Of a measure whose item is the request, each request
    of all rounds is a value. Strata are left out there, as they would be too thin, and for details.
    """
    table = score_table(samples, scores)
    groups = dict(iter(table.groupby(["variant", "scorer"], sort=False)))
    resampler = Resampler(statistics)
    metrics: list[Metric] = []
    for variant in table["variant"].unique():
        for scorer in scorers:
            group = groups.get((variant, scorer.name))
            if group is not None:
                metrics += _metrics_of(scorer.measure, variant, group, resampler)
    return metrics


def score_table(samples: Sequence[Sample], scores: Iterable[Score]) -> DataFrame:
    """Return one row per score: scorer, variant, sample_id, seed, value (NaN: unscored), cluster, stratum.

    The seed is missing where the variant trains nothing.
    """
    import pandas as pd

    by_id = {sample.sample_id: sample for sample in samples}
    rows = [
        (s.scorer, s.variant, s.sample_id, s.seed, s.value, by_id[s.sample_id].cluster, by_id[s.sample_id].stratum)
        for s in scores
    ]
    table = pd.DataFrame(rows, columns=["scorer", "variant", "sample_id", "seed", "value", "cluster", "stratum"])
    return table.astype({"value": "float64", "seed": "Int64"})


def sample_values(group: DataFrame) -> DataFrame:
    """Return one row per sample of one scorer and variant: its mean over seeds and rounds, NaN if one is unscored."""
    grouped = group.groupby("sample_id")
    values = grouped[["cluster", "stratum"]].first()
    complete = grouped["value"].count() == grouped.size()
    values["value"] = grouped["value"].mean().where(complete)
    return values


def _metrics_of(measure: Measure, variant: str, group: DataFrame, resampler: Resampler) -> Iterator[Metric]:
    values = group if measure.item == "request" else sample_values(group)
    mean = _mean_metric(measure, variant, None, values, resampler, by_seed=_by_seed(group))
    for aggregate in measure.aggregates:
        yield mean if aggregate == "mean" else _quantile_metric(measure, aggregate, mean, values, resampler)
    if measure.item == "request" or measure.detail_of:  # nobody reads a field by stratum, and there are many
        return
    present = set(values["stratum"])
    for stratum in (name for name in get_args(Stratum) if name in present):
        within = values[values["stratum"] == stratum]
        by_seed = _by_seed(group[group["stratum"] == stratum])
        yield _mean_metric(measure, variant, stratum, within, resampler, by_seed=by_seed)


def _by_seed(group: DataFrame) -> tuple[float, ...]:
    if group["seed"].nunique() < 2:
        return ()
    means = group.groupby("seed")["value"].mean().dropna()
    return tuple(rounded(value) for value in means)


def _mean_metric(
    measure: Measure,
    variant: str,
    stratum: str | None,
    values: DataFrame,
    resampler: Resampler,
    *,
    by_seed: tuple[float, ...],
) -> Metric:
    scored = values.dropna(subset="value")
    nothing = Metric(
        name=measure.name,
        variant=variant,
        stratum=stratum,
        value=None,
        low=None,
        high=None,
        n=len(scored),
        n_unscored=len(values) - len(scored),
        unit=measure.unit,
        better=measure.better,
        by_seed=by_seed,
        notes=("nothing could be scored",),
    )
    if scored.empty:
        return nothing
    numbers, codes = clustered(scored)
    bounds = (0.0, 1.0) if measure.unit == "share" else None
    (low, high), note = resampler.mean_interval(numbers, codes, bounds=bounds)
    return replace(nothing, value=rounded(numbers.mean()), low=low, high=high, notes=_notes(note))


def _quantile_metric(
    measure: Measure, aggregate: Aggregate, mean: Metric, values: DataFrame, resampler: Resampler
) -> Metric:
    share = _QUANTILES[aggregate]
    withheld = replace(mean, aggregate=aggregate, value=None, low=None, high=None, by_seed=())
    if mean.value is None:
        return withheld
    if share == 0.95 and mean.n < P95_ITEMS:
        return replace(withheld, notes=(f"withheld: p95 needs {P95_ITEMS} {measure.item}s, there are {mean.n}",))
    numbers, codes = clustered(values.dropna(subset="value"))
    (low, high), note = resampler.quantile_interval(numbers, codes, share)
    return replace(withheld, value=rounded(np.quantile(numbers, share)), low=low, high=high, notes=_notes(note))


def _notes(note: str | None) -> tuple[str, ...]:
    return () if note is None else (note,)


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
