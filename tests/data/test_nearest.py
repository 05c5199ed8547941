"""The nearest examples: by likeness of letters, nearest first, equal ones in the order of the file."""

from __future__ import annotations

from ragvsft.data.nearest import NearestExamples
from tests.make import an_example

TEA = an_example("tea", "What is the price of tea?")
TEAS = an_example("teas", "prices of teas")
BOX = an_example("box", "How heavy is a box?")
ALL = [BOX, TEAS, TEA]


def ids(question: str, k: int, examples=ALL) -> list[str]:
    """Return the example_ids found for one question."""
    [found] = NearestExamples(examples).of([question], k)
    return [example.example_id for example in found]


def test_the_nearest_comes_first_and_k_of_them_come() -> None:
    """All of them where k is more than there are; an example whose question is asked is the nearest."""
    assert ids("What is the price of tea?", 2) == ["tea", "teas"]
    assert ids("A heavy box", 9)[0] == "box"
    assert len(ids("A heavy box", 9)) == 3


def test_one_alone_is_the_first_of_several() -> None:
    """The trivial rival and few-shot with one example look up the same."""
    for question in ("tea prices", "boxes", "Wer?", ""):
        assert ids(question, 1) == ids(question, 3)[:1]


def test_equal_examples_come_in_the_order_of_the_file() -> None:
    """Also where nothing is alike at all."""
    copies = [an_example(f"e{number}", "What is the price of tea?") for number in range(5)]
    assert ids("the price of tea", 3, copies) == ["e0", "e1", "e2"]
    assert ids("日本", 3, copies) == ["e0", "e1", "e2"]


def test_every_question_gets_its_own_however_many_are_asked() -> None:
    """More than are compared at once, in order."""
    examples = [an_example(f"e{number}", f"item {number:04} in stock") for number in range(600)]
    asked = [example.question for example in reversed(examples)]
    found = NearestExamples(examples).of(asked, 1)
    assert [one.example_id for [one] in found] == [example.example_id for example in reversed(examples)]


def test_of_no_questions_there_are_no_examples() -> None:
    """And nothing is raised."""
    assert NearestExamples(ALL).of([], 2) == []
