"""The frozen records of what was built for a run, and of what answered it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

LOW_REACH = 0.5  # an adapter that can change a smaller share of a model's weights is remarked on


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One epoch of a training."""

    epoch: int  # from 1
    step: int  # optimiser steps so far
    train_loss: float  # mean cross-entropy per answer token, nats
    dev_loss: float | None  # None: no dev split


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """How an adapter came to be."""

    tag: ClassVar[str] = "training"

    seed: int
    examples: int
    dev_examples: int
    curve: tuple[CurvePoint, ...]
    best_epoch: int  # whose weights were kept
    stopped: Literal["early", "all epochs"]
    trainable_parameters: int
    total_parameters: int
    tokens: int  # prompt and answer tokens read in training, padding excluded
    seconds: float  # of training, over all resumptions
    device: str
    dtype: str
    peak_memory_bytes: int
    reached_share: float | None = None  # of the text tower's weights but embeddings, that the adapter can change
    dropout: float | None = None  # in use: 0 where the weights of experts are tuned, whatever the config says


@dataclass(frozen=True, slots=True)
class IndexRecord:
    """How an index came to be."""

    tag: ClassVar[str] = "index"

    documents: int
    passages: int
    dim: int | None  # None: it holds no vectors
    encoder: str | None
    kind: str  # "flat inner product"
    bytes: int  # on disk
    tokens: int  # encoded
    seconds: float
    device: str
    peak_memory_bytes: int
    notes: tuple[str, ...] = ()  # what the encoder reads badly


BuildRecord = IndexRecord | TrainingRecord


@dataclass(frozen=True, slots=True)
class LegBuild:
    """Which artifacts one leg uses."""

    variant: str
    seed: int | None  # None: the variant trains nothing
    artifacts: tuple[str, ...]  # keys of the records


@dataclass(frozen=True, slots=True)
class Builds:
    """What was built for a run, each artifact once, and which leg uses which."""

    records: Mapping[str, BuildRecord]  # by the artifact's key
    legs: tuple[LegBuild, ...]

    def of(self, variant: str) -> tuple[BuildRecord, ...] | None:
        """Return what a variant uses, each artifact once, over all its seeds; None where no leg of it was built."""
        legs = [leg for leg in self.legs if leg.variant == variant]
        keys = dict.fromkeys(key for leg in legs for key in leg.artifacts)
        return tuple(self.records[key] for key in keys) if legs else None

    def trainings(self, variant: str) -> tuple[TrainingRecord, ...]:
        """Return how a variant's adapters came to be, one per seed."""
        return tuple(record for record in self.of(variant) or () if isinstance(record, TrainingRecord))


@dataclass(frozen=True, slots=True)
class EngineIdentity:
    """What answered: it stands beside every number. None is what the engine does not say."""

    engine: str  # a name of names.ENGINES
    model: str
    model_sha256: str | None = None
    architecture: str | None = None  # "causal", "seq2seq"
    device: str | None = None  # "cpu", "cuda:0"
    device_name: str | None = None  # as a price book knows it: "NVIDIA H100 80GB HBM3"
    dtype: str | None = None
    threads: int | None = None
    adapters: str | None = None  # "merged", "unmerged"
    concurrency: int = 1  # requests at a time in the latency pass
    max_new_tokens: int | None = None
    token_budget: int | None = None
