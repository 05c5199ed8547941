"""Tables of questions, mapped from columns of any name."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ragvsft.config.load import load_config
from ragvsft.data.evalset import read_samples
from ragvsft.data.examples import read_examples
from ragvsft.data.importers.tabular import import_table
from ragvsft.errors import EvalsetError
from ragvsft.records import Sample
from tests.data.importers.written import imported, invoke, nothing_written, write


def test_a_table_becomes_samples(tmp_path: Path) -> None:
    """Several answers in one cell where a separator is named, ids after the row where no column holds them."""
    (tmp_path / "hr.csv").write_text("Question,Answer,doc_ids\nHow long?,26 weeks|half a year,a.md\nWho?,Ann,\n")
    import_table(tmp_path / "hr.csv", tmp_path / "e.jsonl", doc_ids=["a.md"], separator="|")
    assert read_samples(tmp_path / "e.jsonl", doc_ids=["a.md"]) == [
        Sample("hr-0001", "How long?", ("26 weeks", "half a year"), ("a.md",), "rephrased"),
        Sample("hr-0002", "Who?", ("Ann",), (), "rephrased"),
    ]


def test_a_bad_line_names_file_line_and_remedy(tmp_path: Path) -> None:
    """Missing answer, unknown document; nothing is written."""
    (tmp_path / "hr.csv").write_text("question,answers,doc_ids\nHow long?,,\nWho?,Ann,b.md\n")
    with pytest.raises(EvalsetError) as caught:
        import_table(tmp_path / "hr.csv", tmp_path / "e.jsonl", doc_ids=["a.md"])
    assert "hr.csv line 2: targets is empty; give at least one accepted answer" in caught.value.problems[0]
    assert "hr.csv line 3: doc_id 'b.md' is not in the corpus" in caught.value.problems[1]
    assert nothing_written(tmp_path)


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


def test_answers_that_are_objects_are_what_they_say(tmp_path: Path) -> None:
    """SQuAD's of a hub, and TriviaQA's with their aliases, each once."""
    rows = [
        {"Question": "Which city?", "Answer": {"Value": "Oslo", "Aliases": ["Oslo", "Kristiania"], "Type": "W"}},
        {"Question": "Which sea?", "Answer": {"text": ["the North Sea", "North Sea"], "answer_start": [3, 7]}},
    ]
    samples, _, _ = imported(tmp_path, "csv", write(tmp_path / "t.json", {"Data": rows, "Version": 1.0}))
    assert [s.targets for s in samples] == [("Oslo", "Kristiania"), ("the North Sea", "North Sea")]
