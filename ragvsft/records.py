"""The frozen records that travel through a run, from Document to Metric.

Every stage takes records and returns records. Nothing here imports another module of the package.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

Stratum = Literal["seen-wording", "rephrased", "multi-hop", "held-out-doc", "unanswerable", "behaviour"]
Better = Literal["higher", "lower"]
Purpose = Literal["quality", "latency"]
Aggregate = Literal["mean", "p50", "p95"]
Role = Literal["candidate", "control"]  # a control only explains why, and is never recommended

LOW_REACH = 0.5  # an adapter that can change a smaller share of a model's weights is remarked on


@dataclass(frozen=True, slots=True)
class Document:
    """One text of a corpus."""

    doc_id: str  # POSIX path below the corpus folder, with its suffix
    text: str
    sha256: str  # of the file's bytes
    pages: tuple[int, ...] = ()  # where in `text` each page begins, from 0; empty: the format has no pages


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document that fits in a prompt."""

    passage_id: str  # "<doc_id>#<number from 0>"
    doc_id: str
    text: str
    page: int | None = None  # from 1, where it begins; None: the format has no pages


@dataclass(frozen=True, slots=True)
class Sample:
    """One evaluation question with its targets and the documents that answer it."""

    sample_id: str
    question: str
    targets: tuple[str, ...]  # empty only where the stratum is "unanswerable": the right answer is a refusal
    doc_ids: tuple[str, ...]
    stratum: Stratum

    @property
    def cluster(self) -> str:
        """The unit that is resampled: the first document, or the sample itself where no document ties samples together.

        Behaviour samples name the guide that states the rules, which ties none of the messages to another.
        """
        return self.doc_ids[0] if self.doc_ids and self.stratum != "behaviour" else self.sample_id


@dataclass(frozen=True, slots=True)
class Example:
    """One training pair made from the corpus."""

    example_id: str
    question: str
    answer: str
    doc_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage."""

    passage_id: str
    doc_id: str
    text: str
    score: float  # inner product of unit vectors, -1..1
    page: int | None = None  # from 1, where the passage begins; None: the format has no pages


@dataclass(frozen=True, slots=True)
class Request:
    """What goes into an engine: one prompt, and the adapter that answers it."""

    sample_id: str
    prompt: str
    adapter: Path | None = None
    hits: tuple[Hit, ...] | None = None  # best first, those in the prompt; None: the variant does not retrieve
    dropped_hits: int = 0  # retrieved, but left out because the prompt would not fit the model
    shots: tuple[str, ...] | None = None  # example_ids in the prompt, nearest first; None: the variant shows none
    dropped_shots: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    """What an engine made of one request."""

    tag: ClassVar[str] = "completion"

    text: str
    prompt_tokens: int | None  # None, as below: the engine does not say
    completion_tokens: int | None
    finish: Literal["stop", "length"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an engine made nothing of one request. Never turned into a number or an empty answer."""

    tag: ClassVar[str] = "failure"

    cause: str  # short and stable, countable: "too-long", "out-of-memory", "non-finite-logits", "engine-error"
    detail: str

    @property
    def is_lasting(self) -> bool:
        """Return whether the same request would fail again, on whatever machine."""
        return self.cause in ("too-long", "non-finite-logits")


@dataclass(frozen=True, slots=True)
class Times:
    """The stopwatch of one prediction of the latency pass, in seconds."""

    retrieval_s: float  # everything before the engine: encoding the question, search, building the prompt
    first_token_s: float | None  # from the start of the request; None where the engine cannot tell
    total_s: float  # from the start of the request to the whole text


