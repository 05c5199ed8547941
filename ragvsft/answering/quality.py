"""The quality pass: every sample once with every leg, in batches, and nothing is timed.

Legs come one after another, so that an engine changes its adapter once per leg and need not hold more than one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ragvsft.answering.legs import NOTHING_DONE, Answered, Leg, Outcome, Record, Shares
from ragvsft.clock import now
from ragvsft.progress import Progress
from ragvsft.records import Failure, Prediction, Request, Sample


def answer_for_quality(
    legs: Sequence[Leg], samples: Sequence[Sample], *, answered: Answered, record: Record, progress: Progress
) -> Shares:
    """Answer every sample with every leg in batches, but for what is `answered`; return where the time went.

    Batches are planned over all requests, answered or not, so a resumed pass makes the batches of an undisturbed one.
    """
    shares = NOTHING_DONE
    for leg in legs:
        missing = {place for place, sample in enumerate(samples) if leg.key(sample) not in answered}
        if missing:
            begun = now()
            requests = _requests(leg, samples, progress)
            shares += Shares(0.0, now() - begun)
            shares += _answer(leg, requests, missing, record, progress)
    return shares


def _requests(leg: Leg, samples: Sequence[Sample], progress: Progress) -> list[Request]:
    requests: list[Request] = []
    with progress.bar(f"{leg.title}: make prompts", len(samples)) as bar:
        for sample in samples:
            requests.append(leg.variant.request(sample))
            bar.advance()
    return requests


def _answer(leg: Leg, requests: Sequence[Request], missing: set[int], record: Record, progress: Progress) -> Shares:
    engine_s = 0.0
    with progress.bar(f"{leg.title}: answer", len(missing)) as bar:
        for batch in _open_batches(leg, requests, missing):
            begun = now()
            outcomes = leg.engine.generate([requests[i] for i in batch])
            engine_s += now() - begun
            record([_prediction(leg, requests[i], out) for i, out in zip(batch, outcomes, strict=True)])
            bar.advance(len(batch), _failures(outcomes))
    return Shares(engine_s, 0.0)


def _open_batches(leg: Leg, requests: Sequence[Request], missing: set[int]) -> Iterator[list[int]]:
    for batch in leg.engine.batches(requests):
        if still := [i for i in batch if i in missing]:
            yield still


def _prediction(leg: Leg, request: Request, outcome: Outcome) -> Prediction:
    return Prediction(
        sample_id=request.sample_id,
        variant=leg.variant.name,
        seed=leg.seed,
        purpose="quality",
        round=0,
        outcome=outcome,
        hits=request.hits,
        dropped_hits=request.dropped_hits,
        shots=request.shots,
        dropped_shots=request.dropped_shots,
    )


def _failures(outcomes: Sequence[Outcome]) -> str:
    count = sum(isinstance(outcome, Failure) for outcome in outcomes)
    return f"{count} failed" if count else ""
