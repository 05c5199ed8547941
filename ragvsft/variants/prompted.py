"""The one class of all recipes that put something into the prompt, ask a tuned model, or both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ragvsft.data.nearest import NearestExamples
from ragvsft.prompts import Shot
from ragvsft.records import Example, Hit, Request, Sample
from ragvsft.retrieval import Retriever
from ragvsft.tasks import Task


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Where passages come from, and how many."""

    retriever: Retriever
    k: int


@dataclass(frozen=True, slots=True)
class Shots:
    """Where worked examples come from, and how many."""

    examples: NearestExamples
    k: int


@dataclass(frozen=True, slots=True)
class PromptedVariant:
    """Asks the question with what its recipe adds, as much of it as the model can read."""

    name: str
    task: Task
    fits: Callable[[str], bool]
    retrieval: Retrieval | None = None
    shots: Shots | None = None
    adapter: Path | None = None

    def request(self, sample: Sample) -> Request:
        """Return the instruction, the worked examples, the passages, best first, and the question."""
        hits = self.retrieval.retriever.search(sample, self.retrieval.k) if self.retrieval else []
        shots = self.shots.examples.of([sample.question], self.shots.k)[0] if self.shots else []
        prompt, shown, kept = self._fitting(sample.question, shots, hits)
        return Request(
            sample_id=sample.sample_id,
            prompt=prompt,
            adapter=self.adapter,
            hits=tuple(kept) if self.retrieval else None,
            dropped_hits=len(hits) - len(kept),
            shots=tuple(example.example_id for example in shown) if self.shots else None,
            dropped_shots=len(shots) - len(shown),
        )

    def _fitting(
        self, question: str, shots: Sequence[Example], hits: Sequence[Hit]
    ) -> tuple[str, Sequence[Example], Sequence[Hit]]:
        """Return the longest prompt that the model can read, with the worked examples and passages in it."""
        for shot_count, hit_count in _ever_less(len(shots), len(hits)):
            shown, kept = shots[:shot_count], hits[:hit_count]
            # the nearest example stands nearest to the question
            solved = [Shot(example.question, example.answer) for example in reversed(shown)]
            prompt = self.task.prompt(question, [hit.text for hit in kept], solved)
            if not (shown or kept) or self.fits(prompt):
                return prompt, shown, kept
        raise AssertionError("the question alone is always tried")


def _ever_less(shots: int, hits: int) -> Iterator[tuple[int, int]]:
    """Yield how many worked examples and passages to try: all, then fewer examples, then fewer passages, then none."""
    yield from ((count, hits) for count in range(shots, 0, -1))
    yield from ((0, count) for count in range(hits, -1, -1))
