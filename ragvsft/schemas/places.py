"""Where the schemas inside a schema are, and where its references lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# keyword -> whether the schemas below it describe the same value (True) or a part of it (False)
_ONE = {
    "not": True,
    "if": True,
    "then": True,
    "else": True,
    "items": False,
    "additionalItems": False,
    "additionalProperties": False,
    "contains": False,
    "propertyNames": False,
    "unevaluatedItems": False,
    "unevaluatedProperties": False,
    "contentSchema": False,
}
_LISTS = {"allOf": True, "anyOf": True, "oneOf": True, "prefixItems": False, "items": False}
_MAPS = {
    "properties": False,
    "patternProperties": False,
    "$defs": False,
    "definitions": False,
    "dependentSchemas": True,
    "dependencies": True,
}
REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


@dataclass(frozen=True, slots=True)
class Place:
    """A schema inside a schema, with what its references are resolved against."""

    pointer: str  # JSON Pointer from the root (RFC 6901); "" is the root
    schema: Mapping[str, Any] | bool
    resolver: Any  # referencing's

    def get(self, keyword: str, otherwise: Any = None) -> Any:
        """Return a keyword's value; a schema that is true or false has none."""
        return self.schema.get(keyword, otherwise) if isinstance(self.schema, Mapping) else otherwise

    def below(self, *steps: str | int) -> Place:
        """Return the schema at these steps below."""
        found: Any = self.schema
        for step in steps:
            found = found[step]
        pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
        inner = self.resolver.in_subresource(_resource(found, self.resolver)) if isinstance(found, Mapping) else None
        return Place(self.pointer + pointer, found, inner or self.resolver)


def root_of(schema: Mapping[str, Any]) -> Place:
    """Return the root of a schema."""
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012, specification_with

    specification = specification_with(str(schema.get("$schema")), default=DRAFT202012)
    registry: Registry[Any] = Registry()
    resolver = registry.resolver_with_root(specification.create_resource(schema))
    return Place("", schema, resolver)


def _resource(schema: Mapping[str, Any], resolver: Any) -> Any:
    from referencing.jsonschema import DRAFT202012, specification_with

    return specification_with(str(schema.get("$schema")), default=DRAFT202012).create_resource(schema)


def parts_of(place: Place) -> Iterator[tuple[Place, bool]]:
    """Yield the schemas right below a place, each with whether it describes the same value."""
    if not isinstance(place.schema, Mapping):
        return
    for keyword, value in place.schema.items():
        if keyword in _ONE and _is_schema(value):
            yield place.below(keyword), _ONE[keyword]
        elif keyword in _LISTS and isinstance(value, list):
            for number, inner in enumerate(value):
                if _is_schema(inner):
                    yield place.below(keyword, number), _LISTS[keyword]
        elif keyword in _MAPS and isinstance(value, Mapping):
            for name, inner in value.items():
                if _is_schema(inner):
                    yield place.below(keyword, name), _MAPS[keyword]


def references_of(place: Place) -> Iterator[tuple[str, str]]:
    """Yield the keyword and the value of each reference at a place."""
    for keyword in REFERENCES:
        if isinstance(reference := place.get(keyword), str):
            yield keyword, reference


def target_of(place: Place, reference: str) -> Place | None:
    """Return where a reference leads, None if it leads nowhere in this file or to something that is not a schema."""
    from referencing.exceptions import Unresolvable

    try:
        found = place.resolver.lookup(reference)
    except (Unresolvable, ValueError, TypeError, LookupError):  # a pointer may step into a list by a word, or a number
        return None
    if not _is_schema(found.contents):
        return None
    _, _, fragment = reference.partition("#")
    return Place(fragment or reference, found.contents, found.resolver)


def targets_of(place: Place) -> Iterator[Place]:
    """Yield where the references of a place lead; those that lead nowhere are left out."""
    for _, reference in references_of(place):
        if (target := target_of(place, reference)) is not None:
            yield target


def _is_schema(value: Any) -> bool:
    return isinstance(value, Mapping | bool)
