"""Where everything is kept: the artifact cache and the run folders. The only module that knows file names.

A file is either whole or not there: it is written beside its place, fsynced and renamed. The exceptions are
append-only journals, of which only the last line can be torn.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from ragvsft import __version__, clock
from ragvsft.codec import from_dict, to_plain
from ragvsft.errors import ArtifactError, OutputError, RunError

T = TypeVar("T")

FileName = Literal[
    "manifest",
    "samples",
    "predictions",
    "latency",
    "trivial",
    "scores",
    "metrics",
    "comparison",
    "cost",
    "decision",
    "builds",
    "stages",
    "report",
    "review",
    "junit",
]
_FILES: dict[FileName, str] = {
    "manifest": "manifest.json",
    "samples": "samples.jsonl",
    "predictions": "predictions.jsonl",
    "latency": "latency.jsonl",
    "trivial": "trivial.jsonl",
    "scores": "scores.jsonl",
    "metrics": "metrics.json",
    "comparison": "comparison.json",
    "cost": "cost.json",
    "decision": "decision.json",
    "builds": "builds.json",
    "stages": "stages.jsonl",
    "report": "report.html",
    "review": "review.md",
    "junit": "junit.xml",
}
_ARTIFACT = "artifact.json"
_LOCK = ".lock"
_TEMPORARY = ".tmp"
_SYNC_EVERY_S = 2.0

_REMEDIES = {
    errno.ENOSPC: "the disk is full; free some space or choose another folder",
    errno.EDQUOT: "the disk quota is used up; free some space or choose another folder",
    errno.EFBIG: "the file may not grow further (ulimit -f); raise the limit or choose another folder",
    errno.EROFS: "the file system is read-only; choose another folder",
    errno.EACCES: "it may not be written; change its permissions or choose another folder",
    errno.EPERM: "it may not be written; change its permissions or choose another folder",
    errno.ENOTDIR: "a file stands where a folder is needed; choose another folder",
    errno.EEXIST: "a file stands where a folder is needed; choose another folder",
    errno.EISDIR: "a folder stands where a file is needed; choose another name",
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
    temporary = path.with_name(f".{path.name}.{os.getpid()}{_TEMPORARY}")
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
        _sync_folder(path.parent)


def write_new(folder: Path | None, documents: Mapping[str, str], files: Mapping[Path, str]) -> None:
    """Write a new folder of documents (name below it -> text) and new files beside it: all of them or nothing.

    Raises OutputError if anything of it exists already.
    """
    for path in [*([folder] if folder else []), *files]:
        if path.exists() and not (path.is_dir() and not any(path.iterdir())):
            raise OutputError(f"{path} exists already; remove it or choose another place")
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
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _json_text(value: Any) -> str:
    # NaN would be no JSON; a number that is not there is null, and a NaN here is our bug
    return json.dumps(to_plain(value), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def fingerprint(*parts: Any) -> str:
    """Return the SHA-256 of JSON-able values and records, the same for the same values in any key order."""
    text = json.dumps(to_plain(list(parts)), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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

    @contextmanager
    def create(self, kind: str, key: str, facts: Mapping[str, Any]) -> Iterator[Path]:
        """Yield an empty folder that becomes the artifact when the block ends, and is removed if it raises.

        `facts` is read when the block ends, so the block may add to it. A second process that builds the same
        artifact waits until the first is done.
        """
        with self._lock(kind, key), self._building(kind, key, facts) as folder:
            yield folder

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
            file = (folder.parent / f".{folder.name}{_LOCK}").open("w")
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
    write_atomically(folder / _ARTIFACT, _json_text(artifact))
    folder.chmod(0o755)  # mkdtemp makes folders that only their owner can read


def _move_into_place(folder: Path, target: Path) -> None:
    try:
        os.rename(folder, target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST) or not target.is_dir():
            raise
        return  # another process built the same thing first: its files are as good as ours
    _sync_folder(target.parent)


class Journal:
    """Append-only rows of JSON: after kill -9 every whole line is there, and a torn last one is forgotten."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._synced_at = 0.0

    def read(self) -> list[dict[str, Any]]:
        """Return all whole rows. Raises ArtifactError if a line other than the last is torn."""
        if not self.path.exists():
            return []
        lines = self.path.read_bytes().split(b"\n")[:-1]  # what follows the last newline is torn, or empty
        return [self._parse(number, line) for number, line in enumerate(lines, start=1)]

    def read_as(self, record_type: type[T]) -> list[T]:
        """Return all whole rows as records."""
        records = []
        for number, row in enumerate(self.read(), start=1):
            try:
                records.append(from_dict(record_type, row))
            except ArtifactError as error:
                raise ArtifactError(f"{self.path} line {number}: {error}") from error
        return records

    def append(self, rows: Sequence[Any]) -> None:
        """Add dicts or records, all of them or, if the disk is full, none."""
        text = "".join(json.dumps(to_plain(row), ensure_ascii=False, allow_nan=False) + "\n" for row in rows)
        with writing(self.path):
            descriptor = self._open()
            _append_whole(descriptor, text.encode())
            if clock.now() - self._synced_at > _SYNC_EVERY_S:  # kill -9 loses nothing unsynced; a power cut may
                self._sync(descriptor)

    def close(self) -> None:
        """Force everything to the disk; the next append opens the journal again."""
        if self._descriptor is not None:
            with writing(self.path):
                self._sync(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
            _forget_torn_line(self._descriptor)
            self._synced_at = clock.now()
        return self._descriptor

    def _sync(self, descriptor: int) -> None:
        os.fsync(descriptor)
        self._synced_at = clock.now()

    def _parse(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise ArtifactError(f"{self.path} line {number} was altered; delete the line, or start a new run")
        return row


def _append_whole(descriptor: int, data: bytes) -> None:
    end = os.fstat(descriptor).st_size
    try:
        written = os.write(descriptor, data)
        while written < len(data):  # the disk is nearly full; the next write says so
            written += os.write(descriptor, data[written:])
    except OSError:
        with suppress(OSError):  # that nothing more can be written is the news
            os.ftruncate(descriptor, end)
        raise


def _forget_torn_line(descriptor: int) -> None:
    size = os.fstat(descriptor).st_size
    end = size
    while end > 0:
        start = max(0, end - 65536)
        newline = os.pread(descriptor, end - start, start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if end < size:
        os.ftruncate(descriptor, end)


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
            raise RunError(f"{path} is in use by another run: both began in the same second; start yours again")
        with writing(path):
            path.mkdir()
        return cls(path, locked=True)

    @classmethod
    def open(cls, path: Path, *, locked: bool = True) -> RunFolder:
        """Return an existing run folder; `locked=False` is for reading only, and works while another run writes."""
        if not (path / _FILES["manifest"]).is_file():
            raise RunError(f"{path} is not a run folder: it holds no {_FILES['manifest']}; `ragvsft runs` lists them")
        return cls(path, locked=locked)

    def file(self, name: FileName) -> Path:
        """Return where a file of this run is, or would be."""
        return self.path / _FILES[name]

    def write_json(self, name: FileName, value: Any) -> None:
        """Write JSON-able values or records: keys sorted, floats as Python prints them, so same value, same bytes."""
        write_atomically(self.file(name), _json_text(value))

    def write_text(self, name: FileName, text: str) -> None:
        """Write a text file."""
        write_atomically(self.file(name), text)

    def read_json(self, name: FileName) -> Any:
        """Return what `write_json` wrote. Raises RunError if the run never came that far, ArtifactError if altered."""
        path = self.file(name)
        try:
            return json.loads(path.read_bytes())
        except FileNotFoundError:
            raise RunError(f"{path} is missing: the run was stopped before; continue it with --resume") from None
        except ValueError:
            raise ArtifactError(f"{path} was altered; delete the file and run the stage that writes it again") from None

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
        raise RunError(f"{output} holds no run; start one with: ragvsft run")
    return runs[-1].path


def _summary(path: Path) -> RunSummary:
    stamp, rest = path.name.split("_", 1)
    name, fingerprint8 = rest.rsplit("_", 1)
    return RunSummary(path, stamp, name, fingerprint8, _how_far(path))


_MILESTONES: tuple[tuple[FileName, str], ...] = (
    ("report", "complete"),
    ("metrics", "scored"),
    ("predictions", "answering"),
    ("builds", "built"),
    ("manifest", "started"),
)


def _how_far(path: Path) -> str:
    """Return the status that the files of a run folder tell; no file has to be edited when a stage ends."""
    return next((status for name, status in _MILESTONES if (path / _FILES[name]).is_file()), "unreadable")


def _lock_run(path: Path) -> int:
    """Return the descriptor that holds the lock; it dies with the process, by kill -9 too."""
    with writing(path):
        descriptor = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise RunError(f"{path} is in use by another run; wait for it, or choose another output folder") from None
    for leftover in path.glob(f".*{_TEMPORARY}"):  # of a process that was killed
        leftover.unlink(missing_ok=True)
    return descriptor
