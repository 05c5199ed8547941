"""JSON out of an answer, as a tolerant program reads it, and what had to be taken off for that.

Four things are taken off: a byte order mark, a code fence (with or without a language, of backticks or tildes, closed
or cut off), prose before and after, and typographic quotes that stand where JSON's own belong. What is broken inside
the JSON (a comma too many, a single quote, an end that is missing) stays broken, as it does in a user's program.
Nothing is guessed: the first fence with JSON in it counts, else the first JSON that begins like an object with a key
and stands by itself, so that `{"intent": string}` in the prose is passed over and no part of a broken object is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ragvsft.schemas.values import NoJson, decode, end_of, parse_json

REPAIRS = ("byte-order-mark", "fence", "prose", "quotes")
_FENCE = re.compile(
    r"^[ \t]*(?P<mark>```+|~~~+)[^\n`]*\n(?P<inside>.*?)(?:^[ \t]*(?P=mark)|\Z)", re.DOTALL | re.MULTILINE
)
_INLINE_FENCE = re.compile(r"```[ \t]*(?:json[ \t]*)?(?P<inside>[{\[][^`]*)```", re.IGNORECASE)
_BEGINNINGS = (
    re.compile(r'(?:\[\s*){0,3}\{\s*"'),
    re.compile(r"\{\s*\}"),
)  # a list of objects is a list, not its first
_MOST_BEGINNINGS = 100
_OPENING = re.compile(r"([{\[,:]\s*)[“”„‟«»‘’‚‛]")
_CLOSING = re.compile(r"[“”„‟«»‘’‚‛](\s*[}\],:])")


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The value of an answer, and the repairs it took, of `REPAIRS`; none where the answer is JSON as it stands."""

    value: Any
    repairs: tuple[str, ...]


def unwrap(text: str) -> Unwrapped:
    """Return the JSON in an answer.

    Raises NoJson where there is none, and TooMuch as `parse_json` does.
    """
    try:
        return Unwrapped(parse_json(text), ())
    except NoJson as error:
        _stop_at_duplicates(error)
    bare = text.lstrip().removeprefix("\ufeff")
    marked = ("byte-order-mark",) if bare != text.lstrip() else ()
    requoted = _CLOSING.sub(r'"\1', _OPENING.sub(r'\1"', bare))
    for quotes, candidate in (((), bare), (("quotes",), requoted)):
        found = _first(candidate) if candidate != bare or not quotes else None
        if found is not None:
            taken = {*marked, *found.repairs, *quotes}
            return Unwrapped(found.value, tuple(repair for repair in REPAIRS if repair in taken))
    raise NoJson("not-json")


def _first(text: str) -> Unwrapped | None:
    for repairs, candidate in _candidates(text):
        try:
            return Unwrapped(parse_json(candidate), repairs)
        except NoJson as error:
            _stop_at_duplicates(error)
    for begins in islice(_beginnings(text), _MOST_BEGINNINGS):
        try:
            value, _ = decode(text, begins)
        except NoJson as error:
            _stop_at_duplicates(error)
        else:
            return Unwrapped(value, ("fence", "prose") if _FENCE.search(text) else ("prose",))
    return None


def _beginnings(text: str) -> Iterator[int]:
    """Yield where objects with a key begin, or where there are none the empty object; never inside a broken one."""
    pattern = next((pattern for pattern in _BEGINNINGS if pattern.search(text)), None)
    start: int | None = 0
    while pattern and start is not None and (found := pattern.search(text, start)):
        yield found.start()
        start = end_of(text, found.start())


def _candidates(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    yield (), text
    for pattern in (_FENCE, _INLINE_FENCE):
        for fence in pattern.finditer(text):
            inside = fence["inside"].strip()
            if inside.startswith(("{", "[")):
                around = (text[: fence.start()] + text[fence.end() :]).strip()
                yield ("fence", "prose") if around else ("fence",), inside
                return


def _stop_at_duplicates(error: NoJson) -> None:
    """Raise the error if the text is JSON but for a key that stands twice: looking further would find half of it."""
    if error.cause == "duplicate-keys":
        raise error
