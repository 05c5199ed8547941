"""What a text is compared by: tokens, each a value or a word, with the other ways in which it may be taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Split:
    """How a token falls apart where the other text says less, or the same in several words.

    It does so if the other text has all `keys` as tokens of its own: "25 mg" against "25". A loose split serves shares
    only (F1, ROUGE): "cost-effective" has something of "effective", but does not contain it as a value.
    """

    parts: tuple[str, ...]
    keys: frozenset[str]
    loose: bool = False
    among_parts: bool = False  # the keys are never tokens of their own: the characters of a run of katakana


@dataclass(frozen=True, slots=True)
class Token:
    """One value or word of a text, in a canonical form."""

    text: str
    readings: tuple[str, ...] = ()  # forms it may be taken for where the other text has one of them
    splits: tuple[Split, ...] = ()
    role: Literal["core", "article", "symbol"] = "core"

    @property
    def is_plain(self) -> bool:
        """Whether it is taken as it stands beside any text."""
        return not self.readings and not self.splits and self.role != "symbol"


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of value is found and read.

    `needs`: folded words, characters other than the letters of ASCII, or marks below; the text must have one of them.
    """

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], Token | None]
    needs: frozenset[str]


INNER_DOT = "._"  # a dot with a letter or digit after it
LETTER_DIGIT = "a1"  # a digit right after a letter
DIGIT = "0123456789"


def rule(pattern: re.Pattern[str], read: Callable[[re.Match[str]], Token | None], needs: Iterable[str]) -> Rule:
    """Return a rule for texts that have one of these characters or words."""
    return Rule(pattern, read, frozenset(needs))


def compound(text: str, parts: tuple[str, ...], readings: tuple[str, ...] = ()) -> Token:
    """Return a token of several words or signs that stand for one thing: "well-known", "AT&T", "TX-200"."""
    inner = tuple(part for part in parts[1:-1] if part not in {"a", "an", "the"})  # "state-of-the-art"
    parts = (parts[0], *inner, parts[-1])
    whole = Split(parts, frozenset(parts))
    return Token(
        text, readings, (whole, *(Split(parts, frozenset({part}), loose=True) for part in dict.fromkeys(parts)))
    )
