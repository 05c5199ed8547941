"""SQuAD and what looks like it become a corpus and an evalset, or nothing at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ragvsft.config.load import load_config
from ragvsft.data.corpus import read_corpus
from ragvsft.data.evalset import read_samples
from ragvsft.data.examples import read_examples
from ragvsft.data.importers.squad import import_squad
from ragvsft.errors import EvalsetError, OutputError
from ragvsft.prompts import REFUSAL
from ragvsft.records import Sample
from tests.data.importers.written import imported, invoke, nothing_written, question, squad, write
from tests.paths import SHARED

SQUAD_WIKI = SHARED / "data" / "squad-wiki" / "squad-wiki.json"


def test_paragraphs_become_documents_and_questions_samples(tmp_path: Path) -> None:
    """Title and paragraph in the text, each target once, an impossible question without targets."""
    data = squad(question("q1", "France", "in France", "France"), question("q2", is_impossible=True))
    (tmp_path / "s.json").write_text(json.dumps(data))
    done = import_squad(tmp_path / "s.json", tmp_path / "corpus", tmp_path / "e.jsonl")
    documents = read_corpus(tmp_path / "corpus")
    assert [(document.doc_id, document.text) for document in documents] == [
        ("The_Normans_old/000.txt", "The Normans/old\n\nNormandy is in France.\n"),
        ("The_Normans_old/001.txt", "The Normans/old\n\nIt rains.\n"),
    ]
    assert read_samples(tmp_path / "e.jsonl", doc_ids=[document.doc_id for document in documents]) == [
        Sample("q1", "q1?", ("France", "in France"), ("The_Normans_old/000.txt",), "rephrased"),
        Sample("q2", "q2?", (), ("The_Normans_old/000.txt",), "unanswerable"),
    ]
    assert (done.documents, done.samples, done.examples) == (2, 2, 0)


def test_titles_that_make_the_same_file_name_keep_their_paragraphs_apart(tmp_path: Path) -> None:
    """C, C++ and C in a second part: no document replaces another, and each question finds its own."""
    articles = [
        {"title": title, "paragraphs": [{"context": f"Text {number}.", "qas": [question(f"q{number}", "Text")]}]}
        for number, title in enumerate(["C", "C++", "C"])
    ]
    (tmp_path / "s.json").write_text(json.dumps({"data": articles}))
    import_squad(tmp_path / "s.json", tmp_path / "corpus", tmp_path / "e.jsonl")
    texts = {document.doc_id: document.text for document in read_corpus(tmp_path / "corpus")}
    samples = read_samples(tmp_path / "e.jsonl", doc_ids=texts)
    assert [f"Text {number}." in texts[sample.doc_ids[0]] for number, sample in enumerate(samples)] == [True] * 3


def test_a_share_of_the_questions_becomes_examples(tmp_path: Path) -> None:
    """Every question is a sample or an example; the same seed draws the same; the notes say what a split shows."""
    asked = [question(f"q{n}", "the long answer", "short") for n in range(8)]
    data = squad(*asked, question("q8", is_impossible=True), question("q9", is_impossible=True))
    (tmp_path / "s.json").write_text(json.dumps(data))
    for name in "ab":
        done = import_squad(
            tmp_path / "s.json",
            tmp_path / f"corpus-{name}",
            tmp_path / f"e-{name}.jsonl",
            examples_out=tmp_path / f"x-{name}.jsonl",
            examples_share=0.6,
            seed=3,
        )
    assert (tmp_path / "x-a.jsonl").read_bytes() == (tmp_path / "x-b.jsonl").read_bytes()
    taught = read_examples(tmp_path / "x-a.jsonl")
    tested = {sample.sample_id for sample in read_samples(tmp_path / "e-a.jsonl", doc_ids=None)}
    assert len(taught) == 6
    assert tested | {example.example_id for example in taught} == {f"q{n}" for n in range(10)}
    assert {example.answer for example in taught} <= {"short", REFUSAL}
    assert any("never saw" in note for note in done.notes)


def test_all_problems_are_told_and_nothing_is_written(tmp_path: Path) -> None:
    """Each with the path inside the file."""
    data = squad(question("q1", "x"), question("q2", "x"), question("q3", "x"), question("q3", "y"))
    data["data"][0]["paragraphs"][0]["qas"][1]["question"] = [1]
    data["data"].append({"title": "T"})
    (tmp_path / "s.json").write_text(json.dumps(data))
    with pytest.raises(EvalsetError) as caught:
        import_squad(tmp_path / "s.json", tmp_path / "corpus", tmp_path / "e.jsonl")
    said = "\n".join(problem.removeprefix(f"{tmp_path}/s.json ") for problem in caught.value.problems)
    assert "data[0] paragraphs[0] qas[1]: question is [1]; write it as a text in quotes" in said
    assert "data[0] paragraphs[0] qas[3]: sample_id 'q3' is already used in" in said
    assert "data[1]: has neither paragraphs nor context and question" in said
    assert nothing_written(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not JSON"),
        ("[]", "holds no question with an answer"),
        ("[1]", "is not a list of objects"),
        ("{}", "has neither paragraphs nor context and question"),
        (None, "cannot be read"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: str | None, said: str) -> None:
    """In one line."""
    if content is not None:
        (tmp_path / "s.json").write_text(content)
    with pytest.raises(EvalsetError, match=said):
        import_squad(tmp_path / "s.json", tmp_path / "corpus", tmp_path / "e.jsonl")


def test_an_old_evalset_is_not_overwritten(tmp_path: Path) -> None:
    """And no corpus appears beside it."""
    (tmp_path / "s.json").write_text(json.dumps(squad(question("q1", "x"))))
    (tmp_path / "old.jsonl").write_text("mine")
    with pytest.raises(OutputError, match="already exists"):
        import_squad(tmp_path / "s.json", tmp_path / "corpus", tmp_path / "old.jsonl")
    assert (tmp_path / "old.jsonl").read_text() == "mine"
    assert nothing_written(tmp_path)


@pytest.mark.skipif(not SQUAD_WIKI.exists(), reason="the public data is not here")
def test_real_squad_has_all_its_paragraphs_and_questions(tmp_path: Path) -> None:
    """405 paragraphs, 3,872 questions, 1,988 of them unanswerable, as its source says."""
    done = import_squad(SQUAD_WIKI, tmp_path / "corpus", tmp_path / "e.jsonl")
    samples = read_samples(tmp_path / "e.jsonl", doc_ids=None)
    assert (done.documents, done.samples) == (405, 3872)
    assert sum(sample.stratum == "unanswerable" for sample in samples) == 1988
    assert len({sample.cluster for sample in samples}) == 405


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
