"""What the terminal says of a run: all of it in one screen, or an estimate of what it would take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ragvsft.cli.screen import Screen, table_of
from ragvsft.codec import to_plain
from ragvsft.data.corpus import said
from ragvsft.evidence.run import Evidence, StageTime
from ragvsft.findings import Metric
from ragvsft.report.builds import built_of
from ragvsft.report.quality import floor_of
from ragvsft.report.spending import glances
from ragvsft.report.view import controls_of
from ragvsft.store.runs import RunFolder
from ragvsft.text import count, duration, measured, plural, quantity, whole_share

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from ragvsft.stages.estimate import Estimate

_HARNESS = "of it no model, encoder or index"


def summarise_run(evidence: Evidence, folder: RunFolder) -> Screen:
    """Return a scored run in one screen: variants, decision, where the time went, where the report is."""
    corpus = to_plain(evidence.manifest.corpus) or {}
    report = str(folder.file("report")) if folder.has("report") else None
    data = {
        "run": str(folder.path),
        "report": report,
        "decision": to_plain(evidence.decision),
        "corpus": {name: corpus.get(name) for name in ("left_out", "dropped", "notes")},
        "metrics": to_plain([m for m in evidence.metrics if m.stratum is None]),
        "costs": to_plain(list(evidence.costs)),
        "seconds": {stage.title: stage.seconds for stage in evidence.stages},
    }
    parts: tuple[RenderableType, ...] = (
        _variant_table(evidence),
        *_decided(evidence),
        "",
        _stage_table(evidence.stages),
        *said(evidence.manifest.corpus.account if evidence.manifest.corpus else None),
        f"report: {report or 'not written yet: ragvsft report'}",
    )
    return Screen(data, parts)


def _variant_table(evidence: Evidence) -> Table:
    months = f"{evidence.config.cost.months} months"
    table = table_of(
        ("variant", "left"), (f"{evidence.primary} [interval]", "left"), ("p50 [interval]", "left"), (months, "right")
    )
    controls = controls_of(evidence)
    for row in glances(evidence):
        is_control = row.variant in controls
        table.add_row(
            f"{row.variant} (control)" if is_control else row.variant,
            _shown(row.quality),
            _shown(row.latency),
            quantity(row.cost.months_usd if row.cost else None, "USD"),
            style="dim" if is_control else None,
        )
    floor = floor_of(evidence)
    if floor is not None:
        table.add_row("floor", _shown(floor), "", "", style="dim")
    return table


def _decided(evidence: Evidence) -> list[str]:
    """Return the decision in lines, then what to know of the adapters."""
    decision = evidence.decision
    lines = [f"\n{decision.headline}", *[f"  - {reason}" for reason in decision.reasons]] if decision else []
    lines += [f"Note: {adapter.remark}" for adapter in built_of(evidence).adapters if adapter.remark]
    if decision and decision.stamps:
        lines.append(f"Not for decisions: {'; '.join(decision.stamps)}")
    return lines


def summarise_estimate(estimate: Estimate) -> Screen:
    """Return what a run would take."""
    table = table_of(("stage", "left"), ("requests", "right"), ("tokens", "right"), ("time", "right"))
    for stage, seconds in estimate.seconds.items():
        requests = estimate.requests.get(stage)
        table.add_row(stage, count(requests) if requests else "", count(estimate.tokens.get(stage)), duration(seconds))
    documents = plural(estimate.documents, "document") if estimate.documents else "no corpus"
    examples = plural(estimate.examples, "training example")
    if estimate.examples_left_out:
        examples += f" ({estimate.examples_left_out:,} more left out: a sample asks the same)"
    counts = f"{documents}, {plural(estimate.samples, 'sample')}, {examples}".replace("\N{NO-BREAK SPACE}", " ")
    total = f"about {duration(sum(estimate.seconds.values()))} on {estimate.device}, {quantity(estimate.usd, 'USD')}"
    notes = [f"note: {remark}" for remark in estimate.remarks]
    return Screen(
        to_plain(estimate),
        (
            counts,
            *said(estimate.corpus, stored=False),
            *notes,
            table,
            f"{total} (from a short probe; encoding the corpus not counted)",
        ),
    )


def _shown(metric: Metric | None) -> str:
    return "not measured" if metric is None else measured(metric.value, metric.low, metric.high, metric.unit)


def _stage_table(stages: Sequence[StageTime]) -> Table:
    total = sum(stage.seconds for stage in stages) or 1.0
    table = table_of(("stage", "left"), ("time", "right"), ("share", "right"))
    for stage in stages:
        table.add_row(stage.title, duration(stage.seconds), whole_share(stage.seconds / total))
    table.add_row("all", duration(total), "", end_section=True)
    harness = sum(stage.seconds - stage.model_s for stage in stages)
    table.add_row(_HARNESS, duration(harness), quantity(harness / total, "share"), style="dim")
    return table
