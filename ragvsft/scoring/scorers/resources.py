"""What an answer took: tokens in the quality pass, seconds in the latency pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ragvsft.prompts import REFUSAL
from ragvsft.records import Completion, Prediction, Sample, Times
from ragvsft.scoring.scorers import Measure, Unscored

Reading = Callable[[Sample, Prediction, Completion], float | Unscored | None]


def _timed(read: Callable[[Times], float | None]) -> Reading:
    def seconds(sample: Sample, prediction: Prediction, completion: Completion) -> float | Unscored | None:
        return Unscored("not-timed") if prediction.times is None else read(prediction.times)

    return seconds


def _tokens(read: Callable[[Completion], int | None]) -> Reading:
    def count(sample: Sample, prediction: Prediction, completion: Completion) -> float | None:
        tokens = read(completion)
        return None if tokens is None else float(tokens)  # None: not every engine says

    return count


_READINGS: dict[str, Reading] = {
    "prompt_tokens": _tokens(lambda completion: completion.prompt_tokens),
    "completion_tokens": _tokens(lambda completion: completion.completion_tokens),
    "cut_off": _tokens(lambda completion: completion.finish == "length"),
    "latency_s": _timed(lambda times: times.total_s),
    "retrieval_s": _timed(lambda times: times.retrieval_s),
    "first_token_s": _timed(lambda times: times.first_token_s),
}


def make(name: str, *, k: int | None, schema: Mapping[str, Any] | None, refusal: str = REFUSAL) -> Measure:
    """Return the scorer of this name."""
    if name.endswith("_tokens"):
        return Measure(name, _READINGS[name], unit="tokens", better="lower")
    if name == "cut_off":
        return Measure(name, _READINGS[name], better="lower")
    return Measure(name, _READINGS[name], unit="s", better="lower", purpose="latency")
