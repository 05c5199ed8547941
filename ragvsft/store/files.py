"""Files that are either whole or not there: written beside their place, fsynced and renamed; and their hashes."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ragvsft.codec import to_plain
from ragvsft.errors import ArtifactError, OutputError

T = TypeVar("T")


LOCK = ".lock"


TEMPORARY = ".tmp"


_REMEDIES = {
    errno.ENOSPC: "the disk is full; free some space or choose another folder",
    errno.EDQUOT: "the disk quota is used up; free some space or choose another folder",
    errno.EFBIG: "the limit on file sizes is reached (ulimit -f); raise the limit or choose another folder",
    errno.EROFS: "the file system is read-only; choose another folder",
    errno.EACCES: "writing is not permitted; change its permissions or choose another folder",
    errno.EPERM: "writing is not permitted; change its permissions or choose another folder",
    errno.ENOTDIR: "there is a file where a folder is needed; choose another folder",
    errno.EEXIST: "there is a file where a folder is needed; choose another folder",
    errno.EISDIR: "there is a folder where a file is needed; choose another name",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
}


_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what stops a block from writing `path` into OutputError with its remedy."""
    try:
        yield
    except Exception as error:
        remedy = _remedy(error, path)
        if remedy is None:
            raise
        raise OutputError(f"{path}: {remedy}") from error


def _remedy(error: Exception, path: Path) -> str | None:
    if isinstance(error, OSError) and error.errno is not None:
        return _REMEDIES.get(error.errno) if error.errno in _DISK_ERRORS or _concerns(error, path) else None
    # safetensors and FAISS write in their own languages: a full disk reaches us as text only
    return next((_REMEDIES[code] for code in _DISK_ERRORS if os.strerror(code) in str(error)), None)


def _concerns(error: OSError, path: Path) -> bool:
    """Return whether an error is about `path` or what is beside, below or above it, not a file that a block reads."""
    if not isinstance(error.filename, str | bytes | os.PathLike):
        return True
    named = Path(os.fsdecode(error.filename))
    return path.parent in named.parents or named in path.parents


def write_atomically(path: Path, data: bytes | str) -> None:
    """Write a whole file or nothing; whoever reads `path` meanwhile sees the old one."""
    content = data.encode() if isinstance(data, str) else data
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def write_new(folder: Path | None, documents: Mapping[str, str], files: Mapping[Path, str]) -> None:
    """Write a new folder of documents (name below it -> text) and new files beside it: all of them or nothing.

    Raises OutputError if anything of it exists already.
    """
    for path in [*([folder] if folder else []), *files]:
        if path.exists() and not (path.is_dir() and not any(path.iterdir())):
            raise OutputError(f"{path} already exists; remove it or choose another path")
    written: list[Path] = []
    try:
        if folder is not None:
            _write_new_folder(folder, documents)
            written.append(folder)
        for path, text in files.items():
            write_atomically(path, text)
            written.append(path)
    except BaseException:
        for path in written:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _write_new_folder(folder: Path, documents: Mapping[str, str]) -> None:
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            for name, text in documents.items():
                path = unfinished / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            unfinished.chmod(0o755)  # mkdtemp makes folders that only their owner can read
            os.rename(unfinished, folder)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def json_text(value: Any) -> str:
    """Return JSON-able values or records as JSON: keys sorted, so the same value gives the same bytes."""
    # NaN would be no JSON; a number that is not there is null, and a NaN here is our bug
    return json.dumps(to_plain(value), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def jsonl(rows: Iterable[Any]) -> str:
    """Return JSON-able values or records as JSON, one a line."""
    return "".join(json.dumps(to_plain(row), ensure_ascii=False, allow_nan=False) + "\n" for row in rows)


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file that `jsonl` made, but for a last one that was cut off.

    Raises ArtifactError where another line is not a row.
    """
    lines = path.read_bytes().split(b"\n")[:-1]  # what follows the last newline was cut off, or is empty
    return [_row(path, number, line) for number, line in enumerate(lines, start=1)]


def _row(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise ArtifactError(f"{path} line {number} was altered; delete the line, or start a new run")
    return row


def fingerprint(*parts: Any) -> str:
    """Return the SHA-256 of JSON-able values and records, the same for the same values in any key order."""
    text = json.dumps(to_plain(list(parts)), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
