"""What an adapter is trained on, by the name that a recipe calls it: examples as (prompt, answer)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ragvsft.records import Example
from ragvsft.tasks import Task

Pair = tuple[str, str]  # prompt, answer


def closed_book(task: Task, examples: Sequence[Example]) -> tuple[Pair, ...]:
    """Return each question as it is asked later, alone: the adapter has to know the answer."""
    return tuple((task.prompt(example.question), example.answer) for example in examples)


PAIRS: dict[str, Callable[[Task, Sequence[Example]], tuple[Pair, ...]]] = {"closed-book": closed_book}
