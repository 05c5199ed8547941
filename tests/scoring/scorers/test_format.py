"""JSON answers are scored as structure: fields by path, records one to one, and nothing a model says ends a run."""

from __future__ import annotations

import itertools
import json
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragvsft.errors import ConfigError
from ragvsft.records import Failure
from ragvsft.schemas.shape import folded_text, shape_of
from ragvsft.schemas.values import NoJson, TooMuch, parse_json
from ragvsft.scoring.measures import default_scorers, detail_of, parse
from ragvsft.scoring.metrics import score_all
from ragvsft.scoring.scorers import Unscored
from ragvsft.scoring.scorers.alignment import MOST_ITEMS, tally
from ragvsft.scoring.scorers.measure import ScorerSettings
from ragvsft.scoring.scorers.paths import name_of, path_of
from ragvsft.scoring.scorers.unwrapping import unwrap
from tests.make import a_prediction, a_sample
from tests.scoring.scorers.scored import score, score_of

LINE = {"type": "object", "properties": {"article": {"type": "string"}, "count": {"type": "integer"}}}
KEPT = {"type": "object", "properties": {"lines": {"type": "array", "items": LINE}}}
FREE = {"type": "object", "properties": {"lines": {"type": "array", "items": LINE, "uniqueItems": True}}}
BOOKING = {
    "type": "object",
    "properties": {
        "intent": {"enum": ["BookTable", "CancelTable"]},
        "guest": {"type": ["string", "null"]},
        "seats": {"type": ["integer", "null"]},
    },
    "required": ["intent", "guest"],
    "additionalProperties": False,
}


def _f1(given, wanted, schema=None):
    return tally(given, wanted, shape_of(schema)).f1


def _score(name: str, schema, target, answer) -> float | str | None:
    texts = [value if isinstance(value, str) else json.dumps(value) for value in (target, answer)]
    outcome = score_of(name, *texts, ScorerSettings(schema))
    return outcome.cause if isinstance(outcome, Unscored) else outcome


def _lines(*pairs):
    return {"lines": [{"article": article, "count": count} for article, count in pairs]}


ORDER = _lines(("bolts", 10), ("nuts", 20), ("rings", 5))


@pytest.mark.parametrize("schema", [None, KEPT, FREE])
def test_swapped_quantities_are_two_wrong_fields(schema):
    """Each article and each number is there; the pairs are wrong. 4 of 6 fields are right."""
    swapped = _lines(("bolts", 20), ("nuts", 10), ("rings", 5))
    assert _f1(swapped, ORDER, schema) == pytest.approx(4 / 6)


@pytest.mark.parametrize(
    ("wanted", "given", "expected"),
    [
        ({"pair": {"min": 1, "max": 9}}, {"pair": {"min": 9, "max": 1}}, 0.0),  # swapped within a record
        ({"articles": ["a", "b"], "counts": [1, 2]}, {"articles": ["b", "a"], "counts": [1, 2]}, 0.5),  # parallel lists
        ({"at": [52.1, 13.4]}, {"at": [13.4, 52.1]}, 0.0),  # a point's coordinates
        ({"m": [[1, 2], [3, 4]]}, {"m": [[1, 3], [2, 4]]}, 0.5),  # a matrix transposed
        ({"m": [[1, 2], [3, 4]]}, {"m": [[3, 4]]}, 0.0),  # another row is no row shifted
        ({"m": [[1, 2], [3, 4]]}, {"m": [[2], [3, 4]]}, 2 * 2 / (3 + 4)),  # a cell lost moves its row
    ],
)
def test_what_stands_in_another_place_is_wrong(wanted, given, expected):
    """The same values in other places never make 100 %."""
    assert _f1(given, wanted) == pytest.approx(expected)


def test_permuted_records_are_right_only_where_the_schema_leaves_the_order_free():
    """`uniqueItems` makes a list a set; so does x-order, which also overrules it."""
    permuted = _lines(("rings", 5), ("bolts", 10), ("nuts", 20))
    assert _f1(permuted, ORDER, KEPT) == 0
    assert _f1(permuted, ORDER) == 0
    assert _f1(permuted, ORDER, FREE) == 1
    assert _f1(permuted, ORDER, _ordered("free")) == 1
    assert _f1(permuted, ORDER, _ordered("kept")) == 0
    assert _f1({"tags": ["x", "y"]}, {"tags": ["y", "x"]}) == 0
    assert _f1({"tags": ["x", "y"]}, {"tags": ["y", "x"]}, {"properties": {"tags": {"uniqueItems": True}}}) == 1


