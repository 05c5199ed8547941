"""What is left of a text beside its values: words, single characters of scripts without blanks, signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from ragvsft.scoring.scorers.dates import MONTH_WORDS
from ragvsft.scoring.scorers.spelling import NO_BLANKS, bare, fold
from ragvsft.scoring.scorers.tokens import Split, Token, compound
from ragvsft.scoring.scorers.units import STANDING_ALONE

# vowel signs and tone marks, which belong to the character before; a stacked consonant does too
_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u17dd\u3099\u309a"
)
_CLUSTER = rf"[{NO_BLANKS}](?:[\u17d2\u1039][{NO_BLANKS}]|[{_MARKS}])*"
_LETTER = r"(?:[^\W_]|[\u0300-\u036f\u0653-\u065f\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff])"
_SIGN = (
    r"(?P<sign>(?<!\S)[^\w\s\ue000]+(?!\S)"
    r"|[<>=≤≥≠≈±~]+(?= ?[\d$€£]|\ue000)|(?<=[\w\ue000])(?:==?|[<>]=?)(?=[\w\ue000])"
    r"|(?<=[\"'`(])[^\w\s\"'`()\ue000]+(?=[\"'`)])|[^\w\s\x00-\x7f\ue000])"
)
_PIECE = re.compile(
    rf"(?P<katakana>[\u30a1-\u30fa\u30fc]{{2,}})|(?P<character>{_CLUSTER})"
    rf"|(?P<word>{_LETTER}(?:(?:{_LETTER}|['_-])*{_LETTER})?)|{_SIGN}"
)
_ASCII_PIECE = re.compile(rf"(?P<word>[A-Za-z\d](?:[A-Za-z\d'_-]*[A-Za-z\d])?)|{_SIGN}")  # the same, sooner
_MEANT = re.compile(r"[<>=≤≥≠≈±+^]+")
_SIGNS = {">=": "≥", "<=": "≤", "!=": "≠", "&": "and"}
# an article stands before a word; the letter A stands alone, inside a sentence as a capital, or before a verb
_BEFORE_WORD = re.compile(r" [\"'(*_]*[\w\ue000]")
_VERBS = "is|was|are|and|or|because|since|has|seems|should|ist|und|oder|weil|est|et|ou"
_BEFORE_VERB = re.compile(rf" (?:{_VERBS})\b", re.IGNORECASE)
_BEFORE_VERB_OR_NOUN = re.compile(rf" (?:{_VERBS}|would|will|correct|right|wrong)\b", re.IGNORECASE)
_AFTER_CHOICE = re.compile(r"\b(?:options?|choices?|vitamin|hepatitis|annex|appendix|exhibit) $", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?:^|[.!?:;\"'(*_-])\s*[\"'(*_]*$")
_ELISION = re.compile(r"(?:[ldjmnstc]|qu|jusqu|lorsqu|dell|nell|all|dall|sull|un)'(?=\w{2})", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<=\w)'s$", re.IGNORECASE)
_SAID_PARTICLES = """
    입니다 이에요 예요 이다 이며 이고 에서는 에서 에게 으로 로는 까지 부터 라고 이라고
    은 는 이 가 을 를 의 에 로 와 과 도 만
