"""What a schema says of the value at one place: how it is written, and whether the order of its items counts.

Where a schema offers alternatives (anyOf, oneOf, if) all of them are heard, so an enum of any of them is an enum.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from ragvsft.characters import PLAIN_SIGNS
from ragvsft.schemas.places import Place, root_of, targets_of

_SAME_VALUE = ("allOf", "anyOf", "oneOf")
# forms that carry meaning: 10² is not 102, and ½ is not 1⁄2
_KEPT_FORMS = ("<super>", "<sub>", "<fraction>", "<circle>", "<square>")


def folded_text(text: str) -> str:
    """Return a text as it counts where nothing says how it is written.

    Without regard to case, runs of white space, width and composition of characters, and forms of quotes and dashes.
    """
    if not text.isascii():
        wide = "".join(map(_plain, text.translate(PLAIN_SIGNS)))
        text = unicodedata.normalize("NFC", wide)
    return " ".join(text.casefold().split())


def _plain(character: str) -> str:
    if unicodedata.decomposition(character).startswith(_KEPT_FORMS):
        return character
    return "" if unicodedata.category(character) == "Cf" else unicodedata.normalize("NFKC", character)


class Shape:
    """What all schemas that may apply to one value say together; one without schemas says nothing."""

    def __init__(self, places: Iterable[Place], book: dict[frozenset[int], Shape]) -> None:
        self._places = tuple(places)
        self._book = book  # every shape by the schemas that it is made of, so that a recursive schema has few
        self._members: dict[str, Shape] = {}
        self._items: dict[int, Shape] = {}

    @cached_property
    def required(self) -> frozenset[str]:
        """The fields that any of the schemas requires."""
        lists = (place.get("required") for place in self._places)
        return frozenset(name for names in lists if isinstance(names, list) for name in names)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Every property by its name without regard to case."""
        found = (name for place in self._places for name in place.get("properties") or ())
        return {folded_text(name): name for name in found}

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Every text of an enum or const by itself without regard to case and white space."""
        values = (v for place in self._places for v in (*(place.get("enum") or ()), place.get("const")))
        return {folded_text(value): value for value in values if isinstance(value, str)}

    @cached_property
    def free_order(self) -> bool:
        """Whether the items are a set: `x-order: free`, or uniqueItems where x-order says nothing."""
        said = {place.get("x-order") for place in self._places} - {None}
        if said or self._first_items:  # where items have schemas of their own, their order is their meaning
            return "free" in said
        return any(place.get("uniqueItems") is True for place in self._places)

    def member(self, name: str) -> Shape:
        """Return what is said of the field of this name."""
        if not self._places:
            return self
        if name not in self._members:
            shape = self._shape(p for place in self._places for p in _of_member(place, name))
            if not shape._places:
                return shape  # an answer may hold any number of such names: they are not kept
            self._members[name] = shape
        return self._members[name]

    def item(self, index: int) -> Shape:
        """Return what is said of the item at this place of a list."""
        if not self._places:
            return self
        key = min(index, self._first_items)
        if key not in self._items:
            self._items[key] = self._shape(p for place in self._places for p in _of_item(place, key))
        return self._items[key]

    @cached_property
    def _first_items(self) -> int:
        """How many items have a schema of their own; all others share one."""
        lists = (place.get(keyword) for place in self._places for keyword in ("prefixItems", "items"))
        return max((len(found) for found in lists if isinstance(found, list)), default=0)

    def _shape(self, places: Iterable[Place]) -> Shape:
        applying = {id(p.schema): p for place in places for p in _applying(place, {}).values()}
        key = frozenset(applying)
        if key not in self._book:
            self._book[key] = Shape(applying.values(), self._book)
        return self._book[key]


def shape_of(schema: Mapping[str, Any] | None) -> Shape:
    """Return what a schema says of the whole value; without a schema nothing is said."""
    return Shape(_applying(root_of(schema), {}).values() if schema else (), {})


def _applying(place: Place, seen: dict[int, Place]) -> dict[int, Place]:
    """Return every schema that describes the same value as this one, by its identity."""
    if isinstance(place.schema, Mapping) and id(place.schema) not in seen:
        seen[id(place.schema)] = place
        for other in (*targets_of(place), *_alternatives(place)):
            _applying(other, seen)
    return seen


def _alternatives(place: Place) -> Iterator[Place]:
    for keyword in _SAME_VALUE:
        yield from (place.below(keyword, number) for number in range(len(place.get(keyword) or ())))
    yield from (place.below(keyword) for keyword in ("then", "else") if place.get(keyword) is not None)
    yield from (place.below("dependentSchemas", name) for name in place.get("dependentSchemas") or ())


def _of_member(place: Place, name: str) -> Iterator[Place]:
    if name in (place.get("properties") or ()):
        yield place.below("properties", name)
        return
    # every pattern is heard and none is tried: a pattern can take for ever on a name that a model made up
    yield from (place.below("patternProperties", pattern) for pattern in place.get("patternProperties") or ())
    if isinstance(place.get("additionalProperties"), Mapping):
        yield place.below("additionalProperties")


def _of_item(place: Place, index: int) -> Iterator[Place]:
    for keyword in ("prefixItems", "items"):
        first = place.get(keyword)
        if isinstance(first, list) and index < len(first):
            yield place.below(keyword, index)
            return
    for keyword in ("items", "additionalItems"):
        if isinstance(place.get(keyword), Mapping):
            yield place.below(keyword)
            return
