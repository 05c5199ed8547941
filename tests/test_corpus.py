"""A corpus: every format is read as text, every problem is named at once, passages lose no word."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragvsft.config import PassagesConfig
from ragvsft.corpus import read_corpus
from ragvsft.errors import CorpusError, MissingExtra
from ragvsft.passages import split
from ragvsft.records import Document


def count_words(text: str) -> int:
    """Return the number of words: a tokenizer that can be checked by hand."""
    return len(text.split())


def document(text: str, doc_id: str = "a.md") -> Document:
    """Return a document of one text."""
    return Document(doc_id, text, "")


def passages_of(text: str, tokens: int = 16, overlap: int = 0) -> list[str]:
    """Return the texts of a document's passages, counted in words."""
    return [
        passage.text for passage in split([document(text)], PassagesConfig(tokens=tokens, overlap=overlap), count_words)
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


class TestReading:
    def test_documents_come_by_doc_id(self, tmp_path: Path) -> None:
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

    def test_a_missing_folder_is_named(self, tmp_path: Path) -> None:
        """The error holds the path and what to give instead."""
        with pytest.raises(CorpusError, match="none is no folder; name a folder of documents"):
            read_corpus(tmp_path / "none")

    def test_a_folder_without_documents_says_which_suffixes_count(self, tmp_path: Path) -> None:
        """And how many files it passed over."""
        (tmp_path / "a.png").write_text("x")
        with pytest.raises(CorpusError, match=r"holds no documents: 1 files skipped; .*\.md \.txt \.pdf"):
            read_corpus(tmp_path)

    def test_all_problems_of_a_corpus_are_told_at_once(self, tmp_path: Path) -> None:
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

    def test_a_format_without_its_reader_names_the_extra(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The file and the command that installs the reader stand in the message."""
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)  # as on a machine without the extra
        (tmp_path / "a.pdf").write_bytes(pdf("x"))
        with pytest.raises(MissingExtra, match=r"a\.pdf: reading \.pdf needs pypdf: pip install 'ragvsft\[docs\]'"):
            read_corpus(tmp_path)

    def test_a_pdf_is_read_as_its_text(self, tmp_path: Path) -> None:
        """The text of a hand-written PDF."""
        pytest.importorskip("pypdf")
        (tmp_path / "a.pdf").write_bytes(pdf("Leave is 26 weeks."))
        assert read_corpus(tmp_path)[0].text.strip() == "Leave is 26 weeks."

    def test_a_docx_keeps_headings_and_tables(self, tmp_path: Path) -> None:
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

    def test_html_is_read_as_text(self, tmp_path: Path) -> None:
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


class TestSplitting:
    def test_passages_are_numbered_within_their_document(self) -> None:
        """Ids are "<doc_id>#<number from 0>"."""
        made = split([document("One.", "a.md"), document("Two.", "b.md")], PassagesConfig(), count_words)
        assert [(passage.passage_id, passage.doc_id, passage.text) for passage in made] == [
            ("a.md#0", "a.md", "One."),
            ("b.md#0", "b.md", "Two."),
        ]

    def test_each_passage_begins_with_the_heading_of_its_document(self) -> None:
        """The passage that holds the heading has it once; its words count."""
        body = " ".join(f"Sentence number {n} has just eight words here." for n in range(4))
        texts = passages_of(f"# Leave policy #\n\n{body}", tokens=18)
        assert texts[0].startswith("# Leave policy #\nSentence number 0")
        assert all(text.startswith("Leave policy\nSentence") for text in texts[1:])
        assert all(count_words(text) <= 18 for text in texts)
        assert len(texts) == 3  # one, two and one sentence of eight words under 18 - 2

    def test_a_text_document_is_headed_by_its_short_first_line(self) -> None:
        """A first line that is a sentence heads nothing."""
        prose = "Word " * 12 + "end. "
        assert passages_of(f"Release notes\n\n{prose * 2}")[-1].startswith("Release notes\nWord")
        assert passages_of(f"This is a sentence.\n\n{prose * 2}")[-1].startswith("Word")

    def test_a_table_is_split_between_rows(self) -> None:
        """No row is cut, though its cells hold commas and full stops."""
        rows = [f"| site {n}. North, old | {n},5 |" for n in range(6)]
        texts = passages_of("\n".join(rows), tokens=18)
        assert [line for text in texts for line in text.splitlines()] == rows

    def test_a_passage_that_begins_within_a_table_begins_with_its_head(self) -> None:
        """Each row stands below the names of its columns, and no passage grows too long for it."""
        rows = [f"| site {n} | {n} |" for n in range(9)]
        texts = passages_of("\n".join(["| Site | Rate |", "| --- | --- |", *rows, "", "After the table."]), tokens=28)
        assert len(texts) > 2
        for text in texts:
            assert text.startswith("| Site | Rate |\n| --- | --- |\n| site ")
            assert count_words(text) <= 28
        assert [line for text in texts for line in text.splitlines() if "site" in line] == rows
        assert texts[-1].endswith("After the table.")

    def test_a_head_that_leaves_no_room_for_rows_is_not_repeated(self) -> None:
        """What is left would be too little to hold a row."""
        rows = [f"| site {n} | {n} |" for n in range(4)]
        texts = passages_of("\n".join(["| Site | Rate |", "| --- | --- |", *rows]), tokens=16)
        assert sum("Rate" in text for text in texts) == 1

    def test_wrapped_prose_is_split_between_sentences(self) -> None:
        """A line break within a paragraph is no border."""
        texts = passages_of(
            "This is the first sentence, which goes on\nover two lines here. The second one does the\nsame thing again."
        )
        assert texts == [
            "This is the first sentence, which goes on\nover two lines here.",
            "The second one does the\nsame thing again.",
        ]

    def test_what_says_nothing_is_shortened(self) -> None:
        """Runs of blanks, padded cells, long rules and blank lines shrink; words and single breaks stay."""
        assert passages_of("| a    |  b |\n|------|----|\n| 1\t | 2  |\n\n\n\nEnd  of   it.") == [
            "| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd of it."
        ]

    @settings(max_examples=60, deadline=None)
    @given(st.text("ab.,;!|#*1? \n", min_size=1), st.integers(16, 40))
    def test_no_word_is_lost(self, text: str, tokens: int) -> None:
        """Without overlap and heading, the words of the passages are the words of the document, in order."""
        text = "This first line is a sentence.\n\n" + re.sub(r"^#", "+", text, flags=re.MULTILINE).replace("\n#", "\n+")
        texts = passages_of(re.sub(r"(?m)^(\s*)#", r"\1+", text), tokens=tokens)
        expected = re.sub(r"(?m)^(\s*)#", r"\1+", text).split()
        assert [word for passage in texts for word in passage.split()] == expected
        assert all(count_words(passage) <= tokens for passage in texts)

    def test_neighbours_share_their_border(self) -> None:
        """With an overlap of 8 words, the last sentence of a passage of eight-word sentences begins the next one."""
        body = " ".join(f"Sentence number {n} has just eight words here." for n in range(4))
        texts = passages_of(body, tokens=24, overlap=8)
        assert texts[1].startswith("Sentence number 2")
        assert texts[0].endswith("Sentence number 2 has just eight words here.")
