"""HTML is read as a person sees it: twelve whole pages, and each rule by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ragvsft.data.reading.tables import Cell, markdown_table, one_line, table_text
from ragvsft.errors import CorpusError
from tests.data.reading.facts import CHECKS, PAGES, in_cell, missed

pytest.importorskip("lxml")
from ragvsft.data.reading.html import read

FACTS: dict[str, dict[str, list[Any]]] = yaml.safe_load((PAGES / "facts.yaml").read_text(encoding="utf-8"))


def seen(markup: str) -> str:
    """Return what a page of this markup shows."""
    return read(Path("a.html"), markup.encode()).text


@pytest.mark.parametrize("name", FACTS)
def test_a_page_reads_as_people_see_it(name: str) -> None:
    """Every fact that a person wrote down for a page holds in its text."""
    assert missed(read(Path(name), (PAGES / name).read_bytes()).text, FACTS[name]) == []


def test_no_fact_holds_in_a_text_without_it() -> None:
    """The checks themselves can fail: glued words, a value under another column, what should be left out."""
    assert not CHECKS["apart"]("Notice period30 days", ["Notice period", "30 days"])
    assert not CHECKS["apart"]("Notice period", ["Notice period", "30 days"])
    table = "| Contract | Service | Days |\n|---|---|---|\n| Interns | 10 |"
    assert not in_cell(table, ["Days", "Interns", "10"])
    assert in_cell(table, ["Service", "Interns", "10"])
    assert not CHECKS["never"]("a cookie", "cookie")
    assert not CHECKS["order"]("b a", ["a", "b"])
    assert not CHECKS["lines"]("if a:\nb()", ["if a:", "    b()"])


def test_each_value_stands_under_its_own_column() -> None:
    """A cell that spans rows stands in each of them, one that spans columns does not shift what follows."""
    text = seen(
        "<table><tr><th>Boat<th>Length<th>Fee</tr><tr><td rowspan=2>Punt<td>short<td>3</tr><tr><td>long<td>4</tr>"
        "<tr><td colspan=2>Rafts<td>9</tr></table>"
    )
    assert text == (
        "| Boat | Length | Fee |\n|---|---|---|\n| Punt | short | 3 |\n| Punt | long | 4 |\n| Rafts | Rafts | 9 |"
    )


def test_a_rowspan_of_zero_reaches_down_to_the_end() -> None:
    """As the standard has it."""
    text = seen("<table><tr><th>A<th>B</tr><tr><td rowspan=0>x<td>1</tr><tr><td>2</tr><tr><td>3</tr></table>")
    assert text.splitlines()[2:] == ["| x | 1 |", "| x | 2 |", "| x | 3 |"]


def test_spans_that_overlap_and_reach_too_far_are_read() -> None:
    """A span of 65,534 rows and 1,000 columns in a table of two rows is a table of two rows."""
    text = seen("<table><tr><th>A<th>B</tr><tr><td rowspan=65534 colspan=1000>x</td></tr><tr><td>y</td></tr></table>")
    assert len(text.splitlines()) == 4


def test_two_levels_of_heads_become_one() -> None:
    """With and without th."""
    for cell in ("th", "td"):
        text = seen(
            f"<table><tr><{cell} rowspan=2>Site</{cell}><{cell} colspan=2>Fee</{cell}></tr>"
            f"<tr><{cell}>day</{cell}><{cell}>night</{cell}></tr><tr><td>East</td><td>5</td><td>7</td></tr></table>"
        )
        assert text.splitlines()[0] == "| Site | Fee / day | Fee / night |"
        assert text.splitlines()[2] == "| East | 5 | 7 |"


def test_a_head_further_down_begins_a_table_of_its_own() -> None:
    """What stands below it is not below the first head."""
    text = seen(
        "<table><tr><th>Site<th>Fee</tr><tr><td>East<td>5</tr>"
        "<tr><th>Site<th>Depth</tr><tr><td>East<td>2 m</tr></table>"
    )
    assert in_cell(text, ["Depth", "East", "2 m"])
    assert "\n\n| Site | Depth |" in text


def test_a_title_across_a_table_stands_above_it() -> None:
    """It names no column; between rows it stays a row."""
    rows = [[Cell("Fees", columns=2)], [Cell("Site"), Cell("Fee")], [Cell("East"), Cell("5")]]
    assert table_text(rows) == "Fees\n\n| Site | Fee |\n|---|---|\n| East | 5 |"


def test_names_at_the_side_are_no_head() -> None:
    """The first row of a table without a head is a row."""
    text = seen("<table><tr><th>Depth<td>2 m</tr><tr><th>Width<td>9 m</tr></table>")
    assert text.splitlines() == ["|  |  |", "|---|---|", "| Depth | 2 m |", "| Width | 9 m |"]


def test_a_foot_that_is_written_above_the_body_stands_below_it() -> None:
    """As browsers show it."""
    text = seen(
        "<table><thead><tr><th>A<th>B</thead><tfoot><tr><td>sum<td>3</tfoot><tbody><tr><td>x<td>3</tbody></table>"
    )
    assert text.splitlines()[2:] == ["| x | 3 |", "| sum | 3 |"]


def test_a_pipe_in_a_cell_ends_no_cell() -> None:
    """It is escaped as in Markdown."""
    assert markdown_table([["a"], ["x|y"]]) == "| a |\n|---|\n| x\\|y |"


def test_short_rows_are_filled_up() -> None:
    """Every row has the cells of the widest."""
    assert markdown_table([["a"], ["b", "c"]]) == "| a |  |\n|---|---|\n| b | c |"


def test_the_lines_of_a_cell_stay_apart() -> None:
    """A blank follows punctuation, a semicolon anything else."""
    assert one_line("- Mole\n- Castle\n\nSee:\nmap") == "Mole; Castle; See: map"


def test_a_small_table_in_a_cell_stays_in_its_row() -> None:
    """Though neither has head cells; a large one makes the outer table a layout."""
    inner = "<table><tr><td>adult</td><td>4.10</td></tr><tr><td>child</td><td>2.05</td></tr></table>"
    outer = "<table><tr><td>Ticket<td>Fares</tr><tr><td>Single<td>{}</tr></table>"
    assert seen(outer.format(inner)).splitlines()[-1] == "| Single | adult: 4.10; child: 2.05 |"
    assert seen(outer.format(inner * 20)).startswith("Ticket\n\nFares\n\nSingle\n\n| adult | 4.10 |")


def test_a_cell_may_span_rows_and_columns() -> None:
    """It stands in all of them."""
    text = seen("<table><tr><th>A<th>B<th>C</tr><tr><td rowspan=2 colspan=2>x<td>1</tr><tr><td>2</tr></table>")
    assert text.splitlines()[2:] == ["| x | x | 1 |", "| x | x | 2 |"]


def test_a_table_of_roles_is_a_table() -> None:
    """Div elements whose roles say so."""
    text = seen(
        "<div role=table><div role=row><span role=columnheader>A</span><span role=columnheader>B</span></div>"
        "<div role=row><span role=cell>1</span><span role=cell>2</span></div></div>"
    )
    assert text == "| A | B |\n|---|---|\n| 1 | 2 |"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Not<b>ice</b> it", "Notice it"),
        ("<span>30</span><span>days</span>", "30days"),
        ("<div>30</div><div>days</div>", "30\n\ndays"),
        ("<span style='display:block'>30</span><span>days</span>", "30\n\ndays"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("10<sup>2</sup> m<sup>3</sup> 3<sup>rd</sup>", "10^2 m^3 3rd"),
        ("so<sup><a href='#n'>[4]</a></sup>", "so[4]"),
        ("<dl><dt>Why?</dt><dd>So.</dd></dl>", "Why? So."),
        ("<dl><div><dt>Fee</dt><dd><p>3</p><p>or 4</p></dd></div></dl>", "Fee: 3\n\nor 4"),
        ("<details><summary>Q</summary>A</details>", "Q\nA"),
        ("<ol><li>a<ol type=i><li>b<li>c</ol><li value=7>d</ol>", "1. a\n  i. b\n  ii. c\n7. d"),
        ("<h2>A<br>b <a href='#a'>¶</a></h2>c", "## A b\n\nc"),
        ("<h2></h2>c", "c"),
        ("<p># 3 is cheap</p>", "# 3 is cheap"),
        ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
        ("<pre><div>a</div><div>  b</div></pre>", "```\na\n  b\n```"),
        ("<p>a&nbsp;&amp;&nbsp;b &lt;c&gt; &euro;", "a & b <c> €"),
        ("<title>T</title><h2>a</h2>b", "# T\n\n## a\n\nb"),
        ("<title>T</title><h1>a</h1>b", "# a\n\nb"),
        ("<svg><title>S</title></svg><h1>a</h1>", "S\n\n# a"),
        ("<math><mfrac><mn>1</mn><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></mfrac></math>", "1/(a+b)"),
    ],
)
def test_markup_is_read_as_its_text(markup: str, text: str) -> None:
    """Inline elements neither glue nor split words, blocks stand apart."""
    assert seen(markup) == text


@pytest.mark.parametrize(
    "markup",
    [
        "<p hidden>x</p>", "<p HIDDEN=''>x</p>", "<p style='DISPLAY:NONE'>x</p>",
        "<p style='a:b;visibility: hidden'>x</p>",
        "<p aria-hidden=true>x</p>", "<dialog>x</dialog>", "<template>x</template>", "<noscript>x</noscript>",
        "<script>x</script>", "<style>x</style>", "<!-- x -->", "<!-- <p>x</p> -->", "<nav>x</nav>",
        "<div role=navigation>x</div>", "<footer>x</footer>", "<header>x</header>",
        "<div class=cookie-banner>x</div>",
        "<ul class=breadcrumb><li>x</ul>", "<div class=sidebar><a href=a>x</a></div>", "<button>x</button>",
        "<iframe>x</iframe>", "<aside><a href=a>x</a></aside>", "<input type=hidden value=x>",
        "<textarea>x</textarea>",
    ],
)  # fmt: skip
def test_what_people_do_not_see_or_do_not_read_is_left_out(markup: str) -> None:
    """The rest of the page stays."""
    assert seen(f"<p>before</p>{markup}<p>after</p>") == "before\n\nafter"


@pytest.mark.parametrize(
    "markup",
    [
        "<article><header>x</header></article>", "<div class=has-sidebar>x</div>", "<div class=menu>x</div>",
        "<aside>x</aside>", "<dialog open>x</dialog>", "<p hidden=until-found>x</p>", "<div id=footer-note>x</div>",
        "<h3><button>x</button></h3>", "<button aria-controls=p aria-expanded=false></button><p id=p hidden>x</p>",
        "<blockquote><footer>x</footer></blockquote>", "<input readonly value=x>", "<img alt=x>",
    ],
)  # fmt: skip
def test_what_people_read_is_kept(markup: str) -> None:
    """Though its name or its place is that of navigation, or a button shows it."""
    assert seen(f"<p>before</p>{markup}<p>after</p>").split() in (
        ["before", "x", "after"],
        ["before", "###", "x", "after"],
    )


def test_frames_around_a_main_part_are_left_out() -> None:
    """Also with a title of the site in them; without a title in the main part, theirs is the page's."""
    bars = "<div id=menu-bar><h1>The boat book</h1></div><x-topbar><h2>Oars</h2></x-topbar>"
    frame = f"{bars}<div id=help-popup>Press s</div>"
    assert seen(f"{frame}<main><h1>Oars</h1>Two.</main>") == "# Oars\n\nTwo."
    assert seen("<div class=header><h1>Oars</h1>Since May</div><main>Two.</main>") == "# Oars\n\nSince May\n\nTwo."
    assert seen("<div class=header>Oars</div><p>Two.") == "Oars\n\nTwo."