def _ordered(word: str):
    lines = {**FREE["properties"]["lines"], "x-order": word}
    return {"type": "object", "properties": {"lines": lines}}


def test_the_order_of_a_tuple_is_its_meaning():
    """Items with schemas of their own are no set, whatever uniqueItems says."""
    tuple_of = {"properties": {"at": {"prefixItems": [{"type": "number"}, {"type": "number"}], "uniqueItems": True}}}
    assert _f1({"at": [1, 2]}, {"at": [2, 1]}, tuple_of) == 0


@pytest.mark.parametrize("lost", range(3))
@pytest.mark.parametrize("schema", [KEPT, FREE])
def test_a_record_lost_or_invented_costs_recall_or_precision_and_no_more(lost, schema):
    """Wherever in the list it stands: 4 right of 4 given and 6 wanted, or the other way round."""
    fewer = {"lines": [line for place, line in enumerate(ORDER["lines"]) if place != lost]}
    assert _f1(fewer, ORDER, schema) == pytest.approx(2 * 4 / (4 + 6))
    assert _f1(ORDER, fewer, schema) == pytest.approx(2 * 4 / (4 + 6))


record = st.fixed_dictionaries({name: st.integers(0, 2) for name in ("a", "b", "c")})


@given(st.lists(record, max_size=5), st.lists(record, max_size=5))
@settings(max_examples=60, deadline=None)
def test_free_order_finds_the_best_pairs_there_are(ours, theirs):
    """Against trying every way to lay the lists beside each other."""
    longer, shorter = (ours, theirs) if len(ours) >= len(theirs) else (theirs, ours)
    best = max(
        sum(a[name] == b[name] for a, b in zip(chosen, shorter, strict=True) for name in "abc")
        for chosen in itertools.permutations(longer, len(shorter))
    )
    found = tally({"l": ours}, {"l": theirs}, shape_of({"properties": {"l": {"uniqueItems": True}}}))
    assert sum(found.right.values()) == best


@given(st.lists(record, max_size=5), st.lists(record, max_size=5))
@settings(max_examples=60, deadline=None)
def test_kept_order_finds_the_best_pairs_in_order(ours, theirs):
    """Against trying every choice from either list that keeps both orders; lists of one length go by position."""
    size = min(len(ours), len(theirs))
    sizes = [size] if len(ours) == len(theirs) else range(size + 1)
    best = max(
        sum(a[name] == b[name] for a, b in zip(left, right, strict=True) for name in "abc")
        for count in sizes
        for left in itertools.combinations(ours, count)
        for right in itertools.combinations(theirs, count)
    )
    assert sum(tally({"l": ours}, {"l": theirs}, shape_of(None)).right.values()) == best


def test_records_within_records_are_aligned_too():
    """The outer pairs are those whose inner lists agree."""
    inner = {"type": "array", "uniqueItems": True, "items": LINE}
    schema = {"properties": {"boxes": {"uniqueItems": True, "items": {"properties": {"lines": inner}}}}}
    boxes = [{"n": 1, **_lines(("a", 1), ("b", 2))}, {"n": 2, **_lines(("c", 3), ("d", 4))}]
    turned = [{"n": 2, **_lines(("d", 4), ("c", 3))}, {"n": 9, **_lines(("b", 2), ("a", 1))}]
    assert _f1({"boxes": turned}, {"boxes": boxes}, schema) == pytest.approx(9 / 10)


def test_long_lists_are_paired_without_the_search():
    """Past the limit equal records are found in any order, and what is left goes by position."""
    rows = [{"k": number, "v": number % 7} for number in range(MOST_ITEMS + 50)]
    free = {"properties": {"rows": {"uniqueItems": True}}}
    assert _f1({"rows": rows[::-1]}, {"rows": rows}, free) == 1
    begun = time.monotonic()
    assert 0 < _f1({"rows": [{**row, "v": 9} for row in rows]}, {"rows": rows}, free) <= 0.5
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("given", "wanted", "same"),
    [
        ("1.0", "1", True),
        ("1e0", "1", True),
        ("100", "1E2", True),
        ("-0.0", "0", True),
        ("9007199254740993", "9007199254740993.0", True),  # beyond what floats tell apart
        ("9007199254740993", "9007199254740992", False),
        ("12345678901234567890123", "12345678901234567890124", False),
        ("1e400", "2e400", False),
        ("1e400", "10e399", True),
        ("1e-400", "0", False),
        ("0.1", "0.10", True),
        ("2.5", "25", False),
        ('"42"', "42", False),
        ("true", "1", False),
        ("false", "0", False),
        ('"true"', "true", False),
        ('"Ａ１"', '"a1"', True),  # full width
        ('"e\\u0301"', '"é"', True),
        ('"10²"', '"102"', False),
        ('"½"', '"1⁄2"', False),
        ('"Straße  7"', '"strasse 7"', True),
        ('"C#"', '"C++"', False),
        ("{}", "1", False),
        ("[1]", "1", False),
    ],
)
def test_values_are_the_same_by_value_and_kind(given, wanted, same):
    """Numbers by value, texts without regard to case, width, composition and white space, and no kind for another."""
    assert _score("field_f1", None, f'{{"v": {wanted}}}', f'{{"v": {given}}}') == float(same)
    assert _score("json_match", None, f'{{"v": {wanted}}}', f'{{"v": {given}}}') == float(same)


