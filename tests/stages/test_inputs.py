"""What a run needs and what it does not: a corpus only to retrieve from, examples only to train on."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from ragvsft.cli import main as cli
from ragvsft.codec import from_dict
from ragvsft.config.load import load_config
from ragvsft.config.recorded import recalled
from ragvsft.errors import ConfigError, UserError
from ragvsft.evidence.manifest import CorpusFacts, EvalsetFacts, ExamplesFacts, InputFacts, NotesFacts
from ragvsft.evidence.older import older_task
from ragvsft.progress import Silent
from ragvsft.stages.inputs import describe, inputs_sha256, read_inputs
from ragvsft.stages.remarks import remarks
from ragvsft.stages.start import start
from ragvsft.tasks import Task
from tests.data.folders import folder_of
from tests.paths import ROOT

SAMPLES = [
    {"sample_id": "s1", "question": "When does the kiln run?", "targets": ["at night"], "doc_ids": ["kiln.md"]},
    {"sample_id": "s2", "question": "Who owns it?", "targets": [], "stratum": "unanswerable"},
]


def project(folder: Path, text: str) -> Path:
    """Return a config of the scripted engine beside an evalset, and nothing else."""
    (folder / "q.jsonl").write_text("".join(json.dumps(sample) + "\n" for sample in SAMPLES))
    path = folder / "ragvsft.yaml"
    path.write_text(f"evalset: q.jsonl\nengine: {{kind: scripted}}\nlatency: {{requests: 2, warmup: 0}}\n{text}")
    return path


def call(*arguments: object) -> tuple[int, str, str]:
    """Return exit code, stdout and stderr."""
    result = CliRunner().invoke(cli.main, [str(argument) for argument in arguments])
    assert not isinstance(result.exception, Exception), result.exception  # SystemExit is none
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    "text", ["", "corpus: null\n", "corpus: not-there\n", "corpus: not-there\nexamples: nor-this.jsonl\n"]
)
def test_a_run_without_retrieval_needs_no_corpus(tmp_path: Path, text: str) -> None:
    """From start to report, and again from the run folder; the doc_ids of the samples are not looked for."""
    path = project(tmp_path, f"variants: [prompt]\n{text}")
    code, _, err = call("run", "-q", "-c", path)
    assert (code, err) == (0, "")
    [run] = (tmp_path / "reports").iterdir()
    manifest = json.loads((run / "manifest.json").read_text())
    assert (manifest["corpus"], manifest["examples"]) == (None, None)
    assert "<dt>Corpus</dt><dd>none</dd>" in (run / "report.html").read_text()
    assert [json.loads(line)["doc_ids"] for line in (run / "samples.jsonl").read_text().splitlines()] == [
        ["kiln.md"],
        [],
    ]
    for number, command in enumerate((["score"], ["report"], ["run", "-q", "--resume"])):
        copy = run.with_name(f"copy-{number}")  # this process still has the run itself locked
        shutil.copytree(run, copy)
        assert call(*command, copy)[0] == 0


def test_a_dry_run_says_that_there_is_no_corpus(tmp_path: Path) -> None:
    """Not "0 documents"."""
    code, out, _ = call("run", "--dry-run", "-c", project(tmp_path, "variants: [prompt]\n"))
    assert code == 0
    assert "no corpus, 2 samples" in out


def test_retrieval_without_a_corpus_is_one_line(tmp_path: Path) -> None:
    """That names the variant."""
    with pytest.raises(ConfigError) as caught:
        load_config(project(tmp_path, "variants: [prompt, rag]\n"))
    [problem] = caught.value.problems
    assert problem.endswith("corpus: the variant rag needs a folder of documents to retrieve from")


def test_a_corpus_that_retrieval_needs_must_be_there(tmp_path: Path) -> None:
    """And so must examples that training needs."""
    text = "variants: [rag, lora]\ncorpus: not-there\nexamples: nor-this.jsonl\n"
    with pytest.raises(UserError) as caught:
        read_inputs(load_config(project(tmp_path, text)))
    said = "\n".join(caught.value.problems)
    assert "not-there" in said
    assert "nor-this.jsonl: cannot be read" in said


@pytest.mark.parametrize("variant", ["few-shot", "lora"])
def test_what_learns_from_examples_is_not_run_without_any(tmp_path: Path, variant: str) -> None:
    """Else few-shot would be prompt under another name: neither a missing file nor one of leaks alone will do."""
    config = load_config(project(tmp_path, f"variants: [{variant}]\nexamples: e.jsonl\n"))
    with pytest.raises(UserError, match=r"e\.jsonl: cannot be read"):
        read_inputs(config)
    (tmp_path / "e.jsonl").write_text('{"example_id": "e", "question": "when does the kiln run", "answer": "late"}\n')
    with pytest.raises(UserError, match=r"e\.jsonl: no training example is left after the leak check"):
        read_inputs(config)


def test_training_needs_examples_but_no_corpus(tmp_path: Path) -> None:
    """An adapter is trained on examples alone."""
    (tmp_path / "x.jsonl").write_text('{"example_id": "e1", "question": "At what hour?", "answer": "nine"}\n')
    inputs = read_inputs(load_config(project(tmp_path, "variants: [lora]\nexamples: x.jsonl\n")))
    assert [example.example_id for example in inputs.leaks.kept] == ["e1"]
    assert inputs.documents == ()


def test_what_is_there_is_read_though_nothing_needs_it(tmp_path: Path) -> None:
    """Its doc_ids are checked and its documents counted, as in a run that retrieves."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "other.md").write_text("Text.")
    path = project(tmp_path, "variants: [prompt]\ncorpus: docs\n")
    with pytest.raises(UserError, match=r"doc_id 'kiln\.md' is not in the corpus"):
        read_inputs(load_config(path))
    (tmp_path / "docs" / "kiln.md").write_text("It runs at night.")
    config = load_config(path)
    corpus = describe(config, read_inputs(config)).corpus
    assert corpus is not None
    assert corpus.documents == 2


