"""The latency pass: one request at a time, the legs taking turns within each round of samples.

So a machine that slows down slows all of them alike. Whatever is slow (loading, merging) is done before the clock
starts; where memory does not hold the adapters of all legs at once, the legs are timed in groups, one after another.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ragvsft.answering.legs import NOTHING_DONE, Answered, Leg, Outcome, Record, Shares
from ragvsft.clock import now
from ragvsft.engines import Engine
from ragvsft.progress import Bar, Progress
from ragvsft.records import Failure, Prediction, Request, Sample, Times


@dataclass(frozen=True, slots=True)
class Plan:
    """Which requests are timed: (round, sample) in order, the samples again in further rounds where there are few."""

    turns: tuple[tuple[int, Sample], ...]
    warmup: tuple[Sample, ...]  # asked first, and not counted
    seed: int  # of the order in which the legs take turns

    @classmethod
    def of(cls, samples: Sequence[Sample], *, requests: int, warmup: int, seed: int) -> Plan:
        """Return the plan of `requests` requests per leg, samples in a seeded order; one is for warming up at least."""
        order = random.Random(seed).sample(list(samples), len(samples))  # noqa: S311  (an order, not a secret)
        turns = tuple((number // len(order), order[number % len(order)]) for number in range(requests))
        return cls(turns, tuple(samples[: max(1, warmup)]), seed)

    def open(self, legs: Sequence[Leg], answered: Answered) -> list[tuple[int, Sample]]:
        """Return the turns in which one of the legs at least is still to be asked."""
        return [(round_, s) for round_, s in self.turns if any(leg.key(s, round_) not in answered for leg in legs)]


def answer_for_latency(
    legs: Sequence[Leg], plan: Plan, *, answered: Answered, record: Record, progress: Progress
) -> Shares:
    """Time the requests of the plan with every leg, but for what is `answered`; return where the time went."""
    if not plan.open(legs, answered):
        return NOTHING_DONE
    shares = NOTHING_DONE
    for number, group in enumerate(_prepared_groups(legs, plan.warmup[0])):
        todo = plan.open(group, answered)
        if todo:
            _warm_up(group, plan.warmup)
            with progress.bar(_title(number), len(todo) * len(group)) as bar:
                timed = _timed_turns(group, todo, plan.seed, number, answered, bar)
                shares += _recorded(timed, record)
    return shares


def _prepared_groups(legs: Sequence[Leg], sample: Sample) -> Iterator[list[Leg]]:
    """Yield the legs in groups whose adapters are held at once, each prepared when it is its turn.

    A group takes as many adapters of each engine as there is room for, once the group before it has given its own
    away; engines come one after another, so that each sees what the one before has left. Legs without an adapter cost
    no room, so they are in the first group.
    """
    left = [(leg, leg.variant.request(sample).adapter) for leg in legs]  # a leg has one adapter, whatever the sample
    while left:
        for leg in legs:
            leg.engine.prepare([])
        held: set[tuple[int, Path | None]] = set()
        for engine in {id(leg.engine): leg.engine for leg, _ in left}.values():
            adapters = _prepare(engine, [adapter for leg, adapter in left if leg.engine is engine])
            held |= {(id(engine), adapter) for adapter in (None, *adapters)}
        yield [leg for leg, adapter in left if (id(leg.engine), adapter) in held]
        left = [(leg, adapter) for leg, adapter in left if (id(leg.engine), adapter) not in held]


def _prepare(engine: Engine, wanted: Sequence[Path | None]) -> list[Path]:
    """Prepare an engine for as many of the adapters as it has room for; return those."""
    adapters = list(dict.fromkeys(adapter for adapter in wanted if adapter is not None))
    adapters = adapters[: engine.room(adapters)]
    engine.prepare(adapters)
    return adapters


def _warm_up(group: Sequence[Leg], samples: Sequence[Sample]) -> None:
    for sample in samples:
        for leg in group:
            leg.engine.generate([leg.variant.request(sample)])


def _timed_turns(
    group: Sequence[Leg], todo: Sequence[tuple[int, Sample]], seed: int, number: int, answered: Answered, bar: Bar
) -> Iterator[Prediction]:
    turn = random.Random(seed)  # noqa: S311  (an order, not a secret)
    for round_, sample in todo:
        for leg in turn.sample(list(group), len(group)):
            if leg.key(sample, round_) not in answered:
                yield _timed(leg, sample, round_, number)
            bar.advance()


def _recorded(predictions: Iterator[Prediction], record: Record) -> Shares:
    """Record each prediction as soon as it is there; return what all of them took."""
    shares = NOTHING_DONE
    for prediction in predictions:
        record([prediction])
        if prediction.times is not None:
            retrieval_s = prediction.times.retrieval_s
            shares += Shares(prediction.times.total_s - retrieval_s, retrieval_s)
    return shares


def _timed(leg: Leg, sample: Sample, round_: int, group: int) -> Prediction:
    first: list[float] = []

    def note_first() -> None:
        if not first:
            first.append(now())

    start = now()
    request = leg.variant.request(sample)
    ready = now()
    [outcome] = leg.engine.generate([request], on_token=note_first)
    end = now()
    times = Times(ready - start, first[0] - start if first else None, end - start)
    return _prediction(leg, request, outcome, times, round_, group)


def _prediction(leg: Leg, request: Request, outcome: Outcome, times: Times, round_: int, group: int) -> Prediction:
    return Prediction(
        sample_id=request.sample_id,
        variant=leg.variant.name,
        seed=leg.seed,
        purpose="latency",
        round=round_,
        outcome=outcome,
        dropped_hits=request.dropped_hits,
        dropped_shots=request.dropped_shots,
        times=None if isinstance(outcome, Failure) else times,
        group=group,
    )


def _title(group: int) -> str:
    return "latency: one by one" if group == 0 else f"latency: one by one, group {group + 1}"
