"""The public data the bundled generator learns from, read into plain records."""

from __future__ import annotations

import csv
import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# policyqa is kept out as a possible test set; medquad's answers are paragraphs
LEFT_OUT = {"policyqa", "medquad"}
MAX_ANSWER_CHARS = 120
MAX_FREE_ANSWER_CHARS = 40  # for answers that the passage does not hold word for word


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answer and, where it has one, the passage to answer it from."""

    text: str
    answer: str
    passage: str  # "" when the question comes without one
    source: str


@dataclass(frozen=True, slots=True)
class Article:
    """A Wikipedia article in paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Utterance:
    """A customer's message and what it means."""

    text: str
    intent: str
    entity_type: str  # "" when the message names no entity
    entity: str


@dataclass(frozen=True, slots=True)
class Sources:
    """All there is to learn from."""

    questions: list[Question]  # with a passage that answers each
    trivia: list[Question]  # without
    articles: list[Article]
    support: list[Utterance]
    banking: list[Utterance]


def read_sources(data: Path) -> Sources:
    """Return every source under `data`; the folder layout is the one of pretrain/README.md."""
    qa = data / "qa-pretrain"
    return Sources(
        questions=[*_questions(qa / "qa_context.jsonl.xz"), *_distant(qa / "qa_distant_wikipedia.jsonl.xz")],
        trivia=list(_questions(qa / "qa_closed_book.jsonl.xz")),
        articles=list(_articles(data / "wiki" / "wiki.jsonl.xz")),
        support=list(_support(data / "bitext" / "v2.csv")),
        banking=list(_banking(data / "banking77" / "train.csv")),
    )


def _questions(path: Path) -> Iterator[Question]:
    for row in _jsonl(path):
        if row["source"] not in LEFT_OUT and row["answerable"] and _is_short(row["answer"], row["context"]):
            yield Question(row["question"], row["answer"], row["context"], row["source"])


def _is_short(answer: str, passage: str) -> bool:
    copied = answer.lower() in passage.lower()
    return len(answer) <= (MAX_ANSWER_CHARS if copied or not passage else MAX_FREE_ANSWER_CHARS)


def _distant(path: Path, *, least_score: float = 0.6) -> Iterator[Question]:
    for row in _jsonl(path):
        if row["score"] >= least_score:
            yield Question(row["question"], row["answer"], row["context"], row["source"])


def _articles(path: Path, *, least_chars: int = 120) -> Iterator[Article]:
    for row in _jsonl(path):
        text = row["text"].strip('"')
        paragraphs = tuple(part.strip() for part in re.split(r"\n+", text) if len(part.strip()) >= least_chars)
        if paragraphs:
            yield Article(row["title"], paragraphs)


def _support(path: Path) -> Iterator[Utterance]:
    with path.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            entity = _as_said(row["entity_value"], row["instruction"])
            yield Utterance(row["instruction"], row["intent"], row["entity_type"] if entity else "", entity)


def _as_said(entity: str, message: str) -> str:
    """Return the entity as the message has it, leading zeros and all; "" where it is not there."""
    found = entity and re.search(rf"[\w-]*{re.escape(entity)}[\w-]*", message)
    return found[0] if found else ""


def _banking(path: Path) -> Iterator[Utterance]:
    with path.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield Utterance(row["text"].strip(), row["category"].lower().rstrip("?"), "", "")


def _jsonl(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
