"""The frozen records of what follows from the scores: metrics, differences, costs, the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ragvsft.records import Better

Aggregate = Literal["mean", "p50", "p95"]


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
    is_upper_bound: bool = False  # of request and serving: paid by the hour, and batching lowers it
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
