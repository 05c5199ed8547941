"""What a run was started with, as its manifest holds it: written once at the start, never edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ragvsft.tasks import Task

FORMAT = 2  # of a run folder; counted up when a file changes in a way that the codec does not bridge


@dataclass(frozen=True, slots=True)
class LeftOutFacts:
    """The files of a corpus folder that are no documents."""

    files: int
    by_cause: Mapping[str, int]
    first: tuple[tuple[str, str], ...]  # (path, cause)


@dataclass(frozen=True, slots=True)
class DroppedFacts:
    """One kind of thing that readers left out of documents."""

    what: str
    count: int
    characters: int
    documents: int


@dataclass(frozen=True, slots=True)
class NotesFacts:
    """What to know of single documents."""

    count: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorpusAccount:
    """What of a corpus folder did not become text: counts of all, names of the first ones."""

    left_out: LeftOutFacts
    dropped: tuple[DroppedFacts, ...]  # most characters first
    notes: NotesFacts


@dataclass(frozen=True, slots=True)
class CorpusFacts:
    """The corpus of a run."""

    path: str
    documents: int
    characters: int
    sha256: str
    left_out: LeftOutFacts | None = None  # None, as in the next two: a run of before this was counted
    dropped: tuple[DroppedFacts, ...] | None = None
    notes: NotesFacts | None = None

    @property
    def account(self) -> CorpusAccount | None:
        """What did not become text; None in a run of before this was counted."""
        if self.left_out is None or self.dropped is None or self.notes is None:
            return None
        return CorpusAccount(self.left_out, self.dropped, self.notes)


@dataclass(frozen=True, slots=True)
class EvalsetFacts:
    """The samples of a run."""

    path: str
    samples: int
    by_stratum: Mapping[str, int]
    clusters: int
    sha256: str  # of the file


@dataclass(frozen=True, slots=True)
class ExamplesFacts:
    """The training examples of a run, after the leak check."""

    path: str
    kept: int
    dropped_exact: int
    dropped_near: int
    dropped_ids: tuple[str, ...]
    sha256: str  # of the file
    asked_elsewhere: int = 0  # kept, though a sample asks the same of another document


@dataclass(frozen=True, slots=True)
class InputFacts:
    """What a run was made of, counted and hashed."""

    corpus: CorpusFacts | None
    evalset: EvalsetFacts
    examples: ExamplesFacts | None
    task: Task


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a run was started with."""

    format: int
    created: str  # UTC, 20261122T053000Z
    limit: int | None  # of samples; None: all
    config: Mapping[str, Any]  # as `config.recorded` writes it
    corpus: CorpusFacts | None
    evalset: EvalsetFacts
    examples: ExamplesFacts | None
    task: Task
    inputs_sha256: str
    versions: Mapping[str, str]  # by package
    stamps: tuple[str, ...] = ()  # why this run is not for decisions
    notes: tuple[str, ...] = ()  # what a reader of the report should know
