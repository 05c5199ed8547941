"""DOCX is read whole, as Word shows it."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from ragvsft.data.reading.result import Reading
from ragvsft.errors import CorpusError
from tests.data.reading.facts import in_cell

pytest.importorskip("lxml")
from ragvsft.data.reading import package
from ragvsft.data.reading.docx import read

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
)


def packed(body: str, namespace: str = W, **parts: str) -> bytes:
    """Return a DOCX of a body and of other parts, by the kind that the document refers to them as ("header": ...)."""
    relations = "".join(
        f'<Relationship Id="{kind}" Type="{R}/{kind.rstrip("0123456789")}" Target="{kind}.xml"/>' for kind in parts
    )
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<R><Relationship Id="a" Type="{R}/officeDocument" Target="word/document.xml"/></R>',
        )
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{relations}</Relationships>")
        document = f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"
        archive.writestr("word/document.xml", document.replace(W, namespace))
        for kind, xml in parts.items():
            archive.writestr(
                f"word/{kind}.xml", f"<w:{kind.rstrip('0123456789')} {NAMES}>{xml}</w:{kind.rstrip('0123456789')}>"
            )
    return made.getvalue()


def run(text: str, properties: str = "") -> str:
    """Return a run of one text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*runs: str, properties: str = "") -> str:
    """Return a paragraph of runs; what is no XML becomes a run."""
    parts = (part if part.startswith("<") else run(part) for part in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(parts)}</w:p>"


def cell(content: str, properties: str = "") -> str:
    """Return a cell; what is no XML becomes a paragraph."""
    inner = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(*rows: str | tuple[str, ...]) -> str:
    """Return a table; a row is its cells, or XML."""
    lines = (row if isinstance(row, str) else f"<w:tr>{''.join(map(as_cell, row))}</w:tr>" for row in rows)
    return f"<w:tbl>{''.join(lines)}</w:tbl>"


def as_cell(content: str) -> str:
    """Return what is no cell yet as one."""
    return content if content.startswith("<w:tc>") else cell(content)


def reading(body: str, namespace: str = W, **parts: str) -> Reading:
    """Return what is read of a DOCX of a body."""
    return read(Path("a.docx"), packed(body, namespace, **parts))


def field(instruction: str, result: str) -> str:
    """Return a field that shows a result."""
    marks = {kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")}
    instructed = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>{marks['separate']}"
    return f"{marks['begin']}{instructed}{result}{marks['end']}"


def test_insertions_are_in_and_deletions_out() -> None:
    """Also moves, deleted rows and paragraphs whose end was deleted."""
    body = (
        p("Fee ", "<w:del><w:r><w:delText>30</w:delText></w:r></w:del>", f"<w:ins>{run('60')}</w:ins>", " euros")
        + p("<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>")
        + p(f"<w:moveTo>{run('moved')}</w:moveTo>")
        + p("It ends ", properties="<w:rPr><w:del/></w:rPr>")
        + p("here.")
        + table(("A", "B"), ("1", "2"), f"<w:tr><w:trPr><w:del/></w:trPr>{cell('3')}{cell('4')}</w:tr>")
    )
    assert reading(body).text == "Fee 60 euros\n\nmoved\n\nIt ends here.\n\n| A | B |\n|---|---|\n| 1 | 2 |"


def test_hidden_text_is_left_out_and_counted() -> None:
    """By a run's own property, or its style's; false is not hidden."""
    styles = '<w:style w:styleId="x"><w:name w:val="x"/><w:rPr><w:vanish/></w:rPr></w:style>'
    body = p("a", run("b", "<w:vanish/>"), run("c", '<w:vanish w:val="0"/>'), run("d", '<w:rStyle w:val="x"/>'))
    made = reading(body, styles=styles)
    assert made.text == "ac"
    assert [(dropped.what, dropped.count) for dropped in made.dropped] == [("hidden texts", 2)]


def test_comments_are_left_out() -> None:
    """Neither their text nor their mark."""
    body = p('<w:commentRangeStart w:id="0"/>', "a", '<w:r><w:commentReference w:id="0"/></w:r>', "b")
    assert reading(body, comments='<w:comment w:id="0">' + p("no") + "</w:comment>").text == "ab"


def test_controls_of_every_kind_are_read() -> None:
    """Around blocks, runs, rows and cells, one in another; custom XML, smart tags, links."""
    inner = f"<w:sdt><w:sdtContent>{run('20 days')}</w:sdtContent></w:sdt>"
    rows = (
        f"<w:sdt><w:sdtContent><w:tr>{cell('Pay')}<w:sdt><w:sdtContent>{cell('9')}</w:sdtContent></w:sdt></w:tr>"
        "</w:sdtContent></w:sdt>"
    )
    body = (
        f"<w:sdt><w:sdtContent><w:customXml>{p('Leave: ', inner)}</w:customXml></w:sdtContent></w:sdt>"
        + p(f"<w:smartTag>{run('Oslo')}</w:smartTag>", f'<w:hyperlink r:id="x">{run(" office")}</w:hyperlink>')
        + table(("Item", "Value"), rows)
    )
    made = reading(body).text
    assert made == "Leave: 20 days\n\nOslo office\n\n| Item | Value |\n|---|---|\n| Pay | 9 |"


def test_a_text_box_is_read_once() -> None:
    """Though it is written twice, for a newer and an older Word; one within another too."""
    box = f"<w:txbxContent>{p('Keep dry')}</w:txbxContent>"
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert reading(p("Pumps", both, " need care.")).text == "Pumps need care.\n\nKeep dry"
    old = f"<w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r>"
    assert reading(p(old)).text == "Keep dry"


def test_fields_show_their_results() -> None:
    """Not their instructions, one in another too; check boxes and lists of a form show what is chosen."""
    nested = field(f"IF {field('PAGE', run('4'))} = 4", run("yes"))
    form = "<w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData>"
    box = f'<w:r><w:fldChar w:fldCharType="begin">{form}</w:fldChar></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    body = (
        p("See ", field("REF a", run("clause 5")), ".")
        + p(nested)
        + p('<w:fldSimple w:instr="AUTHOR">' + run("Ada") + "</w:fldSimple>")
        + p(box, end, " agreed")
    )
    assert reading(body).text == "See clause 5.\n\nyes\n\nAda\n\n☒ agreed"


