"""The table of task kinds: whatever a row names is there, and everything that asks for a kind reads its row."""

from __future__ import annotations

import inspect
from pkgutil import resolve_name

import pytest

from ragvsft.names import TRIVIAL
from ragvsft.prompts import REFUSAL, Shot
from ragvsft.scoring.measures import check_primary, default_scorers, parse
from ragvsft.scoring.scorers.measure import ScorerSettings
from ragvsft.tasks import TASKS, Task, TaskKind

SCHEMA = {"type": "object", "properties": {"urgent": {"type": "boolean"}}, "required": ["urgent"]}
SETTINGS = ScorerSettings(schema=SCHEMA)
every_kind = pytest.mark.parametrize("kind", TASKS.values(), ids=lambda kind: kind.name)


def a_task(kind: TaskKind) -> Task:
    """Return a task of a kind."""
    return Task(kind.name, kind.default_instruction(REFUSAL), SCHEMA if kind.needs_schema else None)


@every_kind
def test_what_a_row_names_is_there(kind: TaskKind) -> None:
    """Scorers are known by their names, rivals too, and a function takes what it will be given."""
    for name in (*kind.scorers, *kind.beside):
        assert parse(name, SETTINGS).name == name
    assert set(kind.rivals) <= set(TRIVIAL)
    assert kind.check_targets is None or len(inspect.signature(resolve_name(kind.check_targets)).parameters) == 4
    assert kind.details is None or resolve_name(kind.details)([])
    assert TASKS[kind.name] is kind


@every_kind
def test_a_prompt_holds_what_it_is_given(kind: TaskKind) -> None:
    """Instruction first, question last, worked examples before passages."""
    prompt = a_task(kind).prompt("What now?", ["A passage."], [Shot("What then?", "this")])
    assert prompt.startswith(kind.default_instruction(REFUSAL))
    assert prompt.index("What then?") < prompt.index("this") < prompt.index("A passage.") < prompt.index("What now?")
    assert prompt.endswith("What now?")


@every_kind
def test_the_primary_metric_is_the_first_that_may_decide(kind: TaskKind) -> None:
    """It is scored first, too; what is shown beside decides nothing."""
    assert default_scorers(kind.name, SETTINGS)[0].name == kind.primary
    for name in kind.scorers:
        check_primary(name, kind.name)
    for name in kind.beside:
        with pytest.raises(Exception, match=f"cannot decide a task of kind {kind.name}"):
            check_primary(name, kind.name)


def test_only_where_a_refusal_can_be_right_the_instruction_names_one() -> None:
    """The words of the config take the place of ours, without a full stop of their own."""
    assert TASKS["answer"].default_instruction("No data.") == "Answer in a few words, or say: No data."
    assert TASKS["json"].default_instruction("No data.") == TASKS["json"].instruction
    assert [kind.name for kind in TASKS.values() if REFUSAL in kind.instruction] == [
        kind.name for kind in TASKS.values() if kind.may_refuse
    ]
