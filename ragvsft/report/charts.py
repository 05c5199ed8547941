"""Charts as static SVG, drawn by Altair and vl-convert: no script, no network, no ids.

Every colour is drawn as it is in the light theme. The page's stylesheet maps each of them by its attribute, so one
drawing serves both themes: `svg [fill="#0067a5"] { fill: var(--v2) }`. Every chart is drawn for a desktop and a phone.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ragvsft import text
from ragvsft.characters import clean
from ragvsft.names import TRIVIAL
from ragvsft.records import CurvePoint, Difference, Metric, TrainingRecord
from ragvsft.report.view import MetricRow, Place, StratumRow

if TYPE_CHECKING:
    import altair as alt

INK, MUTED, LINE, BAND, GROUND = "#1c2126", "#59636e", "#e3e6ea", "#e8ebee", "#f7f7f5"
# (light, dark), after Okabe and Ito's palette, each at least 4.5:1 on its ground; a variant has one of them everywhere
PALETTE = (
    ("#5f6b78", "#a9b4c0"),
    ("#8a6400", "#dcb53f"),
    ("#0067a5", "#63b3f0"),
    ("#bf4a0a", "#f5975a"),
    ("#8d4a86", "#d79ad0"),
    ("#00755c", "#4cc9a6"),
    ("#7a3b2e", "#d8a294"),
    ("#3d4fb0", "#a3aff5"),
    ("#a3265f", "#f48db8"),
)
_KNOWN = ("prompt", "few-shot", "rag", "lora", "lora-rag", "raft", "oracle", "wrong-corpus", "rag-parity")
_LOG_FROM = 20  # a range of more than this factor is drawn on a log scale
_STROKES = 100  # requests drawn per variant


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture in two widths, with what it says to somebody who cannot see it."""

    wide: str  # SVG
    narrow: str
    label: str


def slots(variants: Sequence[str]) -> dict[str, int]:
    """Return each variant's place in the palette: a known name always has the same, others take what is free."""
    taken = {variant: _KNOWN.index(variant) for variant in variants if variant in _KNOWN}
    free = [slot for slot in range(len(PALETTE)) if slot not in taken.values()] or list(range(len(PALETTE)))
    others = [variant for variant in variants if variant not in taken]
    return taken | {variant: free[place % len(free)] for place, variant in enumerate(others)}


