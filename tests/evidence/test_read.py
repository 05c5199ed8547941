"""A run folder as evidence: each file once, later rows over earlier ones, and what is not there is empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ragvsft.evidence.read import read_config, read_evidence, read_manifest, stage_times
from ragvsft.evidence.run import EngineUse, Evidence, StageRow, StageTime
from ragvsft.records import Failure
from ragvsft.store.runs import RunFolder
from tests.make import a_decision, a_metric, a_prediction, an_engine, some_samples
from tests.projects import started_manifest, started_run

VARIANTS = ("prompt", {"name": "mine", "like": "rag"})


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[RunFolder]:
    """Return a run folder that holds what a run begins with."""
    with started_run(tmp_path, *VARIANTS) as made:
        yield made


def evidence_of(folder: RunFolder) -> Evidence:
    """Return what a folder holds."""
    manifest = read_manifest(folder)
    return read_evidence(folder, manifest, read_config(folder, manifest))


def test_a_run_that_was_only_started_has_nothing_else(folder: RunFolder) -> None:
    """What it did not come to is empty or None, never made up."""
    evidence = evidence_of(folder)
    assert evidence == Evidence(started_manifest(*VARIANTS), evidence.config, tuple(some_samples(2)))
    assert evidence.config.names == ["prompt", "mine"]


def test_of_a_request_that_was_asked_again_the_later_answer_counts(folder: RunFolder) -> None:
    """In the quality pass and in the latency pass, each by itself."""
    failed = Failure("out-of-memory", "no room")
    timed = {"purpose": "latency", "round": 1}
    with folder.journal("predictions") as journal:
        journal.append([a_prediction(failed), a_prediction("other", sample_id="s1"), a_prediction("again")])
    with folder.journal("latency") as journal:
        journal.append([a_prediction("slow", **timed), a_prediction("slower", **timed)])
    assert evidence_of(folder).predictions == (
        a_prediction("again"),
        a_prediction("other", sample_id="s1"),
        a_prediction("slower", **timed),
    )


def test_findings_are_read_as_they_were_written(folder: RunFolder) -> None:
    """Records to the last field."""
    metrics = [a_metric("token_f1", "mine", 0.7), a_metric("latency_s", "mine", None, notes=("withheld",))]
    folder.write_json("metrics", metrics)
    folder.write_json("decision", a_decision("mine", stamps=("--limit 2",)))
    evidence = evidence_of(folder)
    assert evidence.metrics == tuple(metrics)
    assert evidence.decision == a_decision("mine", stamps=("--limit 2",))


def test_the_engine_of_a_variant_is_the_one_that_answered_it_last(folder: RunFolder) -> None:
    """A resumed run may have moved to another device."""
    uses = [EngineUse("prompt", an_engine(device="cpu")), EngineUse("mine", an_engine(device="cpu"))]
    moved = EngineUse("mine", an_engine(device="cuda:0"))
    with folder.journal("stages") as journal:
        journal.append([StageRow("answer: quality", 9.0, 8.0, tuple(uses)), StageRow("score", 1.0, 0.0)])
        journal.append([StageRow("answer: quality", 2.0, 1.0, (moved,))])
    assert evidence_of(folder).engines == {"prompt": uses[0].identity, "mine": moved.identity}


def test_stages_are_summed_over_resumptions_and_scoring_is_that_of_the_last_time() -> None:
    """Time that ended in an error was spent, too; the order is that of the first time."""
    rows = [
        StageRow("build", 10.0, 9.0, failed=True),
        StageRow("score", 5.0, 0.0),
        StageRow("build", 4.0, 3.0),
        StageRow("score", 2.0, 0.5),
    ]
    assert stage_times(rows) == [StageTime("build", 14.0, 12.0), StageTime("score", 2.0, 0.5)]


def test_a_journal_that_nobody_needs_is_not_read(folder: RunFolder) -> None:
    """Not even where it is damaged; the rest is there."""
    folder.file("scores").write_text("damaged\n")
    manifest = read_manifest(folder)
    evidence = read_evidence(folder, manifest, read_config(folder, manifest), without=["scores", "latency"])
    assert (evidence.scores, len(evidence.samples)) == ((), 2)
