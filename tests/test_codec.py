"""Records as JSON and back: what is another version's is named, not guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragvsft.building import CurvePoint, TrainingRecord
from ragvsft.codec import from_dict, to_dict
from ragvsft.errors import ArtifactError
from ragvsft.findings import VariantCost
from ragvsft.records import Completion, Failure, Hit, Prediction, Request, Times

numbers = st.floats(allow_nan=False, allow_infinity=False)
counts = st.integers(0, 10**9)
hits = st.builds(Hit, st.text(), st.text(), st.text(), numbers)
outcomes = st.one_of(
    st.builds(Completion, st.text(), counts, counts, st.sampled_from(["stop", "length"])),
    st.builds(Failure, st.text(), st.text()),
)
predictions = st.builds(
    Prediction,
    sample_id=st.text(),
    variant=st.text(),
    seed=counts,
    purpose=st.sampled_from(["quality", "latency"]),
    round=counts,
    outcome=outcomes,
    hits=st.lists(hits, max_size=3).map(tuple),
    dropped_hits=counts,
    times=st.none() | st.builds(Times, numbers, st.none() | numbers, numbers),
)


@given(predictions)
def test_a_record_survives_json(prediction: Prediction) -> None:
    """A prediction, with its completion or failure, hits and times, is the same after dict, JSON and back."""
    assert from_dict(Prediction, json.loads(json.dumps(to_dict(prediction)))) == prediction


def test_every_shape_of_field_is_read() -> None:
    """Nested tuples of records, tuples of texts, optional numbers and paths come back as they were."""
    curve = (CurvePoint(1, 10, 2.5, None), CurvePoint(2, 20, 1.5, 2.0))
    training = TrainingRecord(0, 9, 1, curve, 2, "early", 100, 900, 5000, 1.5, "cpu", "float32", 10)
    cost = VariantCost("rag", None, 0.1, 9.0, None, None, 9.0, None, 12, 1000, notes=("no price", "no record"))
    request = Request("s1", "prompt", Path("cache/adapter/0"))
    for record in (training, cost, request):
        assert from_dict(type(record), json.loads(json.dumps(to_dict(record)))) == record


def test_a_whole_number_is_a_float_where_a_float_belongs() -> None:
    """JSON of other programs writes 1.0 as 1."""
    score = from_dict(Hit, {"passage_id": "a#0", "doc_id": "a", "text": "t", "score": 1}).score
    assert isinstance(score, float)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"score": "high"}, "score"),
        ({"score": True}, "score"),
        ({"text": None}, "text"),
        ({"rank": 1}, "rank"),
    ],
)
def test_another_versions_record_is_refused(change: dict[str, object], named: str) -> None:
    """A value of another type or an unknown key is an ArtifactError that names it."""
    with pytest.raises(ArtifactError, match=named):
        from_dict(Hit, {"passage_id": "a#0", "doc_id": "a", "text": "t", "score": 0.5, **change})
