"""Runs of format 1 are read as today's would be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ragvsft.building import EngineIdentity
from ragvsft.codec import from_dict
from ragvsft.evidence.older import older_engine, older_predictions, older_scores
from ragvsft.records import Completion, Prediction, Score

RUNS = sorted((Path(__file__).parent.parent / "runs").iterdir())


def _rows(run: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (run / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


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


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name[-20:])
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
