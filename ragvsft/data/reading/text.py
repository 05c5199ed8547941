"""Plain text."""

from __future__ import annotations

from pathlib import Path

from ragvsft.data.reading.cleaning import without_embedded
from ragvsft.data.reading.decoding import decoded
from ragvsft.data.reading.result import Reading


def read(path: Path, data: bytes) -> Reading:
    """Return the text of a file, every line ending in a line feed. Raises CorpusError."""
    text, dropped = without_embedded(decoded(path, data))
    return Reading(text, dropped=dropped)
