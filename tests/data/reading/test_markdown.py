"""Markdown is read without what is not for people, and loses no word that is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragvsft.data.corpus import read_corpus
from ragvsft.data.reading.cleaning import warning_of, without_embedded
from ragvsft.data.reading.formats import FORMATS
from ragvsft.data.reading.markdown import cleaned
from ragvsft.data.reading.text import read
from tests.paths import ROOT

BASE64 = "iVBORw0KGgoAAAANSUhEUgAAAAUA9x7Qz3kPq1LmT8vYbRc5WdXeHsJ2oN4uGfKi6" * 40
CORPUS = ROOT / "corpora" / "marrowick"


def counts(text: str) -> dict[str, int]:
    """Return how many things of each kind are dropped from a text."""
    return {dropped.what: dropped.count for dropped in cleaned(text).dropped}


@pytest.mark.parametrize(
    ("text", "expected", "what"),
    [
        ('See [the list](https://a.example/b_(c) "T").', "See the list.", "link targets"),
        ("See [the [old] list](<a b>).", "See the [old] list.", "link targets"),
        ("See [`code`][ref] and [ref].\n\n[ref]: https://a.example 'T'", "See `code` and ref.\n\n", "link targets"),
        ("By Ida \\<[a@b.example](mailto:a@b.example)\\>.", "By Ida a@b.example.", "link targets"),
        ("Mail <hr@a.example> or <https://a.example/x>.", "Mail hr@a.example or https://a.example/x.", ""),
        ("At https://a.example/a_b?x=1&copy=2 it is.", "At https://a.example/a_b?x=1&copy=2 it is.", ""),
        ("![Plan of gate C](plan.png)", "Plan of gate C", "link targets"),
        ("![IMG_1.png](IMG_1.png)x", "x", "link targets"),
        ("[![Build](https://img.shields.io/b.svg)](https://ci.example)x", "x", "badges"),
        (f"a ![map](data:image/png;base64,{BASE64}) b", "a map b", "embedded files"),
        (f"a ![map][m] b\n\n[m]: data:image/png;base64,{BASE64}", "a map b\n\n", "embedded files"),
        (
            "a ![map](data:image/png;base64,\n" + "\n".join([BASE64[:76]] * 9) + "\nAb3=) b",
            "a map b",
            "embedded files",
        ),
        (f'a <img alt="map" src="data:image/png;base64,{BASE64}"> b', "a map b", "HTML tags"),
        (f"```\ndata:image/png;base64,{BASE64}\n```", "```\n\n```", "embedded files"),
        (f"a\n\n{BASE64}\n\nb", "a\n\n\n\nb", "base64 runs"),
        ('## Fees <a name="fees"></a> {#fees .x}', "## Fees", "anchors"),
        ("## [Fees](#fees)", "## Fees", "link targets"),
        ("## Fees {: #fees }\n{: .note}\nText", "## Fees\nText", "anchors"),
        ("[](#x)Fees", "Fees", "anchors"),
        ("a <!-- b --> c", "a  c", "comments"),
        ("a\n<!-- b\n\n```\nc\n```\n-->\nd", "a\nd", "comments"),
        ("---\ntitle: Fees\ntags: [a]\n---\nText", "# Fees\n\nText", "front matter"),
        ("---\ntitle: 'Fees: all'\n---\n# Prices\n", "# Prices\n", "front matter"),
        ("---\ntitle: a: b\n---\nText", "# a: b\n\nText", "front matter"),
        ('+++\ntitle = "Fees"\n+++\nText', "# Fees\n\nText", "front matter"),
        ("it\\'s \\*not\\* \\_so\\_ 1\\. \\[opt\\] a \\< b", "it's *not* _so_ 1. [opt] a < b", "escapes"),
        ("a &amp; b &lt; c&nbsp;&euro; &#8211;", "a & b < c € –", "escapes"),
        ("> [!WARNING]\n> Hot.", "> Warning:\n> Hot.", "admonition marks"),
        (":::tip[Do this]\nText\n:::\n", "Do this:\nText\n\n", "admonition marks"),
        (
            '!!! note "Mind"\n    Text\n\n    ```\n    x\n    ```\n\nEnd',
            "Mind:\nText\n\n```\nx\n```\n\nEnd",
            "admonition marks",
        ),
        ("??? warning\n    !!! tip\n        Deep\nEnd", "Warning:\nTip:\nDeep\nEnd", "admonition marks"),
        ("a<br>b", "a\nb", "HTML tags"),
        ("| a<br/>b | <b>c</b> |", "| a b | c |", "HTML tags"),
        ("10<sup>6</sup> H<sub>2</sub>O", "10^6 H2O", ""),
        ("<h2 align='center'>\n  Fees\n</h2>\nx", "\n\n## Fees\n\nx", "HTML tags"),
        ("<details>\n<summary>Why?</summary>\n\nSo.\n</details>", "Why?\n\nSo.", "HTML tags"),
        (
            "<table><tr><th>A<th>B</tr><tr><td rowspan=2>x<td>1</tr><tr><td>2</tr></table>",
            "\n\n| A | B |\n|---|---|\n| x | 1 |\n| x | 2 |\n\n",
            "HTML tags",
        ),
        ("<dl><dt>Fee</dt><dd>3 euros</dd></dl>", "\n\nFee: 3 euros\n\n", "HTML tags"),
        ("a <script>var x = 1 < 2</script>b", "a b", "scripts and styles"),
        (
            "import Tabs from '@theme/Tabs';\n\n<Tabs>\n<TabItem value=\"a\">\nText\n</TabItem>\n</Tabs>",
            "\nText",
            "imports and shortcodes",
        ),
        ('{% hint style="info" %}\nText\n{% endhint %}', "Text\n", "imports and shortcodes"),
    ],
)
def test_what_is_not_for_people_is_dropped_and_counted(text: str, expected: str, what: str) -> None:
    """The text in it stays; a heading carries nothing but its words."""
    assert cleaned(text).text == expected
    assert not what or what in counts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Run `C:\\temp\\_x`, `a_b`, `\\d+` and ``a ` \\* b``.",
        "```\n<b>x</b> [a](b) \\* <!-- c --> &amp;\n```",
        "~~~md\n[a](b)\n```\n[a](b)\n~~~",
        "``` markdown\n!!! note\n\n    Text\n\n:::tip\n> [!NOTE]\n```\n\nText",
        "- item\n\n  ```\n  [a](b)\n  ```",
        "Text\n\n    [a](b) <b>x</b>\n\nText",
        "C:\\temp\\new and \\\\server\\share",
        "Inline $a_b = \\{x\\}$ and $$\n\\frac{a}{b} \\\\ < c\n$$",
        "\\[\nE = mc^2 \\, x\n\\]",
        "| a | b |\n|---|:-:|\n| 1 \\| 2 | **3** |",
        "Put <your-token> and <Name> there; a < b, c > d, x<y.",
        "See [1] and [x], [ ] and [x] too; array[0] = (1).",
        "Note[^1].\n\n[^1]: The small print.",
        "---\n\nA paragraph\n\n---\n\nmore",
        "[Note]: important",
        "a <!-- never closed\n\nb",
        "* **Bold** and _it_ # not a heading\n1. one\n> quote\n\nSetext\n======",
        "Costs $5 and $6 {not an id} {{ value }}",
        "It is 5 * 3 * 2 & so on; AT&T &bogus; 100 % \\n",
        "!!! really",
        "=== equal ===",
    ],
)
def test_code_formulas_tables_and_prose_stand_as_they_are(text: str) -> None:
    """Not a character is changed."""
    assert cleaned(text).text == text
    assert cleaned(text).dropped == ()


def test_the_demo_corpus_is_read_unchanged() -> None:
    """It holds nothing to clean: not a character of its 36 Markdown documents."""
    paths = sorted(CORPUS.rglob("*.md"))
    assert len(paths) >= 30
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert cleaned(text).text == text


def test_an_embedded_image_leaves_a_document_of_two_lines(tmp_path: Path) -> None:
    """Its alternative text stays; the file is not touched."""
    source = f"# Doors\n\nDoor 4 opens at six.\n\n![map](data:image/png;base64,{BASE64})\n\nDoor 5 at nine.\n"
    (tmp_path / "doors.md").write_text(source)
    assert read_corpus(tmp_path)[0].text == "# Doors\n\nDoor 4 opens at six.\n\nmap\n\nDoor 5 at nine.\n"
    assert (tmp_path / "doors.md").read_text() == source


def test_markdown_is_cleaned_and_plain_text_is_not() -> None:
    """A .txt file loses embedded data only."""
    data = f"[a](b) \\*\n{BASE64}\n".encode()
    assert FORMATS[".txt"].read(Path("a.txt"), data).text == "[a](b) \\*\n\n"
    assert FORMATS[".md"].read(Path("a.md"), data).text == "a *\n\n"


WORDS = st.lists(
    st.sampled_from(
        [
            "Notice",
            "period",
            "30",
            "days",
            "2.5",
            "mg",
            "EUR",
            "4.20",
            "C#",
            "Größe",
            "日本",
            "it's",
            "AT&T",
            "x-y",
            "(old)",
            "7:30",
            "50%",
            "R&D",
        ]
    ),
    min_size=1,
    max_size=6,
).map(" ".join)
WRAPPED = st.sampled_from(
    [
        "{}",
        "**{}**",
        "[{}](https://a.example/x_y)",
        "<b>{}</b>",
        "_{}_",
        "\\[{}\\]",
        "`{}`",
        "~~{}~~",
        "<span class='a'>{}</span>",
        "{} <!-- yyy -->",
        "{}<br>",
        "![{}](a.png)",
        "\\*{}\\*",
        '[{}](<a b> "t")',
        "$x_1$ {}",
        "{}&nbsp;",
        "a < {}",
        "{}]",
        "({})",
    ]
)
BLOCKS = st.sampled_from(
    [
        "{}",
        "# {}",
        "## {} {{#id}}",
        "### {} <a name='x'></a>",
        "- {}",
        "1. {}",
        "> {}",
        "> [!NOTE]\n> {}",
        "```\n{}\n```",
        "    {}",
        "| {} | b |\n|---|---|\n| c | d |",
        ":::note\n{}\n:::",
        "!!! tip\n    {}",
        "<p align=center>{}</p>",
        "<div>\n\n{}\n\n</div>",
        "<details><summary>{}</summary>\n\nmore\n\n</details>",
        "<table><tr><td>{}</td><td>v</td></tr><tr><td>c</td></tr></table>",
        "{}\n=====",
        "* * *\n{}",
        "<!-- zzz\n\nzzz -->\n{}",
        "[^1]: {}",
        "{}\n{{: .note}}",
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Return a Markdown document, and its words of prose in order."""
    blocks, words = [], []
    for _ in range(draw(st.integers(1, 6))):
        prose = draw(WORDS)
        blocks.append(draw(BLOCKS).format(draw(WRAPPED).format(prose)))
        words += prose.split()
    return "\n\n".join(blocks), words


