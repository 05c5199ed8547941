"""The command line: parse, call one function, print, exit code. No logic.

Exit codes: 0 done, 1 our bug (with its traceback), 2 something the user can fix (one line per problem).
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ragvsft import __version__
from ragvsft.errors import UserError

if TYPE_CHECKING:
    from ragvsft.config import Config
    from ragvsft.importers import Imported
    from ragvsft.progress import Progress
    from ragvsft.workflow import Run

_PATH = click.Path(path_type=Path)
_JSON_TOKENS = 192  # JSON cut off at the default of 48 would score 0


class _Commands(click.Group):
    """Lists the commands in the order of their use, and turns UserError into exit code 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs)
        except UserError as error:
            for problem in error.problems:
                click.echo(f"error: {_printable(problem)}", err=True)
            sys.exit(2)


def _printable(text: str) -> str:
    """Return text without the control characters that could drive a terminal."""
    return "".join(c if c.isprintable() or c == " " else c.encode("unicode_escape").decode() for c in text)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="ragvsft")
def main() -> None:
    """RAG or fine-tuning? Evidence for your corpus.

    From one folder of documents and one file of questions, ragvsft builds every variant (prompt only, retrieval,
    LoRA), runs all of them through one model, measures quality, latency and cost, and writes an HTML report that says
    what the evidence supports, and what would change it.

    \b
    First steps:
      ragvsft doctor          what this machine can do
      ragvsft init            write a commented ragvsft.yaml
      ragvsft run --dry-run   what a run would take
      ragvsft run             build, answer, score, report
    """  # noqa: D301  (click wants the real \\b)


def _config_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(
        (
            click.option("-c", "--config", "path", type=_PATH, default=Path("ragvsft.yaml"), show_default=True,
                         help="The config file; `ragvsft init` writes one."),
            click.option("-s", "--set", "changes", multiple=True, metavar="KEY=VALUE",
                         help="Override a key of the config, as in -s engine.device=cpu -s lora.epochs=5."),
            click.option("--model", help="Override `model`: bundled, a hub id or a folder."),
            click.option("--variants", help="Override `variants`, separated by commas."),
            click.option("--limit", type=click.IntRange(min=1),
                         help="Use N samples, every stratum in proportion; stamps the report “not for decisions”."),
        )
    ):  # fmt: skip
        command = option(command)
    return command


def _run_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    command = click.option("-o", "--output", type=_PATH, default=Path("reports"), show_default=True,
                           help="Where to look for the newest run when RUN is left out.")(command)  # fmt: skip
    return click.argument("run", type=_PATH, required=False)(command)


_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout, nothing else.")
_quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")


@main.command("run")
@_config_options
@click.option("--resume", is_flag=False, flag_value="newest", default=None, metavar="[RUN]",
              help="Continue a run that was stopped: its folder, or the newest one.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Count, probe the model briefly, estimate time and cost; write nothing.")
