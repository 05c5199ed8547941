"""PDF as it is read by a person: columns in order, tables as rows, running heads gone, words whole, pages known."""

from __future__ import annotations

import logging
import re
import zlib
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragvsft.data.corpus import read_corpus, read_folder
from ragvsft.data.reading.aligned import cells_of, continued
from ragvsft.data.reading.printed import page_text
from ragvsft.data.reading.raised import Raised
from ragvsft.data.reading.result import Reading
from ragvsft.data.reading.running import rejoined, without_running, words_in
from ragvsft.errors import CorpusError
from tests.data.reading.pdfs import Page, file_of, pdf, stream

pypdf = pytest.importorskip("pypdf")

LEFT = [
    "The river board meets on the first",
    "Tuesday of each month. Minutes are",
    "kept for nine years. Every gauge is",
    "read at seven in the morning, and",
    "the keeper signs the book. A broken",
    "gauge is reported within two hours.",
]
RIGHT = [
    "Flood gates open at four metres.",
    "The lower gate opens first, and the",
    "upper gate follows after an hour.",
    "Boats must leave the basin before",
    "the gates move. The harbour office",
    "sounds a horn three times.",
]


def read(data: bytes) -> Reading:
    """Return what the reader makes of a PDF."""
    from ragvsft.data.reading import pdf as reader

    return reader.read(Path("a.pdf"), data)


def words(text: str) -> str:
    """Return text on one line."""
    return " ".join(text.split())


def test_the_left_column_comes_first() -> None:
    """Each column is whole, whatever order the file draws them in."""
    page = Page()
    for number, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        page.put(330, 700 - 12 * number, right).put(54, 700 - 12 * number, left)
    assert words(read(pdf(page)).text) == " ".join([*LEFT, *RIGHT])


def test_a_title_over_both_columns_stays_above_them() -> None:
    """And a table below them stays a table."""
    page = Page().put(150, 760, "Rules of the river board", size=16).lines(54, 720, LEFT).lines(330, 720, RIGHT)
    for number, row in enumerate([("Gate", "Width", "Opened"), ("Lower", "12", "1968"), ("Upper", "9", "1971")]):
        for x, cell in zip((54, 250, 400), row, strict=True):
            page.put(x, 600 - 13 * number, cell)
    text = read(pdf(page)).text
    assert words(text).startswith(" ".join(["Rules of the river board", *LEFT, *RIGHT]))
    assert text.endswith("| Gate | Width | Opened |\n|---|---|---|\n| Lower | 12 | 1968 |\n| Upper | 9 | 1971 |")


def test_the_left_column_may_be_longer() -> None:
    """Its paragraphs and headings go on where nothing is beside them; what follows over both columns does not."""
    page = Page().lines(54, 700, LEFT).lines(330, 700, RIGHT).put(54, 600, "2 Repairs").lines(54, 570, LEFT)
    page.put(54, 440, "This line runs over the whole width of the page and belongs to no column at all, it says.")
    text = words(read(pdf(page)).text)
    assert text.startswith(" ".join([*LEFT, "2 Repairs", *LEFT, *RIGHT]))
    assert text.endswith("no column at all, it says.")


def test_three_columns() -> None:
    """A side of a gutter may have columns of its own."""
    thirds = [[f"{name} line {n} is here" for n in range(6)] for name in ("Alpha", "Beta", "Gamma")]
    page = Page()
    for x, third in zip((40, 240, 440), thirds, strict=True):
        page.lines(x, 700, third)
    assert words(read(pdf(page)).text) == " ".join(line for third in thirds for line in third)


def test_columns_without_blanks_between_words() -> None:
    """In Chinese and Japanese a line is one word to those who split at blanks."""
    left = [
        "年次有給休暇は入社日から付与される。",
        "未使用の日数は三月末に失効する。",
        "申請は二週間前までに行うこと。",
        "上長の承認を要する。",
    ]
    right = [
        "給与は毎月二十五日に支払われる。",
        "休日の場合は前営業日とする。",
        "賞与は六月と十二月に支給する。",
        "通勤手当は実費とする。",
    ]
    grid = [f"{one}{' ' * (40 - len(one))}{two}" for one, two in zip(left, right, strict=True)]
    assert page_text(grid) == "\n".join(left) + "\n\n" + "\n".join(right)