def test_a_strict_document_is_read() -> None:
    """Its namespace is another."""
    assert reading(p("text"), STRICT).text == "text"


def test_merged_cells_stand_in_each_row_and_column_they_span() -> None:
    """Merged down and across; what a hidden cell holds is not shown."""
    body = table(
        ("Contract", "Service", "Days"),
        (cell("Full-time", '<w:vMerge w:val="restart"/>'), "to 2 years", "21"),
        (cell("gone", "<w:vMerge/>"), "longer", "25"),
        (cell("Interns", '<w:gridSpan w:val="2"/>'), "10"),
        (cell("Old", '<w:hMerge w:val="restart"/>'), cell("", '<w:hMerge w:val="continue"/>'), "7"),
    )
    assert reading(body).text.splitlines() == [
        "| Contract | Service | Days |",
        "|---|---|---|",
        "| Full-time | to 2 years | 21 |",
        "| Full-time | longer | 25 |",
        "| Interns | Interns | 10 |",
        "| Old | Old | 7 |",
    ]


def test_a_row_that_begins_further_right_is_placed_so() -> None:
    """What it leaves free at its start is an empty cell."""
    late = f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("5")}</w:tr>'
    assert reading(table(("A", "B"), ("1", "2"), late)).text.splitlines()[-1] == "|  | 5 |"


def test_a_head_of_two_rows_is_one() -> None:
    """Where Word repeats both on every page."""
    head = "<w:trPr><w:tblHeader/></w:trPr>"
    site = cell("Site", '<w:vMerge w:val="restart"/>')
    fee = cell("Fee", '<w:gridSpan w:val="2"/>')
    body = table(
        f"<w:tr>{head}{site}{fee}</w:tr>",
        f"<w:tr>{head}{cell('', '<w:vMerge/>')}{cell('day')}{cell('night')}</w:tr>",
        ("East", "5", "7"),
    )
    made = reading(body).text
    assert in_cell(made, ["Fee night", "East", "7"])
    assert made.startswith("| Site | Fee / day | Fee / night |")


def test_a_table_in_a_cell_stays_in_its_row() -> None:
    """Each of its values named by its own column."""
    pairs = table(("adult", "4.10"), ("child", "2.05"))
    made = reading(table(("Ticket", "Fares"), ("Single", cell(pairs + p()))))
    assert made.text.splitlines()[-1] == "| Single | adult: 4.10; child: 2.05 |"
    inner = table(("Age", "Fare", "Tax"), ("adult", "4.10", "0.20"), ("child", "2.05", ""))
    made = reading(table(("Ticket", "Fares"), ("Single", cell(inner + p()))))
    assert made.text.splitlines()[-1] == "| Single | Age: adult, Fare: 4.10, Tax: 0.20; Age: child, Fare: 2.05 |"


