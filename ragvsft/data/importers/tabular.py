"""Tables of questions and answers, with whatever names for their columns."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import click

from ragvsft.data.cells import as_text
from ragvsft.data.corpus import read_corpus
from ragvsft.data.evalset import sample_of
from ragvsft.data.importers.columns import SEVERAL, Chosen, require, under_our_names
from ragvsft.data.importers.frame import Imported, answer_text, examples_of, files, with_ids
from ragvsft.data.importers.source import Places, Source, map_option
from ragvsft.data.problems import Problems, Row
from ragvsft.data.rows import check_doc_ids, check_unique, texts_in
from ragvsft.data.tables import read_table
from ragvsft.errors import EvalsetError
from ragvsft.records import Sample
from ragvsft.store.files import write_new

FIELDS = {  # of each field, the names of columns that need no --map
    "question": ("question", "query", "user_input", "text", "utterance"),
    "targets": ("answers", "answer", "targets", "target", "reference", "ground_truth", "label"),
    "doc_ids": ("doc_ids", "doc_id", "documents", "document"),
    "sample_id": ("sample_id", "id"),
    "stratum": ("stratum",),
}
_SPLIT_NOTE = "Samples and examples are the test and training splits that the data came with."


def import_table(
    path: Path,
    evalset_out: Path,
    *,
    doc_ids: Collection[str] | None = None,
    separator: str | None = None,
    columns: Chosen | None = None,
    train: Path | None = None,
    examples_out: Path | None = None,
) -> Imported:
    """Turn a table with questions, answers and, if there are any, doc_ids, ids and strata into samples.

    A cell is one answer, or the list that it shows; only a `separator` splits it further. A row without id is called
    after its number. The rows of `train` become examples. `doc_ids` are the corpus's; None leaves them unchecked.
    Raises EvalsetError with all problems.
    """
    problems = Problems()
    samples = _samples(path, separator, columns or {}, doc_ids, problems)
    examples = examples_of(_samples(train, separator, columns or {}, doc_ids, problems) if train else [])
    problems.raise_as(EvalsetError)
    if not samples:
        raise EvalsetError(f"{path} holds no samples; start it with the header question,answers,doc_ids")
    write_new(None, {}, files(evalset_out, samples, examples_out, examples))
    return Imported(len(doc_ids or ()), len(samples), len(examples), (), (_SPLIT_NOTE,) if train else ())


def _samples(
    path: Path, separator: str | None, columns: Chosen, doc_ids: Collection[str] | None, problems: Problems
) -> list[Sample]:
    table = read_table(path, problems)
    found = under_our_names(table, FIELDS, columns, problems)
    needed = ("question",) if any("stratum" in row.values for row in found) else ("question", "targets")
    if not require(table, found, needed, problems):
        return []
    rows = with_ids([_row(row, separator, problems) for row in found], path.stem)
    samples = [sample_of(row, problems) for row in rows]
    check_unique(rows, "sample_id", problems)
    check_doc_ids(rows, doc_ids, problems)
    return samples


def _row(row: Row, separator: str | None, problems: Problems) -> Row:
    return Row(
        row.place,
        {
            key: texts_in(row, key, answer_text(value), separator, problems) if key in SEVERAL else as_text(value)
            for key, value in row.values.items()
        },
    )


def _take(places: Places, *, corpus: Path | None, columns: Chosen, separator: str | None) -> Imported:
    """Import a table of questions and answers.

    Reads CSV, TSV, Parquet, JSON or JSONL. Columns: question, answers and, if there are any, doc_ids,
    sample_id, stratum. A cell is one answer, or a list as JSON, Python, pandas or numpy write it. If your columns have
    other names, say so with --map:

    \b
    ragvsft import csv qa.csv my-set --corpus documents
    ragvsft import csv qa.csv my-set --map question=Question --map targets=Answer_True --map doc_ids=Document_True
    ragvsft import csv --train train.csv --test test.csv my-set --map question=text,targets=label
    """  # noqa: D301  (click wants the real \b)
    made = import_table(
        places.test,
        places.evalset,
        doc_ids={document.doc_id for document in read_corpus(corpus)} if corpus else None,
        separator=separator,
        columns=columns,
        train=places.train,
        examples_out=places.examples if places.train else None,
    )
    return replace(made, settings={"corpus": os.path.relpath(corpus, places.out) if corpus else None})


_CORPUS = click.Option(
    ["--corpus"], type=click.Path(path_type=Path),
    help="The folder of documents that the questions are about; without it nothing is retrieved.",
)  # fmt: skip
_SEPARATOR = click.Option(
    ["--separator"], help='What separates several targets or doc_ids in one cell, as in --separator "|".'
)
SOURCE = Source(_take, (_CORPUS, map_option(FIELDS), _SEPARATOR), has_splits=True)