def test_lower_casing_an_enum_is_explained_by_the_folded_metrics():
    """0 % by the letter and 100 % in any case: the model knows the answer and not the writing."""
    wanted = {"intent": "BookTable", "guest": "Ines", "seats": 2}
    lowered = {"intent": "booktable", "guest": "ines", "seats": 2}
    keys = {"Intent": "BookTable", "Guest": "Ines", "SEATS": 2}
    assert _score("json_valid", BOOKING, wanted, lowered) == 1
    for answer, f1 in ((lowered, 2 / 3), (keys, 0.0)):
        assert _score("field_f1", BOOKING, wanted, answer) == pytest.approx(f1)
        assert _score("schema_match", BOOKING, wanted, answer) == 0
        assert _score("field_f1_folded", BOOKING, wanted, answer) == 1
        assert _score("schema_match_folded", BOOKING, wanted, answer) == 1
        assert _score("json_match", BOOKING, wanted, answer) == 0
    assert _score("field_f1_folded", BOOKING, wanted, {**wanted, "intent": "canceltable"}) == pytest.approx(2 / 3)


def test_folding_never_lets_one_key_stand_for_two():
    """A key in another case beside the right one stays an invented field."""
    doubled = {"intent": "BookTable", "Intent": "BookTable", "guest": "Ines"}
    wanted = {"intent": "BookTable", "guest": "Ines"}
    assert _score("field_f1_folded", BOOKING, wanted, doubled) == pytest.approx(2 * 2 / (3 + 2))
    assert _score("schema_match_folded", BOOKING, wanted, doubled) == 0


@pytest.mark.parametrize(
    "rule",
    [
        {"const": "Gold"},
        {"anyOf": [{"const": "Gold"}, {"const": "Silver"}]},
        {"oneOf": [{"type": "null"}, {"enum": ["Gold"]}]},
        {"allOf": [{"$ref": "#/$defs/Tier"}]},
        {"$ref": "#/$defs/Tier"},
    ],
)
def test_enums_are_found_wherever_the_schema_has_them(rule):
    """By reference, in alternatives, as const."""
    schema = {"properties": {"tier": rule}, "$defs": {"Tier": {"enum": ["Gold"]}}}
    assert _f1({"tier": "gold"}, {"tier": "Gold"}, schema) == 0
    assert _f1({"tier": "Gold"}, {"tier": "Gold"}, schema) == 1


def test_null_is_no_value_but_a_required_field_must_be_written_for_a_whole_match():
    """For the fields null and missing are the same; as a whole only where the schema lets the field be left out."""
    wanted = {"intent": "BookTable", "guest": None, "seats": None}
    assert _score("field_f1", BOOKING, wanted, {"intent": "BookTable"}) == 1
    assert _score("json_match", BOOKING, wanted, {"intent": "BookTable"}) == 0  # guest is required
    assert _score("json_match", BOOKING, wanted, {"intent": "BookTable", "guest": None}) == 1  # seats is not
    assert _score("field_f1", BOOKING, wanted, {"intent": "BookTable", "guest": "Ines"}) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "text",
    [
        '{"guest": "Ines", "guest": "Olaf", "intent": "BookTable"}',
        '{"intent": "BookTable", "more": {"a": 1, "a": 1}}',
        '```json\n{"intent": "BookTable", "intent": "BookTable"}\n```',
        'Here: {"intent": "CancelTable", "intent": "BookTable"}.',
        "{“intent”: “BookTable”, “intent”: “BookTable”}",
    ],
)
def test_duplicate_keys_are_refused_and_counted(text):
    """Which of the two counts, every reader decides for itself."""
    wanted = {"intent": "BookTable", "guest": "Ines"}
    for name in ("json_valid", "field_f1", "field_f1_folded", "json_match", "schema_match", "json_repaired"):
        assert _score(name, BOOKING, wanted, text) == 0
    assert _score("unreadable(duplicate-keys)", BOOKING, wanted, text) == 1
    assert _score("unreadable(not-json)", BOOKING, wanted, text) == 0


