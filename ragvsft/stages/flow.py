"""Which stage is done when: the table of names.STAGES, walked."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from ragvsft.names import STAGES
from ragvsft.stages.run import Run


class StageModule(Protocol):
    """What a module of STAGES holds, but for the first, which makes the run."""

    @staticmethod
    def do(run: Run) -> None:
        """Do the stage, from what the run folder holds."""
        ...


def do(run: Run, name: str) -> None:
    """Do one stage. Raises RunError where the run has not come as far as it needs."""
    stage = STAGES[name]
    for file in stage.needs:
        run.require(file)
    cast(StageModule, import_module(stage.module)).do(run)


def do_all(run: Run) -> None:
    """Do all stages but the first, in order; what is answered already is neither built nor answered again."""
    # building is quick where the cache holds everything, and right where it was emptied meanwhile
    unanswered = run.evidence(without=("scores", "trivial")).missing(also_failed=True) > 0
    for name, stage in list(STAGES.items())[1:]:
        if unanswered or not stage.answers or not run.folder.has(stage.leaves[0]):
            do(run, name)
