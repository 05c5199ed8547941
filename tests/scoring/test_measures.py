"""Measures by name: each is one row, which says all that others must know of it."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from ragvsft.errors import ConfigError
from ragvsft.evidence.older import older_metrics
from ragvsft.names import SCORERS
from ragvsft.scoring.measures import (
    check_primary,
    default_scorers,
    detail_of,
    measure_of,
    measures,
    metric_meaning,
    metric_title,
    parse,
    scorers_of,
)
from ragvsft.scoring.scorers.measure import ScorerSettings
from ragvsft.scoring.scorers.unwrapping import REPAIRS

SETTINGS = ScorerSettings(schema={"type": "object", "properties": {"intent": {"enum": ["refund"]}}})
RUNS = sorted((Path(__file__).parents[1] / "runs").iterdir())


def _name(stem: str) -> str:
    return stem + {"k": "(5)", "path": "(lines/[]/count)", None: ""}[measures()[stem].takes]


@pytest.mark.parametrize("stem", list(measures()))
def test_every_measure_has_words_and_a_scorer_that_prints_as_it_parses(stem):
    """A title and a meaning without gaps, the direction and unit of its row, and an aggregate to be shown by."""
    scorer = parse(_name(stem), SETTINGS)
    measure = scorer.measure
    assert (scorer.name, scorer.unit, scorer.better) == (_name(stem), measure.unit, measure.better)
    assert measure == measure_of(_name(stem))
    assert metric_title(scorer.name)
    assert metric_meaning(scorer.name)
    assert "{}" not in metric_title(scorer.name) + metric_meaning(scorer.name)
    assert measure.aggregates
    assert measure.detail_of is None or measure.detail_of in measures()


def test_no_two_rows_have_one_name():
    """The second would hide the first."""
    names = [measure.name for module in SCORERS for measure in import_module(module).MEASURES]
    assert len(names) == len(set(names)) == len(measures())


def test_times_are_read_per_request_with_their_quantiles():
    """And nothing else is."""
    timed = {m.name for m in measures().values() if m.purpose == "latency"}
    assert timed == {"latency_s", "retrieval_s", "first_token_s"}
    assert timed == {m.name for m in measures().values() if m.item == "request"}
    assert timed == {m.name for m in measures().values() if m.aggregates == ("mean", "p50", "p95")}


def test_what_stands_in_parentheses_stands_in_the_words():
    """A name that is none keeps itself."""
    assert metric_title("recall_at(3)") == "Recall at 3"
    assert metric_meaning("ndcg_at(7)") == "right documents among the first 7, the higher up the better"
    assert metric_title("field(lines/[]/{})") == "lines/[]/{}"
    assert (metric_title("my_own"), metric_meaning("my_own")) == ("my_own", "")
    assert (metric_title("recall_at(x)"), metric_title("mrr(3)")) == ("recall_at(x)", "mrr(3)")


def test_every_repair_has_a_figure_of_its_own():
    """A new one needs a row, or it would be counted and never shown."""
    assert {f"repaired({repair})" for repair in REPAIRS} == {name for name in measures() if name.startswith("repaired")}


def test_parts_of_a_measure_are_details_and_unknown_names_are_not():
    """Variants are not compared by them."""
    parts = {"field(a/b)": "field_f1", "repaired(fence)": "json_repaired", "unreadable(not-json)": "json_valid"}
    assert {name: detail_of(name) for name in parts} == parts
    assert [detail_of(name) for name in ("field", "field_f1", "recall_at(3)", "my_own")] == [None] * 4


def test_scorers_come_in_the_order_of_their_names():
    """With the settings of the task: a schema that one of them needs."""
    names = ["schema_match", "recall_at(3)", "latency_s"]
    assert [scorer.name for scorer in scorers_of(names, SETTINGS)] == names
    assert default_scorers("json", SETTINGS, ks=[3])[0].name == "field_f1"
    assert default_scorers("answer", ks=[3])[0].name == "token_f1"


def test_retrieval_is_cut_at_each_k_and_left_out_where_nothing_retrieves():
    """Each rank measure by its row; what an answer took comes last."""
    names = [scorer.name for scorer in default_scorers("answer", ks=[1, 5])]
    ranks = ["recall_at(1)", "recall_at(5)", "mrr", "ndcg_at(1)", "ndcg_at(5)"]
    took = ["prompt_tokens", "completion_tokens", "cut_off", "latency_s", "retrieval_s", "first_token_s"]
    assert names[-11:] == [*ranks, *took]
    assert [scorer.name for scorer in default_scorers("answer")] == [*names[:-11], *took]


@pytest.mark.parametrize("name", ["bleu", "token_f1(5)", "recall_at", "recall_at(0)", "recall_at(5", ""])
def test_an_unknown_scorer_names_the_known_ones(name):
    """The error is the user's to fix, in one line."""
    with pytest.raises(ConfigError, match=r"is unknown; choose from (.*, )?token_f1, .*recall_at\(5\)"):
        parse(name)


def test_schema_match_without_a_schema_says_where_to_name_one():
    """Rather than match everything."""
    with pytest.raises(ConfigError, match=r"'schema_match' needs a JSON Schema; name it in task\.schema_file"):
        parse("schema_match")


@pytest.mark.parametrize("run", RUNS, ids=[run.name for run in RUNS])
def test_the_metrics_of_an_older_run_are_measures_of_today(run):
    """With the unit and the direction that they had."""
    rows = older_metrics(json.loads((run / "metrics.json").read_text()))
    assert rows
    for row in rows:
        measure = measure_of(row["name"])
        assert (measure.unit, measure.better) == (row["unit"], row["better"])
        assert row["aggregate"] in measure.aggregates


def test_a_decision_rests_on_a_metric_of_its_task():
    """Speed or recall cannot be primary, nor a JSON metric for answers."""
    check_primary("token_f1", "answer")
    check_primary("field_f1", "json")
    for name in ("latency_s", "mrr", "field_f1"):
        with pytest.raises(ConfigError, match="choose from token_f1"):
            check_primary(name, "answer")
