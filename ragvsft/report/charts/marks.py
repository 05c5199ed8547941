"""What several charts draw: dots in a variant's colour and shape, their intervals and values, the line of the floor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ragvsft import text
from ragvsft.findings import Metric
from ragvsft.names import TRIVIAL
from ragvsft.report.charts.axes import Axis
from ragvsft.report.palette import GROUND, INK, MUTED, Look, looks, slots

if TYPE_CHECKING:
    import altair as alt
    from _typeshed import DataclassInstance

    Channels = Mapping[str, alt.X | alt.Y | alt.YOffset]


@dataclass(frozen=True, slots=True)
class Mark:
    """A row of a chart's data that belongs to one variant."""

    variant: str


@dataclass(frozen=True, slots=True)
class Bar(Mark):
    """A value with its interval, in the row of a name."""

    name: str
    value: float
    low: float  # the value itself where there is no interval
    high: float
    text: str = ""  # written at the value

    @classmethod
    def of(cls, metric: Metric, name: str, said: str = "") -> Bar | None:
        """Return a metric as a bar, None if it has no value."""
        value = text.known(metric.value)
        if value is None:
            return None
        low, high = text.known(metric.low), text.known(metric.high)
        return cls(metric.variant, name, value, value if low is None else low, value if high is None else high, said)


@dataclass(frozen=True, slots=True)
class Cast:
    """The variants of a run as every chart shows them: colour, shape, and a control's dots hollow."""

    variants: tuple[str, ...]
    controls: frozenset[str] = frozenset()

    def colour(self, field: str) -> alt.Color:
        """Return a field of variants' names as their colours."""
        import altair as alt

        colours = [look.light for look in self._looks()]
        return alt.Color(f"{field}:N", scale=alt.Scale(domain=list(slots(self.variants)), range=colours), legend=None)

    def dots(self, rows: Sequence[Mark], channels: Channels, *, size: int) -> list[alt.Chart]:
        """Return a dot of its variant per row, as layers: full for candidates, hollow for controls."""
        import altair as alt

        shapes = [look.shape for look in self._looks()]
        shape = alt.Shape("variant:N", scale=alt.Scale(domain=list(slots(self.variants)), range=shapes), legend=None)
        layers = []
        for filled in (True, False):
            ours = [row for row in rows if (row.variant not in self.controls) == filled]
            more = {} if filled else {"strokeWidth": 2}
            mark = alt.Chart(data(ours)).mark_point(filled=filled, size=size, opacity=1, **more)
            layers += [mark.encode(shape=shape, color=self.colour("variant"), **channels)] if ours else []
        return layers

    def _looks(self) -> list[Look]:
        places = slots(self.variants)
        shown = looks(max(places.values(), default=0) + 1)
        return [shown[slot] for slot in places.values()]


def data(rows: Iterable[DataclassInstance]) -> alt.Data:
    """Return records as a chart's data."""
    import altair as alt

    return alt.Data(values=[asdict(row) for row in rows])


def values_above(bars: Sequence[Bar], y: alt.Y, axis: Axis) -> list[alt.Chart]:
    """Return the values as text above their dots, and under it a halo that keeps grid lines off."""
    import altair as alt

    base = alt.Chart(data(bars)).encode(y=y, x=axis.x("value"), text="text:N")
    plain = {"dy": -15, "fontSize": 13, "fontWeight": 600}
    halo = base.mark_text(color=GROUND, stroke=GROUND, strokeWidth=4, **plain)
    return [halo, base.mark_text(color=INK, **plain)]


def floor_across(floor: Metric | None, axis: Axis) -> list[alt.Chart]:
    """Return the floor as a dashed line from top to bottom with its name, as layers; none where there is no floor."""
    # where no dot has its figure: under the last one
    return _floor(floor, {"x": axis.x("value")}, align="left", dx=4, y={"expr": "height - 6"})


def floor_along(floor: Metric | None, axis: Axis) -> list[alt.Chart]:
    """Return the floor as a dashed line from left to right with its name, as layers; none where there is no floor."""
    return _floor(floor, {"y": axis.y("value")}, dy=-7, x=20)


def floor_said(floor: Metric | None) -> str:
    """Return the floor as the end of a chart's label."""
    if floor is None or text.known(floor.value) is None:
        return ""
    return f"; the floor is {TRIVIAL[floor.variant].said}, {text.quantity(floor.value, floor.unit)}"


def padded(bars: Sequence[Bar]) -> tuple[float, float]:
    """Return the ends of an axis that holds all bars and 0."""
    return min(0.0, *(bar.low for bar in bars)), max(bar.high for bar in bars) * 1.1 or 1.0


def _floor(floor: Metric | None, channel: Channels, **place: str | int | Mapping[str, str]) -> list[alt.Chart]:
    import altair as alt

    if floor is None or text.known(floor.value) is None:
        return []
    base = alt.Chart(alt.Data(values=[{"value": floor.value, "text": "floor"}])).encode(**channel)
    rule = base.mark_rule(strokeDash=[4, 3], color=MUTED)
    return [rule, base.mark_text(fontSize=12, color=MUTED, **place).encode(text="text:N")]
