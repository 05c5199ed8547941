"""Scorers turn one (sample, prediction) into one number, or say why there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import resolve_name
from typing import Any, Protocol

from ragvsft.errors import ConfigError
from ragvsft.prompts import REFUSAL
from ragvsft.records import Better, Completion, Failure, Prediction, Purpose, Sample
from ragvsft.tasks import TASKS

# name -> module with `make(name, k=..., schema=..., refusal=...) -> Scorer`, imported on first use
SCORERS: dict[str, str] = {
    "token_f1": "ragvsft.scoring.scorers.answer",
    "exact_match": "ragvsft.scoring.scorers.answer",
    "contains": "ragvsft.scoring.scorers.answer",
    "rouge_l": "ragvsft.scoring.scorers.answer",
    "squad_f1": "ragvsft.scoring.scorers.answer",
    "squad_em": "ragvsft.scoring.scorers.answer",
    "refused": "ragvsft.scoring.scorers.answer",
    "abstained": "ragvsft.scoring.scorers.answer",
    "unclear": "ragvsft.scoring.scorers.answer",
    "json_valid": "ragvsft.scoring.scorers.format",
    "schema_match": "ragvsft.scoring.scorers.format",
    "field_f1": "ragvsft.scoring.scorers.format",
    "field_f1_folded": "ragvsft.scoring.scorers.format",
    "schema_match_folded": "ragvsft.scoring.scorers.format",
    "json_match": "ragvsft.scoring.scorers.format",
    "json_repaired": "ragvsft.scoring.scorers.format",
    "recall_at": "ragvsft.scoring.scorers.retrieval",
    "mrr": "ragvsft.scoring.scorers.retrieval",
    "ndcg_at": "ragvsft.scoring.scorers.retrieval",
    "prompt_tokens": "ragvsft.scoring.scorers.resources",
    "completion_tokens": "ragvsft.scoring.scorers.resources",
    "cut_off": "ragvsft.scoring.scorers.resources",
    "latency_s": "ragvsft.scoring.scorers.resources",
    "retrieval_s": "ragvsft.scoring.scorers.resources",
    "first_token_s": "ragvsft.scoring.scorers.resources",
}
_WITH_K = {"recall_at", "ndcg_at"}
# what a metric is made of, each part by its name: summarised and shown, but no variants are compared by it
DETAILS: dict[str, str] = {
    "repaired": "ragvsft.scoring.scorers.format",
    "unreadable": "ragvsft.scoring.scorers.format",
    "field": "ragvsft.scoring.scorers.format",
}
_NAME = re.compile(r"(?P<stem>\w+)(?:\((?P<k>[1-9]\d*)\))?")
_DETAIL = re.compile(rf"(?P<stem>{'|'.join(DETAILS)})\(.+\)", re.DOTALL)

_RESOURCES = ("prompt_tokens", "completion_tokens", "cut_off", "latency_s", "retrieval_s", "first_token_s")


@dataclass(frozen=True, slots=True)
class Unscored:
    """A prediction that has no number, with the cause."""

    cause: str


class Scorer(Protocol):
    """A measure that prints as it parses: `token_f1`, `recall_at(5)`."""

    @property
    def name(self) -> str:
        """The name that `parse` takes."""
        ...

    @property
    def unit(self) -> str:
        """The unit: "share" (0..1, shown as %), "s", "tokens", "USD"."""
        ...

    @property
    def better(self) -> Better:
        """The direction that is wished for."""
        ...

    @property
    def purpose(self) -> Purpose:
        """The pass that it reads."""
        ...

    def score(self, sample: Sample, prediction: Prediction) -> float | Unscored | None:
        """Return the number, Unscored with its cause, or None where the scorer does not apply to this sample."""
        ...


def _everywhere(sample: Sample, prediction: Prediction) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Measure:
    """A scorer made of one function of a sample, its prediction and the completion in it.

    A Failure is Unscored with the failure's cause wherever the scorer applies.
    """

    name: str
    measure: Callable[[Sample, Prediction, Completion], float | Unscored | None]
    unit: str = "share"
    better: Better = "higher"
    purpose: Purpose = "quality"
    applies: Callable[[Sample, Prediction], bool] = _everywhere

    def score(self, sample: Sample, prediction: Prediction) -> float | Unscored | None:
        """Return the number, Unscored with its cause, or None where the scorer does not apply to this sample."""
        if not self.applies(sample, prediction):
            return None
        if isinstance(prediction.outcome, Failure):
            return Unscored(prediction.outcome.cause)
        return self.measure(sample, prediction, prediction.outcome)


def parse(name: str, *, schema: Mapping[str, Any] | None = None, refusal: str = REFUSAL) -> Scorer:
    """Return the scorer that prints as `name`.

    `schema` is the task's JSON Schema, which schema_match needs; `refusal` is what the task told the model to say where
    it does not know. Raises ConfigError for a name that is none.
    """
    if detail := _DETAIL.fullmatch(name):
        of_detail: Scorer = import_module(DETAILS[detail["stem"]]).make(name, k=None, schema=schema)
        return of_detail
    found = _NAME.fullmatch(name)
    stem, k = (found["stem"], found["k"]) if found else (name, None)
    if stem not in SCORERS or (k is None) == (stem in _WITH_K):
        known = ", ".join(f"{known}(5)" if known in _WITH_K else known for known in SCORERS)
        raise ConfigError(f"scorer {name!r} is unknown; choose from {known}")
    module = import_module(SCORERS[stem])
    scorer: Scorer = module.make(stem, k=int(k) if k else None, schema=schema, refusal=refusal)
    return scorer


def is_detail(name: str) -> bool:
    """Return whether a scorer is a part of what a metric measures, of `DETAILS`."""
    return _DETAIL.fullmatch(name) is not None


def default_scorers(
    kind: str,
    *,
    k: int,
    schema: Mapping[str, Any] | None = None,
    samples: Sequence[Sample] = (),
    refusal: str = REFUSAL,
) -> list[Scorer]:
    """Return what a task of this kind is scored by, the metric a decision rests on first.

    Retrieval is cut at `k` documents; the scorers that do not apply to a variant leave it out by themselves. The
    fields of a JSON task that have a figure of their own are those of most of the `samples`. `kind` is a name of TASKS.
    """
    row = TASKS[kind]
    names = [*row.scorers, *row.beside, f"recall_at({k})", "mrr", f"ndcg_at({k})", *_RESOURCES]
    if row.details:
        parts: Callable[[Sequence[Sample]], list[str]] = resolve_name(row.details)
        names += parts(samples)
    return [parse(name, schema=schema, refusal=refusal) for name in names]


def check_primary(name: str, kind: str) -> None:
    """Raise ConfigError unless a decision on a task of this kind can rest on the metric `name`.

    Retrieval and resources are scored too, but a variant is not right for being quick or for finding a document.
    """
    known = TASKS[kind].scorers
    if name not in known:
        listed = ", ".join(known)
        raise ConfigError(f"statistics.primary: {name!r} cannot decide a task of kind {kind}; choose from {listed}")
