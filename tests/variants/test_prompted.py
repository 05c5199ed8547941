"""What stands in a prompt: as much as the model can read, in which order, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ragvsft.data.nearest import NearestExamples
from ragvsft.records import Hit, Sample
from ragvsft.variants.prompted import PromptedVariant, Retrieval, Shots
from tests.make import TASK, a_hit, a_sample, an_example

SAMPLE = a_sample("s1", "What is the price of tea?")
NEAR = an_example("near", "What is the price of teas?", "2 EUR")
FAR = an_example("far", "What is the weight of a box?", "9 kg")
OTHER = an_example("other", "Who?", "Ann")
HITS = (a_hit("best.md", text="first passage"), a_hit("next.md", text="second passage"))


@dataclass(frozen=True)
class Given:
    """A retriever that always finds the same."""

    hits: tuple[Hit, ...]

    def search(self, sample: Sample, k: int) -> list[Hit]:
        """Return the first k of them."""
        return list(self.hits[:k])


def variant(fits: Callable[[str], bool] = lambda prompt: True, hits: tuple[Hit, ...] = HITS) -> PromptedVariant:
    """Return a variant that shows two worked examples and two passages."""
    shots = Shots(NearestExamples([OTHER, FAR, NEAR]), 2)
    return PromptedVariant("mine", TASK, fits, Retrieval(Given(hits), 2), shots, Path("adapter"))


def test_the_nearest_example_and_the_best_passage_stand_where_they_are_read_best() -> None:
    """Examples come first, the nearest last; then the passages, best first; then the question."""
    parts = ("Answer: 9 kg", "Answer: 2 EUR", "[1] first passage", "[2] second passage", f"Question: {SAMPLE.question}")
    prompt = variant().request(SAMPLE).prompt
    places = [prompt.index(part) for part in parts]
    assert places == sorted(places)
    assert "Ann" not in prompt


@pytest.mark.parametrize(
    ("room", "shots", "doc_ids"),
    [
        (4, ("near", "far"), ["best.md", "next.md"]),
        (3, ("near",), ["best.md", "next.md"]),
        (2, (), ["best.md", "next.md"]),
        (1, (), ["best.md"]),
        (0, (), []),
        (-1, (), []),  # the question is asked even where it alone is too long: the engine says so
    ],
)
def test_examples_are_dropped_before_passages_and_the_far_ones_first(
    room: int, shots: tuple[str, ...], doc_ids: list[str]
) -> None:
    """With room for so many of the four; what was dropped is counted."""

    def fits(prompt: str) -> bool:
        return prompt.count("Answer: ") + prompt.count(" passage") <= room

    request = variant(fits).request(SAMPLE)
    assert (request.shots, [hit.doc_id for hit in request.hits or ()]) == (shots, doc_ids)
    assert (request.dropped_shots, request.dropped_hits) == (2 - len(shots), 2 - len(doc_ids))
    assert [request.prompt.count(f"{example.answer}\n") for example in (NEAR, FAR)] == [
        int(example.example_id in shots) for example in (NEAR, FAR)
    ]
    if room <= 0:
        assert request.prompt == TASK.prompt(SAMPLE.question)


def test_who_neither_retrieves_nor_shows_examples_says_so() -> None:
    """None is not empty: a search that found nothing and a prompt without any room are ()."""
    plain = PromptedVariant("prompt", TASK, lambda prompt: True).request(SAMPLE)
    assert (plain.hits, plain.shots, plain.adapter, plain.prompt) == (None, None, None, TASK.prompt(SAMPLE.question))
    nothing = variant(lambda prompt: False, hits=()).request(SAMPLE)
    assert (nothing.hits, nothing.dropped_hits, nothing.shots) == ((), 0, ())


def test_a_request_names_its_sample_and_adapter() -> None:
    """The engine answers with it, and the prediction is filed under it."""
    request = variant().request(SAMPLE)
    assert (request.sample_id, request.adapter) == ("s1", Path("adapter"))
