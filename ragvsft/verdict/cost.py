"""Measured build and serving costs -> USD per request, per correct answer, and over the configured months.

Everything is (measured time) x (price per hour), or (measured tokens) x (price per token). What has no price or was not
measured stays None, and so does every sum that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ragvsft.config.sections import Config
from ragvsft.records import IndexRecord, Metric, TrainingRecord, VariantCost
from ragvsft.scoring.metrics import metric_of
from ragvsft.verdict.prices import PriceBook

Builds = Mapping[str, Sequence[IndexRecord | TrainingRecord]]

SERVING_LATENCY = "latency_s"
_SECONDS_PER_HOUR = 3600
_BYTES_PER_GB = 10**9
_MONTHS_PER_YEAR = 12


def costs(
    config: Config, metrics: Sequence[Metric], builds: Builds, *, device: str, prices: PriceBook
) -> list[VariantCost]:
    """Return what each variant of the config costs, in its order.

    `builds` holds what each variant built: its index, and one training per seed. An empty sequence says that it builds
    nothing, which costs nothing; a variant that is missing has an unknown build cost. `device` is where the latency
    pass ran.
    """
    return [_variant_cost(name, config, metrics, builds, device, prices) for name in config.variants]


def _variant_cost(
    name: str, config: Config, metrics: Sequence[Metric], builds: Builds, device: str, prices: PriceBook
) -> VariantCost:
    settings = config.cost
    request_usd, request_note = _request_usd(name, config, metrics, device, prices)
    build_usd, build_note = _build_usd(builds.get(name), config, prices)
    correct_usd, correct_note = _correct_usd(request_usd, metric_of(metrics, config.primary, name))
    rebuilds = settings.retrainings_per_year * settings.months / _MONTHS_PER_YEAR
    parts = (
        ("building", build_usd),
        ("rebuilding", _times(build_usd, rebuilds)),
        ("serving", _times(request_usd, settings.requests_per_month * settings.months)),
        ("storage", _storage_usd(builds.get(name), settings.months, prices)),
    )
    return VariantCost(
        variant=name,
        build_usd=build_usd,
        request_usd=request_usd,
        correct_usd=correct_usd,
        months_usd=_total([usd for _, usd in parts]),
        months=settings.months,
        requests_per_month=settings.requests_per_month,
        parts=parts,
        note="; ".join(note for note in (request_note, build_note, correct_note) if note) or None,
    )


def _request_usd(
    name: str, config: Config, metrics: Sequence[Metric], device: str, prices: PriceBook
) -> tuple[float | None, str]:
    """Return the price of one request, and what it assumes or why it is unknown.

    A model with a row in the price book is paid by the token: mean prompt and completion tokens x their prices. Any
    other runs on hardware paid by the hour, busy with this request alone for its mean latency. Batching shares that
    hour among requests, so this is an upper bound.
    """
    if config.model in prices.models:
        row = prices.models[config.model]
        prompt = _mean(metrics, "prompt_tokens", name)
        completion = _mean(metrics, "completion_tokens", name)
        if prompt is None or completion is None:
            return None, "tokens were not measured, so the price of a request is unknown"
        return (prompt * row.input_usd + completion * row.output_usd) / 1e6, f"{config.model} as of {row.as_of}"
    latency = _mean(metrics, SERVING_LATENCY, name)
    if latency is None:
        return None, "no latency pass, so the price of a request is unknown"
    hardware = prices.hardware_row(config.cost.hardware, device)
    if hardware is None:
        return None, f"the price book has no hardware for the device {device!r}; name a row in cost.hardware"
    price = prices.hardware[hardware]
    usd = latency * price.usd_per_hour / _SECONDS_PER_HOUR
    basis = f"{hardware} at {price.usd_per_hour:g} USD an hour as of {price.as_of}"
    return usd, f"{basis}; one request at a time, an upper bound: batching lowers it"


def _build_usd(
    records: Sequence[IndexRecord | TrainingRecord] | None, config: Config, prices: PriceBook
) -> tuple[float | None, str]:
    """Return what building once costs: the index, and one training (the mean over the seeds, as one is deployed)."""
    if records is None:
        return None, "no record of the build, so its price is unknown"
    paid = [
        (record, _times(hourly, record.seconds / _SECONDS_PER_HOUR))
        for record in records
        for hourly in [prices.hardware_usd_per_hour(config.cost.hardware, record.device)]
    ]
    unpriced = sorted({record.device for record, usd in paid if usd is None})
    if unpriced:
        return None, f"the price book has no hardware for the build's device {unpriced[0]!r}"
    indexes = [usd for record, usd in paid if isinstance(record, IndexRecord) and usd is not None]
    trainings = [usd for record, usd in paid if isinstance(record, TrainingRecord) and usd is not None]
    return sum(indexes) + (sum(trainings) / len(trainings) if trainings else 0.0), ""


def _correct_usd(request_usd: float | None, primary: Metric | None) -> tuple[float | None, str]:
    """Return the price of a request over the mean of the primary metric.

    For a graded metric such as token_f1 that reads "per answer's worth of score"; for a 0/1 one it is the price of a
    correct answer as it stands.
    """
    if request_usd is None or primary is None or primary.value is None:
        return None, ""
    if primary.unit != "share" or primary.better != "higher":
        return None, f"{primary.name} is not a share of correct answers, so none has a price"
    if primary.value == 0:
        return None, "no answer was correct, so none has a price"
    return request_usd / primary.value, ""


def _storage_usd(
    records: Sequence[IndexRecord | TrainingRecord] | None, months: int, prices: PriceBook
) -> float | None:
    """Return the price of keeping the index; an adapter's few megabytes are not counted."""
    if records is None:
        return None
    stored = sum(record.bytes for record in records if isinstance(record, IndexRecord))
    if stored == 0:
        return 0.0
    return _times(prices.storage.usd_per_gb_month if prices.storage else None, stored / _BYTES_PER_GB * months)


def break_even(one: VariantCost, other: VariantCost) -> float | None:
    """Return the requests a month at which two variants cost the same over the months, or None where there are none.

    Fixed costs are everything but serving; serving grows with the requests: fixed + requests x months x request_usd.
    """
    fixed_one, fixed_other = _fixed_usd(one), _fixed_usd(other)
    if fixed_one is None or fixed_other is None or one.request_usd is None or other.request_usd is None:
        return None
    slope = (one.request_usd - other.request_usd) * one.months
    requests = (fixed_other - fixed_one) / slope if slope else 0.0
    return requests if requests > 0 else None


def _fixed_usd(cost: VariantCost) -> float | None:
    return _total([usd for part, usd in cost.parts if part != "serving"])


def _mean(metrics: Sequence[Metric], name: str, variant: str) -> float | None:
    metric = metric_of(metrics, name, variant)
    return metric.value if metric else None


def _times(usd: float | None, factor: float) -> float | None:
    return None if usd is None else usd * factor


def _total(parts: Sequence[float | None]) -> float | None:
    known = [usd for usd in parts if usd is not None]
    return sum(known) if len(known) == len(parts) else None
