"""Bytes to text, whichever Unicode encoding a byte order mark names."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from ragvsft.errors import CorpusError

# UTF-32's little-endian mark begins with UTF-16's, so it comes first
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SURROGATES = re.compile("[\ud800-\udfff]")


def has_surrogates(text: str) -> bool:
    """Return whether a text holds halves of surrogate pairs, which stand for bytes or letters that nobody can read."""
    return not text.isascii() and _SURROGATES.search(text) is not None


def without_surrogates(text: str) -> str:
    """Return a text of the same length that can be encoded: half a surrogate pair becomes U+FFFD."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text) if has_surrogates(text) else text


def decoded(path: Path, data: bytes) -> str:
    """Return the text of a file, every line ending in a line feed; without a mark it is UTF-8. Raises CorpusError."""
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        raise CorpusError(
            f"{path}: byte {error.start} (0x{byte:02x}) is not {encoding.removesuffix('-sig').upper()}; "
            "save the document as UTF-8"
        ) from error
