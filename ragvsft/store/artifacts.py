"""Artifacts by the hash of everything that made them, every file checked before it is used."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

from ragvsft import __version__
from ragvsft.building import BuildRecord
from ragvsft.codec import from_dict, to_dict
from ragvsft.errors import ArtifactError
from ragvsft.store.files import LOCK, file_sha256, fingerprint, json_text, sync_folder, write_atomically, writing

_ARTIFACT = "artifact.json"


class Artifact(Protocol):
    """Something that is built once and kept by the hash of what made it.

    A frozen dataclass: its fields are what it is made of, and its key is their hash, so what is spelled in the key is
    what is used. Tools that leave no trace in it (progress, loaded models) are fields with `compare=False`.
    """

    @property
    def kind(self) -> str:
        """What it is, the name of its folder: "index", "adapter"."""
        ...

    @property
    def needs(self) -> tuple[Artifact, ...]:
        """The artifacts that it is made of, built before it."""
        ...

    def make(self, folder: Path, scratch: Path) -> BuildRecord:
        """Fill the folder and return how; `scratch` survives a crash, for checkpoints."""
        ...


@dataclass(frozen=True, slots=True)
class _Built:
    record: BuildRecord


def key_of(artifact: Artifact) -> str:
    """Return the hash of what an artifact is made of: its kind and every field of it that is no tool."""
    made_of: Any = artifact
    parts = {field.name: getattr(made_of, field.name) for field in fields(made_of) if field.compare}
    return fingerprint(artifact.kind, {**parts, "needs": [key_of(needed) for needed in artifact.needs]})


def with_needs(artifacts: Iterable[Artifact]) -> dict[str, Artifact]:
    """Return artifacts with all that they are made of, each once by its key, in the order they are built."""
    found: dict[str, Artifact] = {}
    for artifact in artifacts:
        found |= with_needs(artifact.needs)
        found[key_of(artifact)] = artifact
    return found


class Store:
    """Artifacts by the hash of everything that made them: <root>/<kind>/<first 16 digits of the key>/."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def open(self, kind: str, key: str) -> Path | None:
        """Return the folder of an artifact, every file checked against its hash, or None if it was never built.

        Raises ArtifactError if a file is missing, altered or not part of it; nothing was parsed by then.
        """
        folder = self._folder(kind, key)
        if not folder.is_dir():
            return None
        recorded = _read_artifact(folder, key)["files"]
        present = {path.relative_to(folder).as_posix(): path for path in _files(folder) if path.name != _ARTIFACT}
        for name in sorted(recorded.keys() | present.keys()):
            if name not in present:
                raise ArtifactError(f"{folder / name} is missing; delete the folder {folder} to build it again")
            if recorded.get(name) != file_sha256(present[name]):
                raise ArtifactError(f"{folder / name} was altered; delete the folder {folder} to build it again")
        return folder

    def facts(self, kind: str, key: str) -> dict[str, Any]:
        """Return what the builder wrote down about an artifact."""
        facts: dict[str, Any] = _read_artifact(self._folder(kind, key), key)["facts"]
        return facts

    def obtain(self, kind: str, key: str, build: Callable[[Path, Path], Mapping[str, Any]]) -> Path:
        """Return the folder of an artifact, built now if it never was.

        `build` gets the folder to fill and the scratch folder, and returns the facts. A second process that wants
        the same artifact waits for the first one's.
        """
        folder = self.open(kind, key)
        if folder is not None:
            return folder
        with self._lock(kind, key):
            folder = self.open(kind, key)
            if folder is None:
                facts: dict[str, Any] = {}
                with self._building(kind, key, facts) as unfinished:
                    facts.update(build(unfinished, self.scratch(kind, key)))
        return self._folder(kind, key)

    def build(self, artifact: Artifact) -> BuildRecord:
        """Return how an artifact came to be, built now, with what it needs, if it never was."""
        for needed in artifact.needs:
            self.build(needed)
        key = key_of(artifact)
        self.obtain(artifact.kind, key, lambda folder, scratch: to_dict(_Built(artifact.make(folder, scratch))))
        return from_dict(_Built, self.facts(artifact.kind, key)).record

    def folder_of(self, artifact: Artifact) -> Path:
        """Return the folder of a built artifact, checked as `open` does. Raises ArtifactError if it is not built."""
        folder = self.open(artifact.kind, key_of(artifact))
        if folder is None:
            raise ArtifactError(f"{self.root}: an {artifact.kind} of this run is not built; run `ragvsft build` first")
        return folder

    def scratch(self, kind: str, key: str) -> Path:
        """Return the folder for checkpoints of an unfinished artifact.

        kill -9 leaves it as it is; the artifact, once finished, takes its place.
        """
        folder = self._scratch_folder(kind, key)
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def _building(self, kind: str, key: str, facts: Mapping[str, Any]) -> Iterator[Path]:
        target = self._folder(kind, key)
        prefix = f".{target.name}-"
        with writing(target):
            for leftover in target.parent.glob(f"{prefix}*"):  # of a process that was killed: we hold the lock
                shutil.rmtree(leftover, ignore_errors=True)
            unfinished = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
            try:
                yield unfinished
                _seal(unfinished, key, facts)
                _move_into_place(unfinished, target)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
        shutil.rmtree(self._scratch_folder(kind, key), ignore_errors=True)

    @contextmanager
    def _lock(self, kind: str, key: str) -> Iterator[None]:
        folder = self._folder(kind, key)
        with writing(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            file = (folder.parent / f".{folder.name}{LOCK}").open("w")
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _folder(self, kind: str, key: str) -> Path:
        return self.root / kind / key[:16]

    def _scratch_folder(self, kind: str, key: str) -> Path:
        return self.root / kind / f"{key[:16]}.unfinished"


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if not path.is_dir())


def _read_artifact(folder: Path, key: str) -> dict[str, Any]:
    path = folder / _ARTIFACT
    remedy = f"delete the folder {folder} to build it again"
    try:
        artifact: dict[str, Any] = json.loads(path.read_bytes())
        found, files, facts = artifact["key"], artifact["files"], artifact["facts"]
    except FileNotFoundError:
        raise ArtifactError(f"{path} is missing; {remedy}") from None
    except (ValueError, KeyError, TypeError):
        raise ArtifactError(f"{path} was altered; {remedy}") from None
    if found != key or not isinstance(files, dict) or not isinstance(facts, dict):
        raise ArtifactError(f"{path} belongs to another artifact; {remedy}")
    return artifact


def _seal(folder: Path, key: str, facts: Mapping[str, Any]) -> None:
    """Write down the hash of every file, and force all of it to the disk."""
    files = _files(folder)
    hashes = {path.relative_to(folder).as_posix(): file_sha256(path) for path in files}
    artifact = {"key": key, "ragvsft": __version__, "files": hashes, "facts": facts}
    for path in files:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    write_atomically(folder / _ARTIFACT, json_text(artifact))
    folder.chmod(0o755)  # mkdtemp makes folders that only their owner can read


def _move_into_place(folder: Path, target: Path) -> None:
    try:
        os.rename(folder, target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST) or not target.is_dir():
            raise
        return  # another process built the same thing first: its files are as good as ours
    sync_folder(target.parent)