class Painter:
    """Draws charts for one set of variants."""

    def __init__(self, variants: Sequence[str]) -> None:
        self._variants = list(variants)
        self._colours = [PALETTE[slot][0] for slot in slots(variants).values()]
        self._domain = list(slots(variants))

    def quality(self, row: MetricRow, floor: Metric | None = None) -> Chart | None:
        """Draw one metric as a dot with its interval per variant, and the floor as a line."""
        cells = [cell for cell in row.cells if cell is not None and text.known(cell.value) is not None]
        if not cells:
            return None
        values = [{"name": c.variant, **_interval(c), "text": text.quantity(c.value, c.unit)} for c in cells]
        x = _linear([0, 1] if row.unit == "share" else _padded(values), percent=row.unit == "share")
        said = "; ".join(f"{c.variant} {text.measured(c.value, c.low, c.high, c.unit)}" for c in cells)
        names = [cell.variant for cell in cells]
        line = _floor_line(floor, "x", x)
        return _drawn(
            f"{row.name} per variant: {said}{_floor_said(floor)}", lambda size: self._dots(values, names, x, line, size)
        )

    def differences(self, rows: Sequence[Difference]) -> Chart | None:
        """Draw paired differences with their intervals, over the band that this evalset cannot see."""
        shown = [row for row in rows if text.known(row.value) is not None]
        if not shown:
            return None
        values = [_difference(row) for row in shown]
        reach = 1.2 * max(abs(number) for v in values for number in (v["low"], v["high"], v["seen"]))
        x = _linear([-reach, reach], percent=shown[0].unit == "share", points=True)
        said = "; ".join(f"{v['name']}: {v['text']}, {row.verdict}" for v, row in zip(values, shown, strict=True))
        return _drawn(f"Paired differences. {said}", lambda size: _forest(values, x, size))

    def strata(self, rows: Sequence[StratumRow]) -> Chart | None:
        """Draw the primary metric per stratum, one dot and interval per variant."""
        values = [
            {"name": row.stratum, "variant": cell.variant, **_interval(cell)}
            for row in rows
            for cell in row.cells
            if cell is not None and text.known(cell.value) is not None
        ]
        if not values:
            return None
        share = all(cell.unit == "share" for row in rows for cell in row.cells if cell is not None)
        x = _linear([0, 1] if share else _padded(values), percent=share)
        names = [row.stratum for row in rows]
        floors = [
            {"name": row.stratum, "value": row.floor.value}
            for row in rows
            if row.floor is not None and text.known(row.floor.value) is not None
        ]
        label = "The primary metric per stratum and variant; the table has every number"
        return _drawn(label, lambda size: self._grouped_dots(values, floors, names, x, size), wide=_FULL)

    def latency(self, seconds: Mapping[str, Sequence[float]], metrics: Mapping[str, Sequence[Metric]]) -> Chart | None:
        """Draw the time of each request as a stroke, with the median and the 95th percentile."""
        if not seconds:
            return None
        strokes = [{"name": v, "value": s} for v, all_s in seconds.items() for s in _thinned(all_s)]
        marks = [
            {"name": variant, "mark": m.name.rpartition(".")[2], **_interval(m)}
            for variant, of_variant in metrics.items()
            for m in of_variant
            if text.known(m.value) is not None
        ]
        slowest = [of_variant[-1] for of_variant in seconds.values()]
        fastest = [of_variant[0] for of_variant in seconds.values()]
        x = _positive_axis([*fastest, *slowest, *(mark["high"] for mark in marks)], "time per request", "s", room=1.05)
        said = "; ".join(
            f"{mark['name']} {mark['mark']} {text.measured(mark['value'], mark['low'], mark['high'], 's')}"
            for mark in marks
        )
        label = f"Time per request and variant. {said}"
        return _drawn(label, lambda size: self._strip(strokes, marks, list(seconds), x, size), wide=_FULL)

    def trade(self, places: Sequence[Place], title: str, floor: Metric | None = None) -> Chart | None:
        """Draw quality with its interval over cost or time, and the floor as a line."""
        if not places:
            return None
        values = [
            {"name": p.variant, "x": p.x, "x_low": p.low, "x_high": p.high, **_interval(p.quality)} for p in places
        ]
        said = "; ".join(
            f"{p.variant} {text.measured(p.quality.value, p.quality.low, p.quality.high, p.quality.unit)} at "
            f"{text.measured(p.x, p.low, p.high, p.unit)}"
            for p in places
        )
        unit, share = places[0].unit, places[0].quality.unit == "share"
        y = _linear([0, 1] if share else _padded(values), percent=share)
        line = _floor_line(floor, "y", y)
        label = f"{title}. {said}{_floor_said(floor)}"
        return _drawn(label, lambda size: self._scatter(values, title, unit, y, line, size))

    def training(self, trainings: Sequence[TrainingRecord]) -> Chart | None:
        """Draw training and dev loss per epoch, with the epoch whose weights were kept."""
        points = [(record, point) for record in trainings for point in record.curve]
        values = [row for record, point in points for row in _losses(record, point)]
        if not values:
            return None
        label = "; ".join(f"seed {record.seed}: weights of epoch {record.best_epoch} kept" for record in trainings)
        colour = PALETTE[_KNOWN.index("lora")][0]
        return _drawn(f"Loss per epoch. {label}", lambda size: _curve(values, colour, size))

    def _colour(self, field: str) -> alt.Color:
        import altair as alt

        return alt.Color(f"{field}:N", scale=alt.Scale(domain=self._domain, range=self._colours), legend=None)

    def _dots(
        self, values: list[dict[str, Any]], names: list[str], x: dict[str, Any], line: list[Any], size: _Size
    ) -> Any:
        import altair as alt

        y = _names(names)
        base = alt.Chart(alt.Data(values=values)).encode(y=y, color=self._colour("name"))
        rule = base.mark_rule(strokeWidth=4, opacity=0.45).encode(x=alt.X("low:Q", **x), x2="high:Q")
        dot = base.mark_point(filled=True, size=120, opacity=1).encode(x=alt.X("value:Q", **x))
        value = _value_label(alt.Chart(alt.Data(values=values)).encode(y=y), x)
        return _sized(
            alt.layer(*line, rule, dot, *value), size, height=_row_height(len(names)) * len(names) + 46, names=names
        )

    def _grouped_dots(
        self,
        values: list[dict[str, Any]],
        floors: list[dict[str, Any]],
        names: list[str],
        x: dict[str, Any],
        size: _Size,
    ) -> Any:
        import altair as alt

        offset = alt.YOffset("variant:N", sort=self._domain, scale=alt.Scale(domain=self._domain, paddingOuter=0.9))
        base = alt.Chart(alt.Data(values=values)).encode(y=_names(names), yOffset=offset, color=self._colour("variant"))
        rule = base.mark_rule(strokeWidth=3, opacity=0.45).encode(x=alt.X("low:Q", **x), x2="high:Q")
        dot = base.mark_point(filled=True, size=64, opacity=1).encode(x=alt.X("value:Q", **x))
        height = 16 * len(self._domain) + 22
        floor = (
            alt.Chart(alt.Data(values=floors))
            .mark_tick(thickness=1.5, size=height - 8, color=MUTED)
            .encode(x=alt.X("value:Q", **x), y=_names(names))
        )
        layers = [floor, rule, dot] if floors else [rule, dot]
        return _sized(alt.layer(*layers), size, height=height * len(names) + 46, names=names)

    def _strip(
        self,
        strokes: list[dict[str, Any]],
        marks: list[dict[str, Any]],
        names: list[str],
        x: dict[str, Any],
        size: _Size,
    ) -> Any:
        import altair as alt

        y = _names(names)
        stroke = (
            alt.Chart(alt.Data(values=strokes))
            .mark_tick(thickness=1.2, size=24, opacity=0.5, yOffset=-7)
            .encode(x=alt.X("value:Q", **x), y=y, color=self._colour("name"))
        )
        base = alt.Chart(alt.Data(values=marks)).encode(y=y)
        rule = base.mark_rule(strokeWidth=2, color=INK, yOffset=16).encode(x=alt.X("low:Q", **x), x2="high:Q")
        shape = alt.Shape("mark:N", scale=alt.Scale(domain=["p50", "p95"], range=["circle", "diamond"]), legend=None)
        mark = base.mark_point(filled=True, size=90, color=INK, opacity=1, yOffset=16).encode(
            x=alt.X("value:Q", **x), shape=shape
        )
        return _sized(alt.layer(stroke, rule, mark), size, height=62 * len(names) + 46, names=names)

    def _scatter(
        self,
        values: list[dict[str, Any]],
        title: str,
        unit: str,
        y: dict[str, Any],
        line: list[Any],
        size: _Size,
    ) -> Any:
        import altair as alt

        ends = [value[end] for value in values for end in ("x_low", "x_high")]
        x = _positive_axis(ends, title, unit, room=1.3)  # room for a name at the right of its dot
        base = alt.Chart(alt.Data(values=values)).encode(color=self._colour("name"))
        middle = base.encode(x=alt.X("x:Q", **x), y=alt.Y("value:Q", **y))
        up = base.mark_rule(strokeWidth=3, opacity=0.45).encode(x=alt.X("x:Q", **x), y=alt.Y("low:Q", **y), y2="high:Q")
        across = base.mark_rule(strokeWidth=3, opacity=0.45).encode(
            x=alt.X("x_low:Q", **x), x2="x_high:Q", y=alt.Y("value:Q", **y)
        )
        dot = middle.mark_point(filled=True, size=130, opacity=1)
        names = [
            alt.Chart(alt.Data(values=group))
            .mark_text(align=align, dx=dx, dy=dy, fontSize=13, fontWeight=600)
            .encode(x=alt.X("x:Q", **x), y=alt.Y("value:Q", **y), color=self._colour("name"), text="name:N")
            for (align, dx, dy), group in _beside(values).items()
        ]
        return _sized(alt.layer(*line, up, across, dot, *names), size, height=320)


