"""Rows of format 1 as the records of today would be written: pure functions of plain dicts, one per file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_QUANTILES = (".p50", ".p95")


def older_task(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return the task of a manifest.json: there were two kinds, and the one with a schema was JSON."""
    return {"kind": "answer" if plain.get("schema") is None else "json", **plain}


def older_metrics(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a metrics.json: the aggregate stood in the name ("latency_s.p95"), and there was one note."""
    return [_metric(row) for row in rows]


def _metric(row: Mapping[str, Any]) -> dict[str, Any]:
    name: str = row["name"]
    stem, aggregate = (name[:-4], name[-3:]) if name.endswith(_QUANTILES) else (name, "mean")
    kept = {key: value for key, value in row.items() if key != "note"}
    return {**kept, "name": stem, "aggregate": aggregate, "notes": [row["note"]] if row["note"] else []}
