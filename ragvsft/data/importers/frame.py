"""What every import needs: ids and file names, what was skipped and why, the split, and the files at the end."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ragvsft.data.cells import as_text, is_blank, listed
from ragvsft.data.problems import Row, first_places
from ragvsft.masking import masked
from ragvsft.prompts import REFUSAL
from ragvsft.records import Example, Sample
from ragvsft.store.files import jsonl

SPLIT_NOTE = (
    "Examples and samples are different questions about the same documents, so training asked about some of the tested "
    "facts in other words and about others not at all. An adapter's score shows what a training file of this kind "
    "teaches, not what the documents could teach, nor how the adapter does on documents it never saw."
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Records of the source that were left out for one cause."""

    cause: str  # "paragraphs without text"
    count: int
    places: str  # the first three


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote."""

    documents: int
    samples: int
    examples: int
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]  # what such data can and cannot show: for the report
    settings: Mapping[str, str | int | None] = field(default_factory=dict)  # {"task.kind": "json"}: keys of the config


@dataclass(slots=True)
class Skips:
    """What an import leaves out, by cause."""

    _places: dict[str, list[str]] = field(default_factory=dict)

    def add(self, where: Row | str, cause: str) -> None:
        """Count one record that is left out."""
        self._places.setdefault(cause, []).append(where if isinstance(where, str) else where.place)

    def told(self) -> tuple[Skipped, ...]:
        """Return the causes with their counts, in the order they were met."""
        return tuple(
            Skipped(cause, len(found), first_places(sorted(found, key=_by_number)))
            for cause, found in self._places.items()
        )


def _by_number(place: str) -> list[tuple[str, int]]:
    """Return what sorts places in the order of their file: line 9 is before line 10."""
    return [(text, int(number or 0)) for text, number in re.findall(r"(\D+)(\d*)", place)]


def text_or_none(value: Any) -> str | None:
    """Return a text or a number as a text; None where there is none, or "nan" in its place."""
    text = as_text(value)
    return None if is_blank(text) or not isinstance(text, str) else text.strip()


def answer_text(answer: Any) -> Any:
    """Return what an answer says, where it is an object: SQuAD's text, or TriviaQA's value with its aliases."""
    if not isinstance(answer, dict):
        return answer
    held = {str(key).lower(): value for key, value in answer.items()}
    found = [held["text"]] if "text" in held else [held.get("value"), held.get("aliases")] if "value" in held else []
    return list(dict.fromkeys(listed(found))) if found else answer


def with_ids(rows: Sequence[Row], name: str, *, key: str = "sample_id", digits: int = 4) -> list[Row]:
    """Return rows that all have an id: a number becomes a text, a missing one is `name` and the row's number."""
    taken = {as_text(row.values.get(key)) for row in rows}
    named = []
    for number, row in enumerate(rows, start=1):
        value = as_text(row.values.get(key))
        if is_blank(value):
            value = f"{masked(name)}-{number:0{digits}}"
            while value in taken:
                value += "-new"
            taken.add(value)
        named.append(Row(row.place, {**row.values, key: value}))
    return named


def part(samples: Sequence[Sample], share: float, seed: int) -> tuple[list[Sample], list[Example]]:
    """Return the samples that stay, in order, and the examples made of a random share of them."""
    drawn = sorted(samples, key=lambda sample: lot(sample.sample_id, seed))[: round(share * len(samples))]
    chosen = {sample.sample_id for sample in drawn}
    kept = [sample for sample in samples if sample.sample_id not in chosen]
    return kept, examples_of(sample for sample in samples if sample.sample_id in chosen)


def lot(name: str, seed: int) -> str:
    """Return a number to draw by: random in the seed, and the same on every machine and Python."""
    return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()


def examples_of(samples: Iterable[Sample]) -> list[Example]:
    """Return the samples as training examples."""
    # the shortest of several annotations is the answer; the longer ones quote around it
    return [
        Example(sample.sample_id, sample.question, min(sample.targets, key=len, default=REFUSAL), sample.doc_ids)
        for sample in samples
    ]


def file_names(texts: Sequence[str]) -> dict[str, str]:
    """Return a file name for every text; two that differ only in case or forbidden characters get two names."""
    plain = Counter(file_name(text).casefold() for text in texts)
    names = {}
    for text in texts:
        short = file_name(text)
        if plain[short.casefold()] > 1 or len(short) < len(text):
            short = f"{short}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        names[text] = short
    return names


def file_name(text: str) -> str:
    """Return a text as the name of a file may be, at most 80 characters."""
    return re.sub(r"[^\w().,-]+", "_", text)[:80].strip("._") or "untitled"


def files(
    evalset_out: Path, samples: Sequence[Sample], examples_out: Path | None, examples: Sequence[Example]
) -> dict[Path, str]:
    """Return the text of each file to write; the evalset last, since it is what a run needs."""
    evalset = {evalset_out: jsonl(samples)}
    return evalset if examples_out is None else {examples_out: jsonl(examples), **evalset}
