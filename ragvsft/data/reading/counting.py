"""The numbers of list items as they are written: 4, d, D, iv, IV."""

from __future__ import annotations

from collections.abc import Callable

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_UNITS = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def letters(number: int) -> str:
    """Return a, b, ..., z, aa, bb, ...: as word processors and browsers count, nearly."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= 26 * 5 else str(number)


def roman(number: int) -> str:
    """Return i, ii, iii, iv, ..."""
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, mark in (*_ROMAN, *_ROMAN_UNITS):
        text += mark * (number // value)
        number %= value
    return text


STYLES: dict[str, Callable[[int], str]] = {
    "1": str,
    "a": letters,
    "A": lambda number: letters(number).upper(),
    "i": roman,
    "I": lambda number: roman(number).upper(),
}
