"""The dialects that people export: each is imported as it was meant, or refused in one line with a remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from ragvsft.cli import main as cli
from ragvsft.config.load import load_config
from ragvsft.data.evalset import read_samples
from ragvsft.data.examples import read_examples
from ragvsft.data.importers.columns import read_map
from ragvsft.data.importers.squad import import_squad
from ragvsft.errors import EvalsetError
from ragvsft.records import Sample

FLAT = [
    {
        "id": "a1",
        "title": "Boats",
        "context": "The ferry leaves at nine.",
        "question": "When does it leave?",
        "answers": {"text": ["at nine", "nine"], "answer_start": [17, 20]},
    },
    {
        "id": "a2",
        "title": "Boats",
        "context": "The ferry leaves at nine.",
        "question": "Who steers it?",
        "answers": {"text": [], "answer_start": []},
    },
]


def invoke(*arguments: object) -> tuple[int, str]:
    """Return the exit code and everything that a command printed, with plain blanks."""
    result = CliRunner().invoke(cli.main, [str(argument) for argument in arguments])
    assert not isinstance(result.exception, Exception), result.exception  # SystemExit is none
    return result.exit_code, result.output.replace("\N{NO-BREAK SPACE}", " ")


def imported(tmp_path: Path, *arguments: object) -> tuple[list[Sample], dict[str, str], str]:
    """Return the samples, the documents and the output of an import that must work."""
    out = tmp_path / "out"
    code, said = invoke("import", *arguments, out)
    assert code == 0, said
    load_config(out / "ragvsft.yaml")
    corpus = out / "corpus"
    texts = {path.relative_to(corpus).as_posix(): path.read_text() for path in corpus.rglob("*.*")}
    return read_samples(out / "evalset.jsonl", doc_ids=texts or None), texts, said


def write(path: Path, data: object, *, lines: bool = False) -> Path:
    """Write JSON, or JSON lines."""
    path.write_text("\n".join(map(json.dumps, data)) if lines and isinstance(data, list) else json.dumps(data))
    return path


@pytest.mark.parametrize(
    "layout", ["array", "lines", "lines in .json", "data", "rows", "csv", "numpy csv", "parquet", "columns"]
)
def test_flat_rows_of_a_hub_are_one_document_and_two_samples(tmp_path: Path, layout: str) -> None:
    """However they are exported: an empty list of answers is what unanswerable looks like there."""
    frame = pd.DataFrame(FLAT)
    if layout == "parquet":
        pytest.importorskip("pyarrow")
        frame.to_parquet(tmp_path / "s.parquet")
    elif "csv" in layout:
        if layout == "numpy csv":
            frame["answers"] = [
                {"text": np.array(a["text"], dtype=object), "answer_start": np.array(a["answer_start"])}
                for a in frame["answers"]
            ]
        frame.to_csv(tmp_path / "s.csv")
    elif layout == "columns":
        frame.to_json(tmp_path / "s.json")
    else:
        document = {"data": {"data": FLAT}, "rows": {"rows": [{"row": row} for row in FLAT]}}.get(layout, FLAT)
        write(tmp_path / ("s.jsonl" if layout == "lines" else "s.json"), document, lines="lines" in layout)
    [source] = tmp_path.glob("s.*")
    samples, texts, said = imported(tmp_path, "squad", "--examples-share", 0, source)
    assert texts == {"Boats/000.txt": "Boats\n\nThe ferry leaves at nine.\n"}
    assert samples == [
        Sample("a1", "When does it leave?", ("at nine", "nine"), ("Boats/000.txt",), "rephrased"),
        Sample("a2", "Who steers it?", (), ("Boats/000.txt",), "unanswerable"),
    ]
    assert "1 document, 2 samples, 0 training examples; 0 records skipped" in said


def test_an_annotation_export_has_number_ids_and_no_titles(tmp_path: Path) -> None:
    """Its documents are called after their number, and the ids become texts."""
    qas = [
        {"question": "A?", "id": 55012, "answers": [{"text": "48 hours", "answer_category": None}]},
        {"question": "B?", "id": None, "answers": [{"text": 7}], "is_impossible": False},
        {"question": "C?", "answers": [], "is_impossible": True},
    ]
    data = {"data": [{"paragraphs": [{"context": "48 hours, 7.", "document_id": 101, "qas": qas}]}]}
    samples, texts, _ = imported(tmp_path, "squad", "--examples-share", 0, write(tmp_path / "s.json", data))
    assert texts == {"document-101/000.txt": "48 hours, 7.\n"}
    assert [(s.sample_id, s.targets, s.stratum) for s in samples] == [
        ("55012", ("48 hours",), "rephrased"),
        ("s-00002", ("7",), "rephrased"),
        ("s-00003", (), "unanswerable"),
    ]


def test_ids_that_are_made_never_meet_one_that_was_given(tmp_path: Path) -> None:
    """And are the same at the next import."""
    rows = [{**FLAT[0], "id": "s-00002"}, {**FLAT[0], "id": None}, {**FLAT[0], "id": float("nan")}]
    ids = []
    for name in "ab":
        (tmp_path / name).mkdir()
        source = write(tmp_path / name / "s.jsonl", rows, lines=True)
        ids.append([s.sample_id for s in imported(tmp_path / name, "squad", "--examples-share", 0, source)[0]])
    assert ids[0] == ids[1] == ["s-00002", "s-00002-new", "s-00003"]


def test_what_has_no_text_or_answer_is_counted_by_cause(tmp_path: Path) -> None:
    """With its place; the rest is imported."""
    paragraphs: list[dict[str, Any]] = [
        {"context": "", "qas": [{"id": 1, "question": "Lost?", "answers": [{"text": "x"}]}]},
        {
            "context": "Text.",
            "qas": [
                {"id": 2, "question": "A?", "answers": [{"text": "Text"}]},
                {"id": 3, "question": None, "answers": [{"text": "Text"}]},
                {"id": 4, "question": "C?", "answers": []},
            ],
        },
    ]
    source = write(tmp_path / "s.json", {"data": [{"title": "T", "paragraphs": paragraphs}]})
    samples, texts, said = imported(tmp_path, "squad", "--examples-share", 0, source)
    assert ([s.sample_id for s in samples], list(texts)) == (["2"], ["T/000.txt"])
    assert "4 records skipped" in said
    assert "skipped: paragraphs without text: 1 (data[0] paragraphs[0])" in said
    assert "skipped: questions about a paragraph without text: 1" in said
    assert "skipped: questions without text: 1" in said
    assert "skipped: questions without an answer that are not marked is_impossible: 1" in said


def test_a_test_split_without_answers_is_not_unanswerable(tmp_path: Path) -> None:
    """A hub hides the answers of a competition: a model that refuses would be right everywhere."""
    rows = [{**row, "answers": {"text": [], "answer_start": []}} for row in FLAT]
    code, said = invoke("import", "squad", write(tmp_path / "s.jsonl", rows, lines=True), tmp_path / "out")
    assert code == 2
    assert "holds no question with an answer" in said
    assert not (tmp_path / "out").exists()


def test_mrqa_lines_are_paragraphs_after_a_head(tmp_path: Path) -> None:
    """Its answers are plain texts, its ids are qid."""
    rows = [
        {"header": {"dataset": "x"}},
        {"context": "It is red.", "qas": [{"qid": "q", "question": "Colour?", "answers": ["red", "Red"]}]},
    ]
    samples, texts, _ = imported(
        tmp_path, "squad", "--examples-share", 0, write(tmp_path / "s.jsonl", rows, lines=True)
    )
    assert [(s.sample_id, s.targets) for s in samples] == [("q", ("red", "Red"))]
    assert list(texts.values()) == ["It is red.\n"]


def test_a_given_split_is_kept(tmp_path: Path) -> None:
    """Samples are the test part's, examples the training part's, and a shared paragraph is one document."""
    test = write(tmp_path / "test.jsonl", FLAT, lines=True)
    train = write(tmp_path / "train.jsonl", [{**FLAT[0], "id": "t1", "question": "At what hour?"}], lines=True)
    samples, texts, said = imported(tmp_path, "squad", "--train", train, "--test", test)
    taught = read_examples(tmp_path / "out" / "examples.jsonl", doc_ids=texts)
    assert [s.sample_id for s in samples] == ["a1", "a2"]
    assert [(e.example_id, e.question, e.answer, e.doc_ids) for e in taught] == [
        ("t1", "At what hour?", "nine", ("Boats/000.txt",))
    ]
    assert "1 document, 2 samples, 1 training example;" in said
    assert load_config(tmp_path / "out" / "ragvsft.yaml").names == ["prompt", "rag", "lora"]


@pytest.mark.parametrize("form", ["source and train", "folder", "source and test"])
def test_the_parts_may_be_named_in_other_ways(tmp_path: Path, form: str) -> None:
    """SOURCE is the part that no option names, or the folder of both."""
    test = write(tmp_path / "test.jsonl", FLAT, lines=True)
    train = write(tmp_path / "train.jsonl", [{**FLAT[0], "id": "t1"}], lines=True)
    arguments = {
        "source and train": ("--train", train, test),
        "source and test": ("--test", test, train),
        "folder": ("--train", "train.jsonl", "--test", "test.jsonl", tmp_path),
    }[form]
    samples, _, _ = imported(tmp_path, "squad", *arguments)
    assert [s.sample_id for s in samples] == ["a1", "a2"]
    assert [e.example_id for e in read_examples(tmp_path / "out" / "examples.jsonl")] == ["t1"]


def test_the_note_on_how_squad_was_written_belongs_to_squad(tmp_path: Path) -> None:
    """SQuAD is known by its ids; a set that only has its format was written in some other way."""
    notes = {}
    for name, given in (("squad", "5725b81b271a42140099d0{:02}"), ("other", "q{}")):
        rows = [{**FLAT[0], "id": given.format(n)} for n in range(10)]
        done = import_squad(write(tmp_path / f"{name}.json", rows), tmp_path / name, tmp_path / f"{name}.jsonl")
        notes[name] = done.notes
    assert "SQuAD's questions were written by people" in notes["squad"][0]
    assert notes["other"] == ()


def _folder(tmp_path: Path, qrels: str | bytes, *, name: str = "test.tsv", ids: tuple[Any, Any] = (1, 7)) -> Path:
    """Return a folder of three documents, one without any text, and a query with two answers."""
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    pages = [
        {"_id": ids[0], "title": "Kiln", "text": "It runs at night."},
        {"_id": "2", "title": "Glaze", "text": ""},
        {"_id": "3", "title": None, "text": float("nan")},
    ]
    write(folder / "corpus.jsonl", pages, lines=True)
    query = {"_id": ids[1], "text": "When does it run?", "metadata": {"answers": ["at night", None, 9]}}
    write(folder / "queries.jsonl", [query], lines=True)
    (folder / "qrels" / name).write_bytes(qrels.encode() if isinstance(qrels, str) else qrels)
    return folder


@pytest.mark.parametrize(
    ("qrels", "name"),
    [
        ("query-id\tcorpus-id\tscore\n7\t1\t1\n", "test.tsv"),
        ("7\t1\t1\n", "test.tsv"),
        ("7\t1\t1.0\r\n7\t2\t0.0\r\n", "test.tsv"),
        ("7\t0\t1\t2\n7\t0\t2\t0\n", "test.tsv"),
        ("7 0 1 1\n", "test.trec"),
        ("7\tQ0\t1\t1e0", "test.qrels"),
        ("score\tcorpus-id\tquery-id\n1\t1\t7\n", "test.tsv"),
        ("query_id,doc_id,relevance\n7,1,1\n", "test.csv"),
        ("query-id\tcorpus-id\tscore\n7\t1\t1\n".encode("utf-16"), "test.tsv"),
        ("7\t1\t1\n".encode("utf-16-le"), "test.tsv"),
        ("7\t1\t1\n".encode("utf-8-sig"), "test.tsv"),
    ],
)
def test_every_form_of_relevance_is_read(tmp_path: Path, qrels: str | bytes, name: str) -> None:
    """With and without a head, TREC's four columns, scores as floats, in any Unicode encoding; integer ids."""
    samples, texts, said = imported(tmp_path, "beir", _folder(tmp_path, qrels, name=name))
    assert samples == [Sample("7", "When does it run?", ("at night", "9"), ("1.txt",), "rephrased")]
    assert texts == {"1.txt": "Kiln\n\nIt runs at night.\n", "2.txt": "Glaze\n"}
    assert "skipped: documents without title and text: 1 (line 3)" in said


