"""Markdown without what readers never see: front matter, comments, anchors, link targets, badges, tags, escapes."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from ragvsft.data.reading.cleaning import unwrapped, without_embedded
from ragvsft.data.reading.decoding import decoded
from ragvsft.data.reading.result import Dropped, Reading
from ragvsft.data.reading.spans import Spans
from ragvsft.data.reading.tally import Tally

_FENCE = re.compile(r"(?:[ \t]{0,12}(?:>|[-*+]|\d{1,9}[.)])){0,8}[ \t]*(`{3,}|~{3,})([^\n]*)")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_QUOTE = " \t>"
_COMMENT = re.compile(r" {0,3}<!--")
_CONTAINER = re.compile(
    r"[ \t]*:{3,}[ \t]*(?:\{?\.?([A-Za-z][\w-]{0,40})(?:[^\[\]{}]{0,40}\})?)?[ \t]*(?:\[([^\]\n]*)\]|([^\n{]*))"
)
_CALLOUT = re.compile(r"([ \t>]*>[ \t]*)\[!([A-Za-z]+)\][+-]?[ \t]*(.*)")
_BEGINS_INDENTED = r"([ \t]*)(?:!!!|\?\?\?\+?|===)[!+]?[ \t]+"  # what follows is indented below it
_INDENTED = re.compile(_BEGINS_INDENTED + r"([A-Za-z][\w-]*)?[ \t\w-]*(?:\"([^\"\n]*)\")?[ \t]*")
_TYPES = {
    "note", "tip", "info", "warning", "danger", "caution", "important", "success", "question", "example", "hint",
    "error", "attention", "abstract", "summary", "failure", "bug", "quote", "seealso", "remark", "todo",
}  # fmt: skip
_FRONT = re.compile(r"(---|\+\+\+)[ \t]*\n(.{0,50000}?)(?<=\n)(?:\1|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_ENTRY = re.compile(r"(?:[\w.-]+[ \t]*:|[ \t#-]|$)")
_TABLE = re.compile(r" {0,3}<table\b", re.IGNORECASE)
_ENDS = re.compile(r"[^\n]*</table>|[ \t>]*(?:#{1,6} |`{3}|~{3})", re.IGNORECASE)  # or what shows that none follows
_RANK_ONE = re.compile(r"^ {0,3}#[ \t]|^[^\n]*\S[^\n]*\n=+[ \t]*$", re.MULTILINE)


def read(path: Path, data: bytes) -> Reading:
    """Return the text of a Markdown file as people read it. Raises CorpusError."""
    return cleaned(decoded(path, data))


def cleaned(text: str) -> Reading:
    """Return Markdown without what is not for people; code, formulas and tables stay as they are."""
    tally = Tally()
    title, text = _front_matter(unwrapped(text), tally)
    text = _body(text, tally)
    if title and not _RANK_ONE.search(text):
        text = f"# {title}\n\n{text.lstrip()}"
    text, embedded = without_embedded(text)
    return Reading(text, dropped=_merged([*tally.dropped(), *embedded]))


def _merged(dropped: Iterable[Dropped]) -> tuple[Dropped, ...]:
    """Return one Dropped for each kind."""
    kinds: dict[str, Dropped] = {}
    for one in dropped:
        before = kinds.get(one.what, Dropped(one.what, 0, 0))
        kinds[one.what] = Dropped(one.what, before.count + one.count, before.characters + one.characters)
    return tuple(kinds.values())


def _front_matter(text: str, tally: Tally) -> tuple[str, str]:
    """Return the title that a text's front matter gives it, and the text below."""
    found = _FRONT.match(text)
    if found is None:
        return "", text
    entries = _entries(found[1], found[2])
    if entries is None:
        return "", text
    tally.drop("front matter", found[0])
    title = entries.get("title")
    return " ".join(title.split()) if isinstance(title, str) else "", text[found.end() :]


def _entries(mark: str, text: str) -> dict[Any, Any] | None:
    """Return what front matter says, None where it is not that: a rule, a table, a paragraph between two rules."""
    import yaml

    try:
        entries = tomllib.loads(text) if mark == "+++" else yaml.safe_load(text)
    except (tomllib.TOMLDecodeError, yaml.YAMLError, RecursionError, ValueError):
        if mark == "+++" or not all(_ENTRY.match(line) for line in text.splitlines()):
            return None
        title = re.search(r"^title[ \t]*:[ \t]*(.+)$", text, re.MULTILINE)
        return {"title": title[1].strip(" \"'")} if title else {}
    return entries if isinstance(entries, dict) else None


def _body(text: str, tally: Tally) -> str:
    """Return the text, cleaned where it is not code."""
    spans = Spans(text, tally)
    whole = list(_without_gaps(list(_uncommented(text.split("\n"), tally))))
    marked = _marked(_unindented(whole, tally), tally)
    parts = []
    for is_code, run in groupby(marked, key=lambda pair: pair[0]):
        lines = "\n".join(line for _, line in run)
        parts.append(lines if is_code else spans.cleaned(lines))
    return "\n".join(parts)


