"""`ragvsft import`: other people's formats as a corpus, an evalset and a config that is ready to run."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ragvsft.cli.console import Commands, printable
from ragvsft.errors import OutputError, UserError

if TYPE_CHECKING:
    from ragvsft.data.importers.frame import Imported

_PATH = click.Path(path_type=Path)


@click.group("import", cls=Commands)
def import_group() -> None:
    """Turn what you have into a corpus, an evalset and a config.

    Each command writes a folder with a ragvsft.yaml that is ready to run.
    """


@dataclass(frozen=True, slots=True)
class _Places:
    """What an import reads and where it writes."""

    test: Path
    train: Path | None  # None: the data has one part only
    out: Path


def _check_no_config(out: Path) -> None:
    """Raise OutputError if a config lies where the import would write its own."""
    if (out / "ragvsft.yaml").exists():
        raise OutputError(f"{out / 'ragvsft.yaml'} already exists; import into another folder")


def _without_config(ctx: click.Context, parameter: click.Parameter, out: Path) -> Path:
    _check_no_config(out)
    return out


def _import_arguments(command: Callable[..., Any]) -> Callable[..., Any]:
    out = click.argument("out", type=_PATH, callback=_without_config)
    return click.argument("source", type=_PATH)(out(command))


def _split_arguments(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command SOURCE and OUT, or --train, --test and OUT."""
    for option in (
        click.option("--test", type=_PATH, help="The test split: its questions become samples. Leave out SOURCE then."),
        click.option("--train", type=_PATH, help="The training split: its questions become the training examples."),
        click.argument("places", nargs=-1, type=_PATH, required=True, metavar="[SOURCE] OUT", callback=_read_places),
    ):
        command = option(command)
    return command


def _read_places(ctx: click.Context, parameter: click.Parameter, places: Sequence[Path]) -> Sequence[Path]:
    _check_no_config(places[-1])
    return places


def _parts(places: Sequence[Path], train: Path | None, test: Path | None) -> _Places:
    """Return what the arguments of `_split_arguments` mean. Raises UserError."""
    *sources, out = places
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
    return _Places(tested, train, out)


_share_option = click.option(
    "--examples-share", type=click.FloatRange(0, 1, max_open=True), default=0.5, show_default=True,
    help="Share of the questions that become training examples; 0: none, so no lora. Ignored with --train.",
)  # fmt: skip
_seed_option = click.option("--seed", type=int, default=0, show_default=True, help="Seed of the random split.")
_map_option = click.option(
    "--map", "mapped", multiple=True, metavar="FIELD=COLUMN",
    help="Which column holds a field, where the names differ: --map question=Question --map targets=Answer_True, or "
         "both at once, separated by a comma.",
)  # fmt: skip


@import_group.command("squad")
@_split_arguments
@_share_option
@_seed_option
def import_squad_command(
    places: Sequence[Path], train: Path | None, test: Path | None, examples_share: float, seed: int
) -> None:
    """Take SQuAD 1.1 or 2.0: paragraphs become documents, questions samples and training examples.

    Reads the nested JSON, the flat rows of a hub (JSON, JSON lines, CSV, Parquet), and exports of annotation tools.

    \b
    ragvsft import squad dev-v2.0.json my-set
    ragvsft import squad --train train-v2.0.json --test dev-v2.0.json my-set
    """  # noqa: D301  (click wants the real \b)
    from ragvsft.data.importers.squad import import_squad

    where = _parts(places, train, test)
    examples = where.out / "examples.jsonl" if examples_share or where.train else None
    made = import_squad(
        where.test, where.out / "corpus", where.out / "evalset.jsonl",
        train=where.train, examples_out=examples, examples_share=examples_share, seed=seed,
    )  # fmt: skip
    _finish_import(where.out, made, {})


@import_group.command("beir")
@_import_arguments
@click.option("--split", default="test", show_default=True, help="The split whose qrels are read.")
def import_beir_command(source: Path, out: Path, split: str) -> None:
    """Take a BEIR folder: corpus.jsonl, queries.jsonl with answers, qrels."""
    from ragvsft.data.importers.beir import import_beir

    _finish_import(out, import_beir(source, out / "corpus", out / "evalset.jsonl", split=split), {})


@import_group.command("ragas")
@_import_arguments
@_map_option
def import_ragas_command(source: Path, out: Path, mapped: tuple[str, ...]) -> None:
    """Take a Ragas test set (JSON, JSONL, CSV, Parquet): its contexts become documents.

    \b
    ragvsft import ragas testset.csv my-set
    ragvsft import ragas testset.csv my-set --map targets=Expected --map contexts=Chunks
    """  # noqa: D301  (click wants the real \b)
    from ragvsft.data.importers.columns import read_map
    from ragvsft.data.importers.ragas import FIELDS, import_ragas

    columns = read_map(mapped, tuple(FIELDS))
    _finish_import(out, import_ragas(source, out / "corpus", out / "evalset.jsonl", columns=columns), {})


