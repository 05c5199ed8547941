"""CONTRIBUTING.md's recipe for a new scorer, followed to the letter: a file with a row, and the name of its module."""

from __future__ import annotations

import pytest

from ragvsft.config.sections import StatisticsConfig
from ragvsft.names import SCORERS
from ragvsft.records import Failure, Score
from ragvsft.scoring import measures
from ragvsft.scoring.metrics import metric_of, score_all, summarise
from tests.make import a_prediction, some_samples

FILE = """
from ragvsft.records import Completion, Prediction, Sample
from ragvsft.scoring.scorers import Scorer
from ragvsft.scoring.scorers.measure import Measure, ScorerSettings, completion_scorer


def _words(measure: Measure, settings: ScorerSettings) -> Scorer:
    def count(sample: Sample, prediction: Prediction, completion: Completion) -> float:
        return float(len(completion.text.split()))

    return completion_scorer(measure, count)


MEASURES = (
    Measure(
        "words", "Words", "how long an answer is", _words, unit="words", better="lower", aggregates=("mean", "p50")
    ),
)
"""


@pytest.fixture
def _brevity(tmp_path, monkeypatch):
    (tmp_path / "brevity_of_answers.py").write_text(FILE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(measures, "SCORERS", (*SCORERS, "brevity_of_answers"))
    measures.measures.cache_clear()
    yield
    measures.measures.cache_clear()


@pytest.mark.usefixtures("_brevity")
def test_a_new_scorer_is_one_file_and_the_name_of_its_module():
    """It is parsed, scored, summarised and titled; a failure is unscored without a word of its own about it."""
    samples = some_samples(3)
    outcomes = ["one two", "one", Failure("too-long", "9,000")]
    predictions = [a_prediction(outcome, sample_id=f"s{place}") for place, outcome in enumerate(outcomes)]
    scorers = measures.scorers_of(["words"], measures.ScorerSettings())
    scores = list(score_all(samples, predictions, scorers))
    assert scores[2] == Score("s2", "rag", None, 0, "words", None, "too-long")
    metrics = summarise(samples, scores, scorers, statistics=StatisticsConfig(resamples=1000))
    for aggregate in ("mean", "p50"):
        metric = metric_of(metrics, "words", "rag", aggregate=aggregate)
        assert (metric.value, metric.n, metric.n_unscored) == (1.5, 2, 1)
        assert (metric.unit, metric.better) == ("words", "lower")
    assert (measures.metric_title("words"), measures.detail_of("words")) == ("Words", None)