def test_latin_1_is_one_line(tmp_path: Path) -> None:
    """With the file, the place and the remedy."""
    folder = _folder(tmp_path, "query-id\tcorpus-id\tscore\nmüll\t1\t1\n".encode("latin-1"))
    code, said = invoke("import", "beir", folder, tmp_path / "out")
    assert code == 2
    assert len(said.splitlines()) == 1
    assert "test.tsv line 2: byte 1 is not UTF-8; save the file as UTF-8, as in: iconv" in said
    assert not (tmp_path / "out").exists()


def test_thousands_of_unknown_documents_are_one_line(tmp_path: Path) -> None:
    """With how many and where they begin."""
    folder = _folder(tmp_path, "".join(f"7\tx{n}\t1\n" for n in range(3080)))
    code, said = invoke("import", "beir", folder, tmp_path / "out")
    assert (code, len(said.splitlines())) == (2, 1)
    assert "line 1: corpus-id 'x0' is not in corpus.jsonl; remove the line (3,080 times: line 1, line 2," in said


def test_a_judgement_of_a_document_without_text_is_skipped(tmp_path: Path) -> None:
    """The query keeps its other documents."""
    samples, _, said = imported(tmp_path, "beir", _folder(tmp_path, "7\t1\t1\n7\t3\t2\n"))
    assert samples[0].doc_ids == ("1.txt",)
    assert "skipped: judgements of documents without title and text: 1 (line 2)" in said


