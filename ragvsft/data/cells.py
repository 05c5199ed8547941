"""The values that a cell of a table shows: lists as JSON, Python, pandas and numpy print them. Nothing is evaluated."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

EMPTY_WORDS = ("nan", "NaN", "None", "null", "NULL", "<NA>", "NaT")  # how tools write a cell without a value

_DEEPEST = 30
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text> [rubRUB]?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*") )
      | (?P<number> [+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)(?![\w.]) )
      | (?P<call> [A-Za-z_][\w.]*\( )
      | (?P<keyword> [A-Za-z_]\w*= )
      | (?P<word> [A-Za-z_]\w*|<NA> )
      | (?P<mark> \.\.\.|[\[\](){}:,] )
    )""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"True": True, "true": True, "False": False, "false": False, **dict.fromkeys((*EMPTY_WORDS, "nat"), None)}
_CLOSING = {"[": "]", "(": ")", "{": "}"}
_CALLS = re.compile(
    r"(?:np\.|numpy\.|pd\.|pandas\.|collections\.)?"
    r"(?:array|Index|Series|list|tuple|set|frozenset|deque|str_|int\d*|float\d*|dict_values|dict_keys)\("
)


class ShortenedList(ValueError):
    """The tool that printed a list left its middle out."""


def is_blank(value: Any) -> bool:
    """Return whether a cell or field has no value: None, NaN, nothing but blanks, or a word for it such as "nan"."""
    if isinstance(value, str):
        return not value.strip() or value.strip() in EMPTY_WORDS
    return value is None or (isinstance(value, float) and value != value)


def parsed(text: str) -> Any:
    """Return the list or dict that a text shows, or None where it shows neither: "[sic] so he said" is a text.

    Numbers come back as they are written, as texts. Raises ShortenedList where numpy printed "..." for its middle.
    """
    start = text.lstrip()
    if start.startswith(("[", "{")):
        try:
            return json.loads(text, parse_int=str, parse_float=str, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            pass  # Python's own writing, or a text that begins with a bracket
    if not start.startswith(("[", "{", "(")) and not _CALLS.match(start):
        return None
    try:
        reader = _Reader(start)
        value = reader.value(0)
    except _NotAList:
        return None
    if not reader.is_at_end or not isinstance(value, list | dict):
        return None
    if start.startswith("(") and not all(reader.is_quoted(item) for item in value):
        return None  # (1.5, 3) may well be the answer itself
    if reader.is_shortened:
        raise ShortenedList
    return value


def listed(value: Any, separator: str | None = None) -> Any:
    """Return the list that a cell holds or shows, flat and without empty items, or else the cell as the only item.

    A cell that shows no list is split only where a `separator` is given. Raises ShortenedList.
    """
    if is_blank(value):
        return []
    found = parsed(value) if isinstance(value, str) else value
    if isinstance(found, list | tuple | set):
        return _flat(found)
    if isinstance(value, str) and separator:
        return [part.strip() for part in value.split(separator) if part.strip()]
    return [value]


def as_text(value: Any) -> Any:
    """Return a number as a text, 7.0 as "7", since a column with an empty cell turns its whole numbers into those."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value) if isinstance(value, int | float) and value == value else value


def plain(cell: Any) -> Any:
    """Return a cell of pandas, numpy and pyarrow as Python has it: arrays become lists, NaN and its like None.

    Days and decimals become the texts that are written for them: "2026-11-25", "1.50".
    """
    if hasattr(cell, "tolist"):  # numpy's arrays and numbers
        cell = cell.tolist()
    if isinstance(cell, Mapping):
        return {str(key): plain(item) for key, item in cell.items()}
    if isinstance(cell, list | tuple | set):
        return [plain(item) for item in cell]
    if cell is None or isinstance(cell, str | int):
        return cell
    if str(cell) in EMPTY_WORDS or cell != cell:  # in this order: pandas.NA has no truth
        return None
    if isinstance(cell, date):  # a datetime is one
        return str(cell).removesuffix(" 00:00:00")
    return str(cell) if isinstance(cell, Decimal) else cell


