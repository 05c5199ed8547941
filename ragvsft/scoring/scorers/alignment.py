"""Two JSON objects field by field: what is right, what is invented and what is missing, by path.

Lists are laid beside each other one to one. Where the schema leaves the order free (`uniqueItems: true`, or
`x-order: free`) the pairs are those that make most fields right. Everywhere else order counts: items stand beside each
other by position, and of lists of different lengths the gaps lie where they leave most fields right. Rows and columns
of matrices (lists of lists) always go by position, since a shifted row is another row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import numpy as np

from ragvsft.schemas.shape import Shape
from ragvsft.schemas.values import ITEM, Path, leaf, leaves, same_as

MOST_ITEMS = 200  # of a list whose items are paired by what is in them
_MOST_WORK = 1_000_000  # comparisons of fields for one list
# past either, items that are wholly equal are paired first where order is free, and the others go by position

Floats = np.ndarray[Any, np.dtype[np.float64]]
Pairs = list[tuple[Any, Any]]


@dataclass(slots=True)
class Tally:
    """How many values are right, given and wanted, in all and by path."""

    right: dict[Path, int] = field(default_factory=lambda: defaultdict(int))
    given: dict[Path, int] = field(default_factory=lambda: defaultdict(int))
    wanted: dict[Path, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def f1(self) -> float:
        """The F1 of the values; 1 where there is none on either side."""
        both = sum(self.given.values()) + sum(self.wanted.values())
        return 2 * sum(self.right.values()) / both if both else 1.0

    def accuracy(self, path: Path) -> float | None:
        """Return 1 where all values of a path are right and none is invented, else 0; None where there are none."""
        right, given, wanted = (counts.get(path, 0) for counts in (self.right, self.given, self.wanted))
        return float(right == given == wanted) if given or wanted else None


def tally(given: Any, wanted: Any, shape: Shape) -> Tally:
    """Return how two JSON values agree. Null is no value: leaving a field out and setting it to null are the same."""
    counts = Tally()
    _count(given, wanted, shape, (), counts)
    return counts


def _count(given: Any, wanted: Any, shape: Shape, path: Path, counts: Tally) -> None:
    if isinstance(given, Mapping) and isinstance(wanted, Mapping):
        for name in (*wanted, *(name for name in given if name not in wanted)):
            _count(given.get(name), wanted.get(name), shape.member(name), (*path, name), counts)
    elif isinstance(given, list) and isinstance(wanted, list):
        for index, (ours, theirs) in enumerate(_paired(given, wanted, shape, is_row=path[-1:] == (ITEM,))):
            _count(ours, theirs, shape.item(index), (*path, ITEM), counts)
    else:
        for place, _ in leaves(given, path):
            counts.given[place] += 1
        for place, _ in leaves(wanted, path):
            counts.wanted[place] += 1
        if _is_right(given, wanted, shape):
            counts.right[path] += 1


def _is_right(given: Any, wanted: Any, shape: Shape) -> bool:
    if given is None or wanted is None or isinstance(given, Mapping | list) or isinstance(wanted, Mapping | list):
        return False
    return leaf(given, shape) == leaf(wanted, shape)


def _paired(given: Sequence[Any], wanted: Sequence[Any], shape: Shape, *, is_row: bool) -> Pairs:
    """Return the items of two lists, each beside the one it is held against, None beside one that has none."""
    if shape.free_order:
        return _in_any_order(given, wanted, shape)
    is_matrix = is_row or _are_rows(given, wanted)
    if len(given) == len(wanted) or is_matrix or not _is_affordable(given, wanted):
        return list(zip_longest(given, wanted))
    return _in_order(given, wanted, _agreement(given, wanted, shape))


def _are_rows(given: Sequence[Any], wanted: Sequence[Any]) -> bool:
    return any(isinstance(item, list) for item in (*given, *wanted))


def _is_affordable(given: Sequence[Any], wanted: Sequence[Any]) -> bool:
    if max(len(given), len(wanted)) > MOST_ITEMS:
        return False
    ours, theirs = (sum(1 for _ in leaves(items)) for items in (list(given), list(wanted)))
    return ours * theirs <= _MOST_WORK


def _in_any_order(given: Sequence[Any], wanted: Sequence[Any], shape: Shape) -> Pairs:
    pairs, ours, theirs = _equal_first(given, wanted, shape.item(0))
    if ours and theirs and _is_affordable(ours, theirs):
        from scipy.optimize import linear_sum_assignment

        rows, columns = linear_sum_assignment(_agreement(ours, theirs, shape), maximize=True)
        pairs += [(ours[row], theirs[column]) for row, column in zip(rows, columns, strict=True)]
        kept, held = set(rows.tolist()), set(columns.tolist())
        ours = [item for place, item in enumerate(ours) if place not in kept]
        theirs = [item for place, item in enumerate(theirs) if place not in held]
    return pairs + list(zip_longest(ours, theirs))


def _equal_first(given: Sequence[Any], wanted: Sequence[Any], shape: Shape) -> tuple[Pairs, list[Any], list[Any]]:
    """Return the pairs of wholly equal items, and the items that are left of either list; no better pairs exist."""
    ours, theirs = ([same_as(item, shape) for item in items] for items in (given, wanted))
    shared = Counter(ours) & Counter(theirs)
    equal, ours_left = _split(given, ours, shared)
    _, theirs_left = _split(wanted, theirs, shared)
    return [(item, item) for item in equal], ours_left, theirs_left


def _split(items: Sequence[Any], keys: Sequence[Hashable], shared: Counter[Hashable]) -> tuple[list[Any], list[Any]]:
    """Return the items that are shared, each as often as it is, and the others."""
    left = Counter(shared)
    taken: list[Any] = []
    others: list[Any] = []
    for item, key in zip(items, keys, strict=True):
        (taken if left[key] > 0 else others).append(item)
        left[key] -= 1
    return taken, others


def _agreement(given: Sequence[Any], wanted: Sequence[Any], shape: Shape) -> Floats:
    """Return how many values are right between each item given and each item wanted."""
    item = shape.item(0)
    ours, theirs = ([_flat(value, item) for value in items] for items in (given, wanted))
    right = np.zeros((len(given), len(wanted)))  # (given, wanted) float64
    for row, (value, fields) in enumerate(zip(given, ours, strict=True)):
        for column, (other, others) in enumerate(zip(wanted, theirs, strict=True)):
            if fields is None or others is None:
                right[row, column] = sum(tally(value, other, item).right.values())
            else:
                right[row, column] = len(fields & others)
    return right


def _flat(value: Any, shape: Shape, path: Path = ()) -> set[Hashable] | None:
    """Return the (path, value) pairs of a value without lists, None for one with lists."""
    if isinstance(value, list):
        return None
    if not isinstance(value, Mapping):
        return set() if value is None else {(path, leaf(value, shape))}
    found: set[Hashable] = set()
    for name, inner in value.items():
        fields = _flat(inner, shape.member(name), (*path, name))
        if fields is None:
            return None
        found |= fields
    return found


def _in_order(given: Sequence[Any], wanted: Sequence[Any], right: Floats) -> Pairs:
    """Return the pairs that keep both orders and make most values right: the textbook alignment of two sequences."""
    agree: list[list[float]] = right.tolist()
    best = [[0.0] * (len(wanted) + 1) for _ in range(len(given) + 1)]  # [i][j]: of the items from i and from j on
    for i in range(len(given) - 1, -1, -1):
        for j in range(len(wanted) - 1, -1, -1):
            best[i][j] = max(agree[i][j] + best[i + 1][j + 1], best[i + 1][j], best[i][j + 1])
    pairs: Pairs = []
    i = j = 0
    while i < len(given) and j < len(wanted):
        if best[i][j] == agree[i][j] + best[i + 1][j + 1]:
            pairs.append((given[i], wanted[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((given[i], None))
            i += 1
        else:
            pairs.append((None, wanted[j]))
            j += 1
    return pairs + [(item, None) for item in given[i:]] + [(None, item) for item in wanted[j:]]