def test_a_table_of_short_texts_is_no_pair_of_columns() -> None:
    """Its rows stay together."""
    rows = [
        ("Rotterdam", "Mon to Fri"),
        ("Aldermoor", "Mon to Sat"),
        ("Valdivia", "daily"),
        ("Penhallow", "closed"),
    ]
    page = Page()
    for number, (site, days) in enumerate(rows):
        page.put(54, 700 - 14 * number, site).put(350, 700 - 14 * number, days)
    assert "| Aldermoor | Mon to Sat |" in read(pdf(page)).text


def _statement() -> Page:
    """Return a page like one of an annual report: years above right-aligned amounts, currency signs apart."""
    rows = [
        ("Revenue", ("$", "298,085"), ("$", "316,199")),
        ("Cost of sales and other operating expenses", ("", "(214,137)"), ("", "(223,546)")),
        ("Gross margin", ("", "83,948"), ("", "92,653")),
    ]
    page = Page().put(54, 740, "Statement of operations", size=12)
    page.lines(54, 715, ["The amounts below are in thousands; they were audited in both years and", "no item changed."])
    page.put(372, 680, "Year ended June 30,").right(380, 666, "2024").right(480, 666, "2023")
    for number, (label, *amounts) in enumerate(rows):
        y = 652 - 14 * number
        page.put(54, y, label)
        for x, (sign, amount) in zip((380, 480), amounts, strict=True):
            page.right(x, y, amount)
            if sign:
                page.put(x - 60, y, sign)
    return page


def test_years_and_amounts_stand_in_one_row() -> None:
    """Signs are with their amounts; a head over two columns is above each."""
    text = read(pdf(_statement())).text
    lines = text.splitlines()
    assert "|  | Year ended June 30, | Year ended June 30, |" in lines
    assert "|  | 2024 | 2023 |" in lines
    assert "| Revenue | $ 298,085 | $ 316,199 |" in lines
    assert "| Cost of sales and other operating expenses | (214,137) | (223,546) |" in lines
    assert "both years and\nno item changed." in text


def test_a_table_of_contents_has_no_dots() -> None:
    """Each entry is on one line with its page."""
    page = Page().put(54, 720, "Contents")
    for number, title in enumerate(["Scope", "Terms", "Fees"]):
        page.put(54, 700 - 14 * number, f"{title} {'. ' * 40} {number + 3}")
    assert "Terms ... 4" in read(pdf(page)).text
    assert ". ." not in read(pdf(page)).text


def test_lists_are_no_tables() -> None:
    """A mark far from its text is still its mark."""
    page = Page()
    for number, text in enumerate(["Bring a pass", "Sign the book", "Close the gate"]):
        page.put(60, 700 - 14 * number, f"{number + 1}.").put(110, 700 - 14 * number, text)
    assert read(pdf(page)).text == "1. Bring a pass\n2. Sign the book\n3. Close the gate"


def test_wrapped_cells_are_in_one_row() -> None:
    """Whether the other cells of the row stand at the top of them or in the middle; labels that go on, too."""
    page = Page().put(54, 700, "Service").put(250, 700, "Fee").put(350, 700, "Remarks")
    page.put(350, 680, "within ten days, longer in").put(54, 673, "Inspection").put(250, 673, "120")
    page.put(350, 666, "the season of the floods").put(54, 646, "Sealing").put(250, 646, "35").put(
        350, 646, "none, but"
    )
    page.put(350, 634, "once a year").put(54, 614, "Calibration of the long").put(54, 602, "reach sensors")
    page.put(250, 602, "80").put(350, 602, "on demand")
    assert read(pdf(page)).text.splitlines()[2:] == [
        "| Inspection | 120 | within ten days, longer in the season of the floods |",
        "| Sealing | 35 | none, but once a year |",
        "| Calibration of the long reach sensors | 80 | on demand |",
    ]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(1, 30), st.text("abc1,", min_size=1, max_size=20)), max_size=5)))
def test_no_word_is_lost(page: list[list[tuple[int, str]]]) -> None:
    """Whatever a grid looks like, each of its words is in the text."""
    lines = ["".join(" " * room + word for room, word in line) for line in page]
    missing = Counter(" ".join(lines).split()) - Counter(page_text(lines).replace("|", " ").split())
    assert not missing


def test_cells_are_parted_by_room() -> None:
    """Single blanks part words; a percent sign alone belongs to the number before it."""
    assert [cell.text for cell in cells_of("Gross margin     44.1    %     $      12")] == [
        "Gross margin",
        "44.1%",
        "$ 12",
    ]