CONTEXTS = ('It\'s "six" months.', "Two weeks [sic].")


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".json", ".jsonl", ".tsv"])
@pytest.mark.parametrize("kind", ["list", "array"])
def test_contexts_survive_every_export(tmp_path: Path, suffix: str, kind: str) -> None:
    """Lists and arrays, through pandas; contexts and ground_truths alike."""
    make = list if kind == "list" else lambda texts: np.array(texts, dtype=object)
    frame = pd.DataFrame(
        {
            "question": ["A?", "B?"],
            "contexts": [make(list(CONTEXTS)), make([CONTEXTS[1]])],
            "ground_truths": [make(["six months"]), make(["two weeks", "2 weeks"])],
        }
    )
    path = tmp_path / f"r{suffix}"
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
        frame.to_parquet(path)
    elif suffix in (".csv", ".tsv"):
        frame.to_csv(path, sep="\t" if suffix == ".tsv" else ",")
    else:
        frame.to_json(path, orient="records", lines=suffix == ".jsonl")
    samples, texts, _ = imported(tmp_path, "ragas", path)
    assert list(dict(sorted(texts.items())).values()) == [f"{text}\n" for text in CONTEXTS]
    assert [(s.targets, len(s.doc_ids)) for s in samples] == [(("six months",), 2), (("two weeks", "2 weeks"), 1)]


