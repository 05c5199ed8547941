"""Whether the targets of samples are what answers can be held against, for the kinds of task that ask for a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ragvsft.config.sections import Config
from ragvsft.data.problems import Problems
from ragvsft.errors import EvalsetError
from ragvsft.records import Sample
from ragvsft.schemas.matching import Matcher
from ragvsft.schemas.values import TooMuch
from ragvsft.scoring.scorers.format import json_object
from ragvsft.tasks import Task

# config, task (None: it could not be read) and samples -> notes for the report; raises UserError with all problems
Check = Callable[[Config, Task | None, Sequence[Sample]], list[str]]


def check_json(config: Config, task: Task | None, samples: Sequence[Sample]) -> list[str]:
    """Return a note on targets that do not fit the schema. Raises EvalsetError where a sample has no JSON target."""
    problems = Problems()
    for sample in samples:
        if not any(json_object(target) is not None for target in sample.targets):
            text = f"no target is a JSON object with each key once; task.kind: {config.task.kind} needs one"
            problems.add(f"{config.evalset}: sample {sample.sample_id!r}", text)
    notes: list[str] = []
    if task and task.schema is not None and config.task.schema_file:
        notes = _off_the_schema(config.task.schema_file, task.schema, samples, problems)
    problems.raise_as(EvalsetError)
    return notes


def _off_the_schema(path: Path, schema: Mapping[str, Any], samples: Sequence[Sample], problems: Problems) -> list[str]:
    """Return a note on the samples whose targets do not fit the schema: the right answer to them counts as a mismatch.

    It is a note, since real data has such targets and fields are scored all the same. A schema that takes too long on
    a target is a problem: it would on every answer.
    """
    matcher = Matcher(schema)
    off = []
    for sample in samples:
        targets = [target for target in map(json_object, sample.targets) if target is not None]
        try:
            fits = any(matcher.fits(target) for target in targets)
        except TooMuch as error:
            problems.add(
                str(path),
                f"cannot be checked against the target of sample {sample.sample_id!r}: {error.cause}; write patterns"
                " without repeats inside repeats, and fewer alternatives",
            )
            return []
        if targets and not fits:
            off.append(sample.sample_id)
    return [_note(path, off, len(samples))] if off else []


def _note(path: Path, off: Sequence[str], count: int) -> str:
    first = ", ".join(map(repr, off[:3])) + (", ..." if len(off) > 3 else "")
    return (
        f"For {len(off):,} of {count:,} samples no target fits {path.name} ({first}), so an answer equal to the target"
        " does not count as a schema match."
    )
