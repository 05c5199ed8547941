"""Short texts as the values in them, so that "2.5mg" is "2.5 mg" and not "25 mg", in any script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_letters

from ragvsft.scoring.scorers import casing, dates, han, identifiers, numerals, quantities
from ragvsft.scoring.scorers.quantities import Quantity
from ragvsft.scoring.scorers.spelling import fold, spell
from ragvsft.scoring.scorers.tokens import DIGIT, INNER_DOT, LETTER_DIGIT, Rule, Split, Token
from ragvsft.scoring.scorers.words import words

_TAKEN = "\ue000"  # stands where a value has been read, so that no later rule reads it again
_RANGE = re.compile(r" ?[-~] ?| (?:to|through|until|till|bis|à|al|hasta|até|tot|до|至|到) | ?[至到] ?", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|zwischen|entre|tra|tussen) $", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|von|vom|de|du|desde|dal|van|от|с|从|從) ?$", re.IGNORECASE)
_AND = re.compile(r" (?:and|und|et|y|e|en) ", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[][.,;:!?…\"'(){}|_-]+")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](?:00:00(?::00)?|(\d\d:\d\d(?::\d\d)?))(?:\.0+)?[Zz]?(?![\w:])")
_INNER_DOT = re.compile(r"\.\w")
_LETTER_DIGIT = re.compile(r"[^\W\d_]\d")
_DIGIT = re.compile(r"\d")
_LETTERS = frozenset(ascii_letters)
_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile("[零〇一二两兩三四五六七八九十百千万萬亿億]")
_PLAIN = re.compile(r"[A-Za-z ,;!?'\"]*\.?")
_NO_WORD: tuple[int, Token | None] = (0, None)
_CACHED = 1 << 15


@dataclass(frozen=True, slots=True)
class Reading:
    """The tokens of a text, and what other texts look them up in."""

    tokens: tuple[Token, ...]
    kept: tuple[Token, ...]  # without articles, where something else is left
    texts: frozenset[str]
    words: frozenset[str]  # with the readings
    parts: frozenset[str]  # with what the tokens may fall apart into
    is_plain: bool  # no token may be taken in another way


@dataclass(frozen=True, slots=True)
class _Claim:
    start: int
    stop: int
    tokens: tuple[Token, ...]
    quantity: Quantity | None = None
    in_range: bool = False


def same_value(one: str, other: str) -> bool:
    """Return whether two short texts say the same: equal tokens, and at least one."""
    ours, theirs = compared(one, other)
    return bool(ours) and ours == theirs


@lru_cache(maxsize=64)  # two metrics in turn ask the same
def compared(
    one: str, other: str, *, in_shares: bool = False, with_articles: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tokens of both texts, each as far apart and read as the other needs it.

    `in_shares` lets tokens fall apart that have something in common without being equal, for F1 and ROUGE.
    """
    one, other = casing.settled(one, other)
    ours, theirs = read(one), read(other)
    return _settled(ours, theirs, in_shares, with_articles), _settled(theirs, ours, in_shares, with_articles)


@lru_cache(maxsize=_CACHED)
def read(text: str) -> Reading:
    """Return the tokens of a text, in its order."""
    tokens = tuple(_tokens(text))
    if all(token.role == "core" and token.is_plain for token in tokens):
        texts = frozenset(token.text for token in tokens)
        return Reading(tokens, tokens, texts, texts, texts, is_plain=True)
    if any(token.role == "core" for token in tokens):
        tokens = tuple(token for token in tokens if token.role != "symbol" or not _PUNCTUATION.fullmatch(token.text))
    kept = tuple(token for token in tokens if token.role != "article")
    if not any(token.role == "core" for token in kept):
        kept = tuple(token for token in tokens if token.role == "article") or tuple(Token(token.text) for token in kept)
    texts = frozenset(token.text for token in tokens)
    named = texts | {reading for token in tokens for reading in token.readings}
    parts = texts | {part for token in tokens for split in token.splits for part in split.parts}
    is_plain = all(token.is_plain for token in tokens)
    return Reading(tokens, kept, texts, frozenset(named), frozenset(parts), is_plain)


def _settled(ours: Reading, theirs: Reading, in_shares: bool, with_articles: bool) -> tuple[str, ...]:
    tokens = ours.tokens if with_articles else ours.kept
    if ours.is_plain:
        return tuple(token.text for token in tokens)
    parts: list[str] = []
    for token in tokens:
        if token.text in theirs.texts or token.is_plain:
            parts.append(token.text)
        else:
            parts += _taken(token, theirs, in_shares)
    return tuple(parts)


def _taken(token: Token, theirs: Reading, in_shares: bool) -> Sequence[str]:
    """Return what a token stands for beside the other text, where it is not one of that text's own tokens."""
    for reading in token.readings:
        if reading in theirs.texts:  # where each is the other's reading, both take the same one
            return (min(reading, token.text) if token.text in theirs.words else reading,)
    for form in (token.text, *token.readings):
        if form in theirs.parts:
            return (form,)
    for split in token.splits:
        if _falls_apart(split, theirs, in_shares):
            return split.parts
    return () if token.role == "symbol" else (token.text,)


