"""Everything that a run left, as records: what scoring, the verdict and the report are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ragvsft.config.sections import Config
from ragvsft.evidence.manifest import Manifest
from ragvsft.records import (
    Builds,
    Decision,
    Difference,
    EngineIdentity,
    Metric,
    Prediction,
    Sample,
    Score,
    TrivialAnswer,
    VariantCost,
)


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long one stage took, over all resumptions."""

    title: str
    seconds: float
    model_s: float  # of it: model, encoder and index work; the rest is the harness


@dataclass(frozen=True, slots=True)
class HardwarePriceFacts:
    """What an hour on the hardware of a run was taken to cost, as its price book says."""

    as_of: str
    source: str
    usd_per_hour: float
    note: str | None = None
    devices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """The prices behind the costs of a run."""

    as_of: str  # of the price book
    hardware: str | None  # its row; None: it has no price for this device
    row: HardwarePriceFacts | None = None


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
    costs: tuple[VariantCost, ...] = ()
    prices: PriceFacts | None = None
    decision: Decision | None = None
    stages: tuple[StageTime, ...] = ()  # in the order they were first done

    @property
    def primary(self) -> str:
        """The metric that the decision rests on."""
        return self.config.primary