def test_prose_keeps_its_words() -> None:
    """No letter of a page without tables or columns is lost."""
    lines = ["  One line of prose.", "", "   Another   one, with  blanks."]
    assert page_text(lines).split() == " ".join(lines).split()


def _book(count: int = 5) -> bytes:
    """Return pages with a head, a foot, and a chapter of their own each."""
    pages = []
    for n in range(1, count + 1):
        page = Page().put(54, 770, "River board handbook 2024").put(300, 25, f"Page {n} of {count}")
        page.put(54, 720, f"Duty {n * 7}").lines(54, 690, [f"Keeper {n} reads gauge {n * 11} each day.", "So it is."])
        pages.append(page)
    return pdf(*pages)


def test_heads_and_feet_are_dropped_and_counted() -> None:
    """The first line of the document is its own."""
    reading = read(_book())
    assert reading.text.startswith("Duty 7")
    assert "handbook" not in reading.text
    assert "of 5" not in reading.text
    assert all(f"Keeper {n} reads gauge {n * 11}" in reading.text for n in range(1, 6))
    [dropped] = reading.dropped
    assert dropped.count == 10
    assert any("'River board handbook 2024'" in note for note in reading.notes)


def test_two_pages_repeat_nothing_by_habit() -> None:
    """What stands on two pages may be text."""
    assert read(_book(2)).text.count("River board handbook 2024") == 2


def test_the_head_of_a_long_table_stays() -> None:
    """Years above the columns are on every page, and on every page they are needed."""
    pages = []
    for n in range(4):
        page = Page().put(54, 740, "Thousands").right(300, 740, "2024").right(400, 740, "2023").right(500, 740, "2022")
        page.put(54, 726, f"Item {n}").right(300, 726, f"{n}1").right(400, 726, f"{n}2").right(500, 726, f"{n}3")
        pages.append(page)
    assert read(pdf(*pages)).text.count("| Thousands | 2024 | 2023 | 2022 |") == 4


def test_headings_with_numbers_are_no_page_numbers() -> None:
    """A "2 Methods" on the second page is a heading; "Methods 2" below each other's place is a running head."""
    names = "abcde"
    pages = [[f"{n + 1} On {a}", "", f"Text of {a}.", "", f"Part {a}     {n + 1}"] for n, a in enumerate(names)]
    kept, gone = without_running(pages)
    assert [page[0] for page in kept] == [page[0] for page in pages]
    assert gone == [f"Part {a} {n + 1}" for n, a in enumerate(names)]


def test_words_are_whole_again() -> None:
    """Words that were cut are joined; compounds keep the hyphen that is theirs."""
    lines = [
        "The docu-",
        "mentation of a well-",
        "known site, and a self-",
        "assessment. A cost-effective",
        "rule; the cost-",
    ]
    text = read(pdf(Page().lines(54, 700, [*lines, "effective one."]))).text
    assert words(text) == (
        "The documentation of a well-known site, and a self-assessment. A cost-effective rule; the cost-effective one."
    )


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("infor-\nmation", "information"),
        ("Anglo-\nSaxon", "Anglo-Saxon"),
        ("state-of-the-\nart", "state-of-the-art"),
        ("co\N{SOFT HYPHEN}\noperate", "cooperate"),
        ("Straßen-\nbahn", "Straßenbahn"),
        ("pages 12-\n14", "pages 12-\n14"),
        ("a dash -\nhere", "a dash -\nhere"),
    ],
)
def test_by_what_the_document_says_elsewhere(cut: str, whole: str) -> None:
    """Without other evidence a cut word is one word; numbers and dashes are left alone."""
    assert rejoined(cut, *words_in([cut])) == whole


def test_the_document_decides() -> None:
    """A compound that stands elsewhere keeps its hyphen; so does not a word that does."""
    text = "re-\nsign here, re-sign there, and de-\nsign, a good design"
    assert rejoined(text, *words_in([text])) == "re-sign here, re-sign there, and design, a good design"


def test_over_the_turn_of_a_page() -> None:
    """The word is whole on the page where it begins."""
    reading = read(pdf(Page().put(54, 700, "Keep the docu-"), Page().put(54, 700, "ments for nine years.")))
    assert reading.text[: reading.pages[1]].strip() == "Keep the documents"
    assert words(reading.text) == "Keep the documents for nine years."


