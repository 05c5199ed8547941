"""Everything that a run left, as records: what scoring, the verdict and the report are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ragvsft.building import Builds, EngineIdentity
from ragvsft.config.root import Config
from ragvsft.evidence.manifest import Manifest
from ragvsft.findings import CostSheet, Decision, Difference, Metric, PriceFacts, VariantCost
from ragvsft.records import Prediction, Sample, Score, TrivialAnswer


@dataclass(frozen=True, slots=True)
class EngineUse:
    """Which engine a variant was answered by."""

    variant: str
    identity: EngineIdentity


@dataclass(frozen=True, slots=True)
class StageRow:
    """One time that a stage was done, as stages.jsonl holds it."""

    stage: str  # its title
    seconds: float
    model_s: float  # of it: model, encoder and index work; the rest is the harness
    engines: tuple[EngineUse, ...] = ()  # of the stage that loads them
    failed: bool = False  # it ended in an error, or was stopped


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long one stage took, over all resumptions."""

    title: str
    seconds: float
    model_s: float  # of it: model, encoder and index work; the rest is the harness


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that a run left. What it did not come to is empty, and the report says that it is missing."""

    manifest: Manifest
    config: Config
    samples: tuple[Sample, ...]
    predictions: tuple[Prediction, ...] = ()  # of both passes; of a request that was asked again, the later one
    trivial: tuple[TrivialAnswer, ...] = ()
    builds: Builds | None = None
    engines: Mapping[str, EngineIdentity] | None = None  # by variant, as of the last time that requests were answered
    scores: tuple[Score, ...] = ()
    metrics: tuple[Metric, ...] = ()
    differences: tuple[Difference, ...] = ()
    sheet: CostSheet | None = None  # what every variant costs, and the prices that this rests on
    decision: Decision | None = None
    stages: tuple[StageTime, ...] = ()  # in the order they were first done

    def missing(self, *, also_failed: bool = False) -> int:
        """Return how many predictions are still to be made; with `also_failed`, or are worth another try."""
        legs = sum(len(variant.seeds) for variant in self.config.variants)
        wanted = legs * len(self.samples) + len(self.config.variants) * self.config.latency.requests
        made = [p for p in self.predictions if not (also_failed and p.is_worth_another_try)]
        return wanted - len(made)

    @property
    def costs(self) -> tuple[VariantCost, ...]:
        """What each variant costs, in the config's order."""
        return self.sheet.variants if self.sheet else ()

    @property
    def prices_as_of(self) -> str | None:
        """The day of the price book."""
        return self.sheet.prices_as_of if self.sheet else None

    @property
    def prices(self) -> tuple[PriceFacts, ...]:
        """The rows of the price book that something was paid by."""
        return self.sheet.prices if self.sheet else ()

    @property
    def primary(self) -> str:
        """The metric that the decision rests on."""
        return self.config.primary
