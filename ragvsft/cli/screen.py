"""What a command prints: text for a terminal, or one JSON document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ragvsft.characters import clean

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table


@dataclass(frozen=True, slots=True)
class Screen:
    """Something that prints as text, or as one JSON document."""

    data: Any
    parts: tuple[RenderableType, ...]  # top to bottom; a line of text is not markup

    def show(self) -> None:
        """Print to stdout."""
        from rich.console import Console

        console = Console(highlight=False)
        for part in self.parts:
            if isinstance(part, str):
                console.print(clean(part), markup=False)
            else:
                console.print(part)


def table_of(*columns: tuple[str, Literal["left", "right"]]) -> Table:
    """Return an empty table with these columns."""
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name, justify in columns:
        table.add_column(escape(name), justify=justify, overflow="fold")
    return table
