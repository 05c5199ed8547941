"""A leg: one variant with one training seed and its engine; what both passes run."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from ragvsft.engines import Engine
from ragvsft.records import Completion, Failure, Prediction, Sample
from ragvsft.variants import Variant

Key = tuple[str, int | None, str, int]  # (variant, seed, sample_id, round), as `Prediction.key` has it
Answered = Set[Key]
Record = Callable[[Sequence[Prediction]], None]  # appends to the journal
Outcome = Completion | Failure


@dataclass(frozen=True, slots=True)
class Leg:
    """One variant with one training seed and its engine."""

    variant: Variant
    seed: int | None  # None: the variant trains nothing
    engine: Engine

    @property
    def title(self) -> str:
        """Return what a progress bar calls it."""
        return self.variant.name if self.seed is None else f"{self.variant.name} (seed {self.seed})"

    def key(self, sample: Sample, round_: int = 0) -> Key:
        """Return the key of its prediction on a sample."""
        return (self.variant.name, self.seed, sample.sample_id, round_)


@dataclass(frozen=True, slots=True)
class Shares:
    """Where the seconds of a pass went; the rest is the harness's own."""

    engine_s: float
    retrieval_s: float

    def __add__(self, other: Shares) -> Shares:
        """Return both together."""
        return Shares(self.engine_s + other.engine_s, self.retrieval_s + other.retrieval_s)


NOTHING_DONE = Shares(0.0, 0.0)
