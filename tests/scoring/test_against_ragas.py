"""Our native answer scorers agree with ragas' own non-LLM metrics where both define the same thing."""

from __future__ import annotations

import pytest

from tests.scoring.scorers.scored import score_of

metrics = pytest.importorskip("ragas.metrics", reason="the extra judge is not installed")
dataset = pytest.importorskip("ragas.dataset_schema")

# lower case, no articles, punctuation, inflections or values of several words: what our reading and ragas' stemmer
# leave alone
PAIRS = [
    ("21 march", "21 march"),
    ("until march ends", "march ends"),
    ("red pump", "blue pump"),
    ("blue pump in yard", "pump yard"),
    ("salt", "iron"),
]
TWINS = {
    "exact_match": lambda: metrics.ExactMatch(),
    "contains": lambda: metrics.StringPresence(),
    "rouge_l": lambda: metrics.RougeScore(rouge_type="rougeL", mode="fmeasure"),
}


@pytest.mark.parametrize("name", TWINS)
@pytest.mark.parametrize(("answer", "target"), PAIRS)
def test_a_native_scorer_gives_what_ragas_gives(name, answer, target):
    """On plain words normalisation changes nothing, so both must give the same number."""
    theirs = TWINS[name]().single_turn_score(dataset.SingleTurnSample(response=answer, reference=target))
    assert score_of(name, target, answer) == pytest.approx(theirs)
