"""Codes and names in which every sign counts: addresses, paths, part numbers, versions, "C++", ".NET", "R&D"."""

from __future__ import annotations

import re
from string import ascii_lowercase

from ragvsft.scoring.scorers.spelling import fold
from ragvsft.scoring.scorers.tokens import DIGIT, INNER_DOT, LETTER_DIGIT, Token, compound, rule

_END = r"(?<![.,;:!?'\")\]}])"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(rf"(?:\b[a-z][a-z+]*://|\bwww\.)[^\s<>\"]+{_END}", re.IGNORECASE)
_WINDOWS_PATH = re.compile(rf"(?<!\w)(?:[A-Za-z]:|\\)\\[\w.\\$-]+{_END}")
_PATH = re.compile(
    r"(?<![\w/.<])(?:~|\.{1,2})?(?:/[\w.@-]*[\w@-]){1,}/?|\b[\w.-]+(?:/[\w.-]+){2,}\b|\b[\w-]+(?:/[\w-]+)+\.\w{1,5}\b"
)
_SEAMS = re.compile(r"[ ()./-]")
# every group but that of the bank has a digit, so that no word is taken for one
_IBAN = re.compile(
    r"\b[a-z]{2}\d{2} ?[a-z\d]{4}(?: ?(?=[a-z]{0,3}\d)[a-z\d]{4}){1,6}(?: ?(?=[a-z]{0,2}\d)[a-z\d]{1,3})?\b",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"\+\d[\d ()/.-]{6,}\d\b|(?<![\w-])\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}\b"
    r"|(?<![\w.,-])(?:0\d{1,4}|\(0\d{1,4}\))[ /-]\d{3,}(?:[ -]\d+)*\b"
)
_GROUPS = re.compile(r"(?<![\w-])(?:\d+(?:-\d+){2,}[\dX]?|\d{4}(?: \d{4}){2,})(?![\w-])")
_VERSION = re.compile(
    r"(?<![\w.])(?!\d{1,3}(?:\.\d{3})+(?![\w.]))[vV]?(?P<number>\d+(?:\.\d+){2,}[\w.+-]*\w|\d+(?:\.\d+){2,})(?!\w)"
    r"|\b[vV](?P<short>\d+(?:\.\d+)?)(?![\w.]*\w)"
)
_DECADE = re.compile(r"\b(\d{3}0)'?s\b", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<![\w.,])(\d+)(?:st|nd|rd|th|er|ère|e|ème)(?!\w)", re.IGNORECASE)
_DASHED = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[^\W\d])[^\W_]+(?:-[^\W_]+)+(?![\w-])")
_LETTER_FIRST = re.compile(r"(?<![\w-])(?=[^\W\d])(?=[\w-]*\d)[^\W_]+(?:-[^\W_]+)+(?![\w-])")
_GLUED = re.compile(r"(?<![\w-])(?P<name>[^\W\d_]+)(?P<number>\d+(?:\.\d+)*)(?P<tail>[^\W_]*)(?!\w)")
_SIGNED_NAME = re.compile(
    r"(?<!\w)(?:[^\W\d_]\w*(?:\+\+|#|\+)(?![\w+#])|(?i:[A-F]|O|AB)-(?=[\s.,;:!?)]|$)|(?<!\*)[A-Za-z]\*(?!\*|\w))"
)
_DOT_NAME = re.compile(r"(?<![\w.])\.[^\W\d_]\w*")
_ACRONYM = re.compile(r"\b(?:[^\W\d_][A-Za-z]?\.){2,}(?:[^\W\d_]\b(?!\.?\w))?|\b(?:[A-Za-z]\. ){1,3}[A-Za-z]\.(?!\w)")
_AMPERSAND = re.compile(r"\b\w+(?:&\w+)+\b")
_DOTTED = re.compile(r"(?<![\w.])(?=[\w.-]*[^\W\d])\w[\w-]*(?:\.[\w-]+)+(?:/[\w./-]*\w/?)?(?!\w)")
_RUN_ON = re.compile(r"(?<=[a-z])\.(?=[A-Z][a-z])")


def _address(match: re.Match[str]) -> Token | None:
    text = re.sub(r"^(?:[a-z][a-z+]*://)?(?:www\.)?", "", fold(match[0]))
    return Token(text.rstrip("/")) if text.rstrip("/") else None


def _path(match: re.Match[str]) -> Token | None:
    return Token(fold(match[0])) if re.search(r"[^\W\d]", match[0]) else None


def _compact(match: re.Match[str]) -> Token | None:
    code = _SEAMS.sub("", match[0])
    return Token(fold(code)) if len(code) > 6 else None


def version(number: str) -> str:
    """Return a version number as a token: "3.10" is not the decimal 3.1, nor equal to it."""
    return f"v{number}" if re.fullmatch(r"\d+\.\d*0", number) else fold(number)


def _version(match: re.Match[str]) -> Token:
    return Token(version(match["number"] or match["short"]))


def _dashed(match: re.Match[str]) -> Token:
    parts = tuple(fold(match[0]).split("-"))
    joined = "".join(parts)
    return compound(joined, parts) if len(parts) == 2 else compound("-".join(parts), parts, (joined,))


def _glued(match: re.Match[str]) -> Token:
    parts = (
        fold(match["name"]),
        version(match["number"]) if not match["tail"] else fold(match["number"] + match["tail"]),
    )
    return compound(fold(match[0]), parts)


def _acronym(match: re.Match[str]) -> Token:
    parts = tuple(fold(match[0]).replace(".", " ").split())
    return compound("".join(parts), parts) if " " in match[0] else Token("".join(parts))


def _ampersand(match: re.Match[str]) -> Token:
    words = fold(match[0]).split("&")
    parts = tuple(part for word in words for part in ("and", word))[1:]
    return compound("&".join(words), parts)


def _folded(match: re.Match[str]) -> Token:
    return Token(fold(match[0]))


def _dotted(match: re.Match[str]) -> Token | None:
    return None if _RUN_ON.search(match[0]) else Token(fold(match[0]).rstrip("/"))


# before dates and numbers are looked for, and after them
ADDRESSES = (
    rule(_MAIL, _folded, "@"),
    rule(_URL, _address, ["/", "www"]),
    rule(_WINDOWS_PATH, _folded, "\\"),
    rule(_PATH, _path, "/"),
)
CODES = (
    rule(_IBAN, _compact, [LETTER_DIGIT]),
    rule(_PHONE, _compact, "+-.0"),
    rule(_GROUPS, _compact, DIGIT),
    rule(_DECADE, lambda match: Token(f"{match[1]}s"), "s"),
    rule(_ORDINAL, lambda match: Token(f"#{match[1].lstrip('0')}"), ["st", "nd", "rd", "th", "er", "ère", "e", "ème"]),
    rule(_LETTER_FIRST, _dashed, "-"),
    rule(_VERSION, _version, [INNER_DOT, "v"]),
)
NAMES = (
    rule(_SIGNED_NAME, _folded, "+#-*"),
    rule(_DASHED, _dashed, "-"),
    rule(_GLUED, _glued, [LETTER_DIGIT]),
    rule(_ACRONYM, _acronym, [INNER_DOT, *ascii_lowercase]),
    rule(_AMPERSAND, _ampersand, "&"),
    rule(_DOT_NAME, _folded, [INNER_DOT]),
    rule(_DOTTED, _dotted, [INNER_DOT]),
)
