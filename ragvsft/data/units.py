"""A document cut into units: stretches that a passage holds whole, each with where it begins and what heads it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ragvsft.data.columns import Row, TableCutter, is_rule

CountTokens = Callable[[str], int]

STANDS_ALONE = re.compile(r"\s*([|#*+-]|\d+[.)] )")  # a row, heading or item of Markdown
_LONGEST_TOKEN = 128  # characters, blanks included; what is longer than so many tokens is long without being counted
_LONGEST_WORD = 100  # characters, decomposed: WordPiece reads a longer word as one unknown token
_READ_WORD = 25  # characters per token: a word with more of them is not read but skipped
_SLICE_TOKENS = 6  # of an unbroken run that has to be sliced: few, so that passages are filled well
_PROBE = 1000  # characters that tell how many tokens an unbroken run has
_MARKS = 16  # combining marks that are not torn from their letter
_LONG_RUN = re.compile(rf"\S{{{_LONGEST_WORD // 3},}}")  # a letter decomposes into three at most
_IDEOGRAPH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")  # each a word of its own
_FULL_STOP = re.compile("(?<=[。！？｡।॥።။៕])")  # of scripts whose sentences need no blank between them


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of a document that no passage cuts."""

    text: str  # with the blanks around it: joined, the units are the document
    start: int  # where in the document
    tokens: int
    head: str = ""  # of a row: the lines that say what its columns are
    head_tokens: int = 0
    gap: str = ""  # of a table's first row: what separates the table from the text above


