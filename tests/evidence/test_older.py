"""Runs of format 1 are read as today's would be: file by file, and scored and read again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from ragvsft.building import EngineIdentity
from ragvsft.cli import main as cli
from ragvsft.codec import from_dict, to_plain
from ragvsft.config.sections import StatisticsConfig
from ragvsft.evidence.older import (
    older_comparison,
    older_costs,
    older_engine,
    older_hits,
    older_metrics,
    older_predictions,
    older_scores,
    older_task,
)
from ragvsft.findings import CostSheet, Decision, Difference, Metric, PriceFacts
from ragvsft.names import TRIVIAL
from ragvsft.records import Completion, Prediction, Sample, Score
from ragvsft.scoring.measures import default_scorers
from ragvsft.scoring.metrics import score_all, summarise
from ragvsft.scoring.scorers.measure import ScorerSettings
from ragvsft.tasks import Task
from tests.paths import ROOT

RUNS = sorted((ROOT / "tests" / "runs").iterdir())
each_run = pytest.mark.parametrize("run", RUNS, ids=[run.name.split("_")[1] for run in RUNS])


def _rows(run: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (run / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def _journal(run: Path, name: str, kind):
    return [from_dict(kind, row) for row in _rows(run, name)]


def _stored(run: Path, name: str):
    return json.loads((run / f"{name}.json").read_text())


@pytest.mark.parametrize(("run", "longest"), zip(RUNS, (24, 72), strict=True), ids=lambda value: str(value)[-20:])
def test_the_engine_of_an_older_run_is_known(run: Path, longest: int) -> None:
    """All that it said of itself; its "kind" was the architecture."""
    [facts] = [row["facts"] for row in _rows(run, "stages") if row["facts"]]
    assert from_dict(EngineIdentity, older_engine(facts)) == EngineIdentity(
        engine="transformers",
        model="bundled",
        model_sha256="652fc16a0f38a79306fc0c0170f8051720aa3df0a88b7f4017644ab25e8ab5d1",
        architecture="seq2seq",
        device="cpu",
        device_name="cpu",
        dtype="float32",
        threads=1,
        adapters="merged",
        max_new_tokens=longest,
        token_budget=8192,
    )


def test_an_engine_that_says_more_or_less_is_still_read() -> None:
    """The scripted engine of format 1 said three things; a fact that no record has is left out."""
    facts = {"engine": "scripted", "model": "scripted", "device": "cpu", "mood": 3}
    assert from_dict(EngineIdentity, older_engine(facts)) == EngineIdentity("scripted", "scripted", device="cpu")


@each_run
def test_what_trains_nothing_has_no_seed(run: Path) -> None:
    """Format 1 wrote 0 there. A training's seed stays, 0 as well; nothing else changes."""
    for name in ("predictions", "latency"):
        rows = _rows(run, name)
        made = older_predictions(rows, trained=["lora"])
        assert [{**row, "seed": None} for row in rows] == [{**row, "seed": None} for row in made]
        read = [from_dict(Prediction, row) for row in made]
        assert {p.seed for p in read if p.variant != "lora"} == {None}
        assert [p.seed for p in read if p.variant == "lora"] == [r["seed"] for r in rows if r["variant"] == "lora"]
        assert any(isinstance(p.outcome, Completion) for p in read)
    scores = [from_dict(Score, row) for row in older_scores(_rows(run, "scores"), trained=["lora"])]
    assert {s.seed for s in scores if s.variant != "lora"} == {None}
    assert 0 in {s.seed for s in scores if s.variant == "lora"}


def test_reading_a_row_of_today_as_an_older_one_changes_nothing() -> None:
    """Who cannot tell the format of a row may convert it."""
    row = {"variant": "prompt", "seed": None, "sample_id": "s"}
    assert older_predictions([row], trained=["lora"]) == older_scores([row], trained=["lora"]) == [row]


@each_run
def test_stored_metrics_are_those_that_its_scores_give_today(run):
    """To the last digit, with their aggregates and notes."""
    config = json.loads((run / "manifest.json").read_text())["config"]
    schema = json.loads((run / "manifest.json").read_text())["task"]["schema"]
    samples, scores = _journal(run, "samples", Sample), _journal(run, "scores", Score)
    scorers = default_scorers(config["task"]["kind"], ScorerSettings(schema), ks=[config["rag"]["k"]], samples=samples)
    stored = [from_dict(Metric, row) for row in older_metrics(json.loads((run / "metrics.json").read_text()))]
    assert stored == summarise(samples, scores, scorers, statistics=StatisticsConfig(**config["statistics"]))
    assert {metric.aggregate for metric in stored} == {"mean", "p50", "p95"}


@each_run
def test_stored_answers_score_today_as_they_did(run):
    """Every number and every cause, of both passes; trivial rivals are scored elsewhere."""
    manifest = json.loads((run / "manifest.json").read_text())
    samples, k = _journal(run, "samples", Sample), manifest["config"]["rag"]["k"]
    settings = ScorerSettings(manifest["task"]["schema"], manifest["task"]["refusal"])
    scorers = default_scorers(manifest["config"]["task"]["kind"], settings, ks=[k], samples=samples)
    asked = [row for name in ("predictions", "latency") for row in _rows(run, name)]
    asked = older_hits(older_predictions(asked, trained={"lora"}), retrieving={"rag"})
    stored = older_scores(_rows(run, "scores"), trained={"lora"})
    scores = score_all(samples, [from_dict(Prediction, row) for row in asked], scorers)
    assert list(scores) == [from_dict(Score, row) for row in stored if row["variant"] not in TRIVIAL]


def test_the_aggregate_leaves_the_name_and_the_note_becomes_one_of_several():
    """A name that only ends like one keeps it."""
    row = {"name": "latency_s.p95", "variant": "rag", "note": "withheld"}
    assert older_metrics([row]) == [{"name": "latency_s", "variant": "rag", "aggregate": "p95", "notes": ["withheld"]}]
    [today] = older_metrics([row])
    assert older_metrics([today]) == [today]  # as a run of format 1 that was scored again holds it
    mean = {"name": "recall_at(50)", "note": None}
    assert older_metrics([mean]) == [{"name": "recall_at(50)", "aggregate": "mean", "notes": []}]


@each_run
def test_the_comparisons_of_a_kept_run_are_read(run):
    """Every row, with its note where it had one."""
    stored = _stored(run, "comparison")
    rows = [from_dict(Difference, row) for row in older_comparison(stored)]
    assert [row.notes for row in rows] == [(row["note"],) if row["note"] else () for row in stored]
    assert [(row.variant, row.other, row.value) for row in rows] == [
        (row["variant"], row["other"], row["value"]) for row in stored
    ]
    assert any(row.notes for row in rows)


@each_run
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


@each_run
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


@each_run
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
    assert _stored(folder, "metrics") == older_metrics(_stored(run, "metrics"))


@pytest.mark.parametrize(("plain", "kind"), [({"schema": None}, "answer"), ({"schema": {}}, "json"), ({}, "answer")])
def test_a_task_without_a_kind_is_told_by_its_schema(plain, kind):
    """Even an empty one: there were two kinds, and the one with a schema was JSON."""
    task = from_dict(Task, older_task({"instruction": "Do it.", **plain}))
    assert (task.kind, task.schema) == (kind, plain.get("schema"))


def test_a_task_that_knows_its_kind_keeps_it():
    """Whatever its schema would tell."""
    assert older_task({"kind": "json", "instruction": "Do it.", "schema": None})["kind"] == "json"
