"""What is within the lines of Markdown: links, images, escapes. Code and formulas are not touched."""

from __future__ import annotations

import html
import re
from collections import defaultdict

from ragvsft.data.reading.elements import PICTURE_FILE
from ragvsft.data.reading.tags import KNOWN_TAG, without_tags
from ragvsft.data.reading.tally import Tally

_OPEN, _CLOSE = "\ue0f0", "\ue0f1"  # around the number of a piece of code or a formula while the rest is cleaned
_OURS = dict.fromkeys(range(0xE0F0, 0xE0F4))  # signs of this module and of tags; no text has them
_KEPT = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_SPECIAL = re.compile(r"[\\<\[{&`]|^import ", re.MULTILINE)
_MATH = re.compile(
    r"\$\$[^$]{1,5000}\$\$|(?<![\\$\w])\$(?=[^\s$])[^$\n]{0,300}(?<=\S)\$(?!\w)"
    r"|^[ \t]*\\\[[ \t]*\n(?:(?![ \t]*\\\])[^\n]*\n){1,60}[ \t]*\\\]"
    r"|^[ \t]*\\\[[^\n]{1,2000}\\\][ \t]*$|\\\([^\n()]{1,300}\\\)",
    re.MULTILINE,
)
_IS_MATH = re.compile(r"\\[A-Za-z,;! {}\\]|[\^_=]")
_TEXT = r"\[((?:[^\[\]\\\n]++|\\.|\n(?![ \t]*\n)|\[[^\[\]\\\n]*+\])*+)\]"
_TARGET = (
    r"\([ \t]*+\n?[ \t]*+(<[^<>\n]*+>|(?:[^\s()\\<]|\\.|\((?:[^\s()\\]|\\.)*+\))*+)"
    r"(?:[ \t\n]++(?:\"[^\"\n]*+\"|'[^'\n]*+'|\([^()\n]*+\)))?+[ \t]*+\n?[ \t]*+\)"
)
_IMAGE = re.compile(r"(?<!\\)!" + _TEXT + _TARGET)
_LINK = re.compile(r"(?<!\\)" + _TEXT + _TARGET)
_REFERRED = re.compile(r"(?<!\\)(!?)" + _TEXT + r"(?:\[([^\[\]\n]*+)\])?+(?![(:])")
_DEFINED = re.compile(
    r"^ {0,3}\[([^\[\]^\n][^\[\]\n]{0,200})\]:[ \t]*(<[^<>\n]*>|[^\s<]\S*)"
    r"(?:[ \t]+(?:\"[^\n]*\"|'[^\n]*'|\([^\n]*\)))?[ \t]*(?:\n|\Z)",
    re.MULTILINE,
)
_ADDRESS = re.compile(
    r"\\?<<?(?:mailto:)?([A-Za-z][A-Za-z0-9+.-]{1,20}:[^\s<>]*?|[\w.+-]{1,80}@[\w.-]{1,80}\.\w{1,20}?)\\?>>?"
)
_BADGE = re.compile(
    r"shields\.io|\bbadges?\b|badge\.|badgen\.net|travis-ci|codecov\.io|coveralls\.io|circleci\.com", re.I
)
_HEADING_ID = re.compile(r"(?<=\S)[ \t]*\{:?[ \t]*[#.][\w:.-]+[^{}\n]{0,200}\}[ \t]*$", re.MULTILINE)
_ATTRIBUTES = re.compile(r"^[ \t]*\{:[^{}\n]{0,300}\}[ \t]*\n?|^[ \t]*\{#[\w:.-]+\}[ \t]*\n?", re.MULTILINE)
_SHORTCODE = re.compile(
    r"\{%(?:(?!%\})[^\n]){0,400}%\}|\{\{<(?:(?!>\}\})[^\n]){0,400}>\}\}|\{\{%(?:(?!%\}\})[^\n]){0,400}%\}\}"
    r"|\{/\*(?:(?!\*/\})[^\n]){0,400}\*/\}"
)
_SHORTCODES = re.compile(
    r"^[ \t]*(?=\{%|\{\{[<%]|\{/\*)[^\n]+\n?|^[^\n]{1,2000}(?:%\}|>\}\}|%\}\}|\*/\})[ \t]*(?:\n|\Z)", re.MULTILINE
)
_IMPORT = re.compile(r"^import [^\n]{1,300} from ['\"][^\n'\"]{1,200}['\"];?[ \t]*\n?", re.MULTILINE)
_ESCAPED = re.compile(r"\\\\|\\([!-/:-@\[-`{-~])|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_OPENS_LINE = "#>-+*=:~|"  # at the start of a line they would be a heading, an item, a rule
_BEFORE = {"!": "[", "{": "#:%{/"}  # with one of these behind it, a character would open something
_NEVER = "`\\|$"  # a bare one might pair with another


class Spans:
    """Cleans the text parts of one document."""

    def __init__(self, text: str, tally: Tally) -> None:
        """Take the whole document, for the link targets that it defines."""
        self._tally = tally
        found = _DEFINED.finditer(text) if "]:" in text else ()
        self._targets = {_label(match[1]): match[2] for match in found if _is_target(match[2])}

    def cleaned(self, text: str) -> str:
        """Return text without what is not for people."""
        if _SPECIAL.search(text) is None:
            return text
        pieces: list[str] = []
        text = _without_code(text.translate(_OURS), pieces)
        text = _MATH.sub(lambda match: _kept(match[0], pieces) if _IS_MATH.search(match[0][2:-2]) else match[0], text)
        text = self._without_lines(text)
        text = self._linked(text)
        text = without_tags(text, self._tally)
        text = _ESCAPED.sub(self._unescaped, text)
        while _KEPT.search(text):  # a formula may hold code
            text = _KEPT.sub(lambda match: pieces[int(match[1])] if int(match[1]) < len(pieces) else "", text)
        return text

    def _without_lines(self, text: str) -> str:
        """Drop the lines that are for a renderer, and the ids behind headings."""
        drop = self._tally.drop

        def definition(match: re.Match[str]) -> str:
            return drop("link targets", match[0]) if _is_target(match[2]) else match[0]

        text = _DEFINED.sub(definition, text) if self._targets else text
        text = _IMPORT.sub(lambda match: drop("imports and shortcodes", match[0]), text)
        text = _SHORTCODES.sub(lambda match: self._without_shortcodes(match[0]), text)
        text = _ATTRIBUTES.sub(lambda match: drop("anchors", match[0]), text)
        return _HEADING_ID.sub(lambda match: drop("anchors", match[0]), text)

    def _without_shortcodes(self, line: str) -> str:
        """Return a line that begins or ends with a shortcode without any, or nothing if no text is between them."""
        text = _SHORTCODE.sub("", line)
        if text == line:
            return line
        end = "\n" * line.endswith("\n")
        return self._tally.drop("imports and shortcodes", line, text.strip() + end if text.strip() else "")

    def _linked(self, text: str) -> str:
        """Return the texts of links and images in their places."""
        text = _ADDRESS.sub(r"\1", text)
        if "](" in text:
            text = _IMAGE.sub(self._image, text)
            text = _ADDRESS.sub(r"\1", _LINK.sub(self._link, text))
        return _REFERRED.sub(self._reference, text) if self._targets else text

    def _image(self, match: re.Match[str]) -> str:
        return self._shown(match[0], match[1], match[2])

    def _shown(self, whole: str, alt: str, target: str) -> str:
        if target.strip("<")[:5].lower() == "data:":
            return self._tally.drop("embedded files", whole, alt)
        if _BADGE.search(target):
            return self._tally.drop("badges", whole)
        return self._tally.drop("link targets", whole, "" if PICTURE_FILE.fullmatch(alt.strip()) else alt)

    def _link(self, match: re.Match[str]) -> str:
        inner = _LINK.sub(self._link, match[1]) if "](" in match[1] else match[1]
        what = "link targets" if inner.strip() else "anchors"
        return self._tally.drop(what, match[0], inner)

    def _reference(self, match: re.Match[str]) -> str:
        inner = _REFERRED.sub(self._reference, match[2]) if "[" in match[2] else match[2]
        target = self._targets.get(_label(match[3] or match[2]))
        if target is None:
            return match[0]
        return self._shown(match[0], inner, target) if match[1] else self._tally.drop("link targets", match[0], inner)

    def _unescaped(self, match: re.Match[str]) -> str:
        whole = match[0]
        character = match[1] if whole[0] == "\\" else html.unescape(whole)
        if whole == "\\\\" or character is None or character == whole:
            return whole
        character = {"\xa0": " ", "\xad": "", "\u200b": ""}.get(character, character)
        if character == "|" and whole[0] == "&":
            return "\\|"
        if character and _would_open(character, match.string, match.start(), match.end()):
            return whole
        return self._tally.drop("escapes", whole, character)


def _label(text: str) -> str:
    return " ".join(text.casefold().split())


def _is_target(target: str) -> bool:
    return any(mark in target for mark in "/.#:<")


def _kept(piece: str, pieces: list[str]) -> str:
    pieces.append(piece)
    return f"{_OPEN}{len(pieces) - 1}{_CLOSE}"


def _without_code(text: str, pieces: list[str]) -> str:
    """Put aside the code between backticks: from a run of them to the next as long, within a paragraph."""
    if "`" not in text:
        return text
    parts = re.split(r"(\n[ \t]*\n)", text)
    return "".join(_paragraph_without_code(part, pieces) if "`" in part else part for part in parts)


def _paragraph_without_code(text: str, pieces: list[str]) -> str:
    runs = [match.span() for match in re.finditer(r"`+", text)]
    ends: dict[int, list[int]] = defaultdict(list)  # by length, the runs from the last to the first
    for number in range(len(runs) - 1, -1, -1):
        ends[runs[number][1] - runs[number][0]].append(number)
    made, done, number = "", 0, 0
    chunks = []
    while number < len(runs):
        start, end = runs[number]
        same = ends[end - start]
        while same and same[-1] <= number:
            same.pop()
        if not same or (start > 0 and text[start - 1] == "\\"):
            number += 1
            continue
        chunks.append(text[done:start])
        done = runs[same[-1]][1]
        chunks.append(_kept(text[start:done], pieces))
        number = same[-1] + 1
    made = "".join(chunks)
    return made + text[done:]


def _would_open(character: str, text: str, start: int, end: int) -> bool:
    """Return whether a bare character would be read as the beginning or the end of something."""
    behind = text[end : end + 1]
    if character in _NEVER or (character in _BEFORE and behind != "" and behind in _BEFORE[character]):
        return True
    if character in _OPENS_LINE and not text[
        max(text.rfind("\n", max(start - 9, 0), start) + 1, start - 9, 0) : start
    ].strip(" >"):
        return start < 9 or "\n" in text[start - 9 : start]
    if character == "&":
        return re.match(r"#?\w{1,32};", text[end : end + 40]) is not None
    if character == "<":
        return text.startswith("!--", end) or KNOWN_TAG.match(text, end) is not None
    return (
        (character == "[" and behind in ("!", "^"))
        or (character == "]" and behind in tuple("([:"))
        or (character == "(" and text[start - 1 : start] == "]")
    )