class Cutter:
    """Cuts texts into units of at most `room` tokens: paragraphs; else rows, items, sentences; else words."""

    def __init__(self, count_tokens: CountTokens, room: int) -> None:
        self._count_tokens = count_tokens
        self._room = room
        self._tables = TableCutter(count_tokens, room, self._stretches)

    def units(self, text: str, start: int = 0) -> list[Unit]:
        """Return the units of a text that begins at `start`, in order."""
        if whole := self._whole(text, start):
            return [whole]
        paragraphs = [part for part in re.split(r"(?=\n\n)", text) if part]
        return [unit for at, part in _placed(paragraphs, start) for unit in self._of_paragraph(part, at)]

    def halves(self, unit: Unit) -> list[Unit]:
        """Return a unit as two: for a tokenizer that finds more tokens in a joined text than in its parts."""
        parts = _slices(unit.text, max(1, len(unit.text) // 2))
        return [Unit(part, at, self._count_tokens(part)) for at, part in _placed(parts, unit.start)]

    def _whole(self, text: str, start: int) -> Unit | None:
        if len(text) > self._room * _LONGEST_TOKEN:
            return None
        tokens = self._count_tokens(text)
        return Unit(text, start, tokens) if tokens <= self._room else None

    def _of_paragraph(self, text: str, start: int) -> Iterator[Unit]:
        if whole := self._whole(text, start):
            yield whole
            return
        gap = text[: len(text) - len(text.lstrip("\n"))]
        start += len(gap)
        for lines in _blocks(text[len(gap) :].splitlines(keepends=True)):
            if len(lines) > 1 and is_rule(lines[1]):
                yield from self._of_table(lines, start, gap)
            elif STANDS_ALONE.match(lines[0]):
                yield from self._of_line(gap + lines[0], start - len(gap))
            else:
                yield from self._of_prose(gap + "".join(lines), start - len(gap))
            start += sum(map(len, lines))
            gap = ""

    def _of_table(self, lines: Sequence[str], start: int, gap: str) -> Iterator[Unit]:
        header, rule, *rows = (Row(line, at) for at, line in _placed(lines, start))
        for piece in self._tables.pieces(header, rule, rows):
            if piece.head:
                yield Unit(piece.text, piece.start, piece.tokens, piece.head, piece.head_tokens, gap)
            else:
                yield from self._of_line(gap + piece.text, piece.start - len(gap))
            gap = ""

    def _of_line(self, line: str, start: int) -> Iterator[Unit]:
        if whole := self._whole(line, start):
            yield whole
        else:
            yield from self._of_prose(line, start)

    def _of_prose(self, text: str, start: int) -> Iterator[Unit]:
        for at, sentence in _placed(_sentences(text), start):
            if whole := self._whole(sentence, at):
                yield whole
            else:  # a list without marks, or columns held apart by blanks, if it has lines
                for place, line in _placed(sentence.splitlines(keepends=True), at):
                    yield from self._of_words(line, place)

    def _of_words(self, text: str, start: int) -> Iterator[Unit]:
        if whole := self._whole(text, start):
            yield whole
            return
        for at, word in _placed(re.findall(r"\s*\S+|\s+$", text), start):
            if whole := self._whole(word, at):
                yield whole
            else:
                yield from self._of_run(word, at)

    def _of_run(self, run: str, start: int) -> Iterator[Unit]:
        probe = run[:_PROBE]
        size = len(probe) * _SLICE_TOKENS // max(1, self._count_tokens(probe))
        for at, part in _placed(_slices(run, max(1, min(size, len(run) // 2))), start):
            whole = self._whole(part, at)
            if whole or len(part) == 1:
                yield whole or Unit(part, at, self._count_tokens(part))
            else:
                yield from self._of_run(part, at)

    def _stretches(self, text: str, room: int) -> list[str]:
        """Return a text in stretches of at most `room` tokens, each as long as can be."""
        made: list[str] = []
        filled = room
        for unit in Cutter(self._count_tokens, room)._of_prose(text, 0):
            if made and filled + unit.tokens <= room:
                made[-1] += unit.text
                filled += unit.tokens
            else:
                made.append(unit.text)
                filled = unit.tokens
        return made


def part_unread_words(text: str, count_tokens: CountTokens) -> str:
    """Return a text with blanks in those long words that an encoder would skip as one unknown token.

    Base64, hashes, runs of letters: in pieces they are read. What is read unchanged, as Thai is by an encoder for
    it, stays as it is.
    """

    def split_apart(run: re.Match[str]) -> str:
        words = groupby(run[0], key=_parts_words)
        return "".join("".join(word) if parts else _parted("".join(word), count_tokens) for parts, word in words)

    return _LONG_RUN.sub(split_apart, text)


def _parted(word: str, count_tokens: CountTokens) -> str:
    if len(unicodedata.normalize("NFD", word)) <= _LONGEST_WORD or len(word) <= _READ_WORD * count_tokens(word):
        return word
    return " ".join(_slices(word, _LONGEST_WORD // 3))


def _parts_words(character: str) -> bool:
    """Return whether WordPiece takes a character for a word of its own."""
    return (
        unicodedata.category(character)[0] == "P"
        or (character.isascii() and not character.isalnum())
        or bool(_IDEOGRAPH.match(character))
    )


def _placed(parts: Sequence[str], start: int) -> Iterator[tuple[int, str]]:
    """Yield parts of a text, which begins at `start`, each with where it begins."""
    for part in parts:
        yield start, part
        start += len(part)


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines of a paragraph: each table together, each row, item or heading alone, prose together."""
    at = 0
    while at < len(lines):
        end = at + 1
        if _begins_table(lines, at):
            border = "|" if lines[at].startswith("|") else ""  # Markdown can do without those at the sides
            while end < len(lines) and lines[end].startswith(border) and "|" in lines[end]:
                end += 1
        elif not STANDS_ALONE.match(lines[at]):
            while end < len(lines) and not STANDS_ALONE.match(lines[end]) and not _begins_table(lines, end):
                end += 1
        yield list(lines[at:end])
        at = end


def _begins_table(lines: Sequence[str], at: int) -> bool:
    return "|" in lines[at] and not is_rule(lines[at]) and at + 1 < len(lines) and is_rule(lines[at + 1])


def _sentences(text: str) -> list[str]:
    from llama_index.core.node_parser.text.utils import split_by_sentence_tokenizer

    sentences = split_by_sentence_tokenizer()(text)
    lead = len(text) - len(text.lstrip())  # llama-index starts at the first sentence and drops the blanks before it
    whole = [text[:lead] + sentences[0], *sentences[1:]] if sentences else [text]
    return [part for sentence in whole for part in _FULL_STOP.split(sentence) if part]


def _slices(text: str, size: int) -> list[str]:
    """Return a text in slices of about `size` characters, no letter torn from its marks."""
    made, begin = [], 0
    while begin < len(text):
        end = begin + size
        furthest = end + _MARKS
        while end < min(len(text), furthest) and unicodedata.category(text[end])[0] == "M":
            end += 1
        made.append(text[begin:end])
        begin = end
    return made
