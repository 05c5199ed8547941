"""What the commands share: their options, how they find or begin a run, and how they print."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ragvsft.cli.console import printable

if TYPE_CHECKING:
    from ragvsft.cli.screen import Screen
    from ragvsft.config.root import Config
    from ragvsft.progress import Progress
    from ragvsft.stages.run import Run

Command = TypeVar("Command", bound=Callable[..., None])

PATH = click.Path(path_type=Path)


def config_options(command: Command) -> Command:
    """Give a command the options of a config: its file, and what overrides it."""
    for option in reversed(
        (
            click.option("-c", "--config", "path", type=PATH, default=Path("ragvsft.yaml"), show_default=True,
                         help="The config file; `ragvsft init` writes one."),
            click.option("-s", "--set", "changes", multiple=True, metavar="KEY=VALUE",
                         help="Override a key of the config, as in -s engine.device=cpu -s lora.epochs=5."),
            click.option("--model", help="Override `model`: bundled, a hub id or a folder."),
            click.option("--variants", help="Run only these variants of the config, or recipes, separated by commas."),
            click.option("--limit", type=click.IntRange(min=1),
                         help="Use N samples, in proportion from each stratum; stamps the report “not for decisions”."),
        )
    ):  # fmt: skip
        command = option(command)
    return command


def run_argument(command: Command) -> Command:
    """Give a command the argument RUN, and where to look for the newest one."""
    command = click.option("-o", "--output", type=PATH, default=Path("reports"), show_default=True,
                           help="Where to look for the newest run when RUN is left out.")(command)  # fmt: skip
    return click.argument("run", type=PATH, required=False)(command)


json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document on stdout and nothing else."
)


quiet_option = click.option("-q", "--quiet", is_flag=True, help="Show no progress on stderr.")


class Facts:
    """Facts that print as lines, or as JSON; `data` is the JSON where it says more than the lines."""

    def __init__(self, facts: dict[str, str], data: Any = None) -> None:
        self._facts = facts
        self.data = facts if data is None else data

    def show(self) -> None:
        """Print to stdout."""
        for key, value in self._facts.items():
            click.echo(f"{key}: {printable(value)}")


def print_shown(shown: Screen | Facts, as_json: bool) -> None:
    """Print something as text, or as one JSON document."""
    if as_json:
        from ragvsft.codec import to_plain

        click.echo(json.dumps(to_plain(shown.data), ensure_ascii=False, indent=2))
    else:
        shown.show()


def progress_of(quiet: bool) -> Progress:
    """Return what shows progress on stderr, or nothing."""
    from ragvsft.progress import Silent, Terminal

    return Silent() if quiet else Terminal()


def config_of(path: Path, changes: tuple[str, ...], model: str | None, variants: str | None) -> Config:
    """Return the config of a command's options."""
    from ragvsft.config.load import load_config

    chosen = {"model": model} if model else {}
    for change in changes:
        key, equals, value = change.partition("=")
        if not equals:
            # not echoed: it may be a token without its key
            raise click.BadParameter("write KEY=VALUE, as in -s engine.device=cpu", param_hint="-s")
        chosen[key] = value
    only = None if variants is None else [name.strip() for name in variants.split(",")]
    return load_config(path, overrides=chosen, only=only, environ=os.environ, say=_note)


def _note(text: str) -> None:
    click.echo(f"note: {printable(text)}", err=True)


def started(config: Config, limit: int | None, progress: Progress) -> Run:
    """Return a new run of a config, held until the command ends."""
    from ragvsft.stages.start import start

    return _held(start(config, limit=limit, progress=progress, environ=os.environ))


def do(run: Run, stage: str) -> None:
    """Do one stage of a run."""
    from ragvsft.stages import flow

    flow.do(run, stage)


def summary_of(run: Run) -> Screen:
    """Return a scored run in one screen."""
    from ragvsft.cli import screens

    return screens.summarise_run(run.evidence(without=("predictions", "latency", "scores", "trivial")), run.folder)


def resumed(resume: str, path: Path) -> Path:
    """Return the folder of the run to continue."""
    from ragvsft.config.load import load_config
    from ragvsft.store.runs import newest_run

    if resume != "newest":
        return Path(resume)
    return newest_run(load_config(path, environ=os.environ).output if path.exists() else Path("reports"))


def found_run(run: Path | None, output: Path) -> Path:
    """Return the run that was named, or the newest."""
    from ragvsft.store.runs import newest_run

    return run or newest_run(output)


def opened_run(path: Path, progress: Progress) -> Run:
    """Return the run of a folder, held until the command ends."""
    from ragvsft.stages.start import resume

    return _held(resume(path, progress=progress, environ=os.environ))


def _held(run: Run) -> Run:
    """Return a run whose folder is let go when the command ends, not only with the process."""
    click.get_current_context().call_on_close(run.folder.close)
    return run