def test_a_list_that_was_printed_without_its_middle_is_refused(tmp_path: Path) -> None:
    """1,001 contexts in numpy's short form are six."""
    contexts = np.array([f"Context {n}." for n in range(1001)], dtype=object)
    frame = pd.DataFrame({"user_input": ["A?"], "reference": ["a"], "reference_contexts": [str(contexts)]})
    frame.to_csv(tmp_path / "r.csv", index=False)
    code, said = invoke("import", "ragas", tmp_path / "r.csv", tmp_path / "out")
    assert code == 2
    assert "line 2: contexts is a list whose middle was printed as ...; save the data as JSON or Parquet" in said


def test_columns_of_any_name_are_mapped(tmp_path: Path) -> None:
    """Case does not matter, and a list may be filled from two columns."""
    frame = pd.DataFrame({"Prompt": ["A?"], "Expected": ["a"], "Chunk 1": ["One."], "Chunk 2": ["Two."]})
    frame.to_csv(tmp_path / "r.csv", index=False)
    mapped = ["--map", "question=prompt,targets=Expected", "--map", "contexts=Chunk 1", "--map", "contexts=Chunk 2"]
    samples, texts, _ = imported(tmp_path, "ragas", *mapped, tmp_path / "r.csv")
    assert sorted(texts.values()) == ["One.\n", "Two.\n"]
    assert (samples[0].question, samples[0].targets) == ("A?", ("a",))


