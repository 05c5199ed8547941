"""Runs that an older version left: they open, are reported again, and say why they cannot go on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ragvsft.errors import RunError
from ragvsft.progress import Silent
from ragvsft.stages import flow
from ragvsft.stages.run import Run
from ragvsft.stages.start import resume
from ragvsft.store.runs import RunFolder
from tests.paths import ROOT

RUNS = sorted((ROOT / "tests" / "runs").iterdir())


@pytest.fixture(params=RUNS, ids=[path.name[17:34] for path in RUNS])
def older(request, tmp_path) -> Path:
    """Return a copy of a run of format 1 that a test may change."""
    return Path(shutil.copytree(request.param, tmp_path / request.param.name))


def test_a_run_of_format_1_is_reported_again_with_or_without_scoring_it_first(older):
    """From what was stored then, and from what is stored once it was scored again."""
    with RunFolder.open(older) as folder:
        run = Run(folder, Silent(), {})
        flow.do(run, "report")
        as_stored = folder.file("report").read_text()
        flow.do(run, "score")
        flow.do(run, "report")
        scored_again = folder.file("report").read_text()
    for report in (as_stored, scored_again):
        assert all(name in report for name in ("prompt", "rag", "lora"))
        assert run.evidence().decision.headline.split(":")[0] in report


def test_what_stood_for_nothing_in_format_1_is_nothing(older):
    """Seed 0 of what trains nothing is no seed; what does not retrieve has no hits, and not merely none."""
    with RunFolder.open(older, locked=False) as folder:
        evidence = Run(folder, Silent(), {}).evidence()
    seeds = {(p.variant, p.seed) for p in evidence.predictions}
    assert {seed for variant, seed in seeds if variant != "lora"} == {None}
    assert {seed for variant, seed in seeds if variant == "lora"} == set(evidence.config.lora.seeds)
    quality = [p for p in evidence.predictions if p.purpose == "quality"]
    assert {p.hits is None for p in quality if p.variant == "rag"} == {False}
    assert {p.hits for p in quality if p.variant != "rag"} == {None}
    assert evidence.builds is not None
    assert {len(evidence.builds.of(name) or ()) for name in ("prompt", "rag")} == {0, 1}
    assert len(evidence.builds.trainings("lora")) == len(evidence.config.lora.seeds)


def test_a_run_of_format_1_is_not_continued(older):
    """It says so in one line, with what to do instead."""
    (older / "latency.jsonl").write_text("")
    with RunFolder.open(older) as folder, pytest.raises(RunError, match=r"older version .* start a new run"):
        flow.do_all(Run(folder, Silent(), {}))


@pytest.mark.parametrize("format_", [0, 3, None, "two"])
def test_a_run_of_a_format_that_is_not_known_is_refused_in_one_line(older, format_):
    """With the format, and those that are read."""
    manifest = older / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": format_}))
    with pytest.raises(RunError) as caught:
        resume(older, progress=Silent(), environ={})
    [problem] = caught.value.problems
    assert problem.startswith(f"{manifest}: format is {format_!r}, and this version of ragvsft reads 1 and 2")
