"""Which keys of a config hold paths, and what a relative one is meant from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Keys whose values are paths: relative ones are meant from the folder of the config file.
_PATHS = (
    ("corpus",), ("evalset",), ("examples",), ("output",), ("cache",), ("task", "schema_file"), ("cost", "prices"),
)  # fmt: skip


def anchor_paths(raw: dict[str, Any], folder: Path) -> None:
    """Make every path in `raw` one that is meant from the current folder; it was meant from `folder`."""
    raw.setdefault("output", "reports")
    raw.setdefault("cache", ".ragvsft")
    for section, name in places_in(raw, folder):
        section[name] = os.path.normpath(folder / Path(section[name]).expanduser())


def places_in(raw: dict[str, Any], folder: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each section with the name of a key in it that holds a path."""
    for *sections, name in _PATHS:
        section: Any = raw
        for key in sections:
            section = section.get(key) if isinstance(section, dict) else None
        if isinstance(section, dict) and isinstance(section.get(name), str):
            yield section, name
    for owner in (raw, *_variants_in(raw)):
        for section, name in ((owner, "model"), (owner.get("retrieval"), "encoder"), (owner.get("rag"), "encoder")):
            if isinstance(section, dict) and _is_folder(folder, section.get(name)):
                yield section, name


def _variants_in(raw: dict[str, Any]) -> list[dict[str, Any]]:
    variants = raw.get("variants")
    return [item for item in variants if isinstance(item, dict)] if isinstance(variants, list) else []


def _is_folder(folder: Path, name: Any) -> bool:
    """Return whether a model or an encoder is named by a folder, not by its own word or its hub id."""
    return isinstance(name, str) and name not in ("bundled", "auto", "packaged") and (folder / name).is_dir()