def test_conversations_are_skipped_and_counted(tmp_path: Path) -> None:
    """A question of several turns is no question."""
    rows = [
        {"user_input": [{"content": "hi", "type": "human"}], "reference": "x"},
        {"user_input": "A?", "reference": "a", "reference_contexts": ["One."]},
    ]
    samples, _, said = imported(tmp_path, "ragas", write(tmp_path / "r.jsonl", rows, lines=True))
    assert len(samples) == 1
    assert "skipped: conversations of several turns: 1 (line 1)" in said


@pytest.mark.parametrize("answer", ["cat app.log | grep ERROR", "a|b", "|", "p(x | y)", "1 || 2"])
def test_a_bar_in_an_answer_is_part_of_it(tmp_path: Path, answer: str) -> None:
    """Unless the user says that it parts answers."""
    pd.DataFrame({"question": ["Q?"], "answers": [answer]}).to_csv(tmp_path / "q.csv", index=False)
    samples, _, said = imported(tmp_path, "csv", tmp_path / "q.csv")
    assert samples[0].targets == (answer,)
    assert "no corpus, 1 sample, 0 training examples" in said


@pytest.mark.parametrize("separator", ["|", "\n", ";;"])
def test_a_named_separator_parts_them(tmp_path: Path, separator: str) -> None:
    """In any cell that is no list."""
    pd.DataFrame({"question": ["Q?"], "answers": [f"a{separator} b"]}).to_csv(tmp_path / "q.csv", index=False)
    samples, _, _ = imported(tmp_path, "csv", "--separator", separator, tmp_path / "q.csv")
    assert samples[0].targets == ("a", "b")


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".jsonl", ".json"])
def test_columns_are_mapped_and_the_documents_counted(tmp_path: Path, suffix: str) -> None:
    """The corpus is not written, but it is there: "0 documents" would be wrong."""
    docs = tmp_path / "docs"
    docs.mkdir()
    for name in ("a.md", "b.md"):
        (docs / name).write_text("Text.")
    frame = pd.DataFrame(
        {"No": [10, 11], "Question": ["A?", "B?"], "Answer_True": ["a", "b"], "Document_True": ["a.md", "['a.md']"]}
    )
    path = tmp_path / f"q{suffix}"
    if suffix == ".csv":
        frame.to_csv(path)
    elif suffix == ".parquet":
        pytest.importorskip("pyarrow")
        frame.to_parquet(path)
    else:
        frame.to_json(path, orient="records", lines=suffix == ".jsonl")
    mapped = ["--map", "targets=Answer_True", "--map", "doc_ids=document_true,sample_id=No"]
    _, _, said = imported(tmp_path, "csv", "--corpus", docs, *mapped, path)
    assert [(s.sample_id, s.doc_ids) for s in read_samples(tmp_path / "out" / "evalset.jsonl", doc_ids=None)] == [
        ("10", ("a.md",)),
        ("11", ("a.md",)),
    ]
    assert "2 documents, 2 samples, 0 training examples; 0 records skipped" in said
    assert load_config(tmp_path / "out" / "ragvsft.yaml").corpus == docs