@pytest.mark.parametrize("place", ["evalset", "examples", "instruction", "schema", "notes"])
def test_half_a_character_is_one_line_and_leaves_no_run(tmp_path: Path, place: str) -> None:
    """In any file that a run reads, before anything is written."""
    half = "\\ud83d"
    texts = {
        "instruction": f'task: {{instruction: "a {half}"}}\n',
        "notes": f'notes: ["{half}"]\n',
        "schema": "task: {kind: json, schema_file: s.json}\n",
        "examples": "examples: x.jsonl\n",
    }
    path = project(tmp_path, f"variants: [prompt]\n{texts.get(place, '')}")
    (tmp_path / "s.json").write_text(f'{{"type": "object", "properties": {{"{half}": {{}}}}}}')
    (tmp_path / "x.jsonl").write_text(f'{{"example_id": "e", "question": "a {half}", "answer": "b"}}\n')
    if place == "evalset":
        (tmp_path / "q.jsonl").write_text(f'{{"sample_id": "s", "question": "a {half}", "targets": ["b"]}}\n')
    if place == "schema":
        (tmp_path / "q.jsonl").write_text('{"sample_id": "s", "question": "a", "targets": ["{}"]}\n')
    code, _, err = call("run", "-q", "-c", path)
    assert (code, len(err.splitlines())) == (2, 1)
    assert "ud83d" in err
    assert not (tmp_path / "reports").exists()


def test_the_separator_of_the_config_parts_the_cells_of_tables(tmp_path: Path) -> None:
    """Without it a bar is part of the answer."""
    (tmp_path / "q.csv").write_text("sample_id,question,targets\ns1,How?,a | b\n")
    path = project(tmp_path, "variants: [prompt]\n")
    plain = read_inputs(load_config(path, overrides={"evalset": str(tmp_path / "q.csv")}))
    parted = read_inputs(load_config(path, overrides={"evalset": str(tmp_path / "q.csv"), "separator": "'|'"}))
    assert [inputs.samples[0].targets for inputs in (plain, parted)] == [("a | b",), ("a", "b")]


