"""Rows of format 1 as the records of today would be written: pure functions of plain dicts, one per file.

A run of format 1 may have been scored or continued since, so what is of today's shape already stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from ragvsft.building import EngineIdentity

_IDENTITY = {field.name for field in fields(EngineIdentity)}
_QUANTILES = (".p50", ".p95")
Row = Mapping[str, Any]

_BOUND = "one request at a time, an upper bound: batching lowers it"
_REMEDY = "name a row in cost.hardware"  # the one remark that had a semicolon of its own
_DATED = " USD an hour as of "  # in the remark that named the hardware


def older_task(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return the task of a manifest.json: there were two kinds, and the one with a schema was JSON."""
    return {"kind": "answer" if plain.get("schema") is None else "json", **plain}


def older_metrics(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a metrics.json: the aggregate stood in the name ("latency_s.p95"), and there was one note."""
    return [_metric(row) for row in rows]


def _metric(row: Mapping[str, Any]) -> dict[str, Any]:
    if "aggregate" in row:
        return dict(row)
    name: str = row["name"]
    stem, aggregate = (name[:-4], name[-3:]) if name.endswith(_QUANTILES) else (name, "mean")
    kept = {key: value for key, value in row.items() if key != "note"}
    return {**kept, "name": stem, "aggregate": aggregate, "notes": [row["note"]] if row["note"] else []}


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


def older_manifest(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest.json."""
    return {**plain, "task": older_task(plain["task"])}


def older_hits(rows: Iterable[Mapping[str, Any]], *, retrieving: Collection[str]) -> list[dict[str, Any]]:
    """Return the rows of a predictions.jsonl or latency.jsonl: no hits stood for not retrieving, too."""
    return [{**row, "hits": row["hits"] if row["variant"] in retrieving else None} for row in rows]


def older_stages(rows: Iterable[Mapping[str, Any]], variants: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of a stages.jsonl: one engine answered all variants, and its facts were a mapping."""
    return [_stage(row, variants) for row in rows]


def _stage(row: Mapping[str, Any], variants: Sequence[str]) -> dict[str, Any]:
    if "engines" in row:
        return dict(row)
    kept = {key: value for key, value in row.items() if key != "facts"}
    identity = older_engine(row["facts"]) if row.get("facts") else None
    return {**kept, "engines": [{"variant": name, "identity": identity} for name in variants] if identity else []}


def older_builds(plain: Mapping[str, Any], variants: Mapping[str, tuple[bool, bool]]) -> dict[str, Any]:
    """Return a builds.json: one index, and one training per seed that all variants shared.

    `variants`: for each variant whether it retrieves and whether it trains.
    """
    if "records" in plain:
        return dict(plain)
    trainings = {f"adapter {row['seed']}": {"type": "training", **row} for row in plain["trainings"]}
    index = {"index": {"type": "index", **plain["index"]}} if plain["index"] else {}
    legs = []
    for name, (retrieves, trains) in variants.items():
        shared = list(index) if retrieves else []
        if trains:
            legs += [
                {"variant": name, "seed": row["seed"], "artifacts": [*shared, key]} for key, row in trainings.items()
            ]
        else:
            legs.append({"variant": name, "seed": None, "artifacts": shared})
    return {"records": {**index, **trainings}, "legs": legs}


def older_comparison(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return comparison.json: the one note becomes notes."""
    return [_with_notes(row) for row in rows]


def older_costs(sheet: Row) -> dict[str, Any]:
    """Return cost.json: prices by row, and of each variant its parts, hardware and bound as fields of their own.

    Format 1 priced all variants on one hardware, whose row it kept; that of storage it did not keep.
    """
    prices = sheet["prices"]
    if not isinstance(prices, Mapping):
        return dict(sheet)
    facts = []
    if row := prices["row"]:
        kept = {name: row[name] for name in ("as_of", "source", "usd_per_hour", "note") if name in row}
        facts.append({"row": prices["hardware"], **kept})
    variants = [_older_cost(variant, prices["hardware"]) for variant in sheet["variants"]]
    return {"prices_as_of": prices["as_of"], "prices": facts, "variants": variants}


def _older_cost(row: Row, hardware: str | None) -> dict[str, Any]:
    parts = dict(row["parts"])
    notes = (row["note"] or "").replace(f"; {_REMEDY}", f", {_REMEDY}").split("; ")
    kept = {name: value for name, value in row.items() if name not in ("parts", "note", "build_usd")}
    return {
        **kept,
        **{f"{part}_usd": parts[part] for part in ("building", "rebuilding", "serving", "storage")},
        "is_upper_bound": _BOUND in notes,
        "hardware": hardware if _BOUND in notes else None,
        "notes": [note for note in notes if note and note != _BOUND and _DATED not in note],
    }


def _with_notes(row: Row) -> dict[str, Any]:
    if "note" not in row:
        return dict(row)
    kept = {name: value for name, value in row.items() if name != "note"}
    return {**kept, "notes": [row["note"]] if row["note"] else []}
