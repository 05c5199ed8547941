"""The store: a file is whole or not there, an altered artifact is never parsed, a run folder has one user."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragvsft.clock import measure, now, utc_stamp
from ragvsft.codec import from_dict, to_dict
from ragvsft.errors import ArtifactError, OutputError, RunError
from ragvsft.records import (
    Completion,
    CurvePoint,
    Failure,
    Hit,
    Prediction,
    Request,
    Times,
    TrainingRecord,
    VariantCost,
)
from ragvsft.store.artifacts import Store
from ragvsft.store.files import fingerprint, write_atomically, write_new, writing
from ragvsft.store.journals import Journal
from ragvsft.store.runs import RunFolder, list_runs, newest_run

KEY = "ab" * 32

numbers = st.floats(allow_nan=False, allow_infinity=False)
counts = st.integers(0, 10**9)
hits = st.builds(Hit, st.text(), st.text(), st.text(), numbers)
outcomes = st.one_of(
    st.builds(Completion, st.text(), counts, counts, st.sampled_from(["stop", "length"])),
    st.builds(Failure, st.text(), st.text()),
)
predictions = st.builds(
    Prediction,
    sample_id=st.text(),
    variant=st.text(),
    seed=counts,
    purpose=st.sampled_from(["quality", "latency"]),
    round=counts,
    outcome=outcomes,
    hits=st.lists(hits, max_size=3).map(tuple),
    dropped_hits=counts,
    times=st.none() | st.builds(Times, numbers, st.none() | numbers, numbers),
)
rows = st.dictionaries(st.text(max_size=5), st.text(max_size=20) | counts, max_size=3)


def build(store: Store, content: str = "vectors") -> Path:
    """Return the folder of a small artifact, built and opened."""

    def make(folder: Path, scratch: Path) -> dict[str, int]:
        (folder / "deep").mkdir()
        (folder / "deep" / "file.bin").write_text(content)
        return {"passages": 3}

    store.obtain("index", KEY, make)
    opened = store.open("index", KEY)
    assert opened is not None
    return opened


@given(predictions)
def test_a_record_survives_json(prediction: Prediction) -> None:
    """A prediction, with its completion or failure, hits and times, is the same after dict, JSON and back."""
    assert from_dict(Prediction, json.loads(json.dumps(to_dict(prediction)))) == prediction


def test_every_shape_of_field_is_read() -> None:
    """Nested tuples of records, tuples of texts, optional numbers and paths come back as they were."""
    curve = (CurvePoint(1, 10, 2.5, None), CurvePoint(2, 20, 1.5, 2.0))
    training = TrainingRecord(0, 9, 1, curve, 2, "early", 100, 900, 5000, 1.5, "cpu", "float32", 10)
    cost = VariantCost("rag", None, 0.1, 9.0, None, None, 9.0, None, 12, 1000, notes=("no price", "no record"))
    request = Request("s1", "prompt", Path("cache/adapter/0"))
    for record in (training, cost, request):
        assert from_dict(type(record), json.loads(json.dumps(to_dict(record)))) == record


def test_a_whole_number_is_a_float_where_a_float_belongs() -> None:
    """JSON of other programs writes 1.0 as 1."""
    score = from_dict(Hit, {"passage_id": "a#0", "doc_id": "a", "text": "t", "score": 1}).score
    assert isinstance(score, float)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"score": "high"}, "score"),
        ({"score": True}, "score"),
        ({"text": None}, "text"),
        ({"rank": 1}, "rank"),
    ],
)
def test_another_versions_record_is_refused(change: dict[str, object], named: str) -> None:
    """A value of another type or an unknown key is an ArtifactError that names it."""
    with pytest.raises(ArtifactError, match=named):
        from_dict(Hit, {"passage_id": "a#0", "doc_id": "a", "text": "t", "score": 0.5, **change})


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    """Text that cannot be encoded leaves the old content and no temporary file."""
    path = tmp_path / "metrics.json"
    write_atomically(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["metrics.json"]


def test_a_file_where_a_folder_is_needed_is_an_output_error(tmp_path: Path) -> None:
    """The error names the path and what to do."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputError, match=r"taken.*report\.html: there is a file where a folder is needed"):
        write_atomically(tmp_path / "taken" / "report.html", "x")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's full device")
