"""The HTML in Markdown: tables and definitions read as in pages, tags dropped, their text kept."""

from __future__ import annotations

import re

from ragvsft.data.reading.formulas import lowered, raised
from ragvsft.data.reading.tally import Tally
from ragvsft.errors import CorpusError

_BLOCK = (
    "p|div|section|article|aside|header|footer|nav|main|center|details|summary|figure|figcaption|blockquote|address|"
    "ul|ol|dl|dt|dd|table|caption|thead|tbody|tfoot|tr|td|th|form|fieldset|hr|pre|h[1-6]|li"
)
_INLINE = (
    "a|abbr|acronym|b|bdi|bdo|big|br|button|cite|code|col|colgroup|data|del|dfn|em|font|i|img|input|ins|kbd|label|mark|"
    "picture|q|rp|rt|ruby|s|samp|small|source|span|strike|strong|sub|sup|time|track|tt|u|var|video|wbr|iframe|object|"
    "script|style|svg|noscript|template"
)
KNOWN_TAG = re.compile(rf"/?(?:{_BLOCK}|{_INLINE})\b", re.IGNORECASE)
_ATTRIBUTES = r"(?:[\s/](?:[^<>\"'\n]|\"[^\"\n]*+\"|'[^'\n]*+')*+)?+"
_TAG = re.compile(rf"<(/?)({_BLOCK}|{_INLINE})({_ATTRIBUTES})>", re.IGNORECASE)
_OVER_LINES = re.compile(rf"<(?:{_BLOCK}|{_INLINE})\s[^<>]{{0,2000}}>", re.IGNORECASE)
_IS_BLOCK = re.compile(_BLOCK, re.IGNORECASE)
_FRAGMENT = re.compile(r"<(/?)(table|dl)\b[^<>]{0,500}>", re.IGNORECASE)
_COMPONENT = re.compile(r"<(/?)([A-Z][A-Za-z]+)((?:\s[^<>\n]{0,500})?)>")
_RAISED = re.compile(r"<(su[pb])>([^<>\n]{1,24})</\1>", re.IGNORECASE)
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(?:href|src)\s*=", re.IGNORECASE)
_FILE_NAME = re.compile(r"[\w%. -]*\.(?:jpe?g|png|gif|svg|webp)", re.IGNORECASE)
_BADGE = re.compile(r"shields\.io|badge", re.IGNORECASE)
_HEADING_STARTS, _HEADING_ENDS = "\ue0f2", "\ue0f3"
_HEADING = re.compile(
    f"{_HEADING_STARTS}([1-6])(?:([^{_HEADING_STARTS}{_HEADING_ENDS}]{{0,1000}}){_HEADING_ENDS}|([^\n{_HEADING_ENDS}]*))"
    f"|{_HEADING_ENDS}"
)
_UNSEEN = ("script", "style", "svg", "noscript", "template")


def without_tags(text: str, tally: Tally) -> str:
    """Return text without comments and known tags; what is not a tag of HTML ("<your-token>") stays."""
    if "<" not in text:
        return text
    text = _without_comments(text, tally)
    for name in _UNSEEN:
        text = _without_element(text, name, tally)
    text = _OVER_LINES.sub(lambda match: match[0].replace("\n", " ") if "\n\n" not in match[0] else match[0], text)
    text = _with_tables(text, tally)
    text = _RAISED.sub(_script, text)
    shut = {match[2] for match in _COMPONENT.finditer(text) if match[1] or match[3].endswith("/")}
    before = text
    lines = [_line(line, shut, tally) if "<" in line else line for line in text.split("\n")]
    text = _HEADING.sub(_headed, "\n".join(line for line in lines if line is not None))
    return text if text == before else re.sub(r"\n{3,}", "\n\n", text)


def _headed(match: re.Match[str]) -> str:
    """Return the heading between two tags, in one line."""
    title = " ".join((match[2] or match[3] or "").split())
    return f"\n\n{'#' * int(match[1])} {title}\n\n" if title else "\n"


def _without_comments(text: str, tally: Tally) -> str:
    parts, done = [], 0
    while (start := text.find("<!--", done)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[done:start])
        tally.drop("comments", text[start : end + 3])
        done = end + 3
        if text[max(start - 1, 0) : start] in ("", "\n") and text[done : done + 1] == "\n":
            done += 1  # the line was the comment's own
    return "".join([*parts, text[done:]])


def _without_element(text: str, name: str, tally: Tally) -> str:
    """Drop an element with all it holds."""
    opening = re.compile(rf"<{name}\b[^<>]{{0,2000}}>", re.IGNORECASE)
    closing = re.compile(rf"</{name}\s{{0,9}}>", re.IGNORECASE)
    parts, done = [], 0
    while (start := opening.search(text, done)) and (end := closing.search(text, start.end())):
        parts.append(text[done : start.start()])
        tally.drop("scripts and styles", text[start.start() : end.end()])
        done = end.end()
    return "".join([*parts, text[done:]])


def _with_tables(text: str, tally: Tally) -> str:
    """Return text in which HTML tables and definition lists are read as in a page."""
    parts, done, depth, start = [], 0, 0, 0
    for tag in _FRAGMENT.finditer(text):
        if not tag[1]:
            start = tag.start() if depth == 0 else start
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                markup = text[start : tag.end()]
                parts += [text[done:start], f"\n\n{_read(markup, tally)}\n\n"]
                done = tag.end()
    return "".join([*parts, text[done:]])


def _read(markup: str, tally: Tally) -> str:
    from ragvsft.data.reading.html import fragment_text

    try:
        return tally.drop("HTML tags", markup, fragment_text(markup))
    except CorpusError:  # nested too deep: its tags are dropped like any others
        return markup


def _script(match: re.Match[str]) -> str:
    if match[1].lower() == "sup":
        return raised(match[2])
    return lowered(match[2], match.string[max(match.start() - 1, 0) : match.start()])


def _line(line: str, components: set[str], tally: Tally) -> str | None:
    """Return a line without its tags, None where it was only tags."""
    is_row = line.lstrip().startswith("|")

    def shown(match: re.Match[str]) -> str:
        name = match[2].lower()
        what = "anchors" if name == "a" and not _ATTRIBUTE.search(match[3]) and not match[1] else "HTML tags"
        return tally.drop(what, match[0], _shown(name, match[3], is_row=is_row, is_end=bool(match[1])))

    def component(match: re.Match[str]) -> str:
        return tally.drop("HTML tags", match[0]) if match[2] in components else match[0]

    made = _COMPONENT.sub(component, _TAG.sub(shown, line))
    if made == line:
        return line
    if not made.strip():
        return None
    made = made.lstrip(" \t") if line.lstrip().startswith("<") else made
    return "\n".join(part.rstrip() for part in made.strip("\n").split("\n"))


def _shown(name: str, attributes: str, *, is_row: bool, is_end: bool) -> str:
    if name == "img":
        alt = _ALT.search(attributes)
        text = (alt[1] or alt[2] or "") if alt else ""
        return "" if _FILE_NAME.fullmatch(text) or _BADGE.search(attributes) else text
    if is_row:
        return " " if name == "br" or _IS_BLOCK.fullmatch(name) else ""
    if name == "br":
        return "\n"
    if name == "li":
        return "" if is_end else "\n- "
    if re.fullmatch(r"h[1-6]", name):
        return _HEADING_ENDS if is_end else f"{_HEADING_STARTS}{name[1]}"
    return "\n" if _IS_BLOCK.fullmatch(name) else ""
