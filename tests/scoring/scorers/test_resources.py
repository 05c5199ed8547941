"""Seconds and tokens, as the stopwatch and the engine say them."""

from __future__ import annotations

import pytest

from ragvsft.records import Completion, Times
from ragvsft.scoring.measures import parse
from ragvsft.scoring.scorers import Unscored
from tests.make import a_prediction, a_sample
from tests.scoring.scorers.scored import score


@pytest.mark.parametrize(
    ("name", "expected"), [("latency_s", 0.5), ("retrieval_s", 0.1), ("first_token_s", 0.2), ("prompt_tokens", None)]
)
def test_seconds_are_read_from_the_stopwatch(name, expected):
    """Each from its own reading; an engine that cannot tell its first token is not applicable, not failed."""
    timed = a_prediction("x", purpose="latency", times=Times(0.1, 0.2, 0.5))
    if expected is not None:
        assert score(name, a_sample(), timed) == expected
        assert parse(name).measure.purpose == "latency"
    untold = a_prediction("x", purpose="latency", times=Times(0.1, None, 0.5))
    assert score("first_token_s", a_sample(), untold) is None


def test_tokens_are_counted_in_the_quality_pass():
    """As the engine reports them; one that does not say leaves them unscored, not zero."""
    assert score("prompt_tokens", a_sample(), a_prediction("x")) == 20
    assert score("completion_tokens", a_sample(), a_prediction("x")) == 3
    silent = a_prediction(Completion("x", None, None, "length"))
    for name in ("prompt_tokens", "completion_tokens"):
        assert score(name, a_sample(), silent) == Unscored("not-counted")
    assert score("cut_off", a_sample(), silent) == 1
