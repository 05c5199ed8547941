"""What was damaged in a run folder is one line with the file and what mends it: no traceback, no silent half."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ragvsft.errors import ArtifactError, RunError
from ragvsft.progress import Silent
from ragvsft.stages.run import Run
from ragvsft.store.runs import RunFolder
from tests.paths import ROOT

OLD = min((ROOT / "tests" / "runs").iterdir())


@pytest.fixture
def run(tmp_path) -> Path:
    """Return a copy of a run of format 1 that a test may damage."""
    return Path(shutil.copytree(OLD, tmp_path / OLD.name))


def _problem(path: Path) -> str:
    with RunFolder.open(path, locked=False) as folder, pytest.raises((ArtifactError, RunError)) as caught:
        Run(folder, Silent(), {}).evidence()
    [problem] = caught.value.problems
    return problem.removeprefix(f"{path}/")


def _of_today(path: Path) -> None:
    """Make it a run of today that was only begun."""
    for file in path.iterdir():
        if file.name not in ("manifest.json", "samples.jsonl", "trivial.jsonl"):
            file.unlink()
    manifest = json.loads((path / "manifest.json").read_text())
    manifest["task"]["kind"] = "answer"
    (path / "manifest.json").write_text(json.dumps(manifest | {"format": 2}))


def _write(name: str, text: str) -> Callable[[Path], object]:
    return lambda path: (path / name).write_text(text)


def _replace(name: str, old: str, new: str) -> Callable[[Path], object]:
    return lambda path: (path / name).write_text((path / name).read_text().replace(old, new, 1))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_write("builds.json", "[]"), "builds.json was altered; delete it, then continue with: ragvsft run --resume"),
        (_write("builds.json", '{"trainings": [{}], "index": null}'), "builds.json was altered; delete it, then"),
        (_write("cost.json", "{}"), "cost.json was altered; delete it, then continue with: ragvsft run --resume"),
        (_write("metrics.json", "{}"), "metrics.json was altered; delete it, then continue with"),
        (_write("metrics.json", "[{}]"), "metrics.json was altered; delete it, then continue with"),
        (_write("decision.json", "5"), "decision.json: Decision: 5 is not an object; it was written by another"),
        (_write("manifest.json", "[{"), "manifest.json was altered, and nothing can write it again; start a new run"),
        (_write("manifest.json", "[]"), "manifest.json: has no format: another tool wrote it, or it was altered; `rag"),
        (_write("manifest.json", '{"name": "theirs"}'), "manifest.json: has no format: another tool wrote it, or it"),
        (_write("manifest.json", '{"format": 1}'), "manifest.json was altered, and nothing can write it again"),
        (_replace("manifest.json", '"format"', '"farmat"'), "manifest.json: has no format: another tool wrote it"),
        (_replace("manifest.json", '"format": 1', '"format": 3'), "manifest.json: format is 3, and this version of"),
        (_replace("scores.jsonl", '"variant"', '"varying"'), "scores.jsonl was altered; delete the damaged line, then"),
        (_replace("stages.jsonl", '"facts"', '"fakts"'), "stages.jsonl line 1: StageRow: key 'fakts' is unknown; it"),
        (
            _replace("predictions.jsonl", '"seed"', '"sed"'),
            "predictions.jsonl line 1: Prediction: key 'sed' is unknown; it was",
        ),
        (lambda path: (path / "samples.jsonl").unlink(), "samples.jsonl was altered, and nothing can write it again"),
        (
            lambda path: (path / "samples.jsonl").write_bytes((path / "samples.jsonl").read_bytes()[:-2]),
            "samples.jsonl was altered, and nothing can write it again; start a new run",
        ),
    ],
)
def test_a_damaged_file_is_one_line_with_its_name_and_what_to_do(run, damage, said):
    """Whether the file no longer parses, or parses to something else."""
    damage(run)
    assert _problem(run).startswith(said)


def test_a_row_that_a_newer_version_wrote_names_its_file_line_and_key(run):
    """So that nobody takes it for damage."""
    path = run / "predictions.jsonl"
    rows = path.read_text().splitlines()
    rows[1] = json.dumps(json.loads(rows[1]) | {"judged_by": "x"})
    path.write_text("\n".join(rows) + "\n")
    assert _problem(run) == (
        "predictions.jsonl line 2: Prediction: key 'judged_by' is unknown; it was written by another version of ragvsft"
    )


def test_a_run_of_today_that_lost_its_floor_is_not_scored_without_one(run):
    """A run of format 1 may be from before trivial answers were written down; one of today is not."""
    (run / "trivial.jsonl").unlink()
    with RunFolder.open(run, locked=False) as folder:
        assert Run(folder, Silent(), {}).evidence().trivial == ()
    _of_today(run)
    assert _problem(run).startswith("trivial.jsonl was altered, and nothing can write it again")
