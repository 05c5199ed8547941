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