OBJECT = '{"intent": "BookTable", "guest": "Ines"}'


@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        (OBJECT, ()),
        (f" \n{OBJECT}\n", ()),
        (f"\ufeff{OBJECT}", ("byte-order-mark",)),
        (f"```json\n{OBJECT}\n```", ("fence",)),
        (f"```\n{OBJECT}\n```", ("fence",)),
        (f"~~~JSON5 title=x\n{OBJECT}\n~~~", ("fence",)),
        (f"````\n{OBJECT}\n````", ("fence",)),
        (f"```json\n{OBJECT}", ("fence",)),  # cut off before the fence was closed
        (f"```json {OBJECT}```", ("fence",)),
        (f"Sure, here it is:\n\n```json\n{OBJECT}\n```\nAnything else?", ("fence", "prose")),
        (f"The JSON is {OBJECT}", ("prose",)),
        (f"{OBJECT}\n\nI chose BookTable since {{the guest}} said so.", ("prose",)),
        (f"For {{name}} I take: {OBJECT}", ("prose",)),
        (f'{OBJECT}\n\nMessage: another one\n{{"intent": "CancelTable"}}', ("prose",)),  # the first counts
        (OBJECT.replace('"', "”"), ("quotes",)),
        ("{“intent”: “BookTable”, „guest“: «Ines»}", ("quotes",)),
        ("{‘intent’: ‘BookTable’, ‘guest’: ‘Ines’}", ("quotes",)),
        (f"\ufeffHere:\n```\n{OBJECT.replace(chr(34), '“')}\n```", ("byte-order-mark", "fence", "prose", "quotes")),
    ],
)
def test_json_is_found_in_what_stands_around_it(text, repairs):
    """And what had to be taken off is counted, each kind by itself; strictly valid is only what needed nothing."""
    found = unwrap(text)
    assert found.value == json.loads(OBJECT)
    assert found.repairs == repairs
    assert _score("json_valid", BOOKING, OBJECT, text) == float(not repairs)
    assert _score("json_repaired", BOOKING, OBJECT, text) == float(bool(repairs))
    assert _score("field_f1", BOOKING, OBJECT, text) == 1
    for repair in ("byte-order-mark", "fence", "prose", "quotes"):
        assert _score(f"repaired({repair})", BOOKING, OBJECT, text) == float(repair in repairs)


def test_quotes_inside_a_value_are_the_value():
    """Typographic quotes are read as JSON's own only where those belong."""
    assert unwrap("{“say”: “he said “now” to Ines’ son”}").value == {"say": "he said “now” to Ines’ son"}
    assert unwrap('{"say": "“now”, he said: “go”"}').value == {"say": "“now”, he said: “go”"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot.",
        "{'intent': 'BookTable'}",
        '{"intent": "BookTable", "guest": {"name": "Ines"}',  # the inner object is not the answer
        '```json\n{"intent": "BookTable",\n```',
        '{"intent": "BookTable",}',
        '{"intent": NaN}',
        "__import__('os').getcwd()",
        '{"a": 01}',
    ],
)
def test_what_is_broken_inside_stays_broken(text):
    """A tolerant reader takes wrapping off; it guesses nothing."""
    with pytest.raises(NoJson):
        unwrap(text)
    assert _score("field_f1", BOOKING, OBJECT, text) == 0
    assert _score("unreadable(not-json)", BOOKING, OBJECT, text) == 1


def test_a_list_of_objects_is_a_list_wherever_it_stands():
    """Its first object is not taken for the answer."""
    for text in (f"[{OBJECT}]", f"Here: [ {OBJECT} ]", f"```\n[{OBJECT}]\n```"):
        assert _score("field_f1", BOOKING, OBJECT, text) == 0


def _nested(depth: int, inner: str = "1") -> str:
    return '{"a": ' * depth + inner + "}" * depth


ALL = [
    "json_valid", "json_repaired", "field_f1", "field_f1_folded", "json_match", "schema_match", "schema_match_folded",
    "field(a)", "repaired(fence)", "unreadable(not-json)",
]  # fmt: skip
ANY = {"type": "object", "properties": {"a": {}}}


