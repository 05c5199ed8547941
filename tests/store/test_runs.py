"""A run folder has one user, and its files the same bytes for the same values."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ragvsft.errors import ArtifactError, RunError
from ragvsft.records import Hit
from ragvsft.store.runs import RunFolder, list_runs, newest_run


def test_the_folder_is_called_after_stamp_name_and_fingerprint(tmp_path: Path) -> None:
    """Folders sort by time, and a name may hold underscores."""
    for stamp in ("20260102T000000Z", "20260101T000000Z"):
        with RunFolder.create(tmp_path / "reports", "my_run", stamp, "12345678") as run:
            run.write_json("manifest", {})
    found = list_runs(tmp_path / "reports")
    assert [(run.stamp, run.name, run.fingerprint8) for run in found] == [
        ("20260101T000000Z", "my_run", "12345678"),
        ("20260102T000000Z", "my_run", "12345678"),
    ]
    assert newest_run(tmp_path / "reports") == tmp_path / "reports" / "20260102T000000Z_my_run_12345678"


def test_no_runs_is_said_with_the_command_that_makes_one(tmp_path: Path) -> None:
    """An output folder that does not exist yet holds no run."""
    assert list_runs(tmp_path / "none") == []
    with pytest.raises(RunError, match=r"there is no run in .*; start one with: ragvsft run"):
        newest_run(tmp_path / "none")


def test_a_second_user_is_refused(tmp_path: Path) -> None:
    """The folder is named; reading needs no lock; closing frees it."""
    with RunFolder.create(tmp_path, "demo", "S", "f") as run:
        run.write_json("manifest", {"a": 1})
        with pytest.raises(RunError, match=f"{run.path} is in use by another run"):
            RunFolder.open(run.path)
        assert RunFolder.open(run.path, locked=False).read_json("manifest") == {"a": 1}
    RunFolder.open(run.path).close()


def test_a_lock_dies_with_its_process(tmp_path: Path) -> None:
    """After kill -9 the folder opens, and the half-written file that the process left is gone."""
    program = (
        "import sys, time, pathlib\n"
        "from ragvsft.store.runs import RunFolder\n"
        "run = RunFolder.create(pathlib.Path(sys.argv[1]), 'demo', 'S', 'f')\n"
        "run.write_json('manifest', {}); (run.path / '.metrics.json.1.tmp').write_text('half')\n"
        "print('ready', flush=True); time.sleep(60)\n"
    )
    path = tmp_path / "S_demo_f"
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        with pytest.raises(RunError, match="in use"):
            RunFolder.open(path)
        process.kill()
    with RunFolder.open(path):
        assert sorted(os.listdir(path)) == [".lock", "manifest.json"]


def test_same_value_same_bytes(tmp_path: Path) -> None:
    """Key order does not show, floats are printed as Python prints them, records are objects."""
    with RunFolder.create(tmp_path, "demo", "S", "f") as run:
        run.write_json("cost", {"b": 0.1 + 0.2, "a": Hit("a#0", "a", "ä", 1.0)})
        first = run.file("cost").read_text()
        run.write_json("cost", {"a": Hit("a#0", "a", "ä", 1.0), "b": 0.1 + 0.2})
        assert run.file("cost").read_text() == first
        assert '"b": 0.30000000000000004' in first
        assert '"text": "ä"' in first


def test_a_missing_number_is_never_written_as_nan(tmp_path: Path) -> None:
    """NaN is our bug, and stops before anything is written."""
    with RunFolder.create(tmp_path, "demo", "S", "f") as run:
        with pytest.raises(ValueError, match="not JSON compliant"):
            run.write_json("metrics", {"value": float("nan")})
        assert not run.has("metrics")


def test_a_stage_that_never_ran_is_not_an_altered_file(tmp_path: Path) -> None:
    """A missing file asks for --resume; a broken one for the stage that writes it."""
    with RunFolder.create(tmp_path, "demo", "S", "f") as run:
        with pytest.raises(RunError, match=r"metrics\.json is missing.*--resume"):
            run.read_json("metrics")
        run.write_text("metrics", "{")
        with pytest.raises(ArtifactError, match=r"metrics\.json was altered"):
            run.read_json("metrics")


def test_a_folder_without_manifest_is_no_run(tmp_path: Path) -> None:
    """The error says what is missing."""
    with pytest.raises(RunError, match=r"it has no manifest\.json"):
        RunFolder.open(tmp_path)