"""
_PARTICLES = _SAID_PARTICLES.split()
_AFTER_ARTICLE = re.compile(r"(?:^|\s)an? $", re.IGNORECASE)  # "a month" may be "1 month"
_ENDING = re.compile(r"(\w{3,})'(?!s$|t$)(\w{1,6})")
_UNITS = frozenset(STANDING_ALONE.values())
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})", re.IGNORECASE)
_WORD_READINGS = {
    "noon": ("12:00",), "midday": ("12:00",), "midnight": ("00:00",), "half": ("1/2",), "once": ("1 time",),
    "mittag": ("12:00",), "mitternacht": ("00:00",), "midi": ("12:00",), "minuit": ("00:00",),
}  # fmt: skip


def words(text: str) -> Iterator[tuple[int, Token]]:
    """Yield the tokens of a spelled text with their places; the values in it have been blanked out."""
    pattern = _ASCII_PIECE if text.replace("\ue000", "").isascii() else _PIECE
    for match in pattern.finditer(text):
        kind = match.lastgroup
        if kind == "word":
            at, alone = match.start(), _alone(match[0])
            if alone:
                yield at, alone
                continue
            for token in _word(match):
                yield at, token
        elif kind == "katakana":
            run = match[0]
            splits = (Split(tuple(run), frozenset({c}), loose=True, among_parts=True) for c in dict.fromkeys(run))
            yield match.start(), Token(run, (), tuple(splits))
        elif kind == "character":
            yield match.start(), Token(fold(match[0]))
        else:
            yield match.start(), _sign(match)


def _sign(match: re.Match[str]) -> Token:
    sign = match[0].strip("\"'`()") or match[0]
    sign = _SIGNS.get(sign, sign)
    opens = match.start() == 0 and not re.match(r" ?[\d\ue000]", match.string[match.end() :])
    meant = sign == "and" or (_MEANT.fullmatch(sign) and not opens)
    return Token(sign, role="core" if meant else "symbol")


def _word(match: re.Match[str]) -> Iterator[Token]:
    word = match[0].strip("_")
    if word in {"a", "A"} or word.lower() in {"an", "the"}:
        yield Token(word.lower(), role="article" if _is_article(match, word) else "core")
        return
    elided = _ELISION.match(word)
    if elided:
        yield Token(fold(elided[0][:-1]))
        word = word[elided.end() :]
    if "-" in word:
        parts = tuple(fold(part.replace("'", "")) for part in word.split("-") if part)
        yield (
            compound("".join(parts), parts, bare("".join(parts))) if len(parts) > 1 else _simple(word.replace("-", ""))
        )
    else:
        token = _simple(word)
        counted = token.text in _UNITS and _AFTER_ARTICLE.search(
            match.string[max(0, match.start() - 4) : match.start()]
        )
        yield replace(token, readings=(*token.readings, f"1 {token.text}")) if counted else token


@lru_cache(maxsize=1 << 16)
def _alone(word: str) -> Token | None:
    """Return the token of a word that is one wherever it stands; None where it is to be looked at in its place."""
    if not word.isalnum() or word.lower() in {"a", "an", "the"}:
        return None
    token = _simple(word)
    return None if token.text in _UNITS else token


@lru_cache(maxsize=1 << 16)
def _simple(word: str) -> Token:
    stem = _POSSESSIVE.sub("", word)
    text = fold(stem.replace("'", ""))
    readings = (fold(word.replace("'", "")),) if stem != word else ()
    if text in MONTH_WORDS:
        return Token(text, (MONTH_WORDS[text],))
    if text in STANDING_ALONE:
        return Token(STANDING_ALONE[text], (text,))
    if _is_roman(stem):
        return Token(text, (str(_roman(stem.upper())),))
    return Token(text, (*readings, *_WORD_READINGS.get(text, ()), *bare(text)), (*_particles(text), *_ending(stem)))


def _ending(word: str) -> tuple[Split, ...]:
    """Return a name and its ending, as Turkish writes them: "Ankara'da" has "Ankara" in it."""
    found = _ENDING.fullmatch(word)
    return (Split((fold(found[1]), fold(found[2])), frozenset({fold(found[1])})),) if found else ()


def _particles(text: str) -> tuple[Split, ...]:
    if not "\uac00" <= text[-1:] <= "\ud7a3":
        return ()
    found = [end for end in _PARTICLES if text.endswith(end) and len(text) > len(end)]
    return tuple(Split((text[: -len(end)], end), frozenset({text[: -len(end)]})) for end in found)


def _is_article(match: re.Match[str], word: str) -> bool:
    text, stop = match.string, match.end()
    if not _BEFORE_WORD.match(text, stop):
        return False
    if len(word) > 1:
        return True
    if _AFTER_CHOICE.search(text[max(0, match.start() - 12) : match.start()]):
        return False
    if word == "a" or text.isupper():
        return not _BEFORE_VERB.match(text, stop)
    opens = _SENTENCE_END.search(text[max(0, match.start() - 6) : match.start()])
    return bool(opens) and not _BEFORE_VERB_OR_NOUN.match(text, stop)


def _is_roman(word: str) -> bool:
    """Return whether a word is a Roman numeral; "vi" and "xi" only in capitals, as they are words and names."""
    return len(word) > 1 and bool(_ROMAN.fullmatch(word)) and (word.isupper() or word.lower() not in {"vi", "xi"})


def _roman(numeral: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in numeral]
    return sum(-value if any(value < later for later in values[n + 1 :]) else value for n, value in enumerate(values))
