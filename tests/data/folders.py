"""Folders of documents, and what of them is left out."""

from __future__ import annotations

import unicodedata
from pathlib import Path

NFC, NFD = (unicodedata.normalize(form, "Überstunden.md") for form in ("NFC", "NFD"))
TEXT = "A text that is long enough to be one of a document."


def folder_of(place: Path, *names: str) -> Path:
    """Return a folder with files of one text below a path."""
    for name in names:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(TEXT)
    return place