@settings(max_examples=150, deadline=None)
@given(documents())
def test_no_word_of_prose_is_lost(made: tuple[str, list[str]]) -> None:
    """Whatever stands around it, every word stands in the text, in order; what is not for people does not."""
    source, words = made
    text = cleaned(source).text
    place = 0
    for word in words:
        found = text.find(word, place)
        assert found >= 0, (word, source, text)
        place = found + len(word)
    assert "zzz" not in text


@settings(max_examples=150, deadline=None)
@given(documents())
def test_cleaning_twice_is_cleaning_once(made: tuple[str, list[str]]) -> None:
    """What is clean is not changed again."""
    once = cleaned(made[0]).text
    assert cleaned(once).text == once


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("ab1 \n`*_[]()<>!#|\\{}$&;:-=~\"'/.")))
def test_any_text_can_be_cleaned(text: str) -> None:
    """Letters and digits outside of targets, tags and comments are never added."""
    made = cleaned(text).text
    assert sum(map(str.isalnum, made)) <= sum(map(str.isalnum, text))


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "[a](",
        "![",
        "<!--",
        "-->",
        "` `` ",
        '<a "',
        "<a '",
        "<",
        "{#",
        "$a",
        "\\[",
        "[x](((",
        "[[a]",
        "[a]: ",
        ":::",
        "&",
        "!!! note\n",
        "---\n",
        "```\n",
        "<table>",
        "<script>",
        "data:a/a,",
        "# a {#b ",
        "{% ",
        "<http://",
        "a\n=",
        "\\",
        "<Foo a",
    ],
)
def test_forty_thousand_openings_are_read_in_seconds(piece: str) -> None:
    """Twice as much takes about twice as long, never four times."""
    times = []
    for count in (10_000, 20_000, 40_000):
        start = time.process_time()
        cleaned(piece * count)
        times.append(time.process_time() - start)
    assert times[2] < 3.2 * max(times[1], 0.15)
    assert times[2] < 10


