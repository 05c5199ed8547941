"""Formats beside PDF, DOCX and HTML: what people see is text, the rest is counted, what is broken is one line."""

from __future__ import annotations

import json
import zipfile
from datetime import date, datetime
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from ragvsft.data.reading.formats import FORMATS
from ragvsft.data.reading.result import Reading
from ragvsft.errors import CorpusError


def read(name: str, data: bytes) -> Reading:
    """Return what the reader of a suffix makes of a file."""
    form = FORMATS[Path(name).suffix]
    if form.needs:
        pytest.importorskip(form.needs)
    return form.read(Path(name), data)


def saved(made: Any) -> bytes:
    """Return the file that a document of a library is saved as."""
    made.save(buffer := BytesIO())
    return buffer.getvalue()


def dropped(reading: Reading) -> dict[str, int]:
    """Return how many of each kind were dropped."""
    return {one.what: one.count for one in reading.dropped}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsx", b"PK\x03\x04 and no more", "a.xlsx is a broken XLSX"),
        ("a.xlsx", b"name,days", "a.xlsx is a broken XLSX"),
        ("a.pptx", b"PK\x03\x04 and no more", "a.pptx is a broken PPTX"),
        ("a.epub", b"PK\x03\x04 and no more", "a.epub is a broken EPUB"),
        ("a.ipynb", b'{"cells": [', "a.ipynb is a broken notebook"),
        ("a.ipynb", b'{"nbformat": 4}', "a.ipynb is a broken notebook"),
        ("a.ipynb", b'{"cells": [1]}', "a.ipynb is a broken notebook"),
        ("a.eml", b"\x00\x01\x02", "a.eml is a broken EML"),
        ("a.csv", "Gebühr;1".encode("latin-1"), "a.csv: byte 3 (0xfc) is not UTF-8"),
        ("a.rst", "Gebühr".encode("latin-1"), "a.rst: byte 3 (0xfc) is not UTF-8"),
    ],
)
def test_a_broken_file_is_one_line(name: str, data: bytes, said: str) -> None:
    """The line holds the path and what to do."""
    with pytest.raises(CorpusError) as caught:
        read(name, data)
    [line] = caught.value.problems
    assert line.startswith(said)
    assert "\n" not in line
    assert "save" in line


