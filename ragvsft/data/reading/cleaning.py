"""What is in a text and not for people: embedded data, base64 and minified script, dropped and counted."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from ragvsft.data.reading.result import Dropped
from ragvsft.text import whole_share

_DATA_URI = re.compile(
    r"\bdata:[\w.+-]{1,80}/[\w.+-]{1,80}(?:;[\w.=+-]{1,80}){0,8},(?:[A-Za-z0-9+/=_-]{64,}|[^\s\"'()<>]{64,})"
)
_WRAPPED_URI = re.compile(
    r"(\bdata:[\w.+-]{1,80}/[\w.+-]{1,80}(?:;[\w.=+-]{1,80}){0,8};base64,)"
    r"((?:[ \t]*\n)?[ \t]*[A-Za-z0-9+/_-]{20,}(?:[ \t]*\n[ \t]*[A-Za-z0-9+/_-]{40,})+"
    r"(?:[ \t]*\n[ \t]*[A-Za-z0-9+/_-]{1,76}(?:=|(?=[)\"'>])))?={0,2})"
)
_BASE64 = "A-Za-z0-9+/_-"
_RUN = re.compile(rf"(?<![{_BASE64}])[{_BASE64}]{{200,}}={{0,2}}")
_WRAPPED = re.compile(rf"[{_BASE64}]{{40,}}={{0,2}}")
_LAST_WRAPPED = re.compile(rf"[{_BASE64}]{{0,}}={{1,2}}")
_FEWEST_WRAPPED = 3  # lines one below the other
_SCRIPT = re.compile(
    r"\bfunction\b\s*\w{0,40}\(|=>\s*[{(\w]|\breturn\b[^;]{0,200};|[\w)\"'];\w|\}[.#@\w][^{}]{0,200}\{"
)
_LONG_LINE = 500  # characters; a shorter line of script is an example that people read
_FEWEST_LETTERS, _SMALL_FILE = 16, 200  # letters, in a file of more bytes
_FEWEST_IN_LARGE, _LARGE_FILE = 200, 50_000
_FEWEST_SHARE = 0.5  # of letters and digits among what is not blank
_RULES = re.compile(r"[-=_*.|:~+]{3,}")  # tables' and chapters'


def without_embedded(text: str) -> tuple[str, tuple[Dropped, ...]]:
    """Return a text without embedded data, base64 and minified script, and what was dropped."""
    found: dict[str, list[int]] = {}

    def drop(kind: str, match: re.Match[str]) -> str:
        found.setdefault(kind, []).append(len(match[0]))
        return ""

    text = _DATA_URI.sub(lambda match: drop("embedded files", match), text)
    text = _RUN.sub(lambda match: drop("base64 runs", match) if _is_encoded(match[0]) else match[0], text)
    text = _without_lines(text, found)
    return text, tuple(Dropped(kind, len(sizes), sum(sizes)) for kind, sizes in found.items())


def unwrapped(text: str) -> str:
    """Return a text with each embedded file in one line."""
    return _WRAPPED_URI.sub(lambda match: match[1] + "".join(match[2].split()), text) if ";base64," in text else text


def warning_of(text: str, size: int) -> str | None:
    """Return what is odd about the text of a document of `size` bytes, to be put behind its name.

    Almost none of it, or mostly symbols; a short text in a short file is as it should be.
    """
    counts = Counter(_RULES.sub(" ", text))
    blank = sum(count for character, count in counts.items() if character.isspace())
    said = sum(count for character, count in counts.items() if unicodedata.category(character)[0] in "LNM")
    seen = sum(counts.values()) - blank
    if (said < _FEWEST_LETTERS and size > _SMALL_FILE) or (said < _FEWEST_IN_LARGE and size > _LARGE_FILE):
        return f"holds almost no text: {said} letters and digits"
    if said < _FEWEST_SHARE * seen:
        symbols = whole_share(1 - said / seen)
        return f"is mostly symbols: {symbols} of its {seen:,} characters are neither letters nor digits"
    broken = counts["\ufffd"] + sum(n for character, n in counts.items() if unicodedata.category(character) == "Co")
    if broken > 0.01 * seen:
        causes = "a wrong encoding, or a font with its own character codes"
        return f"holds {broken:,} characters that cannot be read (of {seen:,}): {causes}"
    return None


def _is_encoded(run: str) -> bool:
    """Return whether a long run is base64 or hexadecimal rather than a long word, a path or a rule."""
    digits = sum(map(str.isdigit, run))
    upper = sum(map(str.isupper, run))
    lower = sum(map(str.islower, run))
    if re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", run):
        return min(digits, upper + lower) >= 0.1 * len(run)
    return min(upper, lower) >= 0.1 * len(run) and digits >= 0.02 * len(run)


def _without_lines(text: str, found: dict[str, list[int]]) -> str:
    """Return a text without the lines that are base64 or minified script."""
    kept: list[str] = []
    lines = text.splitlines(keepends=True)
    place = 0
    while place < len(lines):
        end = _wrapped_end(lines, place)
        if end > place:
            found.setdefault("base64 runs", []).append(sum(map(len, lines[place:end])))
        elif _is_script(lines[place]):
            found.setdefault("minified scripts", []).append(len(lines[place]))
            end = place + 1
        else:
            kept.append(lines[place])
            end = place + 1
        place = end
    return "".join(kept)


def _wrapped_end(lines: Sequence[str], start: int) -> int:
    """Return where the base64 lines that begin at `start` end; `start` itself where there are too few."""
    end = start
    while end < len(lines) and _is_wrapped(lines[end]):
        end += 1
    if end - start < _FEWEST_WRAPPED:
        return start
    return end + (end < len(lines) and _LAST_WRAPPED.fullmatch(lines[end].strip(" \t\r\n>")) is not None)


def _is_wrapped(line: str) -> bool:
    inner = line.strip(" \t\r\n>")
    is_base64 = len(inner) >= 40 and _WRAPPED.fullmatch(inner) is not None
    return is_base64 and _is_encoded(inner) and inner.lower() != inner != inner.upper()  # checksums are for people


def _is_script(line: str) -> bool:
    if len(line) < _LONG_LINE:
        return False
    marks = sum(line.count(mark) for mark in "{}();=")
    return marks >= 0.06 * len(line) and line.count(" ") <= 0.1 * len(line) and len(_SCRIPT.findall(line)) >= 3