def test_base64_in_lines_is_dropped_with_its_last_line() -> None:
    """As mail and certificates hold it; the lines around it stay."""
    lines = [BASE64[place : place + 76] for place in range(0, 760, 76)]
    text, dropped = without_embedded("\n".join(["-----BEGIN-----", *lines, "q83vEjRWeA==", "-----END-----", "so"]))
    assert text == "-----BEGIN-----\n-----END-----\nso"
    assert [(one.what, one.count) for one in dropped] == [("base64 runs", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 500,
        "Donaudampfschifffahrt" * 20,
        "/usr/share/" * 40,
        "=" * 300,
        "ACGT" * 200,
        "日本語" * 200,
        "1234567890" * 30,
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "data:text/plain,Hello",
        '{"a": 1, "b": [2, 3]}' * 60,
        "\n".join("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b" for _ in range(9)),
    ],
)
def test_long_words_paths_sums_and_records_stay(text: str) -> None:
    """They are long, and for people."""
    assert without_embedded(text) == (text, ())


def test_minified_script_is_dropped() -> None:
    """A long line of it; a short one is an example."""
    script = "!function(e,t){var n=e.a;if(n){return t(n);}else{e.b=function(){return 1;};}}(window,document);"
    text, dropped = without_embedded(f"before\n{script * 20}\n{script}\nafter")
    assert text == f"before\n{script}\nafter"
    assert [(one.what, one.count) for one in dropped] == [("minified scripts", 1)]


