"""SQuAD 1.1 and 2.0 and what is written like them: nested, as flat rows of a hub, as an annotation tool exports it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ragvsft.data.cells import ShortenedList, as_text, is_blank, listed, parsed
from ragvsft.data.evalset import sample_of
from ragvsft.data.importers.frame import (
    SPLIT_NOTE,
    Imported,
    Skips,
    answer_text,
    examples_of,
    file_names,
    files,
    part,
    text_or_none,
    with_ids,
)
from ragvsft.data.importers.source import SEED, Places, Source
from ragvsft.data.problems import Problems, Row, short
from ragvsft.data.rows import check_unique
from ragvsft.data.tables import is_table, read_table
from ragvsft.errors import EvalsetError
from ragvsft.masking import masked
from ragvsft.records import Sample
from ragvsft.store.files import write_new

_SQUAD_NOTE = (
    "SQuAD's questions were written by people who had the paragraph before them; some cannot be understood "
    "without it, which lowers every variant that must find the paragraph first."
)
_SQUAD_ID = re.compile(r"5[67a][0-9a-f]{22}")  # of SQuAD itself, not of what only has its format
_IDS = ("id", "qid", "question_id", "_id")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A text with the questions about it."""

    place: str
    title: str | None  # as the document shows it
    group: str  # what its document's folder is called after
    text: str
    questions: tuple[Row, ...]
    is_flat: bool  # a row of a hub, which writes "unanswerable" as an empty list of answers


def import_squad(
    path: Path,
    corpus_out: Path,
    evalset_out: Path,
    *,
    train: Path | None = None,
    examples_out: Path | None = None,
    examples_share: float = 0.5,
    seed: int = 0,
) -> Imported:
    """Turn a SQuAD file into one document per paragraph, "<title>/<number>.txt", and samples.

    Impossible questions become unanswerable samples. With `train`, its questions become the training examples; else,
    with `examples_out`, a share of the questions. Raises EvalsetError with all problems.
    """
    problems, skips = Problems(), Skips()
    tested = _paragraphs(path, problems, skips)
    taught = _paragraphs(train, problems, skips) if train else []
    doc_ids = _doc_ids([*tested, *taught])
    samples = _samples(tested, doc_ids, path.stem, problems, skips)
    training = _samples(taught, doc_ids, train.stem if train else "", problems, skips)
    problems.raise_as(EvalsetError)
    if not samples:
        raise EvalsetError(f"{path} holds no question with an answer; name a SQuAD file with answers")
    share = examples_share if examples_out and train is None else 0.0
    kept, examples = part(samples, share, seed)
    examples += examples_of(training)
    documents = {doc_ids[key]: _document(key) for key in doc_ids}
    write_new(corpus_out, documents, files(evalset_out, kept, examples_out, examples))
    notes = (*([_SQUAD_NOTE] if _is_squad_itself(samples) else []), *([SPLIT_NOTE] if share and examples else []))
    return Imported(len(documents), len(kept), len(examples), skips.told(), notes)


_Key = tuple[str | None, str, str]  # title, group, text: what makes a document


def _key(paragraph: _Paragraph) -> _Key:
    return paragraph.title, paragraph.group, paragraph.text


def _document(key: _Key) -> str:
    title, _, text = key
    return f"{title.replace('_', ' ')}\n\n{text}\n" if title else f"{text}\n"


def _doc_ids(paragraphs: Sequence[_Paragraph]) -> dict[_Key, str]:
    """Return a doc_id for every paragraph: no two texts have the same, and the same text has one only."""
    folders = file_names(list(dict.fromkeys(paragraph.group for paragraph in paragraphs)))
    numbers: Counter[str] = Counter()  # an article may be split over several parts of the file
    doc_ids: dict[_Key, str] = {}
    for paragraph in paragraphs:
        if _key(paragraph) not in doc_ids:
            doc_ids[_key(paragraph)] = f"{folders[paragraph.group]}/{numbers[paragraph.group]:03}.txt"
            numbers[paragraph.group] += 1
    return doc_ids


def _paragraphs(path: Path, problems: Problems, skips: Skips) -> list[_Paragraph]:
    """Return every paragraph that has a text, however the file holds it."""
    found: list[_Paragraph] = []
    for row in read_table(path, problems).rows:
        if "paragraphs" in row.values:
            children = _children(row, "paragraphs", problems)
            found += [_nested(child, row.values, path, problems) for child in children]
        elif "qas" in row.values:
            found.append(_nested(row, {}, path, problems))
        elif "question" in row.values and "context" in row.values:
            found.append(_flat(row, path, problems))
        elif "header" not in row.values:  # the first line of an MRQA file
            problems.add(row, "has neither paragraphs nor context and question; name a SQuAD file")
    for paragraph in found:
        if not paragraph.text:
            skips.add(paragraph.place, "paragraphs without text")
            for question in paragraph.questions:
                skips.add(question, "questions about a paragraph without text")
    return [paragraph for paragraph in found if paragraph.text]


def _nested(row: Row, article: dict[str, Any], path: Path, problems: Problems) -> _Paragraph:
    document = row.values.get("document_id", article.get("document_id"))
    title = text_or_none(article.get("title", row.values.get("title")))
    group = title or (masked(path.stem) if document is None else f"document-{document}")
    questions = tuple(_children(row, "qas", problems))
    return _Paragraph(row.place, title, group, _context(row, problems), questions, is_flat=False)