def test_a_full_disk_is_an_output_error() -> None:
    """The kernel's own full device: the message says that the disk is full."""
    with pytest.raises(OutputError, match="the disk is full"):
        Journal(Path("/dev/full")).append([{"a": 1}])


def test_a_full_disk_told_by_a_foreign_library_is_an_output_error(tmp_path: Path) -> None:
    """Safetensors and FAISS raise their own types, with the system's text in them."""
    with pytest.raises(OutputError, match="the disk is full"), writing(tmp_path):
        raise RuntimeError(f"write error: 5 != 10 ({os.strerror(errno.ENOSPC)})")


def test_an_error_about_another_file_is_passed_on(tmp_path: Path) -> None:
    """A block that reads while it writes keeps the errors of its reading."""
    with pytest.raises(NotADirectoryError), writing(tmp_path / "out" / "x"):
        raise NotADirectoryError(errno.ENOTDIR, "Not a directory", "/elsewhere/model/config.json")


def test_new_files_are_written_all_or_none(tmp_path: Path) -> None:
    """If the last file cannot be written, the folder and the first file are gone again."""
    (tmp_path / "taken").write_text("")
    files = {tmp_path / "a.jsonl": "a", tmp_path / "taken" / "b.jsonl": "b"}
    with pytest.raises(OutputError):
        write_new(tmp_path / "corpus", {"x/y.txt": "text"}, files)
    assert os.listdir(tmp_path) == ["taken"]


