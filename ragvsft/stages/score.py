"""Score what was answered: scores, metrics, comparison, cost, decision. Asks no model."""

from __future__ import annotations

from ragvsft.errors import RunError
from ragvsft.scoring.metrics import summarise
from ragvsft.stages.answer import missing
from ragvsft.stages.run import Run


def do(run: Run) -> None:
    """Write what follows from the predictions. Raises RunError where some are missing."""
    if count := missing(run):  # a score of half a run would look like one of the whole
        raise RunError(f"{run.folder.path}: {count} predictions are missing; {run.remedy}")
    with run.stage("score"):
        evidence = run.evidence()
        scorers = _scorers(evidence)
        scores = _scores(evidence, scorers)
        metrics = summarise(evidence.samples, scores, scorers, statistics=run.config.statistics)
        run.folder.write_lines("scores", scores)
        run.folder.write_json("metrics", metrics)
        _judge(run, evidence, scorers, scores, metrics)
