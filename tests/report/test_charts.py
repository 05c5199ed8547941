"""Charts: every variant in its own look, controls hollow, names clear of each other."""

from __future__ import annotations

import re
from dataclasses import replace

from ragvsft.report.charts.axes import Axis
from ragvsft.report.charts.beside import Side, Spot, sides
from ragvsft.report.charts.marks import Cast
from ragvsft.report.charts.quality import difference_chart, quality_chart
from ragvsft.report.palette import looks
from ragvsft.report.quality import MetricRow
from tests.make import a_metric
from tests.report.made import realistic


def _row(*variants: str) -> MetricRow:
    cells = (a_metric("token_f1", variant, 0.5) for variant in variants)
    return MetricRow("token_f1", "share", "higher", tuple(cells))


def test_25_variants_have_25_colours_in_a_picture() -> None:
    """Each drawn as its slot says."""
    names = [f"mine-{number}" for number in range(25)]
    chart = quality_chart(Cast(tuple(names)), _row(*names))
    assert chart is not None
    assert {look.light for look in looks(25)} <= set(re.findall(r'fill="(#\w+)"', chart.wide))


def test_a_control_is_hollow() -> None:
    """Its dot has the stroke of its colour and no fill; a candidate's has the fill."""
    chart = quality_chart(Cast(("prompt", "rag"), frozenset({"rag"})), _row("prompt", "rag"))
    assert chart is not None
    prompt, rag = looks(3)[0].light, looks(3)[2].light
    filled = set(re.findall(r'fill="(#\w+)"', chart.wide))
    assert prompt in filled
    assert rag not in filled
    assert f'stroke="{rag}"' in chart.wide


def test_the_band_of_what_cannot_be_seen_lies_on_both_sides_of_zero() -> None:
    """As wide to the left as to the right, whatever the difference."""
    [row] = realistic(12).differences[:1]
    chart = difference_chart([replace(row, value=0.1, low=0.0, high=0.2, smallest_visible=0.25)])
    assert chart is not None
    zero = float(re.findall(r'<line transform="translate\(([\d.]+),0\)"[^>]*stroke="#59636e"', chart.wide)[0])
    left, right = (
        float(x) for x in re.findall(r'd="M([\d.]+),[^"]*?L([\d.]+),[^"]*"[^>]*fill="#e8ebee"', chart.wide)[0]
    )
    assert abs((zero - left) - (right - zero)) < 8  # the corners are round


def test_names_keep_clear_of_dots_and_names() -> None:
    """Alone, a name stands at the upper right; at one place three names take three sides; none leaves the picture."""
    up, left, down = Side("left", 10, -11), Side("right", -10, -11), Side("left", 10, 16)
    assert sides([Spot("far", 50, 50), Spot("off", 300, 200)], 400) == [up, up]
    assert sides([Spot("one", 100, 100), Spot("two", 100, 100), Spot("six", 100, 100)], 400) == [up, left, down]
    assert sides([Spot("a-long-name", 390, 100)], 400) == [left]


def test_where_a_value_lies_on_an_axis() -> None:
    """In the middle of 0 to 10 lies 5; of 1 to 100 on a log scale, 10."""
    assert Axis(0, 10, None).at(5) == 0.5
    assert Axis(1, 100, None, is_log=True).at(10) == 0.5
