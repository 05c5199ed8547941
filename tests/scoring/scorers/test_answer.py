"""Scorers: one sample and one prediction give one number, or the reason why there is none."""

from __future__ import annotations

import random

import pytest

from ragvsft.scoring.measures import measures, parse
from ragvsft.scoring.scorers import Unscored
from tests.make import a_prediction, a_sample
from tests.scoring.scorers.scored import FAILED, score

CLOSENESS = ("token_f1", "exact_match", "contains", "rouge_l")


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
    assert score("token_f1", a_sample(targets=targets), a_prediction(text)) == pytest.approx(expected)


def test_exact_match_is_all_or_nothing():
    """One token more is no match; another target may match."""
    assert score("exact_match", a_sample(targets=["21 days", "three weeks"]), a_prediction("Three weeks!")) == 1
    assert score("exact_match", a_sample(targets=["21 days"]), a_prediction("21 days off")) == 0


def test_contains_wants_whole_words():
    """The target "21" is in "after 21 days" and not in "after 121 days"."""
    assert score("contains", a_sample(targets=["21"]), a_prediction("after 21 days")) == 1
    assert score("contains", a_sample(targets=["21"]), a_prediction("after 121 days")) == 0
    assert (
        score("contains", a_sample(targets=["the"]), a_prediction("the answer")) == 0
    )  # before a word it is an article


def test_rouge_l_agrees_with_rouge_score_on_plain_english():
    """The library with its own tokenizer gives the same F-measure where no value is made of several words."""
    from rouge_score.rouge_scorer import RougeScorer

    theirs, draw = RougeScorer(["rougeL"]), random.Random(1)
    words = ["The", "refund,", "within", "a", "(usual)", "is", "paid", "by", "the", "office.", "Ines"]
    for _ in range(50):
        text, target = (" ".join(draw.choices(words, k=draw.randint(1, 9))) + " office" for _ in range(2))
        expected = theirs.score(target, text)["rougeL"].fmeasure
        assert score("rouge_l", a_sample(targets=[target]), a_prediction(text)) == pytest.approx(expected)


def test_rouge_l_reads_scripts_that_the_librarys_tokenizer_drops():
    """An equal Greek answer scores 1."""
    assert score("rouge_l", a_sample(targets=["είκοσι ημέρες"]), a_prediction("είκοσι ημέρες")) == 1


@pytest.mark.parametrize("name", [*CLOSENESS, "squad_f1", "squad_em", "abstained"])
def test_an_unanswerable_sample_scores_one_exactly_for_a_refusal(name):
    """The right answer to a question without one is to say so."""
    unanswerable = a_sample(targets=())
    assert score(name, unanswerable, a_prediction("I don't know.")) == 1
    assert score(name, unanswerable, a_prediction("21 days")) == 0
    assert score(name, unanswerable, a_prediction("")) == 0


@pytest.mark.parametrize("name", [*CLOSENESS, "squad_f1", "squad_em"])
def test_a_refusal_of_an_answerable_sample_is_wrong(name):
    """Even where it shares words with the target, as SQuAD 2.0 treats "no answer"."""
    assert score(name, a_sample(targets=["I know"]), a_prediction("I don't know")) == 0


def test_a_target_that_reads_like_a_refusal_may_be_the_answer():
    """A form's default can be "Unknown"."""
    assert score("exact_match", a_sample(targets=["Unknown"]), a_prediction("unknown.")) == 1
    assert score("refused", a_sample(targets=["Unknown"]), a_prediction("unknown.")) == 0


def test_refused_and_abstained_apply_to_opposite_samples():
    """Refusing is counted against answerable samples and for unanswerable ones."""
    assert score("refused", a_sample(targets=["21"]), a_prediction("I do not know")) == 1
    assert score("abstained", a_sample(targets=["21"]), a_prediction("I do not know")) is None
    assert score("refused", a_sample(targets=()), a_prediction("I do not know")) is None
    assert (parse("refused").better, parse("abstained").better) == ("lower", "higher")


def test_a_failure_is_unscored_by_every_scorer_of_answers():
    """Never 0, never an empty answer."""
    for measure in measures().values():
        full = {"k": f"{measure.name}(3)", "path": f"{measure.name}(a)", None: measure.name}[measure.takes]
        question = a_sample(targets=() if full == "abstained" else ["21 days"])
        if measure.name not in {"recall_at", "mrr", "ndcg_at"}:  # which do not read the answer
            assert score(full, question, FAILED) == Unscored("too-long"), full