def test_hexadecimal_runs_are_dropped() -> None:
    """A dump of 400 digits, not a checksum of 64."""
    assert without_embedded("a " + "9f86d0818ac7d659" * 25 + " b")[0] == "a  b"


def test_a_text_file_is_read_with_line_feeds() -> None:
    """And without its byte-order mark."""
    assert read(Path("a.txt"), b"\xef\xbb\xbfone\r\ntwo\r").text == "one\ntwo\n"


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("", "holds almost no text: 0 letters"),
        ("Page 3 of 9", "holds almost no text"),
        ("|---|\n" * 99, "holds almost no text"),
        ("~!@ #$% ^&* abc " * 30, "is mostly symbols: 75\xa0% of its 360 characters"),
        ("\ue001\ue002\ue003 word " * 50, "holds 150 characters that cannot be read"),
        ("caf\ufffd au lait " * 20, "holds 20 characters that cannot be read"),
    ],
)
def test_a_text_that_is_none_is_warned_of(text: str, begins: str) -> None:
    """Almost no letters, mostly signs, or letters that no font shows."""
    assert (warning_of(text, 9_000) or "").startswith(begins)


@pytest.mark.parametrize(
    "text",
    [
        "The gate to the northern yard opens at six.",
        "退職の通知は三十日前までに書面で行わなければならない。部長が承認する。",
        "ลูกจ้างมีสิทธิลาพักร้อนปีละสิบวันทำการ",
        "| Site | Fee |\n|---|---|\n| East | 5 |\n| West | 17 |\n| North | 9 |",
        "2026-05-01 12.5 13.7 14.9 " * 9,
        "مدة الإعارة واحد وعشرون يوما",
    ],
)
def test_prose_tables_and_figures_are_not(text: str) -> None:
    """In any script."""
    assert warning_of(text, len(text.encode())) is None


def test_a_short_text_in_a_short_file_is_as_it_should_be() -> None:
    """The same text in a page of 90 kB is what is left of something."""
    assert warning_of("Ask Ann.", 9) is None
    assert warning_of("You need JavaScript to read this page of the manual.", 500) is None
    assert (warning_of("You need JavaScript to read this page of the manual.", 90_000) or "").startswith("holds")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("{% note %} Careful. {% endnote %}", "Careful."),
        ('{{< tabs >}}{{< tab "Linux" >}} apt 1 {{< /tab >}}{{< /tabs >}}', "apt 1"),
        ("{% ifversion ghes %}You need 3.4.{% endif %}", "You need 3.4."),
        ("It ends here. {{% /alert %}}", "It ends here."),
        ("{/* for editors */}", ""),
        ("{% include a.md %}", ""),
        ("Write `{% raw %}`", "Write `{% raw %}`"),
    ],
)
def test_text_between_shortcodes_is_kept(line: str, shown: str) -> None:
    """Only the codes go, however many stand in a line."""
    assert cleaned(f"Above.\n\n{line}\n\nBelow.\n").text.split() == f"Above. {shown} Below.".split()


@pytest.mark.parametrize("indent", ["", "  ", "    "])
def test_a_table_in_html_may_have_blank_lines(indent: str) -> None:
    """Its rows are rows, and not code, however far they are indented."""
    rows = f"\n\n{indent}".join(["<tr><td>Free</td><td>3</td></tr>", "<tr><td>Team</td>\n\n<td>25</td></tr>"])
    text = cleaned(f"# P\n\n<table>\n<tr><th>Plan</th><th>Seats</th></tr>\n{indent}{rows}\n</table>\n\nEnd.\n").text
    assert "| Plan | Seats |\n|---|---|\n| Free | 3 |\n| Team | 25 |" in text
    assert text.rstrip().endswith("End.")


def test_a_table_that_never_ends_takes_nothing_with_it() -> None:
    """Paragraphs and code behind it stay apart."""
    text = cleaned("<table>\n\n# Next\n\nOne.\n\nTwo.\n\n    code()\n").text
    assert text.strip().endswith("# Next\n\nOne.\n\nTwo.\n\n    code()")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (":::note Mind the tide", "Mind the tide:"),
        ("::: warning Mind the tide", "Mind the tide:"),
        (":::tip[Mind the tide]", "Mind the tide:"),
        (":::{note} Mind the tide", "Mind the tide:"),
        (":::note", "Note:"),
        ("::: {.note #tide}", "Note:"),
    ],
)
def test_a_box_has_its_title(line: str, title: str) -> None:
    """Or its kind, where it has none."""
    assert cleaned(f"A.\n\n{line}\n\nBody.\n\n:::\n").text.split("\n\n")[1].strip() == title
