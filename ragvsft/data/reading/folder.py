"""What lies in a folder: the files to read, and those that are left out, each with its cause."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ragvsft.data.reading.formats import FORMATS
from ragvsft.errors import CorpusError

# What a file begins with before it holds anything: a placeholder for a document that was never copied here
_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"%PDF")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file or folder below the corpus folder that no document was made of."""

    path: str  # POSIX, below the corpus folder; bytes that are not UTF-8 are written as \xff
    cause: str  # short and countable: "unknown suffix .odt", "hidden file"


def find_files(folder: Path) -> tuple[list[Path], list[LeftOut]]:
    """Return the files below a folder that a reader is known for, and what else lies there by path.

    Hidden folders and linked ones are not entered; each counts as one thing that is left out. Raises CorpusError if
    the folder, or one below it, cannot be listed.
    """
    if not folder.is_dir():
        raise CorpusError(f"{folder} is not a folder; name a folder of documents as corpus")
    root = os.path.realpath(folder)
    files, left_out = [], []
    for entry in _walk(folder):
        cause = _cause(entry, root)
        if cause is None:
            files.append(Path(entry.path))
        else:
            left_out.append(LeftOut(shown_path(Path(entry.path), folder), cause))
    return files, sorted(left_out, key=lambda one: one.path)


def shown_path(path: Path, folder: Path) -> str:
    """Return a path below a folder as it can be printed and stored, whatever bytes its name is made of."""
    return os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "backslashreplace")


def _walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield every file below a folder, and every folder that is not entered."""
    waiting, problems = [str(folder)], []
    while waiting:
        place = waiting.pop()
        try:
            entries = list(os.scandir(place))
        except OSError as error:
            problems.append(f"{place}: cannot be listed ({error.strerror}); change its permissions or remove it")
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                waiting.append(entry.path)
            else:
                yield entry
    if problems:
        raise CorpusError(problems)


def _cause(entry: os.DirEntry[str], root: str) -> str | None:
    """Return why a file is not read, None if it is."""
    if entry.name.startswith("."):
        return "hidden folder" if entry.is_dir(follow_symlinks=False) else "hidden file"
    if entry.is_symlink():
        cause = _link_cause(entry, root)
        if cause is not None:
            return cause
    if not entry.is_file():
        return "not a regular file"
    if entry.name.startswith("~$"):
        return "lock file of an open document"
    suffix = Path(entry.name).suffix.lower()
    if suffix not in FORMATS:
        return f"unknown suffix {suffix}" if suffix else "no suffix"
    return _placeholder_cause(entry)


def _link_cause(entry: os.DirEntry[str], root: str) -> str | None:
    if not os.path.exists(entry.path):
        return "broken link"
    if entry.is_dir():
        return "linked folder"
    inside = os.path.commonpath([root, os.path.realpath(entry.path)]) == root
    return None if inside else "link to outside the folder"


def _placeholder_cause(entry: os.DirEntry[str]) -> str | None:
    """Return why a file of a few bytes is not a document, without opening any that is larger."""
    try:
        size = entry.stat().st_size
        if size > max(map(len, _SIGNATURES)) or Path(entry.path).read_bytes() not in _SIGNATURES:
            return None
    except OSError:
        return None  # reading it says why, with the remedy
    return f"nothing but the first {size} bytes of a file"
