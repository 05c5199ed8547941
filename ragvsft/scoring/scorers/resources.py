"""What an answer took: tokens in the quality pass, seconds in the latency pass."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ragvsft.records import Completion, Prediction, Sample, Times
from ragvsft.scoring.scorers import Scorer, Unscored
from ragvsft.scoring.scorers.measure import Measure, Outcome, ScorerSettings, completion_scorer


def _counted(tokens: Callable[[Completion], int | None], measure: Measure, settings: ScorerSettings) -> Scorer:
    def count(sample: Sample, prediction: Prediction, completion: Completion) -> Outcome:
        number = tokens(completion)
        return Unscored("not-counted") if number is None else float(number)

    return completion_scorer(measure, count)


def _cut_off(measure: Measure, settings: ScorerSettings) -> Scorer:
    def is_cut_off(sample: Sample, prediction: Prediction, completion: Completion) -> float:
        return float(completion.finish == "length")

    return completion_scorer(measure, is_cut_off)


def _seconds(name: str, title: str, meaning: str, read: Callable[[Times], float | None]) -> Measure:
    return Measure(
        name,
        title,
        meaning,
        partial(_timed, read),
        unit="s",
        better="lower",
        purpose="latency",
        item="request",
        aggregates=("mean", "p50", "p95"),
    )


def _timed(read: Callable[[Times], float | None], measure: Measure, settings: ScorerSettings) -> Scorer:
    def seconds(sample: Sample, prediction: Prediction, completion: Completion) -> Outcome:
        return Unscored("not-timed") if prediction.times is None else read(prediction.times)

    return completion_scorer(measure, seconds)


def _prompt_tokens(completion: Completion) -> int | None:
    return completion.prompt_tokens


def _completion_tokens(completion: Completion) -> int | None:
    return completion.completion_tokens


MEASURES = (
    Measure(
        "prompt_tokens",
        "Prompt tokens",
        "what the model reads per request",
        partial(_counted, _prompt_tokens),
        unit="tokens",
        better="lower",
    ),
    Measure(
        "completion_tokens",
        "Answer tokens",
        "what the model writes per request",
        partial(_counted, _completion_tokens),
        unit="tokens",
        better="lower",
    ),
    Measure(
        "cut_off",
        "Cut off",
        "answers that the token limit ended; many of them say that max_new_tokens is too low",
        _cut_off,
        better="lower",
    ),
    _seconds("latency_s", "Latency", "from the question to the whole answer", lambda times: times.total_s),
    _seconds(
        "retrieval_s", "Retrieval time", "of it, what passes before the model is asked", lambda times: times.retrieval_s
    ),
    _seconds(
        "first_token_s",
        "Time to first token",
        "from the question to the answer's first token",
        lambda times: times.first_token_s,
    ),
)
