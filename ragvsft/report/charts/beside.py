"""Where names stand beside their dots in a scatter plot: so that they cover neither a dot nor another name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_LETTER, _LINE = 7.6, 15.0  # px of a letter's width and of a line's height, at the size of the names
_DOT = 7.0  # px from the middle of a dot to its edge


@dataclass(frozen=True, slots=True)
class Side:
    """Where a name stands, from the middle of its dot."""

    align: str
    dx: int  # px
    dy: int  # px, of the name's baseline


@dataclass(frozen=True, slots=True)
class Spot:
    """A dot with its name, in px of the picture from its upper left corner."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: _Box) -> bool:
        """Return whether two boxes overlap."""
        beside = self.right <= other.left or other.right <= self.left
        return not beside and self.top < other.bottom and other.top < self.bottom


_SIDES = (  # the best first
    Side("left", 10, -11), Side("right", -10, -11), Side("left", 10, 16), Side("right", -10, 16),
    Side("left", 12, 4), Side("right", -12, 4), Side("center", 0, -26), Side("center", 0, 32),
    Side("left", 22, -24), Side("right", -22, -24), Side("left", 22, 30), Side("right", -22, 30),
)  # fmt: skip


def sides(spots: Sequence[Spot], width: float) -> list[Side]:
    """Return the side of each spot's name, in a picture of this width: the first that is free, else the least full."""
    dots = [_Box(spot.x - _DOT, spot.y - _DOT, spot.x + _DOT, spot.y + _DOT) for spot in spots]
    names: list[_Box] = []
    chosen: dict[int, Side] = {}
    for place in sorted(range(len(spots)), key=lambda place: -spots[place].x):
        spot, others = spots[place], [*dots[:place], *dots[place + 1 :]]
        boxes = {side: _box(spot, side) for side in _SIDES}
        side = min(_SIDES, key=lambda side: _cost(boxes[side], others, names, width))
        chosen[place] = side
        names.append(boxes[side])
    return [chosen[place] for place in range(len(spots))]


def _cost(box: _Box, dots: Sequence[_Box], names: Sequence[_Box], width: float) -> int:
    """Return how much a name in this box would cover; another name is worse than a dot, the edge is worst."""
    outside = box.left < 0 or box.right > width
    return 10 * outside + 3 * sum(box.covers(name) for name in names) + sum(box.covers(dot) for dot in dots)


def _box(spot: Spot, side: Side) -> _Box:
    length = _LETTER * len(spot.name)
    left = spot.x + side.dx - {"left": 0.0, "center": length / 2, "right": length}[side.align]
    return _Box(left, spot.y + side.dy - _LINE + 3, left + length, spot.y + side.dy + 3)