def test_new_files_never_replace_old_ones(tmp_path: Path) -> None:
    """A corpus folder that holds something is left alone."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "mine.md").write_text("mine")
    with pytest.raises(OutputError, match="already exists"):
        write_new(tmp_path / "corpus", {"x.txt": "text"}, {tmp_path / "a.jsonl": "a"})
    assert not (tmp_path / "a.jsonl").exists()


def test_key_order_does_not_matter_but_every_value_does() -> None:
    """Two dicts with the same content have one fingerprint; tuples count as lists; borders between parts count."""
    assert fingerprint({"a": 1, "b": (2, 3)}) == fingerprint({"b": [2, 3], "a": 1})
    assert len({fingerprint("ab", "c"), fingerprint("a", "bc"), fingerprint("abc"), fingerprint(["ab", "c"])}) == 4


def test_it_is_the_sha256_of_canonical_json() -> None:
    """Worked with sha256sum: printf '[{"a":1}]' | sha256sum."""
    assert fingerprint({"a": 1}) == "b713f6d2a989e907c58516a7c8bb487792c8785ddbf367b80dc774bf33b85a85"


def test_what_was_never_built_is_none(tmp_path: Path) -> None:
    """Opening asks; it makes no folder."""
    assert Store(tmp_path / "cache").open("index", KEY) is None
    assert not (tmp_path / "cache").exists()


def test_a_finished_artifact_opens_with_its_facts(tmp_path: Path) -> None:
    """Files and facts are what the builder wrote."""
    store = Store(tmp_path)
    opened = build(store)
    assert opened == tmp_path / "index" / KEY[:16]
    assert (opened / "deep" / "file.bin").read_text() == "vectors"
    assert store.facts("index", KEY) == {"passages": 3}


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "deep/file.bin").write_text("vectorz"), r"file\.bin was altered"),
        (lambda folder: (folder / "deep/file.bin").unlink(), r"file\.bin is missing"),
        (lambda folder: (folder / "extra.bin").write_text(""), r"extra\.bin was altered"),
        (lambda folder: (folder / "artifact.json").unlink(), r"artifact\.json is missing"),
        (lambda folder: (folder / "artifact.json").write_text("{"), r"artifact\.json was altered"),
    ],
)
def test_a_damaged_artifact_is_refused(tmp_path: Path, damage: Callable[[Path], object], said: str) -> None:
    """Each file is named, with the remedy: delete the folder."""
    store = Store(tmp_path)
    damage(build(store))
    with pytest.raises(ArtifactError, match=f"{said}.*; delete the folder .* to build it again"):
        store.open("index", KEY)


def test_a_build_that_raises_leaves_nothing_but_its_scratch(tmp_path: Path) -> None:
    """Checkpoints survive a failed build; the finished artifact removes them."""
    store = Store(tmp_path)
    (store.scratch("index", KEY) / "step-1").write_text("checkpoint")

    def fail(folder: Path, scratch: Path) -> dict[str, int]:
        (folder / "half").write_text("x")
        return {"n": 1 // 0}

    with pytest.raises(ZeroDivisionError):
        store.obtain("index", KEY, fail)
    assert not list((tmp_path / "index").rglob("half"))
    assert store.open("index", KEY) is None
    assert (store.scratch("index", KEY) / "step-1").read_text() == "checkpoint"
    build(store)
    assert sorted(path.name for path in (tmp_path / "index").iterdir() if path.suffix != ".lock") == [KEY[:16]]


def test_obtain_builds_once(tmp_path: Path) -> None:
    """The second call finds what the first one built."""
    store, built = Store(tmp_path), []

    def make(folder: Path, scratch: Path) -> dict[str, int]:
        built.append(scratch.is_dir())
        (folder / "file").write_text("x")
        return {"n": 1}

    assert store.obtain("index", KEY, make) == store.obtain("index", KEY, make)
    assert built == [True]
    assert store.facts("index", KEY) == {"n": 1}


def test_processes_that_want_the_same_artifact_build_it_once(tmp_path: Path) -> None:
    """Of three processes one builds, two wait, all three get the folder."""
    program = (
        "import sys, os, time, pathlib\n"
        "from ragvsft.store.artifacts import Store\n"
        "def make(folder, scratch):\n"
        "    time.sleep(0.3); (folder / 'pid').write_text(str(os.getpid())); return {}\n"
        f"print((Store(pathlib.Path(sys.argv[1])).obtain('index', {KEY!r}, make) / 'pid').read_text())\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    pids = {process.communicate(timeout=60)[0].strip() for process in running}
    assert len(pids) == 1
    assert pids <= {str(process.pid) for process in running}


def test_building_again_what_is_there_is_harmless(tmp_path: Path) -> None:
    """The second rename loses; the first artifact stays and still opens."""
    store = Store(tmp_path)
    build(store, "first")
    assert (build(store, "second") / "deep/file.bin").read_text() == "first"


def test_leftovers_of_a_killed_build_are_swept(tmp_path: Path) -> None:
    """A killed process leaves a hidden folder, which the next build of that key removes."""
    leftover = tmp_path / "index" / f".{KEY[:16]}-dead"
    leftover.mkdir(parents=True)
    build(Store(tmp_path))
    assert not leftover.exists()


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


def test_a_measured_block_has_seconds_and_memory() -> None:
    """A block that writes 64 MiB and takes 20 ms used at least that."""
    start = now()
    with measure() as cost:
        block = b"x" * (64 * 1024 * 1024)
        time.sleep(0.02)
    assert 0.02 <= cost.seconds <= now() - start
    assert cost.peak_memory_bytes > len(block)


def test_a_block_that_raises_is_measured_too() -> None:
    """The stopwatch ends with the exception."""
    with pytest.raises(ZeroDivisionError), measure() as cost:
        divmod(1, 0)
    assert cost.seconds > 0


def test_a_stamp_is_utc_and_sorts() -> None:
    """20261122T053000Z: sixteen characters."""
    stamp = utc_stamp()
    assert len(stamp) == 16
    assert stamp[8] == "T"
    assert stamp.endswith("Z")
    assert stamp[:8].isdigit()
