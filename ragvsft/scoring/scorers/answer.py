"""Is the answer right? Short texts against targets, and whether a refusal was the right thing to say.

An unanswerable sample scores 1 when the text is a refusal and 0 otherwise; a refusal of an answerable sample scores 0,
as SQuAD 2.0 treats "no answer" (Rajpurkar, Jia and Liang 2018, https://arxiv.org/abs/1806.03822). A text of which it
cannot be told whether it declines is compared to the targets like any answer, and is no refusal of an unanswerable
sample; `unclear` counts how often that happens.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ragvsft.records import Completion, Prediction, Sample
from ragvsft.scoring.scorers import Scorer
from ragvsft.scoring.scorers.closeness import contains, exact_match, rouge_l, token_f1
from ragvsft.scoring.scorers.declining.common import is_negative
from ragvsft.scoring.scorers.declining.copies import folded
from ragvsft.scoring.scorers.measure import Measure, ScorerSettings, completion_scorer, everywhere
from ragvsft.scoring.scorers.refusals import Stance, stance
from ragvsft.scoring.scorers.squad import squad_em, squad_f1
from ragvsft.scoring.scorers.values import same_value

Closeness = Callable[[str, str], float]
Applies = Callable[[Sample], bool]

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


def _unanswerable(sample: Sample) -> bool:
    return sample.stratum == "unanswerable"


def _answerable(sample: Sample) -> bool:
    return sample.stratum != "unanswerable"


def _against_targets(closeness: Closeness, measure: Measure, settings: ScorerSettings) -> Scorer:
    def best(sample: Sample, prediction: Prediction, completion: Completion) -> float:
        refuses = _stance(sample, completion.text, settings.refusal) == "refused"
        if _unanswerable(sample):
            return float(refuses)
        return 0.0 if refuses else max(closeness(completion.text, target) for target in sample.targets)

    return completion_scorer(measure, best)


def _stands(wanted: Stance, applies: Applies, measure: Measure, settings: ScorerSettings) -> Scorer:
    def stands(sample: Sample, prediction: Prediction, completion: Completion) -> float:
        return float(_stance(sample, completion.text, settings.refusal) == wanted)

    return completion_scorer(measure, stands, applies)


MEASURES = (
    Measure(
        "token_f1",
        "Token F1",
        "words and values that answer and target share, by our own rules: “2.5 mg” is one value;"
        " on unanswerable samples: refused or not",
        partial(_against_targets, token_f1),
    ),
    Measure(
        "exact_match",
        "Exact match",
        "the answer says what a target says, but for its spelling, by our own rules: “three” is “3”",
        partial(_against_targets, exact_match),
    ),
    Measure(
        "contains",
        "Contains",
        "the answer holds a target as a whole value: “5 mg” is not in “2.5 mg”",
        partial(_against_targets, contains),
    ),
    Measure(
        "rouge_l",
        "ROUGE-L",
        "longest run of words and values, with gaps, that answer and target share",
        partial(_against_targets, rouge_l),
    ),
    Measure(
        "squad_f1",
        "SQuAD F1",
        "token F1 by the rules of SQuAD’s script, for comparison with papers: “2.5” is “25”",
        partial(_against_targets, squad_f1),
    ),
    Measure(
        "squad_em",
        "SQuAD exact match",
        "exact match by the rules of SQuAD’s script, for comparison with papers",
        partial(_against_targets, squad_em),
    ),
    Measure(
        "refused",
        "Refused wrongly",
        "“I don't know” on questions that the corpus answers",
        partial(_stands, "refused", _answerable),
        better="lower",
    ),
    Measure(
        "abstained",
        "Refused rightly",
        "“I don't know” on unanswerable samples",
        partial(_stands, "refused", _unanswerable),
    ),
    Measure(
        "unclear",
        "Unclear",
        "may be a refusal or an answer, as “the contract does not mention a deadline”; counted as an answer",
        partial(_stands, "unclear", everywhere),
        better="lower",
    ),
)
