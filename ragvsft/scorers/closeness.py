"""How near a text is to a target: 1 says the same, 0 has nothing in common. Nothing is near to an empty text."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

from ragvsft.scorers.values import compared, same_value

_SEPARATOR = "\x1f"


def exact_match(text: str, target: str) -> float:
    """Return 1 if both texts say the same value in the same words."""
    return float(same_value(text, target))


def token_f1(text: str, target: str) -> float:
    """Return the F1 of the tokens, each counted as often as it stands in both.

    A number with its unit, a date or a code is one token: a wrong dose has nothing in common with the right one.
    """
    ours, theirs = compared(text, target, in_shares=True)
    if not ours or not theirs:
        return 0.0
    if frozenset(ours).isdisjoint(theirs):
        return 0.0
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs))


def contains(text: str, target: str) -> float:
    """Return 1 if the target is in the text as a whole value: "5 mg" is not in "2.5 mg", nor "cat" in "category"."""
    ours, theirs = compared(text, target)
    size = len(theirs)
    if not size:
        return 0.0
    return float(any(ours[at : at + size] == theirs for at in range(len(ours) - size + 1)))


def rouge_l(text: str, target: str) -> float:
    """Return the F-measure of the longest common subsequence of tokens (Lin 2004), by the library rouge-score.

    The tokens are those of token_f1, with articles and without stemming.
    """
    ours, theirs = compared(text, target, in_shares=True, with_articles=True)
    if frozenset(ours).isdisjoint(theirs):
        return 0.0
    value: float = _rouge().score(_SEPARATOR.join(theirs), _SEPARATOR.join(ours))["rougeL"].fmeasure
    return value


@cache
def _rouge() -> Any:
    from rouge_score.rouge_scorer import RougeScorer
    from rouge_score.tokenizers import Tokenizer

    class Settled(Tokenizer):  # type: ignore[misc]
        def tokenize(self, text: str) -> list[str]:
            return text.split(_SEPARATOR) if text else []

    return RougeScorer(["rougeL"], tokenizer=Settled())
