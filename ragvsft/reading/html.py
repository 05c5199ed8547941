"""HTML, by beautifulsoup4."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ragvsft.reading.result import Reading
from ragvsft.reading.tables import markdown_table

_HEADINGS = [f"h{level}" for level in range(1, 7)]


def read(path: Path, data: bytes) -> Reading:
    """Return the text as Markdown."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(data, "html.parser")
    title = soup.title.get_text().strip() if soup.title and not soup.h1 else ""
    for tag in soup(["script", "style", "template", "noscript", "title"]):
        tag.decompose()
    for table in reversed(soup("table")):  # inner tables first
        rows = [[cell.get_text(" ", strip=True) for cell in row(["td", "th"])] for row in table("tr")]
        table.replace_with(f"\n\n{markdown_table(rows)}\n\n")
    return Reading((f"# {title}\n\n" if title else "") + _flow_text(soup))


def _flow_text(soup: Any) -> str:
    """Return the text of HTML with its blocks as paragraphs and its headings as Markdown's."""
    for level in range(1, 7):
        for heading in soup(f"h{level}"):
            heading.insert(0, "#" * level + " ")
    for item in soup("li"):
        item.insert(0, "\n- ")
    for line_break in soup("br"):
        line_break.replace_with("\n")
    for block in soup(["p", "div", "section", "article", "ul", "ol", "pre", "blockquote", "dl", *_HEADINGS]):
        block.insert_before("\n\n")
        block.insert_after("\n\n")
    return str(soup.get_text())
