"""Number words become digits: English by grammar, other languages by a table of what they say for 0 to 999."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ragvsft.scoring.scorers.spoken import spoken
from ragvsft.scoring.scorers.units import FOREIGN_UNITS

_SAID_ONES = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
"""
_SAID_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SAID_ORDINALS = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
    sixteenth seventeenth eighteenth nineteenth twentieth
"""
_ONES = {word: value for value, word in enumerate(_SAID_ONES.split())}
_TENS = {word: 10 * value for value, word in enumerate(_SAID_TENS.split(), start=2)}
_MULTIPLIERS = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ENGLISH = {*_ONES, *_TENS, *_MULTIPLIERS}
_ORDINALS = {word: value for value, word in enumerate(_SAID_ORDINALS.split(), start=1)}
_ORDINALS |= {"thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100}
_PARTS = {"half": 2, "halves": 2, "thirds": 3, "quarter": 4, "quarters": 4} | {
    f"{word}s": value for word, value in _ORDINALS.items() if 3 < value < 11
}
# "the one", "one of them": a pronoun and not a number
_PRONOUN_BEFORE = re.compile(r"\b(?:the|no|any|every|this|that|which|each|some|only|another)[ -]$", re.IGNORECASE)
_PRONOUN_AFTER = re.compile(r" (?:another|of|who|that|which|should|can|must|may)\b", re.IGNORECASE)

_PER = re.compile(r"(?:\bper |/ ?)$", re.IGNORECASE)
# words of other languages, or of everyday use: numbers only where they are the whole text or a foreign unit follows
_SAID_RISKY = """
    null nul elf sept dos sei due tre otto uno sex tio nio sju cent mil mille cem sto cento sete
    hai ba không năm iki beş altı một chín tám sáu bảy bốn mười
"""
_RISKY = frozenset(_SAID_RISKY.split())
_CUES = """
    half quarter third fortnight minus negative moins menos meno минус version versions
    ein eine einen einem einer eines un une una um uma een en ett
