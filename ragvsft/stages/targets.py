"""Whether the targets of samples are what answers can be held against, as the kind of task asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from ragvsft.config.root import Config
from ragvsft.data.problems import Problems
from ragvsft.errors import EvalsetError
from ragvsft.records import Sample
from ragvsft.schemas.matching import Matcher
from ragvsft.schemas.values import TooMuch
from ragvsft.scoring.scorers.format import json_object
from ragvsft.tasks import TASKS, Task

# config, task (None: it could not be read), samples -> notes for the report; what is wrong goes to the problems
Check = Callable[[Config, Task | None, Sequence[Sample], Problems], list[str]]


def check_targets(config: Config, task: Task | None, samples: Sequence[Sample]) -> list[str]:
    """Return notes on targets that this kind of task makes little of. Raises EvalsetError where one cannot be used."""
    kind, problems = TASKS[config.task.kind], Problems()
    for sample in samples:
        if not sample.targets and not kind.may_refuse:
            text = f"no target; with task.kind: {kind.name} a refusal is never right, so give one or leave this out"
            problems.add(f"{config.evalset}: sample {sample.sample_id!r}", text)
    notes: list[str] = []
    if kind.check_targets:
        check: Check = resolve_name(kind.check_targets)
        notes = check(config, task, [sample for sample in samples if sample.targets], problems)
    problems.raise_as(EvalsetError)
    return notes


def check_json(config: Config, task: Task | None, samples: Sequence[Sample], problems: Problems) -> list[str]:
    """Return a note on targets that do not fit the schema; a sample without any JSON target is a problem."""
    for sample in samples:
        if not any(json_object(target) is not None for target in sample.targets):
            text = f"no target is a JSON object with each key once; task.kind: {config.task.kind} needs one"
            problems.add(f"{config.evalset}: sample {sample.sample_id!r}", text)
    if task is None or task.schema is None or config.task.schema_file is None:
        return []
    return _off_the_schema(config.task.schema_file, task.schema, samples, problems)


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
