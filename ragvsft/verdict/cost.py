"""Measured build and serving costs -> USD per request, per correct answer, and over the configured months.

Everything is (measured time) x (price per hour), or (measured tokens) x (price per token). What has no price or was not
measured stays None, and so does every sum that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ragvsft.config.sections import Config
from ragvsft.records import BuildRecord, Builds, CostSheet, IndexRecord, Metric, PriceFacts, TrainingRecord, VariantCost
from ragvsft.scoring.metrics import metric_of
from ragvsft.verdict.prices import PriceBook

SERVING_LATENCY = "latency_s"
SERVING_TOKENS = ("prompt_tokens", "completion_tokens")
_SECONDS_PER_HOUR = 3600
_BYTES_PER_GB = 10**9
_MONTHS_PER_YEAR = 12


def costs(
    config: Config,
    metrics: Sequence[Metric],
    builds: Builds,
    *,
    devices: Mapping[str, str],
    models: Mapping[str, str],
    prices: PriceBook,
) -> CostSheet:
    """Return what each variant of the config costs, in its order, with the prices that were used.

    `devices` says on what each variant's latency pass ran, by the name that a price book knows, and `models` which
    model each variant names. What is not there is unknown, and so is the cost of building a variant that `builds` has
    no leg of; a leg without artifacts builds nothing, which costs nothing.
    """
    till = _Till(config, metrics, prices)
    lines = [till.line(name, devices.get(name), models.get(name), builds.of(name)) for name in config.names]
    used = dict.fromkeys(row for line in lines for row in line.paid_by)
    return CostSheet(str(prices.as_of), tuple(used), tuple(line.cost for line in lines))


def break_even(one: VariantCost, other: VariantCost) -> float | None:
    """Return the requests a month at which two variants cost the same over the months, or None where there are none.

    Fixed costs are everything but serving; serving grows with the requests: fixed + requests x months x request_usd.
    """
    fixed_one, fixed_other = fixed_usd(one), fixed_usd(other)
    if fixed_one is None or fixed_other is None or one.request_usd is None or other.request_usd is None:
        return None
    slope = (one.request_usd - other.request_usd) * one.months
    requests = (fixed_other - fixed_one) / slope if slope else 0.0
    return requests if requests > 0 else None


def fixed_usd(cost: VariantCost) -> float | None:
    """Return what the months cost however many requests there are."""
    return _total(cost.building_usd, cost.rebuilding_usd, cost.storage_usd)


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount of money, and what it was paid by or why it is unknown."""

    usd: float | None
    paid_by: tuple[PriceFacts, ...] = ()
    unknown: str | None = None  # why; None also where there is nothing to say


@dataclass(frozen=True, slots=True)
class _Line:
    cost: VariantCost
    paid_by: tuple[PriceFacts, ...]


