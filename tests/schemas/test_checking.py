"""A task's schema is checked whole before anything is built."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ragvsft.cli import main as cli
from ragvsft.config.load import load_config
from ragvsft.errors import ConfigError
from ragvsft.progress import Silent
from ragvsft.prompts import schema_line
from ragvsft.schemas.checking import problems_of, read_schema
from ragvsft.stages import flow
from ragvsft.stages.run import Run
from ragvsft.stages.start import start
from ragvsft.store.runs import RunFolder
from tests.schemas.drafts import DRAFT_7, NAME


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
