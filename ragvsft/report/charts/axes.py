"""The axes: shares, percentage points, seconds and dollars, with the signs and spaces that the tables have."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import altair as alt

_LOG_FROM = 20  # a range of more than this factor is drawn on a log scale


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale with its labels, for either direction."""

    low: float
    high: float
    label: str | None  # a Vega expression; None: Vega's own
    title: str | None = None
    ticks: int = 5
    is_log: bool = False

    def x(self, field: str) -> alt.X:
        """Return a field along this axis from left to right."""
        import altair as alt

        return alt.X(f"{field}:Q", scale=self._scale, axis=self._axis, title=self.title)

    def y(self, field: str) -> alt.Y:
        """Return a field along this axis from bottom to top."""
        import altair as alt

        return alt.Y(f"{field}:Q", scale=self._scale, axis=self._axis, title=self.title)

    def at(self, value: float) -> float:
        """Return where a value lies: 0 at the beginning of the axis, 1 at its end."""
        if self.is_log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    @property
    def _scale(self) -> alt.Scale:
        import altair as alt

        return alt.Scale(type="log" if self.is_log else "linear", domain=[self.low, self.high], nice=False)

    @property
    def _axis(self) -> alt.Axis:
        import altair as alt

        labels = {} if self.label is None else {"labelExpr": self.label}
        return alt.Axis(tickCount=self.ticks, labelOverlap=True, **labels)


def names_axis(names: Sequence[str]) -> alt.Y:
    """Return one row per name, top to bottom."""
    import altair as alt

    return alt.Y("name:N", sort=list(names), scale=alt.Scale(domain=list(names)), title=None)


def linear(low: float, high: float, *, percent: bool) -> Axis:
    """Return an axis of values, as percentages where they are shares."""
    return Axis(low, high, _percent_label("", " %") if percent else None)


def differences(reach: float, *, percent: bool) -> Axis:
    """Return an axis of differences, as far to the left as to the right."""
    label = _percent_label("(datum.value > 0 ? '+' : '') + ", "") if percent else None
    return Axis(-reach, reach, label, "percentage points" if percent else None)


def positive(values: Sequence[float], title: str, unit: str, *, room: float) -> Axis:
    """Return an axis from 0, or a log one where the values lie more than a factor of `_LOG_FROM` apart."""
    least, top = min(values), max(values)
    label = _positive_label(unit, top)
    if least > 0 and top / least > _LOG_FROM:
        return Axis(least * 0.8, top * room**3, label, f"{title}, log scale", ticks=4, is_log=True)
    return Axis(0.0, top * room or 1.0, label, title, ticks=4)


def _percent_label(sign: str, unit: str) -> str:
    # Vega's own minus and percent formats, but with the sign and the space that the tables have
    return f"{sign}replace(format(datum.value * 100, '.3~f'), '-', '\N{MINUS SIGN}') + '{unit}'"


def _positive_label(unit: str, top: float) -> str:
    if unit != "s":
        return "format(datum.value, ',.6~r')"
    shown, factor = ("ms", 1000) if top < 2 else ("s", 1)
    return f"format(datum.value * {factor}, '.3~r') + ' {shown}'"
