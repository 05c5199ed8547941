"""Charts of quality: the primary metric per variant, the paired differences, the strata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ragvsft import text
from ragvsft.findings import Difference, Metric
from ragvsft.report.charts import axes, marks
from ragvsft.report.charts.axes import Axis, names_axis
from ragvsft.report.charts.drawing import FULL, Chart, Size, drawn, row_height, sized
from ragvsft.report.charts.marks import Bar, Cast, data
from ragvsft.report.palette import BAND, INK, MUTED
from ragvsft.report.quality import MetricRow, StratumRow

if TYPE_CHECKING:
    import altair as alt


def quality_chart(cast: Cast, row: MetricRow, floor: Metric | None = None) -> Chart | None:
    """Draw one metric as a dot with its interval per variant, and the floor as a line."""
    cells = [cell for cell in row.cells if cell is not None]
    bars = list(filter(None, (Bar.of(c, c.variant, text.quantity(c.value, c.unit)) for c in cells)))
    if not bars:
        return None
    share = row.unit == "share"
    x = axes.linear(*((0, 1) if share else marks.padded(bars)), percent=share)
    said = "; ".join(f"{bar.variant} {text.measured(bar.value, bar.low, bar.high, row.unit)}" for bar in bars)
    label = f"{row.name} per variant: {said}{marks.floor_said(floor)}"
    return drawn(label, lambda size: _dots(cast, bars, floor, x, size))


def _dots(cast: Cast, bars: Sequence[Bar], floor: Metric | None, x: Axis, size: Size) -> alt.Chart:
    import altair as alt

    names = [bar.name for bar in bars]
    y = names_axis(names)
    base = alt.Chart(data(bars)).encode(y=y, color=cast.colour("variant"))
    rule = base.mark_rule(strokeWidth=4, opacity=0.45).encode(x=x.x("low"), x2="high:Q")
    dots = cast.dots(bars, {"x": x.x("value"), "y": y}, size=120)
    layers = alt.layer(*marks.floor_across(floor, x), rule, *dots, *marks.values_above(bars, y, x))
    return sized(layers, size, height=row_height(len(names)) * len(names) + 46, names=names)


def difference_chart(rows: Sequence[Difference]) -> Chart | None:
    """Draw paired differences with their intervals, over the band that this evalset cannot see."""
    shown = [row for row in rows if text.known(row.value) is not None]
    if not shown:
        return None
    bars = list(filter(None, map(_difference, shown)))
    bands = [_band(bar.name, row.smallest_visible) for bar, row in zip(bars, shown, strict=True)]
    reach = 1.2 * max(abs(end) for bar in bars for end in (bar.low, bar.high, *(band.end for band in bands)))
    x = axes.differences(reach, percent=shown[0].unit == "share")
    said = "; ".join(f"{bar.name}: {bar.text}, {row.verdict}" for bar, row in zip(bars, shown, strict=True))
    return drawn(f"Paired differences. {said}", lambda size: _forest(bars, bands, x, size))


@dataclass(frozen=True, slots=True)
class _Band:
    """What is too small to be seen."""

    name: str
    start: float
    end: float


def _band(name: str, smallest_visible: float | None) -> _Band:
    end = text.known(smallest_visible) or 0.0
    return _Band(name, -end, end)


def _difference(row: Difference) -> Bar | None:
    value, low, high = text.known(row.value), text.known(row.low), text.known(row.high)
    if value is None:
        return None
    shown = text.difference(value, row.unit).removesuffix("points").rstrip()  # the axis names the unit
    name = f"{row.variant} \N{MINUS SIGN} {row.other}"
    return Bar(row.variant, name, value, value if low is None else low, value if high is None else high, shown)


def _forest(bars: Sequence[Bar], bands: Sequence[_Band], x: Axis, size: Size) -> alt.Chart:
    import altair as alt

    names = [bar.name for bar in bars]
    y = names_axis(names)
    band = alt.Chart(data(bands)).mark_bar(color=BAND, height=34, cornerRadius=3)
    band = band.encode(x=x.x("start"), x2="end:Q", y=y)
    zero = alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(color=MUTED, strokeWidth=1).encode(x=x.x("at"))
    base = alt.Chart(data(bars)).encode(y=y)
    rule = base.mark_rule(strokeWidth=3, color=INK, opacity=0.5).encode(x=x.x("low"), x2="high:Q")
    dot = base.mark_point(filled=True, size=110, color=INK, opacity=1).encode(x=x.x("value"))
    layers = alt.layer(band, zero, rule, dot, *marks.values_above(bars, y, x))
    return sized(layers, size, height=row_height(len(names)) * len(names) + 46, names=names)


def strata_chart(cast: Cast, rows: Sequence[StratumRow]) -> Chart | None:
    """Draw the primary metric per stratum, one dot and interval per variant."""
    cells = [(row.stratum, cell) for row in rows for cell in row.cells if cell is not None]
    bars = list(filter(None, (Bar.of(cell, stratum) for stratum, cell in cells)))
    if not bars:
        return None
    share = all(cell.unit == "share" for _, cell in cells)
    x = axes.linear(*((0, 1) if share else marks.padded(bars)), percent=share)
    floors = list(filter(None, (Bar.of(row.floor, row.stratum) for row in rows if row.floor is not None)))
    names = [row.stratum for row in rows]
    label = "The primary metric per stratum and variant; the table has every number"
    return drawn(label, lambda size: _grouped_dots(cast, bars, floors, names, x, size), wide=FULL)


def _grouped_dots(
    cast: Cast, bars: Sequence[Bar], floors: Sequence[Bar], names: Sequence[str], x: Axis, size: Size
) -> alt.Chart:
    import altair as alt

    y, variants = names_axis(names), list(cast.variants)
    offset = alt.YOffset("variant:N", sort=variants, scale=alt.Scale(domain=variants, paddingOuter=0.9))
    base = alt.Chart(data(bars)).encode(y=y, yOffset=offset, color=cast.colour("variant"))
    rule = base.mark_rule(strokeWidth=3, opacity=0.45).encode(x=x.x("low"), x2="high:Q")
    dots = cast.dots(bars, {"x": x.x("value"), "y": y, "yOffset": offset}, size=64)
    height = 16 * len(variants) + 22
    tick = alt.Chart(data(floors)).mark_tick(thickness=1.5, size=height - 8, color=MUTED)
    layers = [tick.encode(x=x.x("value"), y=y)] if floors else []
    return sized(alt.layer(*layers, rule, *dots), size, height=height * len(names) + 46, names=names)
