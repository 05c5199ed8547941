"""The axes: shares, percentage points, seconds and dollars, with the signs and spaces that the tables have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import altair as alt

_LOG_FROM = 20  # a range of more than this factor is drawn on a log scale


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale with its labels, for either direction."""

    scale: alt.Scale
    axis: alt.Axis
    title: str | None = None

    def x(self, field: str) -> alt.X:
        """Return a field along this axis from left to right."""
        import altair as alt

        return alt.X(f"{field}:Q", scale=self.scale, axis=self.axis, title=self.title)

    def y(self, field: str) -> alt.Y:
        """Return a field along this axis from bottom to top."""
        import altair as alt

        return alt.Y(f"{field}:Q", scale=self.scale, axis=self.axis, title=self.title)


def names_axis(names: Sequence[str]) -> alt.Y:
    """Return one row per name, top to bottom."""
    import altair as alt

    return alt.Y("name:N", sort=list(names), scale=alt.Scale(domain=list(names)), title=None)


def linear(low: float, high: float, *, percent: bool) -> Axis:
    """Return an axis of values, as percentages where they are shares."""
    import altair as alt

    labels = {"labelExpr": _percent_label("", " %")} if percent else {}
    return Axis(alt.Scale(domain=[low, high], nice=False), alt.Axis(tickCount=5, **labels))


def differences(reach: float, *, percent: bool) -> Axis:
    """Return an axis of differences, as far to the left as to the right."""
    import altair as alt

    labels = {"labelExpr": _percent_label("(datum.value > 0 ? '+' : '') + ", "")} if percent else {}
    title = "percentage points" if percent else None
    return Axis(alt.Scale(domain=[-reach, reach], nice=False), alt.Axis(tickCount=5, **labels), title)


def positive(values: Sequence[float], title: str, unit: str, *, room: float) -> Axis:
    """Return an axis from 0, or a log one where the values lie more than a factor of `_LOG_FROM` apart."""
    import altair as alt

    least, top = min(values), max(values)
    axis = alt.Axis(tickCount=4, labelOverlap=True, labelExpr=_positive_label(unit, top))
    if least > 0 and top / least > _LOG_FROM:
        return Axis(alt.Scale(type="log", domain=[least * 0.8, top * room**3], nice=False), axis, f"{title}, log scale")
    return Axis(alt.Scale(domain=[0, top * room or 1.0], nice=False), axis, title)


def _percent_label(sign: str, unit: str) -> str:
    # Vega's own minus and percent formats, but with the sign and the space that the tables have
    return f"{sign}replace(format(datum.value * 100, '.3~f'), '-', '\N{MINUS SIGN}') + '{unit}'"


def _positive_label(unit: str, top: float) -> str:
    if unit != "s":
        return "format(datum.value, ',.6~r')"
    shown, factor = ("ms", 1000) if top < 2 else ("s", 1)
    return f"format(datum.value * {factor}, '.3~r') + ' {shown}'"
