"""One measure: all there is to know of it in one row, which stands beside the code that computes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from ragvsft.findings import Aggregate
from ragvsft.prompts import REFUSAL
from ragvsft.records import Better, Completion, Failure, Prediction, Purpose, Sample
from ragvsft.scoring.scorers import Scorer, Unscored

Outcome = float | Unscored | None  # None: it does not apply to this sample
Make = Callable[["Measure", "ScorerSettings"], Scorer]


@dataclass(frozen=True, slots=True)
class ScorerSettings:
    """What a task tells its scorers."""

    schema: Mapping[str, Any] | None = None  # its JSON Schema
    refusal: str = REFUSAL  # what it told the model to say where it does not know


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measure is called, what it says, how its numbers are read, and how its scorer is made.

    Where something stands in parentheses after the name, as in `recall_at(5)`, it takes the place of {} in `title` and
    `meaning`.
    """

    name: str
    title: str
    meaning: str  # in a few words
    make: Make  # (this measure, the task's settings) -> its scorer
    unit: str = "share"  # 0..1, shown as %; or "s", "tokens", "USD"
    better: Better = "higher"
    purpose: Purpose = "quality"  # the pass that it reads
    item: Literal["sample", "request"] = "sample"  # what has one value: a sample over all seeds, or each request
    aggregates: tuple[Aggregate, ...] = ("mean",)
    takes: Literal["k", "path"] | None = None  # what stands in parentheses: a whole number from 1, or a place in JSON
    detail_of: str | None = None  # the measure that it is a part of: shown, but no variants are compared by it
    argument: str = ""  # what stands there, in the measure that `at` returns

    def at(self, argument: str) -> Measure:
        """Return the measure with this in its parentheses."""
        title, meaning = (text.replace("{}", argument) for text in (self.title, self.meaning))
        return replace(self, name=f"{self.name}({argument})", title=title, meaning=meaning, argument=argument)


@dataclass(frozen=True, slots=True)
class FunctionScorer:
    """A scorer that is one function of a sample and its prediction."""

    measure: Measure
    read: Callable[[Sample, Prediction], Outcome]

    @property
    def name(self) -> str:
        """The measure's name."""
        return self.measure.name

    @property
    def unit(self) -> str:
        """The measure's unit."""
        return self.measure.unit

    @property
    def better(self) -> Better:
        """The measure's direction."""
        return self.measure.better

    def score(self, sample: Sample, prediction: Prediction) -> Outcome:
        """Return the number, Unscored with its cause, or None where the scorer does not apply to this sample."""
        return self.read(sample, prediction)


def everywhere(sample: Sample) -> bool:
    """Return that a scorer applies to a sample, whichever it is."""
    return True


def completion_scorer(
    measure: Measure,
    read: Callable[[Sample, Prediction, Completion], Outcome],
    applies: Callable[[Sample], bool] = everywhere,
) -> Scorer:
    """Return the scorer that reads what the model wrote to the samples to which it applies.

    A Failure is Unscored with the failure's cause.
    """

    def outcome(sample: Sample, prediction: Prediction) -> Outcome:
        if not applies(sample):
            return None
        if isinstance(prediction.outcome, Failure):
            return Unscored(prediction.outcome.cause)
        return read(sample, prediction, prediction.outcome)

    return FunctionScorer(measure, outcome)