@pytest.mark.parametrize("text", ["name: 2026-13-45\n", "notes: [" + "[" * 3000 + "\n", "limit: " + "9" * 5000 + "\n"])
def test_what_yaml_cannot_read_is_one_line(tmp_path: Path, text: str) -> None:
    """A day that does not exist, nesting past all sense, a number past all size: none is a traceback."""
    with pytest.raises(ConfigError) as caught:
        load_config(project(tmp_path, text))
    assert len(caught.value.problems) >= 1


@pytest.mark.parametrize(
    ("place", "is_read"), [("docs/asked.csv", True), ("docs/more/asked.tsv", True), ("docs/.asked.csv", False)]
)
@pytest.mark.parametrize("key", ["evalset", "examples"])
def test_a_file_of_answers_inside_the_corpus_is_refused_where_it_would_be_read(
    tmp_path: Path, place: str, is_read: bool, key: str
) -> None:
    """Retrieval would find the answers themselves, and every variant that retrieves would look better than it is."""
    path = project(tmp_path, f"corpus: docs\nvariants: [prompt, rag]\nexamples: {place}\n")
    (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / "docs" / "kiln.md").write_text("The kiln runs at night.")
    head = {"evalset": "sample_id,question,targets", "examples": "example_id,question,answer"}[key]
    (tmp_path / place).write_text(f"{head}\n1,When?,at night\n")
    if key == "evalset":
        path.write_text(path.read_text().replace(f"examples: {place}\n", "").replace("q.jsonl", place))
    code, _, err = call("run", "--dry-run", "-c", path)
    assert (code == 2) == is_read
    assert (f"{key}: {tmp_path / place} lies in the corpus and is read as a document" in err) == is_read


@pytest.mark.parametrize("key", ["output", "cache"])
@pytest.mark.parametrize("place", ["taken", "taken/below/it"])
def test_a_folder_that_cannot_be_made_is_found_before_anything_is_built(tmp_path: Path, key: str, place: str) -> None:
    """A file stands where it, or a folder above it, would be."""
    (tmp_path / "taken").write_text("")
    code, _, err = call("run", "-c", project(tmp_path, f"variants: [prompt]\n{key}: {place}\n"))
    assert code == 2
    assert f"{key}: {tmp_path / place} cannot be made, since {tmp_path / 'taken'} is a file; name a folder" in err
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    ("engine", "said"),
    [
        ("{max_new_tokens: 100000}", "engine.max_new_tokens is 100000, but the model holds 2048 tokens; write fewer"),
        ("{device: gpu}", "engine.device is 'gpu'; write auto, cpu, cuda or cuda:N"),
        ("{device: 'cuda:99'}", "engine.device is 'cuda:99', but this machine has"),
    ],
)
def test_what_the_engine_cannot_do_leaves_no_run(tmp_path: Path, engine: str, said: str) -> None:
    """It would otherwise be found when everything is built, in a run that cannot be continued with another config."""
    path = project(tmp_path, "variants: [prompt]\n")
    path.write_text(path.read_text().replace("{kind: scripted}", engine))
    code, _, err = call("run", "-c", path)
    assert (code, said in err, "--resume" in err) == (2, True, False)
    assert not (tmp_path / "reports").exists()