def test_offsets_say_where_each_page_begins(tmp_path: Path) -> None:
    """The document carries them; an empty page begins where the next one does."""
    (tmp_path / "a.pdf").write_bytes(pdf(*(Page().put(54, 700, text) for text in ("First.", "Second.", "Third."))))
    document = read_corpus(tmp_path)[0]
    assert [document.text[begin:].split()[0] for begin in document.pages] == ["First.", "Second.", "Third."]


def test_a_scanned_page_is_named(tmp_path: Path) -> None:
    """The note stands beside the document's name; the other pages are read."""
    (tmp_path / "a.pdf").write_bytes(pdf(Page().lines(54, 700, LEFT), Page(), Page().lines(54, 700, RIGHT)))
    corpus = read_folder(tmp_path)
    assert words(corpus.documents[0].text) == " ".join([*LEFT, *RIGHT])
    assert len(corpus.documents[0].pages) == 3
    assert corpus.notes == ("a.pdf: page 2 without text (scanned?); run OCR to have it read",)


@pytest.mark.parametrize(("rotate", "matrix"), [(90, "0 1 -1 0"), (270, "0 -1 1 0"), (180, "-1 0 0 -1")])
def test_a_turned_page_keeps_its_table(rotate: int, matrix: str) -> None:
    """A landscape table on a portrait sheet is read as it is shown."""
    page = Page(rotate=rotate)
    for number, row in enumerate([("Site", "2024", "2023"), ("North", "14", "15"), ("South", "9", "8")]):
        for step, cell in enumerate(row):
            across, down = 100 + 150 * step, 500 - 16 * number
            places = {90: (612 - down, across), 270: (down, 792 - across), 180: (612 - across, 792 - down)}
            page.put(*places[rotate], cell, matrix=matrix)
    assert read(pdf(page)).text == "| Site | 2024 | 2023 |\n|---|---|---|\n| North | 14 | 15 |\n| South | 9 | 8 |"


def test_text_at_the_side_is_read_after_the_page() -> None:
    """A stamp along the edge neither tears the lines nor is lost."""
    page = Page().lines(90, 700, LEFT).put(30, 300, "Draft of May", matrix="0 1 -1 0")
    assert words(read(pdf(page)).text) == " ".join([*LEFT, "Draft of May"])


def test_text_within_a_form_is_read() -> None:
    """Layout mode passes over forms; such a page is read plainly."""
    page = Page(content=["/X1 Do"])
    assert words(read(pdf(page, form=Page().lines(54, 700, LEFT))).text) == " ".join(LEFT)


def test_letters_by_number_are_read() -> None:
    """Most programs write the numbers of a font's glyphs, two bytes each, and a table of what they stand for."""
    texts = ["Отпуск даётся с первого дня.", "年次有給休暇は三月末に失効する。"]
    codes = {letter: 254 * 256 + 200 + n for n, letter in enumerate(dict.fromkeys("".join(texts)))}
    shown = ["".join(f"{codes[letter]:04x}" for letter in text) for text in texts]
    table = "".join(f"<{code:04x}> <{ord(letter):04x}>\n" for letter, code in codes.items())
    drawn = "".join(f"BT /F1 10 Tf 1 0 0 1 54 {700 - 20 * n} Tm <{one}> Tj ET\n" for n, one in enumerate(shown))
    cmap = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{table}endbfchar endcmap end"
    )
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        4: stream(drawn.encode()),
        5: b"<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H /DescendantFonts [6 0 R] "
        b"/ToUnicode 7 0 R >>",
        6: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /DW 600 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        7: stream(cmap.encode()),
    }
    assert read(file_of(objects)).text.split("\n\n") == texts


def test_a_flipped_page_is_read_from_the_top() -> None:
    """Browsers turn the y axis round before anything else."""
    page = Page(before="1 0 0 -1 0 792 cm")
    for number, text in enumerate(LEFT):
        page.put(54, 100 + 12 * number, text, matrix="1 0 0 -1")
    assert words(read(pdf(page)).text) == " ".join(LEFT)


def _said(data: bytes) -> str:
    """Return the one line about a PDF that cannot be read."""
    with pytest.raises(CorpusError) as caught:
        read(data)
    [line] = caught.value.problems
    assert "\n" not in line
    return line


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_password_is_one_line(algorithm: str) -> None:
    """Without the password nothing can be read; a file that only forbids printing is read."""
    pytest.importorskip("cryptography")
    for password, outcome in (("secret", None), ("", "Open to all.")):
        writer = pypdf.PdfWriter(BytesIO(pdf(Page().put(54, 700, "Open to all."))))
        writer.encrypt(user_password=password, owner_password="owner", algorithm=algorithm)
        writer.write(made := BytesIO())
        if outcome is None:
            assert _said(made.getvalue()) == "a.pdf is a locked PDF; save it without its password or remove it"
        else:
            assert read(made.getvalue()).text == outcome


