"""One run with variants that differ in a setting only: each is built with its own, and none mixes with another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ragvsft.building import IndexRecord
from ragvsft.config.load import load_config
from ragvsft.errors import UserError
from ragvsft.evidence.run import Evidence
from ragvsft.progress import Silent
from ragvsft.stages import flow
from ragvsft.stages.start import start
from tests.projects import SAMPLES, small_project

VARIANTS = """[
  few-shot, {name: rag-1, like: rag, retrieval: {k: 1}}, {name: rag-5, like: rag, retrieval: {k: 5}},
  {name: lora-4, like: lora, lora: {r: 4}}, {name: lora-16, like: lora, lora: {r: 16, seeds: [3, 4]}}]"""
CHANGES = {"variants": VARIANTS, "few_shot.k": "2", "passages.tokens": "16", "passages.overlap": "0"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Return the folder of a finished run of two cuts of retrieval, two ranks and worked examples."""
    config = load_config(small_project(tmp_path_factory.mktemp("named")), overrides=CHANGES)
    run = start(config, limit=None, progress=Silent(), environ={})
    with run.folder:
        flow.do_all(run)
    return run.folder.path


@pytest.fixture(scope="module")
def evidence(folder) -> Evidence:
    """Return what it left."""
    from ragvsft.evidence.read import read_config, read_evidence, read_manifest
    from ragvsft.store.runs import RunFolder

    with RunFolder.open(folder, locked=False) as opened:
        manifest = read_manifest(opened)
        return read_evidence(opened, manifest, read_config(opened, manifest))


def test_every_variant_answers_every_sample_with_every_seed_of_its_own(evidence):
    """Two seeds of one adapter, one of the other, none where nothing is trained."""
    asked = {(p.variant, p.seed) for p in evidence.predictions if p.purpose == "quality"}
    untrained = {("few-shot", None), ("rag-1", None), ("rag-5", None)}
    assert asked == untrained | {("lora-4", 0), ("lora-16", 3), ("lora-16", 4)}
    assert sum(p.purpose == "quality" for p in evidence.predictions) == 6 * len(SAMPLES)


def test_each_retrieving_variant_gets_its_own_number_of_passages(evidence):
    """From one index that both share."""
    hits = {(p.variant, len(p.hits)) for p in evidence.predictions if p.hits is not None}
    assert hits == {("rag-1", 1), ("rag-5", 5)}
    indexes = {name: evidence.builds.of(name) for name in ("rag-1", "rag-5")}
    assert indexes["rag-1"] == indexes["rag-5"]
    assert [type(record) for record in indexes["rag-1"]] == [IndexRecord]


def test_retrieval_is_measured_at_both_cuts(evidence):
    """Recall among one passage, and among five."""
    measured = {(m.name, m.variant) for m in evidence.metrics if m.name.startswith("recall_at")}
    assert {name for name, _ in measured} == {"recall_at(1)", "recall_at(5)"}
    assert {variant for _, variant in measured} == {"rag-1", "rag-5"}


def test_each_trained_variant_has_its_own_adapters_and_pays_for_them(evidence):
    """Rank 4 has a quarter of the weights of rank 16; builds are not shared, and costs are not averaged."""
    small, large = (evidence.builds.trainings(name) for name in ("lora-4", "lora-16"))
    assert [record.seed for record in (*small, *large)] == [0, 3, 4]
    assert large[0].trainable_parameters == 4 * small[0].trainable_parameters
    seconds = {"lora-4": small[0].seconds, "lora-16": (large[0].seconds + large[1].seconds) / 2}
    built = {cost.variant: cost.building_usd for cost in evidence.costs}
    hourly = built["lora-4"] / seconds["lora-4"]
    assert built["lora-16"] == pytest.approx(hourly * seconds["lora-16"])
    assert built["few-shot"] == 0


def test_few_shot_shows_the_nearest_training_examples_and_no_others(evidence):
    """Two examples are left after the leak check, so both are shown, the nearer one first in the record."""
    shown = {p.sample_id: p.shots for p in evidence.predictions if p.variant == "few-shot" and p.purpose == "quality"}
    assert {tuple(sorted(shots)) for shots in shown.values()} == {("e1", "e2")}
    assert shown["s1"][0] == "e1"  # asks for days of leave
    assert shown["s4"][0] == "e2"  # asks for the weight of the Beck
    assert {p.shots for p in evidence.predictions if p.variant != "few-shot"} == {None}


def test_the_report_and_the_decision_know_every_variant(folder, evidence):
    """With what each sets differently from the others."""
    report = (folder / "report.html").read_text()
    assert all(name in report for name in evidence.config.names)
    assert "Like rag, with retrieval.k 5" in report
    assert {row.variant for row in evidence.metrics} >= set(evidence.config.names)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["config"]["variants"][0] == "few-shot"
    assert manifest["config"]["variants"][3] == {"name": "lora-4", "like": "lora", "lora": {"r": 4}}


def test_models_and_engines_that_cannot_be_used_are_named_by_variant_all_at_once(tmp_path):
    """Before anything is built; where all variants share one, its problem needs no name."""
    path = small_project(tmp_path)
    variants = "[{name: a, like: prompt, model: nowhere}, {name: b, like: prompt, engine: {device: warp}}, prompt]"
    with pytest.raises(UserError) as caught:
        start(load_config(path, overrides={"variants": variants}), limit=None, progress=Silent(), environ={})
    first, second = caught.value.problems
    assert first.startswith("variants.a: model nowhere")
    assert second.startswith("variants.b: engine.device")
    with pytest.raises(UserError) as caught:
        start(load_config(path, overrides={"engine.device": "warp"}), limit=None, progress=Silent(), environ={})
    assert [problem.startswith("engine.device") for problem in caught.value.problems] == [True]
