"""Scorers turn one (sample, prediction) into one number, or say why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ragvsft.records import Better, Prediction, Sample

if TYPE_CHECKING:
    from ragvsft.scoring.scorers.measure import Measure


@dataclass(frozen=True, slots=True)
class Unscored:
    """A prediction that has no number, with the cause."""

    cause: str


class Scorer(Protocol):
    """A measure under the settings of one task; it prints as it parses: `token_f1`, `recall_at(5)`."""

    @property
    def measure(self) -> Measure:
        """What is measured, and how its numbers are read."""
        ...

    @property
    def name(self) -> str:
        """The measure's name."""
        ...

    @property
    def unit(self) -> str:
        """The measure's unit."""
        ...

    @property
    def better(self) -> Better:
        """The measure's direction."""
        ...

    def score(self, sample: Sample, prediction: Prediction) -> float | Unscored | None:
        """Return the number, Unscored with its cause, or None where the scorer does not apply to this sample."""
        ...


class ScorerModule(Protocol):
    """What a module named in SCORERS holds."""

    @property
    def MEASURES(self) -> Sequence[Measure]:  # noqa: N802  (a constant of the module)
        """One row per measure, in the order in which they are offered."""
        ...