@dataclass(frozen=True, slots=True)
class Prediction:
    """One variant's outcome on one sample."""

    sample_id: str
    variant: str
    seed: int | None  # of the training; None: the variant trains nothing
    purpose: Purpose
    round: int  # latency pass: how often this sample was asked before; 0 in the quality pass
    outcome: Completion | Failure
    hits: tuple[Hit, ...] | None = None  # None: the variant does not retrieve; () it found nothing
    dropped_hits: int = 0
    shots: tuple[str, ...] | None = None  # example_ids in the prompt; None: the variant shows none
    dropped_shots: int = 0
    times: Times | None = None  # None in the quality pass: batches have no time of their own
    group: int = 0  # latency pass: which legs took turns; memory need not hold the adapters of all of them at once

    @property
    def key(self) -> tuple[str, int | None, str, int]:
        """Return what there is one prediction of in each pass: (variant, seed, sample_id, round)."""
        return (self.variant, self.seed, self.sample_id, self.round)


@dataclass(frozen=True, slots=True)
class TrivialAnswer:
    """What one trivial rival says to one sample; no model is asked."""

    rival: str  # a name of names.TRIVIAL
    sample_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """One scorer's number for one prediction, or why there is none."""

    sample_id: str
    variant: str
    seed: int | None  # None: nothing was trained
    round: int
    scorer: str
    value: float | None  # None: unscored, and `cause` says why
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """Many scores as one number."""

    name: str  # of the scorer
    variant: str
    stratum: str | None  # None: all samples
    value: float | None  # None: withheld or nothing scored, and `notes` say why
    low: float | None
    high: float | None
    n: int  # scored samples
    n_unscored: int
    unit: str
    better: Better
    by_seed: tuple[float, ...] = ()  # one value per training seed, where there are several
    aggregate: Aggregate = "mean"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What one variant has over another on the same samples: `variant` minus `other`."""

    metric: str
    variant: str
    other: str
    stratum: str | None
    value: float | None  # None: refused, and `notes` say why
    low: float | None
    high: float | None
    p_value: float | None
    p_adjusted: float | None  # Holm over the declared family; None outside it
    test: str  # "McNemar mid-p", "paired cluster permutation"
    n: int
    n_clusters: int
    n_unscored: int  # samples left out because either side is unscored
    smallest_visible: float | None  # what this evalset sees with 80 % power
    verdict: Literal["better", "worse", "no clear difference", "refused"]
    unit: str
    better: Better
    notes: tuple[str, ...] = ()  # why there is no number, or what to know of its interval


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
    dim: int
    encoder: str
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


@dataclass(frozen=True, slots=True)
class VariantCost:
    """What a variant costs to build and to serve, in USD; None is unknown, never free."""

    variant: str
    request_usd: float | None  # one request, at the measured latency on the measured hardware, or by its tokens
    correct_usd: float | None  # one request that scores right on the primary metric
    months_usd: float | None  # over the configured months: the sum of the next four
    building_usd: float | None  # once: index, training
    rebuilding_usd: float | None  # as often over the months as the corpus changes
    serving_usd: float | None  # all requests of the months
    storage_usd: float | None  # of the index, over the months
    months: int
    requests_per_month: int
    is_upper_bound: bool = False  # of request and serving: one request at a time, and batching lowers it
    hardware: str | None = None  # the price book's row that serving is paid by; None: by tokens, or unknown
    notes: tuple[str, ...] = ()  # why something is unknown


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """One row of the price book that something in a run was paid by, in USD; None is what the row does not price."""

    row: str  # its name in the book
    as_of: str
    source: str
    usd_per_hour: float | None = None
    usd_per_gb_month: float | None = None
    input_usd: float | None = None  # per million tokens
    output_usd: float | None = None  # per million tokens
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CostSheet:
    """What every variant of a run costs, and the prices that this rests on."""

    prices_as_of: str  # the price book's day
    prices: tuple[PriceFacts, ...]  # the rows that were used
    variants: tuple[VariantCost, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the evidence says to do."""

    verdict: Literal["recommended", "no clear difference", "none usable", "refused"]
    variant: str | None  # None unless recommended
    headline: str
    reasons: tuple[str, ...]
    would_change: tuple[str, ...]  # what would turn the verdict
    stamps: tuple[str, ...]  # why this run is not for decisions: "one training seed", "--limit 20"
