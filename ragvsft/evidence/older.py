"""What runs of format 1 hold, as today's records read it: plain dicts in, plain dicts out, one function per file.

What is of today's shape already comes back as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]

_BOUND = "one request at a time, an upper bound: batching lowers it"
_REMEDY = "name a row in cost.hardware"  # the one remark that had a semicolon of its own
_DATED = " USD an hour as of "  # in the remark that named the hardware


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
