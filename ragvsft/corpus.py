"""A folder of documents, read to Documents."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path

from ragvsft.errors import CorpusError, MissingExtra
from ragvsft.reading import FORMATS
from ragvsft.records import Document


def read_corpus(folder: Path) -> list[Document]:
    """Return the documents below a folder, by doc_id; hidden files and unknown suffixes are left out.

    Raises CorpusError with all problems of all documents, MissingExtra if a format needs the `docs` extra.
    """
    paths, skipped = _list_documents(folder)
    if not paths:
        known = " ".join(FORMATS)
        raise CorpusError(f"{folder} holds no documents: {skipped} files skipped; these suffixes count: {known}")
    _require_readers(paths)
    documents: list[Document] = []
    problems: list[str] = []
    for path in paths:
        try:
            documents.append(_read_document(path, path.relative_to(folder).as_posix()))
        except CorpusError as error:
            problems += error.problems
    if problems:
        raise CorpusError(problems)
    return documents


def _list_documents(folder: Path) -> tuple[list[Path], int]:
    """Return the documents' paths by doc_id, and how many other files there are."""
    if not folder.is_dir():
        raise CorpusError(f"{folder} is no folder; name a folder of documents as corpus")
    files = [path for path in folder.rglob("*") if path.is_file()]
    documents = [path for path in files if path.suffix.lower() in FORMATS and not _is_hidden(path, folder)]
    return sorted(documents, key=lambda path: path.relative_to(folder).as_posix()), len(files) - len(documents)


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _require_readers(paths: Sequence[Path]) -> None:
    problems = []
    for path in paths:
        module = FORMATS[path.suffix.lower()].needs
        if module and importlib.util.find_spec(module) is None:
            problems.append(f"{path}: reading {path.suffix} needs {module}: pip install 'ragvsft[docs]'")
    if problems:
        raise MissingExtra(problems)


def _read_document(path: Path, doc_id: str) -> Document:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}); change its permissions or remove it") from error
    if not data.strip():
        raise CorpusError(f"{path} is empty ({len(data)} bytes); give it text or remove it")
    reading = FORMATS[path.suffix.lower()].read(path, data)
    if not reading.text.strip():
        raise CorpusError(f"{path} holds no text; give it text or remove it")
    return Document(doc_id, reading.text, hashlib.sha256(data).hexdigest())
