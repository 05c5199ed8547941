"""Ragas test sets of any version, in JSON, JSON lines, CSV or Parquet: their contexts become the corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ragvsft.data.cells import as_text
from ragvsft.data.evalset import sample_of
from ragvsft.data.importers.columns import Chosen, require, under_our_names
from ragvsft.data.importers.frame import Imported, Skips, files, with_ids
from ragvsft.data.importers.source import Places, Source, map_option
from ragvsft.data.problems import Problems, Row
from ragvsft.data.rows import check_unique, texts_in, texts_of
from ragvsft.data.tables import read_table
from ragvsft.errors import EvalsetError
from ragvsft.store.files import write_new

FIELDS = {  # of each field, the names that versions of Ragas gave it
    "question": ("user_input", "question"),
    "targets": ("reference", "ground_truth", "ground_truths", "answer"),
    "contexts": ("reference_contexts", "contexts"),
    "kind": ("synthesizer_name", "evolution_type"),
    "sample_id": ("sample_id", "id"),
}
_NOTE = "The corpus holds only the contexts of the questions, so retrieval is easier than over whole documents."


def import_ragas(path: Path, corpus_out: Path, evalset_out: Path, *, columns: Chosen | None = None) -> Imported:
    """Turn a Ragas test set into samples, and its contexts into documents.

    `columns` are the file's columns of fields whose name is another than in Ragas. Conversations of several turns and
    questions without a reference answer are skipped. Raises EvalsetError with all problems.
    """
    problems, skips = Problems(), Skips()
    table = read_table(path, problems)
    rows = under_our_names(table, FIELDS, columns or {}, problems)
    has_fields = require(table, rows, ("question", "targets"), problems)
    asked = [_row(row, problems) for row in rows if _can_be_sample(row, skips)] if has_fields else []
    contexts = dict.fromkeys(text for row in asked for text in texts_of(row, "contexts", problems))
    names = {text: f"context-{number:04}.txt" for number, text in enumerate(contexts, start=1)}
    sample_rows = with_ids([_sample_row(row, names) for row in asked], "ragas")
    samples = [sample_of(row, problems) for row in sample_rows]
    check_unique(sample_rows, "sample_id", problems)
    if asked and not names:
        problems.add(str(path), "no row has reference_contexts; import questions alone with: ragvsft import csv")
    problems.raise_as(EvalsetError)
    if not samples:
        causes = ", ".join(f"{skip.cause} ({skip.count:,})" for skip in skips.told())
        held = f", only {causes}" if causes else ""
        raise EvalsetError(f"{path} holds no samples{held}; export it with the to_jsonl of a Ragas test set")
    documents = {name: f"{text}\n" for text, name in names.items()}
    write_new(corpus_out, documents, files(evalset_out, samples, None, []))
    return Imported(len(documents), len(samples), 0, skips.told(), (_NOTE,))


def _can_be_sample(row: Row, skips: Skips) -> bool:
    if isinstance(row.values.get("question"), list):
        skips.add(row, "conversations of several turns")
    elif "targets" not in row.values:  # Ragas writes nan where its model failed
        skips.add(row, "questions without a reference answer")
    else:
        return True
    return False


def _row(row: Row, problems: Problems) -> Row:
    """Return a row whose targets and contexts are lists, as whatever kind of list they were written."""
    kind = str(row.values.get("kind", ""))
    lists: dict[str, Any] = {
        key: texts_in(row, key, row.values.get(key), None, problems) for key in ("targets", "contexts")
    }
    kept: dict[str, Any] = {key: as_text(row.values[key]) for key in ("question", "sample_id") if key in row.values}
    return Row(row.place, {**kept, **lists, "stratum": "multi-hop" if "multi" in kind.lower() else "rephrased"})


def _sample_row(row: Row, names: Mapping[str, str]) -> Row:
    contexts: Sequence[str] = texts_of(row, "contexts", Problems())
    values = {key: value for key, value in row.values.items() if key != "contexts"}
    return Row(row.place, {**values, "doc_ids": list(dict.fromkeys(names[text] for text in contexts))})


def _take(places: Places, *, columns: Chosen) -> Imported:
    """Import a Ragas test set.

    Reads JSON, JSONL, CSV or Parquet. Its contexts become documents.

    \b
    ragvsft import ragas testset.csv my-set
    ragvsft import ragas testset.csv my-set --map targets=Expected --map contexts=Chunks
    """  # noqa: D301  (click wants the real \b)
    return import_ragas(places.test, places.corpus, places.evalset, columns=columns)


SOURCE = Source(_take, (map_option(FIELDS),))
