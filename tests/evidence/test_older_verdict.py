"""What the verdict of a run of format 1 left, as today's records read them, on two that were kept."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from ragvsft.cli import main as cli
from ragvsft.codec import from_dict, to_plain
from ragvsft.evidence.older import older_comparison, older_costs
from ragvsft.records import CostSheet, Decision, Difference, PriceFacts
from tests.paths import ROOT

RUNS = sorted((ROOT / "tests" / "runs").iterdir())
kept_runs = pytest.mark.parametrize("run", RUNS, ids=[run.name.split("_")[1] for run in RUNS])


def _stored(run: Path, name: str):
    return json.loads((run / f"{name}.json").read_text())


@kept_runs
def test_the_comparisons_of_a_kept_run_are_read(run):
    """Every row, with its note where it had one."""
    stored = _stored(run, "comparison")
    rows = [from_dict(Difference, row) for row in older_comparison(stored)]
    assert [row.notes for row in rows] == [(row["note"],) if row["note"] else () for row in stored]
    assert [(row.variant, row.other, row.value) for row in rows] == [
        (row["variant"], row["other"], row["value"]) for row in stored
    ]
    assert any(row.notes for row in rows)


@kept_runs
def test_the_costs_of_a_kept_run_are_read(run):
    """Sums and parts as they stand there; what was said in one note is a field each."""
    stored = _stored(run, "cost")
    sheet = from_dict(CostSheet, older_costs(stored))
    assert sheet.prices_as_of == "2026-11-09"
    [price] = sheet.prices
    assert (price.row, price.as_of, price.usd_per_hour) == ("cpu-4-vcpu", "2026-06-17", 0.2016)
    assert price.source.startswith("AWS m7i.xlarge")
    for cost, row in zip(sheet.variants, stored["variants"], strict=True):
        parts = (cost.building_usd, cost.rebuilding_usd, cost.serving_usd, cost.storage_usd)
        assert list(parts) == [usd for _, usd in row["parts"]]
        assert (cost.variant, cost.months_usd, cost.request_usd) == (
            row["variant"], row["months_usd"], row["request_usd"],
        )  # fmt: skip
        assert (cost.is_upper_bound, cost.hardware) == (True, "cpu-4-vcpu")
        assert not any("upper bound" in note or "USD" in note for note in cost.notes)


@kept_runs
def test_the_decision_of_a_kept_run_needs_no_conversion(run):
    """Its record did not change."""
    assert from_dict(Decision, _stored(run, "decision")).verdict == "none usable"


def test_a_cost_without_a_price_keeps_its_reason_whole():
    """One reason had a semicolon of its own; nothing that was unknown becomes an upper bound."""
    remark = "the price book has no hardware for the device 'x'; name a row in cost.hardware"
    parts = [["building", 0.0], ["rebuilding", 0.0], ["serving", None], ["storage", 0.0]]
    row = {"variant": "rag", "build_usd": 0.0, "request_usd": None, "correct_usd": None, "months_usd": None,
           "months": 12, "requests_per_month": 10, "parts": parts,
           "note": f"{remark}; no record of the build, so its price is unknown"}  # fmt: skip
    sheet = {"prices": {"as_of": "2026-11-09", "hardware": None, "row": None}, "variants": [row]}
    read = from_dict(CostSheet, older_costs(sheet))
    [cost] = read.variants
    assert read.prices == ()
    assert (cost.is_upper_bound, cost.hardware, cost.serving_usd) == (False, None, None)
    assert cost.notes == (
        "the price book has no hardware for the device 'x', name a row in cost.hardware",
        "no record of the build, so its price is unknown",
    )


def test_what_is_of_todays_shape_stays_as_it_is():
    """A run may be scored again by today's version."""
    sheet = to_plain(CostSheet("2026-11-09", (PriceFacts("box", "2026-11-09", "us", usd_per_hour=1.0),), ()))
    assert older_costs(sheet) == sheet
    rows = [{"metric": "token_f1", "notes": ["one document"]}]
    assert older_comparison(rows) == rows


@kept_runs
def test_a_kept_run_is_scored_again_and_read_again(run, tmp_path):
    """Its figures stay, to the last digit, and what today's version wrote into it is not taken for format 1."""
    folder = tmp_path / run.name
    shutil.copytree(run, folder)
    for command in ("score", "report", "score"):
        result = CliRunner().invoke(cli.main, [command, str(folder), "--json"])
        assert result.exit_code == 0, (command, result.output)
    before, after = _stored(run, "comparison"), _stored(folder, "comparison")
    assert older_comparison(before) == after
    costs = older_costs(_stored(run, "cost"))
    assert _stored(folder, "cost")["variants"] == costs["variants"]
    assert len(_stored(folder, "metrics")) == len(_stored(run, "metrics"))
