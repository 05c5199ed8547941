"""Training examples: read from a file, and kept apart from the samples that will judge what they taught."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ragvsft.errors import ExamplesError
from ragvsft.records import Example, Sample
from ragvsft.rows import (
    Problems,
    Row,
    as_documents,
    check_doc_ids,
    check_keys,
    check_unique,
    read_rows,
    split_cells,
    text_of,
    texts_of,
    write_rows,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array

KEYS = ("example_id", "question", "answer", "doc_ids")
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

# Two wordings are near when this share of what either holds is in both (Jaccard). Chosen by reading about 150 of some
# 1,190 close pairs of SQuAD questions and SNIPS utterances: from here on a pair asks the same, or differs in one word
# of a template, which is as good as seen. Words find reorderings; runs of letters find inflections and spellings.
NEAR_WORDS = 0.80
NEAR_LETTERS = 0.75
_RUN = 5  # letters


@dataclass(frozen=True, slots=True)
class LeakCheck:
    """What is left of the examples once those that give a sample away are gone."""

    kept: tuple[Example, ...]
    exact: int  # dropped: a sample's question, but for case and punctuation
    near: int  # dropped: almost a sample's question
    dropped_ids: tuple[str, ...]  # example_ids, in file order


def read_examples(
    path: Path, *, doc_ids: Collection[str] | None = None, left_out: Mapping[str, str] | None = None
) -> list[Example]:
    """Return the examples of a .jsonl, .csv or .parquet file, in order.

    `doc_ids` are the corpus's; None leaves them unchecked. `left_out` says why a file of the corpus folder is no
    document. Raises ExamplesError with all problems.
    """
    problems = Problems()
    rows = read_rows(path, problems)
    if path.suffix.lower() != ".jsonl":
        rows = split_cells(rows, ("doc_ids",))
    examples = [_example(row, problems) for row in rows]
    check_unique(rows, "example_id", problems)
    check_doc_ids(rows, doc_ids, problems, left_out=left_out)
    problems.raise_as(ExamplesError)
    if not examples:
        raise ExamplesError(f"{path} holds no examples; write one JSON object per line with {', '.join(KEYS)}")
    if doc_ids is None:
        return examples
    return [replace(example, doc_ids=as_documents(example.doc_ids)) for example in examples]


def write_examples(path: Path, examples: Sequence[Example]) -> None:
    """Write examples as JSONL, the whole file or nothing."""
    write_rows(path, examples)


def drop_leaks(examples: Sequence[Example], samples: Sequence[Sample]) -> LeakCheck:
    """Return the examples without those whose question is a sample's, exactly or nearly.

    An adapter trained on the wording of a question would be asked what it has seen, not what it has learnt.
    """
    asked = [plain_words(sample.question) for sample in samples]
    taught = [plain_words(example.question) for example in examples]
    exact = _positions_in(taught, set(asked))
    near = (_near(taught, asked, _words, NEAR_WORDS) | _near(taught, asked, _letters, NEAR_LETTERS)) - exact
    return LeakCheck(
        kept=tuple(example for position, example in enumerate(examples) if position not in exact | near),
        exact=len(exact),
        near=len(near),
        dropped_ids=tuple(examples[position].example_id for position in sorted(exact | near)),
    )


def plain_words(text: str) -> str:
    """Return a text without case, punctuation and Unicode variants: words parted by one blank."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())) or text.strip()


def _example(row: Row, problems: Problems) -> Example:
    check_keys(row, KEYS, _SYNONYMS, problems)
    return Example(
        example_id=text_of(row, "example_id", problems),
        question=text_of(row, "question", problems),
        answer=text_of(row, "answer", problems),
        doc_ids=texts_of(row, "doc_ids", problems),
    )


def _positions_in(texts: Sequence[str], wanted: Collection[str]) -> set[int]:
    return {position for position, text in enumerate(texts) if text in wanted}


def _words(text: str) -> set[str]:
    return set(text.split())


def _letters(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[start : start + _RUN] for start in range(max(1, len(padded) - _RUN + 1))}


def _near(taught: Sequence[str], asked: Sequence[str], parts: Callable[[str], set[str]], threshold: float) -> set[int]:
    """Return the positions in `taught` whose Jaccard similarity with any of `asked` is `threshold` or more."""
    texts = [parts(text) for text in [*taught, *asked]]
    frequency = Counter(part for text in texts for part in text)
    columns = {part: column for column, part in enumerate(sorted(frequency, key=lambda part: (frequency[part], part)))}
    rows = [sorted(columns[part] for part in text) for text in texts]  # rarest part first
    # two sets that are that similar share one of their rarest parts, so only those pairs are looked at
    rarest = _incidence([row[: len(row) - math.ceil(threshold * len(row)) + 1] for row in rows], len(columns))
    left, right = (rarest[: len(taught)] @ rarest[len(taught) :].T).nonzero()
    right = right + len(taught)
    whole = _incidence(rows, len(columns))
    shared = (whole[left] * whole[right]).sum(axis=1)  # (n_pairs,) int32: parts in both
    sizes = whole.sum(axis=1)
    return set(left[shared >= threshold * (sizes[left] + sizes[right] - shared)].tolist())


def _incidence(rows: Sequence[Sequence[int]], width: int) -> csr_array:
    """Return (n_rows, width) int32: 1 where a row names the column."""
    import numpy as np
    from scipy.sparse import csr_array

    columns = [column for row in rows for column in row]
    ends = np.cumsum([0, *map(len, rows)])
    return csr_array((np.ones(len(columns), dtype=np.int32), columns, ends), shape=(len(rows), width))
