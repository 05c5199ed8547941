"""How much memory is free."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ragvsft.errors import ModelError
from ragvsft.models.hardware import free_memory, physical_cores, pick_device, use_threads

MEMINFO = "MemTotal:       16000000 kB\nMemFree:          100000 kB\nMemAvailable:    8000000 kB\n"
AVAILABLE = 8_000_000 * 1024


def _machine(root: Path, files: dict[str, str]) -> Path:
    for name, text in {"proc/meminfo": MEMINFO, **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_free_memory_is_what_the_machine_can_give_without_swapping(tmp_path: Path):
    """MemAvailable, in bytes: caches that can be dropped count."""
    assert free_memory("cpu", root=_machine(tmp_path, {})) == AVAILABLE


def test_a_container_has_what_its_limit_leaves(tmp_path: Path):
    """5,000 of 6,000 bytes are taken, 700 of them by files that can be read again."""
    files = {"memory.max": "6000\n", "memory.current": "5000\n", "memory.stat": "anon 4000\ninactive_file 700\n"}
    made = _machine(tmp_path, {f"sys/fs/cgroup/{name}": text for name, text in files.items()})
    assert free_memory("cpu", root=made) == 1700


def test_a_container_of_the_older_kind_has_so_too(tmp_path: Path):
    """The counts that include the groups below are the ones that its limit is held against."""
    files = {
        "memory.limit_in_bytes": "6000\n",
        "memory.usage_in_bytes": "5000\n",
        "memory.stat": "inactive_file 1\ntotal_inactive_file 700\n",
    }
    made = _machine(tmp_path, {f"sys/fs/cgroup/memory/{name}": text for name, text in files.items()})
    assert free_memory("cpu", root=made) == 1700


@pytest.mark.parametrize("limit", ["max\n", "9223372036854771712\n"])
def test_a_container_without_a_limit_has_what_the_machine_has(tmp_path: Path, limit: str):
    """Both ways of saying that there is none."""
    files = {"memory.max": limit, "memory.current": "5000\n", "memory.stat": "inactive_file 700\n"}
    made = _machine(tmp_path, {f"sys/fs/cgroup/{name}": text for name, text in files.items()})
    assert free_memory("cpu", root=made) == AVAILABLE


def test_a_container_over_its_limit_has_nothing_left(tmp_path: Path):
    """Never less than nothing."""
    files = {"memory.max": "4000\n", "memory.current": "5000\n", "memory.stat": "inactive_file 700\n"}
    made = _machine(tmp_path, {f"sys/fs/cgroup/{name}": text for name, text in files.items()})
    assert free_memory("cpu", root=made) == 0


def test_a_machine_without_proc_is_asked_by_sysconf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """300 free pages of 4,096 bytes."""
    sizes = {"SC_AVPHYS_PAGES": 300, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr(os, "sysconf", sizes.__getitem__)
    assert free_memory("cpu", root=tmp_path) == 300 * 4096


def test_where_nothing_says_free_memory_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As on macOS, which knows no such name."""

    def unknown(name: str) -> int:
        raise ValueError(f"unrecognized configuration name: {name}")

    monkeypatch.setattr(os, "sysconf", unknown)
    assert free_memory("cpu", root=tmp_path) is None


@pytest.mark.parametrize("device", ["gpu", "cuda:99", "cuda:x"])
def test_a_device_that_is_not_there_is_a_one_line_error(device: str) -> None:
    """The line names the device and the remedy."""
    with pytest.raises(ModelError, match=r"engine\.device is"):
        pick_device(device)


def test_threads_are_as_told_or_at_most_the_cores_of_this_process() -> None:
    """0 means one per physical core that the process may use."""
    import torch

    before = torch.get_num_threads()
    try:
        assert 1 <= use_threads(0) <= physical_cores()
        assert use_threads(1) == 1 == torch.get_num_threads()
    finally:
        torch.set_num_threads(before)
