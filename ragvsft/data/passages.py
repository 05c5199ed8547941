"""Documents to passages: stretches that fit in a prompt and in the encoder."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ragvsft.config.sections import PassagesConfig
from ragvsft.data.units import STANDS_ALONE, Cutter, Unit, part_unread_words
from ragvsft.records import Document, Passage

SPLITTING = 4  # raise it where split() makes other passages: cached indexes are addressed by it
_LARGEST_SHARE = 4  # of a passage, its heading takes this part at most; of what is left, the overlap
_HEAD = 1000  # characters that a Markdown heading may be away from the start; further down, "#" may be a comment
_LONGEST_HEADING = 100  # characters
_SHORT_LINE = 60  # characters; a longer one may be prose that goes on in the next line


def split(documents: Sequence[Document], config: PassagesConfig, count_tokens: Callable[[str], int]) -> list[Passage]:
    """Return the passages of all documents, in order, each of at most `config.tokens` tokens.

    Each begins with its document's heading, and a row of a table with the names of its columns: a rule torn from its
    title, or a figure from the name of its column, answers nothing. Rows that are too wide are cut by columns.
    """
    splitter = _Splitter(config, count_tokens)
    return [
        Passage(f"{document.doc_id}#{number}", document.doc_id, text, page)
        for document in documents
        for number, (text, page) in enumerate(splitter.passages(document))
    ]


class _Splitter:
    def __init__(self, config: PassagesConfig, count_tokens: Callable[[str], int]) -> None:
        self._config = config
        self._count_tokens = count_tokens

    def passages(self, document: Document) -> Iterator[tuple[str, int | None]]:
        """Yield each passage's text and the page on which it begins."""
        text = part_unread_words(_tidy(document.text), self._count_tokens)
        heading = self._shortened(_heading(text))
        pages = _Pages(document, text)
        for start, passage in self._texts(text, heading):
            yield passage, pages.at(start)

    def _texts(self, text: str, heading: str) -> Iterator[tuple[int, str]]:
        """Yield each passage's text and where in the document it begins."""
        room = self._config.tokens - self._count_tokens(heading)
        overlap = min(self._config.overlap, room // _LARGEST_SHARE)
        cutter = Cutter(self._count_tokens, room)
        queue = deque(cutter.units(text))
        shared: list[Unit] = []
        while queue:
            units, passage = self._next(queue, shared, cutter, heading)
            shared = _tail(units, overlap)
            if passage:
                yield units[0].start, passage

    def _next(self, queue: deque[Unit], shared: Sequence[Unit], cutter: Cutter, heading: str) -> tuple[list[Unit], str]:
        """Return the units of the next passage, taken from the queue, and its text."""
        room = self._config.tokens - self._count_tokens(heading)
        fresh = [queue.popleft()]
        shared = list(shared)
        while shared and _size([*shared, *fresh]) > room:
            shared.pop(0)
        size, head = _size([*shared, *fresh]), fresh[0].head
        while queue and size + _cost(queue[0], head) <= room:
            size, head = size + _cost(queue[0], head), queue[0].head
            fresh.append(queue.popleft())
        while self._count_tokens(passage := _headed([*shared, *fresh], heading)) > self._config.tokens:
            # some tokenizers find more in a text than in its parts
            if shared:
                shared.pop(0)
            elif len(fresh) > 1:
                queue.appendleft(fresh.pop())
            elif fresh[0].head:
                fresh = [replace(fresh[0], head="")]
            elif len(fresh[0].text) > 1:
                queue.extendleft(reversed(cutter.halves(fresh[0])))
                fresh = [queue.popleft()]
            else:
                break
        return [*shared, *fresh], passage

    def _shortened(self, heading: str) -> str:
        """Return a heading, or as many of its first words as fit into every passage."""
        most = self._config.tokens // _LARGEST_SHARE
        words = heading.split(" ")
        while words and self._count_tokens(" ".join(words)) > most:
            words.pop()
        return " ".join(words)


def _cost(unit: Unit, head: str) -> int:
    """Return the tokens of a unit that follows a row below `head`, or text where that is ""."""
    return unit.tokens + (unit.head_tokens if _needs_head(unit, head) else 0)


def _needs_head(unit: Unit, head: str) -> bool:
    return bool(unit.head) and (unit.head != head or bool(unit.gap))


def _size(units: Sequence[Unit]) -> int:
    heads = ["", *(unit.head for unit in units)]
    return sum(_cost(unit, head) for unit, head in zip(units, heads, strict=False))


def _tail(units: Sequence[Unit], overlap: int) -> list[Unit]:
    """Return the last units, of `overlap` tokens at most."""
    taken = 0
    for count, unit in enumerate(reversed(units)):
        taken += unit.tokens
        if taken > overlap:
            return list(units[len(units) - count :])
    return list(units)


def _headed(units: Sequence[Unit], heading: str) -> str:
    """Return the units as one text below the heading, each row below the names of its columns; "" if all is blank."""
    parts, head = [], ""
    for unit in units:
        if _needs_head(unit, head):
            parts += [unit.gap, unit.head.rstrip(), "\n"]
        parts.append(unit.text)
        head = unit.head
    body = re.sub(r"\n{3,}", "\n\n", "".join(parts)).strip()
    return body if heading in body or not body else f"{heading}\n{body}"


class _Pages:
    """On which page a place of a tidied document is.

    Tidying removes blanks and dashes and nothing else, so places are compared by what else is before them.
    """

    def __init__(self, document: Document, tidied: str) -> None:
        self._tidied = tidied
        self._begins = [0]
        for begin, end in zip([0, *document.pages], document.pages, strict=False):
            self._begins.append(self._begins[-1] + _solid(document.text[begin:end]))
        self._at = self._before = 0

    def at(self, start: int) -> int | None:
        """Return the page, from 1, of a place; None where the format has no pages. Quick for places in order."""
        if len(self._begins) == 1:
            return None
        if start < self._at:
            self._at = self._before = 0
        self._before += _solid(self._tidied[self._at : start])
        self._at = start
        return max(1, bisect_right(self._begins[1:], self._before))


def _solid(text: str) -> int:
    """Return the number of characters that tidying keeps."""
    return len(re.sub(r"[\s-]+", "", text))


def _tidy(text: str) -> str:
    """Shorten what costs tokens and says nothing: runs of blanks, padded tables, blank lines."""
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r"-{4,}", "---", text)
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r"^(#{1,6} .*)\n+", r"\1\n", text, flags=re.MULTILINE)  # a heading stays with what it heads
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _heading(text: str) -> str:
    """Return a document's first Markdown heading or, without one, a short first line; else ""."""
    marked = re.search(r"^#{1,6} +(.+)$", text[:_HEAD], flags=re.MULTILINE)
    if marked:
        return marked[1].strip(" #")[:_LONGEST_HEADING]
    first, _, rest = text.partition("\n")
    longest = _LONGEST_HEADING if rest.startswith("\n") else _SHORT_LINE
    goes_on = not rest or rest[0].islower() or first[-1] in ".!?:;,"
    return "" if goes_on or len(first) > longest or STANDS_ALONE.match(first) else first