@pytest.mark.parametrize("depth", [101, 600, 5_000, 100_000])
@pytest.mark.parametrize("frame", ["{}", "Here you go: {} Bye.", "[{}]"])
def test_an_answer_nested_too_deeply_is_unscored(depth, frame):
    """By every scorer alike, however deep; a text whose brackets are not closed is no JSON at any depth."""
    text = frame.replace("{}", _nested(depth))
    assert {_score(name, ANY, '{"a": 1}', text) for name in ALL} == {"nested-too-deeply"}
    assert _score("field_f1", ANY, '{"a": 1}', '{"a": ' * depth) == 0


def test_an_answer_nested_as_deep_as_the_limit_is_scored():
    """A hundred levels: through references, alignment, folding and the whole match."""
    node = {"type": "object", "properties": {"a": {"$ref": "#/$defs/Node"}}}
    schema = {"$ref": "#/$defs/Node", "$defs": {"Node": node}}
    text = _nested(99, "{}")
    for name in ("json_valid", "field_f1", "field_f1_folded", "json_match", "schema_match", "schema_match_folded"):
        assert _score(name, schema, text, text) == 1
    assert _score("schema_match", schema, text, _nested(99, "7")) == 0


@pytest.mark.parametrize(
    ("rule", "number", "expected"),
    [
        ({"multipleOf": 0.01}, "9" * 400, 1.0),
        ({"multipleOf": 3}, "9" * 400, 1.0),
        ({"multipleOf": 3}, "9" * 399 + "8", 0.0),
        ({"multipleOf": 7}, "1" + "0" * 5_000, 0.0),
        ({"multipleOf": 0.1}, "0.3", 1.0),
        ({"multipleOf": 0.01}, "19.99", 1.0),
        ({"multipleOf": 0.01}, "19.999", 0.0),
        ({"multipleOf": 0.5}, "1e400", 1.0),
        ({"maximum": 10}, "1e400", 0.0),
        ({"minimum": 10}, "-1e400", 0.0),
        ({"exclusiveMinimum": 0}, "1e-400", 1.0),
        ({"minimum": 0}, "-0", 1.0),
        ({"type": "integer"}, "1e400", 1.0),
        ({"type": "integer"}, "1.5", 0.0),
        ({"type": "integer"}, "1.0", 1.0),
        ({"type": "integer"}, "1e-400", 0.0),
        ({"enum": [1]}, "1.0", 1.0),
        ({"multipleOf": 3}, "1e999999999", "number-out-of-range"),
        ({"multipleOf": 3}, "1e99999999999999999999", "number-out-of-range"),
    ],
)
def test_numbers_of_any_size_are_held_against_the_schema(rule, number, expected):
    """Exactly, as their digits say, or not at all."""
    schema = {"type": "object", "properties": {"a": rule}}
    assert _score("schema_match", schema, '{"a": 0}', f'{{"a": {number}}}') == expected


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"properties": {"a": {"pattern": r"^(\w|\w\w)*$"}}}, {"a": "a" * 60 + "!"}),
        ({"properties": {"a": {"pattern": r"^(\d|\d\d)+$"}}}, {"a": "1" * 60 + "x"}),
        ({"properties": {"b": {}}, "patternProperties": {r"^(a|aa)+$": {}}}, {"a" * 80 + "!": 1}),
        (
            {"properties": {"b": {}}, "patternProperties": {r"^(x|xx)+$": {}}, "additionalProperties": False},
            {"x" * 80 + "-": 1},
        ),
    ],
)
def test_a_pattern_that_takes_for_ever_is_given_up(schema, text):
    """On the one answer that it takes for ever on."""
    begun = time.monotonic()
    assert _score("schema_match", schema, "{}", text) == "pattern-takes-too-long"
    assert time.monotonic() - begun < 10
    assert _score("schema_match", schema, "{}", {"a": "x9"}) in (0.0, 1.0)


def test_alternatives_that_double_at_every_level_are_given_up():
    """Ninety levels would take 2^90 steps; a large answer that refers once for each item is not given up."""
    node = {"type": "object", "properties": {"a": {"anyOf": [{"$ref": "#/$defs/N"}, {"$ref": "#/$defs/M"}]}}}
    schema = {**node, "$defs": {"N": node, "M": {**node, "required": ["z"]}}}
    assert _score("schema_match", schema, "{}", _nested(90, '"x"')) == "schema-takes-too-long"
    rows = {"properties": {"a": {"items": {"$ref": "#/$defs/Row"}}}, "$defs": {"Row": {"type": "integer"}}}
    assert _score("schema_match", rows, "{}", {"a": [1] * 30_000}) == 1


