"""What a scorer gives one answer, and a failure with what was found before it."""

from __future__ import annotations

from ragvsft.records import Failure, Prediction, Sample
from ragvsft.scoring.measures import parse
from ragvsft.scoring.scorers import Unscored
from ragvsft.scoring.scorers.measure import ScorerSettings
from tests.make import a_prediction, a_sample, some_hits

SCHEMA = {
    "type": "object",
    "properties": {"intent": {"enum": ["refund", "exchange"]}, "order_id": {"type": ["string", "null"]}},
    "required": ["intent"],
}
FAILED = a_prediction(Failure("too-long", "the prompt has 9,000 tokens"), hits=some_hits("a.md"))


def score_of(name: str, target: str, text: str, settings: ScorerSettings | None = None) -> float | Unscored | None:
    """Return the score of a text where `target` is the only answer that is accepted."""
    return parse(name, settings or ScorerSettings()).score(a_sample(targets=[target]), a_prediction(text))


def score(name: str, question: Sample, prediction: Prediction) -> float | Unscored | None:
    """Return the score of a prediction, SCHEMA being the task's."""
    return parse(name, ScorerSettings(SCHEMA)).score(question, prediction)
