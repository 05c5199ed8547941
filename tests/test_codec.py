"""Records as JSON and back: what an older version wrote is read, and what a newer one wrote is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest

from ragvsft.codec import from_dict, to_dict
from ragvsft.errors import ArtifactError


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
