"""Formats that are ZIP archives: opened only if what they unpack to is of a bearable size."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from ragvsft.errors import CorpusError

MOST_BYTES = 1 << 30  # unpacked, all members together


def open_archive(path: Path, data: bytes, kind: str) -> ZipFile:
    """Return the archive of a document. Raises CorpusError if it is broken, or would unpack to over `MOST_BYTES`."""
    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise broken(path, kind, error) from error
    size = sum(member.file_size for member in archive.infolist())
    if size > MOST_BYTES:
        raise CorpusError(
            f"{path} unpacks to {size:,} bytes, more than the {MOST_BYTES:,} that are read; split it or remove it"
        )
    return archive


def broken(path: Path, kind: str, error: Exception) -> CorpusError:
    """Return the one line about a document that its reader cannot make sense of."""
    return CorpusError(f"{path} is a broken {kind} ({type(error).__name__}); save it again or remove it")