@import_group.command("csv")
@_split_arguments
@click.option(
    "--corpus",
    type=_PATH,
    help="The folder of documents that the questions are about; without it nothing is retrieved.",
)
@_map_option
@click.option("--separator", help='What separates several targets or doc_ids in one cell, as in --separator "|".')
def import_csv_command(
    places: Sequence[Path], train: Path | None, test: Path | None,
    corpus: Path | None, mapped: tuple[str, ...], separator: str | None,
) -> None:  # fmt: skip
    """Take a table (CSV, TSV, Parquet, JSON, JSONL) of questions and answers.

    Columns: question, answers and, if there are any, doc_ids, sample_id, stratum. A cell is one answer, or a list as
    JSON, Python, pandas or numpy write it. If your columns have other names, say so with --map:

    \b
    ragvsft import csv qa.csv my-set --corpus documents
    ragvsft import csv qa.csv my-set --map question=Question --map targets=Answer_True --map doc_ids=Document_True
    ragvsft import csv --train train.csv --test test.csv my-set --map question=text,targets=label
    """  # noqa: D301  (click wants the real \b)
    from ragvsft.data.corpus import read_corpus
    from ragvsft.data.importers.columns import read_map
    from ragvsft.data.importers.tabular import FIELDS, import_table

    where = _parts(places, train, test)
    columns = read_map(mapped, tuple(FIELDS))
    doc_ids = {document.doc_id for document in read_corpus(corpus)} if corpus else None
    made = import_table(
        where.test, where.out / "evalset.jsonl", doc_ids=doc_ids, separator=separator, columns=columns,
        train=where.train, examples_out=where.out / "examples.jsonl" if where.train else None,
    )  # fmt: skip
    _finish_import(where.out, made, {"corpus": os.path.relpath(corpus, where.out) if corpus else None})


@import_group.command("utterances")
@_split_arguments
@_map_option
@click.option("--top-slots", type=click.IntRange(min=0), default=6, show_default=True,
              help="How many slots, the most frequent ones, the JSON schema asks for.")  # fmt: skip
@_seed_option
def import_utterances_command(
    places: Sequence[Path], train: Path | None, test: Path | None,
    mapped: tuple[str, ...], top_slots: int, seed: int,
) -> None:  # fmt: skip
    """Take messages with intent and slots (as in SNIPS): a JSON task with its schema and training examples.

    \b
    ragvsft import utterances snips.jsonl my-set
    ragvsft import utterances --train train.csv --test test.csv my-set --map intent=category
    """  # noqa: D301  (click wants the real \b)
    from ragvsft.data.importers.columns import read_map
    from ragvsft.data.importers.utterances import FIELDS, TASK_KIND, import_utterances

    where = _parts(places, train, test)
    made = import_utterances(
        where.test, where.out / "corpus", where.out / "evalset.jsonl",
        examples_out=where.out / "examples.jsonl", schema_out=where.out / "schema.json",
        train=where.train, columns=read_map(mapped, tuple(FIELDS)), top_slots=top_slots, seed=seed,
    )  # fmt: skip
    _finish_import(where.out, made, {**_task(TASK_KIND), "task.schema_file": "schema.json"})


def _task(kind: str) -> dict[str, Any]:
    """Return what the config of a task of this kind says that is not the default."""
    from ragvsft.tasks import TASKS

    tokens = TASKS[kind].answer_tokens
    return {"task.kind": kind, **({"engine.max_new_tokens": tokens} if tokens else {})}


def _finish_import(out: Path, made: Imported, values: dict[str, Any]) -> None:
    """Write the config of what was imported, and say what there is and what was left out."""
    from ragvsft.config.template import config_template, run_name
    from ragvsft.store.files import write_atomically

    known = {"name": run_name(out.resolve().name), "corpus": "corpus", "evalset": "evalset.jsonl", **values}
    variants = [name for name, has in (("rag", known["corpus"]), ("lora", made.examples)) if has]
    learns: dict[str, Any] = {} if made.examples else {"examples": None}
    left_out = [f"Left out of the source: {skip.cause} ({skip.count:,})." for skip in made.skipped]
    chosen = {"variants": ["prompt", *variants], "notes": [*made.notes, *left_out]}
    write_atomically(out / "ragvsft.yaml", config_template({**known, **learns, **chosen}))
    counts = (
        _plural(made.documents, "document") if known["corpus"] else "no corpus",
        _plural(made.samples, "sample"),
        _plural(made.examples, "training example"),
    )
    skipped = sum(skip.count for skip in made.skipped)
    click.echo(f"{out}: {', '.join(counts)}; {_plural(skipped, 'record')} skipped")
    for skip in made.skipped:
        click.echo(f"  skipped: {skip.cause}: {skip.count:,} ({printable(skip.places)})")
    for note in made.notes:
        click.echo(f"  note: {printable(note)}")
    click.echo(f"next: ragvsft run --dry-run -c {shlex.quote(str(out / 'ragvsft.yaml'))}")


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
