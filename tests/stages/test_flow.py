"""A whole run on a small corpus and a tiny real model: what each stage leaves, and what is not done twice."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ragvsft.cli import main as cli
from ragvsft.config.load import load_config
from ragvsft.errors import ArtifactError, RunError, UserError
from ragvsft.names import TRIVIAL
from ragvsft.progress import Silent
from ragvsft.records import Example
from ragvsft.stages import flow
from ragvsft.stages.run import Run
from ragvsft.stages.start import resume, start
from ragvsft.store.artifacts import Store
from ragvsft.store.runs import RunFolder, list_runs
from ragvsft.tasks import Task
from ragvsft.variants.bench import Bench
from tests.projects import DOCUMENTS, SAMPLES, small_project, write_jsonl


def _start(config: Path) -> Run:
    return start(load_config(config), limit=None, progress=Silent(), environ={})


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """Return a folder with inputs, a cache and one finished run."""
    folder = tmp_path_factory.mktemp("whole")
    run = _start(small_project(folder))
    flow.do_all(run)
    run.folder.close()
    return folder


@pytest.fixture
def copy(finished, tmp_path) -> Path:
    """Return a copy of it that a test may spoil."""
    place = tmp_path / "copy"
    shutil.copytree(finished, place)
    return place


def _run_folder(folder: Path) -> Path:
    [run] = list_runs(folder / "reports")
    return run.path


def test_a_run_leaves_every_file_that_the_design_names(finished):
    """Manifest, journals, metrics, comparison, cost, decision and report are all there."""
    left = {path.name for path in _run_folder(finished).iterdir()}
    assert left >= {
        "manifest.json", "samples.jsonl", "builds.json", "predictions.jsonl", "latency.jsonl", "scores.jsonl",
        "metrics.json", "comparison.json", "cost.json", "decision.json", "report.html", "stages.jsonl", "trivial.jsonl",
    }  # fmt: skip


def test_every_trivial_rival_is_scored_on_the_primary_metric_alone(finished):
    """Five rivals x 6 samples, no model asked; the report has them as a floor and not as variants."""
    run = _run_folder(finished)
    rows = [json.loads(line) for line in (run / "scores.jsonl").read_text().splitlines()]
    rivals = [row for row in rows if row["variant"] in TRIVIAL]
    assert {row["variant"] for row in rivals} == set(TRIVIAL)
    assert {row["scorer"] for row in rivals} == {"token_f1"}
    assert len(rivals) == 5 * 6
    report = (run / "report.html").read_text()
    assert "The floor: answers that need no model" in report
    assert 'data-v="always-refuse"' not in report


def test_a_run_of_before_the_floor_is_scored_and_reported_without_it(copy):
    """Its folder holds no trivial.jsonl; its verdict is what it was then."""
    run = _run_folder(copy)
    (run / "trivial.jsonl").unlink()
    manifest = json.loads((run / "manifest.json").read_text())
    (run / "manifest.json").write_text(json.dumps({**manifest, "format": 1}))
    resumed = resume(run, progress=Silent(), environ={})
    flow.do(resumed, "score")
    flow.do(resumed, "report")
    resumed.folder.close()
    assert not {row["variant"] for row in json.loads((run / "metrics.json").read_text())} & set(TRIVIAL)
    assert "The floor" not in (run / "report.html").read_text()


def test_every_variant_answers_every_sample_once(finished):
    """6 samples and 3 variants are 18 predictions, and 4 requests each are timed."""
    run = _run_folder(finished)
    rows = [json.loads(line) for line in (run / "predictions.jsonl").read_text().splitlines()]
    assert len({(row["variant"], row["sample_id"]) for row in rows}) == len(rows) == 18
    timed = [json.loads(line) for line in (run / "latency.jsonl").read_text().splitlines()]
    assert len(timed) == 12


def test_only_the_retrieving_variant_has_passages(finished):
    """Prompt and lora see the question alone; rag sees its two nearest passages."""
    rows = map(json.loads, (_run_folder(finished) / "predictions.jsonl").read_text().splitlines())
    hits = {(row["variant"], row["hits"] and len(row["hits"])) for row in rows}
    assert hits == {("prompt", None), ("rag", 2), ("lora", None)}


def test_the_leaking_example_is_dropped_and_counted(finished):
    """An example that asks a sample's question is not trained on, and the manifest names it."""
    examples = json.loads((_run_folder(finished) / "manifest.json").read_text())["examples"]
    assert (examples["kept"], examples["dropped_ids"]) == (2, ["e3"])


