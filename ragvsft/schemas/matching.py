"""Does a value fit the schema? The check ends, whatever value and schema say, and fetches nothing.

jsonschema does the work; what could run for ever in it is done here. Patterns get a time limit, following references
a step limit, and numbers are divided exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from ragvsft.schemas.places import REFERENCES
from ragvsft.schemas.shape import Shape
from ragvsft.schemas.values import TooMuch, same_as

PATTERN_S = 1.0  # a pattern that takes longer on one text is given up
_PATIENCE_S = 10.0  # of all patterns of a run together; from then on each text gets
_HURRY_S = 0.02
# references followed for one value, and for each part of a large one: alternatives that refer to themselves double at
# each level, so a value of ninety levels would never be done
_STEPS, _STEPS_PER_PART = 10_000, 50
_LONGEST_EXPONENT = 5_000
_NOTHING = Shape((), {})


class Matcher:
    """Holds values against one schema."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        from jsonschema import Draft202012Validator
        from jsonschema.validators import extend, validator_for
        from referencing import Registry

        base = validator_for(schema, default=Draft202012Validator)
        follow = {
            keyword: self._counted(base.VALIDATORS[keyword]) for keyword in REFERENCES if keyword in base.VALIDATORS
        }
        rules = {
            "pattern": self._pattern,
            "patternProperties": self._pattern_properties,
            "additionalProperties": self._additional_properties,
            "multipleOf": _multiple_of,
            "uniqueItems": _unique_items,
        }
        checker = base.TYPE_CHECKER.redefine("integer", _is_integer)
        extended: Callable[..., Any] = extend  # whose stub has no types
        kind = extended(base, {**follow, **rules}, type_checker=checker)
        self._validator = kind(schema, registry=Registry())  # an empty registry: nothing is fetched
        self._steps = self._most_steps = 0
        self._patience_s = _PATIENCE_S

    def fits(self, value: Any) -> bool:
        """Return whether the value fits the schema. Raises TooMuch where that would take too long to find out."""
        from referencing.exceptions import Unresolvable
        from regex import error as BadPattern  # noqa: N812

        self._steps, self._most_steps = 0, max(_STEPS, _STEPS_PER_PART * _parts(value))
        try:
            return bool(self._validator.is_valid(value))
        except RecursionError:
            raise TooMuch("nested-too-deeply") from None
        except TimeoutError:
            raise TooMuch("pattern-takes-too-long") from None
        except (Unresolvable, BadPattern):  # a run of an older version: today such a schema does not start
            raise TooMuch("schema-cannot-be-used") from None

    def _counted(self, rule: Callable[..., Any]) -> Callable[..., Iterator[Any]]:
        def follow(validator: Any, reference: Any, value: Any, schema: Any) -> Iterator[Any]:
            self._steps += 1
            if self._steps > self._most_steps:
                raise TooMuch("schema-takes-too-long")
            yield from rule(validator, reference, value, schema) or ()

        return follow

    def found(self, pattern: str, text: str) -> bool:
        """Return whether a pattern is found in a text. Raises TimeoutError past the time limit."""
        timeout_s = PATTERN_S if self._patience_s > 0 else _HURRY_S
        try:
            return compiled(pattern).search(text, timeout=timeout_s) is not None
        except TimeoutError:
            self._patience_s -= timeout_s
            raise

    def _pattern(self, validator: Any, pattern: str, value: Any, schema: Any) -> Iterator[Any]:
        if isinstance(value, str) and not self.found(pattern, value):
            yield _error(f"does not match {pattern!r}")

    def _pattern_properties(self, validator: Any, rules: Mapping[str, Any], value: Any, schema: Any) -> Iterator[Any]:
        for pattern, rule in rules.items() if isinstance(value, Mapping) else ():
            for name, inner in value.items():
                if self.found(pattern, name):
                    yield from validator.descend(inner, rule, path=name, schema_path=pattern)

    def _additional_properties(self, validator: Any, rule: Any, value: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
        patterns = schema.get("patternProperties") or ()
        for name in value if isinstance(value, Mapping) else ():
            known = name in (schema.get("properties") or ()) or any(self.found(pattern, name) for pattern in patterns)
            if not known:
                yield from validator.descend(value[name], rule, path=name)


@cache
def compiled(pattern: str) -> Any:
    """Return a pattern that can be searched with a time limit. Raises regex.error where it cannot be read."""
    import regex

    return regex.compile(pattern)


def _parts(value: Any) -> int:
    """Return how many objects, lists and single values there are in a value."""
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return 1 + sum(map(_parts, inner))


def _error(message: str) -> Any:
    from jsonschema import ValidationError

    return ValidationError(message)


def _is_integer(checker: Any, value: Any) -> bool:
    if isinstance(value, Decimal):
        return int(value.as_tuple().exponent) >= 0
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())


def _multiple_of(validator: Any, step: Any, value: Any, schema: Any) -> Iterator[Any]:
    if validator.is_type(value, "number") and (_fraction(value) / _fraction(step)).denominator != 1:
        yield _error(f"is not a multiple of {step}")


def _fraction(number: float | Decimal) -> Fraction:
    """Return a number as its digits say: 0.1 is a tenth, which no float is."""
    if isinstance(number, Decimal) and abs(number.adjusted()) > _LONGEST_EXPONENT:
        raise TooMuch("number-out-of-range")
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def _unique_items(validator: Any, wanted: bool, value: Any, schema: Any) -> Iterator[Any]:
    if wanted and isinstance(value, list):
        items = [_exactly(item) for item in value]
        if len(set(items)) < len(items):
            yield _error("lists an item twice")


def _exactly(value: Any) -> Any:
    """Return what two values have in common exactly if JSON Schema calls them equal: no folding, null is a value."""
    if isinstance(value, Mapping):
        return "object", frozenset((name, _exactly(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return "list", tuple(map(_exactly, value))
    return value if isinstance(value, str) else same_as(value, _NOTHING)
