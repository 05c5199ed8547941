"""Rows of format 1 as the records of today would be written: pure functions of plain dicts, one per file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def older_task(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return the task of a manifest.json: there were two kinds, and the one with a schema was JSON."""
    return {"kind": "answer" if plain.get("schema") is None else "json", **plain}
