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
_PROBE = 1000  # bytes; even, so that none is torn
_SURROGATES = re.compile("[\ud800-\udfff]")


def has_surrogates(text: str) -> bool:
    """Return whether a text holds halves of surrogate pairs, which stand for bytes or letters that nobody can read."""
    return not text.isascii() and _SURROGATES.search(text) is not None


def without_surrogates(text: str) -> str:
    """Return a text of the same length that can be encoded: half a surrogate pair becomes U+FFFD."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text) if has_surrogates(text) else text


def decoded(path: Path, data: bytes) -> str:
    """Return the text of a file, every line ending in a line feed. Raises CorpusError.

    A byte order mark names the encoding, and so do zeros in every other byte; all else is UTF-8.
    """
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None) or _unmarked(data[:_PROBE])
    try:
        return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        raise CorpusError(
            f"{path}: byte {error.start} (0x{byte:02x}) is not {encoding.removesuffix('-sig').upper()}; "
            "save the document as UTF-8"
        ) from error


def _unmarked(data: bytes) -> str:
    """Return the encoding of text without a mark: UTF-16 has zeros beside what is ASCII, UTF-8 has none."""
    zeros = [data[start::2].count(0) for start in (0, 1)]
    if max(zeros) < len(data) / 4 or min(zeros) > len(data) / 50:
        return "utf-8"
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
