"""Every prompt text, one function each.

All variants of a run share one instruction; they differ only in what they add to it. The bundled generator was
trained on exactly these texts (`pretrain/`), so a change here is a change of its input distribution.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ragvsft.schemas.outline import outline

REFUSAL = "I don't know"

ANSWER_INSTRUCTION = "Answer in a few words, or say: I don't know."
JSON_INSTRUCTION = "Turn the message into JSON. Reply with the JSON only."


@dataclass(frozen=True, slots=True)
class Shot:
    """A question with its right answer, which a prompt shows as a worked example."""

    question: str
    answer: str


def with_refusal(instruction: str, refusal: str) -> str:
    """Return an instruction that tells the model to say `refusal`, not REFUSAL, where it does not know."""
    return instruction.replace(REFUSAL, refusal.strip().rstrip(".。"))


def answer_prompt(
    question: str,
    passages: Sequence[str] = (),
    shots: Sequence[Shot] = (),
    *,
    instruction: str = ANSWER_INSTRUCTION,
) -> str:
    """Return the prompt for a question: worked examples, then the passages numbered from 1, in the order given."""
    worked = [answer_shot(shot) for shot in shots]
    return "\n\n".join([instruction, *worked, *_passage_block(passages), f"Question: {question}"])


def answer_shot(shot: Shot) -> str:
    """Return a worked example of a question that is answered in words."""
    return f"Question: {shot.question}\nAnswer: {shot.answer}"


def json_prompt(
    message: str,
    schema: Mapping[str, Any],
    passages: Sequence[str] = (),
    shots: Sequence[Shot] = (),
    *,
    instruction: str = JSON_INSTRUCTION,
) -> str:
    """Return the prompt that turns a message into JSON of `schema` (a JSON Schema of type object)."""
    head = [instruction, f"Schema: {schema_line(schema)}"]
    worked = [json_shot(shot) for shot in shots]
    return "\n\n".join([*head, *worked, *_passage_block(passages), f"Message: {message}"])


def json_shot(shot: Shot) -> str:
    """Return a worked example of a message that is turned into JSON."""
    return f"Message: {shot.question}\nJSON: {shot.answer}"


def question_prompt(passage: str, answer: str) -> str:
    """Return the prompt that asks for a question which `passage` answers with `answer`."""
    return f"Write the question that the passage answers with: {answer}\n\nPassage: {passage}"


def continue_prompt(text: str) -> str:
    """Return the prompt that asks for the continuation of a general text."""
    return f"Continue the text: {text}"


def schema_line(schema: Mapping[str, Any]) -> str:
    """Return a JSON Schema of type object as one compact line: the whole of it, each property with what it may be.

    Example: {"intent": "refund" or "exchange", "order_id": string or null, "urgent": boolean}
    """
    return outline(schema)


def _passage_block(passages: Sequence[str]) -> list[str]:
    if not passages:
        return []
    numbered = "\n".join(f"[{rank}] {passage}" for rank, passage in enumerate(passages, start=1))
    return [f"Passages:\n{numbered}"]
