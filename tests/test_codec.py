"""Records as JSON and back: what is another version's is named, not guessed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

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


@dataclass(frozen=True, slots=True)
class _Index:
    tag: ClassVar[str] = "index"

    passages: int
    notes: tuple[str, ...] = ()  # came later


@dataclass(frozen=True, slots=True)
class _Training:
    tag: ClassVar[str] = "training"

    seed: int


@dataclass(frozen=True, slots=True)
class _Twin:
    tag: ClassVar[str] = "twin"

    seed: int


@dataclass(frozen=True, slots=True)
class _Built:
    record: _Index | _Training | None
    twin: _Training | _Twin | None = None


def test_a_member_of_a_union_is_written_with_its_tag_and_read_by_it():
    """Two records of the same keys are told apart."""
    built = _Built(_Index(3, ("a",)), _Twin(1))
    plain = to_dict(built)
    assert plain == {
        "record": {"type": "index", "passages": 3, "notes": ["a"]},
        "twin": {"type": "twin", "seed": 1},
    }
    assert from_dict(_Built, plain) == built


@pytest.mark.parametrize("tag", [{"type": "index"}, {}])
def test_a_row_of_before_a_field_came_is_read_with_its_default(tag):
    """In a union, too: with its tag, and without one as rows of before there were tags."""
    assert from_dict(_Built, {"record": {**tag, "passages": 3}}) == _Built(_Index(3))


def test_a_row_without_a_tag_that_fits_two_records_is_not_guessed():
    """Both have a seed and nothing else."""
    with pytest.raises(ArtifactError, match=r"_Built\.twin: the keys \['seed'\] belong to none of its records"):
        from_dict(_Built, {"record": None, "twin": {"seed": 1}})


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"passages": 3, "judge": "x"}, r"_Index: key 'judge' is unknown; it was written by another version"),
        ({"notes": []}, r"_Index: key 'passages' is missing; it was written by another version"),
        ({"passages": True}, r"_Index\.passages: True is not a whole number; it was written by another version"),
        ({"type": "keyword", "passages": 3}, r"_Index: type is 'keyword', not 'index'; it was written by another"),
        ([3], r"_Index: \[3\] is not an object; it was written by another version"),
    ],
)
def test_what_another_version_wrote_is_said_by_key(row, said):
    """One line, whatever is different."""
    with pytest.raises(ArtifactError, match=said):
        from_dict(_Index, row)
