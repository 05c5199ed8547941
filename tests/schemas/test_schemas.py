"""A task's schema is checked whole before anything is built, and the prompt shows the whole of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pretrain.unseen_forms import unseen_forms
from ragvsft import prompts
from ragvsft.cli import main as cli
from ragvsft.config.load import load_config
from ragvsft.errors import ConfigError
from ragvsft.progress import Silent
from ragvsft.prompts import json_prompt, schema_line
from ragvsft.schemas.checking import problems_of, read_schema
from ragvsft.stages import flow
from ragvsft.stages.run import Run
from ragvsft.stages.start import start
from ragvsft.store.runs import RunFolder
from tests.paths import ROOT

NAME = {"name": {"type": "string"}}
ADDRESS = {
    "type": "object",
    "properties": {"street": {"type": "string"}, "town": {"type": "string"}, "code": {"type": "string"}},
}
DRAFT_7 = "http://json-schema.org/draft-07/schema#"


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


@pytest.mark.parametrize(
    ("rule", "place", "said"),
    [
        ({"$ref": "#/$defs/Gone"}, "/properties/v/$ref", "'#/$defs/Gone' does not lead to a schema"),
        ({"items": {"$ref": "#gone"}}, "/properties/v/items/$ref", "'#gone' does not lead to a schema"),
        ({"$ref": "#/properties/w/type"}, "/properties/v/$ref", "does not lead to a schema"),
        ({"anyOf": [{}, {"$ref": "http://schemas.example/a"}]}, "/properties/v/anyOf/1/$ref", "which is not fetched"),
        ({"$ref": "file:///etc/hosts"}, "/properties/v/$ref", "which is not fetched"),
        ({"$ref": "common.json#/$defs/A"}, "/properties/v/$ref", "which is not fetched"),
        ({"$ref": "#/$defs/Loop"}, "/properties/v/$ref", "refers back to itself"),
        ({"type": "text"}, "/properties/v/type", '"text" is not valid here; a type is string, number'),
        ({"minimum": "3"}, "/properties/v/minimum", '"3" is not valid here'),
        ({"required": "a"}, "/properties/v/required", '"a" is not valid here'),
        ({"pattern": "[a-"}, "/properties/v/pattern", "is not a regular expression"),
        ({"patternProperties": {"(": {}}}, "/properties/v/patternProperties", "is not a regular expression"),
        ({"x-order": "any"}, "/properties/v/x-order", "use free or kept"),
        ({"multipleOf": 0}, "/properties/v/multipleOf", "0 is not valid here"),
        ({"enum": ["\ud800"]}, "", "half of a surrogate pair"),
        ({"unevaluatedProperties": False, "patternProperties": {"a": {}}}, "/unevaluatedProperties", "additionalProp"),
    ],
)
def test_what_is_wrong_with_a_schema_is_one_line_with_its_place(rule, place, said):
    """The JSON Pointer, the value, and what would be right."""
    loop = {"Loop": {"allOf": [{"$ref": "#/$defs/Pool"}]}, "Pool": {"$ref": "#/$defs/Loop"}}
    unused = loop if rule == {"$ref": "#/$defs/Loop"} else {}
    [problem] = problems_of({"properties": {"v": rule, "w": {"type": "string"}}, "$defs": unused})
    assert place in problem
    assert said in problem
    assert "\n" not in problem


def test_all_problems_are_said_at_once_also_in_what_nothing_refers_to():
    """One line each, and of very many the first twenty."""
    defs = {"A": {"$ref": "#/$defs/Gone"}, "B": {"properties": {"x": {"$ref": "elsewhere.json"}}}}
    assert len(problems_of({"properties": NAME, "$defs": defs})) == 2


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"$ref": {"type": "string"}, "v": {"const": {"$ref": "#/nowhere"}}}},  # a property called $ref
        {"properties": {"v": {"enum": [{"$ref": "nowhere"}], "default": {"$ref": "nowhere"}}}},
        {"$id": "https://acme.example/o.json", "properties": {"v": {"$ref": "o.json#/$defs/A"}}, "$defs": {"A": {}}},
        {"properties": {"v": {"$ref": "#a"}}, "$defs": {"A": {"$anchor": "a"}}},
        {"$schema": DRAFT_7, "properties": {"v": {"$ref": "#a"}}, "definitions": {"A": {"$id": "#a"}}},
        {"$schema": DRAFT_7, "$ref": "#/definitions/O", "definitions": {"O": {"properties": NAME}}},
        {"properties": {"v": {"$ref": "#"}}},  # a level deeper each time
        {"allOf": [{"properties": NAME}]},
        {"properties": {"v": {"pattern": r"^\p{L}+$"}}},
    ],
)
def test_what_leads_somewhere_in_the_file_is_accepted(schema):
    """By pointer, anchor or the file's own address; a reference is one only where a schema stands."""
    assert problems_of(schema) == []
    assert schema_line(schema)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ('{"properties": {"a": {}, "a": {}}}', "'a' is listed twice"),
        ('{"properties": {"a": {"maximum": NaN}}}', "NaN is not JSON"),
        ('{"properties": {"a": {"maximum": 1e400}}}', "too large for a number"),
        ("[1]", "is [1]; write a JSON Schema of type object"),
        ('{"type": "array", "items": {}}', '/type: "array" is not object'),
        ('{"type": "object"}', "has no properties"),
        ('{"properties": {"a": ' + '{"items": ' * 200 + "{}" + "}" * 200 + "}}", "nested too deeply"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_holds_no_usable_schema_is_one_line(tmp_path, text, said):
    """With its name."""
    path = tmp_path / "s.json"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_schema(path)
    [problem] = caught.value.problems
    assert problem.startswith(f"{path}: ")
    assert said in problem


def _task(folder: Path, schema, samples) -> Path:
    (folder / "docs").mkdir()
    (folder / "docs/orders.md").write_text("# Orders\n\nEach article has its own count.\n")
    (folder / "schema.json").write_text(json.dumps(schema))
    rows = [
        {"sample_id": name, "question": f"message {name}", "targets": [target], "stratum": "behaviour"}
        for name, target in samples.items()
    ]
    (folder / "evalset.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "ragvsft.yaml").write_text(
        "name: orders\ncorpus: docs\nevalset: evalset.jsonl\nvariants: [prompt]\nengine: {kind: scripted}\n"
        "latency: {requests: 0, warmup: 0}\ntask: {kind: json, schema_file: schema.json}\noutput: out\ncache: cache\n"
    )
    return folder / "ragvsft.yaml"


def _call(*arguments: str):
    return CliRunner().invoke(cli.main, list(arguments))


@pytest.mark.parametrize("reference", ["#/$defs/Gone", "https://schemas.example/order.json", "#/properties/v"])
def test_a_bad_reference_ends_a_run_before_it_begins(tmp_path, reference):
    """Exit code 2, one line, and no run folder."""
    config = _task(tmp_path, {"properties": {"v": {"$ref": reference}}}, {"s1": '{"v": 1}'})
    done = _call("run", "-c", str(config), "--quiet")
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert "schema.json: /properties/v/$ref" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_pattern_that_takes_for_ever_on_a_target_ends_a_run_before_it_begins(tmp_path):
    """It would take for ever on every right answer."""
    config = _task(tmp_path, {"properties": {"v": {"pattern": r"^(\w|\w\w)*$"}}}, {"s1": f'{{"v": "{"a" * 60}!"}}'})
    done = _call("run", "-c", str(config), "--quiet")
    assert done.exit_code == 2
    assert "'s1': pattern-takes-too-long" in done.stderr


def test_a_whole_run_survives_what_models_say(tmp_path):
    """Scored, reported, and the hostile answers are left out of the figures; targets off the schema are noted."""
    schema = {"properties": {"v": {"enum": ["Bolt", "Nut"]}, "n": {"multipleOf": 0.1}}, "required": ["v"]}
    targets = {f"s{n}": '{"v": "Bolt", "n": 0.3}' for n in range(6)} | {"s6": '{"v": "Screw"}'}
    started = start(load_config(_task(tmp_path, schema, targets)), limit=None, progress=Silent(), environ={})
    with started.folder:
        flow.do_all(started)
    run = started.folder.path
    answers = {
        "s0": targets["s0"],
        "s1": targets["s1"].lower(),
        "s2": f"Sure:\n```json\n{targets['s2']}\n```",
        "s3": '{"v": ' * 600 + "1" + "}" * 600,
        "s4": '{"v": "Bolt", "n": ' + "9" * 400 + "}",
        "s5": '{"v": "Bolt", "v": "Nut"}',
        "s6": "\ud800",
    }
    rows = [json.loads(line) for line in (run / "predictions.jsonl").read_text().splitlines()]
    for row in rows:
        row["outcome"]["text"] = answers[row["sample_id"]]
    (run / "predictions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with RunFolder.open(run) as folder:
        again = Run(folder, Silent(), {})
        flow.do(again, "score")
        flow.do(again, "report")
    scores = [json.loads(line) for line in (run / "scores.jsonl").read_text().splitlines()]
    by = {(score["scorer"], score["sample_id"]): score["value"] for score in scores}
    assert [by["field_f1", name] for name in answers] == [1, 0.5, 1, None, 0.5, 0, 0]
    assert [by["schema_match", name] for name in answers] == [1, 0, 1, None, 1, 0, 0]
    assert [by["schema_match_folded", name] for name in answers] == [1, 1, 1, None, 1, 0, 0]
    report = (run / "report.html").read_text(encoding="utf-8")
    assert "For 1 of 7 samples no target fits schema.json (&#39;s6&#39;)" in report
    assert "Accuracy per field" in report
    assert "How the JSON had to be read" in report
    assert "Code fence" in report
    assert "Byte order mark" not in report  # it did not happen