def test_a_page_that_is_all_navigation_is_kept() -> None:
    """And a note says so."""
    links = "".join(f"<li><a href=x>Chapter {n}, on pumps</a>" for n in range(9))
    reading = read(Path("a.html"), f"<nav><ul>{links}</ul></nav>".encode())
    assert "- Chapter 8, on pumps" in reading.text
    assert reading.notes == ("nearly all of its text is in navigation, headers and footers; they were kept",)


def test_a_short_page_keeps_no_navigation() -> None:
    """However much of it there is."""
    links = "".join(f"<li><a href=x>Chapter {n}, on pumps</a>" for n in range(99))
    assert seen(f"<nav><ul>{links}</ul></nav><main><p>Closed.</main><footer>{links}</footer>") == "Closed."


def test_what_was_left_out_is_counted() -> None:
    """Elements and characters, by kind."""
    reading = read(
        Path("a.html"), b"<p>text</p><script>var a=1</script><nav>Home</nav><p hidden>old</p><p hidden>a</p>"
    )
    counts = {dropped.what: (dropped.count, dropped.characters) for dropped in reading.dropped}
    assert counts == {"scripts and styles": (1, 7), "navigation and controls": (1, 4), "hidden elements": (2, 4)}


PIECES = st.sampled_from(
    [
        f"<{end}{tag}>"
        for tag in (
            "p",
            "b",
            "table",
            "tr",
            "td rowspan=0",
            "th colspan=9",
            "ul",
            "li",
            "dl",
            "dt",
            "dd",
            "pre",
            "h2",
            "caption",
            "thead",
            "tfoot",
            "ruby",
            "rt",
            "math",
            "mfrac",
            "svg",
            "option",
            "details",
            "summary",
            "div role=row",
            "div role=cell",
        )
        for end in ("", "/")
    ]
    + ["<br>", "<![CDATA[", "<!--", "-->", "&lt;", "&nbsp;", "\n", "5 < 6", "|", "# h", "日本", "<img alt='x|y'>"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=25))
