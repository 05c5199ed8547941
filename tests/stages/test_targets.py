"""Whether targets are what answers can be held against, and what a new kind of task takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ragvsft.cli import main as cli
from ragvsft.errors import EvalsetError
from ragvsft.stages.targets import check_targets
from ragvsft.tasks import TASKS, Task
from tests.make import a_config, a_sample
from tests.stages.labels import LABEL

SCHEMA = {"type": "object", "properties": {"v": {"enum": ["Bolt", "Nut"]}}, "required": ["v"]}


def asked(kind: str, task: Task | None, *targets: str | None) -> list[str]:
    """Return the notes on samples s1, s2, ... with a target each, or without one, in a task of this kind."""
    made = [
        a_sample(f"s{number}", targets=() if target is None else (target,)) for number, target in enumerate(targets, 1)
    ]
    needs = {"kind": kind, "schema_file": "s.json" if kind == "json" else None}
    return check_targets(a_config("prompt", evalset="q.jsonl", task=needs), task, made)


def test_targets_of_answers_are_any_text() -> None:
    """Or none: a refusal is right then."""
    assert asked("answer", Task("answer", "Go."), "{", None) == []


def test_where_a_refusal_is_never_right_every_sample_has_a_target() -> None:
    """And each problem is one line, also where the schema could not be read."""
    with pytest.raises(EvalsetError) as caught:
        asked("json", None, '{"v": "Nut"}', None, "Nut")
    assert caught.value.problems == (
        "q.jsonl: sample 's2': no target; with task.kind: json a refusal is never right, so give one or leave this out",
        "q.jsonl: sample 's3': no target is a JSON object with each key once; task.kind: json needs one",
    )


def test_targets_that_do_not_fit_the_schema_are_noted() -> None:
    """Three of them by name."""
    task = Task("json", "Go.", SCHEMA)
    off = [json.dumps({"v": name}) for name in ("a", "b", "Nut", "c", "d")]
    assert asked("json", task, *off) == [
        "For 4 of 5 samples no target fits s.json ('s1', 's2', 's4', ...), so an answer equal to the target does not"
        " count as a schema match."
    ]
    assert asked("json", task, off[2]) == []


def test_a_new_kind_of_task_is_one_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With it a run goes from config to report: prompts, checks, scorers, rivals and the verdict read the row."""
    monkeypatch.setitem(TASKS, "label", LABEL)
    rows = [
        {"sample_id": word, "question": word, "targets": [word], "stratum": "behaviour"} for word in ("pay", "stop")
    ]
    (tmp_path / "q.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "e.jsonl").write_text('{"example_id": "e", "question": "money", "answer": "pay"}\n')
    config = tmp_path / "ragvsft.yaml"
    config.write_text(
        "evalset: q.jsonl\nexamples: e.jsonl\nvariants: [prompt]\ntask: {kind: label}\n"
        "engine: {kind: scripted}\nlatency: {requests: 2, warmup: 0}\n"
    )
    done = CliRunner().invoke(cli.main, ["run", "-q", "-c", str(config)])
    assert done.exit_code == 0, done.output
    [run] = (tmp_path / "reports").iterdir()
    manifest, decision = (json.loads((run / f"{name}.json").read_text()) for name in ("manifest", "decision"))
    assert manifest["task"]["kind"] == "label"
    assert "The longest label is stop." in manifest["notes"]
    assert "best constant" in decision["headline"]
    means = {(row["name"], row["variant"]): row["value"] for row in json.loads((run / "metrics.json").read_text())}
    assert means["exact_match", "best-constant"] == 0.5  # "pay", of two
    assert ("exact_match", "always-refuse") not in means
    (tmp_path / "q.jsonl").write_text('{"sample_id": "s", "question": "?", "targets": ["a\\nb"]}\n')
    done = CliRunner().invoke(cli.main, ["run", "-q", "-c", str(config)])
    assert done.exit_code == 2
    assert "q.jsonl: sample 's': a label is one line" in done.stderr
