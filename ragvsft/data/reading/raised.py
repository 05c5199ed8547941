"""Superscripts of a printed page, which its text runs into the number before them: 10 and 4 are not 104."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

_MARK = re.compile(r"[-−–+]?\d{1,2}|\(\d{1,2}\)|\[\d{1,2}\]")
_LARGEST = 0.87  # of the size of what is before it
_WIDTH = 0.6  # of a letter, in sizes; most are narrower
_FARTHEST = 1.0  # behind the end of what is before it, in sizes
_LOWEST, _HIGHEST = 0.12, 1.0  # how much higher it is, in sizes of what is before it


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    size: float
    x: float  # where it begins; points
    y: float  # its baseline, from below

    def is_raised_behind(self, before: _Piece) -> bool:
        """Return whether this is smaller than what is before it, higher, and right beside it."""
        rise, end = self.y - before.y, before.x + _WIDTH * before.size * len(before.text)
        is_near = before.x < self.x <= end + _FARTHEST * before.size
        return (
            is_near and self.size <= _LARGEST * before.size and _LOWEST * before.size <= rise <= _HIGHEST * before.size
        )


_NOTHING = _Piece("", 0.0, 0.0, 0.0)


class Raised:
    """Finds them while pypdf extracts a page's text: pass `see` as its visitor."""

    def __init__(self) -> None:
        self._found: Counter[tuple[str, str]] = Counter()
        self._before = _NOTHING

    def see(self, text: str, outer: Sequence[float], inner: Sequence[float], font: object, size: float) -> None:
        """Take one piece of text with its place."""
        if not text.strip():
            self._before = self._before if not text else _NOTHING
            return
        now = _Piece(
            text.strip(),
            size * abs(inner[3] * outer[3]),
            inner[4] * outer[0] + inner[5] * outer[2] + outer[4],
            inner[4] * outer[1] + inner[5] * outer[3] + outer[5],
        )
        before, self._before = self._before, now
        if before.text[-1:].isdigit() and _MARK.fullmatch(now.text) and now.is_raised_behind(before):
            self._found[before.text.split()[-1], now.text] += 1
            self._before = _NOTHING

    def marked(self, text: str) -> str:
        """Return a text of the page with "^" before each, unless another number there looks the same."""
        for (number, mark), count in self._found.items():
            glued = re.compile(rf"(?<![\w.,]){re.escape(number)} {{0,4}}{re.escape(mark)}(?![\w^])")
            if len(glued.findall(text)) == count:
                text = glued.sub(partial(_padded, f"{number}^{mark.strip('()[]')}"), text)
        return text


def _padded(text: str, found: re.Match[str]) -> str:
    """Return a text as wide as what it replaces, so that columns stay in line."""
    return text.ljust(len(found[0]))
