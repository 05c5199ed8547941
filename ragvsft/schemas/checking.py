"""A schema is checked whole before anything is built: what could go wrong with it later goes wrong here.

Every problem is one line: the place as a JSON Pointer, what is there, and what would be right.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ragvsft.errors import ConfigError
from ragvsft.schemas.matching import compiled
from ragvsft.schemas.places import Place, parts_of, references_of, root_of, target_of, targets_of
from ragvsft.schemas.shape import shape_of

_MOST_PROBLEMS = 20
_DEEPEST = 100
_ORDERS = ("free", "kept")
_TYPES = "a type is string, number, integer, boolean, object, array or null, or a list of those"


def read_schema(path: Path) -> dict[str, Any]:
    """Return the JSON Schema of a file. Raises ConfigError with everything that is wrong with it."""
    try:
        text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))  # as answers and targets are read
        schema = json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_finite)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); set task.schema_file to a JSON Schema") from None
    except RecursionError:
        raise ConfigError(f"{path}: nested too deeply; {_shallower()}") from None
    except ValueError as error:
        raise ConfigError(f"{path}: not JSON ({error}); write a JSON Schema in UTF-8") from None
    problems = [f"{path}: {problem}" for problem in problems_of(schema)]
    if len(problems) > _MOST_PROBLEMS:
        problems[_MOST_PROBLEMS:] = [f"{path}: and {len(problems) - _MOST_PROBLEMS} more problems"]
    if problems:
        raise ConfigError(problems)
    return dict(schema)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} is listed twice in one object")
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if abs(number) == float("inf"):
        raise ValueError(f"{_short(text)} is too large for a number")
    return number


def problems_of(schema: Any) -> list[str]:
    """Return everything that is wrong with a schema, with its place; empty where it can be used."""
    if not isinstance(schema, Mapping):
        return [f"is {_short(schema)}; write a JSON Schema of type object with its properties"]
    if _depth(schema) > _DEEPEST:
        return [f"nested too deeply; {_shallower()}"]
    written = [*_against_the_standard(schema), *_unwritable(schema)]
    if written:
        return written
    try:
        places = list(_all_places(root_of(schema)))
    except ValueError as error:  # of the parts of an address
        return [f"an $id is not a URI: {_plain(str(error))}; correct it, or leave it out"]
    found = [*(problem for place in places for problem in _problems_at(place)), *_without_limit(places)]
    # a loop is looked for only where every reference leads somewhere
    return found or [*_loops(places), *_no_object(schema)]


def _shallower() -> str:
    return f"at most {_DEEPEST} levels are read; define parts in $defs and refer to them"


def _depth(schema: Any) -> int:
    """Return how deep objects and lists lie inside each other, without recursion."""
    deepest, waiting = 0, [(schema, 1)]
    while waiting:
        value, depth = waiting.pop()
        deepest = max(deepest, depth)
        inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        waiting += [(part, depth + 1) for part in inner if isinstance(part, Mapping | list)]
    return deepest


def _against_the_standard(schema: Mapping[str, Any]) -> Iterator[str]:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import validator_for

    if not isinstance(schema.get("$schema", ""), str):
        yield f"/$schema: {_short(schema['$schema'])} is not a version of JSON Schema; leave it out"
        return
    kind = validator_for(schema, default=Draft202012Validator)
    for error in kind(kind.META_SCHEMA).iter_errors(schema):
        steps = [str(step).replace("~", "~0").replace("/", "~1") for step in error.absolute_path]
        remedy = _TYPES if steps[-1:] == ["type"] else _plain(error.message)
        yield f"/{'/'.join(steps)}: {_short(error.instance)} is not valid here; {remedy}"


def _unwritable(schema: Mapping[str, Any]) -> Iterator[str]:
    text = json.dumps(schema, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        yield f"{text[error.start]!r} is half of a surrogate pair; write the whole character or leave it out"


def _all_places(root: Place) -> Iterator[Place]:
    waiting = [root]
    while waiting:
        place = waiting.pop()
        yield place
        waiting += [part for part, _ in parts_of(place)][::-1]


def _problems_at(place: Place) -> Iterator[str]:
    for keyword, reference in references_of(place):
        if target_of(place, reference) is None:
            yield f"{place.pointer}/{keyword}: {reference!r} {_leads_nowhere(reference)}"
    patterns = [("pattern", place.get("pattern"))]
    patterns += [("patternProperties", pattern) for pattern in place.get("patternProperties") or ()]
    for keyword, pattern in patterns:
        if isinstance(pattern, str) and (why := _unreadable_pattern(pattern)):
            yield f"{place.pointer}/{keyword}: {_short(pattern)} is not a regular expression: {why}"
    if place.get("x-order") not in (None, *_ORDERS):
        yield f"{place.pointer}/x-order: {_short(place.get('x-order'))} is unknown; use {' or '.join(_ORDERS)}"


def _leads_nowhere(reference: str) -> str:
    if "://" in reference or reference.startswith(("file:", "urn:")) or not reference.startswith("#"):
        return "is in another document, which is not fetched; copy it into $defs and refer to #/$defs/NAME"
    return "does not lead to a schema in this file; refer to one that is there, such as #/$defs/NAME"


def _unreadable_pattern(pattern: str) -> str | None:
    import regex

    try:
        compiled(pattern)
    except (regex.error, RecursionError, OverflowError) as error:
        return str(error) or "nested too deeply"
    return None


def _without_limit(places: list[Place]) -> Iterator[str]:
    """Yield the rule whose check tries patterns without a time limit, which we cannot give it."""
    patterns = any(place.get("patternProperties") for place in places)
    for place in places:
        if patterns and place.get("unevaluatedProperties") is not None:
            yield (
                f"{place.pointer}/unevaluatedProperties: cannot be checked in bounded time in a schema that has"
                " patternProperties too; use additionalProperties"
            )


def _loops(places: list[Place]) -> Iterator[str]:
    """Yield the references that lead back to themselves while still describing the same value."""
    safe: set[int] = set()
    for place in places:
        if any(True for _ in references_of(place)) and _returns(place, set(), safe):
            reference = next(reference for _, reference in references_of(place))
            yield (
                f"{place.pointer}/$ref: {reference!r} refers back to itself without passing through a property or an"
                " item; refer to another schema"
            )
            return


def _returns(place: Place, above: set[int], safe: set[int]) -> bool:
    if id(place.schema) in above:
        return True
    if id(place.schema) in safe or not isinstance(place.schema, Mapping):
        return False
    inner = [part for part, same_value in parts_of(place) if same_value]
    found = any(_returns(other, above | {id(place.schema)}, safe) for other in (*targets_of(place), *inner))
    if not found:
        safe.add(id(place.schema))
    return found


def _no_object(schema: Mapping[str, Any]) -> Iterator[str]:
    kinds = schema.get("type", "object")
    if "object" not in ([kinds] if isinstance(kinds, str) else kinds):
        yield f"/type: {_short(kinds)} is not object; write a JSON Schema of type object with its properties"
    elif not shape_of(schema).names:
        yield "has no properties; write a JSON Schema of type object with its properties"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _plain(message: str) -> str:
    line = " ".join(message.encode("ascii", "backslashreplace").decode().split())
    return line if len(line) <= 200 else f"{line[:197]}..."