@pytest.mark.parametrize("reference", ["#/$defs/nowhere", "http://schemas.example/a.json", "file:///etc/passwd"])
def test_a_stored_run_with_a_reference_to_nowhere_is_unscored_by_the_schema_only(reference):
    """Such a schema does not start any more, but an older run may hold one; nothing is fetched."""
    schema = {"type": "object", "properties": {"a": {"$ref": reference}}}
    assert _score("schema_match", schema, '{"a": 1}', '{"a": 1}') == "schema-cannot-be-used"
    assert _score("field_f1", schema, '{"a": 1}', '{"a": 1}') == 1


def test_a_stored_run_with_a_reference_to_itself_is_unscored_by_the_schema_only():
    """Following it never ends."""
    schema = {"properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"anyOf": [{"$ref": "#/$defs/x"}]}}}
    assert _score("schema_match", schema, '{"a": 1}', '{"a": 1}') == "nested-too-deeply"
    assert _score("field_f1", schema, '{"a": 1}', '{"a": 1}') == 1


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "\\ud800", "\\udfff": "x"}',
        '{"a": "\ud83d"}',
        '{"__proto__": {"a": 1}, "constructor": 1, "": 2}',
        '{"a": [[], {}, null, [null]]}',
        '{"a": "\\u0000"}',
        json.dumps({"a": [{"k": number, "v": "x" * 20} for number in range(20_000)]}),
        "[" * 1_000_000,
        '{"' * 500_000,
        "```{" * 250_000,
        "[“" * 300_000,
        "[ " * 500_000 + "{ " * 500_000,
        "," + " " * 1_000_000 + "”" + " " * 1_000_000,
    ],
    ids=range(12),
)
def test_hostile_answers_score_by_rule_and_in_time(text):
    """Half characters, odd keys, megabytes: a number from every scorer, or None where a field is on neither side."""
    begun = time.monotonic()
    assert all(_score(name, ANY, '{"a": 1}', text) in (0.0, 1.0, 2 / 3, None) for name in ALL)
    assert time.monotonic() - begun < 20


def test_one_hostile_answer_leaves_the_others_scored():
    """Of a run with every kind of them only these are unscored."""
    schema = {"type": "object", "properties": {"a": {"pattern": r"^(\w|\w\w)*$"}}}
    texts = {"s0": '{"a": "x"}', "s1": _nested(600), "s2": '{"a": "' + "a" * 60 + '!"}', "s3": '{"a": "y"}'}
    samples = [a_sample(name, targets=['{"a": "x"}'], stratum="behaviour") for name in texts]
    asked = [a_prediction(text, sample_id=n) for n, text in texts.items()]
    scorers = [s for s in default_scorers("json", ScorerSettings(schema), ks=[3], samples=samples) if s.unit == "share"]
    scores = list(score_all(samples, asked, scorers))
    by_schema = {score.sample_id: (score.value, score.cause) for score in scores if score.scorer == "schema_match"}
    assert by_schema == {
        "s0": (1.0, None),
        "s1": (None, "nested-too-deeply"),
        "s2": (None, "pattern-takes-too-long"),
        "s3": (1.0, None),
    }
    by_fields = {score.sample_id: score.value for score in scores if score.scorer == "field_f1"}
    assert by_fields == {"s0": 1.0, "s1": None, "s2": 0.0, "s3": 0.0}


def test_each_field_has_its_share_of_the_samples_that_have_it():
    """Right where all its values are; left out where neither side has it; wrong where the answer is no JSON."""
    wanted = {"intent": "BookTable", "ship": {"city": "Bonn"}, "lines": [{"n": 1}, {"n": 2}], "note": None}
    given = {"intent": "BookTable", "ship": {"city": "Köln"}, "lines": [{"n": 1}, {"n": 3}], "extra": 1}
    fields = ("intent", "ship/city", "lines/[]/n", "extra", "note")
    assert [_score(f"field({name})", None, wanted, given) for name in fields] == [1, 0, 0, 0, None]
    assert [_score(f"field({name})", None, wanted, "no idea") for name in fields] == [0, 0, 0, None, None]
    assert [_score(f"field({name})", None, wanted, wanted) for name in fields] == [1, 1, 1, None, None]


@given(st.lists(st.one_of(st.none(), st.text(max_size=6), st.sampled_from(["[]", "a/b", "~", "a(b)", "\n", "\ud800"]))))
@settings(deadline=None)
def test_any_path_prints_on_one_line_and_reads_back(steps):
    """Whatever the keys are, the scorer's name is the scorer."""
    path = tuple(steps) or ("a",)
    name = name_of(path)
    assert path_of(name) == path
    assert name.isprintable()
    assert parse(f"field({name})").name == f"field({name})"
    assert detail_of(f"field({name})") == "field_f1"