@_json_option
@_quiet_option
def run_command(
    path: Path, changes: tuple[str, ...], model: str | None, variants: str | None, limit: int | None,
    resume: str | None, dry_run: bool, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Do everything: build the variants, answer, score, and write the report."""
    from ragvsft import summary, workflow

    progress = _progress(quiet or as_json)
    if dry_run:
        from ragvsft.estimate import estimate

        found = estimate(_config(path, changes, model, variants), limit=limit, progress=progress, environ=os.environ)
        _print(summary.summarise_estimate(found), as_json)
        return
    if resume is not None and (changes or model or variants or limit):
        raise UserError("--resume continues a run as it was started; leave --set, --model, --variants and --limit out")
    if resume is None:
        run = workflow.start(
            _config(path, changes, model, variants), limit=limit, progress=progress, environ=os.environ
        )
    else:
        run = _open(_resumed(resume, path), progress)
    go_on = f"continue with: ragvsft run --resume {run.folder.path}"
    try:
        run.all_stages()
    except KeyboardInterrupt:
        click.echo(f"\nstopped; {go_on}", err=True)
        sys.exit(130)
    except UserError as error:
        raise UserError([*error.problems[:-1], f"{error.problems[-1]}; then {go_on}"]) from error
    _print(summary.summarise_run(run.folder), as_json)


@main.command("build")
@_config_options
@_json_option
@_quiet_option
def build_command(
    path: Path, changes: tuple[str, ...], model: str | None, variants: str | None, limit: int | None,
    as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Start a run and build its index and adapters; what is unchanged is taken from the cache."""
    from ragvsft import workflow

    config = _config(path, changes, model, variants)
    run = workflow.start(config, limit=limit, progress=_progress(quiet or as_json), environ=os.environ)
    run.build()
    _print(_Facts({"run": str(run.folder.path), **run.folder.read_json("builds")}), as_json)


@main.command("answer")
@_run_argument
@_json_option
@_quiet_option
def answer_command(run: Path | None, output: Path, as_json: bool, quiet: bool) -> None:
    """Answer every sample with every variant; what was answered before is not asked again."""
    opened = _open(_found(run, output), _progress(quiet or as_json))
    opened.answer()
    _print(_Facts({"run": str(opened.folder.path)}), as_json)


@main.command("score")
@_run_argument
@_json_option
@_quiet_option
def score_command(run: Path | None, output: Path, as_json: bool, quiet: bool) -> None:
    """Score what was answered: scores, metrics, comparison, cost, decision. Asks no model."""
    from ragvsft import summary

    opened = _open(_found(run, output), _progress(quiet or as_json))
    opened.score()
    _print(summary.summarise_run(opened.folder), as_json)


@main.command("report")
@_run_argument
@_json_option
def report_command(run: Path | None, output: Path, as_json: bool) -> None:
    """Write report.html again from what was scored."""
    opened = _open(_found(run, output), _progress(True))
    opened.report()
    _print(_Facts({"report": str(opened.folder.file("report"))}), as_json)


@main.command("runs")
@click.option("-o", "--output", type=_PATH, default=Path("reports"), show_default=True, help="Where the runs are.")
@_json_option
def runs_command(output: Path, as_json: bool) -> None:
    """List the runs, oldest first, and how far each came."""
    from ragvsft import summary

    _print(summary.summarise_runs(output), as_json)


@main.command("doctor")
@click.option("--model", help="Say what a run would make of this model instead: prompts, end marks, context, lora.")
@_json_option
def doctor_command(model: str | None, as_json: bool) -> None:
    """Say what this machine can do: device, models, hub, extras."""
    from ragvsft import machine, summary

    if model is not None:
        from ragvsft.modelcheck import examine_model

        _print(summary.summarise_model(examine_model(model)), as_json)
        return
    _print(summary.summarise_machine(machine.examine(Path())), as_json)


@main.command("init")
@click.argument("path", type=_PATH, default=Path("ragvsft.yaml"))
def init_command(path: Path) -> None:
    """Write a commented ragvsft.yaml with every key and its default."""
    from ragvsft.config import config_template
    from ragvsft.errors import OutputError
    from ragvsft.store import write_atomically

    if path.exists():
        raise OutputError(f"{path}: exists already; name another file: ragvsft init other.yaml")
    write_atomically(path, config_template())
    click.echo(
        f"{path}: written; set corpus and evalset in it, then: ragvsft run --dry-run -c {shlex.quote(str(path))}"
    )


@main.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of ragvsft.yaml, for completion in an editor."""
    from ragvsft.config import config_schema

    click.echo(config_schema())


@main.group("import", cls=_Commands)
def import_group() -> None:
    """Turn what you have into a corpus, an evalset and a config.

    Each command writes a folder with a ragvsft.yaml that is ready to run.
    """


def _without_config(ctx: click.Context, parameter: click.Parameter, out: Path) -> Path:
    """Return the folder to import into, unless a config stands there that the import would replace."""
    from ragvsft.errors import OutputError

    if (out / "ragvsft.yaml").exists():
        raise OutputError(f"{out / 'ragvsft.yaml'}: exists already; import into another folder")
    return out


def _import_arguments(command: Callable[..., Any]) -> Callable[..., Any]:
    out = click.argument("out", type=_PATH, callback=_without_config)
    return click.argument("source", type=_PATH)(out(command))


_share_option = click.option(
    "--examples-share", type=click.FloatRange(0, 1, max_open=True), default=0.5, show_default=True,
    help="Share of the questions that becomes training examples; 0: none, and no lora.",
)  # fmt: skip
_seed_option = click.option("--seed", type=int, default=0, show_default=True, help="Of the random split.")


@import_group.command("squad")
@_import_arguments
@_share_option
@_seed_option
def import_squad_command(source: Path, out: Path, examples_share: float, seed: int) -> None:
    """Take SQuAD 1.1 or 2.0 JSON: paragraphs become documents, questions samples and training examples."""
    from ragvsft.importers import import_squad

    examples = out / "examples.jsonl" if examples_share else None
    made = import_squad(
        source, out / "corpus", out / "evalset.jsonl", examples_out=examples, examples_share=examples_share, seed=seed
    )
    _finish_import(out, made, {})


@import_group.command("beir")
@_import_arguments
@click.option("--split", default="test", show_default=True, help="Which qrels to read.")
def import_beir_command(source: Path, out: Path, split: str) -> None:
    """Take a BEIR folder: corpus.jsonl, queries.jsonl with answers, qrels."""
    from ragvsft.importers import import_beir

    _finish_import(out, import_beir(source, out / "corpus", out / "evalset.jsonl", split=split), {})


@import_group.command("ragas")
@_import_arguments
def import_ragas_command(source: Path, out: Path) -> None:
    """Take a Ragas test set (JSON, JSONL or CSV): its contexts become documents."""
    from ragvsft.importers import import_ragas

    _finish_import(out, import_ragas(source, out / "corpus", out / "evalset.jsonl"), {})


@import_group.command("csv")
@_import_arguments
@click.option("--corpus", type=_PATH, required=True, help="The folder of documents that the questions are about.")
def import_csv_command(source: Path, out: Path, corpus: Path) -> None:
    """Take a table with the columns question, answers and, if there are any, doc_ids, sample_id, stratum."""
    from ragvsft.corpus import read_corpus
    from ragvsft.importers import import_csv

    doc_ids = {document.doc_id for document in read_corpus(corpus)}
    made = import_csv(source, out / "evalset.jsonl", doc_ids=doc_ids)
    _finish_import(out, made, {"corpus": os.path.relpath(corpus, out)})


@import_group.command("utterances")
@_import_arguments
@click.option("--top-slots", type=click.IntRange(min=0), default=6, show_default=True,
              help="How many of the most frequent slots the JSON schema has.")  # fmt: skip
@_seed_option
def import_utterances_command(source: Path, out: Path, top_slots: int, seed: int) -> None:
    """Take JSONL of text, intent and slots (as in SNIPS): a JSON task with its schema and training examples."""
    from ragvsft.importers import import_utterances

    made = import_utterances(
        source, out / "corpus", out / "evalset.jsonl",
        examples_out=out / "examples.jsonl", schema_out=out / "schema.json", top_slots=top_slots, seed=seed,
    )  # fmt: skip
    values = {"task.kind": "json", "task.schema_file": "schema.json", "engine.max_new_tokens": _JSON_TOKENS}
    _finish_import(out, made, values)


def _finish_import(out: Path, made: Imported, values: dict[str, Any]) -> None:
    from ragvsft.config import config_template, run_name
    from ragvsft.store import write_atomically

    learns: dict[str, Any] = {} if made.examples else {"examples": None, "variants": ["prompt", "rag"]}
    known = {
        "name": run_name(out.resolve().name),
        "corpus": "corpus",
        "evalset": "evalset.jsonl",
        "notes": list(made.notes),
    }
    write_atomically(out / "ragvsft.yaml", config_template({**known, **learns, **values}))
    counts = f"{made.documents} documents, {made.samples} samples, {made.examples} training examples"
    click.echo(f"{out}: {counts}; {made.skipped} records skipped")
    for note in made.notes:
        click.echo(f"  note: {_printable(note)}")
    click.echo(f"next: ragvsft run --dry-run -c {shlex.quote(str(out / 'ragvsft.yaml'))}")


class _Facts:
    """A dict that prints as lines, or as JSON."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.data = facts

    def show(self) -> None:
        for key, value in self.data.items():
            click.echo(f"{key}: {_printable(str(value))}")


def _print(shown: Any, as_json: bool) -> None:
    if as_json:
        from ragvsft.codec import to_plain

        click.echo(json.dumps(to_plain(shown.data), ensure_ascii=False, indent=2))
    else:
        shown.show()


def _progress(quiet: bool) -> Progress:
    from ragvsft.progress import Silent, Terminal

    return Silent() if quiet else Terminal()


def _config(path: Path, changes: tuple[str, ...], model: str | None, variants: str | None) -> Config:
    from ragvsft.config import load_config

    overrides = {"model": model, "variants": f"[{variants}]" if variants else None}
    chosen = {key: value for key, value in overrides.items() if value is not None}
    for change in changes:
        key, equals, value = change.partition("=")
        if not equals:
            raise click.BadParameter(f"{change!r} is no KEY=VALUE; write it as in -s engine.device=cpu")
        chosen[key] = value
    return load_config(path, overrides=chosen, environ=os.environ)


def _resumed(resume: str, path: Path) -> Path:
    from ragvsft.config import load_config
    from ragvsft.store import newest_run

    if resume != "newest":
        return Path(resume)
    return newest_run(load_config(path, environ=os.environ).output if path.exists() else Path("reports"))


def _found(run: Path | None, output: Path) -> Path:
    from ragvsft.store import newest_run

    return run or newest_run(output)


def _open(path: Path, progress: Progress) -> Run:
    from ragvsft.workflow import resume

    return resume(path, progress=progress, environ=os.environ)