def test_any_markup_is_read(pieces: list[str]) -> None:
    """No tag soup breaks the reader, or takes away a paragraph that stands before it."""
    assert "The end." in seen(f"<p>The end.</p>{''.join(pieces)}")


@pytest.mark.parametrize(
    "data",
    [
        "<p>Größe 5 €</p>".encode(),
        "<p>Größe 5 €</p>".encode("utf-8-sig"),
        "<p>Größe 5 €</p>".encode("utf-16"),
        "<meta charset=iso-8859-1><p>Größe 5 €</p>".encode("cp1252"),
        "<meta charset='iso-8859-15'><p>Größe 5 €</p>".encode("iso-8859-15"),
        "<p>Größe 5 €</p>".encode("cp1252"),
        "<meta charset=utf-16><p>Größe 5 €</p>".encode(),
        "<meta charset=nonsense><p>Größe 5 €</p>".encode(),
        "<?xml version='1.0' encoding='utf-8'?><html><p>Größe 5 €</p></html>".encode(),
    ],
)
def test_the_encoding_is_what_a_browser_takes(data: bytes) -> None:
    """A byte-order mark, a declaration, UTF-8 or else Windows-1252."""
    assert read(Path("a.html"), data).text == "Größe 5 €"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"<![", ""), (b"<", "<"), (b"<p>a<![endif]>b", "ab"), (b"", ""), (b"<!--" * 10_000, ""),
        (b"<p>a<li>b</table></div><p>d", "a\n\n- b\n\n  d"), (b"\x00<p>x\x01y", "xy"),
        (b"<b>" * 1500 + b"deep", "deep"), (b"<p>&#xD800;&#x110000;&bogus;", "��&bogus;"),
    ],
)  # fmt: skip
def test_broken_markup_is_read(data: bytes, text: str) -> None:
    """Never a traceback; what a browser shows nothing of is no text."""
    assert read(Path("a.html"), data).text == text


