"""The command line: parse, call one function, print, exit code. No logic.

How a command ends, and with which exit code, is in `console`.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ragvsft import __version__
from ragvsft.cli.console import Commands, ExitCode, printable
from ragvsft.cli.imports import import_group
from ragvsft.errors import UserError

if TYPE_CHECKING:
    from ragvsft.cli.screens import Screen
    from ragvsft.config.sections import Config
    from ragvsft.progress import Progress
    from ragvsft.stages.run import Run

_PATH = click.Path(path_type=Path)
Command = TypeVar("Command", bound=Callable[..., None])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="ragvsft")
def main() -> None:
    """RAG or fine-tuning? Evidence for your corpus.

    From one folder of documents and one file of questions, ragvsft builds every variant that you name (the prompt
    alone, worked examples, retrieval, LoRA), runs all of them, measures quality, latency and cost, and writes an HTML
    report that says what the evidence supports, and what would change it.

    \b
    First steps:
      ragvsft doctor          what this machine can do
      ragvsft init            write a commented ragvsft.yaml
      ragvsft run --dry-run   what a run would take
      ragvsft run             build, answer, score, report
    """  # noqa: D301  (click wants the real \\b)


def _config_options(command: Command) -> Command:
    for option in reversed(
        (
            click.option("-c", "--config", "path", type=_PATH, default=Path("ragvsft.yaml"), show_default=True,
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


def _run_argument(command: Command) -> Command:
    command = click.option("-o", "--output", type=_PATH, default=Path("reports"), show_default=True,
                           help="Where to look for the newest run when RUN is left out.")(command)  # fmt: skip
    return click.argument("run", type=_PATH, required=False)(command)


_json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document on stdout and nothing else."
)
_quiet_option = click.option("-q", "--quiet", is_flag=True, help="Show no progress on stderr.")


@main.command("run")
@_config_options
@click.option("--resume", is_flag=False, flag_value="newest", default=None, metavar="[RUN]",
              help="Continue a stopped run: the one in this folder, or the newest.")  # fmt: skip
@click.option(
    "--dry-run", is_flag=True, help="Estimate time and cost from counts and a brief probe of the model; write nothing."
)
@_json_option
@_quiet_option
def run_command(
    path: Path, changes: tuple[str, ...], model: str | None, variants: str | None, limit: int | None,
    resume: str | None, dry_run: bool, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Do everything: build the variants, answer, score, and write the report."""
    progress = _progress(quiet or as_json)
    if dry_run:
        _print(_estimate(_config(path, changes, model, variants), limit, progress), as_json)
        return
    if resume is not None and (changes or model or variants or limit):
        raise UserError("--resume continues a run as it was started; leave out --set, --model, --variants and --limit")
    if resume is None:
        run = _started(_config(path, changes, model, variants), limit, progress)
    else:
        run = _open(_resumed(resume, path), progress)
    _do_all(run)
    _print(_summary(run), as_json)


def _estimate(config: Config, limit: int | None, progress: Progress) -> Screen:
    from ragvsft.cli import screens
    from ragvsft.stages.estimate import estimate

    return screens.summarise_estimate(estimate(config, limit=limit, progress=progress, environ=os.environ))


def _do_all(run: Run) -> None:
    """Do all stages; say how to go on where that is stopped."""
    from ragvsft.stages import flow

    go_on = f"continue with: ragvsft run --resume {run.folder.path}"
    try:
        flow.do_all(run)
    except KeyboardInterrupt:
        click.echo(f"\nstopped; {go_on}", err=True)
        sys.exit(ExitCode.STOPPED)
    except UserError as error:
        raise UserError([*error.problems[:-1], f"{error.problems[-1]}; then {go_on}"]) from error


