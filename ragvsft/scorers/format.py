"""Is the JSON right? Whether it parses, whether it fits the schema, and how many of its fields are right.

`json_valid` is strict: the whole text must be JSON, as the instruction asks. The other two read what a user's program
would read, so a Markdown fence around the whole text is taken off first. A text that is no JSON is a measured outcome
and scores 0; only a Failure is unscored.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ragvsft.errors import ConfigError
from ragvsft.prompts import REFUSAL
from ragvsft.records import Completion, Prediction, Sample
from ragvsft.scorers import Measure, Unscored

_FENCE = re.compile(r"\s*```(?:json)?\s*\n(?P<inside>.*?)\n?\s*```\s*", re.DOTALL | re.IGNORECASE)


def parse_json(text: str, *, strict: bool) -> Any:
    """Return the value that the text is the JSON of; unless `strict`, a Markdown fence around it is taken off.

    Raises ValueError if it is none. NaN and Infinity are none, though Python's json reads them.
    """
    fence = None if strict else _FENCE.fullmatch(text)
    try:
        return json.loads(fence["inside"] if fence else text, parse_constant=_refuse_constant)
    except RecursionError as error:  # "[" a thousand times over
        raise ValueError("nested too deeply") from error


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def field_f1(value: Any, target: Mapping[str, Any]) -> float:
    """Return the F1 of the (field, value) pairs of two objects; a value that is no object scores 0.

    Nested fields count by their path, list items as a multiset. Texts are compared without regard to case and to
    runs of white space; true is not 1, and "42" is not 42. A field that is null is a field that is not there, as in
    slot filling: leaving it out and setting it to null are the same, inventing a value for it costs precision. Two
    objects without any value score 1.
    """
    if not isinstance(value, Mapping):
        return 0.0
    ours, theirs = Counter(_pairs(value)), Counter(_pairs(target))
    if not ours and not theirs:
        return 1.0
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())


def _pairs(value: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _pairs(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _pairs(inner, f"{path}/[]")
    elif isinstance(value, str):
        yield path, "text", " ".join(value.casefold().split())
    elif isinstance(value, bool):
        yield path, "truth", str(value)
    elif value is not None:
        yield path, "number", repr(float(value)) if abs(value) < 2**53 else str(value)


def _valid(sample: Sample, prediction: Prediction, completion: Completion) -> float:
    try:
        parse_json(completion.text, strict=True)
    except ValueError:
        return 0.0
    return 1.0


def _fields(sample: Sample, prediction: Prediction, completion: Completion) -> float | Unscored:
    targets = [target for target in map(json_object, sample.targets) if target is not None]
    if not targets:
        return Unscored("target-not-json")
    try:
        value = parse_json(completion.text, strict=False)
    except ValueError:
        return 0.0
    return max(field_f1(value, target) for target in targets)


def json_object(text: str) -> Mapping[str, Any] | None:
    """Return the JSON object that the text is, or None where it is none."""
    try:
        value = parse_json(text, strict=True)
    except ValueError:
        return None
    return value if isinstance(value, Mapping) else None


def _schema_match(schema: Mapping[str, Any] | None) -> Measure:
    if schema is None:
        raise ConfigError("scorer 'schema_match' needs a JSON Schema; name it in task.schema_file")
    from jsonschema.validators import validator_for
    from referencing import Registry

    # an empty registry: a remote $ref in a schema must not fetch anything
    validator = validator_for(schema)(schema, registry=Registry())

    def matches(sample: Sample, prediction: Prediction, completion: Completion) -> float:
        try:
            return float(validator.is_valid(parse_json(completion.text, strict=False)))
        except ValueError:
            return 0.0

    return Measure("schema_match", matches)


def make(name: str, *, k: int | None, schema: Mapping[str, Any] | None, refusal: str = REFUSAL) -> Measure:
    """Return the scorer of this name; schema_match holds texts against `schema`."""
    if name == "schema_match":
        return _schema_match(schema)
    return {"json_valid": Measure("json_valid", _valid), "field_f1": Measure("field_f1", _fields)}[name]
