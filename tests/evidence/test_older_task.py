"""Tasks of format 1, which did not say of which kind they are."""

from __future__ import annotations

import pytest

from ragvsft.codec import from_dict
from ragvsft.evidence.older import older_task
from ragvsft.tasks import Task


@pytest.mark.parametrize(("plain", "kind"), [({"schema": None}, "answer"), ({"schema": {}}, "json"), ({}, "answer")])
def test_a_task_without_a_kind_is_told_by_its_schema(plain, kind):
    """Even an empty one: there were two kinds, and the one with a schema was JSON."""
    task = from_dict(Task, older_task({"instruction": "Do it.", **plain}))
    assert (task.kind, task.schema) == (kind, plain.get("schema"))


def test_a_task_that_knows_its_kind_keeps_it():
    """Whatever its schema would tell."""
    assert older_task({"kind": "json", "instruction": "Do it.", "schema": None})["kind"] == "json"