@main.command("build")
@_config_options
@_json_option
@_quiet_option
def build_command(
    path: Path, changes: tuple[str, ...], model: str | None, variants: str | None, limit: int | None,
    as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Start a run and build its indexes and adapters.

    Whatever is unchanged comes from the cache.
    """
    run = _started(_config(path, changes, model, variants), limit, _progress(quiet or as_json))
    _do(run, "build")
    _print(_Facts({"run": str(run.folder.path), **run.folder.read_json("builds")}), as_json)


@main.command("answer")
@_run_argument
@_json_option
@_quiet_option
def answer_command(run: Path | None, output: Path, as_json: bool, quiet: bool) -> None:
    """Answer every sample with every variant.

    Answers from an earlier start are kept.
    """
    opened = _open(_found(run, output), _progress(quiet or as_json))
    _do(opened, "answer")
    _print(_Facts({"run": str(opened.folder.path)}), as_json)


@main.command("score")
@_run_argument
@_json_option
@_quiet_option
def score_command(run: Path | None, output: Path, as_json: bool, quiet: bool) -> None:
    """Turn the answers into scores, metrics, comparison, cost and decision.

    This needs no model.
    """
    opened = _open(_found(run, output), _progress(quiet or as_json))
    _do(opened, "score")
    _print(_summary(opened), as_json)


@main.command("report")
@_run_argument
@_json_option
def report_command(run: Path | None, output: Path, as_json: bool) -> None:
    """Write report.html again from the stored scores."""
    opened = _open(_found(run, output), _progress(True))
    _do(opened, "report")
    _print(_Facts({"report": str(opened.folder.file("report"))}), as_json)


@main.command("runs")
@click.option("-o", "--output", type=_PATH, default=Path("reports"), show_default=True, help="Where the runs are.")
@_json_option
def runs_command(output: Path, as_json: bool) -> None:
    """List the runs, oldest first, and how far each one got."""
    from ragvsft.cli import screens

    _print(screens.summarise_runs(output), as_json)


@main.command("variants")
@_json_option
def variants_command(as_json: bool) -> None:
    """List the recipes that `variants` in a config can name, with a sentence each."""
    from ragvsft.names import VARIANTS

    says = {name: f"{row.says}{' A control.' if row.role == 'control' else ''}" for name, row in VARIANTS.items()}
    _print(_Facts(says), as_json)


@main.command("doctor")
@click.option("--model", help="Show how a run would use this model instead: prompts, end marks, context, lora.")
@_json_option
def doctor_command(model: str | None, as_json: bool) -> None:
    """Show what this machine can do: device, models, hub, extras."""
    from ragvsft.cli import screens
    from ragvsft.doctor import machine

    if model is not None:
        from ragvsft.doctor.model import examine_model

        _print(screens.summarise_model(examine_model(model)), as_json)
        return
    _print(screens.summarise_machine(machine.examine(Path())), as_json)


@main.command("init")
@click.argument("path", type=_PATH, default=Path("ragvsft.yaml"))
def init_command(path: Path) -> None:
    """Write a commented ragvsft.yaml with every key and its default."""
    from ragvsft.config.template import config_template
    from ragvsft.errors import OutputError
    from ragvsft.store.files import write_atomically

    if path.exists():
        raise OutputError(f"{path} already exists; name another file: ragvsft init other.yaml")
    write_atomically(path, config_template())
    click.echo(
        f"wrote {path}; set corpus and evalset in it, then run: ragvsft run --dry-run -c {shlex.quote(str(path))}"
    )


@main.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of ragvsft.yaml, for completion in an editor."""
    from ragvsft.config.template import config_schema

    click.echo(config_schema())


main.add_command(import_group)


class _Facts:
    """A dict that prints as lines, or as JSON."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.data = facts

    def show(self) -> None:
        for key, value in self.data.items():
            click.echo(f"{key}: {printable(str(value))}")


def _print(shown: Screen | _Facts, as_json: bool) -> None:
    if as_json:
        from ragvsft.codec import to_plain

        click.echo(json.dumps(to_plain(shown.data), ensure_ascii=False, indent=2))
    else:
        shown.show()


def _progress(quiet: bool) -> Progress:
    from ragvsft.progress import Silent, Terminal

    return Silent() if quiet else Terminal()


def _config(path: Path, changes: tuple[str, ...], model: str | None, variants: str | None) -> Config:
    from ragvsft.config.load import load_config

    chosen = {"model": model} if model else {}
    for change in changes:
        key, equals, value = change.partition("=")
        if not equals:
            # not echoed: it may be a token without its key
            raise click.BadParameter("write KEY=VALUE, as in -s engine.device=cpu", param_hint="-s")
        chosen[key] = value
    only = [name.strip() for name in variants.split(",")] if variants else None
    return load_config(path, overrides=chosen, only=only, environ=os.environ, say=_note)


def _note(text: str) -> None:
    click.echo(f"note: {printable(text)}", err=True)


def _started(config: Config, limit: int | None, progress: Progress) -> Run:
    from ragvsft.stages.start import start

    return _held(start(config, limit=limit, progress=progress, environ=os.environ))


def _do(run: Run, stage: str) -> None:
    from ragvsft.stages import flow

    flow.do(run, stage)


def _summary(run: Run) -> Screen:
    from ragvsft.cli import screens

    return screens.summarise_run(run.evidence(), run.folder)


def _resumed(resume: str, path: Path) -> Path:
    from ragvsft.config.load import load_config
    from ragvsft.store.runs import newest_run

    if resume != "newest":
        return Path(resume)
    return newest_run(load_config(path, environ=os.environ).output if path.exists() else Path("reports"))


def _found(run: Path | None, output: Path) -> Path:
    from ragvsft.store.runs import newest_run

    return run or newest_run(output)


def _open(path: Path, progress: Progress) -> Run:
    from ragvsft.stages.start import resume

    return _held(resume(path, progress=progress, environ=os.environ))


def _held(run: Run) -> Run:
    """Return a run whose folder is let go when the command ends, not only with the process."""
    click.get_current_context().call_on_close(run.folder.close)
    return run
