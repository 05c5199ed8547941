"""Answer every sample with every leg, then time them; what was answered before is not asked again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Protocol

from ragvsft.answering.latency import Plan, answer_for_latency
from ragvsft.answering.legs import Answered, Leg, Record, Shares
from ragvsft.answering.quality import answer_for_quality
from ragvsft.building import EngineIdentity
from ragvsft.clock import now
from ragvsft.engines.pool import EnginePool
from ragvsft.errors import RunError
from ragvsft.evidence.run import EngineUse
from ragvsft.names import FileName
from ragvsft.progress import Progress
from ragvsft.records import Prediction
from ragvsft.stages.run import Run

_SAME = ("model_sha256", "device_name", "dtype")  # of an engine, for all answers of a run


def do(run: Run) -> None:
    """Load the legs and do both passes."""
    evidence = run.evidence(without=("scores", "trivial"))
    with run.stage("load") as work:
        begun = now()
        legs = _legs(run)
        work.model_s = now() - begun
        work.engines = tuple(
            {leg.variant.name: EngineUse(leg.variant.name, leg.engine.identity) for leg in legs}.values()
        )
        if evidence.predictions:
            _check_same_engines(run, evidence.engines or {}, work.engines)
    samples, settings = evidence.samples, run.config.latency
    plan = Plan.of(samples, requests=settings.requests, warmup=settings.warmup, seed=run.config.statistics.seed)
    _pass(run, "predictions", "answer: quality", partial(answer_for_quality, legs, samples))
    _pass(run, "latency", "answer: latency", partial(answer_for_latency, _first_of_each(legs), plan))


class _Pass(Protocol):
    def __call__(self, *, answered: Answered, record: Record, progress: Progress) -> Shares: ...


def _legs(run: Run) -> list[Leg]:
    pool, bench, legs = EnginePool(), run.bench, list[Leg]()
    for variant in run.config.variants:
        engine = pool.get(variant.engine, bench.source(variant))
        legs += [Leg(bench.variant(variant, seed, engine.fits), seed, engine) for seed in variant.seeds]
    return legs


def _first_of_each(legs: list[Leg]) -> list[Leg]:
    """Return one leg of each variant: trainings differ in what they answer, not in how long it takes."""
    return list({leg.variant.name: leg for leg in reversed(legs)}.values())[::-1]


def _pass(run: Run, name: FileName, title: str, answer: _Pass) -> None:
    with run.stage(title) as work, run.folder.journal(name) as journal:
        known = journal.read_as(Prediction)
        shares = answer(
            answered={p.key for p in known if not p.is_worth_another_try},
            record=journal.append,
            progress=run.progress,
        )
        work.model_s = shares.engine_s + shares.retrieval_s


def _check_same_engines(run: Run, before: Mapping[str, EngineIdentity], uses: tuple[EngineUse, ...]) -> None:
    """Raise RunError where a run that has answers is continued with other weights or on another device."""
    for use in uses:
        was = before.get(use.variant, use.identity)
        for key in _SAME:
            old, new = getattr(was, key), getattr(use.identity, key)
            if old != new:
                raise RunError(
                    f"{run.folder.path}: {use.variant}: {key} was {old}, now it is {new}; answers of both in one run"
                    " cannot be compared, so continue it as it began, or start a new run"
                )
