"""A config as a run folder keeps it, and back."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ragvsft.config.load import parse_config
from ragvsft.config.places import anchor_paths, places_in
from ragvsft.config.root import Config
from ragvsft.config.variants import only_different


def recorded(config: Config, folder: Path) -> dict[str, Any]:
    """Return the config as JSON-able values for a file in `folder`; `recalled` returns it, wherever it is called.

    Paths that were given relative to the current folder are relative to `folder` then; absolute ones stay.
    """
    raw = _dumped(config, leave_out=set())
    for section, name in places_in(raw, Path()):
        if not os.path.isabs(section[name]):
            section[name] = os.path.relpath(Path(section[name]).resolve(), folder.resolve())
    return raw


def recalled(raw: Mapping[str, Any], folder: Path, *, place: str) -> Config:
    """Return the config of which `recorded` made `raw`. Raises ConfigError."""
    anchored = copy.deepcopy(dict(raw))
    anchor_paths(anchored, folder.resolve())
    return parse_config(anchored, place=place)


def without_places(config: Config) -> dict[str, Any]:
    """Return what a run depends on besides its files' contents, the same wherever those files lie.

    Defaults are left out: a key that a later version adds does not change what a run of before began with.
    """
    raw = _without_defaults(_dumped(config, leave_out={"output", "cache", "name"}))
    for section, name in places_in(raw, Path()):
        section[name] = Path(section[name]).name
    return raw


def differences(config: Config) -> dict[str, dict[str, Any]]:
    """Return by variant what it sets differently from the rest of the config: {"retrieval.k": 5}."""
    raw = _dumped(config, leave_out=set())
    found: dict[str, dict[str, Any]] = {}
    for variant in raw["variants"]:
        own = variant if isinstance(variant, dict) else {"name": variant}
        found[own["name"]] = dict(_flat({key: value for key, value in own.items() if key not in ("name", "like")}))
    return found


def _without_defaults(raw: Mapping[str, Any]) -> dict[str, Any]:
    defaults = json.loads(Config.model_construct(evalset=Path()).model_dump_json())
    found: dict[str, Any] = {}
    for key, value in raw.items():
        usual = defaults.get(key)
        if isinstance(value, dict) and isinstance(usual, dict):
            value = {name: inner for name, inner in value.items() if inner != usual.get(name)}
        if value not in (usual, {}):
            found[key] = value
    return found


def _flat(section: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in section.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _dumped(config: Config, *, leave_out: set[str]) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(config.model_dump_json(exclude=leave_out))
    return {**raw, "variants": only_different(raw)}
