"""How near a text is to a target: 1 is the same, 0 has nothing in common."""

from __future__ import annotations

import re
import string
from collections import Counter
from functools import cache
from typing import Any

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_WORD = re.compile(r"\w+")


def normalise(text: str) -> str:
    """Return the text as the SQuAD scripts compare it: lower case, no ASCII punctuation, no articles, single spaces."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(text: str, target: str) -> float:
    """Return 1 if both texts are equal once normalised."""
    return float(normalise(text) == normalise(target))


def token_f1(text: str, target: str) -> float:
    """Return the F1 of the normalised tokens, each counted as often as it stands in both (SQuAD 1.1).

    Where one side has no token left, it is 1 if the other has none either (SQuAD 2.0).
    """
    ours, theirs = normalise(text).split(), normalise(target).split()
    if not ours or not theirs:
        return float(ours == theirs)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs))


def contains(text: str, target: str) -> float:
    """Return 1 if the normalised target stands in the normalised text, as whole words."""
    wanted = normalise(target)
    return float(bool(wanted) and f" {wanted} " in f" {normalise(text)} ")


def rouge_l(text: str, target: str) -> float:
    """Return the F-measure of the longest common subsequence of words (Lin 2004), by the library rouge-score.

    Words are those of any script and are not stemmed; on English text that is rouge-score with its default tokenizer.
    """
    value: float = _rouge().score(target, text)["rougeL"].fmeasure
    return value


@cache
def _rouge() -> Any:
    from rouge_score.rouge_scorer import RougeScorer
    from rouge_score.tokenizers import Tokenizer

    class Words(Tokenizer):  # type: ignore[misc]
        # the library's own tokenizer drops every letter outside a-z, so a Greek answer would score 0
        def tokenize(self, text: str) -> list[str]:
            return _WORD.findall(text.lower().replace("_", " "))

    return RougeScorer(["rougeL"], tokenizer=Words())
