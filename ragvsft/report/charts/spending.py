"""Charts of what answers take: the time of each request, and quality over cost or time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ragvsft import text
from ragvsft.findings import Metric
from ragvsft.report.charts import axes, marks
from ragvsft.report.charts.axes import Axis, names_axis
from ragvsft.report.charts.beside import Spot, sides
from ragvsft.report.charts.drawing import FULL, Chart, Size, drawn, sized
from ragvsft.report.charts.marks import Bar, Cast, data
from ragvsft.report.palette import INK
from ragvsft.report.spending import LatencyRow, Place

if TYPE_CHECKING:
    import altair as alt

_STROKES = 100  # requests drawn per variant
_HEIGHT = 320  # px of a scatter plot
_BESIDE, _BELOW = 54, 46  # px that its axes take, about


@dataclass(frozen=True, slots=True)
class _Stroke:
    """The time of one request."""

    name: str
    value: float


def latency_chart(cast: Cast, seconds: Mapping[str, Sequence[float]], rows: Sequence[LatencyRow]) -> Chart | None:
    """Draw the time of each request as a stroke, with the median and the 95th percentile.

    `seconds` are the requests of each variant, the shortest first.
    """
    if not seconds:
        return None
    strokes = [_Stroke(variant, s) for variant, of_variant in seconds.items() for s in _thinned(of_variant)]
    quantiles = [metric for row in rows for metric in (row.p50, row.p95) if metric is not None]
    found = list(filter(None, (Bar.of(metric, metric.variant, metric.aggregate) for metric in quantiles)))
    ends = [end for of_variant in seconds.values() for end in (of_variant[0], of_variant[-1])]
    x = axes.positive([*ends, *(bar.high for bar in found)], "time per request", "s", room=1.05)
    said = "; ".join(f"{bar.name} {bar.text} {text.measured(bar.value, bar.low, bar.high, 's')}" for bar in found)
    label = f"Time per request and variant. {said}"
    return drawn(label, lambda size: _strip(cast, strokes, found, list(seconds), x, size), wide=FULL)


def _strip(
    cast: Cast, strokes: Sequence[_Stroke], found: Sequence[Bar], names: Sequence[str], x: Axis, size: Size
) -> alt.Chart:
    import altair as alt

    y = names_axis(names)
    stroke = alt.Chart(data(strokes)).mark_tick(thickness=1.2, size=24, opacity=0.5, yOffset=-7)
    stroke = stroke.encode(x=x.x("value"), y=y, color=cast.colour("name"))
    base = alt.Chart(data(found)).encode(y=y)
    rule = base.mark_rule(strokeWidth=2, color=INK, yOffset=16).encode(x=x.x("low"), x2="high:Q")
    shape = alt.Shape("text:N", scale=alt.Scale(domain=["p50", "p95"], range=["circle", "diamond"]), legend=None)
    mark = base.mark_point(filled=True, size=90, color=INK, opacity=1, yOffset=16).encode(x=x.x("value"), shape=shape)
    return sized(alt.layer(stroke, rule, mark), size, height=62 * len(names) + 46, names=names)


def _thinned(ordered: Sequence[float]) -> list[float]:
    """Return evenly spaced quantiles where there are more values than strokes."""
    if len(ordered) <= _STROKES:
        return list(ordered)
    last = len(ordered) - 1
    return [ordered[round(stroke * last / (_STROKES - 1))] for stroke in range(_STROKES)]


@dataclass(frozen=True, slots=True)
class _Dot(Bar):
    """A variant between quality (value) and what it takes (x)."""

    x: float = 0.0
    x_low: float = 0.0
    x_high: float = 0.0


def trade_chart(cast: Cast, places: Sequence[Place], title: str, floor: Metric | None = None) -> Chart | None:
    """Draw quality with its interval over cost or time, and the floor as a line."""
    dots = [dot for place in places if (dot := _dot(place)) is not None]
    if not dots:
        return None
    unit, of_quality = places[0].unit, places[0].quality.unit
    said = "; ".join(
        f"{dot.variant} {text.measured(dot.value, dot.low, dot.high, of_quality)} at "
        f"{text.measured(dot.x, dot.x_low, dot.x_high, unit)}"
        for dot in dots
    )
    share = of_quality == "share"
    y = axes.linear(*((0, 1) if share else marks.padded(dots)), percent=share)
    # room for a name at the right of its dot
    x = axes.positive([end for dot in dots for end in (dot.x_low, dot.x_high)], title, unit, room=1.3)
    return drawn(f"{title}. {said}{marks.floor_said(floor)}", lambda size: _scatter(cast, dots, floor, x, y, size))


def _dot(place: Place) -> _Dot | None:
    bar = Bar.of(place.quality, place.variant)
    if bar is None:
        return None
    return _Dot(bar.variant, bar.name, bar.value, bar.low, bar.high, "", place.x, place.low, place.high)


def _scatter(cast: Cast, dots: Sequence[_Dot], floor: Metric | None, x: Axis, y: Axis, size: Size) -> alt.Chart:
    import altair as alt

    base = alt.Chart(data(dots)).encode(color=cast.colour("variant"))
    up = base.mark_rule(strokeWidth=3, opacity=0.45).encode(x=x.x("x"), y=y.y("low"), y2="high:Q")
    across = base.mark_rule(strokeWidth=3, opacity=0.45).encode(x=x.x("x_low"), x2="x_high:Q", y=y.y("value"))
    points = cast.dots(dots, {"x": x.x("x"), "y": y.y("value")}, size=130)
    width = size.width - _BESIDE
    spots = [Spot(dot.name, width * x.at(dot.x), (_HEIGHT - _BELOW) * (1 - y.at(dot.value))) for dot in dots]
    names = [
        alt.Chart(data([dot]))
        .mark_text(align=side.align, dx=side.dx, dy=side.dy, fontSize=13, fontWeight=600)
        .encode(x=x.x("x"), y=y.y("value"), color=cast.colour("variant"), text="name:N")
        for dot, side in zip(dots, sides(spots, width), strict=True)
    ]
    return sized(alt.layer(*marks.floor_along(floor, y), up, across, *points, *names), size, height=_HEIGHT)
