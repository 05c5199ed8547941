"""Append-only rows of JSON, of which only the last line can be torn."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ragvsft import clock
from ragvsft.codec import from_dict
from ragvsft.errors import ArtifactError
from ragvsft.store.files import T, jsonl, read_jsonl, writing

_SYNC_EVERY_S = 2.0


Upgrade = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


class Journal:
    """Append-only rows of JSON: after kill -9 every whole line is there, and a torn last one is forgotten."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._synced_at = 0.0

    def read(self) -> list[dict[str, Any]]:
        """Return all whole rows. Raises ArtifactError if a line other than the last is torn."""
        return read_jsonl(self.path) if self.path.exists() else []

    def read_as(self, record_type: type[T], upgrade: Upgrade | None = None) -> list[T]:
        """Return all whole rows as records; `upgrade` makes rows of an older format into those of today, one each."""
        records, rows = [], self.read()
        for number, row in enumerate(upgrade(rows) if upgrade else rows, start=1):
            try:
                records.append(from_dict(record_type, row))
            except ArtifactError as error:
                raise ArtifactError(f"{self.path} line {number}: {error}") from error
        return records

    def append(self, rows: Sequence[Any]) -> None:
        """Add dicts or records, all of them or, if the disk is full, none."""
        data = jsonl(rows).encode()
        with writing(self.path):
            descriptor = self._open()
            _append_whole(descriptor, data)
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