def test_samples_that_name_no_document_are_remarked_on(tmp_path: Path) -> None:
    """Those that have no answer, and messages to act on, are not asked for any."""
    path = project(tmp_path, "corpus: docs\nvariants: [prompt, rag]\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "kiln.md").write_text("The kiln runs at night.")
    assert remarks(read_inputs(load_config(path))) == []
    more = [{"sample_id": "s3", "question": "Where?", "targets": ["here"]}]
    more += [{"sample_id": "s4", "question": "Go!", "targets": ["{}"], "stratum": "behaviour"}]
    (tmp_path / "q.jsonl").write_text("".join(json.dumps(sample) + "\n" for sample in [*SAMPLES, *more]))
    [line] = remarks(read_inputs(load_config(path)))
    assert line.startswith("1 of 2 samples do not name in doc_ids the documents that answer them")


def test_what_the_leak_check_left_out_is_said_by_a_dry_run(tmp_path: Path) -> None:
    """Else nobody knows why there are fewer examples than in the file."""
    rows = [{"example_id": str(n), "question": f"Is kiln {n} hot?", "answer": "yes", "doc_ids": []} for n in range(9)]
    rows[0]["question"] = "when does the kiln run"
    (tmp_path / "e.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    code, out, _ = call("run", "--dry-run", "-c", project(tmp_path, "variants: [prompt, lora]\nexamples: e.jsonl\n"))
    assert code == 0
    assert "no corpus, 2 samples, 8 training examples (1 more left out: a sample asks the same)" in " ".join(
        out.split()
    )


@pytest.mark.parametrize("run", sorted((ROOT / "tests" / "runs").iterdir()), ids=lambda run: run.name)
def test_the_inputs_of_a_stored_run_are_described_as_they_were(run: Path) -> None:
    """The same files give the same facts, wherever they lie."""
    manifest = json.loads((run / "manifest.json").read_text())
    config = recalled(manifest["config"], ROOT / "reports" / run.name, place="manifest.json")  # where it began
    facts = describe(config, read_inputs(config, limit=manifest["limit"]))
    assert facts.corpus is not None
    assert facts.examples is not None
    was = {name: manifest[name] for name in ("corpus", "evalset", "examples")}
    assert facts == InputFacts(
        from_dict(CorpusFacts, {**was["corpus"], "path": facts.corpus.path}),
        from_dict(EvalsetFacts, {**was["evalset"], "path": facts.evalset.path}),
        from_dict(ExamplesFacts, {**was["examples"], "path": facts.examples.path}),
        from_dict(Task, older_task(manifest["task"])),
    )


def test_the_hash_of_the_inputs_is_of_what_stands_in_them(tmp_path: Path) -> None:
    """Not of where they lie, nor of what readers of this version note; a word in a document changes it."""
    for name in ("here", "there"):
        (tmp_path / name / "docs").mkdir(parents=True)
        (tmp_path / name / "docs" / "kiln.md").write_text("The kiln runs at night.")
    here, there = (
        load_config(project(tmp_path / name, "corpus: docs\nvariants: [rag]\n")) for name in ("here", "there")
    )
    facts = describe(here, read_inputs(here))
    assert facts.corpus is not None
    noted = replace(facts, corpus=replace(facts.corpus, notes=NotesFacts(1, ("kiln.md: short",)), dropped=None))
    (tmp_path / "there" / "docs" / "picture.png").write_bytes(b"")
    hashes = {inputs_sha256(here, facts), inputs_sha256(here, noted)}
    hashes |= {inputs_sha256(there, describe(there, read_inputs(there)))}
    assert len(hashes) == 1
    (tmp_path / "there" / "docs" / "kiln.md").write_text("The kiln runs by night.")
    assert inputs_sha256(there, describe(there, read_inputs(there))) not in hashes


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    """A broken schema, targets that are not JSON, examples that are all dropped, a metric and a place."""
    (tmp_path / "s.json").write_text('{"type": "array"}')
    (tmp_path / "taken").write_text("")
    (tmp_path / "e.jsonl").write_text('{"example_id": "e", "question": "when does the kiln run", "answer": "{}"}\n')
    task = "task: {kind: json, schema_file: s.json}\nstatistics: {primary: token_f1}\noutput: taken\n"
    with pytest.raises(UserError) as caught:
        read_inputs(load_config(project(tmp_path, f"variants: [lora]\nexamples: e.jsonl\n{task}")))
    beginnings = [
        f'{tmp_path / "s.json"}: /type: "array" is not object',
        "statistics.primary: 'token_f1' cannot decide a task of kind json; choose from field_f1",
        f"output: {tmp_path / 'taken'} cannot be made",
        f"{tmp_path / 'q.jsonl'}: sample 's2': no target; with task.kind: json a refusal is never right",
        f"{tmp_path / 'q.jsonl'}: sample 's1': no target is a JSON object with each key once; task.kind: json needs",
        f"{tmp_path / 'e.jsonl'}: no training example is left after the leak check",
    ]
    assert [problem[: len(start)] for problem, start in zip(caught.value.problems, beginnings, strict=True)] == (
        beginnings
    )


def test_a_file_that_cannot_be_read_is_said_once(tmp_path: Path) -> None:
    """That nothing of it is left to train on follows from it."""
    with pytest.raises(UserError) as caught:
        read_inputs(load_config(project(tmp_path, "variants: [lora]\nexamples: gone.jsonl\n")))
    [problem] = caught.value.problems
    assert problem.startswith(f"{tmp_path / 'gone.jsonl'}: cannot be read")


def _config(place: Path) -> Path:
    """Return a config over a folder with two files left out."""
    corpus = folder_of(place / "documents", "leave.md", "deck.odp", ".DS_Store")
    (corpus / "pay.markdown").write_text("# Pay\n\nPay day is the 25th of each month.\n")
    sample = {
        "sample_id": "1",
        "question": "When is pay day?",
        "targets": ["the 25th"],
        "doc_ids": ["pay.markdown"],
    }
    (place / "q.jsonl").write_text(json.dumps(sample))
    (place / "ragvsft.yaml").write_text(
        "name: t\ncorpus: documents\nevalset: q.jsonl\nvariants: [prompt]\nengine: {kind: scripted}\n"
        "latency: {requests: 0, warmup: 0}\noutput: out\ncache: cache\n"
    )
    return place / "ragvsft.yaml"


def test_terminal_manifest_and_report_say_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each names how many and why; the manifest and the report name the files."""
    monkeypatch.chdir(tmp_path)
    _config(tmp_path)
    done = CliRunner().invoke(cli.main, ["run"], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    line = "2 files left out: hidden file (1), unknown suffix .odp (1)"
    assert line in " ".join(done.stdout.split())
    assert line in " ".join(done.stderr.split())
    [run] = (tmp_path / "out").iterdir()
    manifest = json.loads((run / "manifest.json").read_text())
    assert manifest["corpus"]["documents"] == 2
    assert [".DS_Store", "hidden file"] in manifest["corpus"]["left_out"]["first"]
    report = (run / "report.html").read_text()
    assert "2 files left out" in report.replace("\N{NO-BREAK SPACE}", " ")
    assert "deck.odp: unknown suffix .odp" in report


def test_a_file_that_is_left_out_does_not_change_the_inputs(tmp_path: Path) -> None:
    """A run goes on though somebody put a picture beside the documents."""
    config = load_config(_config(tmp_path), environ={})
    before = start(config, limit=None, progress=Silent(), environ={}).manifest
    folder_of(tmp_path / "documents", "new.png")
    elsewhere = config.model_copy(update={"output": tmp_path / "other"})
    after = start(elsewhere, limit=None, progress=Silent(), environ={}).manifest
    counts = [run.corpus.left_out.files for run in (before, after) if run.corpus and run.corpus.left_out]
    assert counts == [2, 3]
    assert after.inputs_sha256 == before.inputs_sha256


def test_a_question_about_a_left_out_file_is_an_error(tmp_path: Path) -> None:
    """Nothing could find it."""
    config = load_config(_config(tmp_path), environ={})
    sample = {"sample_id": "1", "question": "?", "targets": ["x"], "doc_ids": ["deck.odp"]}
    (tmp_path / "q.jsonl").write_text(json.dumps(sample))
    with pytest.raises(UserError, match=r"that file is left out: unknown suffix \.odp"):
        read_inputs(config)
