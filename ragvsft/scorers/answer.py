"""Is the answer right? Short texts against targets, and whether a refusal was the right thing to say.

An unanswerable sample scores 1 when the text is a refusal and 0 otherwise; a refusal of an answerable sample scores 0,
as SQuAD 2.0 treats "no answer" (Rajpurkar, Jia and Liang 2018, https://arxiv.org/abs/1806.03822).
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ragvsft.records import Completion, Prediction, Sample
from ragvsft.scorers import Measure

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


_LEAD_IN = re.compile(
    r"^(?:(?:answer:|sorry|i(?: am|'m) (?:sorry|afraid)|unfortunately|apologies|(?:based on|according to|from|in)"
    r" the (?:given |provided )?(?:passages?|context|text|documents?|information)(?: given| provided)?)"
    r"[\s,.:;!]*(?:but |that )?)+"
)
_NOT = r"(?:do not|don't|dont|does not|doesn't|did not|didn't|can not|cannot|can't|could not|couldn't)"
_SOURCE = (
    r"(?:passages?|context|texts?|documents?|documentation|handbook|sources?|information|corpus|article|policy"
    r"|excerpts?)"
)
_SAYING = r"(?:say|said|mention|state|contain|provide|specify|include|answer|tell|give|cover|address|indicate|list)"
_REFUSAL_START = re.compile(
    "|".join(
        [
            rf"i (?:really |just |honestly )?{_NOT} (?:know|tell|say|find|determine|answer|give)",
            rf"i (?:really |just )?{_NOT} have (?:that|this|enough|any|the|information|access)",
            r"i(?: am|'m) (?:not sure|unsure|not able to|unable to|not certain|not aware)",
            r"i have no (?:idea|information|answer|way)",
            r"(?:unable|not able|impossible) to (?:answer|say|tell|determine|find)",
            rf"(?:the |these |this |those |none of the |no )?(?:\w+ )?{_SOURCE}(?: (?:provided|given))?"
            rf" (?:{_NOT} |never )(?:\w+ )?{_SAYING}",
            rf"(?:none of the|no) (?:\w+ )?{_SOURCE} {_SAYING}s?",
            r"there(?: is|'s| was) (?:no|not enough|insufficient) (?:information|mention|answer|indication|data)",
            r"(?:no|not enough|insufficient) information"
            r"(?: (?:is|was|about|on|regarding|available|given|in|to)\b|[\s.!]*$)",
            r"(?:it|this|that|the answer|this information|that information)(?: is|'s) "
            r"(?:not |un)(?:stated|specified|mentioned|given|known|provided|clear|available|disclosed|in the)",
            r"(?:it|this|that|the (?:question|answer)|this question)? ?(?:cannot|can't|can not) be "
            r"(?:answered|determined|found|known)",
        ]
    )
)
_REFUSAL_WHOLE = re.compile(
    r"(?:unknown|unanswerable|idk|n/?a|no answer|no idea|none given|dunno|dont know|don't know|do not know|not sure"
    r"|(?:not|un)[ -]?(?:stated|specified|mentioned|given|known|provided|available|disclosed)"
    r"(?: (?:in|by|here|anywhere)\b.*)?)[\s.!]*"
)
_AND_YET = re.compile(
    r"\b(?:but|however|though|although|probably|maybe|perhaps|possibly|likely|i (?:think|guess|believe))\b"
)


def is_refusal(text: str) -> bool:
    """Return whether the text declines to answer, in any of the usual English ways.

    A text that declines and then guesses ("I don't know, but probably 21 days") is an answer. An empty text is not a
    refusal: saying nothing may be a broken model, and must not be rewarded as knowing one's limits.
    """
    plain = " ".join(text.lower().replace("’", "'").split()).strip("\"'*` ")
    plain = _LEAD_IN.sub("", plain)
    if _REFUSAL_WHOLE.fullmatch(plain):
        return True
    found = _REFUSAL_START.match(plain)
    return found is not None and not _AND_YET.search(plain, found.end())


def _refuses(sample: Sample, text: str) -> bool:
    # "Unknown" may be the right answer to a question about a form's default
    return is_refusal(text) and normalise(text) not in {normalise(target) for target in sample.targets}


def _unanswerable(sample: Sample, prediction: Prediction) -> bool:
    return sample.stratum == "unanswerable"


def _answerable(sample: Sample, prediction: Prediction) -> bool:
    return sample.stratum != "unanswerable"


def _against_targets(closeness: Callable[[str, str], float]) -> Callable[[Sample, Prediction, Completion], float]:
    def best(sample: Sample, prediction: Prediction, completion: Completion) -> float:
        refuses = _refuses(sample, completion.text)
        if _unanswerable(sample, prediction):
            return float(refuses)
        return 0.0 if refuses else max(closeness(completion.text, target) for target in sample.targets)

    return best


def _is_refused(sample: Sample, prediction: Prediction, completion: Completion) -> float:
    return float(_refuses(sample, completion.text))


_MEASURES = {
    measure.name: measure
    for measure in (
        Measure("token_f1", _against_targets(token_f1)),
        Measure("exact_match", _against_targets(exact_match)),
        Measure("contains", _against_targets(contains)),
        Measure("rouge_l", _against_targets(rouge_l)),
        Measure("refused", _is_refused, better="lower", applies=_answerable),
        Measure("abstained", _is_refused, applies=_unanswerable),
    )
}


def make(name: str, *, k: int | None, schema: Mapping[str, Any] | None) -> Measure:
    """Return the scorer of this name."""
    return _MEASURES[name]