@pytest.mark.parametrize("name", ["a.xlsx", "a.pptx", "a.epub"])
def test_a_zip_of_something_else_is_one_line(name: str) -> None:
    """An archive that is no document of its suffix."""
    with zipfile.ZipFile(buffer := BytesIO(), "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(CorpusError, match=f"{name} is a broken"):
        read(name, buffer.getvalue())


@pytest.mark.parametrize("limit", ["MOST_BYTES", "MOST_MARKUP"])
def test_an_archive_that_unpacks_to_more_than_is_read(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sizes in its directory are enough to refuse it; markup, which grows in memory, has a limit of its own."""
    monkeypatch.setattr(f"ragvsft.data.reading.archives.{limit}", 1000)
    with zipfile.ZipFile(buffer := BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", " " * 5000)
    with pytest.raises(CorpusError, match=r"a\.xlsx unpacks to 5,000 bytes"):
        read("a.xlsx", buffer.getvalue())


TEXT = """\
.. _top:

Travel
======

:author: Ann

Trains are booked by the *office*, see :ref:`the desk <desk>` and
:class:`~pkg.mod.Trip`; use ``book``. Also `Site <https://x.org>`_.

.. a comment for editors

.. note:: Keep receipts.

.. toctree::
   :maxdepth: 2

   other-file

.. versionadded:: 2.1
   The fast way.

.. code-block:: python
   :linenos:

   x = 1

.. py:function:: go(there)
   :noindex:

   Goes there.

.. list-table:: Rates
   :header-rows: 1

   * - City
     - Rate
   * - Rome
     - 120

+-------+------+
| Grade | Days |
+=======+======+
| A     | 26   |
|       +------+
|       | 30   |
+-------+------+

Abroad
------

per diem
   Paid per day.

- one
- two

1. first
2. second

.. image:: map.png
   :alt: A map

.. include:: /etc/hostname

Over[1]_.

.. [1] Once a year.
"""


def test_markup_is_what_it_stands_for() -> None:
    """Sections are headings; roles, targets and directives leave their text."""
    text = read("a.rst", TEXT.encode()).text
    for line in (
        "# Travel",
        "author: Ann",
        "Trains are booked by the office, see the desk and",
        "Trip; use `book`. Also Site.",
        "Note: Keep receipts.",
        "New in 2.1",
        "The fast way.",
        "```python",
        "x = 1",
        "go(there)",
        "Goes there.",
        "Rates",
        "| Rome | 120 |",
        "| A | 26 |",
        "| A | 30 |",
        "## Abroad",
        "per diem:",
        "- one",
        "2. second",
        "A map",
        "[1] Once a year.",
    ):
        assert line in text.splitlines()
    for gone in ("::", ":ref:", "toctree", "other-file", "comment", "https", ":linenos:", ":noindex:", "~", "_top"):
        assert gone not in text


def test_what_is_left_out_is_counted() -> None:
    """Comments and pictures."""
    assert dropped(read("a.rst", TEXT.encode())) == {"comments": 1, "pictures": 1}


def test_broken_markup_still_gives_its_words() -> None:
    """Messages of docutils do not stand in the text."""
    text = read(
        "a.rst", b"Title\n==\n\nA *broken line and :nonsense:`role`.\n\n.. unknown:: thing\n\n   Inside.\n"
    ).text
    assert "System Message" not in text
    for word in ("Title", "broken line", "role", "thing", "Inside."):
        assert word in text


def test_a_long_line_is_read() -> None:
    """One of generated tables and of editors that do not wrap."""
    assert read("a.rst", b"word " * 5_000 + b"end.\n").text.endswith("end.")


def test_sphinx_names_are_known_within_the_reader_only() -> None:
    """Nothing of docutils is changed for others."""
    pytest.importorskip("docutils")
    from docutils.parsers.rst import directives, roles

    before = (directives.directive, roles.role)
    read("a.rst", TEXT.encode())
    assert (directives.directive, roles.role) == before


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"site,days\nNorth,26\nSouth,30\n"),
        ("a.csv", b"site;days\r\nNorth;26\r\nSouth;30\r\n"),
        ("a.csv", b"site|days\nNorth|26\nSouth|30\n"),
        ("a.tsv", b"site\tdays\nNorth\t26\nSouth\t30\n"),
        ("a.csv", b"\xef\xbb\xbfsite,days\rNorth,26\rSouth,30"),
        ("a.csv", "site\tdays\nNorth\t26\nSouth\t30\n".encode("utf-16")),
        ("a.csv", b'"site","days"\n"North","26"\n\n,\n"South","30"\n'),
    ],
)
def test_a_table_is_markdown(name: str, data: bytes) -> None:
    """Whatever parts the cells, quotes them, or encodes them; rows of nothing are cut."""
    assert read(name, data).text == "| site | days |\n|---|---|\n| North | 26 |\n| South | 30 |"


def test_quoted_cells_keep_commas_and_lose_line_breaks() -> None:
    """A row of the table is one line."""
    text = read("a.csv", b'rule,text\n1,"Pay, then\nboard"\n2,"Say ""yes"""\n').text
    assert text.splitlines()[2:] == ["| 1 | Pay, then board |", '| 2 | Say "yes" |']


def test_ragged_rows_are_filled_up() -> None:
    """Every row has the cells of the widest."""
    lines = read("a.csv", b"a,b\n1,2,3\n4\n5,6\n7,8\n").text.splitlines()
    assert lines[0] == "| a | b |  |"
    assert lines[3] == "| 4 |  |  |"


def test_a_cell_may_be_huge() -> None:
    """The limit of the csv module is for the time of reading only."""
    import csv

    before = csv.field_size_limit()
    assert "x" * 300_000 in read("a.csv", b"id,text\n1," + b"x" * 300_000 + b"\n").text
    assert csv.field_size_limit() == before


def test_lines_above_the_table_are_text() -> None:
    """Exports begin with a title."""
    text = read("a.csv", b"Report of May,,\n,,\nsite,days,rate\nNorth,26,1\nSouth,30,2\n").text
    assert text.startswith("Report of May\n\n| site | days | rate |\n")


def test_one_column_of_prose_is_one_column() -> None:
    """Commas within sentences part nothing."""
    text = read("a.csv", b"remark\nFine\nBad, really\nGood\nOK\n").text
    assert text.splitlines()[0] == "| remark |"
    assert "| Bad, really |" in text


def _book() -> Any:
    """Return a workbook of three sheets, one of them hidden."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    rates, notes, hidden = book.active, book.create_sheet("Notes"), book.create_sheet("Draft")
    rates.title = "Rates"
    rates["A1"] = "Rates of 2026"
    rates.merge_cells("A1:D1")
    for row in [("Region", "Site", "From", "Share"), ("Coast", "North", datetime(2026, 3, 1), 0.125)]:
        rates.append(row)
    rates.append((None, "South", date(2026, 4, 1), 1))
    rates.merge_cells("A3:A4")
    rates["D3"].number_format = "0.0%"
    rates["D4"].number_format = "0%"
    rates["F9"] = "=1+1"
    notes["B2"] = "Valid | until\nfurther notice"
    notes["B3"] = True
    notes["B4"] = 2.0
    hidden["A1"] = "secret"
    hidden.sheet_state = "hidden"
    return book


def test_each_sheet_is_a_heading_and_a_table() -> None:
    """Titles above, merged cells in each row, dates without midnight, percentages as shown, no empty rows."""
    lines = read("a.xlsx", saved(_book())).text.splitlines()
    assert lines[:8] == [
        "## Rates",
        "",
        "Rates of 2026",
        "",
        "| Region | Site | From | Share |",
        "|---|---|---|---|",
        "| Coast | North | 2026-03-01 | 12.5% |",
        "| Coast | South | 2026-04-01 | 100% |",
    ]
    assert "## Notes" in lines
    assert any("further notice" in line and "Valid" in line for line in lines)
    assert any("TRUE" in line for line in lines)
    assert "| 2 |" in lines


def test_hidden_sheets_are_counted_not_read() -> None:
    """They are what nobody sees."""
    reading = read("a.xlsx", saved(_book()))
    assert "secret" not in reading.text
    assert dropped(reading) == {"hidden sheets": 1}


def test_a_formula_without_a_value_is_noted() -> None:
    """A file that no spreadsheet program computed holds formulas only."""
    reading = read("a.xlsx", saved(_book()))
    assert "=1+1" not in reading.text
    assert reading.notes == ("1 formula has no stored value; open the file in a spreadsheet program and save it",)


def test_a_stray_cell_far_away_is_refused() -> None:
    """It would make a table of 17 thousand million cells."""
    book = _book()
    book["Rates"]["XFD1048576"] = "x"
    with pytest.raises(CorpusError, match="broken XLSX"):
        read("a.xlsx", saved(book))


def _deck() -> Any:
    """Return a deck: a title, text in levels, a table with a merged cell, a group, a picture, a chart, notes."""
    pptx = pytest.importorskip("pptx")
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Leave\vrules"
    frame = slide.placeholders[1].text_frame
    frame.text = "Ask early"
    below = frame.add_paragraph()
    below.text, below.level = "two weeks ahead", 1
    slide.notes_slide.notes_text_frame.text = "Mention the form."
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "Numbers"
    table = second.shapes.add_table(3, 2, Inches(1), Inches(4), Inches(4), Inches(1)).table
    for place, text in enumerate(["Grade", "Days", "A", "26", "", "30"]):
        table.cell(place // 2, place % 2).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    group = second.shapes.add_group_shape()
    for text, left in (("right box", 5), ("left box", 1)):
        box = group.shapes.add_textbox(Inches(left), Inches(2), Inches(2), Inches(1))
        box.text_frame.text = text
    data = CategoryChartData()
    data.categories = ["2024", "2025"]
    data.add_series("Staff", (14, 15.5))
    second.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(6), Inches(3), Inches(1), data)
    second.shapes.add_picture(BytesIO(_png()), Inches(8), Inches(6))
    return deck


def test_slides_are_sections() -> None:
    """From top to bottom, left to right; tables and charts as tables; what the speaker says at the end."""
    assert read("a.pptx", saved(_deck())).text == (
        "## Leave rules\n\nAsk early\n- two weeks ahead\n\nNotes: Mention the form.\n\n"
        "## Numbers\n\nleft box\n\nright box\n\n"
        "| Grade | Days |\n|---|---|\n| A | 26 |\n| A | 30 |\n\n"
        "| Category | Staff |\n|---|---|\n| 2024 | 14 |\n| 2025 | 15.5 |"
    )


def test_pictures_are_counted() -> None:
    """They hold no text that could be read."""
    assert dropped(read("a.pptx", saved(_deck()))) == {"pictures": 1}


def test_a_hidden_slide_is_noted() -> None:
    """It is read: the deck's owner may show it."""
    deck = _deck()
    deck.slides[1].element.set("show", "0")
    assert read("a.pptx", saved(deck)).notes == ("hidden slides are read too: 2",)


def _mail() -> EmailMessage:
    """Return a mail in two forms with an attachment and a forwarded mail."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Gate Überholung", "Ann <ann@x.org>", "bo@x.org, cy@x.org"
    mail["Date"] = "Mon, 02 Mar 2026 09:00:00 +0100"
    mail.set_content("See the page.\n")
    mail.add_alternative("<p>The gate is <b>shut</b>.</p><table><tr><th>Day</th><td>Monday</td></tr></table>", "html")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="plan.pdf")
    inner = EmailMessage()
    inner["Subject"], inner["From"] = "Earlier", "Bo <bo@x.org>"
    inner.set_content("The gate is open.\n")
    mail.add_attachment(inner)
    return mail


def test_a_mail_is_its_headers_and_what_is_shown() -> None:
    """The page, not its plain stand-in; a forwarded mail below it; other attachments by name."""
    reading = read("a.eml", bytes(_mail()))
    assert reading.text.startswith("# Gate Überholung\n\nFrom: Ann <ann@x.org>\nTo: bo@x.org, cy@x.org\nDate: Mon, 02")
    for text in ("The gate is shut.", "Attachment, not read: plan.pdf", "## Earlier", "The gate is open."):
        assert text in reading.text
    assert "<b>" not in reading.text
    assert dropped(reading)["attachments"] == 1


@pytest.mark.parametrize("charset", ["latin-1", "utf-8", "utf-16", "koi8-r"])
def test_any_encoding(charset: str) -> None:
    """As the part says."""
    text = "Привет" if charset == "koi8-r" else "Gebühr"
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail.set_content(f"<p>{text}</p>", subtype="html", charset=charset, cte="base64")
    assert text in read("a.eml", bytes(mail)).text


def test_a_charset_nobody_knows() -> None:
    """The letters that it shares with others are read."""
    data = b"Subject: x\nContent-Type: text/plain; charset=martian\n\nThe gate is open.\n"
    assert "The gate is open." in read("a.eml", data).text


def test_malformed_headers_are_no_crash() -> None:
    """Dates and addresses as spam has them."""
    data = b"Subject: =?utf-8?b?////?=\nFrom: <<>>,,\nDate: the day before\nContent-Type: text/plain\n\nText.\n"
    assert "Text." in read("a.eml", data).text


CHAPTER = (
    "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>t</title></head>"
    "<body><h1>{0}</h1><p>Text {0}.</p></body></html>"
)


def _book_epub(**more: bytes) -> bytes:
    """Return a book whose chapters are stored in another order than they are read in."""
    spine = "".join(f"<itemref idref='{name}'/>" for name in ("nav", "c2", "c1"))
    items = "".join(
        f"<item id='{name}' href='{name}%20x.xhtml' media-type='application/xhtml+xml'/>" for name in ("c1", "c2")
    )
    package = (
        "<package xmlns='http://www.idpf.org/2007/opf' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        f"<metadata><dc:title>The Gates</dc:title></metadata><manifest>{items}"
        "<item id='nav' href='nav.xhtml' media-type='application/xhtml+xml' properties='nav'/></manifest>"
        f"<spine>{spine}</spine></package>"
    )
    container = (
        "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles>"
        "<rootfile full-path='OEBPS/book.opf'/></rootfiles></container>"
    )
    with zipfile.ZipFile(buffer := BytesIO(), "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OEBPS/book.opf", package)
        for name in ("c1", "c2"):
            archive.writestr(f"OEBPS/{name} x.xhtml", CHAPTER.format(name))
        archive.writestr("OEBPS/nav.xhtml", CHAPTER.format("Contents"))
        archive.writestr("OEBPS/cover.png", _png())
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def test_chapters_come_in_the_order_of_the_spine() -> None:
    """The table of contents is none; pictures are counted."""
    reading = read("a.epub", _book_epub())
    assert " ".join(reading.text.split()) == "# The Gates # c2 Text c2. # c1 Text c1."
    assert dropped(reading)["pictures"] == 1


def test_copy_protection_is_one_line() -> None:
    """Encrypted chapters cannot be read; encrypted fonts do not matter."""
    form = "<encryption><CipherReference URI='OEBPS/{}'/></encryption>"
    assert read("a.epub", _book_epub(**{"META-INF__encryption.xml": form.format("font.otf").encode()})).text
    with pytest.raises(CorpusError, match="is a copy-protected EPUB"):
        read("a.epub", _book_epub(**{"META-INF__encryption.xml": form.format("c1%20x.xhtml").encode()}))


def _cells() -> list[dict[str, Any]]:
    """Return cells of every kind."""
    return [
        {"cell_type": "markdown", "source": ["# Levels\n", "\n", "Mean of the year."]},
        {
            "cell_type": "code",
            "source": "level.mean()",
            "outputs": [
                {"output_type": "stream", "text": ["reading 3 files\n"]},
                {"output_type": "execute_result", "data": {"text/plain": "2.35", "text/html": "<b>2.35</b>"}},
                {"output_type": "display_data", "data": {"image/png": "aGk=", "text/plain": "<Figure size 1x1>"}},
                {"output_type": "error", "ename": "KeyError", "evalue": "'gate'", "traceback": ["\x1b[31mboom"]},
            ],
        },
        {"cell_type": "raw", "source": "plain"},
        {"cell_type": "code", "source": "", "outputs": []},
    ]


def test_text_code_and_what_it_printed() -> None:
    """In order; a picture's stand-in is no text."""
    made = {"cells": _cells(), "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4}
    reading = read("a.ipynb", json.dumps(made).encode())
    assert reading.text.strip() == (
        "# Levels\n\nMean of the year.\n\n```python\nlevel.mean()\n```\n\n```\nreading 3 files\n```\n\n"
        "```\n2.35\n```\n\n```\nKeyError: 'gate'\n```\n\nplain"
    )
    assert dropped(reading)["pictures"] == 1


def test_format_3() -> None:
    """Its cells lie in worksheets, and headings are cells."""
    cells = [
        {"cell_type": "heading", "level": 2, "source": "Old"},
        {"cell_type": "code", "input": "1 + 1", "outputs": [{"output_type": "pyout", "text": ["2"]}]},
    ]
    text = read("a.ipynb", json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}).encode()).text
    assert text.startswith("## Old\n\n```python\n1 + 1\n```\n\n```\n2\n```")


def test_markdown_has_two_suffixes() -> None:
    """What .md is, .markdown is."""
    assert FORMATS[".markdown"] == FORMATS[".md"]
    assert read("a.markdown", b"# Pay\n\nPay day is the 25th.\n").text.strip() == "# Pay\n\nPay day is the 25th."


def _png() -> bytes:
    """Return the smallest picture."""
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fccfc0f01f000501"
        "02a0c9c2a1b10000000049454e44ae426082"
    )


