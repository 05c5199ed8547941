"""Variants x samples through one engine: predictions, in a quality pass and a latency pass.

The quality pass answers in batches and times nothing. The latency pass asks one request at a time, the variants taking
turns within each round, so that a machine that slows down slows all of them alike.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ragvsft.clock import now
from ragvsft.engines import Engine
from ragvsft.progress import Progress
from ragvsft.records import Failure, Prediction, Request, Sample, Times
from ragvsft.variants import Variant

Answered = set[tuple[str, int, str, int]]  # (variant, seed, sample_id, round)
Record = Callable[[Sequence[Prediction]], None]  # appends to the journal


@dataclass(frozen=True, slots=True)
class Leg:
    """One variant with one training seed."""

    variant: Variant
    seed: int


@dataclass(frozen=True, slots=True)
class Shares:
    """Where the seconds of a pass went; the rest is the harness's own."""

    engine_s: float
    retrieval_s: float


def answer_for_quality(
    legs: Sequence[Leg],
    samples: Sequence[Sample],
    engine: Engine,
    *,
    answered: Answered,
    record: Record,
    progress: Progress,
) -> Shares:
    """Answer every sample with every leg in batches, but for what is `answered`; return where the time went.

    Batches are planned over all requests, answered or not, so a resumed pass makes the batches of an undisturbed one.
    """
    engine_s, retrieval_s = 0.0, 0.0
    for leg in legs:
        missing = [sample for sample in samples if _key(leg, sample) not in answered]
        if not missing:
            continue
        begun = now()
        with progress.bar(f"{_title(leg)}: make prompts", len(samples)) as bar:
            requests = [_prepared(leg, sample, bar.advance) for sample in samples]
        retrieval_s += now() - begun
        with progress.bar(f"{_title(leg)}: answer", len(missing)) as bar:
            for batch in _open_batches(leg, samples, requests, engine, answered):
                begun = now()
                outcomes = engine.generate([requests[i] for i in batch])
                engine_s += now() - begun
                record([_quality_prediction(leg, requests[i], out) for i, out in zip(batch, outcomes, strict=True)])
                bar.advance(len(batch), _failures(outcomes))
    return Shares(engine_s, retrieval_s)


def answer_for_latency(
    legs: Sequence[Leg],
    samples: Sequence[Sample],
    engine: Engine,
    *,
    requests: int,
    warmup: int,
    seed: int,
    answered: Answered,
    record: Record,
    progress: Progress,
) -> Shares:
    """Time `requests` single requests per leg, interleaved; return where the time went.

    `warmup` requests before them, one at least, are not counted. Samples come in a seeded order, and again in
    further rounds where there are fewer of them than requests.
    """
    engine_s, retrieval_s = 0.0, 0.0
    plan = list(_latency_plan(samples, requests, seed))
    todo = [(round_, s) for round_, s in plan if any(_key(leg, s, round_) not in answered for leg in legs)]
    if not todo:
        return Shares(0.0, 0.0)
    for sample in samples[: max(1, warmup)]:  # the first request loads and merges what the later ones find
        for leg in legs:
            engine.generate([leg.variant.request(sample)])
    turn = random.Random(seed)  # noqa: S311  (an order, not a secret)
    with progress.bar("latency: one by one", len(todo) * len(legs)) as bar:
        for round_, sample in todo:
            for leg in turn.sample(list(legs), len(legs)):
                if _key(leg, sample, round_) in answered:
                    bar.advance()
                    continue
                prediction = _timed(leg, sample, round_, engine)
                record([prediction])
                bar.advance()
                if prediction.times is not None:
                    retrieval_s += prediction.times.retrieval_s
                    engine_s += prediction.times.total_s - prediction.times.retrieval_s
    return Shares(engine_s, retrieval_s)


def _timed(leg: Leg, sample: Sample, round_: int, engine: Engine) -> Prediction:
    first: list[float] = []

    def note_first() -> None:
        if not first:
            first.append(now())

    start = now()
    request = leg.variant.request(sample)
    ready = now()
    [outcome] = engine.generate([request], on_token=note_first)
    end = now()
    times = Times(ready - start, first[0] - start if first else None, end - start)
    return Prediction(
        sample_id=sample.sample_id,
        variant=leg.variant.name,
        seed=leg.seed,
        purpose="latency",
        round=round_,
        outcome=outcome,
        dropped_hits=request.dropped_hits,
        times=None if isinstance(outcome, Failure) else times,
    )


def _latency_plan(samples: Sequence[Sample], requests: int, seed: int) -> Iterator[tuple[int, Sample]]:
    order = random.Random(seed).sample(list(samples), len(samples))  # noqa: S311  (an order, not a secret)
    for number in range(requests):
        yield number // len(order), order[number % len(order)]


def _open_batches(
    leg: Leg, samples: Sequence[Sample], requests: Sequence[Request], engine: Engine, answered: Answered
) -> Iterator[list[int]]:
    for batch in engine.batches(requests):
        missing = [i for i in batch if _key(leg, samples[i]) not in answered]
        if missing:
            yield missing


def _prepared(leg: Leg, sample: Sample, advance: Callable[[], None]) -> Request:
    request = leg.variant.request(sample)
    advance()
    return request


def _quality_prediction(leg: Leg, request: Request, outcome: object) -> Prediction:
    return Prediction(
        sample_id=request.sample_id,
        variant=leg.variant.name,
        seed=leg.seed,
        purpose="quality",
        round=0,
        outcome=outcome,  # type: ignore[arg-type]
        hits=request.hits,
        dropped_hits=request.dropped_hits,
    )


def _key(leg: Leg, sample: Sample, round_: int = 0) -> tuple[str, int, str, int]:
    return (leg.variant.name, leg.seed, sample.sample_id, round_)


def _title(leg: Leg) -> str:
    return leg.variant.name if leg.seed == 0 else f"{leg.variant.name} (seed {leg.seed})"


def _failures(outcomes: Iterable[object]) -> str:
    count = sum(isinstance(outcome, Failure) for outcome in outcomes)
    return f"{count} failed" if count else ""
