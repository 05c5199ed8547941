"""Score what was answered: scores, metrics, comparison, cost, decision. Asks no model."""

from __future__ import annotations

from collections.abc import Sequence

from ragvsft.building import Builds
from ragvsft.errors import RunError
from ragvsft.evidence.run import Evidence
from ragvsft.findings import CostSheet, Difference, Metric
from ragvsft.names import FileName
from ragvsft.records import Score
from ragvsft.scoring.floor import as_predictions, best_rival, first_hit_answers
from ragvsft.scoring.measures import default_scorers
from ragvsft.scoring.metrics import score_all, summarise
from ragvsft.scoring.scorers import Scorer
from ragvsft.scoring.scorers.measure import ScorerSettings
from ragvsft.stages.run import Run
from ragvsft.tasks import TASKS
from ragvsft.verdict.compare import compare
from ragvsft.verdict.cost import costs
from ragvsft.verdict.decide import decide
from ragvsft.verdict.prices import load_prices

_REPLACED: tuple[FileName, ...] = ("scores",)  # by what this stage writes


def do(run: Run) -> None:
    """Write what follows from the predictions. Raises RunError where some are missing."""
    with run.stage("score"):
        evidence = run.evidence(without=_REPLACED)
        if count := evidence.missing():  # a score of half a run would look like one of the whole
            raise RunError(f"{run.folder.path}: {count} predictions are missing; {run.remedy}")
        scorers = _scorers(evidence)
        scores = _scores(evidence, scorers)
        metrics = summarise(evidence.samples, scores, scorers, statistics=evidence.config.statistics)
        differences = _differences(evidence, scorers, scores, metrics)
        sheet = _costs(evidence, metrics)
        stamps = evidence.manifest.stamps
        decision = decide(
            differences, metrics, sheet.variants, evidence.config, samples=evidence.samples, stamps=stamps
        )
        run.folder.write_rows("scores", scores)
        run.folder.write_json("metrics", metrics)
        run.folder.write_json("comparison", differences)
        run.folder.write_json("cost", sheet)
        run.folder.write_json("decision", decision)


def _differences(
    evidence: Evidence, scorers: Sequence[Scorer], scores: Sequence[Score], metrics: Sequence[Metric]
) -> list[Difference]:
    config = evidence.config
    return compare(
        evidence.samples,
        scores,
        [scorer for scorer in scorers if scorer.measure.detail_of is None],
        primary=config.primary,
        candidates=config.candidates,
        controls=config.controls,
        statistics=config.statistics,
        rival=best_rival(metrics, config.primary),
    )


def _costs(evidence: Evidence, metrics: Sequence[Metric]) -> CostSheet:
    engines = evidence.engines or {}
    return costs(
        evidence.config,
        metrics,
        evidence.builds or Builds({}, ()),
        devices={name: engine.device_name for name, engine in engines.items() if engine.device_name},
        models={name: engine.model for name, engine in engines.items()},
        prices=load_prices(evidence.config.cost.prices),
    )


def _scorers(evidence: Evidence) -> list[Scorer]:
    task, variants = evidence.manifest.task, evidence.config.variants
    ks = sorted({variant.retrieval.k for variant in variants if variant.row.retrieves})
    return default_scorers(task.kind, ScorerSettings(task.schema, task.refusal), ks=ks, samples=evidence.samples)


def _scores(evidence: Evidence, scorers: Sequence[Scorer]) -> list[Score]:
    """Return the scores of all predictions, then those of the trivial rivals on the primary metric."""
    primary = [scorer for scorer in scorers if scorer.name == evidence.primary]
    answers = list(evidence.trivial)
    # nothing in a run of before the rivals were written down at its start
    if answers and "first-hit" in TASKS[evidence.manifest.task.kind].rivals:
        # what a control was given, no search would find
        candidates = evidence.config.candidates
        found = [prediction for prediction in evidence.predictions if prediction.variant in candidates]
        answers += first_hit_answers(evidence.samples, found)
    return [
        *score_all(evidence.samples, evidence.predictions, scorers),
        *score_all(evidence.samples, as_predictions(answers), primary),
    ]