def test_a_frame_is_no_table() -> None:
    """One cell or one column around paragraphs."""
    assert reading(table((cell(p("a") + p("b")),))).text == "a\n\nb"


def test_notes_stand_below_what_cites_them() -> None:
    """Footnotes and endnotes, with marks of their own; a table's below the table."""
    notes = f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>", "Since May.")}</w:footnote>'
    ends = f'<w:endnote w:id="2">{p("See annex.")}</w:endnote>'
    foot = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
    end = '<w:r><w:endnoteReference w:id="2"/></w:r>'
    made = reading(p("Fee 30", foot, end) + p("Next."), footnotes=notes, endnotes=ends)
    assert made.text == "Fee 30[1][e1]\n\n[1] Since May.\n\n[e1] See annex.\n\nNext."
    in_table = reading(table(("A", "B"), ("x", cell(p("1", foot)))) + p("Next."), footnotes=notes)
    assert in_table.text.splitlines()[2:] == ["| x | 1[1] |", "", "[1] Since May.", "", "Next."]


def test_headers_and_footers_are_read_once() -> None:
    """Those that pages show; page numbers say nothing."""
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="header1"/>'
        '<w:headerReference w:type="first" r:id="header2"/>'
        '<w:footerReference w:type="default" r:id="footer1"/></w:sectPr>'
    )
    parts = {
        "header1": p("Tariff 7"),
        "header2": p("Cover"),
        "footer1": p("Page ", field("PAGE", run("3")), " of 9"),
    }
    body = p("a") + p("b", properties=section) + p("c") + section
    assert reading(body, **parts).text == "a\n\nb\n\nc\n\nPage header: Tariff 7"
    cover = section.replace("</w:sectPr>", "<w:titlePg/></w:sectPr>")
    assert reading(p("a") + cover, **parts).text.endswith("Page header: Tariff 7\n\nPage header: Cover")


def test_a_diagram_gives_its_words() -> None:
    """SmartArt stands in a part of its own."""
    aside = '<w:r><w:drawing><a:graphic><dgm:relIds r:dm="diagramData"/></a:graphic></w:drawing></w:r>'
    words = "<dgm:pt><a:t>Order</a:t></dgm:pt><dgm:pt><a:t>Ship</a:t></dgm:pt>"
    assert reading(p("Steps:", aside), diagramData=words).text == "Steps:\n\n- Order\n- Ship"


def test_what_cannot_be_text_is_named() -> None:
    """Pictures, charts, embedded documents."""
    body = (
        p(
            "a",
            '<w:r><w:drawing><pic:pic/></w:drawing></w:r><w:r><w:drawing><c:chart r:id="chart"/></w:drawing></w:r>',
        )
        + '<w:altChunk r:id="aFChunk"/>'
    )
    made = reading(body, chart="<c/>", aFChunk="<p>1234</p>")
    assert {dropped.what: dropped.count for dropped in made.dropped} == {
        "pictures": 1,
        "charts": 1,
        "embedded documents (altChunk)": 1,
    }
    assert all(dropped.characters > 0 for dropped in made.dropped if "picture" not in dropped.what)


@pytest.mark.parametrize(
    ("style", "level"),
    [
        ('<w:style w:styleId="a"><w:name w:val="heading 2"/></w:style>', 2),
        ('<w:style w:styleId="a"><w:name w:val="Überschrift 3"/></w:style>', 3),
        ('<w:style w:styleId="a"><w:name w:val="标题 1"/></w:style>', 1),
        ('<w:style w:styleId="a"><w:name w:val="Titre 2"/></w:style>', 2),
        ('<w:style w:styleId="a"><w:name w:val="Own"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>', 2),
        (
            '<w:style w:styleId="a"><w:name w:val="Own"/><w:basedOn w:val="b"/></w:style>'
            '<w:style w:styleId="b"><w:name w:val="heading 4"/><w:basedOn w:val="a"/></w:style>',
            4,
        ),
        ('<w:style w:styleId="a"><w:name w:val="heading 9"/></w:style>', 6),
        ('<w:style w:styleId="a"><w:name w:val="Title"/></w:style>', 1),
        ('<w:style w:styleId="a"><w:name w:val="Normal"/></w:style>', 0),
        ('<w:style w:styleId="a"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>', 0),
    ],
)
def test_headings_are_told_by_outline_or_name(style: str, level: int) -> None:
    """In any language that Word writes style names in, and by what a style is based on."""
    made = reading(p("Fees", properties='<w:pStyle w:val="a"/>') + p("x"), styles=style).text
    assert made == ("#" * level + " Fees\n\nx").lstrip()


