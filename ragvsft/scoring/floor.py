"""The floor under every verdict: answers that anybody can give without building anything.

A variant that does not clearly beat the best of them is worth no work, whatever it scores against the other variants.
None of them asks a model. Only the training examples choose among constants, so the evalset stays unseen.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ragvsft.data.nearest import NearestExamples
from ragvsft.findings import Metric
from ragvsft.names import TRIVIAL
from ragvsft.records import Completion, Example, Prediction, Sample, TrivialAnswer
from ragvsft.scoring.metrics import by_variant
from ragvsft.scoring.scorers import Scorer, Unscored
from ragvsft.scoring.scorers.format import json_object

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FROM_EXAMPLES = ("best-constant", "nearest-example")  # the rivals that only training examples can be made into
_LEAD_UNITS = 2  # lines of an input, or sentences where it is a single line: a lead-2 summary
_CENTRAL, _FREQUENT = 30, 10  # constants that are scored exactly: near all answers, and given most often
_JUDGES, _FEWEST_JUDGES = 250, 50  # examples that the best of them are scored on; where answers are long, fewer
_JUDGED_CHARACTERS = 125_000  # of the judges' answers together: long lists take long to compare
_SCREENED = 5  # on a fifth of those examples all candidates are scored,
_FINALISTS = 8  # and on all of them these
_SURVEYED = 2000  # examples among which the candidates are looked for
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
# a line of Markdown's, or the first of several lines where it ends as no sentence does
_HEADING = re.compile(r"^#{1,6} .*$|\A[^\n]*[^\n.!?。！？:;,](?=\n)", re.MULTILINE)
_WORD = re.compile(r"\w+")


def trivial_answers(
    samples: Sequence[Sample], examples: Sequence[Example], *, primary: Scorer, rivals: Collection[str], refusal: str
) -> list[TrivialAnswer]:
    """Return what the trivial rivals say to each sample that needs no retrieval: known before anything is built.

    `rivals` are those that make sense for the task; `refusal` is what it tells the model to say where it does not
    know. Without examples there is neither a constant nor a nearest example.
    """
    said: dict[str, Callable[[], Iterable[str]]] = {
        "always-refuse": lambda: [refusal] * len(samples),
        "lead": lambda: [lead(sample.question) for sample in samples],
        "best-constant": lambda: [best_constant(examples, primary)] * len(samples),
        "nearest-example": lambda: nearest_answers([sample.question for sample in samples], examples),
    }
    return [
        TrivialAnswer(rival, sample.sample_id, text)
        for rival, texts in said.items()
        if rival in rivals and (examples or rival not in FROM_EXAMPLES)
        for sample, text in zip(samples, texts(), strict=True)
    ]


def first_hit_answers(samples: Iterable[Sample], predictions: Iterable[Prediction]) -> list[TrivialAnswer]:
    """Return, for each sample for which a passage was found, the sentence of the first hit nearest to the question.

    The hits are those of the first retrieving variant among the predictions; a sample for which it found nothing gets
    an empty answer. Empty where no variant retrieves.
    """
    retrieving = [p for p in predictions if p.purpose == "quality" and p.hits is not None]
    if not retrieving:
        return []
    hits = {p.sample_id: p.hits for p in retrieving if p.variant == retrieving[0].variant}
    return [
        TrivialAnswer("first-hit", sample.sample_id, best_sentence(sample.question, found[0].text) if found else "")
        for sample in samples
        for found in [hits.get(sample.sample_id, ())]
    ]


def as_predictions(answers: Iterable[TrivialAnswer]) -> Iterator[Prediction]:
    """Yield the answers as scorers and all after them read them: each rival as a variant that trains nothing."""
    for answer in answers:
        completion = Completion(answer.text, prompt_tokens=None, completion_tokens=None, finish="stop")
        yield Prediction(answer.sample_id, answer.rival, None, "quality", 0, completion)


def best_rival(metrics: Iterable[Metric], primary: str) -> str | None:
    """Return the trivial rival with the best mean of the primary metric, None where none was scored."""
    means = {name: metric for name, metric in by_variant(metrics, primary).items() if name in TRIVIAL}
    known = {name: metric.value for name, metric in means.items() if metric.value is not None}
    if not known:
        return None
    sign = 1 if means[next(iter(known))].better == "higher" else -1
    return max(known, key=lambda name: sign * known[name])


def lead(text: str) -> str:
    """Return the first two lines that hold something, or of a single line the first two sentences."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return "\n".join(lines[:_LEAD_UNITS])
    return " ".join(_sentences(text)[:_LEAD_UNITS])


