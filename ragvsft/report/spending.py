"""What the answers take: seconds and dollars per variant, and where each variant lies between them and quality."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ragvsft.evidence.run import Evidence
from ragvsft.findings import Metric, VariantCost
from ragvsft.records import Prediction
from ragvsft.report.view import median_time, primary_of, variants_of
from ragvsft.scoring.metrics import metric_of

_UPPER_BOUND = "serving is an upper bound: the hardware works on the timed requests alone, and batching lowers it"


@dataclass(frozen=True, slots=True)
class Glance:
    """One variant in one line."""

    variant: str
    quality: Metric | None
    latency: Metric | None
    cost: VariantCost | None


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """How long one variant takes."""

    variant: str
    requests: int  # timed
    failed: int
    p50: Metric | None
    p95: Metric | None
    first_token: Metric | None  # its median
    retrieval: Metric | None  # its median; None where the variant does not retrieve
    retrieval_share: float | None  # of the summed time of all requests; None where the variant does not retrieve


@dataclass(frozen=True, slots=True)
class CostNote:
    """One remark on costs, with the variants that it concerns."""

    variants: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Costs:
    """Everything that the section on cost shows."""

    rows: tuple[VariantCost, ...]
    notes: tuple[CostNote, ...]
    unplaced: tuple[str, ...]  # variants whose cost or quality is unknown


@dataclass(frozen=True, slots=True)
class Place:
    """Where one variant lies between quality and what it takes."""

    variant: str
    x: float
    low: float  # the interval of x; x itself where there is none
    high: float
    unit: str  # of x: "USD" or "s"
    quality: Metric


def glances(evidence: Evidence) -> tuple[Glance, ...]:
    """Return every variant in one line: quality, latency, cost."""
    costs = {cost.variant: cost for cost in evidence.costs}
    return tuple(
        Glance(variant, primary_of(evidence, variant), median_time(evidence, variant), costs.get(variant))
        for variant in variants_of(evidence)
    )


def latency_rows(evidence: Evidence) -> tuple[LatencyRow, ...]:
    """Return how long each variant takes; empty where there was no latency pass."""
    timed = [p for p in evidence.predictions if p.purpose == "latency"]
    names = {p.variant for p in timed} | {v for v in variants_of(evidence) if median_time(evidence, v)}
    return tuple(
        _latency_row(evidence, v, [p for p in timed if p.variant == v]) for v in variants_of(evidence) if v in names
    )


def _latency_row(evidence: Evidence, variant: str, predictions: Sequence[Prediction]) -> LatencyRow:
    times = [p.times for p in predictions if p.times is not None]
    total_s = sum(t.total_s for t in times)
    retrieves = any(p.hits is not None for p in evidence.predictions if p.variant == variant)
    return LatencyRow(
        variant=variant,
        requests=len(times),
        failed=len(predictions) - len(times),
        p50=median_time(evidence, variant),
        p95=metric_of(evidence.metrics, "latency_s", variant, aggregate="p95"),
        first_token=metric_of(evidence.metrics, "first_token_s", variant, aggregate="p50"),
        retrieval=metric_of(evidence.metrics, "retrieval_s", variant, aggregate="p50") if retrieves else None,
        retrieval_share=sum(t.retrieval_s for t in times) / total_s if retrieves and total_s > 0 else None,
    )


def latencies(evidence: Evidence) -> dict[str, list[float]]:
    """Return the seconds of each timed request per variant, shortest first."""
    seconds: dict[str, list[float]] = {variant: [] for variant in variants_of(evidence)}
    for prediction in evidence.predictions:
        if prediction.purpose == "latency" and prediction.times is not None:
            seconds[prediction.variant].append(prediction.times.total_s)
    return {variant: sorted(values) for variant, values in seconds.items() if values}


def costs_of(evidence: Evidence) -> Costs:
    """Return what every variant costs."""
    concerned: dict[str, list[str]] = defaultdict(list)
    for cost in evidence.costs:
        for note in _notes(cost):
            concerned[note].append(cost.variant)
    notes = tuple(CostNote(tuple(variants), note) for note, variants in concerned.items())
    placed = {place.variant for place in cost_places(evidence)}
    unplaced = tuple(variant for variant in variants_of(evidence) if variant not in placed)
    return Costs(evidence.costs, notes, unplaced)


def _notes(cost: VariantCost) -> list[str]:
    return [*cost.notes, *([_UPPER_BOUND] if cost.is_upper_bound else [])]


def cost_places(evidence: Evidence) -> list[Place]:
    """Return the variants whose cost over the months and quality are both known."""
    costs = {cost.variant: cost.months_usd for cost in evidence.costs if cost.months_usd is not None}
    return [
        Place(variant, costs[variant], costs[variant], costs[variant], "USD", quality)
        for variant, quality in _known_quality(evidence).items()
        if variant in costs
    ]


def time_places(evidence: Evidence) -> list[Place]:
    """Return the variants whose median time and quality are both known."""
    places = []
    for variant, quality in _known_quality(evidence).items():
        median = median_time(evidence, variant)
        if median is not None and median.value is not None:
            low = median.value if median.low is None else median.low
            high = median.value if median.high is None else median.high
            places.append(Place(variant, median.value, low, high, "s", quality))
    return places


def _known_quality(evidence: Evidence) -> dict[str, Metric]:
    metrics = {variant: primary_of(evidence, variant) for variant in variants_of(evidence)}
    return {variant: metric for variant, metric in metrics.items() if metric is not None and metric.value is not None}
