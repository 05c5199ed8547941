"""Evalsets: what is written is read, and every problem of a file is named at once, with its line."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragvsft.data.corpus import read_corpus
from ragvsft.data.evalset import read_samples
from ragvsft.data.examples import read_examples
from ragvsft.errors import EvalsetError, ExamplesError
from ragvsft.records import Sample
from ragvsft.store.files import jsonl
from tests.data.folders import NFC, NFD, folder_of

GOOD = {"sample_id": "s1", "question": "How long?", "targets": ["26 weeks"], "doc_ids": ["hr/leave.md"]}
CORPUS = ["hr/leave.md", "hr/pay.md"]

letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.text(letters, min_size=1).map(str.strip).filter(bool)


def problems_of(path: Path, *lines: object, suffix: str = ".jsonl") -> list[str]:
    """Return what is wrong with a file of these lines, without the folder in front."""
    file = path / f"hr{suffix}"
    file.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    with pytest.raises(EvalsetError) as caught:
        read_samples(file, doc_ids=CORPUS)
    return [problem.replace(f"{path}/", "") for problem in caught.value.problems]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(texts, st.lists(texts, min_size=1, max_size=3), st.lists(texts, max_size=2)), min_size=1))
def test_what_is_written_is_read(tmp_path: Path, parts: list[tuple[str, list[str], list[str]]]) -> None:
    """Any question, targets and doc_ids, line breaks and quotes in them too, come back as they were."""
    samples = [
        Sample(f"s{number}", question, tuple(targets), tuple(doc_ids), "multi-hop")
        for number, (question, targets, doc_ids) in enumerate(parts)
    ]
    (tmp_path / "e.jsonl").write_text(jsonl(samples))
    assert read_samples(tmp_path / "e.jsonl", doc_ids=None) == samples


def test_a_stratum_of_null_is_left_out(tmp_path: Path) -> None:
    """As pandas writes the empty cells of a column, and as null counts in every other field."""
    pd = pytest.importorskip("pandas")
    rows = pd.DataFrame([GOOD, {**GOOD, "sample_id": "s2", "stratum": "multi-hop"}])
    rows.to_json(tmp_path / "e.jsonl", orient="records", lines=True)
    found = read_samples(tmp_path / "e.jsonl", doc_ids=CORPUS)
    assert [sample.stratum for sample in found] == ["rephrased", "multi-hop"]


def test_a_stratum_left_out_is_rephrased(tmp_path: Path) -> None:
    """A byte order mark and blank lines do not count."""
    (tmp_path / "e.jsonl").write_text("\ufeff\n" + json.dumps(GOOD) + "\n\n")
    assert read_samples(tmp_path / "e.jsonl", doc_ids=CORPUS) == [
        Sample("s1", "How long?", ("26 weeks",), ("hr/leave.md",), "rephrased")
    ]


def test_an_unanswerable_sample_has_no_targets(tmp_path: Path) -> None:
    """It needs neither targets nor doc_ids."""
    line = {"sample_id": "s1", "question": "How long?", "stratum": "unanswerable"}
    (tmp_path / "e.jsonl").write_text(json.dumps(line))
    assert read_samples(tmp_path / "e.jsonl", doc_ids=CORPUS)[0].targets == ()


@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_a_cell_is_one_value_or_the_list_it_shows(tmp_path: Path, comma: str) -> None:
    """CSV with any of the three delimiters that spreadsheets write; a bar parts nothing by itself."""
    head = comma.join(["sample_id", "question", "targets", "doc_ids", "stratum"])
    one = comma.join(["s1", '"How\nlong?"', "ls | wc", "\"['hr/leave.md' 'hr/pay.md']\"", "multi-hop"])
    two = comma.join(["s2", "How much?", '"[""a|b"", ""c""]"', "", ""])
    (tmp_path / "e.csv").write_text(f"{head}\n{one}\n{two}\n")
    assert read_samples(tmp_path / "e.csv", doc_ids=CORPUS) == [
        Sample("s1", "How\nlong?", ("ls | wc",), ("hr/leave.md", "hr/pay.md"), "multi-hop"),
        Sample("s2", "How much?", ("a|b", "c"), (), "rephrased"),
    ]


@pytest.mark.parametrize("separator", ["|", ";", " / "])
def test_a_separator_parts_the_cells_of_a_table_where_the_user_names_one(tmp_path: Path, separator: str) -> None:
    """Targets and doc_ids, but no list and no question."""
    (tmp_path / "e.csv").write_text(
        f"sample_id,question,targets,doc_ids\ns1,a{separator}b?,x{separator}y,hr/leave.md{separator}hr/pay.md\n"
        f's2,c?,"[""x{separator}y""]",\n'
    )
    assert [
        (sample.question, sample.targets, sample.doc_ids)
        for sample in read_samples(tmp_path / "e.csv", doc_ids=CORPUS, separator=separator)
    ] == [
        (f"a{separator}b?", ("x", "y"), ("hr/leave.md", "hr/pay.md")),
        ("c?", (f"x{separator}y",), ()),
    ]


def test_parquet_is_read_as_jsonl(tmp_path: Path) -> None:
    """Lists of a column are lists, empty cells are left out."""
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    pd.DataFrame([GOOD, {**GOOD, "sample_id": "s2", "stratum": "multi-hop"}]).to_parquet(tmp_path / "e.parquet")
    assert [sample.stratum for sample in read_samples(tmp_path / "e.parquet", doc_ids=CORPUS)] == [
        "rephrased",
        "multi-hop",
    ]


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    """One line each: file, line number, value and remedy."""
    found = problems_of(
        tmp_path,
        GOOD,
        '{"sample_id": ',
        {**GOOD, "sample_id": "s2", "targets": []},
        {**GOOD, "sample_id": "s3", "question": " "},
        {**GOOD, "sample_id": "s4", "stratum": "hard"},
        {**GOOD, "sample_id": "s5", "targets": "26 weeks"},
        {**GOOD, "sample_id": 6},
        {**GOOD, "sample_id": "s7", "stratum": "unanswerable"},
        [1, 2],
    )
    assert [problem.split(":")[0] for problem in found] == [f"hr.jsonl line {n}" for n in (2, 9, 3, 4, 5, 6, 7, 8)]
    said = dict(problem.split(": ", 1) for problem in found)
    assert said["hr.jsonl line 2"].startswith("not JSON")
    assert said["hr.jsonl line 3"].startswith("targets is empty; give at least one accepted answer")
    assert said["hr.jsonl line 4"] == "question is empty; give it a text"
    assert said["hr.jsonl line 5"].startswith("stratum 'hard' is unknown; choose from seen-wording, rephrased")
    assert said["hr.jsonl line 6"] == 'targets is "26 weeks"; write a list: ["26 weeks"]'
    assert said["hr.jsonl line 7"] == "sample_id is 6; write it as a text in quotes"
    assert said["hr.jsonl line 8"].startswith("targets must be empty where the stratum is unanswerable")
    assert said["hr.jsonl line 9"].startswith("[1, 2] is not an object")


@pytest.mark.parametrize(("key", "meant"), [("qestion", "'question'"), ("answer", "'targets'"), ("id", "'sample_id'")])
def test_an_unknown_key_names_the_one_that_was_meant(tmp_path: Path, key: str, meant: str) -> None:
    """By spelling, or because other tools call it so."""
    assert problems_of(tmp_path, {**GOOD, key: "x"}) == [f"hr.jsonl line 1: unknown key {key!r}; did you mean {meant}?"]


def test_a_duplicate_id_names_both_lines(tmp_path: Path) -> None:
    """The later line is the problem, the earlier one stands in its text."""
    assert problems_of(tmp_path, GOOD, {**GOOD, "sample_id": "s2"}, GOOD) == [
        "hr.jsonl line 3: sample_id 's1' is already used in hr.jsonl line 1; ids must differ"
    ]


def test_a_doc_id_that_does_not_exist_names_the_nearest(tmp_path: Path) -> None:
    """Or, if none is near, what a doc_id is."""
    assert problems_of(
        tmp_path, {**GOOD, "doc_ids": ["leave.md"]}, {**GOOD, "sample_id": "s2", "doc_ids": ["zzz"]}
    ) == [
        "hr.jsonl line 1: doc_id 'leave.md' is not in the corpus; did you mean 'hr/leave.md'?",
        "hr.jsonl line 2: doc_id 'zzz' is not in the corpus; write its path below the corpus folder",
    ]


def test_a_line_of_a_table_is_counted_with_its_line_breaks(tmp_path: Path) -> None:
    """The second row begins in line 4, because the first one has a line break in a cell."""
    found = problems_of(tmp_path, "sample_id,question,targets", 's1,"a\nb",x', "s2,,x", "s3,a,b,c", suffix=".csv")
    assert found == [
        "hr.csv line 5: more cells than the header has; put texts with commas in quotes",
        "hr.csv line 4: question is missing; give it a text",
    ]


def test_files_that_cannot_be_read_are_problems(tmp_path: Path) -> None:
    """Missing, of an unknown kind, not UTF-8, without a line, or not what its suffix says."""
    (tmp_path / "e.jsonl").write_bytes(b'{"question": "Geb\xfchr"}\n')
    (tmp_path / "none.jsonl").write_text("\n")
    (tmp_path / "x.xlsx").write_bytes(b"PK")
    (tmp_path / "e.parquet").write_bytes(b"no")
    for name, said in [
        ("y.jsonl", "cannot be read"),
        ("x.xlsx", r"suffix '\.xlsx' is unknown; use one of \.jsonl \.csv \.parquet"),
        ("e.jsonl", "line 1: byte 17 is not UTF-8"),
        ("none.jsonl", "holds no samples"),
        ("e.parquet", "not Parquet"),
    ]:
        with pytest.raises(EvalsetError, match=said):
            read_samples(tmp_path / name, doc_ids=None)


@pytest.mark.parametrize("on_disk", [NFC, NFD])
@pytest.mark.parametrize("asked", [NFC, NFD])
def test_a_doc_id_matches_in_any_unicode_form(tmp_path: Path, on_disk: str, asked: str) -> None:
    """Samples and examples then name the document as it is called, so that recall counts it."""
    corpus = folder_of(tmp_path / "corpus", f"ä/{on_disk}")
    doc_ids = [document.doc_id for document in read_corpus(corpus)]
    row = {"question": "When?", "doc_ids": [f"a\u0308/{asked}"]}
    (tmp_path / "e.jsonl").write_text(json.dumps({**row, "sample_id": "1", "targets": ["x"]}))
    (tmp_path / "x.jsonl").write_text(json.dumps({**row, "example_id": "1", "answer": "x"}))
    assert list(read_samples(tmp_path / "e.jsonl", doc_ids=doc_ids)[0].doc_ids) == doc_ids == [f"ä/{NFC}"]
    assert list(read_examples(tmp_path / "x.jsonl", doc_ids=doc_ids)[0].doc_ids) == doc_ids


def _samples(path: Path, doc_ids: list[str]) -> Path:
    """Return an evalset that asks for documents."""
    rows = ({"sample_id": str(n), "question": "?", "targets": ["x"], "doc_ids": [d]} for n, d in enumerate(doc_ids))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_file_that_was_left_out_is_told_as_such(tmp_path: Path) -> None:
    """Not as an unknown name."""
    path = _samples(tmp_path / "e.jsonl", ["deck.odp"])
    with pytest.raises(EvalsetError) as caught:
        read_samples(path, doc_ids=["a.md"], left_out={"deck.odp": "unknown suffix .odp"})
    assert caught.value.problems[0].endswith(
        "line 1: doc_id 'deck.odp' is not in the corpus; that file is left out: unknown suffix .odp"
    )


def test_thousands_are_one_line_and_take_seconds(tmp_path: Path) -> None:
    """The first three places, how many, and what was meant."""
    known = [f"guide/page-{n}.md" for n in range(20_000)]
    path = _samples(tmp_path / "e.jsonl", [f"page-{n}.markdown" for n in range(20_000)])
    begun = time.perf_counter()
    with pytest.raises(EvalsetError) as caught:
        read_samples(path, doc_ids=known)
    assert time.perf_counter() - begun < 10
    [line] = caught.value.problems
    assert "doc_id 'page-0.markdown' is not in the corpus; did you mean 'guide/page-0.md'?" in line
    assert "20,000 times: line 1, line 2, line 3" in line
    assert len(line) < 1000


def test_examples_too(tmp_path: Path) -> None:
    """The same name in three rows."""
    rows = [{"example_id": str(n), "question": "?", "answer": "x", "doc_ids": ["b.md"]} for n in range(3)]
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(ExamplesError) as caught:
        read_examples(tmp_path / "x.jsonl", doc_ids=["a.md"])
    assert "doc_id 'b.md' is not in the corpus" in caught.value.problems[0]
