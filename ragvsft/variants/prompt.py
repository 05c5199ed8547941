"""`prompt`: the question alone; what the model knows without the corpus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ragvsft.records import Request, Sample
from ragvsft.tasks import Task
from ragvsft.variants.bench import Workshop


@dataclass(frozen=True, slots=True)
class PromptVariant:
    """Asks the question as it is."""

    task: Task
    name: str = "prompt"

    def request(self, sample: Sample) -> Request:
        """Return the instruction and the question."""
        return Request(sample.sample_id, self.task.prompt(sample.question))


def build(workshop: Workshop, seed: int) -> None:
    """Build nothing: there is nothing to build."""


def load(workshop: Workshop, seed: int, fits: Callable[[str], bool]) -> PromptVariant:
    """Return the variant."""
    return PromptVariant(workshop.task)
