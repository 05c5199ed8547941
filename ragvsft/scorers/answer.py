"""Is the answer right? Short texts against targets, and whether a refusal was the right thing to say.

An unanswerable sample scores 1 when the text is a refusal and 0 otherwise; a refusal of an answerable sample scores 0,
as SQuAD 2.0 treats "no answer" (Rajpurkar, Jia and Liang 2018, https://arxiv.org/abs/1806.03822).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ragvsft.records import Completion, Prediction, Sample
from ragvsft.scorers import Measure
from ragvsft.scorers.closeness import contains, exact_match, rouge_l, token_f1
from ragvsft.scorers.refusals import is_refusal
from ragvsft.scorers.squad import squad_em, squad_f1
from ragvsft.scorers.values import same_value


def _refuses(sample: Sample, text: str) -> bool:
    # "Unknown" may be the right answer to a question about a form's default
    return is_refusal(text) and not any(same_value(text, target) for target in sample.targets)


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
        Measure("squad_f1", _against_targets(squad_f1)),
        Measure("squad_em", _against_targets(squad_em)),
        Measure("refused", _is_refused, better="lower", applies=_answerable),
        Measure("abstained", _is_refused, applies=_unanswerable),
    )
}


def make(name: str, *, k: int | None, schema: Mapping[str, Any] | None) -> Measure:
    """Return the scorer of this name."""
    return _MEASURES[name]