@dataclass(frozen=True, slots=True)
class _Size:
    width: int  # px
    most_names: int  # px of names at the left, at most


_FULL, _HALF, _PHONE = _Size(1076, 220), _Size(514, 200), _Size(350, 130)


def _drawn(label: str, chart: Callable[[_Size], Any], *, wide: _Size = _HALF) -> Chart:
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):  # the specs are ours: checking each against the schema takes most of the time
        return Chart(_svg(chart(wide), label), _svg(chart(_PHONE), label), label)


def _row_height(rows: int) -> int:
    return 58 if rows <= 6 else 38


def _svg(chart: Any, label: str) -> str:
    """Return the drawing as one accessible SVG element without ids, inline styles or a background."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(chart.to_json())
    found = re.match(r'<svg[^>]*?width="([\d.]+)" height="([\d.]+)" viewBox="([^"]*)"[^>]*>', svg)
    if found is None:
        raise ValueError("vl-convert wrote an SVG without a size")
    width, height, box = found.groups()
    # these attributes hold the initial values or nothing that a static picture needs
    inside = re.sub(
        r' (?:class="[^"]*"|aria-[a-z]+="[^"]*"|role="[^"]*"|pointer-events="none"|font-family="[^"]*"|opacity="1")',
        "",
        svg[found.end() :],
    )
    inside = re.sub(r'<path(?: d="(?:M0,0h0v0h0Z)?"| display="none")* ?/>', "", inside)
    inside = re.sub(r"-?\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", inside)
    name = html.escape(clean(label))
    return f'<svg role="img" aria-label="{name}" width="{width}" height="{height}" viewBox="{box}">{inside}'


def _sized(chart: Any, size: _Size, *, height: int, names: Sequence[str] = ()) -> Any:
    # fixed by the letters, not by how wide this machine's fonts are: same facts, same bytes
    room = min(size.most_names, 20 + round(7.6 * max(map(len, names), default=0)))
    axis = {
        "labelColor": MUTED, "titleColor": MUTED, "gridColor": LINE, "domain": False, "ticks": False,
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 10, "labelPadding": 8,
    }  # fmt: skip
    return chart.properties(
        width=size.width, height=height, autosize={"type": "fit", "contains": "padding"}, padding=4
    ).configure(
        aria=False,
        background="transparent",
        font="sans-serif",
        view={"stroke": None},
        axis=axis,
        axisYBand={
            "grid": False,
            "labelColor": INK,
            "labelFontSize": 13,
            "labelLimit": room - 8,
            "labelAlign": "left",
            "labelPadding": room,
            "minExtent": room,
            "maxExtent": room,
        },
    )


def _names(names: Sequence[str]) -> Any:
    import altair as alt

    return alt.Y("name:N", sort=list(names), scale=alt.Scale(domain=list(names)), title=None)


def _value_label(base: Any, x: dict[str, Any]) -> tuple[Any, Any]:
    """Return the value as text above its dot, and under it a halo that keeps grid lines off."""
    import altair as alt

    def text_layer(**mark: Any) -> Any:
        return base.mark_text(dy=-15, fontSize=13, fontWeight=600, **mark).encode(
            x=alt.X("value:Q", **x), text="text:N"
        )

    return text_layer(color=GROUND, stroke=GROUND, strokeWidth=4), text_layer(color=INK)


def _floor_line(floor: Metric | None, channel: Literal["x", "y"], axis: dict[str, Any]) -> list[Any]:
    """Return the floor as a dashed line across the picture with its name, as layers; none where there is no floor."""
    import altair as alt

    if floor is None or text.known(floor.value) is None:
        return []
    base = alt.Chart(alt.Data(values=[{"value": floor.value, "text": "floor"}]))
    encoding = alt.X("value:Q", **axis) if channel == "x" else alt.Y("value:Q", **axis)
    # where no dot has its figure: under the last one, and at the axis
    place = {"align": "left", "dx": 4, "y": {"expr": "height - 6"}} if channel == "x" else {"dy": -7, "x": 20}
    rule = base.mark_rule(strokeDash=[4, 3], color=MUTED).encode(**{channel: encoding})
    name = base.mark_text(fontSize=12, color=MUTED, **place).encode(text="text:N", **{channel: encoding})
    return [rule, name]


def _floor_said(floor: Metric | None) -> str:
    if floor is None or text.known(floor.value) is None:
        return ""
    return f"; the floor is {TRIVIAL[floor.variant].said}, {text.quantity(floor.value, floor.unit)}"


def _interval(metric: Metric) -> dict[str, Any]:
    """Return value, low and high; where there is no interval its ends are the value."""
    value = metric.value
    low, high = text.known(metric.low), text.known(metric.high)
    return {"value": value, "low": value if low is None else low, "high": value if high is None else high}


def _difference(row: Difference) -> dict[str, Any]:
    low, high = text.known(row.low), text.known(row.high)
    return {
        "name": f"{row.variant} \N{MINUS SIGN} {row.other}",
        "value": row.value,
        "low": row.value if low is None else low,
        "high": row.value if high is None else high,
        "seen": text.known(row.smallest_visible) or 0.0,
        "text": text.difference(row.value, row.unit).removesuffix("points").rstrip(),  # the axis names the unit
        "clear": row.verdict in ("better", "worse"),
    }


def _forest(values: list[dict[str, Any]], x: dict[str, Any], size: _Size) -> Any:
    import altair as alt

    y = _names([value["name"] for value in values])
    bands = [{"name": v["name"], "from": -v["seen"], "to": v["seen"]} for v in values]
    band = (
        alt.Chart(alt.Data(values=bands))
        .mark_bar(color=BAND, height=34, cornerRadius=3)
        .encode(x=alt.X("from:Q", **x), x2="to:Q", y=y)
    )
    zero = alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(color=MUTED, strokeWidth=1).encode(x=alt.X("at:Q", **x))
    base = alt.Chart(alt.Data(values=values)).encode(y=y)
    rule = base.mark_rule(strokeWidth=3, color=INK, opacity=0.5).encode(x=alt.X("low:Q", **x), x2="high:Q")
    dot = base.mark_point(filled=True, size=110, color=INK, opacity=1).encode(x=alt.X("value:Q", **x))
    names = [value["name"] for value in values]
    layers = alt.layer(band, zero, rule, dot, *_value_label(base, x))
    return _sized(layers, size, height=_row_height(len(names)) * len(names) + 46, names=names)


def _losses(record: TrainingRecord, point: CurvePoint) -> list[dict[str, Any]]:
    rows = [("training", point.train_loss), ("dev", point.dev_loss)]
    kept = point.epoch == record.best_epoch
    finite = [(which, loss) for which, loss in rows if loss is not None and text.known(loss) is not None]
    last = finite[-1][0] if finite else None  # the dev loss where there is one: on it the weights were chosen
    return [
        {"seed": record.seed, "epoch": point.epoch, "loss": loss, "which": which, "kept": kept and which == last}
        for which, loss in finite
    ]


def _curve(values: list[dict[str, Any]], colour: str, size: _Size) -> Any:
    import altair as alt

    last = max(value["epoch"] for value in values)
    step = max(1, math.ceil(last / 10))
    epochs = alt.Axis(values=list(range(step if step > 1 else 1, last + 1, step)), format="d", grid=False)
    x = alt.X("epoch:Q", title="epoch", axis=epochs, scale=alt.Scale(domain=[min(1, last - 1), last], nice=False))
    y = alt.Y("loss:Q", title="loss, nats per answer token", scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=5))
    base = alt.Chart(alt.Data(values=values)).encode(x=x, y=y, detail=["seed:N", "which:N"])
    train = base.transform_filter("datum.which == 'training'").mark_line(
        color=MUTED, strokeWidth=1.5, strokeDash=[4, 3]
    )
    dev = base.transform_filter("datum.which == 'dev'").mark_line(color=colour, strokeWidth=2.25)
    kept = base.transform_filter("datum.kept").mark_point(filled=True, size=100, color=colour, opacity=1)
    return _sized(alt.layer(train, dev, kept), size, height=280)


def _linear(domain: Sequence[float], *, percent: bool, points: bool = False) -> dict[str, Any]:
    import altair as alt

    unit = "" if points else " %"
    sign = "(datum.value > 0 ? '+' : '') + " if points else ""
    # Vega's own minus and percent formats, but with the sign and the space that the tables have
    label = f"{sign}replace(format(datum.value * 100, '.3~f'), '-', '\N{MINUS SIGN}') + '{unit}'"
    axis = alt.Axis(tickCount=5, **({"labelExpr": label} if percent else {}))
    title = "percentage points" if points and percent else None
    return {"scale": alt.Scale(domain=list(domain), nice=False), "axis": axis, "title": title}


def _padded(values: Sequence[Mapping[str, Any]]) -> list[float]:
    low, high = min(v["low"] for v in values), max(v["high"] for v in values)
    return [min(0.0, low), high * 1.1 or 1.0]


def _thinned(ordered: Sequence[float]) -> list[float]:
    """Return evenly spaced quantiles where there are more values than strokes."""
    if len(ordered) <= _STROKES:
        return list(ordered)
    last = len(ordered) - 1
    return [ordered[round(stroke * last / (_STROKES - 1))] for stroke in range(_STROKES)]


def _beside(values: Sequence[dict[str, Any]]) -> dict[tuple[str, int, int], list[dict[str, Any]]]:
    """Return the points by (align, dx, dy) of their names; close neighbours have theirs on different sides."""
    sides = (("left", 10, -11), ("right", -10, -11), ("left", 10, 16), ("right", -10, 16))
    reach_x = max(value["x"] for value in values) or 1.0
    reach_y = max(value["value"] for value in values) or 1.0
    placed: dict[tuple[str, int, int], list[dict[str, Any]]] = {}
    ordered = sorted(values, key=lambda value: -value["x"])
    for place, value in enumerate(ordered):
        near = [
            other
            for other in ordered[:place]
            if abs(other["x"] - value["x"]) < 0.25 * reach_x and abs(other["value"] - value["value"]) < 0.1 * reach_y
        ]
        placed.setdefault(sides[len(near) % len(sides)], []).append(value)
    return placed


def _positive_axis(values: Sequence[float], title: str, unit: str, *, room: float) -> dict[str, Any]:
    """Return an axis from 0, or a log one where the values lie more than a factor of `_LOG_FROM` apart."""
    import altair as alt

    least, top = min(values), max(values)
    labels = {"labelExpr": "format(datum.value, ',.6~r')"}
    if unit == "s":
        shown, factor = ("ms", 1000) if top < 2 else ("s", 1)
        labels = {"labelExpr": f"format(datum.value * {factor}, '.3~r') + ' {shown}'"}
    axis = alt.Axis(tickCount=4, labelOverlap=True, **labels)
    if least > 0 and top / least > _LOG_FROM:
        scale = alt.Scale(type="log", domain=[least * 0.8, top * room**3], nice=False)
        return {"scale": scale, "axis": axis, "title": f"{title}, log scale"}
    return {"scale": alt.Scale(domain=[0, top * room or 1.0], nice=False), "axis": axis, "title": title}