def test_pages_that_hold_themselves() -> None:
    """A loop in the tree of pages ends."""
    loop = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"}
    assert _said(file_of(loop)).startswith("a.pdf")


def test_a_stream_that_unpacks_without_end() -> None:
    """400 kB that stand for 400 MB are refused, or read as what they are: nothing."""
    bomb = zlib.compress(b" " * 400_000_000, 9)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << >> >>",
        4: stream(bomb, "/Filter /FlateDecode"),
    }
    assert _said(file_of(objects)).startswith("a.pdf")


def test_reading_ends_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What never ends is one line."""
    import threading

    from ragvsft.data.reading import pdf as reader

    never = threading.Event()
    monkeypatch.setattr(reader, "LONGEST_S", 0.05)
    monkeypatch.setattr(reader, "_page", lambda page: never.wait(5))
    assert "reading took more than 0 s" in _said(pdf(Page().put(54, 700, "One.")))
    never.set()


def test_pypdf_says_nothing_itself(caplog: pytest.LogCaptureFixture) -> None:
    """What it would log is in the error or of no use."""
    with caplog.at_level(logging.WARNING):
        read(pdf(Page().put(30, 300, "Turned", matrix="0 1 -1 0").put(54, 700, "One.")))
    assert not caplog.records


def test_ligatures_are_letters() -> None:
    """A search for "office" finds it."""
    from ragvsft.data.reading import pdf as reader

    assert (
        "o\N{LATIN SMALL LIGATURE FFI}ce and \N{LATIN SMALL LIGATURE FI}sh".translate(reader._PLAIN)
        == "office and fish"
    )


def test_amounts_two_blanks_apart_stand_each_in_its_own_column() -> None:
    """In a tight table an amount in brackets leaves no more room to the next."""
    lines = [
        "                       2023     2022     2021      2020",
        "Revenue              12,481   11,902   10,377     9,812",
        "Cost of goods        (7,220)  (7,015)  (6,101)   (5,790)",
        "Tax and duties abroad  (144)  (98)       —       (81)",
        "Profit                5,261    4,887    4,276     4,022",
    ]
    rows = page_text(lines).splitlines()
    assert rows[0] == "|  | 2023 | 2022 | 2021 | 2020 |"
    assert "| Cost of goods | (7,220) | (7,015) | (6,101) | (5,790) |" in rows
    assert "| Tax and duties abroad | (144) | (98) | — | (81) |" in rows


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("Cost   (7,220) (7,015)   (6,101)", ["Cost", "(7,220)", "(7,015)", "(6,101)"]),
        ("Cost   7,220 7,015   6,101", ["Cost", "7,220", "7,015", "6,101"]),
        ("Kosten   1 234 567   2 345 678", ["Kosten", "1 234 567", "2 345 678"]),
        ("Sites  12   14", ["Sites", "12", "14"]),
        ("the 12 sites  of the  north", ["the 12 sites of the north"]),
        ("Net sales   $ 391,035   $ 383,285", ["Net sales", "$ 391,035", "$ 383,285"]),
    ],
)
def test_where_a_line_is_cut(line: str, cells: list[str]) -> None:
    """Between amounts, but not within one whose digits are grouped by blanks."""
    assert [cell.text for cell in cells_of(line)] == cells


def test_prose_that_is_drawn_out_is_no_table() -> None:
    """All blanks of a line are as wide, those of a table are not."""
    lines = [
        "are     transferred     to     the     northern     towns",
        "contractor   who   fails   to   demonstrate   care",
        "crowns.    Members    of    other    boards    take    part",
        "without any vote of their own, as it says in the act above.",
    ]
    assert page_text(lines) == "\n".join(re.sub(" +", " ", line) for line in lines)
    table = [
        "Mon        Tue        Wed        Thu        Fri",
        "early      late       early      late       none",
        "late       early      none       early      late",
    ]
    assert page_text(table).startswith("| Mon | Tue | Wed | Thu | Fri |\n|---|---|---|---|---|\n| early | late |")


def test_the_right_column_may_begin_above_the_left_one() -> None:
    """Where a large title stands above the left one only."""
    page = Page().put(54, 760, "River board proceedings of the year").lines(54, 700, LEFT)
    page.lines(330, 712, ["This stands at the top of the right."]).lines(330, 700, RIGHT)
    text = words(read(pdf(page)).text)
    assert text == " ".join(
        ["River board proceedings of the year", *LEFT, "This stands at the top of the right.", *RIGHT]
    )


def test_a_table_goes_on_over_the_turn_of_a_page() -> None:
    """Its second part has the names of the columns too, and no row of amounts stands in for them."""
    rows = [(f"Branch {n}", f"{n},100", f"{n},200") for n in range(1, 7)]
    first, second = Page().put(54, 100, "Branch"), Page()
    for x, year in ((300, "2024"), (400, "2023")):
        first.put(x, 100, year)
    for number, row in enumerate(rows):
        page, y = (first, 85 - 12 * number) if number < 3 else (second, 740 - 12 * number)
        for x, cell in zip((54, 300, 400), row, strict=True):
            page.put(x, y, cell)
    head = "| Branch | 2024 | 2023 |\n|---|---|---|\n"
    parts = ["\n".join(f"| {a} | {b} | {c} |" for a, b, c in half) for half in (rows[:3], rows[3:])]
    assert read(pdf(first, second)).text == f"{head}{parts[0]}\n\n{head}{parts[1]}"


def test_a_table_of_years_begins_anew() -> None:
    """What looks like names of columns is not a row of the table before."""
    assert continued(["| A | B |\n|---|---|\n| x | 1 |", "| C | 2024 |\n|---|---|\n| y | 2 |"])[1].startswith(
        "| C | 2024"
    )


def test_a_label_of_several_lines_is_one_row() -> None:
    """Its amounts stand beside the first line."""
    lines = [
        "                                    2024       2023",
        "Provision for income taxes and    29,749     16,741",
        "other levies payable abroad",
        "of which:",
        "Basic                               6.11       6.16",
    ]
    assert page_text(lines).splitlines()[2:] == [
        "| Provision for income taxes and other levies payable abroad | 29,749 | 16,741 |",
        "| of which: |  |  |",
        "| Basic | 6.11 | 6.16 |",
    ]


def test_the_mark_of_a_note_does_not_make_an_amount_tenfold() -> None:
    """12,481 with a small 1 behind it is not 12,4811; nor is 10 with a small 4 what a room's number is."""
    page = Page().put(54, 700, "Sales 12,481").put(112, 704, "1", size=7).put(54, 680, "The load is 3 x 10")
    page.put(139, 684, "4", size=7).put(54, 660, "See room 1040.")
    assert words(read(pdf(page)).text) == "Sales 12,481^1 The load is 3 x 10^4 See room 1040."


