"""One run as its stages work on it: time is written down whatever becomes of a stage."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ragvsft.errors import ModelError, RunError
from ragvsft.evidence.run import EngineUse, StageRow
from ragvsft.progress import Silent
from ragvsft.stages.run import Run
from tests.make import an_engine
from tests.projects import started_run


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Return a run that was only started."""
    with started_run(tmp_path, "prompt") as folder:
        yield Run(folder, Silent(), environ={})


def rows(run: Run) -> list[StageRow]:
    """Return what is written down of its stages."""
    return run.folder.journal("stages").read_as(StageRow)


def break_off(run: Run, error: BaseException) -> None:
    """Begin a stage that ends in an error after half a second of model work."""
    with run.stage("build") as work:
        work.model_s = 0.5
        raise error


def test_a_stage_is_written_down_with_its_time_and_what_it_says_of_itself(run: Run) -> None:
    """Model work is a part of it, and the engines are those that were loaded."""
    use = EngineUse("prompt", an_engine())
    with run.stage("answer: quality") as work:
        work.model_s, work.engines = 0.25, (use,)
    [row] = rows(run)
    assert (row.stage, row.model_s, row.engines, row.failed) == ("answer: quality", 0.25, (use,), False)
    assert row.seconds >= 0


@pytest.mark.parametrize("error", [ModelError("no such model"), ZeroDivisionError(), KeyboardInterrupt()])
def test_a_stage_that_raises_is_written_down_as_failed(run: Run, error: BaseException) -> None:
    """Whether it was the user's error, ours, or the user who stopped it: the time was spent, and the error goes on."""
    with pytest.raises(type(error)):
        break_off(run, error)
    with run.stage("build"):
        pass
    assert [(row.stage, row.model_s, row.failed) for row in rows(run)] == [("build", 0.5, True), ("build", 0.0, False)]
    [time] = run.evidence().stages
    assert time.model_s == 0.5
    assert time.seconds == sum(row.seconds for row in rows(run))


def test_a_time_that_cannot_be_written_hides_no_error(run: Run) -> None:
    """What stopped the stage is the news."""
    shutil.rmtree(run.folder.path)
    run.folder.path.write_text("")  # a file where the folder was
    with pytest.raises(ModelError, match="the news"):
        break_off(run, ModelError("the news"))


def test_what_a_run_has_not_come_to_is_said_with_what_continues_it(run: Run) -> None:
    """By the word for the stage that leaves it."""
    run.require("manifest")
    for name, word in (("builds", "built"), ("latency", "answered"), ("cost", "scored"), ("report", "reported")):
        with pytest.raises(
            RunError, match=rf"not {word} yet; continue it with: ragvsft run --resume {run.folder.path}"
        ):
            run.require(name)