def test_list_items_have_their_marks() -> None:
    """Bullets, numbers of several levels, letters, and a list that begins anew."""
    levels = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>'
    )
    bullet = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>'
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="1">{bullet}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
        f'<w:num w:numId="3"><w:abstractNumId w:val="0"/>{again}</w:num>'
    )

    def item(text: str, number: int, level: int) -> str:
        return p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')

    body = item("a", 1, 0) + item("b", 1, 1) + item("c", 1, 1) + item("d", 1, 0) + item("e", 1, 1) + p("x")
    made = reading(body + item("f", 2, 0) + item("g", 2, 0) + p("y") + item("h", 3, 0), numbering=numbering).text
    assert made == "1. a\n  1.a) b\n  1.b) c\n2. d\n  2.a) e\n\nx\n\n- f\n- g\n\ny\n\n1. h"


def test_the_signs_of_a_line_are_kept() -> None:
    """Tabs, breaks, hyphens, symbols, exponents, formulas; soft hyphens are not seen."""
    ratio = "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>"
    body = p(
        "a",
        "<w:r><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r>",
        "<w:r><w:softHyphen/><w:t>e</w:t></w:r>",
        '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>',
        '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>',
        run(" 10"),
        run("6", '<w:vertAlign w:val="superscript"/>'),
        " H",
        run("2", '<w:vertAlign w:val="subscript"/>'),
        run("O "),
        ratio,
        run(" x", '<w:rFonts w:ascii="Symbol"/>'),
        run(" 40", "<w:strike/>"),
        " sedi&#xAD;ment",
    )
    assert reading(body).text == "a\tb\nc-de≥✓ 10^6 H2O a/b ξ~~ 40~~ sediment"


def test_superscripts_as_libreoffice_writes_them() -> None:
    """Set higher and smaller; what is only set higher is text like any other."""
    raised = '<w:position w:val="8"/><w:sz w:val="19"/>'
    lowered = '<w:position w:val="-2"/><w:sz w:val="19"/>'
    body = p(
        run("10"),
        run("4", raised),
        run(" N, H"),
        run("2", lowered),
        run("O, 7"),
        run("5", '<w:position w:val="8"/>'),
    )
    assert reading(body).text == "10^4 N, H2O, 75"


@pytest.mark.parametrize(
    "data",
    [
        b"PK nothing",
        b"",
        packed("")[:300],
        packed("<w:p>").replace(b"PK\x01\x02", b"PK\x01\x03"),
        packed("<w:p><w:unclosed>"),
        packed('<w:p><w:r><w:sym w:char="xyz"/></w:r></w:p>'),
    ],
)
def test_a_broken_file_is_one_line(data: bytes) -> None:
    """Its name and what to do."""
    with pytest.raises(CorpusError, match=r"^a\.docx is a broken DOCX \(\w+\); save it again or remove it$"):
        read(Path("a.docx"), data)


def test_a_package_without_a_document_is_broken() -> None:
    """A zip file of something else."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("notes.txt", "x")
    with pytest.raises(CorpusError, match=r"a\.docx is a broken DOCX"):
        read(Path("a.docx"), made.getvalue())


def test_a_locked_file_says_so() -> None:
    """Word writes an encrypted document as an OLE container."""
    with pytest.raises(CorpusError, match=r"a\.docx is password-protected or in an old format"):
        read(Path("a.docx"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit stands in the message."""
    monkeypatch.setattr(package, "LARGEST", 2_000_000)
    with pytest.raises(CorpusError, match=r"a\.docx: its text unpacks to more than 2 MB; split it or remove it"):
        read(Path("a.docx"), packed(p("x" * 3_000_000)))


def test_deep_nesting_is_read_or_one_line() -> None:
    """Tables in tables, hundreds deep."""
    deep = "<w:sdt><w:sdtContent>" * 2000 + p("x") + "</w:sdtContent></w:sdt>" * 2000
    with pytest.raises(CorpusError, match=r"a\.docx is a broken DOCX"):
        read(Path("a.docx"), packed(deep))
