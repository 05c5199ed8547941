"""What the terminal says: a run in one screen, the list of runs, the state of a machine, an estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ragvsft.characters import clean
from ragvsft.codec import to_plain
from ragvsft.data.corpus import said
from ragvsft.evidence.run import Evidence, StageTime
from ragvsft.findings import Metric
from ragvsft.report.builds import built_of
from ragvsft.report.quality import floor_of
from ragvsft.report.spending import glances
from ragvsft.report.view import controls_of
from ragvsft.store.runs import RunFolder, list_runs
from ragvsft.text import count, duration, measured, plural, quantity, whole_share

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from ragvsft.doctor.machine import Finding
    from ragvsft.doctor.model import Mark, ModelFacts
    from ragvsft.stages.estimate import Estimate

_HARNESS = "of it no model, encoder or index"


@dataclass(frozen=True, slots=True)
class Screen:
    """Something that prints as text, or as one JSON document."""

    data: Any
    parts: tuple[RenderableType, ...]  # top to bottom; a line of text is not markup

    def show(self) -> None:
        """Print to stdout."""
        from rich.console import Console

        console = Console(highlight=False)
        for part in self.parts:
            if isinstance(part, str):
                console.print(clean(part), markup=False)
            else:
                console.print(part)


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
    table = _table(
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


def summarise_runs(output: Path) -> Screen:
    """Return the runs below a folder, oldest first."""
    from rich.markup import escape

    runs = list_runs(output)
    table = _table(("run", "left"), ("status", "left"))
    for run in runs:
        table.add_row(escape(clean(run.path.name)), run.status)
    return Screen(
        [{"path": str(run.path), "name": run.name, "started": run.stamp, "status": run.status} for run in runs],
        (table,) if runs else (f"{output} holds no run yet; start one with: ragvsft run",),
    )


def summarise_machine(findings: Sequence[Finding]) -> Screen:
    """Return what this machine can do."""
    from rich.markup import escape

    table = _table(("", "left"), ("", "left"), ("", "left"))
    table.show_header = False
    for finding in findings:
        table.add_row(finding.topic, finding.state, escape(clean(finding.detail)))
    return Screen([to_plain(finding) for finding in findings], (table,))


def summarise_model(facts: ModelFacts) -> Screen:
    """Return what a run would make of a model."""
    from rich.markup import escape

    read_as = "the same" if facts.read_as == facts.prompt else repr(facts.read_as)
    texts = [repr(facts.end_text)] if facts.end_text else []
    trainable = quantity(facts.trainable_parameters / facts.total_parameters, "share")
    rows = [
        ("model", f"{facts.name}, {facts.kind} (sha256 {facts.sha256[:12]})"),
        ("device", f"{facts.device}, {facts.dtype}"),
        ("context", f"{count(facts.context)} tokens ({facts.context_from})" if facts.context else "nothing limits it"),
        ("prompt", repr(facts.prompt)),
        ("read as", f"{read_as} ({facts.prompt_tokens} tokens)"),
        ("prompt begins", _mark_list(facts.begins)),
        ("prompt ends", _mark_list(facts.ends)),
        ("trained answer", repr(facts.answer)),
        ("answer ends at", " or ".join([_mark_list(facts.end_marks), *texts])),
        ("thinking", facts.thinking),
        ("lora tunes", "; ".join(_layers(facts.tuned))),
        ("lora trains", f"{count(facts.trainable_parameters)} weights, {trainable} of {count(facts.total_parameters)}"),
        ("lora reaches", f"{whole_share(facts.reached_share)} of the weights that are not embeddings"),
        *(("note", note) for note in facts.notes),
    ]
    table = _table(("what", "left"), ("of this model", "left"))
    for topic, detail in rows:
        table.add_row(topic, escape(clean(detail)))
    return Screen(to_plain(facts), (table,))


def _layers(tuned: Sequence[tuple[str, int]]) -> list[str]:
    """Return the tuned layers by the block that they are part of: "block: q_proj, v_proj (2 of each)"."""
    names: dict[tuple[str, int], list[str]] = {}
    for layer, number in tuned:
        block, _, name = layer.rpartition(".")
        names.setdefault((block, number), []).append(name)
    return [f"{block or 'model'}: {', '.join(inside)} ({n} of each)" for (block, n), inside in names.items()]


def _mark_list(marks: Sequence[Mark]) -> str:
    return ", ".join(f"{mark.text} ({mark.id})" for mark in marks) or "no special token"


def summarise_estimate(estimate: Estimate) -> Screen:
    """Return what a run would take."""
    table = _table(("stage", "left"), ("requests", "right"), ("tokens", "right"), ("time", "right"))
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
    table = _table(("stage", "left"), ("time", "right"), ("share", "right"))
    for stage in stages:
        table.add_row(stage.title, duration(stage.seconds), whole_share(stage.seconds / total))
    table.add_row("all", duration(total), "", end_section=True)
    harness = sum(stage.seconds - stage.model_s for stage in stages)
    table.add_row(_HARNESS, duration(harness), quantity(harness / total, "share"), style="dim")
    return table


def _table(*columns: tuple[str, Literal["left", "right"]]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name, justify in columns:
        table.add_column(escape(name), justify=justify, overflow="fold")
    return table