@pytest.mark.parametrize(
    ("mapped", "said"),
    [
        ("question=Qestion", "there is no column 'Qestion'; did you mean 'Question'?"),
        ("question=zzz", "there is no column 'zzz'; its columns are Question, Answer_True"),
        ("qestion=Question", "'qestion' is not a field; did you mean 'question'?"),
        ("question", "write FIELD=COLUMN, as in --map question=Question"),
        ("question=", "write FIELD=COLUMN, as in --map question=Question"),
        ("question=Question,question=Answer_True", "question is listed twice; name one column"),
    ],
)
def test_a_wrong_map_is_one_line_with_the_real_columns(tmp_path: Path, mapped: str, said: str) -> None:
    """No row is looked at before, and nothing is written."""
    pd.DataFrame({"Question": ["A?"] * 9, "Answer_True": ["a"] * 9}).to_csv(tmp_path / "q.csv", index=False)
    code, printed = invoke("import", "csv", tmp_path / "q.csv", tmp_path / "out", "--map", mapped)
    assert (code, len(printed.splitlines())) == (2, 1)
    assert said in printed
    assert not (tmp_path / "out").exists()


def test_a_missing_column_is_one_line_that_teaches_the_map(tmp_path: Path) -> None:
    """Not a line for each of 3,080 rows."""
    pd.DataFrame({"Frage": ["A?"] * 3080, "Antwort": ["a"] * 3080}).to_csv(tmp_path / "q.csv", index=False)
    code, said = invoke("import", "csv", tmp_path / "q.csv", tmp_path / "out")
    assert code == 2
    assert (
        said.splitlines()
        == [
            f"error: {tmp_path}/q.csv: no column for question; name it with --map question=COLUMN "
            "(columns: 'Frage', 'Antwort')",
            f"error: {tmp_path}/q.csv: no column for targets; name it with --map targets=COLUMN "
            "(columns: 'Frage', 'Antwort')",
        ]
        or len(said.splitlines()) == 1
    )


def test_a_labelled_split_is_kept(tmp_path: Path) -> None:
    """Labels that are numbers, 0 too, become texts; samples from test, examples from train."""
    pd.DataFrame({"text": ["a", "b"], "label": [0, 3]}).to_csv(tmp_path / "test.csv", index=False)
    pd.DataFrame({"text": ["c"], "label": [0]}).to_json(tmp_path / "train.jsonl", orient="records", lines=True)
    samples, _, said = imported(tmp_path, "csv", "--train", tmp_path / "train.jsonl", "--test", tmp_path / "test.csv")
    assert [(s.question, s.targets) for s in samples] == [("a", ("0",)), ("b", ("3",))]
    taught = read_examples(tmp_path / "out" / "examples.jsonl")
    assert [(e.question, e.answer) for e in taught] == [("c", "0")]
    assert "no corpus, 2 samples, 1 training example" in said
    assert load_config(tmp_path / "out" / "ragvsft.yaml").names == ["prompt", "lora"]


def test_half_a_character_leaves_nothing_behind(tmp_path: Path) -> None:
    """Wherever it stands."""
    (tmp_path / "q.jsonl").write_text('{"question": "A?", "answers": ["\\ud83d"]}')
    code, said = invoke("import", "csv", tmp_path / "q.jsonl", tmp_path / "out")
    assert (code, len(said.splitlines())) == (2, 1)
    assert "q.jsonl line 1: answers holds \\ud83d" in said
    assert not (tmp_path / "out").exists()


def test_the_map_is_read_with_commas_in_names_of_columns() -> None:
    """A comma parts two fields only where a field follows."""
    assert read_map(["question=What, then,targets=A"], ("question", "targets")) == {
        "question": ["What, then"],
        "targets": ["A"],
    }
    with pytest.raises(EvalsetError):
        read_map(["=x"], ("question",))


def test_help_teaches_the_map() -> None:
    """With an example to copy."""
    _, said = invoke("import", "csv", "--help")
    assert "--map question=Question --map targets=Answer_True" in said


