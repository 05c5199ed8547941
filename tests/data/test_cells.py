"""Cells: what pandas, numpy, Python and JSON print of a list is that list again; a text stays a text."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragvsft.data.cells import ShortenedList, as_text, is_blank, listed, parsed, plain

# quotes, brackets, commas, line breaks and backslashes more often than elsewhere
texts = st.text(
    st.one_of(st.sampled_from("'\"[](){},:\\\n\r\t .|"), st.characters(exclude_categories=["Cs"])), min_size=1
)
lists = st.lists(texts, min_size=1, max_size=5)


def through_csv(values: object) -> str:
    """Return the cell that pandas writes of a value."""
    return next(csv.reader(io.StringIO(pd.DataFrame({"x": [values]}).to_csv(index=False, header=False), newline="")))[0]


@settings(max_examples=150, deadline=None)
@given(lists)
def test_a_list_comes_back_from_every_way_to_print_it(values: list[str]) -> None:
    """As Python, JSON, numpy's str and repr, and pandas' CSV write it."""
    array = np.array(values, dtype=object)
    for written in (str(values), json.dumps(values), str(tuple(values)), str(array), repr(array), through_csv(values)):
        assert parsed(written) == values
    assert parsed(through_csv(array)) == values


@settings(max_examples=80, deadline=None)
@given(lists)
def test_an_array_of_fixed_width_texts_comes_back(values: list[str]) -> None:
    """Numpy's own text type drops NUL at the end and calls its items np.str_ in a list."""
    array = np.array([value.replace("\0", "") or "x" for value in values])
    assert parsed(str(array)) == array.tolist()
    assert parsed(repr(array)) == array.tolist()
    assert parsed(str(list(array))) == array.tolist()


@settings(max_examples=80, deadline=None)
@given(st.lists(lists, min_size=1, max_size=3))
def test_nested_lists_are_flattened_in_order(values: list[list[str]]) -> None:
    """Arrays within a list, lists within an array, lists within a list."""
    flat = [text for inner in values for text in inner if text.strip()]
    arrays = [np.array(inner, dtype=object) for inner in values]
    assert listed(str(values)) == flat
    assert listed(str(arrays)) == flat
    assert listed(values) == flat


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    """Whatever stands there is a list, a dict or a text."""
    for written in (text, f"[{text}", f"[{text}]", f"array({text})", f"{{{text}}}"):
        try:
            assert parsed(written) is None or isinstance(parsed(written), list | dict)
        except ShortenedList:
            assert "..." in written


@pytest.mark.parametrize(
    "text",
    [
        "[sic] so he said", "[1] see the note", "[", "[[[[", "(a)", "(1, 2)", "(1.5)", "array of hope",
        "['a'] and more", "set the value", "{a}", "list(all)", "[x for x in y]", "['a' + 'b']", "[__import__('os')]",
        "int(3)", "['a'](0)", "['a'", "[a, b]", "[b'a']", "cat app.log | grep ERROR",
    ],
)  # fmt: skip
def test_a_text_that_only_begins_like_a_list_stays_one_text(text: str) -> None:
    """And is neither evaluated nor split."""
    assert parsed(text) is None
    assert listed(text) == [text]


@pytest.mark.parametrize(
    ("written", "items"),
    [
        ("['a' None nan]", ["a"]),
        ("['None', \"nan\"]", ["None", "nan"]),  # in quotes it is meant
        ("[]", []),
        ("array([], dtype=object)", []),
        (repr(np.array([], dtype="<U1")), []),
        ("[2.50, 1e3, -7]", ["2.50", "1e3", "-7"]),  # as written
        ("[1 2\n 3]", ["1", "2", "3"]),
        ("{'a', 'b'}", ["a", "b"]),
        (repr(pd.Index(["a", "b"])), ["a", "b"]),
        ("[np.float64(1.5), np.int64(3)]", ["1.5", "3"]),
        ("['a', '', ' ']", ["a"]),
        (f"['{'a' * 300_000}']", ["a" * 300_000]),
    ],
)
def test_lists_of_other_kinds(written: str, items: list[str]) -> None:
    """Numbers stay as they are written; what is empty is left out."""
    assert listed(written) == items


def test_a_list_that_numpy_shortened_is_not_taken_for_whole() -> None:
    """Beyond 1,000 items numpy prints three dots for the middle, and the rest is lost."""
    with pytest.raises(ShortenedList):
        parsed(str(np.array([f"text {n}" for n in range(2000)], dtype=object)))
    assert parsed("['a', '...']") == ["a", "..."]


def test_a_bar_parts_a_cell_only_where_it_is_named() -> None:
    """And never within a list."""
    assert listed("a | b") == ["a | b"]
    assert listed("a | b", "|") == ["a", "b"]
    assert listed("['a | b']", "|") == ["a | b"]


def test_a_dict_of_arrays_is_read_as_a_hub_prints_it() -> None:
    """SQuAD's answers in a CSV."""
    cell = str(
        {"text": np.array(["48 hours", "it's"], dtype=object), "answer_start": np.array([24, 3], dtype=np.int32)}
    )
    assert parsed(cell) == {"text": ["48 hours", "it's"], "answer_start": ["24", "3"]}


@pytest.mark.parametrize("value", [None, float("nan"), "", "  ", "nan", "NaN", "None", "null", "<NA>", str(pd.NaT)])
def test_empty_cells_are_blank(value: object) -> None:
    """However a tool writes them."""
    assert is_blank(value)
    assert listed(value) == []


def test_cells_of_pandas_become_plain_values() -> None:
    """Arrays within dicts too; pd.NA and NaT are nothing."""
    cell = {"text": np.array(["a"], dtype=object), "n": np.int64(3), "x": [pd.NA, np.nan]}
    assert plain(cell) == {"text": ["a"], "n": 3, "x": [None, None]}
    assert plain(pd.NaT) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(7, "7"), (7.0, "7"), (2.5, "2.5"), (True, "true"), ("7.0", "7.0"), (0, "0"), (10**20, str(10**20))],
)
def test_numbers_become_texts(value: object, text: str) -> None:
    """A whole number that a column with an empty cell turned into 7.0 is 7 again; a text stays as it is."""
    assert as_text(value) == text