def test_what_is_nested_too_deep_is_one_line() -> None:
    """Rather than a text that ends where the parser gave up."""
    with pytest.raises(
        CorpusError, match=r"^a\.html: its elements are nested deeper than 2,048; save it again"
    ) as caught:
        read(Path("a.html"), b"<div>" * 20_000 + b"text")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "part",
    [
        '<section id="consent"><h2>Consent</h2><p>Kept for 13 months.</p></section>',
        '<div class="section" id="cookies"><h2>Cookies</h2><p>Kept for 13 months.</p></div>',
        '<section id="popup-windows"><h3>Popups</h3><p>Kept for 13 months.</p></section>',
        '<div class="cookie-list"><table><tr><th>Name<th>Kept<tr><td>_sid<td>Kept for 13 months.</table></div>',
    ],
)
@pytest.mark.parametrize("around", ["<main>{}</main>", '<div role="main">{}</div>', "<div>{}</div>"])
def test_a_part_about_cookies_is_text(part: str, around: str) -> None:
    """Sphinx and MkDocs name a section by its title; a privacy policy has one on cookies."""
    assert "Kept for 13 months." in seen("<h1>Privacy</h1>" + around.format(part))


@pytest.mark.parametrize(
    "part",
    [
        '<div id="cookie-banner"><h2>We value your privacy</h2><button>Accept all</button></div>',
        '<div class="gdpr">We set tracers. <a href="#">Fine</a></div>',
        '<a href="#content">Skip to main content</a>',
        '<a class="jump" href="#body">Jump to content</a>',
        '<div id="sideNavBox"><a href="a">Homes</a><a href="b">Teams</a></div>',
        '<table><tr><td class="linenos"><pre>71\n72</pre></td><td><pre>a\nb</pre></td></tr></table>',
    ],
)
def test_a_banner_is_not(part: str) -> None:
    """Nor are links for the keyboard, side bars with humps in their names, the numbers of lines of code."""
    text = seen(f"{part}<main><h1>Rules</h1><p>Text.</p></main>")
    assert not any(word in text for word in ("privacy", "tracers", "Skip", "Jump", "Homes", "71"))