def test_a_run_with_one_training_seed_is_stamped(finished):
    """Whoever reads the decision reads why it is not one."""
    stamps = json.loads((_run_folder(finished) / "decision.json").read_text())["stamps"]
    assert any("1\N{NO-BREAK SPACE}training seed" in stamp for stamp in stamps)


def test_scoring_again_gives_the_same_bytes_and_needs_no_model(copy):
    """The model and the corpus are gone; what was answered is enough."""
    run = _run_folder(copy)
    names = ("scores.jsonl", "metrics.json", "comparison.json", "cost.json", "decision.json")
    before = {name: (run / name).read_bytes() for name in names}
    for name in names:
        (run / name).unlink()
    with RunFolder.open(run) as folder:
        flow.do(Run(folder, Silent(), {}), "score")
    assert {name: (run / name).read_bytes() for name in names} == before


def test_a_stage_that_fails_or_is_stopped_leaves_its_time(copy):
    """What it took is part of what the run took."""
    run = resume(_run_folder(copy), progress=Silent(), environ={})
    for error in (RunError("x"), KeyboardInterrupt()):
        with pytest.raises(type(error)), run.stage("made up"):
            raise error
    run.folder.close()
    rows = [json.loads(line) for line in (_run_folder(copy) / "stages.jsonl").read_text().splitlines()][-2:]
    assert [(row["stage"], row["failed"], row["seconds"] > 0) for row in rows] == [("made up", True, True)] * 2
    [time] = [stage for stage in run.evidence().stages if stage.title == "made up"]
    assert time.seconds == rows[0]["seconds"] + rows[1]["seconds"]


@pytest.mark.parametrize("command", ["score", "report"])
def test_scoring_and_reporting_import_nothing_that_asks_a_model(copy, command):
    """Both are quick, also on a machine without a model."""
    heavy = {"torch", "transformers", "peft", "faiss", "sentence_transformers"}
    assert _imported([command, str(_run_folder(copy))], heavy) == set()


@pytest.mark.parametrize("command", [["runs"], ["variants"], ["schema"], ["init", "new.yaml"]])
def test_commands_that_only_list_or_write_a_text_import_no_numbers(tmp_path, monkeypatch, command):
    """They answer at once: what reads a run's numbers is not loaded for them."""
    monkeypatch.chdir(tmp_path)
    assert _imported(command, {"torch", "pandas", "numpy", "altair", "scipy"}) == set()


