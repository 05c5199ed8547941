"""The chart of training: the loss per epoch of every adapter, one family of curves per variant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ragvsft import text
from ragvsft.building import CurvePoint
from ragvsft.report.builds import Adapter
from ragvsft.report.charts.drawing import Chart, Size, drawn, sized
from ragvsft.report.charts.marks import Cast, Mark, data

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True, slots=True)
class _Loss(Mark):
    """One loss of one adapter after one epoch."""

    seed: int
    epoch: int
    loss: float
    which: str  # "training", "dev"
    kept: bool


def training_chart(cast: Cast, adapters: Sequence[Adapter]) -> Chart | None:
    """Draw training and dev loss per epoch, with the epoch whose weights were kept."""
    losses = [loss for adapter in adapters for point in adapter.record.curve for loss in _losses(adapter, point)]
    if not losses:
        return None
    label = "; ".join(f"{adapter.name}: weights of epoch {adapter.record.best_epoch} kept" for adapter in adapters)
    return drawn(f"Loss per epoch. {label}", lambda size: _curves(cast, losses, size))


def _losses(adapter: Adapter, point: CurvePoint) -> list[_Loss]:
    rows = [("training", point.train_loss), ("dev", point.dev_loss)]
    kept = point.epoch == adapter.record.best_epoch
    finite = [(which, loss) for which, loss in rows if loss is not None and text.known(loss) is not None]
    last = finite[-1][0] if finite else None  # the dev loss where there is one: on it the weights were chosen
    return [
        _Loss(adapter.variants[0], adapter.record.seed, point.epoch, loss, which, kept and which == last)
        for which, loss in finite
    ]


def _curves(cast: Cast, losses: Sequence[_Loss], size: Size) -> alt.Chart:
    import altair as alt

    last = max(loss.epoch for loss in losses)
    step = max(1, math.ceil(last / 10))
    epochs = alt.Axis(values=list(range(step, last + 1, step)), format="d", grid=False)
    x = alt.X("epoch:Q", title="epoch", axis=epochs, scale=alt.Scale(domain=[min(1, last - 1), last], nice=False))
    y = alt.Y("loss:Q", title="loss, nats per answer token", scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=5))
    base = alt.Chart(data(losses)).encode(x=x, y=y, color=cast.colour("variant"), detail=["seed:N", "which:N"])
    train = base.transform_filter("datum.which == 'training'")
    train = train.mark_line(strokeWidth=1.5, strokeDash=[4, 3], opacity=0.6)
    dev = base.transform_filter("datum.which == 'dev'").mark_line(strokeWidth=2.25)
    kept = cast.dots([loss for loss in losses if loss.kept], {"x": x, "y": y}, size=100)
    return sized(alt.layer(train, dev, *kept), size, height=280)
