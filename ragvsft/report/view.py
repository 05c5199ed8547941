"""What several parts of the report ask of a run: its variants, its strata, one metric, and what is remarked on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from ragvsft.evidence.run import Evidence
from ragvsft.findings import Difference, Metric
from ragvsft.names import TRIVIAL
from ragvsft.records import Sample, Stratum
from ragvsft.scoring.metrics import metric_of

SMALL_N = 20  # fewer samples than this are flagged: such an interval is wide and its ends are rough


def variants_of(evidence: Evidence) -> tuple[str, ...]:
    """Return the variants in the order of the config, the controls last; those that only the results know at the end.

    A variant that left nothing is left out, unless none left anything.
    """
    answered = [*(m.variant for m in evidence.metrics), *(p.variant for p in evidence.predictions)]
    ours = [*evidence.config.candidates, *evidence.config.names, *answered]
    present = set(answered) - TRIVIAL.keys()
    return tuple(name for name in dict.fromkeys(ours) if name in present) or tuple(evidence.config.names)


def controls_of(evidence: Evidence) -> frozenset[str]:
    """Return the variants that only explain why."""
    return frozenset(evidence.config.names) - frozenset(evidence.config.candidates)


def candidates_of(evidence: Evidence) -> tuple[str, ...]:
    """Return the variants that compete, in the order of the config."""
    controls = controls_of(evidence)
    return tuple(variant for variant in variants_of(evidence) if variant not in controls)


def stamps_of(evidence: Evidence) -> list[str]:
    """Return why this run is not for decisions, each reason once."""
    decided = evidence.decision.stamps if evidence.decision else ()
    return list(dict.fromkeys([*decided, *evidence.manifest.stamps]))


def primary_of(evidence: Evidence, variant: str, stratum: str | None = None) -> Metric | None:
    """Return what a variant has of the metric that the decision rests on."""
    return metric_of(evidence.metrics, evidence.primary, variant, stratum)


def median_time(evidence: Evidence, variant: str) -> Metric | None:
    """Return the time within which half of a variant's requests were answered."""
    return metric_of(evidence.metrics, "latency_s", variant, aggregate="p50")


def strata_of(samples: Iterable[Sample]) -> tuple[str, ...]:
    """Return the strata that occur, in the glossary's order."""
    present = {sample.stratum for sample in samples}
    return tuple(name for name in get_args(Stratum) if name in present)


def footnotes(rows: Iterable[Metric | Difference | None]) -> list[str]:
    """Return what is remarked on numbers that are there, each remark once."""
    shown = (row for row in rows if row is not None and row.value is not None)
    return list(dict.fromkeys(note for row in shown for note in row.notes))
