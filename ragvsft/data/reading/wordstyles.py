"""The styles and the numbering of a DOCX: which paragraphs are headings, which number an item has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ragvsft.data.reading.counting import STYLES
from ragvsft.data.reading.tree import Element
from ragvsft.data.reading.wordxml import child, local, number, value

_HEADING = re.compile(
    r"(?:heading|ü?berschrift|titre|título|titulo|titolo|kop|rubrik|nagłówek|заголовок|标题|標題|見出し|제목|nadpis|otsikko|"
    r"overskrift|címsor|başlık|cabeçalho|encabezado|intestazione)\s*([1-9])",
    re.IGNORECASE,
)
_TITLE = re.compile(r"title|titel|titre|título|titolo|tytuł|otsikko|cím|название|表题|표제", re.IGNORECASE)
_STYLE_OF_FORMAT = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}


class Styles:
    """The styles of a document, by id."""

    def __init__(self, root: Element | None) -> None:
        """Take the root of the part, None where there is none."""
        styles = (part for part in (() if root is None else root) if local(part) == "style")
        self._styles = {value(style, "styleId") or "": style for style in styles}

    def found(self, style_id: str | None, *path: str) -> Element | None:
        """Return what a style, or one that it is based on, has at a path."""
        for style in self._chain(style_id):
            found = child(style, *path)
            if found is not None:
                return found
        return None

    def level(self, paragraph: Element) -> int:
        """Return a paragraph's rank as a heading, from 1 to 6; 0 where it is not one."""
        style_id = value(child(paragraph, "pPr", "pStyle"))
        outline = child(paragraph, "pPr", "outlineLvl")
        if outline is None:
            outline = self.found(style_id, "pPr", "outlineLvl")
        if outline is not None:
            rank = number(outline, 9)
            return min(rank + 1, 6) if 0 <= rank < 9 else 0
        for style in self._chain(style_id):
            for name in (value(child(style, "name")) or "", value(style, "styleId") or ""):
                heading = _HEADING.fullmatch(name)
                if heading:
                    return min(int(heading[1]), 6)
                if _TITLE.fullmatch(name):
                    return 1
        heading = _HEADING.fullmatch(style_id or "")
        return min(int(heading[1]), 6) if heading else 0

    def _chain(self, style_id: str | None) -> Iterator[Element]:
        seen: set[str] = set()
        while style_id and style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            yield self._styles[style_id]
            style_id = value(child(self._styles[style_id], "basedOn"))


class Numbering:
    """The numbers of list items, counted as they are asked for in order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        """Take the root of the part, None where there is none."""
        parts = () if root is None else root
        self._styles = styles
        self._abstract = {value(part, "abstractNumId"): part for part in parts if local(part) == "abstractNum"}
        self._lists = {value(part, "numId"): part for part in parts if local(part) == "num"}
        self._counts: dict[str | None, dict[int, int]] = {}  # by abstract list and level
        self._started: set[tuple[str, int]] = set()

    def mark(self, paragraph: Element) -> tuple[str, int] | None:
        """Return the mark of a list item ("-", "2.", "c)") and its level from 0; None where it is not an item."""
        properties = child(paragraph, "pPr", "numPr")
        inherited = self._styles.found(value(child(paragraph, "pPr", "pStyle")), "pPr", "numPr")
        list_id = value(child(properties, "numId")) or value(child(inherited, "numId"))
        level = number(child(properties, "ilvl"), number(child(inherited, "ilvl"), 0))
        if list_id is None or list_id not in self._lists:
            return None
        abstract_id = value(child(self._lists[list_id], "abstractNumId"))
        levels = self._levels(abstract_id)
        own = levels.get(level)
        if own is None:
            return None
        counts = self._counts.setdefault(abstract_id, {})
        self._restart(list_id, level, counts)
        counts[level] = counts.get(level, number(child(own, "start"), 1) - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return self._written(levels, level, counts), level

    def _levels(self, abstract_id: str | None) -> dict[int, Element]:
        abstract = self._abstract.get(abstract_id)
        levels = (part for part in (() if abstract is None else abstract) if local(part) == "lvl")
        return {int(value(level, "ilvl") or 0): level for level in levels}

    def _restart(self, list_id: str, level: int, counts: dict[int, int]) -> None:
        for part in self._lists[list_id]:
            start = child(part, "startOverride") if local(part) == "lvlOverride" else None
            if start is not None and value(part, "ilvl") == str(level) and (list_id, level) not in self._started:
                self._started.add((list_id, level))
                counts[level] = number(start, 1) - 1

    @staticmethod
    def _written(levels: dict[int, Element], level: int, counts: dict[int, int]) -> str:
        own = levels[level]
        if value(child(own, "numFmt")) == "bullet":
            return "-"

        def count(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            style = value(child(levels.get(place), "numFmt")) if place in levels else None
            start = number(child(levels.get(place), "start"), 1) if place in levels else 1
            if style == "none":
                return ""
            count = counts.get(place, start)
            return f"{count:02}" if style == "decimalZero" else STYLES[_STYLE_OF_FORMAT.get(style or "", "1")](count)

        return re.sub(r"%([1-9])", count, value(child(own, "lvlText")) or "").strip()
