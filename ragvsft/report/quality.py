"""How good the answers are: the metrics, the strata, the comparisons and the floor, as the report has them in rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ragvsft.evidence.run import Evidence
from ragvsft.findings import Difference, Metric
from ragvsft.names import TRIVIAL
from ragvsft.records import Better
from ragvsft.report.view import candidates_of, controls_of, primary_of, strata_of, variants_of
from ragvsft.scoring.measures import detail_of, is_of_requests
from ragvsft.scoring.metrics import metric_of

MANY = 15  # comparisons; of more, those with the leader come first


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric of all variants; None where it does not apply to the variant."""

    name: str
    unit: str
    better: Better
    cells: tuple[Metric | None, ...]


@dataclass(frozen=True, slots=True)
class StratumRow:
    """The primary metric of all variants on one stratum."""

    stratum: str
    samples: int
    cells: tuple[Metric | None, ...]
    floor: Metric | None = None  # of the best trivial rival


@dataclass(frozen=True, slots=True)
class Comparisons:
    """The paired differences by what they are for."""

    decisive: tuple[Difference, ...]  # between candidates, and with the floor: the verdict rests on them
    leader: str | None  # the recommended candidate, else the best one; None where none has a score
    explaining: tuple[Difference, ...]  # on the primary metric, with a control on either side
    further: tuple[Difference, ...]  # other metrics and single strata, for looking only

    @property
    def candidates(self) -> tuple[Difference, ...]:
        """Those of the decisive ones that are between two variants."""
        return tuple(row for row in self.decisive if row.other not in TRIVIAL)

    @property
    def shown(self) -> tuple[Difference, ...]:
        """The decisive ones to look at first: all, or of many those with the leader or the floor."""
        if len(self.decisive) <= MANY:
            return self.decisive
        return tuple(row for row in self.decisive if self.leader in (row.variant, row.other) or row.other in TRIVIAL)

    @property
    def folded(self) -> tuple[Difference, ...]:
        """The other decisive ones."""
        return tuple(row for row in self.decisive if row not in self.shown)

    @property
    def drawn(self) -> tuple[Difference, ...]:
        """Those of the first ones that are between two variants."""
        return tuple(row for row in self.shown if row.other not in TRIVIAL)

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests behind the decisive ones, each once."""
        return tuple(dict.fromkeys(row.test for row in self.decisive))


@dataclass(frozen=True, slots=True)
class Unscored:
    """How often the primary metric could not score a variant's answer for one cause."""

    variant: str
    cause: str
    count: int


@dataclass(frozen=True, slots=True)
class Quality:
    """Everything that the section on quality shows."""

    rows: tuple[MetricRow, ...]  # the primary metric first; without times and details
    fields: tuple[MetricRow, ...]  # of a JSON task: how often each field is right
    reading: tuple[MetricRow, ...]  # how often JSON had to be freed from what, and why there was none
    comparisons: Comparisons
    trivial: tuple[Metric, ...]  # the best first; the first is the floor
    unscored: tuple[Unscored, ...]  # most first
    answered_by_all: bool  # every variant answered every sample


def quality_of(evidence: Evidence) -> Quality:
    """Return how good the answers of all variants are."""
    parts = {name: detail_of(name) for name in _names(evidence)}
    whole = sorted((name for name, of in parts.items() if of is None), key=lambda name: name != evidence.primary)
    reading = _rows(evidence, [name for name, of in parts.items() if of in ("json_repaired", "json_valid")])
    return Quality(
        rows=_rows(evidence, whole),
        fields=_rows(evidence, [name for name, of in parts.items() if of == "field_f1"]),
        reading=tuple(row for row in reading if any(cell and cell.value for cell in row.cells)),
        comparisons=_comparisons(evidence),
        trivial=_trivial_metrics(evidence),
        unscored=_unscored(evidence),
        answered_by_all=_is_answered_by_all(evidence),
    )


def strata_rows(evidence: Evidence) -> tuple[StratumRow, ...]:
    """Return the primary metric of each stratum and variant."""
    sizes = Counter(str(sample.stratum) for sample in evidence.samples)
    return tuple(
        StratumRow(
            stratum,
            sizes[stratum],
            tuple(primary_of(evidence, variant, stratum) for variant in variants_of(evidence)),
            floor_of(evidence, stratum),
        )
        for stratum in strata_of(evidence.samples)
    )


def floor_of(evidence: Evidence, stratum: str | None = None) -> Metric | None:
    """Return what the best trivial rival scores over all samples or on one stratum, None in a run without one."""
    best = next(iter(_trivial_metrics(evidence)), None)
    return primary_of(evidence, best.variant, stratum) if best else None


def _names(evidence: Evidence) -> list[str]:
    """Return what has a value per sample: what each timed request took stands in the section on latency."""
    return list(dict.fromkeys(m.name for m in evidence.metrics if m.stratum is None and not is_of_requests(m.name)))


def _rows(evidence: Evidence, names: Iterable[str]) -> tuple[MetricRow, ...]:
    rows = []
    for name in names:
        cells = tuple(metric_of(evidence.metrics, name, variant) for variant in variants_of(evidence))
        first = next(cell for cell in cells if cell is not None)
        rows.append(MetricRow(name, first.unit, first.better, cells))
    return tuple(rows)


def _comparisons(evidence: Evidence) -> Comparisons:
    controls = controls_of(evidence)
    primary = [row for row in evidence.differences if row.metric == evidence.primary and row.stratum is None]
    explaining = [row for row in primary if {row.variant, row.other} & controls]
    further = [row for row in evidence.differences if row not in primary and row.other not in TRIVIAL]
    decisive = [row for row in primary if row not in explaining]
    return Comparisons(tuple(decisive), _leader(evidence), tuple(explaining), tuple(further))


def _leader(evidence: Evidence) -> str | None:
    if evidence.decision and evidence.decision.variant:
        return evidence.decision.variant
    found = [primary_of(evidence, variant) for variant in candidates_of(evidence)]
    return next((metric.variant for metric in _best_first(found)), None)


def _best_first(metrics: Iterable[Metric | None]) -> list[Metric]:
    known = [m for m in metrics if m is not None and m.value is not None]
    return sorted(known, key=lambda m: -(m.value or 0.0) if m.better == "higher" else (m.value or 0.0))


def _trivial_metrics(evidence: Evidence) -> tuple[Metric, ...]:
    """Return what the trivial rivals score over all samples, the best first; empty in a run without them."""
    found = [m for m in evidence.metrics if m.variant in TRIVIAL and m.name == evidence.primary and m.stratum is None]
    return tuple(_best_first(found))


def _unscored(evidence: Evidence) -> tuple[Unscored, ...]:
    counts = Counter(
        (score.variant, score.cause or "no cause given")
        for score in evidence.scores
        if score.scorer == evidence.primary and score.value is None and score.variant not in TRIVIAL
    )
    rows = [Unscored(variant, cause, count) for (variant, cause), count in counts.items()]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.variant, row.cause)))


def _is_answered_by_all(evidence: Evidence) -> bool:
    wanted = {sample.sample_id for sample in evidence.samples}
    asked: dict[str, set[str]] = {variant: set() for variant in variants_of(evidence)}
    for prediction in evidence.predictions:
        if prediction.purpose == "quality":
            asked[prediction.variant].add(prediction.sample_id)
    return all(wanted <= samples for samples in asked.values())