def _unindented(lines: Sequence[str], tally: Tally) -> Iterator[str]:
    """Yield lines in which what is indented below "!!! note" is moved to the margin, below its title."""
    above: list[int] = []  # the indentation of each block that is open
    fence = ""
    for line, below in zip(lines, _indents_below(lines), strict=True):
        indent = len(line) - len(line.lstrip(" "))
        while above and not fence and line.strip() and indent < above[-1] + 4:
            above.pop()
        found = _INDENTED.fullmatch(line) if "!!!" in line or "???" in line or "===" in line else None
        kept = line[min(4 * len(above), indent) :] if above else line
        is_title = found is not None and (found[3] is not None or (found[2] is not None and "===" not in line))
        before, fence = fence, _fence_after(kept, fence)
        if before or found is None or not is_title or below < indent + 4:
            yield kept
            continue
        above.append(indent)
        title = found[3] if found[3] is not None else found[2].capitalize()
        new = f"{kept[: len(kept) - len(kept.lstrip(' '))]}{title.rstrip(':')}:" if title else ""
        yield tally.drop("admonition marks", kept, new)


def _indents_below(lines: Sequence[str]) -> list[int]:
    """Return, for each line, how far the next one that is not blank is indented; -1 where none follows."""
    indents, below = [], -1
    for line in reversed(lines):
        indents.append(below)
        below = len(line) - len(line.lstrip(" ")) if line.strip() else below
    return indents[::-1]


def _uncommented(lines: Sequence[str], tally: Tally) -> Iterator[str]:
    """Yield lines without the comments that begin one and end in another, whatever code is between."""
    ends = [place for place, line in enumerate(lines) if "-->" in line]
    fence = ""
    place = 0
    while place < len(lines):
        line = lines[place]
        fence = _fence_after(line, fence)
        last = bisect_right(ends, place)
        if fence or "-->" in line or _COMMENT.match(line) is None or last == len(ends):
            yield line
            place += 1
            continue
        before, mark, rest = lines[ends[last]].partition("-->")
        tally.drop("comments", "\n".join([*lines[place : ends[last]], before + mark]))
        if rest.strip():
            yield rest
        place = ends[last] + 1


def _without_gaps(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines, those of a table in HTML without blank ones between them: it is one table all the same."""
    ends = [place for place, line in enumerate(lines) if _ENDS.match(line)]
    fence, place = "", 0
    while place < len(lines):
        fence = _fence_after(lines[place], fence)
        end = bisect_right(ends, place - 1)
        last = ends[end] if end < len(ends) else place
        is_table = not fence and _TABLE.match(lines[place]) is not None and "</table>" in lines[last].lower()
        if is_table:
            yield from (line.strip() for line in lines[place : last + 1] if line.strip())
        else:
            yield lines[place]
        place = last + 1 if is_table else place + 1


def _fence_after(line: str, fence: str) -> str:
    """Return the fence that is open below a line, "" where none is."""
    if fence:
        inner = line.strip(_QUOTE)
        return "" if inner.startswith(fence) and not inner.strip(fence[0]) else fence
    opened = _FENCE.match(line)
    return opened[1] if opened and not (opened[1][0] == "`" and "`" in opened[2]) else ""


def _marked(lines: Iterable[str], tally: Tally) -> Iterator[tuple[bool, str]]:
    """Yield each line with whether it is code: between fences, or indented below a blank line."""
    fence = ""
    is_indented = after_blank = in_list = False
    for line in lines:
        before, fence = fence, _fence_after(line, fence)
        if before or fence:
            yield True, line
            continue
        is_blank = not line.strip()
        is_deep = line.startswith(("    ", "\t"))
        is_indented = (is_indented and (is_deep or is_blank)) or (
            is_deep and after_blank and not in_list and not is_blank
        )
        if not is_blank and not is_deep:
            in_list = _ITEM.match(line) is not None or (in_list and (line[0] == " " or not after_blank))
        after_blank = is_blank
        is_code = is_indented and not is_blank
        yield is_code, line if is_code else _titled(line, tally)


def _titled(line: str, tally: Tally) -> str:
    """Return the line that opens a note as its title: ":::tip", "> [!TIP]"; what closes one is empty."""
    if ":::" in line:
        found = _CONTAINER.fullmatch(line)
        if found:
            title = (found[2] or found[3] or "").strip()
            title = title or (found[1].capitalize() if (found[1] or "").lower() in _TYPES else "")
            return tally.drop("admonition marks", line, f"{title}:" if title else "")
    if "[!" in line:
        found = _CALLOUT.fullmatch(line)
        if found:
            return tally.drop("admonition marks", line, f"{found[1]}{(found[3] or found[2].capitalize()).rstrip(':')}:")
    return line