@dataclass(frozen=True, slots=True)
class _Till:
    """Prices what one run measured."""

    config: Config
    metrics: Sequence[Metric]
    prices: PriceBook

    def line(self, name: str, device: str | None, model: str | None, records: Sequence[BuildRecord] | None) -> _Line:
        """Return the costs of one variant."""
        settings = self.config.cost
        request, building = self._request(name, device, model), self._building(records)
        storage, correct = self._storage(records), self._correct(name, request.usd)
        rebuildings = settings.retrainings_per_year * settings.months / _MONTHS_PER_YEAR
        rebuilding_usd = _times(building.usd, rebuildings)
        serving_usd = _times(request.usd, settings.requests_per_month * settings.months)
        amounts = (request, building, storage, correct)
        hourly = next((row for row in request.paid_by if row.usd_per_hour is not None), None)
        cost = VariantCost(
            variant=name,
            request_usd=request.usd,
            correct_usd=correct.usd,
            months_usd=_total(building.usd, rebuilding_usd, serving_usd, storage.usd),
            building_usd=building.usd,
            rebuilding_usd=rebuilding_usd,
            serving_usd=serving_usd,
            storage_usd=storage.usd,
            months=settings.months,
            requests_per_month=settings.requests_per_month,
            is_upper_bound=hourly is not None,
            hardware=hourly.row if hourly else None,
            notes=tuple(amount.unknown for amount in amounts if amount.unknown),
        )
        return _Line(cost, tuple(row for amount in amounts for row in amount.paid_by))

    def _request(self, name: str, device: str | None, model: str | None) -> _Amount:
        """Return the price of one request.

        A model with a row in the price book is paid by the token: mean prompt and completion tokens x their prices. Any
        other runs on hardware paid by the hour, busy with this request alone for its mean latency. Batching shares that
        hour among requests, so this is an upper bound.
        """
        if model is not None and model in self.prices.models:
            return self._by_tokens(name, model)
        latency = self._mean(SERVING_LATENCY, name)
        if latency is None:
            return _Amount(None, unknown="no latency pass, so the price of a request is unknown")
        if device is None:
            return _Amount(None, unknown="it is not known what it ran on, so the price of a request is unknown")
        row = self._hardware(device)
        if row is None:
            remedy = "name a row in cost.hardware"
            return _Amount(None, unknown=f"the price book has no hardware for the device {device!r}; {remedy}")
        return _Amount(latency * self._hourly_usd(row) / _SECONDS_PER_HOUR, (row,))

    def _by_tokens(self, name: str, model: str) -> _Amount:
        price = self.prices.models[model]
        prompt, completion = (self._mean(measure, name) for measure in SERVING_TOKENS)
        if prompt is None or completion is None:
            return _Amount(None, unknown="tokens were not measured, so the price of a request is unknown")
        return _Amount((prompt * price.input_usd + completion * price.output_usd) / 1e6, (price.facts(model),))

    def _building(self, records: Sequence[BuildRecord] | None) -> _Amount:
        """Return what building once costs: the index, and one training (the mean over the seeds: one is deployed)."""
        if records is None:
            return _Amount(None, unknown="no record of the build, so its price is unknown")
        found = {record.device: self._hardware(record.device) for record in records}
        unpriced = sorted(device for device, row in found.items() if row is None)
        if unpriced:
            return _Amount(None, unknown=f"the price book has no hardware for the build's device {unpriced[0]!r}")
        rows = {device: row for device, row in found.items() if row is not None}
        indexes, trainings = (
            [self._hourly_usd(rows[r.device]) * (r.seconds / _SECONDS_PER_HOUR) for r in records if isinstance(r, kind)]
            for kind in (IndexRecord, TrainingRecord)
        )
        usd = sum(indexes) + (sum(trainings) / len(trainings) if trainings else 0.0)
        return _Amount(usd, tuple(rows.values()))

    def _correct(self, name: str, request_usd: float | None) -> _Amount:
        """Return the price of a request over the mean of the primary metric.

        For a graded metric such as token_f1 that reads "per answer's worth of score"; for a 0/1 one it is the price of
        a correct answer as it stands.
        """
        primary = metric_of(self.metrics, self.config.primary, name)
        if request_usd is None or primary is None or primary.value is None:
            return _Amount(None)
        if primary.unit != "share" or primary.better != "higher":
            return _Amount(None, unknown=f"{primary.name} is not a share of correct answers, so none has a price")
        if primary.value == 0:
            return _Amount(None, unknown="no answer was correct, so none has a price")
        return _Amount(request_usd / primary.value)

    def _storage(self, records: Sequence[BuildRecord] | None) -> _Amount:
        """Return the price of keeping the index; an adapter's few megabytes are not counted."""
        if records is None:
            return _Amount(None)
        stored = sum(record.bytes for record in records if isinstance(record, IndexRecord))
        if stored == 0:
            return _Amount(0.0)
        price = self.prices.storage
        if price is None:
            return _Amount(None, unknown="the price book has no price for storage")
        months = self.config.cost.months
        return _Amount(price.usd_per_gb_month * (stored / _BYTES_PER_GB * months), (price.facts(),))

    def _hardware(self, device: str) -> PriceFacts | None:
        name = self.prices.hardware_row(self.config.cost.hardware, device)
        return None if name is None else self.prices.hardware[name].facts(name)

    def _hourly_usd(self, row: PriceFacts) -> float:
        return self.prices.hardware[row.row].usd_per_hour

    def _mean(self, name: str, variant: str) -> float | None:
        metric = metric_of(self.metrics, name, variant)
        return metric.value if metric else None


def _times(usd: float | None, factor: float) -> float | None:
    return None if usd is None else usd * factor


def _total(*parts: float | None) -> float | None:
    known = [usd for usd in parts if usd is not None]
    return sum(known) if len(known) == len(parts) else None
