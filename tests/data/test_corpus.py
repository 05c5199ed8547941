"""A corpus: every format is read as text, every problem is named at once, passages lose no word."""

from __future__ import annotations

import hashlib
import json
import os
import time
import unicodedata
from pathlib import Path

import pytest

from ragvsft.codec import to_dict
from ragvsft.data.corpus import account, read_corpus, read_folder, said
from ragvsft.data.evalset import read_samples
from ragvsft.errors import CorpusError, MissingExtra
from ragvsft.evidence.manifest import CorpusFacts
from tests.data.folders import NFC, NFD, TEXT, folder_of
from tests.paths import SHARED


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


def left_out(folder: Path) -> dict[str, str]:
    """Return the causes by path."""
    return {one.path: one.cause for one in read_folder(folder).left_out}


def test_every_file_that_is_not_read_has_a_cause(tmp_path: Path) -> None:
    """Suffixes that are unknown or missing, hidden, temporary, links that lead out or nowhere, placeholders."""
    outside = folder_of(tmp_path / "outside", "x.md", "folder/y.md")
    corpus = folder_of(
        tmp_path / "corpus", "a.md", "b/c.txt", "notes.odt", "deck.KEY", "README", ".env", ".git/config.md",
        "~$report.docx", "b/.hidden.md",
    )  # fmt: skip
    (corpus / "slides.pptx").write_bytes(b"PK\x03\x04")
    (corpus / "inside.md").symlink_to(corpus / "a.md")
    (corpus / "out.md").symlink_to(outside / "x.md")
    (corpus / "nowhere.md").symlink_to(outside / "none.md")
    (corpus / "linked").symlink_to(outside / "folder")
    os.mkfifo(corpus / "pipe.md")
    assert left_out(corpus) == {
        "notes.odt": "unknown suffix .odt",
        "deck.KEY": "unknown suffix .key",
        "README": "no suffix",
        ".env": "hidden file",
        ".git": "hidden folder",
        "b/.hidden.md": "hidden file",
        "~$report.docx": "lock file of an open document",
        "slides.pptx": "nothing but the first 4 bytes of a file",
        "out.md": "link to outside the folder",
        "nowhere.md": "broken link",
        "linked": "linked folder",
        "pipe.md": "not a regular file",
    }
    assert [document.doc_id for document in read_corpus(corpus)] == ["a.md", "b/c.txt", "inside.md"]


def test_a_corpus_folder_may_be_a_link_itself(tmp_path: Path) -> None:
    """What lies in it does not lead out of it."""
    folder_of(tmp_path / "real", "a.md")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert len(read_folder(tmp_path / "link").documents) == 1
    assert left_out(tmp_path / "link") == {}


def test_the_counts_are_of_all_and_the_names_of_the_first(tmp_path: Path) -> None:
    """The manifest does not grow with the folder."""
    folder_of(tmp_path, "a.md", *(f"{n:03}.odt" for n in range(250)), "x.png")
    found = account(read_folder(tmp_path))
    assert found.left_out.files == 251
    assert found.left_out.by_cause == {"unknown suffix .odt": 250, "unknown suffix .png": 1}
    assert len(found.left_out.first) == 200
    assert said(found) == [
        "251 files left out: unknown suffix .odt (250), unknown suffix .png (1); manifest.json lists the first 200"
    ]


def test_before_a_run_the_names_are_told(tmp_path: Path) -> None:
    """A dry run leaves no manifest to look into."""
    folder_of(tmp_path, "a.md", "b.odt")
    assert said(account(read_folder(tmp_path)), stored=False) == ["1 file left out: unknown suffix .odt (1): b.odt"]


def test_nothing_left_out_says_nothing(tmp_path: Path) -> None:
    """No line, and none for a manifest of an older version."""
    assert said(account(read_folder(folder_of(tmp_path, "a.md")))) == []
    assert said(CorpusFacts("docs", 1, 9, "sha").account) == []


def test_what_readers_dropped_is_summed(tmp_path: Path) -> None:
    """Per kind, over the documents."""
    pytest.importorskip("docutils")
    for name in ("a.rst", "b.rst"):
        (tmp_path / name).write_text(f"{TEXT}\n\n.. one comment\n\n.. another\n")
    found = account(read_folder(tmp_path))
    assert [(one.what, one.count, one.documents) for one in found.dropped] == [("comments", 4, 2)]
    assert said(found) == ["dropped in reading: comments (4)"]


