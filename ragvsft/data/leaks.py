"""Samples by their wording, so that a question is compared with the few of them that may ask the same.

Two questions that nearly ask the same differ on one side only: the words of one are among the words of the other. So
the rarest word of one of them, or a form of it, is in the other, and only those pairs are compared. None is missed, and
memory grows with the questions, not with the pairs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal, TypeVar

from ragvsft.data.questions import Question, are_forms, ask_the_same, keys_of, of_other_documents

V = TypeVar("V")
_Key = tuple[tuple[str, ...], str]  # the signature of a question, and a word


class Asked:
    """Questions that may be looked up by another one's wording."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._by_wording = _grouped((question.wording, question) for question in questions)
        self._by_solid = _grouped((question.solid, question) for question in questions)
        distinct = list({(q.wording, q.doc_ids, q.strict): q for q in questions}.values())
        frequency = Counter(word for question in distinct for word in question.words)
        self._holding: dict[_Key, list[Question]] = defaultdict(list)
        self._rarest: dict[_Key, list[Question]] = defaultdict(list)
        for question in distinct:
            for word in question.words:
                self._holding[question.signature, word].append(question)
            rarest = min(question.words, key=lambda word: (frequency[word], word), default="")
            self._rarest[question.signature, rarest].append(question)
        self._words: dict[str, list[str]] = _grouped((key, word) for word in sorted(frequency) for key in keys_of(word))
        self._forms: dict[str, list[str]] = {}

    def leak(self, question: Question) -> Literal["exact", "near", "elsewhere"] | None:
        """Return how far a question gives one of these away.

        "exact": it is worded the same; "near": almost; "elsewhere": it is, but asked of other documents, which is not a
        leak.
        """
        same = self._by_wording.get(question.wording, [])
        if any(not of_other_documents(question, other) for other in same):
            return "exact"
        if any(not of_other_documents(question, other) for other in self._by_solid.get(question.solid, [])):
            return "near"
        for other in self._candidates(question):
            if not of_other_documents(question, other) and ask_the_same(question, other):
                return "near"
        return "elsewhere" if same else None

    def _candidates(self, question: Question) -> Iterator[Question]:
        """Yield the questions that hold this one's rarest word, and those whose rarest word this one holds."""
        forms = [[(question.signature, form) for form in self._forms_of(word)] for word in sorted(question.words)]
        if forms:
            fewest = min(forms, key=lambda keys: sum(len(self._holding.get(key, ())) for key in keys))
            for key in fewest:
                yield from self._holding.get(key, ())
        for keys in forms:
            for key in keys:
                yield from self._rarest.get(key, ())

    def _forms_of(self, word: str) -> list[str]:
        """Return the words of all questions that are forms of a word."""
        if word not in self._forms:
            near = {other for key in keys_of(word) for other in self._words.get(key, ())}
            self._forms[word] = sorted(other for other in near if are_forms(word, other))
        return self._forms[word]


def _grouped(pairs: Iterator[tuple[str, V]]) -> dict[str, list[V]]:
    made: dict[str, list[V]] = defaultdict(list)
    for key, value in pairs:
        made[key].append(value)
    return dict(made)
