"""BEIR folders: queries with answers, judged in any form that people export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ragvsft.data.corpus import read_corpus
from ragvsft.data.evalset import read_samples
from ragvsft.data.importers.beir import import_beir
from ragvsft.errors import EvalsetError
from ragvsft.records import Sample
from tests.data.importers.written import imported, invoke, nothing_written, write, write_lines


def _folder(tmp_path: Path, *queries: dict[str, Any]) -> Path:
    """Return a BEIR folder of two documents, the first relevant to q1, both to q2."""
    write_lines(
        tmp_path / "beir" / "corpus.jsonl",
        {"_id": "doc/1", "title": "Title", "text": "Text one."},
        {"_id": "doc:1", "title": "", "text": "Text two."},
    )
    write_lines(tmp_path / "beir" / "queries.jsonl", *queries)
    (tmp_path / "beir" / "qrels").mkdir()
    (tmp_path / "beir" / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\tdoc/1\t1\nq1\tdoc:1\t0\nq2\tdoc:1\t1\nq2\tdoc/1\t2\n"
    )
    return tmp_path / "beir"


def test_queries_with_answers_become_samples(tmp_path: Path) -> None:
    """Most relevant document first; a query without answer is counted, one outside the split is not asked."""
    folder = _folder(
        tmp_path,
        {"_id": "q1", "text": "One?"},
        {"_id": "q2", "text": "Two?", "metadata": {"answer": "2"}},
        {"_id": "q3", "text": "Three?", "answers": ["3"]},
    )
    done = import_beir(folder, tmp_path / "corpus", tmp_path / "e.jsonl")
    texts = {document.doc_id: document.text for document in read_corpus(tmp_path / "corpus")}
    (sample,) = read_samples(tmp_path / "e.jsonl", doc_ids=texts)
    assert (sample.sample_id, sample.question, sample.targets) == ("q2", "Two?", ("2",))
    assert [texts[doc_id] for doc_id in sample.doc_ids] == ["Title\n\nText one.\n", "Text two.\n"]
    assert [(skip.cause, skip.count) for skip in done.skipped] == [("queries without an answer", 1)]


def test_relevance_without_answers_is_refused(tmp_path: Path) -> None:
    """The message says what to add."""
    folder = _folder(tmp_path, {"_id": "q1", "text": "One?"})
    with pytest.raises(EvalsetError, match=r'none of the 1 queries of test has an answer.*add "answers"'):
        import_beir(folder, tmp_path / "corpus", tmp_path / "e.jsonl")
    assert nothing_written(tmp_path)


def test_queries_without_answers_are_named_by_their_own_file(tmp_path: Path) -> None:
    """Not by the usual one, which is not there."""
    folder = _folder(tmp_path, {"_id": "q1", "text": "One?"})
    (folder / "queries.jsonl").rename(folder / "queries.json")
    with pytest.raises(EvalsetError, match=r"queries\.json: none of the 1 queries"):
        import_beir(folder, tmp_path / "corpus", tmp_path / "e.jsonl")


def test_broken_relevance_names_the_line(tmp_path: Path) -> None:
    """A document that is not there, and a line of two cells."""
    folder = _folder(tmp_path, {"_id": "q1", "text": "One?", "answers": ["1"]})
    (folder / "qrels" / "dev.tsv").write_text("q1\tdoc/9\t1\nq1\tdoc/1\n")
    with pytest.raises(EvalsetError) as caught:
        import_beir(folder, tmp_path / "corpus", tmp_path / "e.jsonl", split="dev")
    assert "dev.tsv line 1: corpus-id 'doc/9' is not in corpus.jsonl" in caught.value.problems[0]
    assert "dev.tsv line 2: 'q1\\tdoc/1' is not a judgement; write query-id" in caught.value.problems[1]


def _judged(tmp_path: Path, qrels: str | bytes, *, name: str = "test.tsv", ids: tuple[Any, Any] = (1, 7)) -> Path:
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
        ('"query_id","doc_id","note","relevance"\n"7","1","read by A, then B","1"\n', "test.csv"),
        ("query-id\tcorpus-id\tscore\n7\t1\t1\n".encode("utf-16"), "test.tsv"),
        ("7\t1\t1\n".encode("utf-16-le"), "test.tsv"),
        ("7\t1\t1\n".encode("utf-8-sig"), "test.tsv"),
    ],
)
def test_every_form_of_relevance_is_read(tmp_path: Path, qrels: str | bytes, name: str) -> None:
    """With and without a head, TREC's four columns, scores as floats, in any Unicode encoding; integer ids."""
    samples, texts, said = imported(tmp_path, "beir", _judged(tmp_path, qrels, name=name))
    assert samples == [Sample("7", "When does it run?", ("at night", "9"), ("1.txt",), "rephrased")]
    assert texts == {"1.txt": "Kiln\n\nIt runs at night.\n", "2.txt": "Glaze\n"}
    assert "skipped: documents without title and text: 1 (line 3)" in said


def test_latin_1_is_one_line(tmp_path: Path) -> None:
    """With the file, the place and the remedy."""
    folder = _judged(tmp_path, "query-id\tcorpus-id\tscore\nmüll\t1\t1\n".encode("latin-1"))
    code, said = invoke("import", "beir", folder, tmp_path / "out")
    assert code == 2
    assert len(said.splitlines()) == 1
    assert "test.tsv line 2: byte 1 is not UTF-8; save the file as UTF-8, as in: iconv" in said
    assert not (tmp_path / "out").exists()


def test_a_csv_file_with_line_ends_of_old_is_one_line(tmp_path: Path) -> None:
    """A lone carriage return ends no line here."""
    code, said = invoke("import", "beir", _judged(tmp_path, "7,1,1\r7,2,1\r", name="test.csv"), tmp_path / "out")
    assert (code, len(said.splitlines())) == (2, 1)
    assert "test.csv line 1: '7,1,1\\r7,2,1\\r' is not a judgement" in said


def test_thousands_of_unknown_documents_are_one_line(tmp_path: Path) -> None:
    """With how many and where they begin."""
    folder = _judged(tmp_path, "".join(f"7\tx{n}\t1\n" for n in range(3080)))
    code, said = invoke("import", "beir", folder, tmp_path / "out")
    assert (code, len(said.splitlines())) == (2, 1)
    assert "line 1: corpus-id 'x0' is not in corpus.jsonl; remove the line (3,080 times: line 1, line 2," in said


def test_a_judgement_of_a_document_without_text_is_skipped(tmp_path: Path) -> None:
    """The query keeps its other documents."""
    samples, _, said = imported(tmp_path, "beir", _judged(tmp_path, "7\t1\t1\n7\t3\t2\n"))
    assert samples[0].doc_ids == ("1.txt",)
    assert "skipped: judgements of documents without title and text: 1 (line 2)" in said