def test_a_mail_goes_on_behind_a_picture() -> None:
    """As some programs write it: text, picture, text. A text that has a file's name stays an attachment."""
    mail = EmailMessage()
    mail["Subject"] = "Plan"
    mail.set_content("First half: 400.\n")
    mail.add_attachment(_png(), maintype="image", subtype="png", disposition="inline", filename="p.png")
    mail.add_attachment("Second half: 9 May.\n", disposition="inline")
    mail.add_attachment("Terms.\n", filename="terms.txt")
    reading = read("a.eml", mail.as_bytes())
    assert reading.text.split("\n\n") == [
        "# Plan", "", "First half: 400.", "Attachment, not read: p.png", "Second half: 9 May.",
        "Attachment, not read: terms.txt",
    ]  # fmt: skip
    assert dropped(reading) == {"attachments": 2}


@pytest.mark.parametrize(
    ("kind", "content", "shown"),
    [
        ("text/markdown", ["**Answer:** 42"], "**Answer:** 42"),
        ("text/html", "<table><tr><th>Kg<th>Lb<tr><td>1<td>2.2</table>", "| Kg | Lb |\n|---|---|\n| 1 | 2.2 |"),
        ("text/latex", "$x=5$", "$x=5$"),
        ("application/json", {"k": 9}, '```json\n{\n "k": 9\n}\n```'),
    ],
)
def test_what_a_notebook_shows_beside_a_stand_in(kind: str, content: object, shown: str) -> None:
    """The plain text of display(HTML(...)) is only the name of an object."""
    data = {kind: content, "text/plain": ["<IPython.core.display.HTML object>"]}
    cell = {"cell_type": "code", "source": "show()", "outputs": [{"output_type": "display_data", "data": data}]}
    text = read("a.ipynb", json.dumps({"cells": [cell]}).encode()).text
    assert text == f"```python\nshow()\n```\n\n{shown}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["a.md", "a.markdown", "a.txt", "a.csv", "a.rst"])