@pytest.mark.parametrize(
    "hidden",
    [
        '<div class="expand-control">More</div><div class="expand-content" style="display:none">Call 20</div>',
        '<div role="tabpanel" hidden="">Call 20</div>',
        '<div class="faq-answer" style="display: none">Call 20</div>',
        '<h3><button aria-expanded="false">Whom?</button></h3><div hidden>Call 20</div>',
        '<div class="mw-collapsible-content" style="display:none">Call 20</div>',
        '<div class="accordionBody" aria-hidden="true"><p>Call 20</p></div>',
        '<div class="tab-pane" style="display:none"><p>Call 20</p></div>',
    ],
)
def test_what_a_click_opens_is_text(hidden: str) -> None:
    """Answers, tabs and folded parts are there to be read; whoever saved the page had not opened them."""
    assert "Call 20" in seen(f"<main><h1>Help</h1>{hidden}</main>")


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>Call 20</p>",
        '<div class="tooltip" style="display:none">Call 20</div>',
        '<input type="hidden" class="tab" value="Call 20">',
        '<span class="sr-only">Call 20</span>',
        '<article><div class="question">Why?</div>' + "<p>Long text.</p>" * 40 + "</article><div hidden>Call 20</div>",
    ],
)
def test_what_nobody_opens_is_not(hidden: str) -> None:
    """Hidden is hidden where nothing leads to it."""
    assert "Call 20" not in seen(f"<main><h1>Help</h1>{hidden}</main>")


def test_a_value_is_not_glued_to_its_name() -> None:
    """Where only a style holds them apart; the pieces of a word of code stay together."""
    text = seen('<ul><li><span class="label">Weight</span><span class="spec-value">4 kg</span></ul>')
    assert text == "- Weight 4 kg"
    assert seen('<p><i>read</i><i>=</i><span class="default_value">30</span></p>') == "read=30"


def test_a_mail_is_laid_out_by_tables() -> None:
    """A frame of tables without borders is none, the table within it is."""
    text = seen(
        '<table cellpadding="0" cellspacing="0" border="0"><tr><td>Fern Bank</td><td>May</td></tr><tr>'
        "<td colspan=2><table border=1><tr><td>Branch<td>Opens<tr><td>Hill<td>10:00</table></td></tr></table>"
    )
    assert text == "Fern Bank\n\nMay\n\n| Branch | Opens |\n|---|---|\n| Hill | 10:00 |"


def test_a_list_to_choose_from_does_not_go_on_what_stands_above_it() -> None:
    """Only its own label is its name."""
    assert seen("<p>2 Elm St</p><select><option>S<option>M</select>") == "2 Elm St\n\nS, M"
    assert seen("<label>Size <select><option>S<option>M</select></label>") == "Size: S, M"


@pytest.mark.parametrize(
    "mark",
    [
        '<a epub:type="noteref" href="#f1">1</a>',
        '<a role="doc-noteref" href="n.html#f1">[1]</a>',
        '<a class="footnote-reference brackets" href="#id1">1</a>',
        '<sup><a href="#fn1">1</a></sup>',
    ],
)
def test_the_mark_of_a_note_is_no_digit(mark: str) -> None:
    """40 with a note is not 401."""
    assert seen(f"<p>It costs 40{mark} a year.</p>") == "It costs 40[1] a year."