def test_the_fields_with_a_figure_of_their_own_are_those_that_most_targets_have():
    """Twenty at most, in the order of appearance; the details do not take part in comparisons."""
    rare = {f"rare{number}": 1 for number in range(30)}
    samples = [
        a_sample("s0", targets=[json.dumps({"intent": "x", **rare})], stratum="behaviour"),
        *(
            a_sample(
                f"s{n}", targets=['{"intent": "x", "to": {"city": "y"}, "l": [1], "n": null}'], stratum="behaviour"
            )
            for n in (1, 2)
        ),
    ]
    names = [scorer.name for scorer in default_scorers("json", ScorerSettings(ANY), ks=[3], samples=samples)]
    fields = [name for name in names if name.startswith("field(")]
    assert len(fields) == 20
    assert fields[0] == "field(intent)"
    assert fields[-2:] == ["field(to/city)", "field(l/[])"]
    assert {name for name in names if detail_of(name)} == {
        n for n in names if "(" in n and not n.startswith(("recall", "ndcg"))
    }


@pytest.mark.parametrize("name", ["field", "field()", "repaired(commas)", "repaired", "unreadable(x)", "fields(a)"])
def test_a_detail_that_is_none_is_refused(name):
    """With what there is to choose from."""
    with pytest.raises(ConfigError, match="is unknown; choose from"):
        parse(name)


def test_a_failure_stays_a_failure_in_every_json_scorer():
    """No number is made of it."""
    sample = a_sample(targets=['{"a": 1}'], stratum="behaviour")
    failed = a_prediction(Failure("out-of-memory", "no"))
    for name in ALL:
        assert parse(name, ScorerSettings(ANY)).score(sample, failed) == Unscored("out-of-memory")


def test_the_best_of_several_targets_counts():
    """For the fields, the whole, and each field."""
    sample = a_sample(targets=['{"a": 1, "b": 2}', "not json", '{"a": 3, "b": 4}'], stratum="behaviour")
    answer = a_prediction('{"b": 4, "a": 3}')
    for name in ("field_f1", "json_match", "field_f1_folded", "field(a)"):
        assert parse(name, ScorerSettings(ANY)).score(sample, answer) == 1


@pytest.mark.parametrize("text", ["[1, 2", '{"a": 1} {"b": 2}', "nul", '"\t"', "\ufeff{}", "\u00a0{}"])
def test_parse_json_takes_the_whole_text_or_nothing(text):
    """As RFC 8259 has it: other white space and a byte order mark are not part of JSON."""
    with pytest.raises(NoJson):
        parse_json(text)


def test_numbers_past_any_use_are_not_read():
    """An exponent of twenty digits."""
    with pytest.raises(TooMuch, match="number-out-of-range"):
        parse_json("[1e99999999999999999999]")


def test_folding_keeps_what_carries_meaning():
    """Accents, signs and raised digits stay; ligatures, width and case fall."""
    assert folded_text("  Ｃａｆé\u00a0ﬁn ") == "café fin"
    assert folded_text("O’Brien") == folded_text("O'Brien")
    assert folded_text("Le «Chat»") == folded_text('le "chat"')
    assert folded_text("INV\u20111") == folded_text("inv-1") == folded_text("INV−1")
    assert folded_text("Ann\u200b L\u00adee") == "ann lee"
    assert folded_text("10²") != folded_text("102")
    assert folded_text("+5") != folded_text("-5")
    assert folded_text("résumé") != folded_text("resume")


@pytest.mark.parametrize("name", ["field_f1", "json_match", "schema_match"])
@pytest.mark.parametrize("composed", [("NFC", "NFD"), ("NFD", "NFC")])
def test_composed_and_decomposed_texts_are_the_same_text(name, composed):
    """In keys and enums too, where case counts: nobody can see the difference."""
    schema = {"type": "object", "properties": {"Größe": {"enum": ["São Paulo"]}}, "additionalProperties": False}
    target, answer = (unicodedata.normalize(form, '{"Größe": "São Paulo"}') for form in composed)
    assert _score(name, schema, target, answer) == 1
    assert _score(name, schema, target, answer.replace("S", "s")) < 1


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ('The form is {"intent": string}, so: {"intent": "Refund"}', {"intent": "Refund"}),
        ('{"a": 1,} no, {"a": 2}', {"a": 2}),
        ('{"a": {"b": 1},}', None),  # a part of what is broken is not what was meant
        ('{"a": [{"b": 1}, ', None),
        ('{"a": "}", {"b": 1}', None),
        ('{"a": x} ' * 200 + '{"a": 1}', None),  # there is an end to patience
    ],
)
def test_what_is_no_json_is_passed_over_as_a_whole(answer, found):
    """A form that is quoted before the answer does not hide it."""
    if found is None:
        with pytest.raises(NoJson):
            unwrap(answer)
    else:
        assert unwrap(answer).value == found
        assert unwrap(answer).repairs == ("prose",)


