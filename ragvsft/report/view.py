"""Numbers to rows: what stands in each table and chart of the report, before anything is formatted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from ragvsft.names import TRIVIAL
from ragvsft.records import (
    Better,
    Decision,
    Difference,
    IndexRecord,
    Metric,
    Prediction,
    PriceFacts,
    Sample,
    Score,
    Stratum,
    TrainingRecord,
    VariantCost,
)
from ragvsft.scoring.scorers import is_detail

SMALL_N = 20  # fewer samples than this are flagged: such an interval is wide and its ends are rough
_LATENCY = "latency_s"
_UPPER_BOUND = "one request at a time, an upper bound: batching lowers it"


class Section(dict[str, Any]):
    """A part of the manifest; what it lacks is None."""

    def __missing__(self, key: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """Everything a report is made of. Whatever a run lacks is empty, and the report says that it is missing.

    `manifest` may hold: name, created, status, config, stamps, notes, inputs_sha256, and as sections: corpus, evalset,
    examples (counts and hashes), engine (its facts), machine, versions, hashes.
    """

    manifest: Mapping[str, Any]
    samples: Sequence[Sample]
    predictions: Sequence[Prediction]  # of both passes
    scores: Sequence[Score]
    metrics: Sequence[Metric]
    differences: Sequence[Difference]
    costs: Sequence[VariantCost]
    decision: Decision
    trainings: Sequence[TrainingRecord]
    index: IndexRecord | None
    stage_seconds: Mapping[str, float]
    primary: str  # the metric that the decision rests on
    prices_as_of: str | None = None  # the price book's day
    prices: Sequence[PriceFacts] = ()  # the rows of it that were used

    def part(self, name: str) -> Section:
        """Return a section of the manifest, empty if it is not there."""
        section = self.manifest.get(name)
        return Section(section) if isinstance(section, Mapping) else Section()

    def setting(self, section: str, key: str) -> Any:
        """Return one value of the config as run, None if it is not there."""
        found = self.part("config").get(section)
        return found.get(key) if isinstance(found, Mapping) else None

    @property
    def confidence(self) -> float:
        """The confidence of every interval."""
        return float(self.setting("statistics", "confidence") or 0.95)

    @property
    def stamps(self) -> list[str]:
        """Why this run is not for decisions, each reason once."""
        return list(dict.fromkeys([*self.decision.stamps, *(self.manifest.get("stamps") or ())]))


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric of all variants; None where it does not apply to the variant."""

    name: str
    unit: str
    better: Better
    cells: tuple[Metric | None, ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """One variant in one line."""

    variant: str
    quality: Metric | None
    latency: Metric | None
    cost: VariantCost | None


@dataclass(frozen=True, slots=True)
class StratumRow:
    """The primary metric of all variants on one stratum."""

    stratum: str
    samples: int
    cells: tuple[Metric | None, ...]
    floor: Metric | None = None  # of the best trivial rival


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
class Place:
    """Where one variant lies between quality and what it takes."""

    variant: str
    x: float
    low: float  # the interval of x; x itself where there is none
    high: float
    unit: str  # of x: "USD" or "s"
    quality: Metric


def variants_of(facts: RunFacts) -> tuple[str, ...]:
    """Return the variants in the order of the config, then those that only the results know."""
    configured = facts.part("config").get("variants") or ()
    seen = [*configured, *(m.variant for m in facts.metrics), *(p.variant for p in facts.predictions)]
    present = ({m.variant for m in facts.metrics} | {p.variant for p in facts.predictions}) - TRIVIAL.keys()
    return tuple(variant for variant in dict.fromkeys(seen) if variant in present) or tuple(configured)


def metric_of(facts: RunFacts, name: str, variant: str, stratum: str | None = None) -> Metric | None:
    """Return one metric, None if it was not measured."""
    found = (m for m in facts.metrics if (m.name, m.variant, m.stratum) == (name, variant, stratum))
    return next(found, None)


def glance(facts: RunFacts) -> list[Glance]:
    """Return every variant in one line: quality, latency, cost."""
    costs = {cost.variant: cost for cost in facts.costs}
    return [
        Glance(
            variant,
            metric_of(facts, facts.primary, variant),
            metric_of(facts, f"{_LATENCY}.p50", variant),
            costs.get(variant),
        )
        for variant in variants_of(facts)
    ]


def metric_rows(facts: RunFacts) -> list[MetricRow]:
    """Return every metric that is not a time, over all samples, the primary one first; details stand elsewhere."""
    names = [name for name in _names_of_shares(facts) if not is_detail(name)]
    return _rows(facts, sorted(names, key=lambda name: name != facts.primary))


def field_rows(facts: RunFacts) -> list[MetricRow]:
    """Return how often each field of a JSON task is right."""
    return _rows(facts, [name for name in _names_of_shares(facts) if name.startswith("field(")])


def reading_rows(facts: RunFacts) -> list[MetricRow]:
    """Return how often JSON had to be freed from what, and why there was none, where either happened at all."""
    rows = _rows(facts, [n for n in _names_of_shares(facts) if n.startswith(("repaired(", "unreadable("))])
    return [row for row in rows if any(cell and cell.value for cell in row.cells)]


def _names_of_shares(facts: RunFacts) -> list[str]:
    return list(dict.fromkeys(m.name for m in facts.metrics if m.stratum is None and m.unit != "s"))


def _rows(facts: RunFacts, names: Iterable[str]) -> list[MetricRow]:
    rows = []
    for name in names:
        cells = tuple(metric_of(facts, name, variant) for variant in variants_of(facts))
        first = next(cell for cell in cells if cell is not None)
        rows.append(MetricRow(name, first.unit, first.better, cells))
    return rows


def footnotes(rows: Iterable[Metric | Difference | None]) -> list[str]:
    """Return what is remarked on numbers that are there, each remark once."""
    known = [row for row in rows if row is not None and row.value is not None]
    return list(dict.fromkeys(note for row in known for note in notes_of(row)))


def notes_of(row: Metric | Difference | None) -> tuple[str, ...]:
    """Return what is remarked on one number."""
    if isinstance(row, Metric):
        return (row.note,) if row.note else ()
    return row.notes if row is not None else ()


def primary_differences(facts: RunFacts) -> list[Difference]:
    """Return the comparisons that the decision rests on, those with the floor last."""
    return [d for d in facts.differences if d.metric == facts.primary and d.stratum is None]


def variant_differences(facts: RunFacts) -> list[Difference]:
    """Return those of the decision's comparisons that are between two variants."""
    return [d for d in primary_differences(facts) if d.other not in TRIVIAL]


def other_differences(facts: RunFacts) -> list[Difference]:
    """Return the comparisons that are for looking only: other metrics, and single strata."""
    rows = [d for d in facts.differences if d.metric != facts.primary or d.stratum is not None]
    return [d for d in rows if d.other not in TRIVIAL]


def trivial_metrics(facts: RunFacts) -> list[Metric]:
    """Return what the trivial rivals score over all samples, the best first; empty in a run without them."""
    found = [m for m in facts.metrics if m.variant in TRIVIAL and m.name == facts.primary and m.stratum is None]
    known = [m for m in found if m.value is not None]
    return sorted(known, key=lambda m: -(m.value or 0.0) if m.better == "higher" else (m.value or 0.0))


def floor_of(facts: RunFacts, stratum: str | None = None) -> Metric | None:
    """Return what the best trivial rival scores over all samples or on one stratum, None in a run without one."""
    best = next(iter(trivial_metrics(facts)), None)
    return metric_of(facts, facts.primary, best.variant, stratum) if best else None


def only_test(facts: RunFacts) -> str | None:
    """Return the test behind every comparison that the decision rests on, None if there are several or none."""
    tests = {row.test for row in primary_differences(facts)}
    return tests.pop() if len(tests) == 1 else None


def strata_of(samples: Iterable[Sample]) -> tuple[str, ...]:
    """Return the strata that occur, in the glossary's order."""
    present = {sample.stratum for sample in samples}
    return tuple(name for name in get_args(Stratum) if name in present)


def stratum_rows(facts: RunFacts) -> list[StratumRow]:
    """Return the primary metric of each stratum and variant."""
    return [
        StratumRow(
            stratum,
            sum(sample.stratum == stratum for sample in facts.samples),
            tuple(metric_of(facts, facts.primary, variant, stratum) for variant in variants_of(facts)),
            floor_of(facts, stratum),
        )
        for stratum in strata_of(facts.samples)
    ]


def latency_rows(facts: RunFacts) -> list[LatencyRow]:
    """Return how long each variant takes; empty where there was no latency pass."""
    timed = [p for p in facts.predictions if p.purpose == "latency"]
    names = {p.variant for p in timed} | {m.variant for m in facts.metrics if m.name.startswith(_LATENCY)}
    return [_latency_row(facts, v, [p for p in timed if p.variant == v]) for v in variants_of(facts) if v in names]


def _latency_row(facts: RunFacts, variant: str, predictions: Sequence[Prediction]) -> LatencyRow:
    times = [p.times for p in predictions if p.times is not None]
    total_s = sum(t.total_s for t in times)
    retrieves = any(p.hits or p.dropped_hits for p in facts.predictions if p.variant == variant)
    return LatencyRow(
        variant=variant,
        requests=len(times),
        failed=len(predictions) - len(times),
        p50=metric_of(facts, f"{_LATENCY}.p50", variant),
        p95=metric_of(facts, f"{_LATENCY}.p95", variant),
        first_token=metric_of(facts, "first_token_s.p50", variant),
        retrieval=metric_of(facts, "retrieval_s.p50", variant) if retrieves else None,
        retrieval_share=sum(t.retrieval_s for t in times) / total_s if retrieves and total_s > 0 else None,
    )


def latencies(facts: RunFacts) -> dict[str, list[float]]:
    """Return the seconds of each timed request per variant, shortest first."""
    seconds: dict[str, list[float]] = {variant: [] for variant in variants_of(facts)}
    for prediction in facts.predictions:
        if prediction.purpose == "latency" and prediction.times is not None:
            seconds[prediction.variant].append(prediction.times.total_s)
    return {variant: sorted(values) for variant, values in seconds.items() if values}


def cost_places(facts: RunFacts) -> list[Place]:
    """Return the variants whose cost over the months and quality are both known."""
    costs = {cost.variant: cost.months_usd for cost in facts.costs if cost.months_usd is not None}
    return [
        Place(variant, costs[variant], costs[variant], costs[variant], "USD", quality)
        for variant, quality in _known_quality(facts).items()
        if variant in costs
    ]


def time_places(facts: RunFacts) -> list[Place]:
    """Return the variants whose median time and quality are both known."""
    places = []
    for variant, quality in _known_quality(facts).items():
        median = metric_of(facts, f"{_LATENCY}.p50", variant)
        if median is not None and median.value is not None:
            low = median.value if median.low is None else median.low
            high = median.value if median.high is None else median.high
            places.append(Place(variant, median.value, low, high, "s", quality))
    return places


def _known_quality(facts: RunFacts) -> dict[str, Metric]:
    metrics = {variant: metric_of(facts, facts.primary, variant) for variant in variants_of(facts)}
    return {variant: metric for variant, metric in metrics.items() if metric is not None and metric.value is not None}


def cost_notes(costs: Sequence[VariantCost]) -> list[tuple[list[str], str]]:
    """Return (variants, note): each remark once, with whom it concerns."""
    concerned: dict[str, list[str]] = defaultdict(list)
    for cost in costs:
        for note in (*([_UPPER_BOUND] if cost.is_upper_bound else []), *cost.notes):
            concerned[note].append(cost.variant)
    return [(variants, note) for note, variants in concerned.items()]


def unscored_causes(facts: RunFacts) -> list[tuple[str, str, int]]:
    """Return (variant, cause, count) of what the primary metric could not score, most first."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for score in facts.scores:
        if score.scorer == facts.primary and score.value is None and score.variant not in TRIVIAL:
            counts[score.variant, score.cause or "no cause given"] += 1
    return sorted(((v, cause, n) for (v, cause), n in counts.items()), key=lambda row: (-row[2], row[0], row[1]))


def hashes(facts: RunFacts) -> list[tuple[str, str]]:
    """Return (what, sha256) of everything that the run was made of."""
    named = [(name, facts.part(name).get("sha256")) for name in ("corpus", "evalset", "examples")]
    named += [
        ("model", facts.part("engine").get("model_sha256")),
        ("inputs together", facts.manifest.get("inputs_sha256")),
    ]
    named += facts.part("hashes").items()
    return [(name, str(value)) for name, value in named if value]


def machine(facts: RunFacts) -> list[tuple[str, str]]:
    """Return (what, value) of what the run was made on."""
    found = {**facts.part("machine"), **facts.part("engine")}
    return [(name.replace("_", " "), str(value)) for name, value in found.items() if value not in (None, "", {}, [])]


def training_seeds(facts: RunFacts) -> list[int]:
    """Return the seeds of the adapters, each once."""
    return list(dict.fromkeys(record.seed for record in facts.trainings))
