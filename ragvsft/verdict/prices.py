"""The dated price book: what an hour of hardware, a gigabyte of storage and a million tokens cost. Unknown is None.

A row prices a device by its whole name: "L4" is the "NVIDIA L4" and not the "NVIDIA L40S". What a name may have beyond
the row's is its maker, its memory and its socket: "H100" is also the "NVIDIA H100 80GB HBM3". Anything else makes
another device: "RTX 4000" is not the "NVIDIA RTX 4000 Ada Generation", and a slice of a GPU ("A100-SXM4-40GB MIG
1g.5gb") never costs what the whole one does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ragvsft.config.strict import StrictLoader, read_problem, unreadable
from ragvsft.errors import PriceError
from ragvsft.findings import PriceFacts
from ragvsft.masking import HIDDEN, is_secret_key, masked, without_secrets

_PACKAGED = "prices.yaml"
_SHOWN = 80  # characters of a wrong value
_MAKER = re.compile(r"nvidia|amd|intel|tesla|geforce|quadro|instinct|radeon|gpu|graphics|generation")
# the same chip with more or less around it; a row that names it is longer, and so goes first
_BESIDE = re.compile(r"rtx|gtx|\d+gi?b|pcie?|sxm\d?|nvl|oam|hbm\d?e?|gddr\d?x?")

_REMEDIES = {
    "date_type": "write a day such as 2026-11-09, without quotes and without a time",
    "float_type": "write USD as a plain number, such as 0.8",
    "finite_number": "write USD as a plain number, such as 0.8, or leave the row out where the price is unknown",
    "greater_than": "write what is paid, or leave the row out where the price is unknown",
    "string_type": "put it in quotes",
}

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

    def facts(self, name: str) -> PriceFacts:
        """Return the row as a run records it."""
        return PriceFacts(name, str(self.as_of), self.source, usd_per_hour=self.usd_per_hour, note=self.note)


class StoragePrice(_Row):
    """A gigabyte (10^9 bytes) kept for a month."""

    usd_per_gb_month: Price

    def facts(self) -> PriceFacts:
        """Return the row as a run records it."""
        return PriceFacts(
            "storage", str(self.as_of), self.source, usd_per_gb_month=self.usd_per_gb_month, note=self.note
        )


class ModelPrice(_Row):
    """A million tokens of a model that is paid by the token."""

    input_usd: Price
    output_usd: Price

    def facts(self, name: str) -> PriceFacts:
        """Return the row as a run records it."""
        paid = {"input_usd": self.input_usd, "output_usd": self.output_usd}
        return PriceFacts(name, str(self.as_of), self.source, **paid, note=self.note)


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

        `hardware` names the row; "auto" takes the one that has the longest of the `devices` which are that device.
        Raises PriceError if the row that `hardware` names does not exist.
        """
        if hardware != "auto":
            if hardware not in self.hardware:
                known = ", ".join(self.hardware) or "none"
                raise PriceError(f"cost.hardware: {hardware!r} is not in the price book; it has {known}")
            return hardware
        fits = [
            (len("".join(_words(known))), name)
            for name, row in self.hardware.items()
            for known in row.devices
            if _is_device(known, device)
        ]
        return max(fits)[1] if fits else None

    def hardware_usd_per_hour(self, hardware: str, device: str) -> float | None:
        """Return what an hour on a device costs, or None where that is unknown; see `hardware_row`."""
        row = self.hardware_row(hardware, device)
        return None if row is None else self.hardware[row].usd_per_hour


def _is_device(known: str, device: str) -> bool:
    """Return whether a price book's name for a device is the name of `device`, however both are spaced."""
    wanted = "".join(_words(known))
    return bool(wanted) and _spells(wanted, _words(device))


def _words(device: str) -> list[str]:
    return [word for word in re.findall(r"[a-z0-9]+", device.casefold()) if not _MAKER.fullmatch(word)]


def _spells(wanted: str, words: Sequence[str]) -> bool:
    """Return whether the words, of those beside the name any left out, are `wanted` when written together."""
    if not words:
        return not wanted
    first, rest = words[0], words[1:]
    if wanted.startswith(first) and _spells(wanted.removeprefix(first), rest):
        return True
    return _BESIDE.fullmatch(first) is not None and _spells(wanted, rest)


def check_prices(path: Path | None, hardware: str) -> None:
    """Raise PriceError if the price book cannot be used, or has no row that is called `hardware`.

    It is asked before anything is built: what it finds would otherwise be found when everything is paid for.
    """
    book = load_prices(path)
    if hardware != "auto" and hardware not in book.hardware:
        known = ", ".join(book.hardware) or "none"
        place = path or "the packaged price book"
        raise PriceError(
            f"cost.hardware: {hardware!r} is not in {place}; it has {known}: name one of them, or write auto"
        )


def load_prices(path: Path | None = None) -> PriceBook:
    """Return the price book of `path`, or the packaged one.

    Raises PriceError with one line per problem.
    """
    place = str(path) if path else _PACKAGED
    text = _read(path)
    try:
        raw = yaml.load(text, Loader=StrictLoader)  # noqa: S506  (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f" line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise PriceError(f"{place}{line}: {read_problem(error, text)}") from None
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
        return resources.files("ragvsft.verdict").joinpath(_PACKAGED).read_text(encoding="utf-8")
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PriceError(f"{path}: no such file; name an existing price book in cost.prices") from None
    except (OSError, UnicodeDecodeError) as error:
        raise PriceError(f"{path}: {unreadable(error)}") from None


def _problem(line: Any) -> str:
    place = ".".join(str(part) for part in line["loc"])
    if line["type"] == "missing":
        return f"{place}: missing; it is required"
    if line["type"] == "extra_forbidden":
        return f"{place}: unknown key"
    keys = [str(part) for part in line["loc"]]
    message, remedy = line["msg"], _REMEDIES.get(line["type"])
    value = line["input"]
    plain = str(value) if isinstance(value, datetime) else repr(without_secrets(value))
    shown = HIDDEN if any(map(is_secret_key, keys)) else plain[:_SHOWN]
    said = f"{place}: {shown}: {message[0].lower()}{message[1:]}"
    return f"{said}; {remedy}" if remedy else said
