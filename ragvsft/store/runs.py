"""Run folders: which files a run leaves, under which names, and how far each run came."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ragvsft.errors import ArtifactError, RunError
from ragvsft.names import FILES, STAGES, FileName
from ragvsft.store.files import LOCK, TEMPORARY, json_text, jsonl, write_atomically, writing
from ragvsft.store.journals import Journal

_WRITTEN_ONCE = next(iter(STAGES.values())).leaves  # what a run was started with


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run folder in a list."""

    path: Path
    stamp: str
    name: str
    fingerprint8: str
    status: str  # how far it came: "started", "built", "answering", "scored", "complete"; "unreadable": no manifest


class RunFolder:
    """What one run leaves behind. Locked while this object is open: it belongs to one process at a time."""

    def __init__(self, path: Path, *, locked: bool) -> None:
        self.path = path
        self._lock = _lock_run(path) if locked else None

    @classmethod
    def create(cls, output: Path, name: str, stamp: str, fingerprint8: str) -> RunFolder:
        """Return a new run folder <output>/<stamp>_<name>_<fingerprint8>, locked."""
        path = output / f"{stamp}_{name}_{fingerprint8}"
        with writing(output):
            output.mkdir(parents=True, exist_ok=True)
        if path.exists():
            raise RunError(f"{path} is in use by another run that started in the same second; start yours again")
        with writing(path):
            path.mkdir()
        return cls(path, locked=True)

    @classmethod
    def open(cls, path: Path, *, locked: bool = True) -> RunFolder:
        """Return an existing run folder; `locked=False` is for reading only, and works while another run writes."""
        if not (path / FILES["manifest"]).is_file():
            raise RunError(f"{path} is not a run folder: it has no {FILES['manifest']}; `ragvsft runs` lists the runs")
        return cls(path, locked=locked)

    def file(self, name: FileName) -> Path:
        """Return where a file of this run is, or would be."""
        return self.path / FILES[name]

    def write_json(self, name: FileName, value: Any) -> None:
        """Write JSON-able values or records: keys sorted, floats as Python prints them, so same value, same bytes."""
        write_atomically(self.file(name), json_text(value))

    def write_text(self, name: FileName, text: str) -> None:
        """Write a text file."""
        write_atomically(self.file(name), text)

    def write_rows(self, name: FileName, rows: Iterable[Any]) -> None:
        """Write JSON-able values or records, one a line."""
        write_atomically(self.file(name), jsonl(rows))

    def read_json(self, name: FileName) -> Any:
        """Return what `write_json` wrote. Raises RunError if the run never came that far, ArtifactError if altered."""
        path = self.file(name)
        try:
            return json.loads(path.read_bytes())
        except FileNotFoundError:
            raise RunError(
                f"{path} is missing: the run stopped before it was written; continue the run with --resume"
            ) from None
        except ValueError:
            raise self.altered(name) from None

    def altered(self, name: FileName) -> ArtifactError:
        """Return the error of a file that is not as it was written, with what mends the run."""
        if name in _WRITTEN_ONCE:
            return ArtifactError(f"{self.file(name)} was altered, and nothing can write it again; start a new run")
        damaged = "the damaged line" if FILES[name].endswith(".jsonl") else "it"
        mend = f"delete {damaged}, then continue with: ragvsft run --resume {self.path}"
        return ArtifactError(f"{self.file(name)} was altered; {mend}")

    def has(self, name: FileName) -> bool:
        """Return whether the run came as far as this file."""
        return self.file(name).is_file()

    def journal(self, name: FileName) -> Journal:
        """Return an append-only file of this run."""
        return Journal(self.file(name))

    def close(self) -> None:
        """Let other processes have the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def list_runs(output: Path) -> list[RunSummary]:
    """Return the runs below a folder, oldest first."""
    if not output.is_dir():
        return []
    return [_summary(path) for path in sorted(output.iterdir()) if path.is_dir() and path.name.count("_") >= 2]


def newest_run(output: Path) -> Path:
    """Return the newest run folder that has a manifest. Raises RunError if there is none."""
    runs = [run for run in list_runs(output) if run.status != "unreadable"]
    if not runs:
        raise RunError(f"there is no run in {output}; start one with: ragvsft run")
    return runs[-1].path


def _summary(path: Path) -> RunSummary:
    stamp, rest = path.name.split("_", 1)
    name, fingerprint8 = rest.rsplit("_", 1)
    return RunSummary(path, stamp, name, fingerprint8, _how_far(path))


def _how_far(path: Path) -> str:
    """Return the status that the files of a run folder tell; no file has to be edited when a stage ends."""
    reached = (stage.status for stage in reversed(STAGES.values()) if (path / FILES[stage.leaves[0]]).is_file())
    return next(reached, "unreadable")


def _lock_run(path: Path) -> int:
    """Return the descriptor that holds the lock; it dies with the process, by kill -9 too."""
    with writing(path):
        descriptor = os.open(path / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise RunError(f"{path} is in use by another run; wait for it, or choose another output folder") from None
    for leftover in path.glob(f".*{TEMPORARY}"):  # of a process that was killed
        leftover.unlink(missing_ok=True)
    return descriptor
