"""Numbers to text: units, significant digits and intervals; what is unknown says so.

A number that is not finite is treated as unknown, so no "nan" is ever printed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

UNKNOWN = "unknown"
_SPACE = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_LEAST_USD = 1e-7


@dataclass(frozen=True, slots=True)
class _Scale:
    """How the numbers of one unit are written when they are about as large as a given one."""

    factor: float
    decimals: int
    after: str = ""
    before: str = ""

    def bare(self, value: float, *, sign: bool = False) -> str:
        text = f"{value * self.factor:{'+' if sign else ''},.{self.decimals}f}"
        if not text.strip("+-0.,"):
            text = text.lstrip("+-")  # zero has no sign
        return text.replace("-", _MINUS)

    def full(self, value: float, *, sign: bool = False) -> str:
        return f"{self.before}{self.bare(value, sign=sign)}{self.after}"


_LARGEST_SCALE = 1000  # a number that overflows in milliseconds is no measurement


def _decimals(magnitude: float, digits: int) -> int:
    """Return the decimals that show `digits` significant digits; none of them left of the point is dropped."""
    if magnitude <= 0:
        return 0
    return max(0, digits - 1 - math.floor(math.log10(magnitude)))


def _share(magnitude: float) -> _Scale:
    return _Scale(100, 1, f"{_SPACE}%")


def _points(magnitude: float) -> _Scale:
    return _Scale(100, 1, f"{_SPACE}points")


def _seconds(magnitude: float) -> _Scale:
    if magnitude < 1:
        return _Scale(1000, min(2, _decimals(magnitude * 1000, 3)), f"{_SPACE}ms")
    return _Scale(1, _decimals(magnitude, 3), f"{_SPACE}s")


def _usd(magnitude: float) -> _Scale:
    digits = 0 if magnitude >= 1000 else 2 if magnitude >= 0.1 else _decimals(magnitude, 2)
    return _Scale(1, min(digits, 9), before=f"USD{_SPACE}")


def _scale(unit: str, magnitude: float) -> _Scale:
    known = {"share": _share, "points": _points, "s": _seconds, "USD": _usd}
    if unit in known:
        return known[unit](magnitude)
    return _Scale(1, _decimals(magnitude, 3), f"{_SPACE}{unit}" if unit else "")


def known(value: float | None) -> float | None:
    """Return the value, or None if it is not finite or too large to show."""
    return value if value is not None and math.isfinite(value * _LARGEST_SCALE) else None


def quantity(value: float | None, unit: str) -> str:
    """Return a number with its unit: "61.3 %", "412 ms", "USD 0.0021"."""
    if known(value) is None or value is None:
        return UNKNOWN
    if unit == "USD" and 0 < value < _LEAST_USD:
        return f"< USD{_SPACE}{_LEAST_USD:.7f}"
    return _scale(unit, abs(value)).full(value)


def bounds(value: float | None, low: float | None, high: float | None, unit: str) -> str:
    """Return an interval, digits as those of the value it belongs to: "[55.0, 67.4]"; "" where there is none."""
    if known(low) is None or known(high) is None or low is None or high is None:
        return ""
    scale = _scale(unit, abs(known(value) or 0.0) or max(abs(low), abs(high)))
    return f"[{scale.bare(low)}, {scale.bare(high)}]"


def measured(value: float | None, low: float | None, high: float | None, unit: str) -> str:
    """Return a number with unit and interval: "61.3 % [55.0, 67.4]"."""
    return f"{quantity(value, unit)} {bounds(value, low, high, unit)}".rstrip()


def difference(value: float | None, unit: str) -> str:
    """Return a difference with its sign: "+12.3 points" for shares, "−41 ms" for seconds."""
    if known(value) is None or value is None:
        return UNKNOWN
    return _scale(difference_unit(unit), abs(value)).full(value, sign=True)


def difference_unit(unit: str) -> str:
    """Return the unit of a difference: percentage points for shares."""
    return "points" if unit == "share" else unit


def gap(value: float | None, unit: str) -> str:
    """Return the size of a difference, for sentences that say which way it goes: "12.3 points", "41 ms"."""
    return UNKNOWN if value is None else quantity(abs(value), difference_unit(unit))


def difference_bounds(value: float | None, low: float | None, high: float | None, unit: str) -> str:
    """Return the interval of a difference, digits as those of the difference: "[6.0, 18.6]"; "" where there is none."""
    return bounds(value, low, high, difference_unit(unit))


def whole_share(value: float | None) -> str:
    """Return a share without decimals: "67 %"."""
    return UNKNOWN if known(value) is None or value is None else f"{value * 100:.0f}{_SPACE}%"


def set_share(value: float) -> str:
    """Return a share as somebody set it: "95 %", "97.5 %"."""
    return f"{value * 100:.10g}{_SPACE}%"


def count(value: float | None) -> str:
    """Return a count with separators: "4,096"."""
    return UNKNOWN if known(value) is None or value is None else f"{value:,.0f}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: "1 sample", "2 samples"."""
    return f"{number:,}{_SPACE}{one if number == 1 else many or one + 's'}"


def p_value(value: float | None) -> str:
    """Return a p value; one below 0.001 only as that."""
    if known(value) is None or value is None:
        return "not tested"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def p_statement(value: float | None) -> str:
    """Return a p value as a sentence has it: "p = 0.012", "p < 0.001", "not tested"."""
    said = p_value(value)
    if known(value) is None:
        return said
    return f"p {said}" if said.startswith("<") else f"p = {said}"


def duration(seconds: float | None) -> str:
    """Return a time span as a person says it: "412 ms", "38.2 s", "4 min 05 s", "2 h 07 min"."""
    if known(seconds) is None or seconds is None:
        return UNKNOWN
    if seconds < 60:
        return quantity(seconds, "s")
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}{_SPACE}min {rest:02d}{_SPACE}s"
    return f"{minutes // 60}{_SPACE}h {minutes % 60:02d}{_SPACE}min"


def size(number: float | None) -> str:
    """Return bytes in decimal units: "12.3 MB"."""
    if known(number) is None or number is None:
        return UNKNOWN
    for factor, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if number >= factor:
            return quantity(number / factor, unit)
    return f"{number:.0f}{_SPACE}bytes"


def moment(text: str | None) -> str:
    """Return a UTC stamp as a date: "22 November 2026, 05:30 UTC"; anything that is no stamp stays as it is."""
    if not text:
        return UNKNOWN
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    when = when.astimezone(UTC) if when.tzinfo else when
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}, {when:%H:%M} UTC"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def listing(words: Sequence[str]) -> str:
    """Return words as a sentence has them: "prompt, rag and lora"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else "none"
