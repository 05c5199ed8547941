"""What a cleaning took away, counted by kind."""

from __future__ import annotations

from ragvsft.data.reading.result import Dropped


class Tally:
    """Counts what is dropped while it is dropped."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, int]] = {}

    def drop(self, what: str, old: str, new: str = "") -> str:
        """Count what `new` has less than `old`, and return `new`."""
        count, characters = self._found.get(what, (0, 0))
        self._found[what] = (count + 1, characters + max(len(old) - len(new), 0))
        return new

    def dropped(self) -> tuple[Dropped, ...]:
        """Return what was dropped, in the order in which each kind was first met."""
        return tuple(Dropped(what, *counts) for what, counts in self._found.items())