def best_sentence(question: str, passage: str) -> str:
    """Return the sentence of the passage that shares most words with the question, the first among equals.

    Headings are passed over, though they share most: every passage begins with its document's, and none says anything.
    """
    asked = set(_WORD.findall(question.casefold()))
    sentences = _sentences(_HEADING.sub("", passage)) or _sentences(passage)
    return max(sentences, key=lambda text: len(asked & set(_WORD.findall(text.casefold()))), default="")


def best_constant(examples: Sequence[Example], primary: Scorer) -> str:
    """Return the answer that, given to every training example, scores best there on the primary metric.

    Looked for among the ten most frequent answers and the thirty that share most words with all others (the mean
    overlap of word sets, Dice); of JSON, also the object of each field's most frequent value. All of them are scored on
    at most 50 examples, the best eight on at most 250, spread evenly; fewer where answers are long, so that this takes
    seconds.
    """
    surveyed = _spread(examples, _SURVEYED)
    frequent = [text for text, _ in Counter(example.answer for example in examples).most_common(_FREQUENT)]
    answers = [example.answer for example in surveyed]
    candidates = list(dict.fromkeys([*_of_modes(answers), *frequent, *_central(answers)]))
    length = sum(len(example.answer) for example in surveyed) / len(surveyed)
    judges = _spread(examples, max(_FEWEST_JUDGES, min(_JUDGES, int(_JUDGED_CHARACTERS / max(length, 1)))))
    screen = _spread(judges, max(_FEWEST_JUDGES // _SCREENED, len(judges) // _SCREENED))
    return _ranked(_ranked(candidates, screen, primary)[:_FINALISTS], judges, primary)[0]


def _of_modes(answers: Sequence[str]) -> list[str]:
    """Return the JSON object of each field's most frequent value, where all answers are such objects: null if absent.

    No example need have said it, and field by field it is right more often than any that was.
    """
    objects = [found for found in map(json_object, answers) if found is not None]
    if len(objects) < len(answers):
        return []
    names = dict.fromkeys(name for found in objects for name in found)
    modes = {
        name: Counter(json.dumps(found.get(name), default=str) for found in objects).most_common(1)[0][0]
        for name in names
    }
    return [json.dumps({name: json.loads(mode) for name, mode in modes.items()}, ensure_ascii=False)]


def _ranked(candidates: Iterable[str], judges: Sequence[Example], primary: Scorer) -> list[str]:
    """Return the candidates by what they score on the judges, best first; among equals the first stays first."""
    sign = 1 if primary.better == "higher" else -1
    return sorted(candidates, key=lambda text: -sign * _mean_score(text, judges, primary))


def nearest_answers(questions: Sequence[str], examples: Sequence[Example]) -> list[str]:
    """Return, for each question, the answer of the example whose question is most like it."""
    return [nearest.answer for [nearest] in NearestExamples(examples).of(questions, 1)]


def _central(answers: Sequence[str]) -> list[str]:
    """Return the distinct answers whose words overlap most with all answers, at most 30, best first."""
    import numpy as np

    words = _word_sets(answers)  # (n_answers, n_words)
    sizes = np.asarray(words.sum(axis=1)).ravel()
    overlap = 2 * (words @ words.T).toarray() / np.maximum(sizes[:, None] + sizes, 1)  # (n_answers, n_answers)
    order = np.argsort(-overlap.mean(axis=1), kind="stable")
    return list(dict.fromkeys(answers[place] for place in order))[:_CENTRAL]


def _word_sets(texts: Sequence[str]) -> csr_matrix[Any]:
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer

    # runs of other signs count as words, so that no answer is without any: "C++", "€"
    vectorizer = CountVectorizer(token_pattern=r"\w+|[^\w\s]+", binary=True, dtype=np.float32)  # noqa: S106  (no secret)
    words: csr_matrix[Any] = vectorizer.fit_transform(texts)
    return words


def _mean_score(text: str, judges: Sequence[Example], primary: Scorer) -> float:
    completion = Completion(text, prompt_tokens=None, completion_tokens=None, finish="stop")
    asked = Prediction("", "best-constant", None, "quality", 0, completion)
    numbers = [
        score
        for judge in judges
        for score in [primary.score(_as_sample(judge), replace(asked, sample_id=judge.example_id))]
        if score is not None and not isinstance(score, Unscored)
    ]
    return sum(numbers) / len(numbers) if numbers else 0.0


def _as_sample(example: Example) -> Sample:
    return Sample(example.example_id, example.question, (example.answer,), example.doc_ids, "rephrased")


def _spread(examples: Sequence[Example], count: int) -> list[Example]:
    """Return at most `count` of the examples, evenly spaced: their order may be by document."""
    step = max(1.0, len(examples) / count)
    return [examples[int(place * step)] for place in range(min(count, len(examples)))]


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]
