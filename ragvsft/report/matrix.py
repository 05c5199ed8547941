"""The sample matrix: every question with every answer and the passages behind it, or as many as fit in a report."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from ragvsft.evidence.run import Evidence
from ragvsft.records import Failure, Hit, Prediction, Sample, Score
from ragvsft.report.view import strata_of, variants_of

RIGHT = 0.5  # a primary score from here on counts as right in the sample matrix
MATRIX_BYTES = 1_150_000  # of a report of at most 1.5 MB
_ROW_BYTES, _TARGET_BYTES, _ANSWER_BYTES, _HITS_BYTES, _HIT_BYTES, _PASSAGE_BYTES = 200, 30, 160, 80, 60, 100  # markup
_SHOT_BYTES = 10
_LONGEST_ANSWER = 1_500
_LONGEST_PASSAGE = 1_200


@dataclass(frozen=True, slots=True)
class Found:
    """A passage in a prompt, by its number in the report's list of passages."""

    number: int
    passage_id: str
    similarity: float
    right_document: bool
    page: int | None = None  # from 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What one variant said to one sample; the same answer of several training seeds stands once."""

    text: str | None  # None: there is none, and `failure` says why
    failure: Failure | None
    clipped: int  # characters left out
    cut_off: bool  # the model was stopped at the longest answer
    score: float | None
    unscored: str | None  # cause
    seeds: tuple[int | None, ...]
    found: tuple[Found, ...] | None  # None: the variant does not retrieve
    dropped: int  # passages that did not fit in the prompt
    shots: tuple[str, ...]  # example_ids of the worked examples in the prompt
    dropped_shots: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One sample with the answers of every variant."""

    sample: Sample
    answers: tuple[tuple[Answer, ...], ...]  # per variant, one per distinct answer
    disagree: bool
    wrong: bool
    unscored: bool


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage as it stands in the appendix."""

    number: int  # from 1
    passage_id: str
    doc_id: str
    text: str
    clipped: int
    page: int | None = None  # from 1


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every question with every answer, or as many of them as fit."""

    rows: tuple[MatrixRow, ...]
    total: int
    passages: tuple[PassageText, ...]
    strata: tuple[str, ...]
    graded: bool  # the primary metric is a share, so answers can be called right or wrong

    @property
    def capped(self) -> bool:
        """Whether some samples are left out."""
        return len(self.rows) < self.total


def matrix_of(evidence: Evidence) -> Matrix:
    """Return every question with every answer; past `MATRIX_BYTES`, those where variants disagree come first."""
    graded = any(m.name == evidence.primary and m.unit == "share" and m.better == "higher" for m in evidence.metrics)
    rows = _all_rows(evidence, graded=graded)
    texts = _passage_texts(evidence)
    fitting = _fitting(rows, texts)
    if len(fitting) < len(rows):
        fitting = _fitting(sorted(rows, key=_interest), texts)
    numbered, passages = _numbered(fitting, texts)
    return Matrix(tuple(numbered), len(evidence.samples), passages, strata_of(row.sample for row in fitting), graded)


def _interest(row: MatrixRow) -> tuple[bool, bool, bool]:
    return (not row.disagree, not row.wrong, not row.unscored)


def _all_rows(evidence: Evidence, *, graded: bool) -> list[MatrixRow]:
    variants = variants_of(evidence)
    by_sample: dict[tuple[str, str], list[Prediction]] = defaultdict(list)
    for prediction in evidence.predictions:
        if prediction.purpose == "quality":
            by_sample[prediction.sample_id, prediction.variant].append(prediction)
    scores = {(s.sample_id, s.variant, s.seed): s for s in evidence.scores if s.scorer == evidence.primary}
    return [
        _row(sample, [_answers(sample, by_sample[sample.sample_id, v], scores) for v in variants], graded=graded)
        for sample in evidence.samples
    ]


def _row(sample: Sample, answers: Sequence[tuple[Answer, ...]], *, graded: bool) -> MatrixRow:
    means = [_mean_score(of_variant) for of_variant in answers] if graded else []
    right = [mean >= RIGHT for mean in means if mean is not None]
    missing = any(not of_variant for of_variant in answers)
    unscored = missing or any(answer.unscored is not None for of_variant in answers for answer in of_variant)
    return MatrixRow(sample, tuple(answers), len(set(right)) > 1, not all(right), unscored)


def _mean_score(answers: Sequence[Answer]) -> float | None:
    """Return the mean over training seeds, None if one of them has no score."""
    if not answers or any(answer.score is None for answer in answers):
        return None
    return fmean(answer.score for answer in answers for _ in answer.seeds if answer.score is not None)


def _answers(
    sample: Sample, predictions: Sequence[Prediction], scores: Mapping[tuple[str, str, int | None], Score]
) -> tuple[Answer, ...]:
    made: list[Answer] = []
    for prediction in sorted(predictions, key=lambda p: p.seed or 0):
        score = scores.get((prediction.sample_id, prediction.variant, prediction.seed))
        answer = _answer(sample, prediction, score)
        same = next((i for i, old in enumerate(made) if replace(old, seeds=answer.seeds) == answer), None)
        if same is None:
            made.append(answer)
        else:
            made[same] = replace(made[same], seeds=made[same].seeds + answer.seeds)
    return tuple(made)


def _answer(sample: Sample, prediction: Prediction, score: Score | None) -> Answer:
    outcome = prediction.outcome
    failure = outcome if isinstance(outcome, Failure) else None
    text = None if isinstance(outcome, Failure) else outcome.text
    return Answer(
        text=text[:_LONGEST_ANSWER] if text is not None else None,
        failure=failure,
        clipped=max(0, len(text or "") - _LONGEST_ANSWER),
        cut_off=not isinstance(outcome, Failure) and outcome.finish == "length",
        score=score.value if score else None,
        unscored=(score.cause or "no cause given") if score and score.value is None else None,
        seeds=(prediction.seed,),
        found=None if prediction.hits is None else tuple(_found(hit, sample) for hit in prediction.hits),
        dropped=prediction.dropped_hits,
        shots=prediction.shots or (),
        dropped_shots=prediction.dropped_shots,
    )


def _found(hit: Hit, sample: Sample) -> Found:
    # its number comes once it is known to fit
    return Found(0, hit.passage_id, hit.score, hit.doc_id in sample.doc_ids, hit.page)


def _passage_texts(evidence: Evidence) -> dict[str, PassageText]:
    """Return each passage once, by its passage_id."""
    texts: dict[str, PassageText] = {}
    for prediction in evidence.predictions:
        for hit in prediction.hits or ():
            if hit.passage_id not in texts:
                clipped = max(0, len(hit.text) - _LONGEST_PASSAGE)
                text = hit.text[:_LONGEST_PASSAGE]
                texts[hit.passage_id] = PassageText(0, hit.passage_id, hit.doc_id, text, clipped, hit.page)
    return texts


def _fitting(rows: Sequence[MatrixRow], texts: Mapping[str, PassageText]) -> list[MatrixRow]:
    """Return the first rows that fit, with the passages that they need first, into `MATRIX_BYTES`."""
    spent, shown = 0, set[str]()
    for place, row in enumerate(rows):
        answers = [answer for of_variant in row.answers for answer in of_variant]
        new = {found.passage_id for answer in answers for found in answer.found or ()} - shown
        spent += _bytes_of(row, answers) + sum(_PASSAGE_BYTES + _escaped(texts[name].text) for name in new)
        if spent > MATRIX_BYTES:
            return list(rows[:place])
        shown |= new
    return list(rows)


def _bytes_of(row: MatrixRow, answers: Sequence[Answer]) -> int:
    texts = (row.sample.question, *row.sample.targets, row.sample.sample_id)
    markup = _ROW_BYTES + _TARGET_BYTES * len(row.sample.targets)
    return markup + sum(map(_escaped, texts)) + sum(map(_answer_bytes, answers))


def _answer_bytes(answer: Answer) -> int:
    failure = answer.failure.detail if answer.failure else ""
    found = answer.found or ()
    hits = _HITS_BYTES * bool(found) + sum(_HIT_BYTES + _escaped(hit.passage_id) for hit in found)
    shots = _HITS_BYTES * bool(answer.shots) + sum(_SHOT_BYTES + _escaped(shot) for shot in answer.shots)
    return _ANSWER_BYTES + _escaped(answer.text or failure) + hits + shots


def _escaped(text: str) -> int:
    """Return the bytes of a text in HTML; a hidden character that is written out takes up to 12."""
    plain = len(html.escape(text).encode("utf-8", "replace"))
    return plain + 12 * sum(not character.isprintable() and character not in "\n\t" for character in text)


def _numbered(
    rows: Sequence[MatrixRow], texts: Mapping[str, PassageText]
) -> tuple[list[MatrixRow], tuple[PassageText, ...]]:
    """Return the rows with their passages numbered from 1 in order of appearance, and those passages."""
    numbers: dict[str, int] = {}

    def numbered(answer: Answer) -> Answer:
        if answer.found is None:
            return answer
        found = [replace(f, number=numbers.setdefault(f.passage_id, len(numbers) + 1)) for f in answer.found]
        return replace(answer, found=tuple(found))

    made = [replace(row, answers=tuple(tuple(map(numbered, of_variant)) for of_variant in row.answers)) for row in rows]
    return made, tuple(replace(texts[name], number=number) for name, number in numbers.items())
