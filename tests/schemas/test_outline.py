"""The line of a schema in a prompt: flat ones as models were trained on, and of others nothing is lost."""

from __future__ import annotations

import json

import pytest

from pretrain.unseen_forms import unseen_forms
from ragvsft import prompts
from ragvsft.prompts import json_prompt, schema_line
from tests.paths import ROOT
from tests.schemas.drafts import DRAFT_7, NAME

ADDRESS = {
    "type": "object",
    "properties": {"street": {"type": "string"}, "town": {"type": "string"}, "code": {"type": "string"}},
}


def _old_line(schema) -> str:
    """Return the line as it was when the bundled generator was trained."""

    def allowed(rule):
        if isinstance(rule, bool):
            return "any"
        if "enum" in rule:
            return " or ".join(json.dumps(value, ensure_ascii=False) for value in rule["enum"])
        kinds = rule.get("type", "any")
        return " or ".join([kinds] if isinstance(kinds, str) else list(kinds))

    return "{" + ", ".join(f'"{name}": {allowed(rule)}' for name, rule in schema["properties"].items()) + "}"


def test_the_line_of_the_tickets_is_what_the_bundled_generator_was_trained_on():
    """To the byte."""
    schema = json.loads((ROOT / "evalsets/tickets.schema.json").read_text(encoding="utf-8"))
    assert schema_line(schema) == (
        '{"intent": "bill" or "parcel" or "swap" or "dark" or "drift" or "fit", "product": "tarn" or "beck" or "weir"'
        ' or "sluice" or "mere" or "brook" or null, "queue": "ledger" or "quay" or "wet-lab" or "signal" or "bench",'
        ' "priority": 1 or 2 or 3 or 4, "order": string or null, "refund": boolean}'
    )


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"enum": ["x", 1, None, True]}, "b": {"type": ["string", "null"]}}},
        {"properties": {"é": {"type": "array"}, "b": {"type": "object"}, "c": {}, "d": True}},
        {"title": "T", "properties": {"a": {"type": "string", "pattern": "^x", "title": "A", "default": "x"}}},
        {"$schema": DRAFT_7, "properties": {"a": {"type": "integer", "x-unit": "kg"}}, "additionalProperties": False},
    ],
)
def test_a_flat_schema_keeps_its_line(schema):
    """Names with values or types were shown whole before, and are shown the same."""
    assert schema_line(schema) == _old_line(schema)


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        ({"properties": {"a": {}, "b": {}}, "required": ["b"]}, '{"a": any (optional), "b": any}'),
        (
            {"properties": {"due": {"type": "string", "title": "Due date of the invoice"}}},
            '{"due": string (Due date of the invoice)}',
        ),
        ({"properties": {"due_date": {"type": "string", "title": "Due Date"}}}, '{"due_date": string}'),
        (
            {"properties": {"due": {"type": "string", "examples": ["2024-03-01"]}}},
            '{"due": string (such as "2024-03-01")}',
        ),
        (
            {"properties": {"level": {"oneOf": [{"const": 1, "title": "site down"}, {"const": 2, "title": "2"}]}}},
            '{"level": 1 (site down) or 2}',
        ),
        (
            {
                "properties": {
                    "hours": {"propertyNames": {"enum": ["mon", "tue"]}, "additionalProperties": {"type": "string"}}
                }
            },
            '{"hours": {any name that is "mon" or "tue": string}}',
        ),
        (
            {"properties": {"hours": {"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}}}},
            '{"hours": {any name matching ^[a-z]+$: any}}',
        ),
        (
            {"properties": {"l": {"items": {"type": "string"}, "contains": {"const": "x"}, "minContains": 2}}},
            '{"l": [string, ...] and [..., "x", ...] (at least 2 of these)}',
        ),
        (
            {"properties": {"mail": {}, "phone": {}}, "anyOf": [{"required": ["mail"]}, {"required": ["phone"]}]},
            '{"mail": any, "phone": any} and (with "mail" or with "phone")',
        ),
        (
            {
                "properties": {"by": {}, "digits": {}},
                "if": {"properties": {"by": {"const": "card"}}},
                "then": {"required": ["digits"]},
            },
            '{"by": any, "digits": any} and if {"by": "card"} then with "digits"',
        ),
        ({"properties": {"a": {"type": "object", "required": ["x"]}}}, '{"a": object and with "x"}'),
        (
            {"properties": {"a": {}, "b": {}}, "dependentRequired": {"a": ["b"]}},
            '{"a": any, "b": any} and if "a" is there then with "b"',
        ),
        (
            {
                "$schema": DRAFT_7,
                "properties": {"a": {}, "b": {}},
                "dependencies": {"b": {"properties": {"c": {"type": "integer"}}}},
            },
            '{"a": any, "b": any} and if "b" is there then {"c": integer}',
        ),
    ],
)
def test_what_a_flat_line_would_lose_is_shown(schema, shown):
    """What may be left out, which names and values mean what, and what is demanded elsewhere than it is described."""
    assert schema_line({"type": "object", **schema}) == shown


def test_the_prompts_of_pretraining_keep_their_line(monkeypatch):
    """On forms as the recipe draws them."""
    seen = []
    monkeypatch.setattr(prompts, "schema_line", lambda schema: seen.append(schema) or schema_line(schema))
    unseen_forms(60, seed=7)
    assert len(seen) >= 60
    assert [schema_line(schema) for schema in seen] == [_old_line(schema) for schema in seen]


ORDER = {
    "$defs": {
        "Place": {**ADDRESS, "required": ["street", "town"]},
        "Urgency": {"type": "string", "enum": ["calm", "urgent"]},
    },
    "type": "object",
    "properties": {
        "urgency": {"$ref": "#/$defs/Urgency"},
        "deliver_to": {"$ref": "#/$defs/Place"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "kind": {"const": "order"},
        "lines": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "properties": {"sku": {"type": "string"}, "qty": {"type": "integer"}}},
        },
        "day": {"type": "string", "format": "date", "description": "when it\n  must be there"},
        "share": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
    },
    "required": ["urgency", "deliver_to"],
}


