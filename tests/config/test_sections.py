"""The section `task`: its kinds are those of the table, and each key is checked for itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ragvsft.config.load import load_config
from ragvsft.config.template import config_schema, config_template
from ragvsft.errors import ConfigError
from ragvsft.tasks import TASKS


def problems(folder: Path, task: str) -> list[str]:
    """Return what is wrong with a config of this task, without its path."""
    path = folder / "ragvsft.yaml"
    path.write_text(f"evalset: q.jsonl\nvariants: [prompt]\ntask: {task}\n")
    try:
        load_config(path)
    except ConfigError as error:
        return [problem.removeprefix(f"{path}: ") for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("jsn", "task.kind: 'jsn' is unknown; did you mean json?"),
        ("Answer", "task.kind: 'Answer' is unknown; did you mean answer?"),
        ("translate", f"task.kind: 'translate' is unknown; choose from {', '.join(TASKS)}"),
        ("3", "task.kind: 3 cannot be used; write a text, in quotes if it looks like a number or a date"),
    ],
)
def test_a_kind_that_is_unknown_is_one_line(tmp_path: Path, kind: str, said: str) -> None:
    """With the one that was meant, or all there are."""
    assert problems(tmp_path, f"{{kind: {kind}}}") == [said]


def test_one_wrong_key_does_not_hide_another(tmp_path: Path) -> None:
    """A JSON task without a schema, with something to say where it does not know."""
    assert problems(tmp_path, '{kind: json, refusal: "No data.", intruction: "Go."}') == [
        "task.schema_file: missing; kind: json needs a JSON Schema, so name its file",
        "task.refusal: 'No data.' is never right with kind: json; remove it",
        "task.intruction: unknown key; did you mean instruction?",
    ]


def test_a_refusal_says_something(tmp_path: Path) -> None:
    """Also where the kind is unknown."""
    [_, problem] = problems(tmp_path, '{kind: jsn, refusal: "..."}')
    assert problem == """task.refusal: '...' says nothing; write a text such as "I don't know\""""


def test_editors_and_the_template_know_the_kinds() -> None:
    """From the table."""
    assert json.loads(config_schema())["$defs"]["TaskConfig"]["properties"]["kind"]["enum"] == list(TASKS)
    assert f"answer: {TASKS['answer'].description}; json: {TASKS['json'].description}" in config_template()
    assert "token_f1 for kind: answer, field_f1 for kind: json" in config_template()
