"""Training examples: read like samples, and dropped where they give a sample away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragvsft.errors import ExamplesError
from ragvsft.examples import NEAR_LETTERS, NEAR_WORDS, drop_leaks, plain_words, read_examples, write_examples
from ragvsft.records import Example, Sample


def examples(*questions: str) -> list[Example]:
    """Return one example per question, called e0, e1, ..."""
    return [Example(f"e{number}", question, "answer", ()) for number, question in enumerate(questions)]


def samples(*questions: str) -> list[Sample]:
    """Return one sample per question."""
    return [Sample(f"s{number}", question, ("answer",), (), "rephrased") for number, question in enumerate(questions)]


def jaccard(left: set[str], right: set[str]) -> float:
    """Return the share of what either set holds that both hold, by definition."""
    return len(left & right) / len(left | right)


def is_leak(left: str, right: str) -> bool:
    """Return whether two questions are the same or near, pair by pair and without any index."""
    left, right = plain_words(left), plain_words(right)
    letters = [{f" {text} "[i : i + 5] for i in range(max(1, len(text) - 2))} for text in (left, right)]
    return (
        left == right
        or jaccard(set(left.split()), set(right.split())) >= NEAR_WORDS
        or jaccard(*letters) >= NEAR_LETTERS
    )


QUESTIONS = st.lists(
    st.lists(st.sampled_from(["ab", "cde", "fgh", "ij", "kl", "mnop", "q"]), min_size=1, max_size=9), max_size=8
)


class TestReading:
    def test_what_is_written_is_read(self, tmp_path: Path) -> None:
        """Ids, questions, answers and doc_ids come back."""
        made = [Example("e1", "How long?", "26 weeks", ("a.md",)), Example("e2", "Wie lang?", "26 Wochen", ())]
        write_examples(tmp_path / "x.jsonl", made)
        assert read_examples(tmp_path / "x.jsonl", doc_ids=["a.md"]) == made

    def test_a_cell_of_a_table_is_one_answer(self, tmp_path: Path) -> None:
        """A bar is part of it, JSON stays JSON, a list of one is that one; doc_ids are parted where a separator is."""
        lines = ["e1,q,a | b,a.md;b.md", "e2,q,\"['x']\",", 'e3,q,"{""n"": 1}",', "e4,q,7,\"['a.md' 'b.md']\""]
        (tmp_path / "x.csv").write_text("\n".join(["example_id,question,answer,doc_ids", *lines]))
        found = read_examples(tmp_path / "x.csv", doc_ids=["a.md", "b.md"], separator=";")
        assert [example.answer for example in found] == ["a | b", "x", '{"n": 1}', "7"]
        assert [example.doc_ids for example in found] == [("a.md", "b.md"), (), (), ("a.md", "b.md")]

    def test_all_problems_are_told_at_once(self, tmp_path: Path) -> None:
        """Unknown key, missing answer, duplicate id, doc_id that does not exist."""
        lines = [
            {"example_id": "e1", "question": "q", "completion": "a"},
            {"example_id": "e1", "question": "q", "answer": "a", "doc_ids": ["hr/leave.txt"]},
        ]
        (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, lines)))
        with pytest.raises(ExamplesError) as caught:
            read_examples(tmp_path / "x.jsonl", doc_ids=["hr/leave.md"])
        assert [problem.removeprefix(f"{tmp_path}/x.jsonl ") for problem in caught.value.problems] == [
            "line 1: unknown key 'completion'; did you mean 'answer'?",
            "line 1: answer is missing; give it a text",
            f"line 2: example_id 'e1' is already used in {tmp_path}/x.jsonl line 1; ids must differ",
            "line 2: doc_id 'hr/leave.txt' is not in the corpus; did you mean 'hr/leave.md'?",
        ]


class TestLeaks:
    def test_case_punctuation_and_unicode_forms_do_not_hide_a_leak(self) -> None:
        """Full-width letters, a decomposed umlaut and other quotes are the same question."""
        asked = samples("How long is „Müller“ on leave?")
        found = drop_leaks(examples("how long is Mu\u0308ller ON LEAVE", "Ｈｏｗ long is 'Müller' on leave?"), asked)
        assert (found.exact, found.near, found.kept) == (2, 0, ())

    @pytest.mark.parametrize(
        ("taught", "asked"),
        [
            ("Who turned sea water into drinking water?", "Who turned drinking water into sea water?"),
            ("What do clinical pharmacists specialize in?", "What do clinical pharmacists not specialize in?"),
            ("show movie times now", "show movie times"),
        ],
    )
    def test_reordered_and_extended_wordings_are_near(self, taught: str, asked: str) -> None:
        """Pairs like those of SQuAD and SNIPS."""
        assert drop_leaks(examples(taught), samples(asked)).near == 1

    @pytest.mark.parametrize(
        ("taught", "asked"),
        [
            ("What does DCB stand for?", "What does CSA stand for?"),
            ("How high is Victoria's Mount Gippsland?", "How high is Victoria's Mount Bogong?"),
            ("Maximum length of absence for a mother?", "How many weeks of leave may the parent who gives birth take?"),
        ],
    )
    def test_other_facts_and_other_wordings_stay(self, taught: str, asked: str) -> None:
        """A question about another thing, and the same question in everyday words, are what examples are for."""
        assert drop_leaks(examples(taught), samples(asked)).kept == tuple(examples(taught))

    def test_what_was_dropped_is_counted_and_named(self) -> None:
        """Exact and near ones apart, ids in file order, the rest kept in order; an exact one is not near as well."""
        asked = samples("How many weeks of parental leave are there?", "Who is the boss?")
        found = drop_leaks(
            examples("who is the boss", "Where is it?", "How many weeks of parental leave are there now?", "Why?"),
            asked,
        )
        assert (found.exact, found.near, found.dropped_ids) == (1, 1, ("e0", "e2"))
        assert [example.example_id for example in found.kept] == ["e1", "e3"]

    def test_nothing_leaks_into_nothing(self) -> None:
        """Without samples all examples stay, and without examples nothing is found."""
        assert drop_leaks(examples("a"), []).kept == tuple(examples("a"))
        assert drop_leaks([], samples("a")).kept == ()

    @settings(max_examples=60, deadline=None)
    @given(
        QUESTIONS,
        QUESTIONS,
    )
    def test_the_index_finds_what_comparing_all_pairs_finds(
        self, left: list[list[str]], right: list[list[str]]
    ) -> None:
        """Looking only at pairs that share a rare part misses none."""
        taught, asked = [" ".join(words) for words in left], [" ".join(words) for words in right]
        expected = tuple(f"e{n}" for n, one in enumerate(taught) if any(is_leak(one, other) for other in asked))
        assert drop_leaks(examples(*taught), samples(*asked)).dropped_ids == expected
