"""What is wrong with a file, collected so that all of it can be said at once, and each kind in a line or three."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ragvsft.errors import UserError

_SHOWN = 3  # places of one kind of problem


@dataclass(frozen=True, slots=True)
class Row:
    """One row as its file has it."""

    place: str  # "evalsets/hr.jsonl line 12"
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Problem:
    place: str
    text: str
    kind: str  # the same for problems that differ only in the value


@dataclass(slots=True)
class Problems:
    """What is wrong with a file. A kind that occurs more than three times is one line with its first three places."""

    _found: list[_Problem] = field(default_factory=list)

    def add(self, where: Row | str, text: str, kind: str = "") -> None:
        """Note what is wrong with a row or at a place; `kind` is the text without the value, where it holds one."""
        self._found.append(_Problem(where if isinstance(where, str) else where.place, text, kind or text))

    def __len__(self) -> int:
        return len(self._found)

    @property
    def lines(self) -> list[str]:
        """The problems as a user reads them, kind by kind."""
        kinds: dict[str, list[_Problem]] = {}
        for problem in self._found:
            kinds.setdefault(problem.kind, []).append(problem)
        return [line for alike in kinds.values() for line in _lines_of(alike)]

    def raise_as(self, error: type[UserError]) -> None:
        """Raise `error` with all problems, if there are any."""
        if self._found:
            raise error(self.lines)


def first_places(places: Sequence[str]) -> str:
    """Return the first three places in short: "line 3, line 4, line 9, ..."."""
    shown = [place.split(" ") for place in places[:_SHOWN]]
    shared = 0  # leading words that all of them have: the file, and "line"
    while all(len(words) > shared + 1 and words[shared] == shown[0][shared] for words in shown):
        shared += 1
    texts = [" ".join(words[max(0, shared - 1) :]) for words in shown]
    return ", ".join(texts) + (", ..." if len(places) > _SHOWN else "")


def _lines_of(alike: Sequence[_Problem]) -> list[str]:
    """Return one line per problem of a kind, or, where there are many, the first with the count and the places."""
    lines = [f"{problem.place}: {problem.text}" for problem in alike[:_SHOWN]]
    if len(alike) <= _SHOWN:
        return lines
    return [f"{lines[0]} ({len(alike):,} times: {first_places([problem.place for problem in alike])})"]


def short(value: Any) -> str:
    """Return a value as JSON, cut off where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."