def test_what_a_wiki_writes_for_editors_is_left_out() -> None:
    """The link beside each heading, and the way back from a note."""
    text = seen(
        '<main><h2>Fauna <span class="mw-editsection">[<a href="e">edit</a>]</span></h2><ol><li>'
        '<span class="mw-cite-backlink">^</span> Moe, 1999. <a href="#r" class="footnote-backref">↩</a></ol></main>'
    )
    assert text == "## Fauna\n\n1. Moe, 1999."


def test_a_statement_as_regulators_publish_it() -> None:
    """A row that only sets widths is no head; a sign in a cell of its own stands beside its amount, once."""
    text = seen(
        '<table><tr><td></td><td></td><td></td></tr><tr><td colspan="3"></td><td colspan="3">2024</td>'
        '<td colspan="3"></td><td colspan="3">2023</td></tr><tr><td colspan="3">Net sales</td><td>$</td><td>391,035'
        '</td><td></td><td colspan="3"></td><td>$</td><td>383,285</td><td></td></tr><tr><td colspan="3">Costs</td>'
        '<td colspan="2">210,352</td><td></td><td colspan="3"></td><td colspan="2">214,137</td><td></td></tr><tr>'
        '<td colspan="3">Change</td><td colspan="2">(2</td><td>)%</td><td colspan="3"></td><td colspan="2">46.2'
        "</td><td>%</td></tr></table>"
    )
    assert text == (
        "|  | 2024 | 2023 |\n|---|---|---|\n| Net sales | $391,035 | $383,285 |\n| Costs | 210,352 | 214,137 |\n"
        "| Change | (2)% | 46.2% |"
    )


def test_years_below_a_common_name_are_names_of_columns() -> None:
    """Two rows with nothing at their side and without amounts are one head."""
    text = seen(
        "<table><tr><td></td><td colspan=2>Years ended</td></tr><tr><td></td><td>2024</td><td>2023</td></tr>"
        "<tr><td>Net sales</td><td>391</td><td>383</td></tr></table>"
    )
    assert text.splitlines() == [
        "|  | Years ended / 2024 | Years ended / 2023 |",
        "|---|---|---|",
        "| Net sales | 391 | 383 |",
    ]


def test_columns_with_different_texts_stay_two() -> None:
    """Though some cell spans both, and though they are never filled in the same row but the head."""
    text = seen(
        "<table><tr><th>Day<th>North<th>South<tr><td>Mon<td>9<td><tr><td>Tue<td><td>8"
        "<tr><td>Sun<td colspan=2>closed</table>"
    )
    assert text.splitlines()[2:] == ["| Mon | 9 |  |", "| Tue |  | 8 |", "| Sun | closed | closed |"]


def test_a_style_raises_the_mark_of_a_note() -> None:
    """12 with a small 2 is not 122."""
    text = seen('<p>It hired 12<font style="font-size:65%;vertical-align: super">2</font> people.</p>')
    assert text == "It hired 12^2 people."


def test_many_rows_without_a_name_at_their_side_are_no_head() -> None:
    """A column of icons is empty all the way down."""
    rows = "".join(f"<tr><td></td><td>thing {n}</td><td>text</td></tr>" for n in range(5))
    text = seen(f"<table>{rows}<tr><td>Last</td><td>thing</td><td>text</td></tr></table>")
    assert len(text.splitlines()) == 7


def test_the_question_of_an_accordion_is_no_navigation() -> None:
    """Though it is a button, and stands in what is named a header."""
    text = seen(
        '<main><div class="card"><div class="card-header"><button data-toggle="collapse" data-target="#c">Is it new?'
        '</button></div><div id="c" class="collapse">Yes, since 9 May.</div></div><p>Ask us. <span class="more" '
        'style="display:none">Dial 21.</span></p><div><a href="#a">One</a><a href="#b">Two</a></div></main>'
    )
    assert text == "Is it new?\n\nYes, since 9 May.\n\nAsk us. Dial 21.\n\nOne Two"