def test_json_valid_is_strict_and_the_others_take_a_fence_off():
    """A user's program strips the fence; the instruction asked for JSON only."""
    fenced = a_prediction('```json\n{"intent": "refund"}\n```')
    target = a_sample(targets=['{"intent": "refund"}'], stratum="behaviour")
    assert [score(name, target, fenced) for name in ("json_valid", "schema_match", "field_f1")] == [0, 1, 1]
    assert score("json_valid", target, a_prediction(' {"intent": "refund"}\n')) == 1


@pytest.mark.parametrize("text", ['{"a": NaN}', "[" * 100_000, "{'a': 1}", "", '{"a": 1} and so on', "1" * 5000 + "x"])
def test_what_is_no_json_scores_zero(text):
    """Invalid JSON is a measured outcome, however hostile the text."""
    target = a_sample(targets=['{"intent": "refund"}'], stratum="behaviour")
    assert [score(name, target, a_prediction(text)) for name in ("json_valid", "schema_match", "field_f1")] == [
        0,
        0,
        0,
    ]


def test_schema_match_holds_the_text_against_the_tasks_schema():
    """A value outside the enum or a missing required field does not match."""
    target = a_sample(targets=["{}"], stratum="behaviour")
    assert score("schema_match", target, a_prediction('{"intent": "refund", "order_id": null}')) == 1
    assert score("schema_match", target, a_prediction('{"intent": "complaint"}')) == 0
    assert score("schema_match", target, a_prediction('{"order_id": "MW-1"}')) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"intent": "refund", "order_id": " mw-48213 ", "urgent": true}', 1.0),  # free text: case and white space
        ('{"intent": "Refund", "order_id": "MW-48213", "urgent": true}', 2 * 2 / (3 + 3)),  # an enum is no free text
        ('{"intent": "refund", "order_id": "MW-48213"}', 2 * 2 / (2 + 3)),  # one field is missing
        ('{"intent": "refund", "order_id": null, "urgent": true, "note": null}', 2 * 2 / (2 + 3)),  # null is absent
        ('{"intent": "refund", "order_id": "MW-48213", "urgent": true, "sum": 3}', 2 * 3 / (4 + 3)),  # one is invented
        ('{"intent": "refund", "order_id": "MW-48213", "urgent": 1}', 2 * 2 / (3 + 3)),  # 1 is not true
        ('["refund"]', 0.0),
        ("{}", 0.0),
    ],
)
def test_field_f1_counts_field_and_value_pairs(text, expected):
    """Worked by hand against a target with three fields and one null."""
    target = a_sample(
        targets=['{"intent": "refund", "order_id": "MW-48213", "urgent": true, "note": null}'], stratum="behaviour"
    )
    assert score("field_f1", target, a_prediction(text)) == pytest.approx(expected)


def test_field_f1_reads_lists_by_position_and_nested_fields_by_path():
    """How often and where counts; of two lists of different lengths the common items stand beside each other."""
    target = a_sample(targets=['{"items": ["tarn", "beck", "beck"], "by": {"name": "Ines"}}'], stratum="behaviour")
    assert score("field_f1", target, a_prediction('{"by": {"name": "ines"}, "items": ["tarn", "beck", "beck"]}')) == 1
    assert score("field_f1", target, a_prediction('{"by": {"name": "ines"}, "items": ["beck", "tarn", "beck"]}')) == 0.5
    assert score("field_f1", target, a_prediction('{"items": ["beck"], "name": "Ines"}')) == pytest.approx(
        2 * 1 / (2 + 4)
    )


def test_two_objects_without_values_are_equal():
    """Leaving everything out is right where nothing is there."""
    assert score("field_f1", a_sample(targets=['{"order_id": null}'], stratum="behaviour"), a_prediction("{}")) == 1


def test_a_target_that_is_no_json_leaves_field_f1_unscored():
    """The evalset is to blame and not the variant."""
    assert score("field_f1", a_sample(targets=["21 days"]), a_prediction("{}")) == Unscored("target-not-json")