def test_every_text_format_reads_unicode_in_any_encoding(name: str, encoding: str) -> None:
    """A mark says which, or the zeros do."""
    assert "Gebühr" in read(name, "Gebühr,Preis\r\n12,30\r\n".encode(encoding)).text


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (1249.5, "[$€-407] #,##0.00", "€1249.5"),
        (9.5, '#,##0.00\\ "€"', "9.5 €"),
        (12, "_-£* #,##0.00_-;-£* #,##0.00_-", "£12"),
        (-20, '"$"#,##0.00;[Red]("$"#,##0.00)', "-$20"),
        (14, '0 "days"', "14 days"),
        (3.25, '0.0" kg"', "3.25 kg"),
        (8.5, "0.0\\°\\C", "8.5°C"),
        (7, "00000", "00007"),
        (42, '"No. "000', "No. 042"),
        (0.125, "0.0%", "12.5%"),
        (1234567, '#,##0.0,,"m"', "1234567"),
        (20240517, "0000\\-00\\-00", "20240517"),
        (4, "#,##0_);(#,##0)", "4"),
        (1234.5, "#,##0.00", "1234.5"),
        (5.5, "General", "5.5"),
    ],
)
def test_a_number_has_the_signs_of_its_format(value: float, number_format: str, shown: str) -> None:
    """The unit of a price stands nowhere else; a number is never changed: one in millions stays whole."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Item", "Value"])
    book.active.append(["Saw", value])
    book.active["B2"].number_format = number_format
    assert f"| Saw | {shown} |" in read("a.xlsx", saved(book)).text


def test_superscripts_of_restructuredtext() -> None:
    """10 to the 4 is not 104."""
    source = "The load is 3×10\\ :sup:`4` N, H\\ :sub:`2`\\ O, on the 1\\ :sup:`st`.\n\n.. only:: html\n\n   Shown.\n"
    assert read("a.rst", source.encode()).text == "The load is 3×10^4 N, H2O, on the 1st.\n\nShown."


def test_superscripts_and_order_on_a_slide() -> None:
    """10 to the 3 is not 103; boxes of about one height are one line, wherever the grid of tenths falls."""
    pptx = pytest.importorskip("pptx")
    from pptx.util import Inches

    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    for x, y, text in ((5, 2.0, "B"), (0.5, 2.04, "A"), (0.5, 3.22, "C"), (5, 3.18, "D 10")):
        box = slide.shapes.add_textbox(Inches(x), Inches(y), Inches(2), Inches(0.5))
        box.text_frame.text = text
        if text == "D 10":
            run = box.text_frame.paragraphs[0].add_run()
            run.text = "3"
            run.font._element.set("baseline", "30000")
    assert read("a.pptx", saved(deck)).text == "## Slide 1\n\nA\n\nB\n\nC\n\nD 10^3"


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_line_that_tells_excel_the_delimiter_is_no_row(line: str) -> None:
    """It tells us, too."""
    text = read("a.csv", f"{line}\nName;Fee, EUR\nHall;5,20\n".encode()).text
    assert text == "| Name | Fee, EUR |\n|---|---|\n| Hall | 5,20 |"


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>View this mail in your browser.</p>", "Rates rise to 3.1 % on 1 June, for all who saved before."),
        ("<p>Rates rise to <b>3.1 %</b> on 1 June, for savers.</p>", "Rates rise to 3.1 % on 1 June, for savers."),
    ],
)
def test_a_stub_in_html_does_not_stand_in_for_the_mail(html: str, shown: str) -> None:
    """The part that says more is read; of two that say the same, the one that has tables."""
    mail = EmailMessage()
    mail["Subject"] = "Rates"
    mail.set_content("Rates rise to 3.1 % on 1 June, for all who saved before.\n")
    mail.add_alternative(html, subtype="html")
    assert read("a.eml", mail.as_bytes()).text.endswith(f"\n\n{shown}")
