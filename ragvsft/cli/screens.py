"""What the terminal says: a run in one screen, the list of runs, the state of a machine, an estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragvsft.characters import clean
from ragvsft.codec import from_dict, to_plain
from ragvsft.config.recorded import recalled
from ragvsft.data.corpus import said
from ragvsft.records import Decision, Metric, TrainingRecord, VariantCost
from ragvsft.scoring.floor import best_rival
from ragvsft.stages.workflow import StageTime, cost_sheet, stage_times
from ragvsft.store.runs import RunFolder, list_runs
from ragvsft.text import count, duration, measured, plural, quantity, whole_share

if TYPE_CHECKING:
    from rich.table import Table

    from ragvsft.doctor.machine import Finding
    from ragvsft.doctor.model import Mark, ModelFacts
    from ragvsft.stages.estimate import Estimate

_HARNESS = "of it no model, encoder or index"


@dataclass(frozen=True, slots=True)
class Screen:
    """Something that prints as text, or as one JSON document."""

    data: Any
    parts: tuple[Any, ...]  # rich renderables and lines, top to bottom

    def show(self) -> None:
        """Print to stdout."""
        from rich.console import Console

        console = Console(highlight=False)
        for part in self.parts:
            if isinstance(part, str):
                console.print(clean(part), markup=False)
            else:
                console.print(part)


def summarise_run(run: RunFolder) -> Screen:
    """Return a scored run in one screen: variants, decision, where the time went, where the report is."""
    manifest = run.read_json("manifest")
    metrics = [from_dict(Metric, row) for row in run.read_json("metrics")]
    costs = {cost.variant: cost for cost in cost_sheet(run).variants}
    decision = from_dict(Decision, run.read_json("decision"))
    stages = stage_times(run)
    primary = recalled(manifest["config"], run.path, place=str(run.file("manifest"))).primary
    table = _table(
        ("variant", "left"), (f"{primary} [interval]", "left"), ("p50 [interval]", "left"), (_months(costs), "right")
    )
    for name in manifest["config"]["variants"]:
        table.add_row(
            name,
            _shown(_metric(metrics, primary, name)),
            _shown(_metric(metrics, "latency_s.p50", name)),
            quantity(costs[name].months_usd, "USD"),
        )
    floor = next((m for m in metrics if m.variant == best_rival(metrics, primary) and m.name == primary), None)
    if floor is not None:
        table.add_row("floor", _shown(floor), "", "", style="dim")
    lines = [f"\n{decision.headline}", *[f"  - {reason}" for reason in decision.reasons]]
    trainings = [from_dict(TrainingRecord, row) for row in run.read_json("builds")["trainings"]]
    lines += [f"Note: {remark}" for remark in dict.fromkeys(record.remark for record in trainings) if remark]
    if decision.stamps:
        lines.append(f"Not for decisions: {'; '.join(decision.stamps)}")
    corpus = manifest["corpus"] or {}
    read = said(corpus)
    report = str(run.file("report")) if run.has("report") else "not written yet: ragvsft report"
    data = {
        "run": str(run.path),
        "report": report if run.has("report") else None,
        "decision": to_plain(decision),
        "corpus": {name: corpus.get(name) for name in ("left_out", "dropped", "notes")},
        "metrics": to_plain([m for m in metrics if m.stratum is None]),
        "costs": to_plain(list(costs.values())),
        "seconds": {stage.title: stage.seconds for stage in stages},
    }
    return Screen(data, (table, *lines, "", _stage_table(stages), *read, f"report: {report}"))


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


def _metric(metrics: Sequence[Metric], name: str, variant: str) -> Metric | None:
    return next((m for m in metrics if (m.name, m.variant, m.stratum) == (name, variant, None)), None)


def _shown(metric: Metric | None) -> str:
    return "not measured" if metric is None else measured(metric.value, metric.low, metric.high, metric.unit)


def _months(costs: dict[str, VariantCost]) -> str:
    months = {cost.months for cost in costs.values()}
    return f"{months.pop()} months" if len(months) == 1 else "cost"


def _stage_table(stages: Sequence[StageTime]) -> Table:
    total = sum(stage.seconds for stage in stages) or 1.0
    table = _table(("stage", "left"), ("time", "right"), ("share", "right"))
    for stage in stages:
        table.add_row(stage.title, duration(stage.seconds), whole_share(stage.seconds / total))
    table.add_row("all", duration(total), "", end_section=True)
    harness = sum(stage.seconds - stage.model_s for stage in stages)
    table.add_row(_HARNESS, duration(harness), quantity(harness / total, "share"), style="dim")
    return table


def _table(*columns: tuple[str, str]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name, justify in columns:
        table.add_column(escape(name), justify=justify, overflow="fold")  # type: ignore[arg-type]
    return table
