"""What runs of format 1 hold becomes what runs of today hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ragvsft.codec import from_dict
from ragvsft.config.sections import StatisticsConfig
from ragvsft.evidence.older import older_hits, older_metrics, older_predictions, older_scores
from ragvsft.findings import Metric
from ragvsft.names import TRIVIAL
from ragvsft.records import Prediction, Sample, Score
from ragvsft.scoring.measures import default_scorers
from ragvsft.scoring.metrics import score_all, summarise
from ragvsft.scoring.scorers.measure import ScorerSettings

RUNS = sorted((Path(__file__).parents[1] / "runs").iterdir())


@pytest.mark.parametrize("run", RUNS, ids=[run.name for run in RUNS])
def test_stored_metrics_are_those_that_its_scores_give_today(run):
    """To the last digit, with their aggregates and notes."""
    config = json.loads((run / "manifest.json").read_text())["config"]
    schema = json.loads((run / "manifest.json").read_text())["task"]["schema"]
    samples, scores = _journal(run / "samples.jsonl", Sample), _journal(run / "scores.jsonl", Score)
    scorers = default_scorers(config["task"]["kind"], ScorerSettings(schema), ks=[config["rag"]["k"]], samples=samples)
    stored = [from_dict(Metric, row) for row in older_metrics(json.loads((run / "metrics.json").read_text()))]
    assert stored == summarise(samples, scores, scorers, statistics=StatisticsConfig(**config["statistics"]))
    assert {metric.aggregate for metric in stored} == {"mean", "p50", "p95"}


@pytest.mark.parametrize("run", RUNS, ids=[run.name for run in RUNS])
def test_stored_answers_score_today_as_they_did(run):
    """Every number and every cause, of both passes; trivial rivals are scored elsewhere."""
    manifest = json.loads((run / "manifest.json").read_text())
    samples, k = _journal(run / "samples.jsonl", Sample), manifest["config"]["rag"]["k"]
    settings = ScorerSettings(manifest["task"]["schema"], manifest["task"]["refusal"])
    scorers = default_scorers(manifest["config"]["task"]["kind"], settings, ks=[k], samples=samples)
    asked = [row for name in ("predictions", "latency") for row in _rows(run / f"{name}.jsonl")]
    asked = older_hits(older_predictions(asked, trained={"lora"}), retrieving={"rag"})
    stored = older_scores(_rows(run / "scores.jsonl"), trained={"lora"})
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


def _rows(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def _journal(path, kind):
    return [from_dict(kind, row) for row in _rows(path)]
