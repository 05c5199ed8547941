"""Scorers: one sample and one prediction give one number, or the reason why there is none."""

from __future__ import annotations

import random

import pytest

from ragvsft.errors import ConfigError
from ragvsft.records import Completion, Failure, Prediction, Sample, Times
from ragvsft.scoring.measures import check_primary, measures, parse
from ragvsft.scoring.scorers import Unscored
from ragvsft.scoring.scorers.measure import ScorerSettings
from ragvsft.scoring.scorers.refusals import is_refusal
from tests.make import a_prediction, a_sample, some_hits

SCHEMA = {
    "type": "object",
    "properties": {"intent": {"enum": ["refund", "exchange"]}, "order_id": {"type": ["string", "null"]}},
    "required": ["intent"],
}


def _score(name: str, question: Sample, prediction: Prediction) -> float | Unscored | None:
    return parse(name, ScorerSettings(SCHEMA)).score(question, prediction)


CLOSENESS = ("token_f1", "exact_match", "contains", "rouge_l")
FAILED = a_prediction(Failure("too-long", "the prompt has 9,000 tokens"), hits=some_hits("a.md"))


@pytest.mark.parametrize(
    ("text", "targets", "expected"),
    [
        ("The 21 days.", ("21 days",), 1.0),
        ("21 working days", ("21 days",), 2 * 2 / (3 + 2)),
        ("days days", ("days",), 2 * 1 / (2 + 1)),  # a token counts as often as both have it
        ("five", ("four", "five weeks"), 2 * 1 / (1 + 2)),
        ("never", ("21 days",), 0.0),
        ("", ("21 days",), 0.0),
        ("the", ("a",), 0.0),  # an article alone stays, and is another word
        ("the", ("the",), 1.0),
        ("25 mg", ("2.5 mg",), 0.0),  # a number with its unit is one value
        ("25 mg", ("25",), 2 * 1 / (2 + 1)),
        ("", ("A",), 0.0),
        ("The answer is A", ("A",), 2 * 1 / (3 + 1)),
    ],
)
def test_token_f1_counts_shared_tokens_against_the_best_target(text, targets, expected):
    """Worked by hand from the definition: 2 x shared / (tokens of one + tokens of the other), without articles."""
    assert _score("token_f1", a_sample(targets=targets), a_prediction(text)) == pytest.approx(expected)


def test_exact_match_is_all_or_nothing():
    """One token more is no match; another target may match."""
    assert _score("exact_match", a_sample(targets=["21 days", "three weeks"]), a_prediction("Three weeks!")) == 1
    assert _score("exact_match", a_sample(targets=["21 days"]), a_prediction("21 days off")) == 0


def test_contains_wants_whole_words():
    """The target "21" is in "after 21 days" and not in "after 121 days"."""
    assert _score("contains", a_sample(targets=["21"]), a_prediction("after 21 days")) == 1
    assert _score("contains", a_sample(targets=["21"]), a_prediction("after 121 days")) == 0
    assert (
        _score("contains", a_sample(targets=["the"]), a_prediction("the answer")) == 0
    )  # before a word it is an article


def test_rouge_l_agrees_with_rouge_score_on_plain_english():
    """The library with its own tokenizer gives the same F-measure where no value is made of several words."""
    from rouge_score.rouge_scorer import RougeScorer

    theirs, draw = RougeScorer(["rougeL"]), random.Random(1)
    words = ["The", "refund,", "within", "a", "(usual)", "is", "paid", "by", "the", "office.", "Ines"]
    for _ in range(50):
        text, target = (" ".join(draw.choices(words, k=draw.randint(1, 9))) + " office" for _ in range(2))
        expected = theirs.score(target, text)["rougeL"].fmeasure
        assert _score("rouge_l", a_sample(targets=[target]), a_prediction(text)) == pytest.approx(expected)


def test_rouge_l_reads_scripts_that_the_librarys_tokenizer_drops():
    """An equal Greek answer scores 1."""
    assert _score("rouge_l", a_sample(targets=["είκοσι ημέρες"]), a_prediction("είκοσι ημέρες")) == 1


@pytest.mark.parametrize("name", [*CLOSENESS, "squad_f1", "squad_em", "abstained"])
def test_an_unanswerable_sample_scores_one_exactly_for_a_refusal(name):
    """The right answer to a question without one is to say so."""
    unanswerable = a_sample(targets=())
    assert _score(name, unanswerable, a_prediction("I don't know.")) == 1
    assert _score(name, unanswerable, a_prediction("21 days")) == 0
    assert _score(name, unanswerable, a_prediction("")) == 0


