"""Rows of format 1 as the records of today would be written: pure functions of plain dicts, one per file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any

from ragvsft.records import EngineIdentity

_IDENTITY = {field.name for field in fields(EngineIdentity)}


def older_engine(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the engine's facts of a stages.jsonl: the architecture was called "kind", and other facts could follow."""
    renamed = {"architecture" if name == "kind" else name: value for name, value in facts.items()}
    return {name: value for name, value in renamed.items() if name in _IDENTITY}


def older_predictions(rows: Iterable[Mapping[str, Any]], *, trained: Collection[str]) -> list[dict[str, Any]]:
    """Return the rows of a predictions.jsonl or latency.jsonl: seed 0 stood for none, too.

    `trained`: the variants that train.
    """
    return [_with_true_seed(row, trained) for row in rows]


def older_scores(rows: Iterable[Mapping[str, Any]], *, trained: Collection[str]) -> list[dict[str, Any]]:
    """Return the rows of a scores.jsonl: seed 0 stood for none, too, also in the scores of trivial rivals."""
    return [_with_true_seed(row, trained) for row in rows]


def _with_true_seed(row: Mapping[str, Any], trained: Collection[str]) -> dict[str, Any]:
    return {**row, "seed": row["seed"] if row["variant"] in trained else None}
