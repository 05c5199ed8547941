"""The XML of a DOCX: its elements by name whatever their namespace, and what the small ones say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ragvsft.data.reading.tree import Element

WRAPPERS = {
    "sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple", "dir", "bdo", "rubyBase",
    "oMathPara", "subDoc", "body", "Choice",
}  # fmt: skip


def local(element: Element) -> str:
    """Return an element's name without its namespace: DOCX has two, one of them "strict"."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Element | None, *names: str) -> Element | None:
    """Return what lies below an element at a path of names, None where nothing does."""
    for name in names:
        element = next((part for part in element if local(part) == name), None) if element is not None else None
    return element


def value(element: Element | None, name: str = "val") -> str | None:
    """Return an attribute, whatever its namespace."""
    if element is None:
        return None
    return next((text for key, text in element.attrib.items() if key.rpartition("}")[2] == name), None)


def is_on(element: Element | None) -> bool:
    """Return whether a switch is on: it is there, and not set to false."""
    return element is not None and value(element) not in ("0", "false", "off")


def number(element: Element | None, otherwise: int) -> int:
    """Return the number that an element holds."""
    text = value(element)
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,9}", text) else otherwise


def parts_of(container: Element, name: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also those within controls and insertions."""
    for part in container:
        if local(part) == name:
            if child(part, "tcPr", "cellDel") is None:
                yield part
        elif local(part) in WRAPPERS:
            yield from parts_of(part, name)


def chosen(alternate: Element) -> Iterable[Element]:
    """Return the branch that Word shows: the first choice, else the fallback."""
    choice = child(alternate, "Choice")
    return choice if choice is not None else next((part for part in alternate if local(part) == "Fallback"), ())


def lifted(properties: Element | None) -> str | None:
    """Return what a run is that is set higher or lower, and smaller, as LibreOffice writes superscripts."""
    height = number(child(properties, "position"), 0)
    if not height or child(properties, "sz") is None:
        return None
    return "superscript" if height > 0 else "subscript"


def font_of(properties: Element | None) -> str:
    """Return the name of the font that a run is set in."""
    fonts = child(properties, "rFonts")
    return value(fonts, "ascii") or value(fonts, "hAnsi") or ""


def form_text(data: Element | None) -> str:
    """Return what a form's check box or drop-down list shows."""
    box, entries = child(data, "checkBox"), child(data, "ddList")
    if box is not None:
        checked = child(box, "checked")
        return "☒" if is_on(checked if checked is not None else child(box, "default")) else "☐"
    if entries is None:
        return ""
    listed = [value(entry) or "" for entry in entries if local(entry) == "listEntry"]
    place = number(child(entries, "result"), 0)
    return listed[place] if 0 <= place < len(listed) else ""
