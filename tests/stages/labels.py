"""A kind of task that the tool does not have, as a row of it and the check of its targets."""

from __future__ import annotations

from collections.abc import Sequence

from ragvsft.config.root import Config
from ragvsft.data.problems import Problems
from ragvsft.prompts import Shot, answer_prompt
from ragvsft.records import Sample
from ragvsft.tasks import Task, TaskKind


def _label_prompt(task: Task, message: str, passages: Sequence[str], shots: Sequence[Shot]) -> str:
    return answer_prompt(message, passages, shots, instruction=task.instruction)


def check_label(config: Config, task: Task | None, samples: Sequence[Sample], problems: Problems) -> list[str]:
    """Note the longest label; one of several lines is a problem."""
    for sample in samples:
        if any("\n" in target for target in sample.targets):
            problems.add(f"{config.evalset}: sample {sample.sample_id!r}", "a label is one line")
    return [f"The longest label is {max((target for s in samples for target in s.targets), key=len)}."]


LABEL = TaskKind(
    name="label",
    description="one of a few labels",
    instruction="Name the label that fits. Reply with the label only.",
    prompt=_label_prompt,
    scorers=("exact_match", "token_f1"),
    beside=(),
    rivals=("best-constant", "nearest-example"),
    asks_for="behaviour",
    check_targets="tests.stages.labels:check_label",
)
