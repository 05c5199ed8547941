"""Whether what answers a question was found, and how far up."""

from __future__ import annotations

import random

import pytest

from tests.make import a_prediction, a_sample, some_hits
from tests.scoring.scorers.scored import FAILED, score


def test_rank_measures_agree_with_ir_measures():
    """Over documents, each at its best passage's rank, with several passages of one document among the hits."""
    import ir_measures
    from ir_measures import RR, R, nDCG

    draw, corpus = random.Random(2), [f"d{n}" for n in range(8)]
    for _ in range(60):
        hits = some_hits(*draw.choices(corpus, k=6))
        wanted = tuple(draw.sample(corpus, draw.randint(1, 3)))
        run = {"s1": {}}
        for hit in hits:
            run["s1"][hit.doc_id] = max(hit.score, run["s1"].get(hit.doc_id, -1.0))
        expected = ir_measures.calc_aggregate([R @ 3, RR, nDCG @ 3], {"s1": dict.fromkeys(wanted, 1)}, run)
        question, prediction = a_sample(doc_ids=wanted), a_prediction("x", hits=hits)
        assert score("recall_at(3)", question, prediction) == pytest.approx(expected[R @ 3])
        assert score("mrr", question, prediction) == pytest.approx(expected[RR])
        assert score("ndcg_at(3)", question, prediction) == pytest.approx(expected[nDCG @ 3])


@pytest.mark.parametrize("name", ["recall_at(3)", "mrr", "ndcg_at(3)"])
def test_rank_measures_apply_where_something_was_to_be_found_and_looked_for(name):
    """Not to a variant that retrieves nothing, nor to a question that no document answers."""
    assert score(name, a_sample(), a_prediction("x")) is None
    assert score(name, a_sample(targets=()), a_prediction("x", hits=some_hits("a.md"))) is None
    assert score(name, a_sample(), a_prediction("x", hits=())) == 0  # it looked, and found nothing
    assert score(name, a_sample(), a_prediction("x", hits=(), dropped_hits=3)) == 0  # nothing fitted the prompt
    assert score(name, a_sample(), FAILED) == 1  # found, whatever became of the answer
