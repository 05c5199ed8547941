"""JSON as values: what a text is the JSON of, and when two values are the same.

Numbers are the same by value (1, 1.0 and 1e0; large ones exactly), a truth value is not a number, and neither is
"42". An object that has a key twice is refused: which of the two counts, every reader decides for itself.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from ragvsft.schemas.shape import Shape, folded_text

ITEM = None  # the step of a path into a list, whichever item it is
Path = tuple[str | None, ...]

DEEPEST = 100  # objects and lists inside each other that are read; RFC 8259 lets a reader set such a limit
_MOST_DIGITS = 1000  # of a whole number that is held as one: beyond, turning text to number takes long
_EXACT = 2**53  # floats tell whole numbers apart up to here
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[{]|[\]}]', re.DOTALL)


class NoJson(ValueError):
    """The text is not JSON; `cause` is short and stable."""

    def __init__(self, cause: str, detail: str = "") -> None:
        self.cause = cause
        super().__init__(detail or cause)


class TooMuch(Exception):
    """The text may be JSON, but reading it would take too much; `cause` is short and stable."""

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(cause)


def parse_json(text: str) -> Any:
    """Return the value that the whole text is the JSON of.

    Raises NoJson if it is not JSON, TooMuch where it is nested deeper than `DEEPEST` or has a number out of range.
    NaN and Infinity are not JSON, though Python's json reads them.
    """
    value, end = decode(text, len(text) - len(text.lstrip(" \t\n\r")))
    if text[end:].strip(" \t\n\r"):
        raise NoJson("not-json", f"something follows at character {end + 1}")
    return value


def decode(text: str, start: int) -> tuple[Any, int]:
    """Return the JSON value that begins at `start`, and where it ends. Raises as `parse_json` does."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except RecursionError:
        raise (
            TooMuch("nested-too-deeply") if end_of(text, start) else NoJson("not-json", "brackets are not closed")
        ) from None
    except json.JSONDecodeError as error:
        raise NoJson("not-json", str(error)) from None
    if _brackets(text, start, end) > DEEPEST and _nesting(text, start)[0] > DEEPEST:
        raise TooMuch("nested-too-deeply")
    return value, end


def _brackets(text: str, start: int, end: int) -> int:
    return text.count("{", start, end) + text.count("[", start, end)


def _nesting(text: str, start: int) -> tuple[int, int | None]:
    """Return how deep the brackets at `start` go, and where they are closed, None if they are not."""
    depth = deepest = 0
    for token in _TOKEN.finditer(text, start):
        if token[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in "]}":
            depth -= 1
            if depth <= 0:
                return deepest, token.end()
    return deepest, None


def end_of(text: str, start: int) -> int | None:
    """Return where the brackets that open at `start` are closed, whatever is between them; None if they are not."""
    return _nesting(text, start)[1]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise NoJson("duplicate-keys", f"the key {twice!r} is listed twice in one object")
    return found


def _constant(name: str) -> Any:
    raise NoJson("not-json", f"{name} is not JSON")


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) <= _MOST_DIGITS else Decimal(text)


def _real(text: str) -> int | float | Decimal:
    number = float(text)
    if 0 < abs(number) < _EXACT:
        return number
    try:
        exact = Decimal(text)
    except InvalidOperation:  # an exponent of 19 digits
        raise TooMuch("number-out-of-range") from None
    if exact == 0:
        return 0.0
    if abs(exact.adjusted()) > _MOST_DIGITS or not number:
        return exact
    if exact == exact.to_integral_value():
        return int(exact)
    return number if abs(number) != float("inf") else exact


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_int=_whole, parse_float=_real, strict=True
)


def leaf(value: Any, shape: Shape) -> Hashable:
    """Return what a value without parts is compared by.

    A text that the schema's enum or const has, in whatever writing, is compared letter by letter; any other text
    without regard to case and white space.
    """
    if isinstance(value, str):
        folded = folded_text(value)
        return ("written", value) if folded in shape.texts else ("text", folded)
    if isinstance(value, bool):
        return "truth", value
    return None if value is None else ("number", value)


def same_as(value: Any, shape: Shape) -> Hashable:
    """Return what two values have in common exactly if they are equal as a whole.

    Null and a field that is missing are equal unless the schema requires the field; the order of a list counts unless
    the schema leaves it free.
    """
    if isinstance(value, Mapping):
        kept = (name for name, inner in value.items() if inner is not None or name in shape.required)
        return "object", frozenset((name, same_as(value[name], shape.member(name))) for name in kept)
    if isinstance(value, list):
        items = [same_as(inner, shape.item(index)) for index, inner in enumerate(value)]
        return ("set", frozenset(Counter(items).items())) if shape.free_order else ("list", tuple(items))
    return leaf(value, shape)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield the path and value of everything without parts in a value, except null."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, (*path, ITEM))
    elif value is not None:
        yield path, value


def as_the_schema_writes(value: Any, shape: Shape) -> Any:
    """Return a value with its keys and the texts of enums and consts in the schema's writing, whatever their case."""
    if isinstance(value, Mapping):
        written: dict[str, Any] = {}
        for name, inner in value.items():
            known = shape.names.get(folded_text(name), name)
            key = name if known in value or known in written else known
            written[key] = as_the_schema_writes(inner, shape.member(key))
        return written
    if isinstance(value, list):
        return [as_the_schema_writes(inner, shape.item(index)) for index, inner in enumerate(value)]
    return shape.texts.get(folded_text(value), value) if isinstance(value, str) else value