def _flat(row: Row, path: Path, problems: Problems) -> _Paragraph:
    title = text_or_none(row.values.get("title"))
    if is_table(path) and isinstance(row.values.get("answers"), str):
        row = Row(row.place, {**row.values, "answers": _shown(row, row.values["answers"], problems)})
    return _Paragraph(row.place, title, title or masked(path.stem), _context(row, problems), (row,), is_flat=True)


def _shown(row: Row, cell: str, problems: Problems) -> Any:
    """Return the answers that a cell of a table shows."""
    try:
        found = parsed(cell)
    except ShortenedList:
        problems.add(row, "answers is a list whose middle was printed as ...; save the data as JSON or Parquet instead")
        return cell
    return cell if found is None else found


def _context(row: Row, problems: Problems) -> str:
    """Return the paragraph's text, "" where the source has none."""
    value = row.values.get("context")
    if "context" not in row.values:
        problems.add(row, "context is missing; name a SQuAD file, whose paragraphs have a text")
    elif isinstance(value, list):
        remedy = "a SQuAD file has one text per question; import the questions alone with: ragvsft import csv"
        problems.add(row, f"context is a list of paragraphs, as in HotpotQA; {remedy}", "context is a list")
    elif value is not None and not isinstance(as_text(value), str):
        problems.add(row, f"context is {short(value)}; write it as a text in quotes", "context is not a text")
    return text_or_none(value) or ""


def _children(row: Row, key: str, problems: Problems) -> list[Row]:
    value = row.values.get(key)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        problems.add(row, f"{key} is missing or not a list of objects; name a SQuAD file")
        return []
    return [Row(f"{row.place} {key}[{number}]", item) for number, item in enumerate(value)]


def _samples(
    paragraphs: Sequence[_Paragraph], doc_ids: dict[_Key, str], name: str, problems: Problems, skips: Skips
) -> list[Sample]:
    """Return the samples of all questions that have an answer, or none on purpose."""
    asked = [(row, paragraph, _answers(row, problems)) for paragraph in paragraphs for row in paragraph.questions]
    has_answers = any(answers for _, _, answers in asked)  # a test split without its answers is not unanswerable
    rows = []
    for question, paragraph, answers in asked:
        is_empty = answers == () and paragraph.is_flat and has_answers and "is_impossible" not in question.values
        impossible = is_empty or as_text(question.values.get("is_impossible")) in ("true", "True", "1")
        if is_blank(question.values.get("question")):
            skips.add(question, "questions without text")
        elif not answers and not impossible:
            skips.add(question, "questions without an answer that are not marked is_impossible")
        else:
            rows.append(_sample_row(question, doc_ids[_key(paragraph)], () if impossible else answers or ()))
    rows = with_ids(rows, name, digits=5)
    check_unique(rows, "sample_id", problems)
    return [sample_of(row, problems) for row in rows]


def _sample_row(row: Row, doc_id: str, answers: Sequence[Any]) -> Row:
    """Return a question under our keys. An unanswerable one keeps its paragraph, which ties it to its neighbours."""
    values = row.values
    return Row(
        row.place,
        {
            "sample_id": next((values[key] for key in _IDS if not is_blank(values.get(key))), None),
            "question": as_text(values["question"]),
            "targets": list(dict.fromkeys(answers)),
            "doc_ids": [doc_id],
            "stratum": "rephrased" if answers else "unanswerable",
        },
    )


def _answers(row: Row, problems: Problems) -> tuple[str, ...] | None:
    """Return a question's answers: objects with a text, texts, or one object of lists; None where the field is not."""
    value = next((row.values[key] for key in ("answers", "answer") if row.values.get(key) is not None), None)
    if value is None:
        return None
    found = [value] if isinstance(value, dict) else listed(value) if isinstance(value, list) else [value]
    texts = [as_text(text) for text in listed([answer_text(item) for item in found])]
    if not all(isinstance(text, str) for text in texts):
        problems.add(row, f"answers is {short(value)}; write a list of texts", "answers is not a list of texts")
        return ()
    return tuple(text.strip() for text in texts)


def _is_squad_itself(samples: Iterable[Sample]) -> bool:
    """Return whether nearly all ids are SQuAD's own, which translations of it keep."""
    own = [_SQUAD_ID.fullmatch(sample.sample_id) is not None for sample in samples]
    return sum(own) > 0.9 * len(own)


def _take(places: Places, *, examples_share: float, seed: int) -> Imported:
    """Import SQuAD 1.1 or 2.0.

    Paragraphs become documents, questions become samples and training examples. Reads the nested JSON, the flat
    rows of a hub (JSON, JSON lines, CSV, Parquet), and exports of annotation tools.

    \b
    ragvsft import squad dev-v2.0.json my-set
    ragvsft import squad --train train-v2.0.json --test dev-v2.0.json my-set
    """  # noqa: D301  (click wants the real \b)
    return import_squad(
        places.test,
        places.corpus,
        places.evalset,
        train=places.train,
        examples_out=places.examples if examples_share or places.train else None,
        examples_share=examples_share,
        seed=seed,
    )


_SHARE = click.Option(
    ["--examples-share"], type=click.FloatRange(0, 1, max_open=True), default=0.5, show_default=True,
    help="Share of the questions that become training examples; 0: none, so no lora. Ignored with --train.",
)  # fmt: skip
SOURCE = Source(_take, (_SHARE, SEED), has_splits=True)
