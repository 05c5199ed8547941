"""Plain text."""

from __future__ import annotations

from pathlib import Path

from ragvsft.errors import CorpusError
from ragvsft.reading.cleaning import without_embedded
from ragvsft.reading.result import Reading


def read(path: Path, data: bytes) -> Reading:
    """Return the text of a UTF-8 file, every line ending in a line feed. Raises CorpusError."""
    text, dropped = without_embedded(decoded(path, data))
    return Reading(text, dropped=dropped)


def decoded(path: Path, data: bytes) -> str:
    """Return UTF-8 bytes as text, every line ending in a line feed. Raises CorpusError."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        raise CorpusError(
            f"{path}: byte {error.start} (0x{byte:02x}) is not UTF-8; save the document as UTF-8"
        ) from error
