"""The hardware a model runs on: device, number type, CPU threads."""

from __future__ import annotations

import math
import os
import re
from pathlib import Path

from ragvsft.errors import ModelError


def pick_device(device: str) -> str:
    """Return `device` with `auto` resolved; raises ModelError where this machine has no such device."""
    import torch

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if device == "auto":
        return "cuda:0" if count else "cpu"
    if device == "cpu":
        return "cpu"
    wanted = re.fullmatch(r"cuda(?::(\d+))?", device)
    if wanted is None:
        raise ModelError(f"engine.device is {device!r}; write auto, cpu, cuda or cuda:N")
    if int(wanted[1] or 0) >= count:
        raise ModelError(f"engine.device is {device!r}, but this machine has {count} CUDA devices; write auto or cpu")
    return f"cuda:{int(wanted[1] or 0)}"


def device_name(device: str) -> str:
    """Return what a device is called: "cpu" as it is, "cuda:0" by the name of its GPU, as price books know it."""
    if not device.startswith("cuda"):
        return device
    import torch

    return str(torch.cuda.get_device_name(device))


def pick_dtype(dtype: str, *, device: str) -> str:
    """Return `dtype` with `auto` resolved for `device` ("cpu" or "cuda:N").

    bfloat16 where the hardware multiplies in it: on a CPU with AVX512_BF16 (without AMX) the bundled model answers 1.7
    to 2.7 times as fast as in float32, 98 % of the texts being the same (`python -m pretrain speed`).
    """
    if dtype != "auto":
        return dtype
    if device == "cpu":
        return "bfloat16" if _cpu_has("amx_bf16", "avx512_bf16") else "float32"
    import torch

    return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float16"


def training_dtype(device: str) -> str:
    """Return what the frozen base computes in while an adapter is trained: bfloat16 where that is fast, else float32.

    float16 would need its loss scaled.
    """
    return "bfloat16" if pick_dtype("auto", device=device) == "bfloat16" else "float32"


def use_threads(threads: int) -> int:
    """Return the number of CPU threads that torch uses from now on.

    0: one per physical core that this process may use, and never more than torch was told to (OMP_NUM_THREADS).
    """
    import torch

    torch.set_num_threads(threads or max(1, min(torch.get_num_threads(), physical_cores())))
    return int(torch.get_num_threads())


def physical_cores() -> int:
    """Return how many physical cores this process may use, by its affinity and its cgroup's quota."""
    affinity = getattr(os, "sched_getaffinity", None)
    cpus = affinity(0) if affinity else range(os.cpu_count() or 1)
    cores = {_siblings(cpu) for cpu in cpus}
    return max(1, min(len(cores), _quota()))


def free_memory(device: str, *, root: Path = Path("/")) -> int | None:
    """Return the bytes that this process could still take on "cpu" or "cuda:N"; None where nothing says.

    On a CPU the smaller of what the machine and the cgroup leave. `root` is where /proc and /sys hang.
    """
    if device.startswith("cuda"):
        import torch

        cached = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)  # torch's own, to use again
        return int(torch.cuda.mem_get_info(device)[0] + cached)
    left = [_machine_memory(root), _cgroup_memory(root / "sys/fs/cgroup")]
    return min((size for size in left if size is not None), default=None)


def _machine_memory(root: Path) -> int | None:
    """Return the bytes that the machine could give without swapping."""
    try:
        said = (root / "proc/meminfo").read_text()
    except OSError:
        said = ""
    if found := re.search(r"^MemAvailable:\s+(\d+) kB$", said, re.MULTILINE):
        return int(found[1]) * 1024
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf, macOS no such name
        return None


def _cgroup_memory(cgroup: Path) -> int | None:
    """Return the bytes that a cgroup's limit leaves; cached files can be dropped, so they count as free."""
    for folder, limit, used, cache in (
        (cgroup, "memory.max", "memory.current", "inactive_file"),
        (cgroup / "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ):
        try:
            size, taken, stat = ((folder / name).read_text() for name in (limit, used, "memory.stat"))
        except OSError:
            continue
        if size.strip().isdigit():  # "max": no limit
            cached = re.search(rf"^{cache} (\d+)$", stat, re.MULTILINE)
            return max(0, int(size) - int(taken) + (int(cached[1]) if cached else 0))
    return None


def _siblings(cpu: int) -> str:
    """Return what names the physical core of a logical CPU."""
    try:
        return Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text()
    except OSError:
        return str(cpu)


def _quota() -> int:
    """Return the whole CPUs that the cgroup's time quota is worth, rounded up."""
    for quota_file, period_file in (("cpu.max", None), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        try:
            words = (Path("/sys/fs/cgroup") / quota_file).read_text().split()
            words += (Path("/sys/fs/cgroup") / period_file).read_text().split() if period_file else []
        except OSError:
            continue
        if len(words) == 2 and words[0] not in ("max", "-1"):
            return math.ceil(int(words[0]) / int(words[1]))
    return os.cpu_count() or 1


def _cpu_has(*features: str) -> bool:
    """Return whether the CPU has any of these, by the names of /proc/cpuinfo."""
    try:
        said = Path("/proc/cpuinfo").read_text().split()
    except OSError:
        return False
    return any(feature in said for feature in features)