def test_references_alternatives_constants_and_nesting_are_written_out():
    """Worked by hand; what may be left out is said where the schema says what may not."""
    assert schema_line(ORDER) == (
        '{"urgency": "calm" or "urgent", "deliver_to": {"street": string, "town": string, "code": string (optional)},'
        ' "note": string or null (optional), "kind": "order" (optional),'
        ' "lines": [{"sku": string, "qty": integer}, ...] (optional; at least 1 items),'
        ' "day": string (optional; date; when it must be there),'
        ' "share": number (optional; at least 0; less than 1)}'
    )


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ({"oneOf": [{"const": 1}, {"const": "a"}]}, '1 or "a"'),
        ({"type": ["array", "null"], "items": {"type": "number"}}, "[number, ...] or null"),
        ({"type": "array", "items": {"type": "array", "items": {"enum": [0, 1]}}}, "[[0 or 1, ...], ...]"),
        ({"prefixItems": [{"type": "string"}, {"type": "integer"}]}, "[string, integer]"),
        ({"type": "array", "uniqueItems": True}, "array (each once)"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "{any name: number}"),
        ({"patternProperties": {"^x-": {"type": "null"}}}, "{any name matching ^x-: null}"),
        (
            {"allOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "null"}}}]},
            '{"a": string} and {"b": null}',
        ),
        ({"type": "string", "not": {"enum": ["a", "b"]}}, 'string and not ("a" or "b")'),
        ({"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}], "properties": NAME}, None),
        ({"if": {"const": 1}, "then": True, "else": False}, "if 1 then any else nothing"),
        ({"$ref": "#/$defs/Half", "description": "of it"}, "0 or 0.5 (of it)"),
        ({"type": "string", "maxLength": 5, "pattern": "^a"}, "string (at most 5 characters; matching ^a)"),
        ({"const": None}, "null"),
        (False, "nothing"),
    ],
)
def test_every_form_of_a_rule_is_shown(rule, shown):
    """One at a time, beside a field that keeps the schema from being flat."""
    schema = {"properties": {"v": rule, "w": {"const": 0}}, "$defs": {"Half": {"enum": [0, 0.5]}}}
    line = schema_line(schema)
    if shown is None:
        assert '"name": string' in line
    else:
        assert line == f'{{"v": {shown}, "w": 0}}'


def test_a_schema_that_refers_to_itself_is_shown_by_name():
    """Each definition once, however often and deeply it is used."""
    tree = {"type": "object", "properties": {"n": {"type": "integer"}, "kids": {"items": {"$ref": "#/$defs/Tree"}}}}
    assert schema_line({"properties": {"root": {"$ref": "#/$defs/Tree"}}, "$defs": {"Tree": tree}}) == (
        '{"root": Tree}; Tree is {"n": integer, "kids": [Tree, ...]}'
    )
    assert schema_line({"$ref": "#/definitions/Tree", "definitions": {"Tree": tree | {"properties": NAME}}}) == (
        '{"name": string}'
    )
    assert schema_line({"properties": {"n": {"type": "integer"}, "next": {"$ref": "#"}}}) == (
        '{"n": integer, "next": the whole object}'
    )
    mutual = {"A": {"properties": {"b": {"$ref": "#/$defs/B"}}}, "B": {"properties": {"a": {"$ref": "#/$defs/A"}}}}
    assert schema_line({"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": mutual}) == (
        '{"a": A}; A is {"b": B}; B is {"a": A}'
    )


def test_a_definition_that_is_used_again_is_written_once():
    """Forty levels that each use the next twice would be a line of a million million fields."""
    levels = {f"L{n}": {"properties": {key: {"$ref": f"#/$defs/L{n + 1}"} for key in "ab"}} for n in range(40)}
    levels["L40"] = {"type": "string"}
    line = schema_line({"properties": {"top": {"$ref": "#/$defs/L0"}}, "$defs": levels})
    assert len(line) < 2_000
    assert line.endswith('L39 is {"a": string, "b": string}')
    twice = {"properties": {"from": {"$ref": "#/$defs/Place"}, "to": {"$ref": "#/$defs/Place"}}}
    assert schema_line({**twice, "$defs": {"Place": ADDRESS}}) == (
        '{"from": Place, "to": Place}; Place is {"street": string, "town": string, "code": string}'
    )


def test_the_line_is_one_line_and_the_same_each_time():
    """All variants of a run see the same schema; json_prompt holds it."""
    assert "\n" not in schema_line(ORDER)
    assert schema_line(ORDER) == schema_line(json.loads(json.dumps(ORDER)))
    assert f"Schema: {schema_line(ORDER)}\n" in json_prompt("hi", ORDER, ["a passage"])
