"""Scorers turn one (sample, prediction) into one number, or say why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ragvsft.records import Better, Prediction, Purpose, Sample


@dataclass(frozen=True, slots=True)
class Unscored:
    """A prediction that has no number, with the cause."""

    cause: str


class Scorer(Protocol):
    """A measure that prints as it parses: `token_f1`, `recall_at(5)`."""

    name: str
    unit: str  # "share" (0..1, shown as %), "s", "tokens", "USD"
    better: Better
    purpose: Purpose  # which pass it reads

    def score(self, sample: Sample, prediction: Prediction) -> float | Unscored | None:
        """Return the number, Unscored with its cause, or None where the scorer does not apply to this sample."""
        ...
