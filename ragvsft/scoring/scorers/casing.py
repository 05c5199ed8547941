"""Case where it alone tells two values apart: "5 mW" from "5 MW", "5 m" from "5 M", "version 3.10" from 3.1.

A text in lower case or in capitals throughout cannot say which it means. It takes the case of the other text where that
has the same letters, and is read as it stands where it has not.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ragvsft.scoring.scorers.units import CASED

_WORD = re.compile(r"[^\W\d_]+")
_AFTER_NUMBER = re.compile(r"(?:(?<=\d)|(?<=\d ))[b-zB-Z]\b")
_NAME_AT_NUMBER = re.compile(r"(?<=[^.!?:] )[A-Z][a-z]+(?= ?\d+\.\d*0\b)")
_LONG_WORD = re.compile(r"[^\W\d_]{4}")  # "5 MW" is in capitals by itself, "POWER: 5 MW" is not


def settled(one: str, other: str) -> tuple[str, str]:
    """Return both texts, one that is in lower case or in capitals with the case of the other's telling words."""
    of_one, of_other = _cased(one), _cased(other)
    if not of_one and not of_other:
        return one, other
    if _is_lower(one) or _is_lower(other):
        if _is_lower(one) and _is_lower(other):
            return one, other
        return (_recased(one, of_other), other) if _is_lower(one) else (one, _recased(other, of_one))
    if _is_upper(one) != _is_upper(other):
        return (_recased(one, of_other), other) if _is_upper(one) else (one, _recased(other, of_one))
    return one, other


def _is_lower(text: str) -> bool:
    """Return whether a text has no capital, or only the first of a sentence."""
    return text[1:].islower()


def _is_upper(text: str) -> bool:
    return text.isupper() and bool(_LONG_WORD.search(text))


@lru_cache(maxsize=1 << 15)
def _cased(text: str) -> dict[str, str]:
    """Return the words of a text whose case tells something, by their folded forms; none that it has in two cases."""
    found = [word for word in _WORD.findall(text) if word in CASED]
    found += _AFTER_NUMBER.findall(text) + _NAME_AT_NUMBER.findall(text)
    words: dict[str, set[str]] = {}
    for word in found:
        words.setdefault(word.casefold(), set()).add(word)
    return {folded: spellings.pop() for folded, spellings in words.items() if len(spellings) == 1}


def _recased(text: str, cased: dict[str, str]) -> str:
    return _WORD.sub(lambda match: cased.get(match[0].casefold(), match[0]), text) if cased else text
