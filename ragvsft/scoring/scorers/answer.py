"""Is the answer right? Short texts against targets, and whether a refusal was the right thing to say.

An unanswerable sample scores 1 when the text is a refusal and 0 otherwise; a refusal of an answerable sample scores 0,
as SQuAD 2.0 treats "no answer" (Rajpurkar, Jia and Liang 2018, https://arxiv.org/abs/1806.03822). A text of which it
cannot be told whether it declines is compared to the targets like any answer, and is no refusal of an unanswerable
sample; `unclear` counts how often that happens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ragvsft.prompts import REFUSAL
from ragvsft.records import Completion, Prediction, Sample
from ragvsft.scoring.scorers import Measure
from ragvsft.scoring.scorers.closeness import contains, exact_match, rouge_l, token_f1
from ragvsft.scoring.scorers.declining.common import is_negative
from ragvsft.scoring.scorers.declining.copies import folded
from ragvsft.scoring.scorers.refusals import Stance, stance
from ragvsft.scoring.scorers.squad import squad_em, squad_f1
from ragvsft.scoring.scorers.values import same_value

Closeness = Callable[[str, str], float]
Score = Callable[[Sample, Prediction, Completion], float]

_AGREES = 0.6  # token F1 of a refusal and a negative target from which on it gives that target as its answer


def _stance(sample: Sample, text: str, refusal: str) -> Stance:
    """Return whether a text declines to answer this sample; one that says what a target says has answered it."""
    found = stance(text, refusal)
    if found == "answered" or any(_agrees(text, target, refusal) for target in sample.targets):
        return "answered"
    return found


def _agrees(text: str, target: str, refusal: str) -> bool:
    """Return whether a text that reads like a refusal gives a target that is negative itself.

    "Unknown" may be the right answer to a question about a form's default.
    """
    if same_value(text, target):
        return True
    if not is_negative(folded(target)):
        return False
    # "No" stands in many a refusal; a target that is more than that, or reads like a refusal, does not by chance
    telling = len(target.split()) > 1 or stance(target, refusal) != "answered"
    return token_f1(text, target) >= _AGREES or (telling and bool(contains(text, target)))


def _unanswerable(sample: Sample, prediction: Prediction) -> bool:
    return sample.stratum == "unanswerable"


def _answerable(sample: Sample, prediction: Prediction) -> bool:
    return sample.stratum != "unanswerable"


def _against_targets(closeness: Closeness, refusal: str) -> Score:
    def best(sample: Sample, prediction: Prediction, completion: Completion) -> float:
        refuses = _stance(sample, completion.text, refusal) == "refused"
        if _unanswerable(sample, prediction):
            return float(refuses)
        return 0.0 if refuses else max(closeness(completion.text, target) for target in sample.targets)

    return best


def _stands(wanted: Stance, refusal: str) -> Score:
    def stands(sample: Sample, prediction: Prediction, completion: Completion) -> float:
        return float(_stance(sample, completion.text, refusal) == wanted)

    return stands


_CLOSENESS: dict[str, Closeness] = {
    "token_f1": token_f1,
    "exact_match": exact_match,
    "contains": contains,
    "rouge_l": rouge_l,
    "squad_f1": squad_f1,
    "squad_em": squad_em,
}


def make(name: str, *, k: int | None, schema: Mapping[str, Any] | None, refusal: str = REFUSAL) -> Measure:
    """Return the scorer of this name; `refusal` is what the task told the model to say where it does not know."""
    if name in _CLOSENESS:
        return Measure(name, _against_targets(_CLOSENESS[name], refusal))
    return {
        "refused": Measure("refused", _stands("refused", refusal), better="lower", applies=_answerable),
        "abstained": Measure("abstained", _stands("refused", refusal), applies=_unanswerable),
        "unclear": Measure("unclear", _stands("unclear", refusal), better="lower"),
    }[name]
