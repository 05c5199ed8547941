"""What a prompt looks like, text by text."""

from __future__ import annotations

from ragvsft.prompts import Shot, answer_prompt, json_prompt
from ragvsft.tasks import Task

SHOTS = (Shot("When does it close?", "at six"), Shot("Who runs it?", "Ada"))
SCHEMA = {"type": "object", "properties": {"urgent": {"type": "boolean"}}, "required": ["urgent"]}


def test_worked_examples_stand_between_the_instruction_and_the_passages() -> None:
    """Each in the shape of the question itself, in the order given."""
    assert answer_prompt("When does it open?", ["It opens at nine."], SHOTS, instruction="Answer.") == (
        "Answer.\n\n"
        "Question: When does it close?\nAnswer: at six\n\n"
        "Question: Who runs it?\nAnswer: Ada\n\n"
        "Passages:\n[1] It opens at nine.\n\n"
        "Question: When does it open?"
    )


def test_worked_examples_of_json_are_messages() -> None:
    """They come after the schema, which they are examples of."""
    shots = [Shot("Hurry!", '{"urgent": true}')]
    assert json_prompt("No rush.", SCHEMA, ["Rules."], shots, instruction="Reply with JSON.") == (
        "Reply with JSON.\n\n"
        'Schema: {"urgent": boolean}\n\n'
        'Message: Hurry!\nJSON: {"urgent": true}\n\n'
        "Passages:\n[1] Rules.\n\n"
        "Message: No rush."
    )


def test_a_prompt_without_worked_examples_is_what_it_was_before_there_were_any() -> None:
    """The bundled model was trained on exactly these texts."""
    assert Task("answer", "Answer.").prompt("When?") == "Answer.\n\nQuestion: When?"
    assert Task("answer", "Answer.").prompt("When?", ["At nine.", "At ten."]) == (
        "Answer.\n\nPassages:\n[1] At nine.\n[2] At ten.\n\nQuestion: When?"
    )
    assert Task("json", "JSON.", SCHEMA).prompt("Hi", ["Rules."]) == (
        'JSON.\n\nSchema: {"urgent": boolean}\n\nPassages:\n[1] Rules.\n\nMessage: Hi'
    )


def test_a_task_shows_worked_examples_in_its_own_shape() -> None:
    """Without passages they stand right before the question."""
    assert Task("answer", "Answer.").prompt("When?", shots=SHOTS[:1]) == (
        "Answer.\n\nQuestion: When does it close?\nAnswer: at six\n\nQuestion: When?"
    )
    assert Task("json", "JSON.", SCHEMA).prompt("Hi", shots=[Shot("Hurry!", "{}")]) == (
        'JSON.\n\nSchema: {"urgent": boolean}\n\nMessage: Hurry!\nJSON: {}\n\nMessage: Hi'
    )
