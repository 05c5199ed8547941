"""What was appended stays, whatever happens to the process."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragvsft.errors import ArtifactError, OutputError
from ragvsft.records import Failure, Hit
from ragvsft.store.journals import Journal

rows = st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers(0, 10**9), max_size=3)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's full device")
def test_a_full_disk_is_an_output_error() -> None:
    """The kernel's own full device: the message says that the disk is full."""
    with pytest.raises(OutputError, match="the disk is full"):
        Journal(Path("/dev/full")).append([{"a": 1}])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(rows, min_size=1, max_size=4), after=st.lists(rows, max_size=3), data=st.data())
def test_a_journal_torn_at_any_byte_keeps_its_whole_rows(
    tmp_path: Path, before: list[dict[str, object]], after: list[dict[str, object]], data: st.DataObject
) -> None:
    """Cut anywhere, what is read is a prefix of what was written, and appending goes on behind it."""
    path = tmp_path / "predictions.jsonl"
    path.unlink(missing_ok=True)
    with Journal(path) as journal:
        journal.append(before)
    content = path.read_bytes()
    cut = data.draw(st.integers(0, len(content)))
    path.write_bytes(content[:cut])
    whole = before[: content[:cut].count(b"\n")]
    assert Journal(path).read() == whole
    with Journal(path) as journal:
        journal.append(after)
    assert Journal(path).read() == whole + after


def test_a_torn_line_in_the_middle_is_refused(tmp_path: Path) -> None:
    """Only a crash tears the last line; anything else was altered, and the line is named."""
    path = tmp_path / "scores.jsonl"
    path.write_text('{"a": 1}\n{"a"\n{"a": 3}\n')
    with pytest.raises(ArtifactError, match=r"scores\.jsonl line 2 was altered"):
        Journal(path).read()


def test_records_come_back_as_records(tmp_path: Path) -> None:
    """What was appended as a record is read as one; a row of another shape names its line."""
    path, hit = tmp_path / "hits.jsonl", Hit("a#0", "a", "text", 0.1)
    with Journal(path) as journal:
        journal.append([hit, hit])
    assert Journal(path).read_as(Hit) == [hit, hit]
    with pytest.raises(ArtifactError, match="line 1: Failure"):
        Journal(path).read_as(Failure)


def test_rows_that_do_not_fit_are_taken_back(tmp_path: Path) -> None:
    """At a limit in the middle of a row, the rows of that append are gone and the earlier ones stay."""
    program = (
        "import sys, pathlib, resource\n"
        "from ragvsft.store.journals import Journal; from ragvsft.errors import OutputError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "journal = Journal(pathlib.Path(sys.argv[1])); journal.append([{'n': 1}])\n"
        "try: journal.append([{'n': 2}, {'text': 'x' * 2000}])\n"
        "except OutputError as error: print(error)\n"
    )
    path = tmp_path / "predictions.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert "the limit on file sizes is reached" in done.stdout
    assert path.read_text() == '{"n": 1}\n'


def test_killed_processes_lose_nothing(tmp_path: Path) -> None:
    """Every append that returned is there after kill -9, synced or not."""
    program = (
        "import sys, os, signal, pathlib\n"
        "from ragvsft.store.journals import Journal\n"
        "journal = Journal(pathlib.Path(sys.argv[1]))\n"
        "for n in range(50): journal.append([{'n': n}])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    path = tmp_path / "predictions.jsonl"
    done = subprocess.run([sys.executable, "-c", program, str(path)], timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert [row["n"] for row in Journal(path).read()] == list(range(50))
