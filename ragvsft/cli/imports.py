"""`ragvsft import`: other people's formats as a corpus, an evalset and a config that is ready to run."""

from __future__ import annotations

import inspect
import shlex
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ragvsft.cli.console import Commands, printable
from ragvsft.errors import OutputError, UserError
from ragvsft.names import IMPORTERS
from ragvsft.text import plural

if TYPE_CHECKING:
    from ragvsft.data.importers.frame import Imported
    from ragvsft.data.importers.source import Places, Source

_PATH = click.Path(path_type=Path)


class _Sources(Commands):
    """One command for each row of IMPORTERS, made of what its module says."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the sources."""
        return list(IMPORTERS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a source; None for a name that is not known."""
        if cmd_name not in IMPORTERS:
            return None
        source: Source = import_module(IMPORTERS[cmd_name]).SOURCE
        return _command(cmd_name, source)


@click.group("import", cls=_Sources)
def import_group() -> None:
    """Turn what you have into a corpus, an evalset and a config.

    Each command writes a folder with a ragvsft.yaml that is ready to run.
    """


def _command(name: str, source: Source) -> click.Command:
    """Return the command that imports from a source: its places, then its own options."""
    parameters = _split_parameters() if source.has_splits else _parameters()

    def run(
        places: Sequence[Path] = (), source_path: Path | None = None, out: Path | None = None,
        train: Path | None = None, test: Path | None = None, **options: Any,
    ) -> None:  # fmt: skip
        given = [path for path in (*places, source_path, out) if path is not None]
        where = _places(given, train, test)
        _finish(where.out, source.take(where, **options))

    help_text = inspect.getdoc(source.take)
    return click.Command(name, params=[*parameters, *source.options], callback=run, help=help_text)


def _parameters() -> list[click.Parameter]:
    """Return SOURCE and OUT."""
    out = click.Argument(["out"], type=_PATH, callback=_without_config)
    return [click.Argument(["source_path"], type=_PATH, metavar="SOURCE"), out]


def _split_parameters() -> list[click.Parameter]:
    """Return SOURCE and OUT, or --train, --test and OUT."""
    train = "The training split: its questions become the training examples."
    test = "The test split: its questions become samples. Leave out SOURCE then."
    return [
        click.Argument(["places"], nargs=-1, type=_PATH, required=True, metavar="[SOURCE] OUT", callback=_last_new),
        click.Option(["--train"], type=_PATH, help=train),
        click.Option(["--test"], type=_PATH, help=test),
    ]


def _check_no_config(out: Path) -> None:
    """Raise OutputError if a config lies where the import would write its own."""
    if (out / "ragvsft.yaml").exists():
        raise OutputError(f"{out / 'ragvsft.yaml'} already exists; import into another folder")


def _without_config(ctx: click.Context, parameter: click.Parameter, out: Path) -> Path:
    _check_no_config(out)
    return out


def _last_new(ctx: click.Context, parameter: click.Parameter, places: Sequence[Path]) -> Sequence[Path]:
    _check_no_config(places[-1])
    return places


def _places(given: Sequence[Path], train: Path | None, test: Path | None) -> Places:
    """Return what the arguments of a source mean. Raises UserError."""
    from ragvsft.data.importers.source import Places

    *sources, out = given
    if len(sources) > 1:
        raise UserError("too many paths; write SOURCE OUT, or --train FILE --test FILE OUT")
    source = sources[0] if sources else None
    if train and test and source is not None:
        if not source.is_dir():
            raise UserError(f"{source}: --train and --test already name both splits; leave out SOURCE")
        train, test = source / train, source / test
    tested = test or source
    if tested is None:
        raise UserError("no file to test on; write SOURCE OUT, or --train FILE --test FILE OUT")
    if test and train is None:
        train = source  # SOURCE beside --test is the other part
    return Places(tested, train, out)


def _finish(out: Path, made: Imported) -> None:
    """Write the config of what was imported, and say what there is and what was left out."""
    from ragvsft.config.template import config_template, run_name
    from ragvsft.store.files import write_atomically

    known = {"name": run_name(out.resolve().name), "corpus": "corpus", "evalset": "evalset.jsonl", **made.settings}
    variants = [name for name, has in (("rag", known["corpus"]), ("lora", made.examples)) if has]
    learns: dict[str, Any] = {} if made.examples else {"examples": None}
    left_out = [f"Left out of the source: {skip.cause} ({skip.count:,})." for skip in made.skipped]
    chosen = {"variants": ["prompt", *variants], "notes": [*made.notes, *left_out]}
    write_atomically(out / "ragvsft.yaml", config_template({**known, **learns, **chosen}))
    counts = (
        plural(made.documents, "document") if known["corpus"] else "no corpus",
        plural(made.samples, "sample"),
        plural(made.examples, "training example"),
    )
    skipped = sum(skip.count for skip in made.skipped)
    click.echo(f"{out}: {', '.join(counts)}; {plural(skipped, 'record')} skipped")
    for skip in made.skipped:
        click.echo(f"  skipped: {skip.cause}: {skip.count:,} ({printable(skip.places)})")
    for note in made.notes:
        click.echo(f"  note: {printable(note)}")
    click.echo(f"next: ragvsft run --dry-run -c {shlex.quote(str(out / 'ragvsft.yaml'))}")
