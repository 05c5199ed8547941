"""What the module of a source tells the command line, so that a new source is one module and one row of IMPORTERS.

Each module holds `SOURCE`; the options are click's own, and nothing else of click is used here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from ragvsft.data.importers.columns import Chosen, read_map
from ragvsft.data.importers.frame import Imported


@dataclass(frozen=True, slots=True)
class Places:
    """What an import reads, and the folder that it writes."""

    test: Path
    train: Path | None  # None: the data has one part only
    out: Path

    @property
    def corpus(self) -> Path:
        """Where the documents go."""
        return self.out / "corpus"

    @property
    def evalset(self) -> Path:
        """Where the samples go."""
        return self.out / "evalset.jsonl"

    @property
    def examples(self) -> Path:
        """Where the training examples go."""
        return self.out / "examples.jsonl"


@dataclass(frozen=True, slots=True)
class Source:
    """A format that `ragvsft import` reads."""

    take: Callable[..., Imported]  # places and one keyword per option -> what was written; its docstring is the help
    options: tuple[click.Option, ...] = ()
    has_splits: bool = False  # it takes --train and --test, too


SEED = click.Option(["--seed"], type=int, default=0, show_default=True, help="Seed of the random split.")


def map_option(fields: Iterable[str]) -> click.Option:
    """Return --map, which becomes the keyword `columns`."""
    names = tuple(fields)

    def chosen(ctx: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> Chosen:
        return read_map(texts, names)

    return click.Option(
        ["--map", "columns"], multiple=True, metavar="FIELD=COLUMN", callback=chosen,
        help="Which column holds a field, where the names differ: --map question=Question --map targets=Answer_True, "
             "or both at once, separated by a comma.",
    )  # fmt: skip