def test_a_document_of_almost_nothing_is_a_warning(tmp_path: Path) -> None:
    """It stands beside the document's name; past a few, their number."""
    for n in range(6):
        (tmp_path / f"{n}.html").write_text(f"<html><head><style>{'a' * 900}</style></head><body>Menu</body></html>")
    lines = said(account(read_folder(tmp_path)))
    assert len(lines) == 1 + 4  # the styles that were dropped, and the notes
    assert lines[1].startswith("note: 0.html: holds almost no text")
    assert lines[-1].endswith("(and 2 more notes)")


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The documents in it would be lost unsaid."""
    folder_of(tmp_path, "a.md", "b/c.md")
    listed = os.scandir

    def scandir(place: str) -> object:
        if place.endswith("b"):
            raise PermissionError(13, "Permission denied")
        return listed(place)

    monkeypatch.setattr("os.scandir", scandir)
    with pytest.raises(CorpusError, match=r"b: cannot be listed \(Permission denied\)"):
        read_corpus(tmp_path)


def test_a_missing_reader_is_one_line_for_all_files_of_its_suffix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line per suffix, not per file."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    folder_of(tmp_path, "a.xlsx", "b.xlsx", "c.xlsx", "d.rst")
    with pytest.raises(MissingExtra) as caught:
        read_corpus(tmp_path)
    assert [problem.removeprefix(f"{tmp_path}/") for problem in caught.value.problems] == [
        "a.xlsx: reading .xlsx needs openpyxl: pip install 'ragvsft[docs]' (as do 2 more files)",
        "d.rst: reading .rst needs docutils: pip install 'ragvsft[docs]'",
    ]


def test_many_small_files_take_seconds(tmp_path: Path) -> None:
    """20,000 take less than 20; here a tenth of them."""
    folder_of(tmp_path, *(f"{n // 100}/{n}.md" for n in range(2_000)))
    begun = time.perf_counter()
    assert len(read_corpus(tmp_path)) == 2_000
    assert time.perf_counter() - begun < 5


def test_two_files_that_differ_in_form_only(tmp_path: Path) -> None:
    """No doc_id could tell them apart; both are written so that they can be."""
    folder_of(tmp_path, NFC)
    if os.path.exists(tmp_path / NFD):
        pytest.skip("this disk keeps one form of a name")
    folder_of(tmp_path, NFD)
    with pytest.raises(CorpusError) as caught:
        read_corpus(tmp_path)
    [line] = caught.value.problems
    assert "differ only in the Unicode form of that name" in line
    assert r"\xdcberstunden" in line
    assert r"U\u0308berstunden" in line


def test_a_name_that_is_no_text_is_one_line(tmp_path: Path) -> None:
    """The bytes are shown, so that the file can be found; the other problems are told, too."""
    folder_of(tmp_path, "a.md")
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text(TEXT)
    except OSError:
        pytest.skip("this disk keeps names as text")
    (tmp_path / "empty.md").write_text("")
    with pytest.raises(CorpusError) as caught:
        read_corpus(tmp_path)
    assert caught.value.problems[0] == rf"{tmp_path}: the name caf\xe9.md is not UTF-8; rename the file"
    assert "empty.md is empty" in caught.value.problems[1]


def test_such_a_name_can_be_left_out_and_stored(tmp_path: Path) -> None:
    """The manifest and the report are UTF-8."""
    folder_of(tmp_path, "a.md")
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.odt")).write_text(TEXT)
    except OSError:
        pytest.skip("this disk keeps names as text")
    assert json.dumps(to_dict(account(read_folder(tmp_path))), ensure_ascii=False).encode()
    assert left_out(tmp_path) == {r"caf\xe9.odt": "unknown suffix .odt"}


@pytest.mark.parametrize(("case", "documents", "files"), [("06-skipped-files", 3, 1), ("07-nfd-file-name", 1, 0)])
def test_reported_cases(case: str, documents: int, files: int) -> None:
    """The folders that people reported: what can be read is, the rest is listed, every doc_id is found."""
    folder = SHARED / "cases" / case
    if not folder.is_dir():
        pytest.skip("the reported cases are not here")
    corpus = read_folder(folder / "documents")
    assert (len(corpus.documents), len(corpus.left_out)) == (documents, files)
    known = {document.doc_id for document in corpus.documents}
    asked = {doc_id for sample in read_samples(folder / "questions.jsonl", doc_ids=known) for doc_id in sample.doc_ids}
    assert asked
    assert asked <= known


@pytest.mark.parametrize("name", ["café.md", "Ångström.txt", "한국어.md", "ガイド.md", "Việt Nam.md", "ẛ̣.md"])
def test_in_any_script(tmp_path: Path, name: str) -> None:
    """Hangul, kana with marks, letters with two marks, in either form on disk."""
    for form in ("NFC", "NFD"):
        corpus = folder_of(tmp_path / form, unicodedata.normalize(form, name))
        assert read_corpus(corpus)[0].doc_id == unicodedata.normalize("NFC", name)


def test_half_a_surrogate_pair_in_a_text(tmp_path: Path) -> None:
    """It becomes U+FFFD: a text that cannot be encoded can be neither hashed nor shown."""
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": f"{TEXT} \ud83d."}]}))
    assert read_corpus(tmp_path)[0].text.strip() == f"{TEXT} \N{REPLACEMENT CHARACTER}."
