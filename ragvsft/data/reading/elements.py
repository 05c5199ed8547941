"""What the elements of a page are: blocks, boxes in a line, headings."""

from __future__ import annotations

import re

from ragvsft.data.reading.tree import Element

_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "address", "blockquote", "figure",
    "figcaption", "details", "form", "fieldset", "legend", "dialog", "hgroup", "center", "dl", "menu", "dir",
    "body", "pre", "table", "caption", "optgroup", "search", "listing", "xmp", "hr",
}  # fmt: skip
APART = ("button", "select", "label", "input", "img", "svg")  # boxes in a line: never glued to what is beside them
AROUND = {"q": ("“", "”"), "del": ("~~", "~~"), "s": ("~~", "~~"), "strike": ("~~", "~~"), "rt": ("(", ")")}
_ROLES = {
    "table": "table", "grid": "table", "row": "tr", "cell": "td", "gridcell": "td", "columnheader": "th",
    "rowheader": "th", "list": "ul", "listitem": "li", "img": "img",
}  # fmt: skip
# a description that is only the name of its file
PICTURE_FILE = re.compile(r"[\w%. -]+\.(?:jpe?g|png|gif|svg|webp|bmp|ico|avif)", re.IGNORECASE)
_AS_BLOCK = re.compile(r"(?:^|;)\s*display\s*:\s*(?:block|flex|grid|table|list-item|flow-root)", re.IGNORECASE)

_SUPER = re.compile(r"(?:^|;)\s*vertical-align\s*:\s*super", re.IGNORECASE)
_VALUE = re.compile(
    r"(?:^|[\s_-])(?:amount|answer|content|data|definition|desc|description|price|val|value)(?=$|[\s_-])", re.IGNORECASE
)


def is_block(element: Element, tag: str) -> bool:
    """Return whether an element is set apart from what is above and below it."""
    style = element.get("style")
    return tag in _BLOCKS or (style is not None and _AS_BLOCK.search(style) is not None)


def is_apart(element: Element, before: str) -> bool:
    """Return whether only a style holds an element apart from `before`: a value from its name, links in a row."""
    beside = element.getprevious() if element.tag == "a" else None
    if beside is not None and beside.tag == "a" and not beside.tail:
        return before[-1:].isalnum()  # the names of tabs
    named = element.tag in ("span", "b", "strong", "em", "i") and _VALUE.search(element.get("class", "")) is not None
    return named and (before[-1:].isalnum() or before[-1:] in (")", "%"))


def is_raised(element: Element) -> bool:
    """Return whether an element is a superscript without its tag: by its style, or as the mark of a note."""
    if element.tag in ("span", "font"):
        return _SUPER.search(element.get("style", "")) is not None
    return element.tag == "a" and _is_note_mark(element) and next(element.iter("sup"), None) is None


def _is_note_mark(link: Element) -> bool:
    """Return whether a link leads to a note, as books and documentation mark it."""
    kinds = f"{link.get('epub:type', '')} {link.get('role', '')} {link.get('class', '')}".lower().split()
    return not {"noteref", "doc-noteref", "footnote-ref", "footnote-reference", "footnoteref"}.isdisjoint(kinds)


def tag_of(element: Element) -> str:
    """Return what an element is: its tag, or the role of one that has no meaning of its own."""
    return _ROLES.get(element.get("role", ""), element.tag) if element.tag in ("div", "span") else element.tag


def parent_tag(element: Element) -> str:
    """Return the tag of what an element is in; "" for the root."""
    parent = element.getparent()
    return "" if parent is None else parent.tag


def level_of(element: Element, tag: str) -> int:
    """Return a heading's rank from 1 to 6, 0 where it is not one."""
    if re.fullmatch(r"h[1-6]", tag):
        return int(tag[1])
    return min(max(number_of(element.get("aria-level"), 2), 1), 6) if element.get("role") == "heading" else 0


def number_of(text: str | None, otherwise: int) -> int:
    """Return a whole number as it is written in an attribute."""
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text.strip()) else otherwise
