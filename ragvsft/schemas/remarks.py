"""What an outline puts in brackets behind a value: bounds, formats, titles, examples, descriptions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ragvsft.schemas.places import Place

_LETTERS_ONLY = re.compile(r"[\W_]+")
_LONGEST_EXAMPLE = 80  # characters
_RANGES = (
    ("minimum", "at least {}"),
    ("exclusiveMinimum", "more than {}"),
    ("maximum", "at most {}"),
    ("exclusiveMaximum", "less than {}"),
    ("multipleOf", "a multiple of {}"),
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {} items"),
    ("maxItems", "at most {} items"),
    ("minProperties", "at least {} fields"),
    ("maxProperties", "at most {} fields"),
    ("format", "{}"),
    ("pattern", "matching {}"),
    ("contentEncoding", "in {}"),
)


def telling_title(schema: Mapping[str, Any], name: object) -> str:
    """Return the title of a field or value if it says more than its name; generators write "Due Date" for due_date."""
    title = schema.get("title")
    if not isinstance(title, str) or _LETTERS_ONLY.sub("", title).casefold() in {"", *_namesakes(schema, name)}:
        return ""
    return " ".join(title.split())


def _namesakes(schema: Mapping[str, Any], name: object) -> set[str]:
    return {_LETTERS_ONLY.sub("", str(same)).casefold() for same in (name, schema.get("const", name))}


def remarks_on(place: Place) -> tuple[str, ...]:
    """Return what a schema says of its value besides what is inside, in the order in which it is written."""
    schema = place.schema
    assert isinstance(schema, Mapping)
    found = [text.format(schema[keyword]) for keyword, text in _RANGES if _is_said(schema.get(keyword))]
    if schema.get("uniqueItems") is True:
        found.append("each once")
    description = schema.get("description")
    above, _, name = place.pointer.rpartition("/")
    if above.endswith("/properties") or "const" in schema:
        found += filter(None, [telling_title(schema, name)])
    found += [
        f"such as {text}" for text in map(as_json, (schema.get("examples") or ())[:1]) if len(text) <= _LONGEST_EXAMPLE
    ]
    if isinstance(description, str) and description.strip():
        found.append(" ".join(description.split()))
    return tuple(found)


def _is_said(value: Any) -> bool:
    return value is not None and not isinstance(value, bool)


def as_json(value: Any) -> str:
    """Return a value as an outline writes it."""
    return json.dumps(value, ensure_ascii=False)
