"""Plain text and Markdown."""

from __future__ import annotations

from pathlib import Path

from ragvsft.errors import CorpusError
from ragvsft.reading.result import Reading


def read(path: Path, data: bytes) -> Reading:
    """Return the text of a UTF-8 file, every line ending in a line feed. Raises CorpusError."""
    try:
        return Reading(data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
    except UnicodeDecodeError as error:
        byte = data[error.start]
        raise CorpusError(
            f"{path}: byte {error.start} (0x{byte:02x}) is not UTF-8; save the document as UTF-8"
        ) from error
