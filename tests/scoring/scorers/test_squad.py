"""squad_f1 and squad_em are what SQuAD's evaluation script computes, to the last bit.

The script's algorithm, as published with SQuAD 2.0 (https://rajpurkar.github.io/SQuAD-explorer/), is written out here
in the order of its steps: lower case, punctuation, articles, white space; then exact match and F1 of token bags.
"""

from __future__ import annotations

import collections
import random
import re
import string

import pytest

from ragvsft.scoring.measures import default_scorers
from tests.scoring.scorers.scored import score_of

PIECES = [
    *[
        "the",
        "A",
        "an",
        "The",
        "refund",
        "21",
        "days",
        "2.5",
        "25",
        "mg",
        "U.S.A.",
        "state-of-the-art",
        "don't",
        "Café",
        "答案",
    ],
    *[
        "theatre",
        "another",
        "$5",
        "5%",
        "",
        " ",
        "\n",
        "...",
        "!",
        "(see",
        "p.",
        "3)",
        "C++",
        "“quoted”",
        "I",
        "\u00a0",
    ],
]


def _script_tokens(text):
    without_marks = "".join(character for character in text.lower() if character not in set(string.punctuation))
    without_articles = re.sub(re.compile(r"\b(a|an|the)\b", re.UNICODE), " ", without_marks)
    return " ".join(without_articles.split()).split()


def _script_f1(target, text):
    gold, said = _script_tokens(target), _script_tokens(text)
    if len(gold) == 0 or len(said) == 0:
        return int(gold == said)
    same = sum((collections.Counter(gold) & collections.Counter(said)).values())
    if same == 0:
        return 0
    precision, recall = 1.0 * same / len(said), 1.0 * same / len(gold)
    return (2 * precision * recall) / (precision + recall)


def test_a_thousand_random_pairs_score_as_the_script_scores_them():
    """Equal floats, not close ones; a good part of the pairs shares something and some are empty."""
    draw, partly = random.Random(8), 0
    for _ in range(1000):
        target, text = (" ".join(draw.choices(PIECES, k=draw.randint(0, 6))) for _ in range(2))
        expected = _script_f1(target, text)
        assert score_of("squad_f1", target, text) == expected, (target, text)
        assert score_of("squad_em", target, text) == int(_script_tokens(target) == _script_tokens(text)), (target, text)
        partly += 0 < expected < 1
    assert partly > 100


@pytest.mark.parametrize(
    ("text", "target", "ours", "squads"),
    [("25 mg", "2.5 mg", 0, 1), ("", "A", 0, 1), ("three", "3", 1, 0), ("C", "C#", 0, 1), ("5", "-5", 0, 1)],
)
def test_where_squads_measures_and_ours_differ(text, target, ours, squads):
    """Which is why the report shows both, and why a decision rests on ours."""
    assert [score_of("exact_match", target, text), score_of("token_f1", target, text)] == [ours, ours]
    assert [score_of("squad_em", target, text), score_of("squad_f1", target, text)] == [squads, squads]


def test_squads_measures_come_after_ours():
    """The first scorer is the one that a decision rests on."""
    names = [scorer.name for scorer in default_scorers("answer", ks=[5])]
    assert names[0] == "token_f1"
    assert {"squad_f1", "squad_em"} < set(names[4:])
