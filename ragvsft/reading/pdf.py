"""PDF, by pypdf."""

from __future__ import annotations

import logging
from io import BytesIO
from pathlib import Path

from ragvsft.errors import CorpusError
from ragvsft.reading.result import Reading


def read(path: Path, data: bytes) -> Reading:
    """Return the text of all pages. Raises CorpusError."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs what we raise
    try:
        pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    except Exception as error:  # a broken PDF breaks pypdf in any way it likes: KeyError, RecursionError, ...
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise CorpusError(f"{path} is a broken or locked PDF ({reason}); export it again or remove it") from error
    if not any(page.strip() for page in pages):
        raise CorpusError(f"{path}: {len(pages)} pages without text (scanned?); run OCR on it or remove it")
    return Reading("\n\n".join(pages))
