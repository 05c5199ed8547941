"""What runs of format 1 hold becomes what runs of today hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ragvsft.codec import from_dict
from ragvsft.config.sections import StatisticsConfig
from ragvsft.evidence.older import older_metrics
from ragvsft.records import Metric, Sample, Score
from ragvsft.scoring.measures import default_scorers
from ragvsft.scoring.metrics import summarise
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


def test_the_aggregate_leaves_the_name_and_the_note_becomes_one_of_several():
    """A name that only ends like one keeps it."""
    row = {"name": "latency_s.p95", "variant": "rag", "note": "withheld"}
    assert older_metrics([row]) == [{"name": "latency_s", "variant": "rag", "aggregate": "p95", "notes": ["withheld"]}]
    mean = {"name": "recall_at(50)", "note": None}
    assert older_metrics([mean]) == [{"name": "recall_at(50)", "aggregate": "mean", "notes": []}]


def _journal(path, kind):
    return [from_dict(kind, json.loads(line)) for line in path.read_text().splitlines()]
