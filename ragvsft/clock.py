"""The stopwatch: the only module that reads the clock or asks how much memory was used."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(slots=True)
class Measured:
    """What a block used; zero until the block ends."""

    seconds: float = 0.0
    peak_memory_bytes: int = 0


def now() -> float:
    """Return monotonic seconds; only differences mean anything."""
    return time.perf_counter()


def utc_stamp() -> str:
    """Return the present moment as text that sorts: 20261122T053000Z."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")


@contextmanager
def measure(device: str = "cpu") -> Iterator[Measured]:
    """Yield a record that holds seconds and peak memory once the block has ended, by an exception too.

    On a CPU the peak is the whole process's since it started, which is what a machine must have.
    On "cuda" or "cuda:N" it is what tensors took on that device within the block.
    """
    measured = Measured()
    on_gpu = device.startswith("cuda")
    if on_gpu:
        _restart_gpu_peak(device)
    start = now()
    try:
        yield measured
    finally:
        measured.peak_memory_bytes = _gpu_peak_bytes(device) if on_gpu else _process_peak_bytes()
        measured.seconds = now() - start


def _process_peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # macOS counts bytes, Linux KiB


def _restart_gpu_peak(device: str) -> None:
    import torch

    torch.cuda.synchronize(device)
    torch.cuda.reset_peak_memory_stats(device)


def _gpu_peak_bytes(device: str) -> int:
    import torch

    torch.cuda.synchronize(device)  # kernels run behind the CPU's back; without it the seconds would be too few
    return int(torch.cuda.max_memory_allocated(device))