@pytest.mark.parametrize("name", [*CLOSENESS, "squad_f1", "squad_em"])
def test_a_refusal_of_an_answerable_sample_is_wrong(name):
    """Even where it shares words with the target, as SQuAD 2.0 treats "no answer"."""
    assert _score(name, a_sample(targets=["I know"]), a_prediction("I don't know")) == 0


def test_a_target_that_reads_like_a_refusal_may_be_the_answer():
    """A form's default can be "Unknown"."""
    assert _score("exact_match", a_sample(targets=["Unknown"]), a_prediction("unknown.")) == 1
    assert _score("refused", a_sample(targets=["Unknown"]), a_prediction("unknown.")) == 0


def test_refused_and_abstained_apply_to_opposite_samples():
    """Refusing is counted against answerable samples and for unanswerable ones."""
    assert _score("refused", a_sample(targets=["21"]), a_prediction("I do not know")) == 1
    assert _score("abstained", a_sample(targets=["21"]), a_prediction("I do not know")) is None
    assert _score("refused", a_sample(targets=()), a_prediction("I do not know")) is None
    assert (parse("refused").better, parse("abstained").better) == ("lower", "higher")


@pytest.mark.parametrize(
    "text",
    [
        "I don't know",
        "I don’t know.",
        "i do not know",
        "I'm not sure about that.",
        "Sorry, I cannot answer this.",
        "I'm sorry, but I don't know.",
        "The passages do not say how long it takes.",
        "The provided context doesn't mention a fee.",
        "None of the passages mention it.",
        "Based on the passages, it is not stated.",
        "There is no information about the fee.",
        "Not enough information",
        "Not mentioned in the passages.",
        "It cannot be determined.",
        "Unknown",
        "I do not have enough information to answer.",
        "I don't know. The passages only cover travel within Europe.",
    ],
)
def test_usual_ways_of_declining_are_refusals(text):
    """Nobody keeps to one wording, and models least."""
    assert is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "21 days",
        "No",
        "none",
        "Unknown Pleasures",
        "I don't know, but probably 21 days",
        "The passages do not say. However, 21 days is usual.",
        "Not before 2021",
        "The policy says 21 days",
        "Information security officer",
        "No information security training is needed before 2027, then every year",
    ],
)
def test_answers_and_silence_are_no_refusals(text):
    """A hedge with an answer is an answer, and an empty text says nothing at all."""
    assert not is_refusal(text)


def test_json_valid_is_strict_and_the_others_take_a_fence_off():
    """A user's program strips the fence; the instruction asked for JSON only."""
    fenced = a_prediction('```json\n{"intent": "refund"}\n```')
    target = a_sample(targets=['{"intent": "refund"}'], stratum="behaviour")
    assert [_score(name, target, fenced) for name in ("json_valid", "schema_match", "field_f1")] == [0, 1, 1]
    assert _score("json_valid", target, a_prediction(' {"intent": "refund"}\n')) == 1


@pytest.mark.parametrize("text", ['{"a": NaN}', "[" * 100_000, "{'a': 1}", "", '{"a": 1} and so on', "1" * 5000 + "x"])
def test_what_is_no_json_scores_zero(text):
    """Invalid JSON is a measured outcome, however hostile the text."""
    target = a_sample(targets=['{"intent": "refund"}'], stratum="behaviour")
    assert [_score(name, target, a_prediction(text)) for name in ("json_valid", "schema_match", "field_f1")] == [
        0,
        0,
        0,
    ]


def test_schema_match_holds_the_text_against_the_tasks_schema():
    """A value outside the enum or a missing required field does not match."""
    target = a_sample(targets=["{}"], stratum="behaviour")
    assert _score("schema_match", target, a_prediction('{"intent": "refund", "order_id": null}')) == 1
    assert _score("schema_match", target, a_prediction('{"intent": "complaint"}')) == 0
    assert _score("schema_match", target, a_prediction('{"order_id": "MW-1"}')) == 0


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
    assert _score("field_f1", target, a_prediction(text)) == pytest.approx(expected)


def test_field_f1_reads_lists_by_position_and_nested_fields_by_path():
    """How often and where counts; of two lists of different lengths the common items stand beside each other."""
    target = a_sample(targets=['{"items": ["tarn", "beck", "beck"], "by": {"name": "Ines"}}'], stratum="behaviour")
    assert _score("field_f1", target, a_prediction('{"by": {"name": "ines"}, "items": ["tarn", "beck", "beck"]}')) == 1
    assert (
        _score("field_f1", target, a_prediction('{"by": {"name": "ines"}, "items": ["beck", "tarn", "beck"]}')) == 0.5
    )
    assert _score("field_f1", target, a_prediction('{"items": ["beck"], "name": "Ines"}')) == pytest.approx(
        2 * 1 / (2 + 4)
    )


