"""A schema as one compact line, for the prompt: everything in it that says what the JSON looks like.

A schema that is nothing but names with values or types keeps the plain form that the bundled generator was trained on:
{"intent": "refund" or "exchange", "order_id": string or null, "urgent": boolean}. Any other is written out whole, with
what is inside (`{...}`, `[string, ...]`), alternatives, and remarks in brackets: descriptions, formats, bounds, and
which fields may be left out. What a schema refers to is written where it is used; what refers to itself, or is long and
used again, is named there and written once at the end.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from ragvsft.schemas.places import Place, parts_of, references_of, root_of, target_of
from ragvsft.schemas.remarks import as_json, remarks_on, telling_title

# what a property may have beside enum and type without being shown
_UNSAID = {"type", "enum", "pattern", "title", "default", "$comment", "deprecated", "readOnly", "writeOnly"}
_OR = " or "
_WITH = "with "  # the fields that a part demands and does not describe
_AROUND = {"$schema", "$id", "$comment", "$defs", "definitions", "title", "type", "properties", "required"}
_AROUND |= {"additionalProperties"}
_SHELVES = ("/$defs/", "/definitions/")  # what lies there is shown where it is used
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{(]|[\]})]| or ')
_LONGEST_REPEATED = 80  # characters of a definition that is written out wherever it is used


def outline(schema: Mapping[str, Any]) -> str:
    """Return a JSON Schema of type object as one line, the same for the same schema."""
    if _is_plain(schema):
        return _plain(schema)
    # as a tree: parts are told apart by identity, and one object may be in two places
    return _Writer(root_of(json.loads(json.dumps(schema)))).line()


def _is_plain(schema: Mapping[str, Any]) -> bool:
    properties = schema.get("properties")
    rest = set(schema) - _AROUND
    if rest or not isinstance(properties, Mapping) or not isinstance(schema.get("additionalProperties", True), bool):
        return False
    if "required" in schema and set(schema["required"]) != set(properties):
        return False
    return all(
        isinstance(rule, bool) or (all(_is_unsaid(word) for word in rule) and not telling_title(rule, name))
        for name, rule in properties.items()
    )


def _is_unsaid(keyword: str) -> bool:
    return keyword in _UNSAID or keyword.startswith("x-")


def _plain(schema: Mapping[str, Any]) -> str:
    fields = (f"{as_json(name)}: {_values_or_types(rule)}" for name, rule in schema["properties"].items())
    return "{" + ", ".join(fields) + "}"


def _values_or_types(rule: Mapping[str, Any] | bool) -> str:
    if isinstance(rule, bool):
        return "any"
    if "enum" in rule:
        return " or ".join(map(as_json, rule["enum"]))
    kinds = rule.get("type", "any")
    return kinds if isinstance(kinds, str) else " or ".join(kinds)


class _Writer:
    """Writes one schema; what has a name is written once, at the end."""

    def __init__(self, root: Place) -> None:
        self._root = root
        self._named = _named(root)
        self._to_write: list[int] = []  # the definitions that were mentioned

    def line(self) -> str:
        """Return the whole line."""
        parts = [self._text(self._root, by_name=False)]
        written = {id(self._root.schema)}
        while self._to_write:
            key = self._to_write.pop(0)
            if key not in written:
                written.add(key)
                name, place = self._named[key]
                parts.append(f"{name} is {self._text(place, by_name=False)}")
        return "; ".join(parts)

    def _text(self, place: Place, *, by_name: bool = True, remarks: tuple[str, ...] = ()) -> str:
        if by_name and id(place.schema) in self._named:
            self._to_write.append(id(place.schema))
            body = self._named[id(place.schema)][0]
        elif isinstance(place.schema, bool):
            body = "any" if place.schema else "nothing"
        else:
            body, remarks = self._body(place), (*remarks, *remarks_on(place))
        return f"{body} ({'; '.join(remarks)})" if remarks else body

    def _body(self, place: Place) -> str:
        """Return what must all hold of the value, joined by "and"."""
        parts = [part for part in dict.fromkeys([*self._own(place), *self._combined(place)]) if part != "any"]
        if len(parts) > 1:
            said = any(part != "object" and not part.startswith(_WITH) for part in parts)
            parts = [_closed(part) for part in parts if part != "object" or not said]
        return " and ".join(parts) or "any"

    def _own(self, place: Place) -> list[str]:
        """Return what the schema says by itself: its values, or its types with what is inside."""
        if isinstance(place.schema, Mapping) and "const" in place.schema:
            return [as_json(place.get("const"))]
        if isinstance(place.get("enum"), list):
            return [" or ".join(map(as_json, place.get("enum")))]
        kinds = place.get("type")
        if kinds is None:
            inside = [text for kind in ("object", "array") if (text := self._inside(place, kind)) != kind]
            return [*([" or ".join(inside)] if inside else []), *_demanded(place)]
        kinds = [kinds] if isinstance(kinds, str) else kinds
        return [" or ".join(self._inside(place, kind) for kind in kinds), *_demanded(place)]

    def _inside(self, place: Place, kind: str) -> str:
        if kind == "object":
            return self._object(place)
        return self._array(place) if kind == "array" else kind

    def _object(self, place: Place) -> str:
        required = place.get("required")
        fields = []
        for name in place.get("properties") or ():
            may_lack = isinstance(required, list) and name not in required
            inner = self._text(place.below("properties", name), remarks=("optional",) if may_lack else ())
            fields.append(f"{as_json(name)}: {inner}")
        fields += [
            f"any name matching {pattern}: {self._text(place.below('patternProperties', pattern))}"
            for pattern in place.get("patternProperties") or ()
        ]
        if isinstance(place.get("additionalProperties"), Mapping):
            name = self._any_name(place, other=bool(fields))
            fields.append(f"{name}: {self._text(place.below('additionalProperties'))}")
        elif not fields and isinstance(place.get("propertyNames"), Mapping):
            fields.append(f"{self._any_name(place, other=False)}: any")
        return "{" + ", ".join(fields) + "}" if fields else "object"

    def _any_name(self, place: Place, *, other: bool) -> str:
        name = f"any {'other ' if other else ''}name"
        if not isinstance(place.get("propertyNames"), Mapping):
            return name
        names = self._text(place.below("propertyNames"))
        if names == "any":
            return name
        return f"{name} {names[5:-1]}" if names.startswith("any (") else f"{name} that is {names}"

    def _array(self, place: Place) -> str:
        first = "prefixItems" if isinstance(place.get("prefixItems"), list) else "items"
        items = []
        if isinstance(place.get(first), list):
            items = [self._text(place.below(first, number)) for number in range(len(place.get(first)))]
        for keyword in ("items", "additionalItems"):
            if isinstance(place.get(keyword), Mapping):
                items += [self._text(place.below(keyword)), "..."]
                break
        if not isinstance(place.get("contains"), Mapping):
            return f"[{', '.join(items)}]" if items else "array"
        wanted = f"[..., {self._text(place.below('contains'))}, ...]{_how_many(place)}"
        return f"[{', '.join(items)}] and {wanted}" if items else wanted

    def _combined(self, place: Place) -> Iterator[str]:
        for _, reference in references_of(place):
            if (target := target_of(place, reference)) is not None:
                yield self._text(target)
        for number in range(len(place.get("allOf") or ())):
            yield self._text(place.below("allOf", number))
        for keyword in ("anyOf", "oneOf"):
            found = [self._text(place.below(keyword, number)) for number in range(len(place.get(keyword) or ()))]
            if found:
                yield " or ".join(dict.fromkeys(found))
        if place.get("not") is not None:
            yield f"not {_closed(self._text(place.below('not')))}"
        if place.get("if") is not None:
            yield "".join(
                f"{word} {self._text(place.below(keyword))}"
                for word, keyword in (("if", "if"), (" then", "then"), (" else", "else"))
                if place.get(keyword) is not None
            )
        for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):  # the last is draft 7's for both
            for name, then in (place.get(keyword) or {}).items():
                names = _with(then) if isinstance(then, list) else self._text(place.below(keyword, name))
                yield f"if {as_json(name)} is there then {names}"


def _how_many(place: Place) -> str:
    """Return how many items must be of the kind that a list has to contain, where that is not just one."""
    bounds = (("minContains", "at least"), ("maxContains", "at most"))
    said = [f"{words} {place.get(keyword)} of these" for keyword, words in bounds if place.get(keyword) is not None]
    return f" ({'; '.join(said)})" if said else ""


def _demanded(place: Place) -> list[str]:
    """Return the fields that the schema demands and does not describe itself, as in `anyOf: [{required: [email]}]`."""
    names = [name for name in place.get("required") or () if name not in (place.get("properties") or ())]
    return [_with(names)] if names else []


def _with(names: Sequence[str]) -> str:
    return _WITH + " and ".join(map(as_json, names))


def _closed(text: str) -> str:
    """Return a text in brackets if it offers a choice, so that "and" and "not" are about all of it."""
    depth = 0
    for part in _STRUCTURE.findall(text):
        depth += (part in "[{(") - (part in "]})")
        if part == _OR and depth == 0:
            return f"({text})"
    return text


def _named(root: Place) -> dict[int, tuple[str, Place]]:
    """Return, by identity, the name of every definition that is recursive, or long and used again."""
    uses: Counter[int] = Counter()
    found: dict[int, tuple[str, Place]] = {}
    for place in _reached(root):
        for reference, target in _definitions(place):
            uses[id(target.schema)] += 1
            found.setdefault(id(target.schema), (_name(reference), target))
    kept = {key: named for key, named in found.items() if _wants_a_name(named[1], uses[key])}
    taken: Counter[str] = Counter()
    for key, (name, place) in kept.items():
        taken[name] += 1
        kept[key] = (name if taken[name] == 1 else f"{name}{taken[name]}", place)
    return kept


def _wants_a_name(place: Place, uses: int) -> bool:
    below = (other for _, target in _definitions(place) for other in _reached(target))
    inside = [*below, *(other for part, _ in parts_of(place) for other in _reached(part))]
    if any(other.schema is place.schema for other in inside):
        return True
    refers = any(True for other in (place, *inside) for _ in references_of(other))
    return uses > 1 and (refers or len(as_json(place.schema)) > _LONGEST_REPEATED)


def _reached(place: Place) -> list[Place]:
    """Return a place and every place below it or that references lead to, each once, in the order of the schema."""
    reached: dict[int, Place] = {}
    waiting = [place]
    while waiting:
        place = waiting.pop()
        if isinstance(place.schema, Mapping) and id(place.schema) not in reached:
            reached[id(place.schema)] = place
            parts = (part for part, _ in parts_of(place))
            below = [part for part in parts if not part.pointer.removeprefix(place.pointer).startswith(_SHELVES)]
            waiting += [*below, *(target for _, target in _definitions(place))][::-1]
    return list(reached.values())


def _definitions(place: Place) -> Iterator[tuple[str, Place]]:
    for _, reference in references_of(place):
        target = target_of(place, reference)
        if target is not None and isinstance(target.schema, Mapping):
            yield reference, target


def _name(reference: str) -> str:
    return unquote(reference.rpartition("/")[2].rpartition("#")[2]) or "the whole object"
