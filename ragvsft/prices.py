"""The dated price book: what an hour of hardware, a gigabyte of storage and a million tokens cost. Unknown is None."""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ragvsft.errors import PriceError
from ragvsft.masking import HIDDEN, is_secret_key, masked, without_secrets

_PACKAGED = "prices.yaml"

# a price of 0 is a claim that nothing is paid, which nobody's book should make by accident
Price = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    as_of: date
    source: Annotated[str, Field(min_length=1), AfterValidator(masked)]  # both stand in the report
    note: Annotated[str, AfterValidator(masked)] | None = None


class HardwarePrice(_Row):
    """An hour of one machine or one GPU."""

    usd_per_hour: Price
    devices: list[str] = []


class StoragePrice(_Row):
    """A gigabyte (10^9 bytes) kept for a month."""

    usd_per_gb_month: Price


class ModelPrice(_Row):
    """A million tokens of a model that is paid by the token."""

    input_usd: Price
    output_usd: Price


class PriceBook(BaseModel):
    """Prices in USD, each with its day and its source."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    as_of: date
    currency: Literal["USD"]
    hardware: dict[str, HardwarePrice] = {}
    storage: StoragePrice | None = None
    models: dict[str, ModelPrice] = {}

    def hardware_row(self, hardware: str, device: str) -> str | None:
        """Return the name of the row that prices a device, or None where no row does.

        `hardware` names the row; "auto" takes the one of whose `devices` the longest stands in the device's name.
        Raises PriceError if the row that `hardware` names does not exist.
        """
        if hardware != "auto":
            if hardware not in self.hardware:
                known = ", ".join(self.hardware) or "none"
                raise PriceError(f"cost.hardware: {hardware!r} is not in the price book; it has {known}")
            return hardware
        fits = [
            (len(part), name)
            for name, row in self.hardware.items()
            for part in row.devices
            if part.casefold() in device.casefold()
        ]
        return max(fits)[1] if fits else None

    def hardware_usd_per_hour(self, hardware: str, device: str) -> float | None:
        """Return what an hour on a device costs, or None where that is unknown; see `hardware_row`."""
        row = self.hardware_row(hardware, device)
        return None if row is None else self.hardware[row].usd_per_hour


def load_prices(path: Path | None = None) -> PriceBook:
    """Return the price book of `path`, or the packaged one.

    Raises PriceError with one line per problem.
    """
    place = str(path) if path else _PACKAGED
    try:
        raw = yaml.safe_load(_read(path))
    except yaml.MarkedYAMLError as error:  # without its quotation of the line, which may hold a secret
        line = f" line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise PriceError(f"{place}{line}: not YAML; compare it with a copy of the packaged one") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise PriceError(f"{place}: not YAML; compare it with a copy of the packaged one") from None
    if not isinstance(raw, dict):
        raise PriceError(
            f"{place}: holds {type(raw).__name__}, not keys and values; start from a copy of the packaged one"
        )
    try:
        return PriceBook.model_validate(raw)
    except ValidationError as error:
        raise PriceError([f"{place}: {_problem(line)}" for line in error.errors()]) from None


def _read(path: Path | None) -> str:
    if path is None:
        return resources.files("ragvsft").joinpath(_PACKAGED).read_text(encoding="utf-8")
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PriceError(f"{path}: no such file; name an existing price book in cost.prices") from None
    except (OSError, UnicodeDecodeError) as error:
        raise PriceError(f"{path}: cannot be read as UTF-8 text: {error}") from None


def _problem(line: Any) -> str:
    place = ".".join(str(part) for part in line["loc"])
    if line["type"] == "missing":
        return f"{place}: missing; it is required"
    if line["type"] == "extra_forbidden":
        return f"{place}: unknown key"
    message = line["msg"]
    keys = [str(part) for part in line["loc"]]
    shown = HIDDEN if any(map(is_secret_key, keys)) else repr(without_secrets(line["input"]))
    return f"{place}: {shown}: {message[0].lower()}{message[1:]}"