def test_in_a_table_the_amount_stays_in_its_column() -> None:
    """And is an amount still."""
    page = Page()
    rows = [("Year", "2023", "2022"), ("Sales", "12,481", "11,902"), ("Costs", "7,481", "6,902")]
    for number, row in enumerate(rows):
        for x, cell in zip((54, 300, 420), row, strict=True):
            page.put(x, 700 - 14 * number, cell)
            if cell == "12,481":
                page.put(x + 33.5, 704 - 14 * number, "2", size=7)
    assert "| Sales | 12,481^2 | 11,902 |" in read(pdf(page)).text


@pytest.mark.parametrize(("size", "rise"), [(10, 4), (7, 0), (7, -4), (7, 14)])
def test_what_is_as_large_or_not_higher_is_a_part_of_the_number(size: int, rise: int) -> None:
    """Digits that are drawn one by one, or a line of its own above."""
    page = Page().put(54, 700, "Sales 12,48").put(106, 700 + rise, "1", size=size).put(54, 600, "Done.")
    assert "^" not in read(pdf(page)).text


def test_where_the_same_digits_are_another_number_nothing_is_marked() -> None:
    """Which of them is which cannot be told in the text."""
    raised = Raised()
    raised.see("power 10", (1, 0, 0, 1, 0, 0), (1, 0, 0, 1, 2, 0), None, 10)
    raised.see("4", (1, 0, 0, 1, 0, 0), (1, 0, 0, 1, 40, 4), None, 7)
    assert raised.marked("power 104") == "power 10^4"
    assert raised.marked("power 104, room 104") == "power 104, room 104"
