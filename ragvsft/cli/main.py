"""The command line: parse, call one function, print, exit code. No logic.

`console` holds the exit codes.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ragvsft import __version__
from ragvsft.cli.console import Commands, ExitCode
from ragvsft.cli.imports import import_group
from ragvsft.cli.options import (
    PATH,
    Facts,
    config_of,
    config_options,
    do,
    found_run,
    json_option,
    opened_run,
    print_shown,
    progress_of,
    quiet_option,
    resumed,
    run_argument,
    started,
    summary_of,
)
from ragvsft.errors import UserError

if TYPE_CHECKING:
    from ragvsft.cli.screen import Screen
    from ragvsft.config.root import Config
    from ragvsft.progress import Progress
    from ragvsft.stages.run import Run


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


@main.command("run")
@config_options
@click.option("--resume", is_flag=False, flag_value="newest", default=None, metavar="[RUN]",
              help="Continue a stopped run: the one in this folder, or the newest.")  # fmt: skip
@click.option(
    "--dry-run", is_flag=True, help="Estimate time and cost from counts and a brief probe of the model; write nothing."
)
@json_option
@quiet_option
def run_command(
    path: Path, changes: tuple[str, ...], model: str | None, variants: str | None, limit: int | None,
    resume: str | None, dry_run: bool, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Do everything: build the variants, answer, score, and write the report."""
    progress = progress_of(quiet or as_json)
    if dry_run:
        print_shown(_estimate(config_of(path, changes, model, variants), limit, progress), as_json)
        return
    if resume is not None and (changes or model or variants or limit):
        raise UserError("--resume continues a run as it was started; leave out --set, --model, --variants and --limit")
    if resume is None:
        run = started(config_of(path, changes, model, variants), limit, progress)
    else:
        run = opened_run(resumed(resume, path), progress)
    _do_all(run)
    print_shown(summary_of(run), as_json)


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
@config_options
@json_option
@quiet_option
def build_command(
    path: Path, changes: tuple[str, ...], model: str | None, variants: str | None, limit: int | None,
    as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Start a run and build its indexes and adapters.

    Whatever is unchanged comes from the cache.
    """
    run = started(config_of(path, changes, model, variants), limit, progress_of(quiet or as_json))
    do(run, "build")
    print_shown(_built(run), as_json)


def _built(run: Run) -> Screen:
    from ragvsft.cli import lists

    return lists.summarise_builds(run.evidence().builds, run.folder.path)


@main.command("answer")
@run_argument
@json_option
@quiet_option
def answer_command(run: Path | None, output: Path, as_json: bool, quiet: bool) -> None:
    """Answer every sample with every variant.

    Answers from an earlier start are kept.
    """
    opened = opened_run(found_run(run, output), progress_of(quiet or as_json))
    do(opened, "answer")
    print_shown(Facts({"run": str(opened.folder.path)}), as_json)


@main.command("score")
@run_argument
@json_option
@quiet_option
def score_command(run: Path | None, output: Path, as_json: bool, quiet: bool) -> None:
    """Turn the answers into scores, metrics, comparison, cost and decision.

    This needs no model.
    """
    opened = opened_run(found_run(run, output), progress_of(quiet or as_json))
    do(opened, "score")
    print_shown(summary_of(opened), as_json)


@main.command("report")
@run_argument
@json_option
def report_command(run: Path | None, output: Path, as_json: bool) -> None:
    """Write report.html again from the stored scores."""
    opened = opened_run(found_run(run, output), progress_of(True))
    do(opened, "report")
    print_shown(Facts({"report": str(opened.folder.file("report"))}), as_json)


@main.command("runs")
@click.option("-o", "--output", type=PATH, default=Path("reports"), show_default=True, help="Where the runs are.")
@json_option
def runs_command(output: Path, as_json: bool) -> None:
    """List the runs, oldest first, and how far each one got."""
    from ragvsft.cli import lists

    print_shown(lists.summarise_runs(output), as_json)


@main.command("variants")
@json_option
def variants_command(as_json: bool) -> None:
    """List the recipes that `variants` in a config can name, with a sentence each."""
    from ragvsft.names import VARIANTS

    says = {name: f"{row.says}{' A control.' if row.role == 'control' else ''}" for name, row in VARIANTS.items()}
    rows = [{"name": name, "says": row.says, "role": row.role} for name, row in VARIANTS.items()]
    print_shown(Facts(says, rows), as_json)


@main.command("doctor")
@click.option("--model", help="Show how a run would use this model instead: prompts, end marks, context, lora.")
@json_option
def doctor_command(model: str | None, as_json: bool) -> None:
    """Show what this machine can do: device, models, hub, extras."""
    from ragvsft.cli import lists
    from ragvsft.doctor import machine

    if model is not None:
        from ragvsft.doctor.model import examine_model

        print_shown(lists.summarise_model(examine_model(model)), as_json)
        return
    print_shown(lists.summarise_machine(machine.examine(Path())), as_json)


@main.command("init")
@click.argument("path", type=PATH, default=Path("ragvsft.yaml"))
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
