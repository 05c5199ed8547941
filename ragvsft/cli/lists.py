"""What the terminal says of what is there: the runs, what was built, the machine, a model. Quick to import."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ragvsft.building import BuildRecord, Builds, IndexRecord
from ragvsft.characters import clean
from ragvsft.cli.screen import Screen, table_of
from ragvsft.codec import to_plain
from ragvsft.store.runs import list_runs
from ragvsft.text import count, plural, quantity, whole_share

if TYPE_CHECKING:
    from ragvsft.doctor.machine import Finding
    from ragvsft.doctor.model import Mark, ModelFacts


def summarise_runs(output: Path) -> Screen:
    """Return the runs below a folder, oldest first."""
    from rich.markup import escape

    runs = list_runs(output)
    table = table_of(("run", "left"), ("status", "left"))
    for run in runs:
        table.add_row(escape(clean(run.path.name)), run.status)
    return Screen(
        [{"path": str(run.path), "name": run.name, "started": run.stamp, "status": run.status} for run in runs],
        (table,) if runs else (f"{output} holds no run yet; start one with: ragvsft run",),
    )


def summarise_builds(builds: Builds | None, run: Path) -> Screen:
    """Return what was built for a run, and which variants use it."""
    built = builds or Builds({}, ())
    table = table_of(("built", "left"), ("of", "left"), ("used by", "left"))
    for key, record in built.records.items():
        users = dict.fromkeys(leg.variant for leg in built.legs if key in leg.artifacts)
        table.add_row(*_built(record), ", ".join(users))
    parts = (table,) if built.records else ("nothing had to be built",)
    return Screen({"run": str(run), **to_plain(built)}, (*parts, f"run: {run}", f"next: ragvsft answer {run}"))


def _built(record: BuildRecord) -> tuple[str, str]:
    """Return what an artifact is, and what it was made of."""
    if isinstance(record, IndexRecord):
        return "index", f"{plural(record.passages, 'passage')} of {plural(record.documents, 'document')}"
    epochs = f"{plural(record.examples, 'example')}, {plural(len(record.curve), 'epoch')}"
    return f"adapter, seed {record.seed}", epochs


def summarise_machine(findings: Sequence[Finding]) -> Screen:
    """Return what this machine can do."""
    from rich.markup import escape

    table = table_of(("", "left"), ("", "left"), ("", "left"))
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
    table = table_of(("what", "left"), ("of this model", "left"))
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
