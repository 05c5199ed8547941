"""The answer metrics agree with a hand-judged table of answers: tests/gold/answers.jsonl.

Each row is an invented pair of answer and target with a verdict: would a fair grader accept the answer as the same
value? All are one author's own judgement. The rule that is held against it: an answer counts as right if exact_match
or contains is 1. Three parts, judged before the code had been run on any of their rows:

* held-out (143): looked at after "seen" was done; 142 agreed at first contact (99.3 %);
* seen (328): the ones the code was written with; 317 agreed at the first run (96.6 %);
* second (258): harder ones, judged when the first two were done; 245 agreed at first contact (95.0 %).

The same author wrote the table and the code, in that order but on one day, so these figures flatter: rows of another
hand agree less. Today 725 of 729 agree (99.5 %). The normalisation of SQuAD's scripts, which was all there was
before, agrees on 328 (45.0 %) under the same rule. What still disagrees is listed below and is not fixed.
"""

from __future__ import annotations

import json
from collections import Counter

import pytest

from ragvsft.scoring.scorers.closeness import contains, exact_match, rouge_l, token_f1
from ragvsft.scoring.scorers.squad import squad_em, squad_tokens
from tests.paths import GOLD

ROWS = [json.loads(line) for line in (GOLD / "answers.jsonl").read_text("utf-8").splitlines()]
# a name in a longer name without blanks, the same words in another order, and version or decimal untold
KNOWN = {
    ("東京都にあります", "京都"),
    ("Versailles Treaty", "Treaty of Versailles"),
    ("1.10", "1.1"),
    ("section 4.2", "4.20"),
}


def _accepted(row) -> bool:
    return 1 in {exact_match(row["answer"], row["target"]), contains(row["answer"], row["target"])}


def _accepted_before(row) -> bool:
    wanted, said = (" ".join(squad_tokens(row[side])) for side in ("target", "answer"))
    return bool(squad_em(row["answer"], row["target"])) or bool(wanted and f" {wanted} " in f" {said} ")


def test_the_table_covers_languages_and_both_verdicts():
    """At least 300 rows, 10 languages, no pair twice, and neither verdict rare."""
    assert len(ROWS) >= 300
    assert len({row["language"] for row in ROWS}) >= 10
    assert max(Counter((row["answer"], row["target"]) for row in ROWS).values()) == 1
    assert 0.25 < sum(row["right"] for row in ROWS) / len(ROWS) < 0.75


@pytest.mark.parametrize("split", ["held-out", "seen", "second"])
def test_at_least_98_of_100_verdicts_agree(split):
    """In each part of the table."""
    rows = [row for row in ROWS if row["split"] == split]
    assert sum(_accepted(row) == row["right"] for row in rows) / len(rows) >= 0.98


def test_what_disagrees_is_known():
    """A new disagreement is a change of meaning, a mended one is to be struck from the list."""
    assert {(row["answer"], row["target"]) for row in ROWS if _accepted(row) != row["right"]} == KNOWN


REVIEW = GOLD / "answers-review.jsonl"


def test_rows_of_another_hand_agree_in_95_of_100():
    """Judged by somebody who had not written the code, before running it: 200 of 228 agreed at first contact (87.7 %).

    The last 68 were judged after the first 228 were looked at, and all of them agreed. What disagrees today: surnames
    first, a name in a longer name ("New York" has "York"), durations in two units, "half a percent", "three out of
    five", feet and inches in signs, "about" for "approx.", coordinates, Japanese eras and the hour "15時".
    """
    rows = [json.loads(line) for line in REVIEW.read_text("utf-8").splitlines()]
    assert len(rows) == 296
    assert len({row["language"] for row in rows}) >= 18
    for split, least in (("review", 0.95), ("review-second", 0.98)):
        part = [row for row in rows if row["split"] == split]
        assert sum(_accepted(row) == row["right"] for row in part) / len(part) >= least, split


@pytest.mark.parametrize(
    ("answer", "target"),
    [
        ("It is not refundable.", "refundable"), ("The lid isn't removable", "removable"), ("nicht erlaubt", "erlaubt"),
        ("不可退换", "可退换"), ("Возврат не возможен", "возможен"), ("ไม่อนุญาต", "อนุญาต"),
        ("No se permite", "Se permite"),
        ("It is not a weapon", "weapon"), ("não é permitido", "é permitido"), ("not 30 days but 14 days", "30 days"),
    ],
)  # fmt: skip
def test_what_is_denied_is_not_contained(answer, target):
    """A "not" right before the target turns it round; anywhere else it does not."""
    assert contains(answer, target) == 0
    assert contains(f"{answer}; otherwise {target}", target) == 1
    assert contains(f"No, {target}", target) == 1


def test_the_last_comma_of_a_list_may_be_an_and():
    """In either text; the members and their order count."""
    for answer in ("apples, pears and plums", "apples, pears, and plums", "apples, pears, plums"):
        assert exact_match(answer, "apples, pears, plums") == 1
        assert contains(f"We sell {answer}.", "apples, pears, plums") == 1
    assert exact_match("apples, pears and nuts", "apples, pears, plums") == 0
    assert exact_match("apples and pears", "apples, pears, plums") == 0


def test_squads_normalisation_agrees_with_less_than_half():
    """The figure of the docstring: what the metrics did before they compared values."""
    assert sum(_accepted_before(row) == row["right"] for row in ROWS) == 328


def test_right_answers_score_above_zero_in_shares():
    """No right answer of the table is worth nothing to token_f1 or rouge_l."""
    for row in ROWS:
        if row["right"]:
            assert token_f1(row["answer"], row["target"]) > 0, row
            assert rouge_l(row["answer"], row["target"]) > 0, row


@pytest.mark.parametrize(
    "kind", ["number", "percent", "currency", "unit", "range", "date", "time", "number word", "empty"]
)
def test_wrong_values_share_at_most_a_part(kind):
    """Nearly all wrong values have nothing in common with the right one, and none more than two thirds."""
    shares = [token_f1(row["answer"], row["target"]) for row in ROWS if row["kind"] == kind and not row["right"]]
    assert shares
    assert max(shares) <= 2 / 3
    assert sum(share == 0 for share in shares) / len(shares) >= 0.6
