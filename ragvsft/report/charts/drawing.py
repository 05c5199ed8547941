"""From an Altair chart to an accessible picture in two widths, the same bytes wherever it is drawn."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ragvsft.characters import clean
from ragvsft.report.palette import INK, LINE, MUTED

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture in two widths, with what it says to somebody who cannot see it."""

    wide: str  # SVG
    narrow: str
    label: str


@dataclass(frozen=True, slots=True)
class Size:
    """How much room a picture has."""

    width: int  # px
    most_names: int  # px of names at the left, at most


FULL, HALF, PHONE = Size(1076, 220), Size(514, 200), Size(350, 130)


def drawn(label: str, chart: Callable[[Size], alt.Chart], *, wide: Size = HALF) -> Chart:
    """Return a chart in both widths."""
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):  # the specs are ours: checking each against the schema takes most of the time
        return Chart(_svg(chart(wide), label), _svg(chart(PHONE), label), label)


def row_height(rows: int) -> int:
    """Return how high one of some rows is, in px."""
    return 58 if rows <= 6 else 38


def _svg(chart: alt.Chart, label: str) -> str:
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


def sized(chart: alt.Chart, size: Size, *, height: int, names: Sequence[str] = ()) -> alt.Chart:
    """Return the chart with its size and our axes; `names` stand at its left."""
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