def _flat(values: Any) -> list[Any]:
    """Return the items of nested lists in order; a quoted "None" is a text, a bare one is nothing."""
    flat: list[Any] = []
    for value in values:
        if isinstance(value, list | tuple | set):
            flat += _flat(value)
        elif not (value is None or value != value or (isinstance(value, str) and not value.strip())):
            flat.append(value)
    return flat


class _NotAList(Exception):
    """A text does not follow the grammar of printed lists."""


class _Quoted(str):
    """A text that was in quotes; a number or a bare word does not."""

    __slots__ = ()


class _Reader:
    """Reads one printed value: items are separated by commas or, as numpy does it, by blanks and line breaks."""

    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._at = 0
        self.is_shortened = False

    @property
    def is_at_end(self) -> bool:
        return self._at >= len(self._text)

    @staticmethod
    def is_quoted(item: Any) -> bool:
        return isinstance(item, _Quoted)

    def value(self, depth: int) -> Any:
        """Return the value that begins here. Raises _NotAList."""
        if depth > _DEEPEST:
            raise _NotAList
        kind, part = self._take()
        if kind == "text":
            return _unquoted(part)
        if kind == "number":
            return part
        if kind == "word" and part in _WORDS:
            return _WORDS[part]
        if kind == "call" and _CALLS.fullmatch(part):
            return self._argument(depth + 1)
        if part == "{":
            return self._braces(depth + 1)
        if part in ("[", "("):
            return self._items(_CLOSING[part], depth + 1)
        raise _NotAList

    def _items(self, closing: str, depth: int) -> list[Any]:
        items: list[Any] = []
        while not self._next_is(closing):
            if self._next_is("..."):
                self.is_shortened = True
            else:
                items.append(self.value(depth))
            self._next_is(",")
        return items

    def _braces(self, depth: int) -> Any:
        """Return a dict, or the list of a set's items."""
        if self._next_is("}"):
            return {}
        first = self.value(depth)
        if not self._next_is(":"):
            self._next_is(",")
            return [first, *self._items("}", depth)]
        values = {str(first): self.value(depth)}
        while self._next_is(",") and not self._peek_is("}"):
            key = self.value(depth)
            if not self._next_is(":"):
                raise _NotAList
            values[str(key)] = self.value(depth)
        if not self._next_is("}"):
            raise _NotAList
        return values

    def _argument(self, depth: int) -> Any:
        """Return the first argument of a call such as array([...], dtype=object); the named ones say how, not what."""
        value = self.value(depth)
        while self._next_is(","):
            if self._peek_is(")"):
                break
            self._named_argument(depth)
        if not self._next_is(")"):
            raise _NotAList
        return value

    def _named_argument(self, depth: int) -> None:
        kind, _ = self._take()
        if kind != "keyword":
            raise _NotAList
        kind, part = self._take()
        if kind not in ("text", "number", "word"):
            if part != "(":
                raise _NotAList
            self._items(")", depth)

    def _take(self) -> tuple[str, str]:
        found = _TOKEN.match(self._text, self._at)
        if found is None or found.lastgroup is None:
            raise _NotAList
        self._at = found.end()
        return found.lastgroup, found[found.lastgroup]

    def _peek_is(self, mark: str) -> bool:
        found = _TOKEN.match(self._text, self._at)
        return found is not None and found["mark"] == mark

    def _next_is(self, mark: str) -> bool:
        if not self._peek_is(mark):
            return False
        self._take()
        return True


def _unquoted(token: str) -> _Quoted:
    if token[:1] in "bB":
        raise _NotAList
    try:
        text = ast.literal_eval(token.replace("\n", "\\n").replace("\r", "\\r"))  # one quoted text, nothing else
    except (ValueError, SyntaxError) as error:
        raise _NotAList from error
    return _Quoted(text)
