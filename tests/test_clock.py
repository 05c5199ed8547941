"""Stopwatch and stamps."""

from __future__ import annotations

import time

import pytest

from ragvsft.clock import measure, now, utc_stamp


def test_a_measured_block_has_seconds_and_memory() -> None:
    """A block that writes 64 MiB and takes 20 ms used at least that."""
    start = now()
    with measure() as cost:
        block = b"x" * (64 * 1024 * 1024)
        time.sleep(0.02)
    assert 0.02 <= cost.seconds <= now() - start
    assert cost.peak_memory_bytes > len(block)


def test_a_block_that_raises_is_measured_too() -> None:
    """The stopwatch ends with the exception."""
    with pytest.raises(ZeroDivisionError), measure() as cost:
        divmod(1, 0)
    assert cost.seconds > 0


def test_a_stamp_is_utc_and_sorts() -> None:
    """20261122T053000Z: sixteen characters."""
    stamp = utc_stamp()
    assert len(stamp) == 16
    assert stamp[8] == "T"
    assert stamp.endswith("Z")
    assert stamp[:8].isdigit()