def _imported(command: list[str], heavy: set[str]) -> set[str]:
    """Return which of the heavy packages a command loads."""
    code = (
        "import sys; from ragvsft.cli.main import main; main(sys.argv[1:], standalone_mode=False);"
        "print('\\n' + ' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return heavy & set(done.stdout.splitlines()[-1].split())


def test_an_unchanged_corpus_is_not_indexed_again_nor_an_adapter_trained_again(finished):
    """A second run takes both from the cache: their files keep their times."""
    cache = finished / ".ragvsft"
    before = {path: path.stat().st_mtime_ns for path in cache.rglob("*") if path.is_file()}
    run = _start(finished / "ragvsft.yaml")
    try:
        flow.do(run, "build")
        assert {path: path.stat().st_mtime_ns for path in cache.rglob("*") if path.is_file()} == before
    finally:
        run.folder.close()
        shutil.rmtree(run.folder.path)


def test_a_torn_journal_is_continued_and_nothing_is_answered_twice(finished, tmp_path):
    """Predictions cut in the middle of a line: the whole lines stay, the rest is answered, the metrics are the same."""
    run = _run_folder(finished)
    torn = tmp_path / run.name
    shutil.copytree(run, torn)
    whole = (torn / "predictions.jsonl").read_bytes()
    (torn / "predictions.jsonl").write_bytes(whole[: int(len(whole) * 0.4)])
    for name in ("metrics.json", "report.html"):
        (torn / name).unlink()
    resumed = resume(torn, progress=Silent(), environ={})
    flow.do_all(resumed)
    resumed.folder.close()
    lines = (torn / "predictions.jsonl").read_bytes().splitlines()
    assert sorted(lines) == sorted(whole.splitlines())
    assert (torn / "metrics.json").read_bytes() == (run / "metrics.json").read_bytes()


def test_a_request_that_ran_out_of_memory_is_asked_again_by_a_resumed_run(copy):
    """What succeeds then counts; a prompt that is too long stays a failure, for it always will be."""
    run = _run_folder(copy)
    rows = [json.loads(line) for line in (run / "predictions.jsonl").read_text().splitlines()]
    rows[0]["outcome"] = {"cause": "out-of-memory", "detail": "no room"}
    rows[-1]["outcome"] = {"cause": "too-long", "detail": "9,000 tokens"}
    write_jsonl(run / "predictions.jsonl", rows)
    resumed = resume(run, progress=Silent(), environ={})
    flow.do_all(resumed)
    resumed.folder.close()
    journal = [json.loads(line) for line in (run / "predictions.jsonl").read_text().splitlines()]
    assert len(journal) == len(rows) + 1
    again = journal[-1]
    assert [again[key] for key in ("variant", "sample_id")] == [rows[0][key] for key in ("variant", "sample_id")]
    unscored = {
        metric["variant"]: metric["n_unscored"]
        for metric in json.loads((run / "metrics.json").read_text())
        if metric["variant"] not in TRIVIAL and (metric["name"], metric["stratum"]) == ("token_f1", None)
    }
    assert unscored == {"prompt": 0, "rag": 0, "lora": 0} | {rows[-1]["variant"]: 1}


def test_a_corpus_that_changed_under_a_run_is_refused(copy):
    """Its answers would come from two corpora."""
    run = _start(copy / "ragvsft.yaml")
    (copy / "docs" / "leave.md").write_text("# Leave\n\nEverybody has 30 days.\n")
    with run.folder, pytest.raises(RunError, match="changed since this run began"):
        flow.do(run, "build")


@pytest.mark.parametrize("kind", ["index", "adapter"])
def test_an_altered_artifact_is_refused_before_it_is_read(copy, kind):
    """One flipped byte in the index or the adapter: the file is named, and nothing is answered."""
    [artifact] = [path for path in (copy / ".ragvsft" / kind).iterdir() if path.is_dir()]
    victim = next(path for path in artifact.iterdir() if path.suffix in (".faiss", ".safetensors"))
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(bytes(data))
    run = _start(copy / "ragvsft.yaml")
    with run.folder, pytest.raises(ArtifactError, match=victim.name):
        flow.do(run, "build")


def test_a_run_in_use_is_refused(finished):
    """The second process is told which folder, and the first one is not disturbed."""
    run = _run_folder(finished)
    with RunFolder.open(run), pytest.raises(RunError, match="in use by another run"):
        resume(run, progress=Silent(), environ={})


def test_an_unknown_primary_metric_is_refused_before_anything_is_built(copy):
    """With the ones that a decision can rest on."""
    with pytest.raises(UserError, match="token_f1"):
        start(
            load_config(copy / "ragvsft.yaml", overrides={"statistics.primary": "accuracy"}),
            limit=None,
            progress=Silent(),
            environ={},
        )


def test_a_run_is_resumed_from_whatever_folder(copy, tmp_path, monkeypatch):
    """Paths that were meant from the folder of its start are found from another, and after the project moved."""
    monkeypatch.chdir(copy)
    run = _start(Path("ragvsft.yaml"))
    run.folder.close()
    moved = tmp_path / "moved"
    copy.rename(moved)
    monkeypatch.chdir(tmp_path)
    resumed = resume(moved / run.folder.path, progress=Silent(), environ={})
    with resumed.folder:
        flow.do_all(resumed)
        assert resumed.folder.has("report")


def test_an_adapter_is_trained_again_where_its_prompts_change(copy):
    """The order of a schema's properties is in the prompt, so it is in the adapter's key."""
    keys = set()
    for names in (("a", "b"), ("b", "a")):
        task = Task(
            "json", "Reply with JSON.", {"type": "object", "properties": {name: {"type": "string"} for name in names}}
        )
        examples = [Example("e", "question", "{}", ())]
        config = load_config(copy / "ragvsft.yaml")
        bench = Bench(config, task=task, documents=[], examples=examples, progress=Silent())
        keys |= bench.parts(config.variant("lora"), 0).all.keys()
    assert len(keys) == 2


def test_half_a_run_is_not_scored(copy):
    """The metrics of a killed run would look like those of the whole; how to continue it is said."""
    run = _run_folder(copy)
    lines = (run / "latency.jsonl").read_text().splitlines(keepends=True)
    (run / "latency.jsonl").write_text("".join(lines[:-2]))
    code, _, err = _call("score", str(run))
    assert code == 2
    assert "2 predictions are missing" in err
    assert f"--resume {run}" in err


def test_other_weights_under_a_run_are_refused(copy):
    """Its answers would come from two models."""
    run = _run_folder(copy)
    rows = [json.loads(line) for line in (run / "stages.jsonl").read_text().splitlines()]
    for row in rows:
        for use in row["engines"]:
            use["identity"]["model_sha256"] = "0" * 64
    write_jsonl(run / "stages.jsonl", rows)
    with RunFolder.open(run) as folder, pytest.raises(RunError, match="model_sha256"):
        flow.do(Run(folder, Silent(), {}), "answer")


def test_only_the_first_seed_is_timed(copy):
    """Also where a later seed is 0: every variant gets as many timed requests."""
    config = load_config(copy / "ragvsft.yaml", overrides={"lora.seeds": "[1, 0]", "variants": "[lora]"})
    run = start(config, limit=2, progress=Silent(), environ={})
    with run.folder:
        flow.do_all(run)
        timed = [p for p in run.evidence().predictions if p.purpose == "latency"]
    assert [p.seed for p in timed] == [1] * 4


def test_examples_that_all_leak_are_refused_by_a_dry_run_too(copy):
    """What a run would refuse, its estimate refuses before it loads a model."""
    write_jsonl(copy / "examples.jsonl", [{"example_id": "e", "question": SAMPLES[2][1], "answer": "EUR 480"}])
    code, _, err = _call("run", "-c", str(copy / "ragvsft.yaml"), "--dry-run")
    assert code == 2
    assert "no training example is left" in err


def test_what_the_inputs_take_from_the_numbers_is_said_before_the_run_and_in_the_report(copy):
    """Nameless questions and many dropped examples: in the dry run, at the start, in the manifest, in the report."""
    asked = [{"sample_id": f"n{doc}", "question": "What does it cost?", "targets": ["EUR 480"], "doc_ids": [doc]}
             for doc in DOCUMENTS]  # fmt: skip
    write_jsonl(copy / "evalset.jsonl", [*map(json.loads, (copy / "evalset.jsonl").read_text().splitlines()), *asked])
    said = ["3 of 9 samples use the same words as a sample about another document", "1 of 3 training examples (33"]
    code, out, _ = _call("run", "-c", str(copy / "ragvsft.yaml"), "--dry-run")
    assert code == 0
    assert all(line in " ".join(out.split()) for line in said)
    code, _, err = _call("run", "-c", str(copy / "ragvsft.yaml"), "-s", "variants=[prompt]")
    assert code == 0
    assert all(line in err for line in said)
    newest = max(list_runs(copy / "reports"), key=lambda run: run.stamp).path
    for name in ("manifest.json", "report.html"):
        assert all(line in (newest / name).read_text() for line in said)


def test_a_corpus_that_the_encoder_cannot_read_is_refused_before_anything_is_trained(copy):
    """One line that names the document, by the dry run and by a run whose first variant trains."""
    (copy / "docs" / "leave.md").write_text("พนักงานทุกคนมีสิทธิลาพักร้อนปีละยี่สิบเอ็ดวัน")
    shutil.rmtree(copy / "cache", ignore_errors=True)
    for more in ([], ["--dry-run"]):
        code, _, err = _call("run", "-c", str(copy / "ragvsft.yaml"), "-s", "variants=[lora,rag]", *more)
        assert code == 2
        assert "MiniLM-L6-v2 does not know 100\N{NO-BREAK SPACE}% of the letters (Thai)" in err
        assert "lora" not in err


def test_targets_of_a_json_task_must_be_json_objects(copy):
    """Otherwise every sample would be unscored, after all of them were answered."""
    (copy / "schema.json").write_text('{"type": "object", "properties": {"days": {"type": "string"}}}')
    changes = ["-s", "task.kind=json", "-s", f"task.schema_file={copy / 'schema.json'}", "-s", "variants=[prompt]"]
    code, _, err = _call("run", "-c", str(copy / "ragvsft.yaml"), *changes)
    assert code == 2
    without, others = err.splitlines()
    assert "sample 's6': no target" in without  # of this task none may be left unanswered
    assert f"({len(SAMPLES) - 1} times: sample 's1', sample 's2', sample 's3', ...)" in others
    assert "JSON object" in others


def test_brackets_in_a_table_reach_the_terminal(copy):
    """Rich would take them for markup and print nothing."""
    code, out, _ = _call("score", str(_run_folder(copy)))
    assert code == 0
    assert "p50 [interval]" in " ".join(out.split())


def _call(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli.main, list(arguments))
    return result.exit_code, result.stdout, result.stderr


BAD_INPUTS = {
    "missing corpus": (lambda f: shutil.rmtree(f / "docs"), "docs"),
    "empty document": (lambda f: (f / "docs/leave.md").write_text(" \n"), "leave.md"),
    "non-UTF-8 file": (lambda f: (f / "docs/leave.md").write_bytes(b"caf\xe9"), "leave.md"),
    "broken PDF": (lambda f: (f / "docs/broken.pdf").write_bytes(b"%PDF-1.7 nonsense"), "broken.pdf"),
    "duplicate sample id": (
        lambda f: _append(f, {"sample_id": "s1", "question": "again?", "targets": ["x"]}),
        "line 7",
    ),
    "unknown doc_id": (
        lambda f: _append(f, {"sample_id": "s7", "question": "q?", "targets": ["x"], "doc_ids": ["leav.md"]}),
        "leave.md",
    ),
    "no targets": (lambda f: _append(f, {"sample_id": "s7", "question": "q?", "targets": []}), "line 7"),
    "unknown config key": (lambda f: _add_line(f / "ragvsft.yaml", "engin: 1"), "engine"),
    "model without weights": (lambda f: (f / "model/model.safetensors").unlink(), "model"),
}


def _append(folder: Path, row: dict) -> None:
    _add_line(folder / "evalset.jsonl", json.dumps({"doc_ids": ["leave.md"], "stratum": "rephrased", **row}))


def _add_line(path: Path, line: str) -> None:
    path.write_text(path.read_text() + line + "\n")


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_bad_input_is_one_line_that_names_the_place(copy, name):
    """Exit code 2, one line per problem on stderr, nothing on stdout."""
    spoil, place = BAD_INPUTS[name]
    spoil(copy)
    shutil.rmtree(copy / "reports")
    code, out, err = _call("run", "-c", str(copy / "ragvsft.yaml"), "--quiet")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.startswith("error: ")
    assert place in err
    assert "Traceback" not in err


@pytest.fixture
def small_disk(tmp_path):
    """Yield a file system of 128 KiB, where this process may mount one."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this process may not mount a small file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("key", ["cache", "output"])
def test_a_full_disk_is_one_line_with_a_remedy_and_leaves_nothing_half_written(copy, small_disk, key):
    """The adapter does not fit, or the report does not: exit code 2, and what calls itself an artifact is whole."""
    with (small_disk / "ballast").open("wb") as ballast:
        ballast.write(bytes(100_000))
    shutil.rmtree(copy / "reports")
    changes = ["-s", f"{key}={small_disk}"]
    code, _, err = _call("run", "-c", str(copy / "ragvsft.yaml"), "--quiet", *changes)
    assert code == 2
    assert len(err.splitlines()) == 1
    assert "disk is full" in err
    for sealed in small_disk.rglob("artifact.json"):
        assert Store(small_disk).open(sealed.parents[1].name, json.loads(sealed.read_text())["key"])
    assert not list(small_disk.rglob("report.html"))


def test_json_is_one_document_on_stdout_and_nothing_else(finished):
    """A program can read what a command says."""
    code, out, _ = _call("score", str(_run_folder(finished)), "--json")
    assert code == 0
    assert json.loads(out)["decision"]["stamps"]


def test_limit_takes_every_stratum_in_proportion_and_stamps_the_run(copy):
    """Half of 6 samples; the manifest says so, and why."""
    config = load_config(copy / "ragvsft.yaml")
    run = start(config, limit=3, progress=Silent(), environ={})
    with run.folder:
        assert len(run.evidence().samples) == 3
        assert any("--limit 3" in stamp for stamp in run.manifest.stamps)


def test_help_imports_nothing_heavy():
    """`ragvsft --help` must be quick: neither torch nor pandas nor pydantic is loaded for it."""
    assert _imported(["--help"], {"torch", "pandas", "pydantic", "rich", "numpy"}) == set()