def test_answers_that_are_objects_are_what_they_say(tmp_path: Path) -> None:
    """SQuAD's of a hub, and TriviaQA's with their aliases, each once."""
    rows = [
        {"Question": "Which city?", "Answer": {"Value": "Oslo", "Aliases": ["Oslo", "Kristiania"], "Type": "W"}},
        {"Question": "Which sea?", "Answer": {"text": ["the North Sea", "North Sea"], "answer_start": [3, 7]}},
    ]
    samples, _, _ = imported(tmp_path, "csv", write(tmp_path / "t.json", {"Data": rows, "Version": 1.0}))
    assert [s.targets for s in samples] == [("Oslo", "Kristiania"), ("the North Sea", "North Sea")]


def test_a_given_split_is_kept_whole(tmp_path: Path) -> None:
    """Nothing is drawn or cut; what the test asks is neither taught nor shown in a guide."""
    pd.DataFrame({"text": [f"test {n}" for n in range(500)], "category": ["A", "B"] * 250}).to_csv(
        tmp_path / "test.csv", index=False
    )
    pd.DataFrame({"text": ["TEST 7!", "teach a", "teach b"], "category": ["A", "A", "C"]}).to_csv(
        tmp_path / "train.csv", index=False
    )
    samples, texts, said = imported(
        tmp_path, "utterances", "--train", tmp_path / "train.csv", "--test", tmp_path / "test.csv"
    )
    taught = read_examples(tmp_path / "out" / "examples.jsonl", doc_ids=texts)
    assert [s.question for s in samples] == [f"test {n}" for n in range(500)]
    assert [e.question for e in taught] == ["teach a", "teach b"]
    assert not any("TEST 7" in text for text in texts.values())
    schema = json.loads((tmp_path / "out" / "schema.json").read_text())
    assert schema["properties"] == {"intent": {"enum": ["A", "B", "C"]}}
    assert "1 record skipped" in said
    assert yaml.safe_load((tmp_path / "out" / "ragvsft.yaml").read_text())["notes"] == [
        "Samples and examples are the test and training splits that the data came with.",
        "Left out of the source: training messages that repeat another or one of the test split (1).",
    ]


def test_the_first_places_of_what_is_skipped_are_the_first_in_the_file(tmp_path: Path) -> None:
    """In whatever order the rows were looked at: line 9 before line 10."""
    rows = [{"text": f"say {n % 8}", "intent": "A"} for n in range(16)]
    _, _, said = imported(tmp_path, "utterances", write(tmp_path / "u.jsonl", rows, lines=True))
    assert "except for case and punctuation: 8 (line 1, line 2, line 3, ...)" in said


def test_slots_are_read_from_a_cell_and_numbers_become_texts(tmp_path: Path) -> None:
    """A dict as Python prints it; an intent of the number 0; a null slot is none."""
    slots = [{"city": "Rome", "n": 3}, {"city": None}] * 4
    frame = pd.DataFrame({"msg": [f"m{n}" for n in range(8)], "intent": [0, 1] * 4, "slots": slots})
    frame.to_csv(tmp_path / "u.csv", index=False)
    samples, texts, _ = imported(tmp_path, "utterances", "--map", "text=msg", tmp_path / "u.csv")
    assert sorted(texts) == ["0.md", "1.md"]
    targets = {json.loads(s.targets[0])["intent"]: json.loads(s.targets[0]) for s in samples}
    assert targets == {
        intent: {
            "0": {"intent": "0", "city": "Rome", "n": "3"},
            "1": {"intent": "1", "city": None, "n": None},
        }[intent]
        for intent in targets
    }


def test_intents_with_the_same_file_name_have_a_guide_each(tmp_path: Path) -> None:
    """A/B and A B would both be A_B.md."""
    rows = [{"text": f"m{n}", "intent": ["A/B", "A B"][n % 2]} for n in range(8)]
    _, texts, said = imported(tmp_path, "utterances", write(tmp_path / "u.jsonl", rows, lines=True))
    assert len(texts) == 2
    assert "2 documents" in said
