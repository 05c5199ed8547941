"""How near a text is to a target: 1 says the same, 0 has nothing in common. Nothing is near to an empty text."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

from ragvsft.scoring.scorers.spelling import fold, spell
from ragvsft.scoring.scorers.values import compared, same_value

_SEPARATOR = "\x1f"
# what denies the word after it; "no" is left out where it also answers a question
_DENIED = re.compile(
    r"(?:\b(?:not|never|cannot|nicht|niet|niemals|nie|не|ні|não|nao|non|không|inte|ikke|δεν|ليس|غير"
    r")(?: (?:an?|the))? |n't |[不没沒未非]|ไม่ ?)\Z"
)
_SPANISH_VERB = re.compile(r"(?:se|es|está|están|hay|puede|pueden|son|tiene|tienen)\b")
_DENIED_VERB = re.compile(rf"{_DENIED.pattern}|\bno \Z")  # "no" alone may answer a question
_REACH = 16  # characters before the target in which its "not" stands
_LAST_COMMA = re.compile(r",? (?:and|und|et|y|e|en|i|и|og|och|ve|oraz) ", re.IGNORECASE)


def exact_match(text: str, target: str) -> float:
    """Return 1 if both texts say the same value in the same words."""
    return float(same_value(text, target) or (", " in text + target and same_value(_listed(text), _listed(target))))


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
    """Return 1 if the target is in the text as a whole value: "5 mg" is not in "2.5 mg", nor "cat" in "category".

    A target that is only said to be not so is not in it: "not refundable" does not say "refundable".
    """
    found = _holds(text, target) or (", " in target and _holds(_listed(text), _listed(target)))
    return float(found and not _is_denied(text, target))


def _holds(text: str, target: str) -> bool:
    ours, theirs = compared(text, target)
    size = len(theirs)
    return size > 0 and any(ours[at : at + size] == theirs for at in range(len(ours) - size + 1))


def _listed(text: str) -> str:
    """Return a text with commas for the "and" before the last of several: "a, b and c" is "a, b, c"."""
    return _LAST_COMMA.sub(", ", text)


def _is_denied(text: str, target: str) -> bool:
    """Return whether a text says the target only after a "not": "It is not refundable", "不可以"."""
    said, wanted = fold(spell(text)), fold(spell(target)).strip(" .!?")
    if len(said) <= len(wanted) or not wanted:
        return False
    before = said.split(wanted)[:-1]
    denial = _DENIED_VERB if _SPANISH_VERB.match(wanted) else _DENIED
    return bool(before) and all(denial.search(words[-_REACH:]) for words in before)


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

    class Settled:
        @staticmethod
        def tokenize(text: str) -> list[str]:
            return text.split(_SEPARATOR) if text else []

    return RougeScorer(["rougeL"], tokenizer=Settled())