def _falls_apart(split: Split, theirs: Reading, in_shares: bool) -> bool:
    if not split.loose:
        return split.keys <= theirs.words
    return in_shares and not split.keys.isdisjoint(theirs.parts if split.among_parts else theirs.words)


def _tokens(text: str) -> Iterator[Token]:
    text = spell(text)
    if not text.isascii() and _HAN.search(text):
        text = spell(han.digits(text))
    text = _MOMENT.sub(lambda match: f"{match[1]} {match[2] or ''}", numerals.digits(text))
    claims, blanked = _claims(text)
    left = words(blanked)
    place, word = next(left, _NO_WORD)
    if not claims:
        if word:
            yield word
        for _, token in left:
            yield token
        return
    for claim in (*_ranges(text, claims), _Claim(len(text), len(text), ())):
        while word and place < claim.stop:  # the words of a range, as "from" and "to", are part of its claim
            if place < claim.start:
                yield word
            place, word = next(left, _NO_WORD)
        yield from claim.tokens


def _claims(text: str) -> tuple[list[_Claim], str]:
    """Return the values in a text, in order, and the text with them blanked out."""
    claims: list[_Claim] = []
    if _PLAIN.fullmatch(text):
        return claims, text
    seen = _seen(text)
    blanked = _claim(text, identifiers.ADDRESSES, seen, claims)
    if not seen.isdisjoint(DIGIT):
        blanked = _claim(blanked, dates.RULES, seen, claims, in_range=True)
        blanked = _claim(blanked, identifiers.CODES, seen, claims)
        blanked = _claim_quantities(blanked, claims)
    blanked = _claim(blanked, identifiers.NAMES, seen, claims)
    return sorted(claims, key=lambda claim: claim.start), blanked


def _seen(text: str) -> set[str]:
    """Return what rules may need of a text."""
    seen = set(text) - _LETTERS
    seen.update(_WORD.findall(fold(text)))
    if _INNER_DOT.search(text):
        seen.add(INNER_DOT)
    if _LETTER_DIGIT.search(text):
        seen.add(LETTER_DIGIT)
    return seen


def _claim(text: str, rules: Sequence[Rule], seen: set[str], claims: list[_Claim], *, in_range: bool = False) -> str:
    for rule in rules:
        if rule.needs.isdisjoint(seen):
            continue
        found = []
        for match in rule.pattern.finditer(text):
            token = rule.read(match)
            if token is not None and _TAKEN not in match[0]:
                found.append(_Claim(match.start(), match.end(), (token,), in_range=in_range))
        claims += found
        text = _blanked(text, found)
    return text


def _claim_quantities(text: str, claims: list[_Claim]) -> str:
    found: list[_Claim] = []
    first = _DIGIT.search(text)
    if not first:
        return text
    for match in quantities.PATTERN.finditer(text, max(0, first.start() - quantities.LEAD)):
        tokens, quantity = quantities.read(match)
        if tokens:
            found.append(_Claim(match.start(), match.end(), tuple(tokens), quantity, in_range=True))
    claims += found
    return _blanked(text, found)


def _blanked(text: str, found: Sequence[_Claim]) -> str:
    pieces, at = [], 0
    for claim in found:
        pieces += [text[at : claim.start], _TAKEN * (claim.stop - claim.start)]
        at = claim.stop
    return "".join([*pieces, text[at:]]) if found else text


def _ranges(text: str, claims: list[_Claim]) -> Iterator[_Claim]:
    """Yield the claims with the two ends of a range as one: "10 to 12 days" is neither 10 nor 12 days."""
    at = 0
    while at < len(claims):
        first = claims[at]
        joined = _range(text, first, claims[at + 1]) if at + 1 < len(claims) else None
        yield joined or first
        at += 2 if joined else 1


def _range(text: str, first: _Claim, last: _Claim) -> _Claim | None:
    if not (first.in_range and last.in_range and len(first.tokens) == 1 == len(last.tokens)):
        return None
    gap, before = text[first.stop : last.start], text[max(0, first.start - 12) : first.start]
    between = _BETWEEN.search(before) if _AND.fullmatch(gap) else None
    if not between and not _RANGE.fullmatch(gap):
        return None
    opening = between or _FROM.search(before)
    start = first.start - len(opening[0]) if opening else first.start
    if not (first.quantity and last.quantity):
        return _Claim(start, last.stop, (Token(f"{first.tokens[0].text}..{last.tokens[0].text}"),))
    low, high = first.quantity, last.quantity
    units = {unit for unit in (low.unit, high.unit) if unit}
    if len(units) > 1:
        return None
    number = f"{low.number}..{_whole_year(low.number, high.number)}"
    return _Claim(start, last.stop, (quantities.token(number, units.pop() if units else None),))


def _whole_year(first: str, last: str) -> str:
    """Return the last year of "1939-45" in full."""
    short = len(first) == 4 and len(last) == 2 and first.isdigit() and last.isdigit() and last > first[2:]
    return first[:2] + last if short else last
