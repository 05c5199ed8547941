"""A file of questions to Samples, every one of them checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from ragvsft.data.problems import Problems, Row
from ragvsft.data.questions import take_apart
from ragvsft.data.rows import Form, check_keys, read_rows, records_of, split_cells, text_of, texts_of
from ragvsft.errors import EvalsetError
from ragvsft.records import Sample, Stratum

STRATA: tuple[str, ...] = get_args(Stratum)
DEFAULT_STRATUM: Stratum = "rephrased"
_SYNONYMS = {
    "id": "sample_id",
    "query": "question",
    "answer": "targets",
    "answers": "targets",
    "target": "targets",
    "reference": "targets",
    "ground_truth": "targets",
    "documents": "doc_ids",
    "category": "stratum",
}
_FORM = Form("samples", ("sample_id", "question", "targets", "doc_ids", "stratum"), _SYNONYMS, EvalsetError)


def read_samples(
    path: Path,
    *,
    doc_ids: Collection[str] | None,
    left_out: Mapping[str, str] | None = None,
    separator: str | None = None,
) -> list[Sample]:
    """Return the samples of a .jsonl, .json, .csv, .tsv or .parquet file, in order.

    A stratum that is left out is "rephrased"; only "unanswerable" samples have no targets. A cell of a table is one
    target or doc_id, or a list as JSON, Python or numpy print it, or is split at `separator`; None, nan and null are
    empty cells, ["None"] is the text. `doc_ids` are the corpus's; None leaves them unchecked.
    `left_out` holds why a file of the corpus folder is not a document. Raises EvalsetError with all problems.
    """
    problems = Problems()
    rows = split_cells(path, read_rows(path, problems), ("targets", "doc_ids"), separator, problems)
    return records_of(path, rows, _FORM, sample_of, problems, doc_ids=doc_ids, left_out=left_out)


@dataclass(frozen=True, slots=True)
class Nameless:
    """Samples that ask in the same words of different documents, so that nothing tells which one is meant."""

    samples: int = 0
    of: int = 0  # all samples
    question: str = ""  # the one that is asked of most documents
    documents: int = 0  # of which it is asked


def find_nameless(samples: Sequence[Sample]) -> Nameless:
    """Return how many samples share their wording with a sample of which no document is theirs."""
    by_wording: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        if sample.doc_ids:
            by_wording[take_apart(sample.question).wording].append(sample)
    count, most, question = 0, 0, ""
    for asked in by_wording.values():
        documents = {frozenset(sample.doc_ids) for sample in asked}
        nameless = [s for s in asked if any(others.isdisjoint(s.doc_ids) for others in documents)]
        count += len(nameless)
        if nameless and len(documents) > most:
            most, question = len(documents), asked[0].question
    return Nameless(count, len(samples), question, most)


def sample_of(row: Row, problems: Problems) -> Sample:
    """Return the sample that a row holds; what is wrong with it goes to `problems`."""
    check_keys(row, _FORM, problems)
    found = len(problems)
    sample = Sample(
        sample_id=text_of(row, "sample_id", problems),
        question=text_of(row, "question", problems),
        targets=texts_of(row, "targets", problems),
        doc_ids=texts_of(row, "doc_ids", problems),
        stratum=_stratum(row, problems),
    )
    if found == len(problems):
        _check_targets(row, sample, problems)
    return sample


def _stratum(row: Row, problems: Problems) -> Stratum:
    value = row.values.get("stratum")
    if value is None:  # as pandas writes a cell that is empty
        return DEFAULT_STRATUM
    if value not in STRATA:
        problems.add(row, f"stratum {value!r} is unknown; choose from {', '.join(STRATA)}", "unknown stratum")
    return cast(Stratum, value)


def _check_targets(row: Row, sample: Sample, problems: Problems) -> None:
    if sample.stratum == "unanswerable" and sample.targets:
        problems.add(row, "targets must be empty where the stratum is unanswerable: the right answer is a refusal")
    if sample.stratum != "unanswerable" and not sample.targets:
        problems.add(row, 'targets is empty; give at least one accepted answer, or "stratum": "unanswerable"')
