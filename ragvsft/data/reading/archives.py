"""Formats that are ZIP archives: opened only if what they unpack to is of a bearable size."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from ragvsft.errors import CorpusError

MOST_BYTES = 1 << 30  # unpacked, all members together
MOST_MARKUP = 1 << 28  # of them in XML and HTML, which take many times as much memory once they are parsed
_MARKUP = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf")


def open_archive(path: Path, data: bytes, kind: str) -> ZipFile:
    """Return the archive of a document. Raises CorpusError if it is broken, or would unpack to more than is read."""
    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise broken(path, kind, error) from error
    members = archive.infolist()
    markup = sum(member.file_size for member in members if member.filename.lower().endswith(_MARKUP))
    for size, most in ((sum(member.file_size for member in members), MOST_BYTES), (markup, MOST_MARKUP)):
        if size > most:
            raise CorpusError(
                f"{path} unpacks to {size:,} bytes, more than the {most:,} that are read; split it or remove it"
            )
    return archive


def broken(path: Path, kind: str, error: Exception) -> CorpusError:
    """Return the one line about a document that its reader cannot make sense of."""
    return CorpusError(f"{path} is a broken {kind} ({type(error).__name__}); save it again or remove it")
