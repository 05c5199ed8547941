"""HTML as a person sees it, by lxml: navigation, scripts and hidden elements left out, tables by their columns."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from ragvsft.data.reading.cleaning import without_embedded
from ragvsft.data.reading.result import Dropped, Reading
from ragvsft.data.reading.tree import Element
from ragvsft.errors import CorpusError

_DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_HEAD_BYTES = 4096
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LATIN = {"iso8859-1": "cp1252", "ascii": "cp1252", "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8"}
_C0 = dict.fromkeys([*range(9), 11, *range(14, 32)])
_FEWEST, _MUCH = 40, 9  # characters, fewer cannot be a page's text if the navigation holds that many times as many
_ALL_NAVIGATION = "nearly all of its text is in navigation, headers and footers; they were kept"


def read(path: Path, data: bytes) -> Reading:
    """Return what a page shows, as Markdown. Raises CorpusError."""
    try:
        return page_text(decoded(data))
    except CorpusError as error:
        raise CorpusError(f"{path}: {error}") from error


def decoded(data: bytes) -> str:
    """Return the markup: by its byte-order mark, what it declares, UTF-8 or else Windows-1252, as browsers do."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    found = _DECLARED.search(data[:_HEAD_BYTES])
    try:
        name = codecs.lookup(found[1].decode("ascii") if found else "utf-8").name
        return data.decode(_LATIN.get(name, name))  # a page that can be searched for its charset is not UTF-16
    except (LookupError, UnicodeDecodeError):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("cp1252", errors="replace")


def page_text(markup: str) -> Reading:
    """Return what markup shows, as Markdown, `dropped` saying what was left out. Raises CorpusError."""
    from ragvsft.data.reading.page import Page

    root = _parsed(markup)
    if root is None:
        return Reading("")
    page = Page(root)
    text = page.text()
    notes: tuple[str, ...] = ()
    if len(text) < _FEWEST and next(root.iter("main", "article", "h1"), None) is None:
        plain = Page(root, is_plain=True)
        whole = plain.text()
        if len(whole) > _MUCH * len(text):
            page, text, notes = plain, whole, (_ALL_NAVIGATION,)
    text, embedded = without_embedded(text)
    dropped = (Dropped(what, *counts) for what, counts in page.left_out.items())
    return Reading(_titled(text, root), dropped=(*dropped, *embedded), notes=notes)


def fragment_text(markup: str) -> str:
    """Return what a part of a page shows, all of it. Raises CorpusError."""
    from ragvsft.data.reading.page import Page

    root = _parsed(markup)
    return "" if root is None else Page(root, is_plain=True).text()


def _titled(text: str, root: Element) -> str:
    """Return the text headed by the page's title, where it has no heading of the first rank."""
    title = " ".join((root.findtext("head/title") or root.findtext("body/title") or "").split())
    return text if not title or re.search(r"^# ", text, re.MULTILINE) else f"# {title}\n\n{text}"


def _parsed(markup: str) -> Element | None:
    """Return the root element, None where there is none. Raises CorpusError."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root: Element = html.document_fromstring(markup.translate(_C0).encode("utf-8", errors="replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # "<![", "<!-- ...": nothing that a browser shows
        return None
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise CorpusError("its elements are nested deeper than 2,048; save it again from a browser, or remove it")
    return root
