"""Tables as Markdown, whatever format they came in."""

from __future__ import annotations

from collections.abc import Sequence


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; the first row is its head."""
    lines = ["| " + " | ".join(" ".join(cell.split()) for cell in row) + " |" for row in rows if row]
    return "\n".join([*lines[:1], "|" + "---|" * len(rows[0]), *lines[1:]]) if lines else ""
