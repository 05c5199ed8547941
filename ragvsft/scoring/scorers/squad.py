"""SQuAD's own measures, for comparison with papers: the same normalisation, token for token, as its scripts have.

Source: the evaluation script of SQuAD 2.0 (Rajpurkar, Jia and Liang 2018), https://rajpurkar.github.io/SQuAD-explorer/.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from functools import lru_cache

_ARTICLES = re.compile(r"\b(a|an|the)\b", re.UNICODE)
_PUNCTUATION = str.maketrans("", "", string.punctuation)


@lru_cache(maxsize=4096)
def squad_tokens(text: str) -> list[str]:
    """Return the words that SQuAD compares: lower case, no ASCII punctuation, no articles."""
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def squad_em(text: str, target: str) -> float:
    """Return 1 if both texts have the same words, also where both have none."""
    return float(squad_tokens(text) == squad_tokens(target))


def squad_f1(text: str, target: str) -> float:
    """Return the F1 of the words; where one side has none, 1 if the other has none either."""
    ours, theirs = squad_tokens(text), squad_tokens(target)
    if not ours or not theirs:
        return float(ours == theirs)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    if not shared:
        return 0.0
    precision, recall = shared / len(ours), shared / len(theirs)
    return 2 * precision * recall / (precision + recall)
