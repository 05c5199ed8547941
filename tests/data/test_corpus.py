"""A corpus: every format is read as text, every problem is named at once, passages lose no word."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from ragvsft.config.sections import PassagesConfig
from ragvsft.data.corpus import read_corpus
from ragvsft.data.passages import split
from ragvsft.errors import CorpusError, MissingExtra
from tests.make import a_document


def count_words(text: str) -> int:
    """Return the number of words: a tokenizer that can be checked by hand."""
    return len(text.split())


def passages_of(text: str, tokens: int = 16, overlap: int = 0) -> list[str]:
    """Return the texts of a document's passages, counted in words."""
    return [
        passage.text
        for passage in split([a_document(text)], PassagesConfig(tokens=tokens, overlap=overlap), count_words)
    ]


def pdf(text: str) -> bytes:
    """Return a PDF of one page that shows `text`, or nothing."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode() if text else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(content)
    return content + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def test_documents_come_by_doc_id(tmp_path: Path) -> None:
    """A doc_id is the POSIX path below the folder; hidden and unknown files are left out."""
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "b" / "x.txt").write_bytes(b"\xef\xbb\xbfone\r\ntwo\n")
    for name in ("z.MD", "a.md", "logo.png", ".hidden.md", ".git/config.md"):
        (tmp_path / name).write_text("text")
    documents = read_corpus(tmp_path)
    assert [document.doc_id for document in documents] == ["a.md", "b/x.txt", "z.MD"]
    assert documents[1].text == "one\ntwo\n"
    assert documents[1].sha256 == hashlib.sha256(b"\xef\xbb\xbfone\r\ntwo\n").hexdigest()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The error holds the path and what to give instead."""
    with pytest.raises(CorpusError, match="none is not a folder; name a folder of documents"):
        read_corpus(tmp_path / "none")


def test_a_folder_without_documents_says_which_suffixes_count(tmp_path: Path) -> None:
    """And how many files it passed over."""
    (tmp_path / "a.png").write_text("x")
    with pytest.raises(CorpusError, match=r"holds no documents: 1\sfile skipped; .*\.md \.txt \.pdf"):
        read_corpus(tmp_path)


def test_all_problems_of_a_corpus_are_told_at_once(tmp_path: Path) -> None:
    """Empty, blank, not UTF-8, broken PDF, PDF without text, broken DOCX: one line each, with its path."""
    pytest.importorskip("pypdf")
    pytest.importorskip("docx")
    (tmp_path / "a-empty.md").write_bytes(b"")
    (tmp_path / "b-blank.txt").write_bytes(b" \n\n")
    (tmp_path / "c-latin1.txt").write_bytes("Gebühr".encode("latin-1"))
    (tmp_path / "d-broken.pdf").write_bytes(b"%PDF-1.4 not really")
    (tmp_path / "e-scan.pdf").write_bytes(pdf(""))
    (tmp_path / "f-broken.docx").write_bytes(b"PK nothing")
    (tmp_path / "g-good.md").write_text("fine")
    with pytest.raises(CorpusError) as caught:
        read_corpus(tmp_path)
    said = [problem.removeprefix(f"{tmp_path}{os.sep}") for problem in caught.value.problems]
    assert len(said) == 6
    assert said[0].startswith("a-empty.md is empty (0 bytes)")
    assert said[1].startswith("b-blank.txt is empty (3 bytes)")
    assert said[2].startswith("c-latin1.txt: byte 3 (0xfc) is not UTF-8")
    assert said[3].startswith("d-broken.pdf is a broken or locked PDF")
    assert said[4].startswith("e-scan.pdf: 1 pages without text (scanned?)")
    assert said[5].startswith("f-broken.docx is a broken DOCX")
    assert not any("\n" in line for line in said)


def test_a_format_without_its_reader_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file and the command that installs the reader stand in the message."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)  # as on a machine without the extra
    (tmp_path / "a.pdf").write_bytes(pdf("x"))
    with pytest.raises(MissingExtra, match=r"a\.pdf: reading \.pdf needs pypdf: pip install 'ragvsft\[docs\]'"):
        read_corpus(tmp_path)


def test_a_pdf_is_read_as_its_text(tmp_path: Path) -> None:
    """The text of a hand-written PDF."""
    pytest.importorskip("pypdf")
    (tmp_path / "a.pdf").write_bytes(pdf("Leave is 26 weeks."))
    assert read_corpus(tmp_path)[0].text.strip() == "Leave is 26 weeks."


def test_a_docx_keeps_headings_and_tables(tmp_path: Path) -> None:
    """Headings become Markdown headings, tables Markdown tables, in the order of the document."""
    docx = pytest.importorskip("docx")
    made = docx.Document()
    made.add_heading("Leave", level=1)
    made.add_paragraph("Everybody has some.")
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Grade", "Days", "A", "26"], strict=True):
        cell.text = text
    made.add_paragraph("The end.")
    made.save(str(tmp_path / "a.docx"))
    assert read_corpus(tmp_path)[0].text == (
        "# Leave\n\nEverybody has some.\n\n| Grade | Days |\n|---|---|\n| A | 26 |\n\nThe end."
    )


def test_html_is_read_as_text(tmp_path: Path) -> None:
    """Scripts are gone, inline tags leave no gap, headings, lists and tables keep their form."""
    pytest.importorskip("lxml")
    (tmp_path / "a.html").write_text(
        "<html><head><title>Rates</title><style>p{}</style><script>alert(1)</script></head><body>"
        "<h2>Night</h2><p>It is <b>12</b>.5&nbsp;% &amp; more</p><ul><li>one</li><li>two</li></ul>"
        "<table><tr><th>Site</th><th>Rate</th></tr><tr><td>North\nEnd</td><td>3</td></tr></table></body></html>"
    )
    lines = [line for line in read_corpus(tmp_path)[0].text.replace("\xa0", " ").splitlines() if line.strip()]
    assert lines == [
        "# Rates",
        "## Night",
        "It is 12.5 % & more",
        "- one",
        "- two",
        "| Site | Rate |",
        "|---|---|",
        "| North End | 3 |",
    ]
