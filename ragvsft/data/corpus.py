"""A folder of documents, read to Documents."""

from __future__ import annotations

import hashlib
import importlib.util
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ragvsft.data.reading.cleaning import warning_of
from ragvsft.data.reading.decoding import has_surrogates, without_surrogates
from ragvsft.data.reading.folder import LeftOut, find_files, shown_path
from ragvsft.data.reading.formats import FORMATS
from ragvsft.data.reading.result import Dropped, Reading
from ragvsft.errors import CorpusError, MissingExtra
from ragvsft.evidence.manifest import CorpusAccount, DroppedFacts, LeftOutFacts, NotesFacts
from ragvsft.records import Document
from ragvsft.text import plural

_MOST_LISTED = 200  # names in the manifest; the counts are of all
_MOST_SAID = 4  # causes or kinds in one line of the terminal


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a folder, and what of it did not become text."""

    documents: tuple[Document, ...]  # by doc_id
    left_out: tuple[LeftOut, ...] = ()
    dropped: tuple[tuple[str, Dropped], ...] = ()  # (doc_id, what its reader left out)
    notes: tuple[str, ...] = ()  # what to know of single documents: "scan.pdf: page 2 holds no text (scanned?)"


def read_corpus(folder: Path) -> list[Document]:
    """Return the documents below a folder, by doc_id. Raises what `read_folder` raises."""
    return list(read_folder(folder).documents)


def read_folder(folder: Path) -> Corpus:
    """Return the documents below a folder with all that was left out of them.

    A doc_id is the POSIX path below the folder in Unicode's composed form (NFC), in whichever form the disk keeps it.
    Raises CorpusError with all problems of all documents, MissingExtra if a format needs the `docs` extra.
    """
    paths, left_out = find_files(folder)
    if not paths:
        known = " ".join(FORMATS)
        skipped = plural(len(left_out), "file")
        raise CorpusError(f"{folder} holds no documents: {skipped} skipped; the suffixes that are read are {known}")
    _require_readers(paths)
    problems: list[str] = []
    named = _named(paths, folder, problems)
    documents, dropped, notes = [], [], []
    for doc_id, path in sorted(named.items()):
        try:
            document, reading = _read_document(path, doc_id)
        except CorpusError as error:
            problems += error.problems
            continue
        documents.append(document)
        dropped += [(doc_id, one) for one in reading.dropped]
        warning = warning_of(document.text, path.stat().st_size)
        notes += [f"{doc_id}: {note}" for note in (*reading.notes, *([warning] if warning else []))]
    if problems:
        raise CorpusError(problems)
    return Corpus(tuple(documents), tuple(left_out), tuple(dropped), tuple(notes))


def account(corpus: Corpus) -> CorpusAccount:
    """Return what did not become text: counts of all, names of the first ones."""
    return CorpusAccount(
        left_out=LeftOutFacts(
            files=len(corpus.left_out),
            by_cause=dict(Counter(one.cause for one in corpus.left_out).most_common()),
            first=tuple((one.path, one.cause) for one in corpus.left_out[:_MOST_LISTED]),
        ),
        dropped=_dropped(corpus),
        notes=NotesFacts(len(corpus.notes), corpus.notes[:_MOST_LISTED]),
    )


def _dropped(corpus: Corpus) -> tuple[DroppedFacts, ...]:
    """Return what readers left out, kind by kind, most characters first."""
    kinds: dict[str, list[Dropped]] = defaultdict(list)
    for _, one in corpus.dropped:  # a document has one of each kind
        kinds[one.what].append(one)
    facts = [
        DroppedFacts(what, sum(one.count for one in alike), sum(one.characters for one in alike), len(alike))
        for what, alike in kinds.items()
    ]
    return tuple(sorted(facts, key=lambda kind: (-kind.characters, kind.what)))


def said(account: CorpusAccount | None, *, stored: bool = True) -> list[str]:
    """Return a line each for what was left out, dropped and noted; none for nothing, nor where it was not counted.

    `stored` says whether there is a manifest to look into.
    """
    if account is None:
        return []
    return [
        *_left_out_said(account.left_out, stored=stored),
        *_dropped_said(account.dropped),
        *_notes_said(account.notes),
    ]


def _left_out_said(left_out: LeftOutFacts, *, stored: bool) -> list[str]:
    if not left_out.files:
        return []
    count = left_out.files
    causes = [f"{cause} ({n:,})" for cause, n in sorted(left_out.by_cause.items(), key=lambda item: -item[1])]
    line = f"{count:,} file{'s' * (count != 1)} left out: {_listing(causes)}"
    names = ", ".join(path for path, _ in left_out.first[:_MOST_SAID])
    where = f"manifest.json lists {'them' if count <= _MOST_LISTED else f'the first {_MOST_LISTED}'}"
    return [f"{line}; {where}" if stored else f"{line}: {names}{', ...' * (count > _MOST_SAID)}"]


def _dropped_said(dropped: Sequence[DroppedFacts]) -> list[str]:
    if not dropped:
        return []
    return ["dropped in reading: " + _listing(f"{one.what} ({one.count:,})" for one in dropped)]


def _notes_said(notes: NotesFacts) -> list[str]:
    more = f" (and {notes.count - _MOST_SAID:,} more notes)" if notes.count > _MOST_SAID else ""
    return [
        *(f"note: {note}" for note in notes.first[: _MOST_SAID - 1]),
        *(f"note: {note}{more}" for note in notes.first[_MOST_SAID - 1 : _MOST_SAID]),
    ]


def _listing(items: Iterable[str]) -> str:
    listed = list(items)
    rest = len(listed) - _MOST_SAID
    return ", ".join(listed[:_MOST_SAID]) + (f" and {rest} more kind{'s' * (rest != 1)}" if rest > 0 else "")


def _named(paths: Sequence[Path], folder: Path, problems: list[str]) -> dict[str, Path]:
    """Return the files by doc_id; names that cannot be told apart, or are not text, become problems."""
    named: dict[str, Path] = {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if has_surrogates(name):
            problems.append(f"{folder}: the name {shown_path(path, folder)} is not UTF-8; rename the file")
            continue
        other = named.setdefault(unicodedata.normalize("NFC", name), path)
        if other is not path:
            problems.append(
                f"{folder}: two files are named {name} and differ only in the Unicode form of that name "
                f"({other.name!a}, {path.name!a}); rename one of them"
            )
    return named


def _require_readers(paths: Sequence[Path]) -> None:
    """Raise MissingExtra with a line for each suffix whose reader is not installed."""
    by_suffix: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        by_suffix[path.suffix.lower()].append(path)
    problems = []
    for suffix, files in by_suffix.items():
        module, first = FORMATS[suffix].needs, min(files)
        if module and importlib.util.find_spec(module) is None:
            others = len(files) - 1
            more = f" (as {'does' if others == 1 else 'do'} {others:,} more file{'s' * (others > 1)})" if others else ""
            problems.append(f"{first}: reading {first.suffix} needs {module}: pip install 'ragvsft[docs]'{more}")
    if problems:
        raise MissingExtra(problems)


def _read_document(path: Path, doc_id: str) -> tuple[Document, Reading]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}); change its permissions or remove it") from error
    if not data.strip():
        raise CorpusError(f"{path} is empty ({len(data)} bytes); give it text or remove it")
    reading = FORMATS[path.suffix.lower()].read(path, data)
    if not reading.text.strip():
        raise CorpusError(f"{path} holds no text; give it text or remove it")
    text = without_surrogates(reading.text)
    return Document(doc_id, text, hashlib.sha256(data).hexdigest(), reading.pages), reading
