"""What each kind of task is, in one table, and what one run asks the model to do.

A new kind is one row, with a prompt of its own in `prompts` and a check of its own in `stages.targets` where those
there are do not fit. Everything else reads the row; no other module asks for a kind by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ragvsft.prompts import (
    ANSWER_INSTRUCTION,
    JSON_INSTRUCTION,
    REFUSAL,
    Shot,
    answer_prompt,
    json_prompt,
    with_refusal,
)


@dataclass(frozen=True, slots=True)
class Task:
    """What the model is asked to do with every question, by all variants alike."""

    kind: str  # a name of TASKS
    instruction: str
    schema: Mapping[str, Any] | None = None  # a JSON Schema of type object; None: the kind has none
    refusal: str = REFUSAL  # what the instruction tells the model to say where it does not know

    def prompt(self, question: str, passages: Sequence[str] = (), shots: Sequence[Shot] = ()) -> str:
        """Return the prompt for one question, with the passages and the worked examples in the order given."""
        return TASKS[self.kind].prompt(self, question, passages, shots)


# what one run asks, question, passages and worked examples -> prompt
PromptForm = Callable[[Task, str, Sequence[str], Sequence[Shot]], str]


@dataclass(frozen=True, slots=True)
class TaskKind:
    """What is the same for all tasks of one kind. What lies in a heavier module is named: "module:function"."""

    name: str
    description: str  # what the model is to write, as the config's help says it
    instruction: str  # the default; REFUSAL in it gives way to what the config says instead
    prompt: PromptForm
    scorers: tuple[str, ...]  # those that a decision may rest on, the primary metric first
    beside: tuple[str, ...]  # scorers that say how the others came about; no decision rests on them
    rivals: tuple[str, ...]  # the trivial rivals that make sense, names of names.TRIVIAL
    details: str | None = None  # samples -> further scorers, parts of a metric that have a figure of their own
    needs_schema: bool = False
    may_refuse: bool = False  # saying that the documents do not tell can be the right answer
    asks_for: Literal["facts", "behaviour"] | None = None  # of all its samples; None: the samples tell
    check_targets: str | None = None  # a stages.targets.Check; None: any target will do
    answer_tokens: int | None = None  # engine.max_new_tokens in the config of an import; None: the usual

    @property
    def primary(self) -> str:
        """The metric that a decision rests on unless the config names another."""
        return self.scorers[0]

    def default_instruction(self, refusal: str) -> str:
        """Return the instruction of a task whose model is to say `refusal` where it does not know."""
        return with_refusal(self.instruction, refusal) if self.may_refuse else self.instruction


def _answer(task: Task, question: str, passages: Sequence[str], shots: Sequence[Shot]) -> str:
    return answer_prompt(question, passages, shots, instruction=task.instruction)


def _json(task: Task, message: str, passages: Sequence[str], shots: Sequence[Shot]) -> str:
    assert task.schema is not None  # a task of this kind is made with one
    return json_prompt(message, task.schema, passages, shots, instruction=task.instruction)


_ROWS = (
    TaskKind(
        name="answer",
        description="a short text",
        instruction=ANSWER_INSTRUCTION,
        prompt=_answer,
        scorers=("token_f1", "exact_match", "contains", "rouge_l", "squad_f1", "squad_em", "refused", "abstained"),
        beside=("unclear",),
        rivals=("always-refuse", "lead", "best-constant", "nearest-example", "first-hit"),
        may_refuse=True,
    ),
    TaskKind(
        name="json",
        description="JSON of `schema_file`",
        instruction=JSON_INSTRUCTION,
        prompt=_json,
        scorers=("field_f1", "field_f1_folded", "json_match", "schema_match", "schema_match_folded", "json_valid"),
        beside=("json_repaired",),
        rivals=("best-constant", "nearest-example"),  # neither a refusal nor a sentence of a passage is JSON
        details="ragvsft.scoring.scorers.format:detail_names",
        needs_schema=True,
        asks_for="behaviour",  # the message holds the facts
        check_targets="ragvsft.stages.targets:check_json",
        answer_tokens=192,  # JSON cut off at the default of 48 would score 0
    ),
)

TASKS: dict[str, TaskKind] = {kind.name: kind for kind in _ROWS}
DEFAULT = _ROWS[0].name
