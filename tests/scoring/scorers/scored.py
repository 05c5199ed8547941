"""What a scorer gives one answer."""

from __future__ import annotations

from ragvsft.scoring.measures import parse
from ragvsft.scoring.scorers import Unscored
from ragvsft.scoring.scorers.measure import ScorerSettings
from tests.make import a_prediction, a_sample


def score_of(name: str, target: str, text: str, settings: ScorerSettings | None = None) -> float | Unscored | None:
    """Return the score of a text where `target` is the only answer that is accepted."""
    return parse(name, settings or ScorerSettings()).score(a_sample(targets=[target]), a_prediction(text))
