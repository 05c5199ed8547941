"""Training examples: read from a file, and kept apart from the samples that will judge what they taught."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ragvsft.data.leaks import Asked
from ragvsft.data.problems import Problems, Row
from ragvsft.data.questions import take_apart
from ragvsft.data.rows import Form, check_keys, read_rows, records_of, split_cells, text_of, texts_of
from ragvsft.data.tables import is_table
from ragvsft.errors import ExamplesError
from ragvsft.records import Example, Sample

_SYNONYMS = {
    "id": "example_id",
    "query": "question",
    "prompt": "question",
    "answers": "answer",
    "targets": "answer",
    "response": "answer",
    "completion": "answer",
    "documents": "doc_ids",
}
_FORM = Form("examples", ("example_id", "question", "answer", "doc_ids"), _SYNONYMS, ExamplesError)


@dataclass(frozen=True, slots=True)
class LeakCheck:
    """What is left of the examples once those that give a sample away are gone."""

    kept: tuple[Example, ...]
    exact: int  # dropped: a sample's question, but for case and punctuation
    near: int  # dropped: almost a sample's question
    dropped_ids: tuple[str, ...]  # example_ids, in file order
    elsewhere: int = 0  # kept: a sample's question, but asked of other documents


def read_examples(
    path: Path,
    *,
    doc_ids: Collection[str] | None = None,
    left_out: Mapping[str, str] | None = None,
    separator: str | None = None,
) -> list[Example]:
    """Return the examples of a .jsonl, .json, .csv, .tsv or .parquet file, in order.

    `separator` separates the doc_ids in a cell of a table; an answer that shows a list of one is that one.
    `doc_ids` are the corpus's; None leaves them unchecked.
    `left_out` holds why a file of the corpus folder is not a document. Raises ExamplesError with all problems.
    """
    problems = Problems()
    rows = split_cells(path, read_rows(path, problems), ("doc_ids",), separator, problems)
    if is_table(path):
        rows = [_with_one_answer(row) for row in split_cells(path, rows, ("answer",), None, problems)]
    return records_of(path, rows, _FORM, _example, problems, doc_ids=doc_ids, left_out=left_out)


def drop_leaks(examples: Sequence[Example], samples: Sequence[Sample]) -> LeakCheck:
    """Return the examples without those whose question is a sample's, exactly or nearly.

    An adapter trained on the wording of a question would be asked what it has seen, not what it has learnt. The same
    wording asked of another document, a privacy policy of another company, is another question and stays.
    """
    asked = Asked([take_apart(sample.question, sample.doc_ids) for sample in samples])
    found = [asked.leak(take_apart(example.question, example.doc_ids)) for example in examples]
    return LeakCheck(
        kept=tuple(example for example, leak in zip(examples, found, strict=True) if leak not in ("exact", "near")),
        exact=found.count("exact"),
        near=found.count("near"),
        dropped_ids=tuple(e.example_id for e, leak in zip(examples, found, strict=True) if leak in ("exact", "near")),
        elsewhere=found.count("elsewhere"),
    )


def plain_words(text: str) -> str:
    """Return a text without case, punctuation and Unicode variants: words separated by one blank."""
    text = unicodedata.normalize("NFKC", text)
    # a vowel sign, as of Hindi or Thai, is a mark and belongs to its word, though \w leaves it out
    marked = "".join(c if unicodedata.category(c)[0] == "M" or re.match(r"\w", c) else " " for c in text)
    return " ".join(marked.casefold().split()) or text.strip()


def _with_one_answer(row: Row) -> Row:
    answer = row.values.get("answer")
    return Row(row.place, {**row.values, "answer": answer[0]}) if isinstance(answer, list) and len(answer) == 1 else row


def _example(row: Row, problems: Problems) -> Example:
    check_keys(row, _FORM, problems)
    return Example(
        example_id=text_of(row, "example_id", problems),
        question=text_of(row, "question", problems),
        answer=text_of(row, "answer", problems),
        doc_ids=texts_of(row, "doc_ids", problems),
    )
