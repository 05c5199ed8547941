"""Training examples: read like samples, and their wordings as plain words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ragvsft.data.examples import plain_words, read_examples
from ragvsft.errors import ExamplesError
from ragvsft.records import Example
from ragvsft.store.files import jsonl


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Ids, questions, answers and doc_ids come back."""
    made = [Example("e1", "How long?", "26 weeks", ("a.md",)), Example("e2", "Wie lang?", "26 Wochen", ())]
    (tmp_path / "x.jsonl").write_text(jsonl(made))
    assert read_examples(tmp_path / "x.jsonl", doc_ids=["a.md"]) == made


def test_a_cell_of_a_table_is_one_answer(tmp_path: Path) -> None:
    """A bar is part of it, JSON stays JSON, a list of one is that one; doc_ids are parted where a separator is."""
    lines = ["e1,q,a | b,a.md;b.md", "e2,q,\"['x']\",", 'e3,q,"{""n"": 1}",', "e4,q,7,\"['a.md' 'b.md']\""]
    (tmp_path / "x.csv").write_text("\n".join(["example_id,question,answer,doc_ids", *lines]))
    found = read_examples(tmp_path / "x.csv", doc_ids=["a.md", "b.md"], separator=";")
    assert [example.answer for example in found] == ["a | b", "x", '{"n": 1}', "7"]
    assert [example.doc_ids for example in found] == [("a.md", "b.md"), (), (), ("a.md", "b.md")]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("How long, EXACTLY?", "how long exactly"),
        ("what's \u201eM\u0075\u0308ller\u201c", "what s m\u00fcller"),
        ("\u0926\u093f\u0928 \u0915\u0940", "\u0926\u093f\u0928 \u0915\u0940"),
        ("\u0e27\u0e31\u0e19\u0e25\u0e32?", "\u0e27\u0e31\u0e19\u0e25\u0e32"),
        (" ?! ", "?!"),
    ],
)
def test_words_are_plain(text: str, words: str) -> None:
    """Without case, punctuation and Unicode variants; the vowel signs of Hindi and Thai belong to their words."""
    assert plain_words(text) == words
