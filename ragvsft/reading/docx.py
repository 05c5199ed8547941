"""DOCX, by python-docx."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from ragvsft.errors import CorpusError
from ragvsft.reading.result import Reading
from ragvsft.reading.tables import markdown_table


def read(path: Path, data: bytes) -> Reading:
    """Return the text as Markdown. Raises CorpusError."""
    import docx

    try:
        blocks = list(docx.Document(BytesIO(data)).iter_inner_content())
    except Exception as error:  # BadZipFile, KeyError, XMLSyntaxError, ...: as with PDF
        raise CorpusError(f"{path} is a broken DOCX ({type(error).__name__}); save it again or remove it") from error
    return Reading("\n\n".join(_docx_block(block) for block in blocks))


def _docx_block(block: Any) -> str:
    from docx.table import Table

    if isinstance(block, Table):
        return markdown_table([[cell.text.strip() for cell in row.cells] for row in block.rows])
    style = block.style.name if block.style is not None else ""
    level = 1 if style == "Title" else int(style[-1]) if re.fullmatch(r"Heading [1-6]", style) else 0
    return f"{'#' * level} {block.text}" if level and block.text.strip() else str(block.text)