def test_two_objects_without_values_are_equal():
    """Leaving everything out is right where nothing is there."""
    assert _score("field_f1", a_sample(targets=['{"order_id": null}'], stratum="behaviour"), a_prediction("{}")) == 1


def test_a_target_that_is_no_json_leaves_field_f1_unscored():
    """The evalset is to blame and not the variant."""
    assert _score("field_f1", a_sample(targets=["21 days"]), a_prediction("{}")) == Unscored("target-not-json")


def test_rank_measures_agree_with_ir_measures():
    """Over documents, each at its best passage's rank, with several passages of one document among the hits."""
    import ir_measures
    from ir_measures import RR, R, nDCG

    draw, corpus = random.Random(2), [f"d{n}" for n in range(8)]
    for _ in range(60):
        hits = some_hits(*draw.choices(corpus, k=6))
        wanted = tuple(draw.sample(corpus, draw.randint(1, 3)))
        run = {"s1": {}}
        for hit in hits:
            run["s1"][hit.doc_id] = max(hit.score, run["s1"].get(hit.doc_id, -1.0))
        expected = ir_measures.calc_aggregate([R @ 3, RR, nDCG @ 3], {"s1": dict.fromkeys(wanted, 1)}, run)
        question, prediction = a_sample(doc_ids=wanted), a_prediction("x", hits=hits)
        assert _score("recall_at(3)", question, prediction) == pytest.approx(expected[R @ 3])
        assert _score("mrr", question, prediction) == pytest.approx(expected[RR])
        assert _score("ndcg_at(3)", question, prediction) == pytest.approx(expected[nDCG @ 3])


@pytest.mark.parametrize("name", ["recall_at(3)", "mrr", "ndcg_at(3)"])
def test_rank_measures_apply_where_something_was_to_be_found_and_looked_for(name):
    """Not to a variant that retrieves nothing, nor to a question that no document answers."""
    assert _score(name, a_sample(), a_prediction("x")) is None
    assert _score(name, a_sample(targets=()), a_prediction("x", hits=some_hits("a.md"))) is None
    assert _score(name, a_sample(), a_prediction("x", hits=())) == 0  # it looked, and found nothing
    assert _score(name, a_sample(), a_prediction("x", hits=(), dropped_hits=3)) == 0  # nothing fitted the prompt
    assert _score(name, a_sample(), FAILED) == 1  # found, whatever became of the answer


@pytest.mark.parametrize(
    ("name", "expected"), [("latency_s", 0.5), ("retrieval_s", 0.1), ("first_token_s", 0.2), ("prompt_tokens", None)]
)
def test_seconds_are_read_from_the_stopwatch(name, expected):
    """Each from its own reading; an engine that cannot tell its first token is not applicable, not failed."""
    timed = a_prediction("x", purpose="latency", times=Times(0.1, 0.2, 0.5))
    if expected is not None:
        assert _score(name, a_sample(), timed) == expected
        assert parse(name).measure.purpose == "latency"
    untold = a_prediction("x", purpose="latency", times=Times(0.1, None, 0.5))
    assert _score("first_token_s", a_sample(), untold) is None


def test_tokens_are_counted_in_the_quality_pass():
    """As the engine reports them; one that does not say leaves them unscored, not zero."""
    assert _score("prompt_tokens", a_sample(), a_prediction("x")) == 20
    assert _score("completion_tokens", a_sample(), a_prediction("x")) == 3
    silent = a_prediction(Completion("x", None, None, "length"))
    for name in ("prompt_tokens", "completion_tokens"):
        assert _score(name, a_sample(), silent) == Unscored("not-counted")
    assert _score("cut_off", a_sample(), silent) == 1


def test_a_failure_is_unscored_by_every_scorer_of_answers():
    """Never 0, never an empty answer."""
    for measure in measures().values():
        full = {"k": f"{measure.name}(3)", "path": f"{measure.name}(a)", None: measure.name}[measure.takes]
        question = a_sample(targets=() if full == "abstained" else ["21 days"])
        if measure.name not in {"recall_at", "mrr", "ndcg_at"}:  # which do not read the answer
            assert _score(full, question, FAILED) == Unscored("too-long"), full


def test_a_decision_rests_on_a_metric_of_its_task():
    """Speed or recall cannot be primary, nor a JSON metric for answers."""
    check_primary("token_f1", "answer")
    check_primary("field_f1", "json")
    for name in ("latency_s", "mrr", "field_f1"):
        with pytest.raises(ConfigError, match="choose from token_f1"):
            check_primary(name, "answer")