"""
_ONE_OF = re.compile(
    rf"(?<!\be )(?<!\by )(?<!\bet )\b(?:eine?[mnrs]?|une?|una|uma?|een|en|ett) (?={'|'.join(sorted(FOREIGN_UNITS))}\b)",
    re.IGNORECASE,
)
_FORTNIGHT = re.compile(r"\b(?:a|one) fortnight\b", re.IGNORECASE)
_TWICE = {"twice": "2 times", "thrice": "3 times"}
_A_FEW = re.compile(
    r"\ban? (?=(?:dozen|hundred|thousand|million|billion|trillion|half|quarter|third)\b(?! of))", re.IGNORECASE
)
_HALF_A = re.compile(r"\bhalf an? (?=million|billion|dozen|hundred|hour|day|year|mile|litre|liter)", re.IGNORECASE)
_AND_A_HALF = re.compile(r"\b(\d+) and 1/2\b", re.IGNORECASE)
_MINUS = re.compile(r"\b(?:minus|negative|moins|menos|meno|минус) (?=\d)", re.IGNORECASE)
_VERSION = re.compile(r"\bversions? (?=\d)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_FIRST = ((_HALF_A, "0.5 "), (_A_FEW, "one "), (_FORTNIGHT, "2 weeks"), (_ONE_OF, "1 "))
_SHARES = {"drittel": 3, "viertel": 4, "tiers": 3, "quarts": 4, "tercios": 3, "cuartos": 4, "terzi": 3, "quarti": 4}
_SHARE = re.compile(rf"\b(\d+|eine?|un) ({'|'.join(_SHARES)})\b(?! vor| nach)", re.IGNORECASE)
_PAST = re.compile(r"\b(half|quarter) (past|to) (\d\d?)\b", re.IGNORECASE)


def digits(text: str) -> str:
    """Return spelled text with its number words as digits: "twenty-one days" as "21 days", "third" as "3rd"."""
    seen = set(_WORD.findall(text.casefold()))
    if seen.isdisjoint(_starters()):
        return text
    for pattern, digit in _FIRST:
        text = pattern.sub(digit, text)
    pieces, end = [], 0
    for start, stop, written in _numbers(text):
        pieces += [text[end:start], written]
        end = stop
    text = "".join([*pieces, text[end:]])
    text = _MINUS.sub("-", _VERSION.sub("v", _AND_A_HALF.sub(r"\1.5", text)))
    return _PAST.sub(_clock, _SHARE.sub(_share, text))


def _share(match: re.Match[str]) -> str:
    return f"{match[1] if match[1].isdigit() else 1}/{_SHARES[match[2].lower()]}"


def _clock(match: re.Match[str]) -> str:
    minutes = 30 if match[1].lower() == "half" else 15
    to = match[2].lower() == "to"
    return f"{(int(match[3]) - to) % 24}:{60 - minutes if to else minutes}"


@cache
def _starters() -> frozenset[str]:
    """Return the words without which no text changes."""
    return frozenset({*_ENGLISH, *_ORDINALS, *_TWICE, *_SHARES, *_foreign(), *_CUES.split()})


def _numbers(text: str) -> Iterator[tuple[int, int, str]]:
    words = [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
    table, longest, at = _foreign(), 4, 0
    while at < len(words):
        word = words[at][0]
        if word in _TWICE:
            yield words[at][1], words[at][2], _TWICE[word]
        found = None
        if word in _ENGLISH or word in _ORDINALS:
            found = _english(text, words, at)
        if not found and word in table:
            found = _by_table(text, words, at, table[word], longest)
        if found:
            stop, written = found
            yield words[at][1], words[stop - 1][2], written
            at = stop
        else:
            at += 1


def _joined(text: str, words: list[tuple[str, int, int]], at: int) -> bool:
    """Return whether nothing but one blank or hyphen stands between a word and the one before."""
    return text[words[at - 1][2] : words[at][1]] in {" ", "-"}


def _english(text: str, words: list[tuple[str, int, int]], at: int) -> tuple[int, str] | None:
    run: list[str] = []
    stop = at
    while stop < len(words) and (stop == at or _joined(text, words, stop)):
        word = words[stop][0]
        following = words[stop + 1][0] if stop + 1 < len(words) else ""
        if word == "and" and run and run[-1] in _MULTIPLIERS and following in {*_ONES, *_TENS, *_ORDINALS}:
            stop += 1
        elif word in _ENGLISH and _may_follow(run, word) and len(run) < 20:
            run.append(word)
            stop += 1
        else:
            break
    last = words[stop][0] if stop < len(words) and (stop == at or _joined(text, words, stop)) else ""
    if run and run[0] in _MULTIPLIERS:  # "2.5 million" is read with its digits
        return None
    if not run:
        is_unit = last == "second" and _PER.search(text[: words[at][1]])
        return (at + 1, _ordinal(_ORDINALS[last])) if last in _ORDINALS and not is_unit else None
    value = _sum(run)
    if last == "point":
        decimals = _said_digits(text, words, stop + 1)
        return (stop + 1 + len(decimals), f"{value}.{decimals}") if decimals else (stop, str(value))
    if last in _ORDINALS and run[-1] in {*_TENS, *_MULTIPLIERS} and (run[-1] not in _TENS or _ORDINALS[last] < 10):
        return stop + 1, _ordinal(value + _ORDINALS[last])
    if last in _PARTS or (last == "third" and value == 1):
        return stop + 1, f"{value}/{_PARTS.get(last, 3)}"
    if run == ["one"] and (_PRONOUN_BEFORE.search(text[: words[at][1]]) or _PRONOUN_AFTER.match(text, words[at][2])):
        return None
    return stop, str(value)


def _said_digits(text: str, words: list[tuple[str, int, int]], at: int) -> str:
    """Return what is said after "point", digit by digit."""
    said = ""
    while at < len(words) and _joined(text, words, at) and 0 <= _ONES.get(words[at][0], 10) < 10:
        said += str(_ONES[words[at][0]])
        at += 1
    return said


def _may_follow(run: list[str], word: str) -> bool:
    if not run or word in _MULTIPLIERS:
        return True
    if run[-1] in _MULTIPLIERS:
        return True
    if run[-1] in _TENS:  # twenty-one; "twenty twenty-four" is a year
        return 0 < _ONES.get(word, 0) < 10 or (len(run) == 1 and run[0] == "twenty" and word in _TENS)
    return len(run) == 1 and _ONES[run[-1]] > 9 and word in _TENS  # "nineteen eighty-four"


def _sum(run: list[str]) -> int:
    total, group = 0, 0
    for n, word in enumerate(run):
        if word in _MULTIPLIERS and _MULTIPLIERS[word] > 100:
            total, group = total + (group or 1) * _MULTIPLIERS[word], 0
        elif word in _MULTIPLIERS:
            group = (group or 1) * _MULTIPLIERS[word]
        elif n == 1 and word in _TENS and run[0] not in _MULTIPLIERS:
            group = group * 100 + _TENS[word]
        else:
            group += _ONES.get(word, 0) + _TENS.get(word, 0)
    return total + group


def _ordinal(value: int) -> str:
    last = {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{'th' if 10 < value % 100 < 14 else last}"


def _by_table(
    text: str, words: list[tuple[str, int, int]], at: int, phrases: dict[tuple[str, ...], int], longest: int
) -> tuple[int, str] | None:
    run = [words[at][0]]
    for n in range(at + 1, min(at + longest, len(words))):
        if not _joined(text, words, n):
            break
        run.append(words[n][0])
    for length in range(len(run), 0, -1):
        value = phrases.get(tuple(run[:length]))
        if value is None:
            continue
        whole = at == 0 and words[0][1] == 0 and words[at + length - 1][2] == len(text.rstrip(".! "))
        if length > 1 or run[0] not in _RISKY or whole or (len(run) > 1 and run[1] in FOREIGN_UNITS):
            return at + length, str(value)
    return None


@cache
def _foreign() -> dict[str, dict[tuple[str, ...], int]]:
    """Return first word -> the phrases that begin with it, as tuples of words, with their values."""
    phrases = {tuple(re.split(r"[ +-]", word.casefold())): value for word, value in spoken()}
    table: dict[str, dict[tuple[str, ...], int]] = {}
    for phrase, value in phrases.items():
        table.setdefault(phrase[0], {})[phrase] = value
    return table
