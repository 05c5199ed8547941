"""Inputs of the kinds that people reported, run whole: each must give what its row in the folder's README says.

The folder lies beside the checkout where the project is accepted; without it these tests skip. Other members of each
kind, invented for the purpose, are tested beside the code that reads or scores them.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ragvsft import cli
from ragvsft.store import list_runs

CASES = Path(__file__).parents[2] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside the checkout")


def _copy(case: str, folder: Path) -> Path:
    place = folder / case
    shutil.copytree(CASES / case, place)
    for path in place.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    place.chmod(0o755)
    return place


def _ragvsft(*words: str) -> Result:
    return CliRunner().invoke(cli.main, list(words))


def _run(place: Path) -> Path:
    """Run a case's config and return its run folder."""
    result = _ragvsft("run", "-c", str(place / "ragvsft.yaml"))
    assert result.exit_code == 0, result.output
    [run] = list_runs(place / "out")
    return run.path


def _scored(case: str, folder: Path) -> dict[tuple[str, str], float]:
    """Run a case, put its answers in place of the scripted ones, score again; return means by (metric, variant)."""
    place = _copy(case, folder)
    run = _run(place)
    answers: dict[str, Any] = json.loads((place / "answers.json").read_text())
    journal = run / "predictions.jsonl"
    rows = [json.loads(line) for line in journal.read_text().splitlines()]
    for row in rows:
        said = answers[row["sample_id"]]
        row["outcome"]["text"] = said[row["variant"]] if isinstance(said, dict) else said
    journal.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    result = _ragvsft("score", str(run))
    assert result.exit_code == 0, result.output
    metrics = json.loads((run / "metrics.json").read_text())
    return {(m["name"], m["variant"]): m["value"] for m in metrics if m["stratum"] is None}
