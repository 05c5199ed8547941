"""Progress bars with rate and ETA on stderr, for whatever takes longer than two seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from ragvsft.masking import masked

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import ProgressColumn, TaskID


class Bar(Protocol):
    """One running stage."""

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Say that `steps` more are done; `note` is shown at the end of the line."""
        ...

    def resize(self, total: int) -> None:
        """Correct the number of steps."""
        ...


class Progress(Protocol):
    """Where stages show that they move."""

    @contextmanager
    def bar(self, title: str, total: int) -> Iterator[Bar]:
        """Show one stage of `total` steps for as long as the block runs."""
        ...

    def say(self, line: str) -> None:
        """Show one line that stays."""
        ...


class Silent:
    """Shows nothing: for tests and for `--quiet`."""

    @contextmanager
    def bar(self, title: str, total: int) -> Iterator[Bar]:
        """Show nothing."""
        yield _NoBar()

    def say(self, line: str) -> None:
        """Show nothing."""


class _NoBar:
    def advance(self, steps: int = 1, note: str = "") -> None:
        pass

    def resize(self, total: int) -> None:
        pass


class Terminal:
    """Rich progress bars on stderr; where stderr is no terminal, one plain line per stage."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)

    @contextmanager
    def bar(self, title: str, total: int) -> Iterator[Bar]:
        """Show one stage: its share done, its rate per second and the time left."""
        from rich import progress as rich

        columns = (
            rich.TextColumn("{task.description:<28}"),
            rich.BarColumn(bar_width=28),
            rich.MofNCompleteColumn(),
            _rate_column(),
            rich.TimeElapsedColumn(),
            rich.TextColumn("left"),
            rich.TimeRemainingColumn(compact=True),
            rich.TextColumn("[dim]{task.fields[note]}"),
        )
        with rich.Progress(*columns, console=self._console, disable=not self._console.is_terminal) as shown:
            task = shown.add_task(title, total=total, note="")
            bar = _RichBar(shown, task, total)
            yield bar
        if not self._console.is_terminal:
            self._console.print(f"{title}: done ({bar.done} of {bar.total})", markup=False)

    def say(self, line: str) -> None:
        """Show one line that stays."""
        self._console.print(masked(line), markup=False, soft_wrap=True)


class _RichBar:
    def __init__(self, shown: RichProgress, task: TaskID, total: int) -> None:
        self._shown, self._task = shown, task
        self.done, self.total = 0, total

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.done += steps
        self._shown.update(self._task, advance=steps, note=note)

    def resize(self, total: int) -> None:
        self.total = total
        self._shown.update(self._task, total=total)


def _rate_column() -> ProgressColumn:
    from rich.progress import ProgressColumn, Task
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:6.1f}/s" if speed else "", style="dim")

    return Rate()
