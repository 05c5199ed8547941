"""Numbers to rows: what stands in each table and chart of the report, before anything is formatted."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any, get_args

from ragvsft.names import TRIVIAL
from ragvsft.records import (
    Better,
    Decision,
    Difference,
    Failure,
    Hit,
    IndexRecord,
    Metric,
    Prediction,
    Sample,
    Score,
    Stratum,
    TrainingRecord,
    VariantCost,
)
from ragvsft.scorers import is_detail

RIGHT = 0.5  # a primary score from here on counts as right in the sample matrix
SMALL_N = 20  # fewer samples than this are flagged: such an interval is wide and its ends are rough
MATRIX_BYTES = 1_150_000  # of a report of at most 1.5 MB
_ROW_BYTES, _TARGET_BYTES, _ANSWER_BYTES, _HITS_BYTES, _HIT_BYTES, _PASSAGE_BYTES = 200, 30, 160, 80, 60, 100  # markup
_LONGEST_ANSWER = 1_500
_LONGEST_PASSAGE = 1_200
_LATENCY = "latency_s"


class Section(dict[str, Any]):
    """A part of the manifest; what it lacks is None."""

    def __missing__(self, key: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """Everything a report is made of. Whatever a run lacks is empty, and the report says that it is missing.

    `manifest` may hold: name, created, status, config, stamps, notes, inputs_sha256, and as sections: corpus, evalset,
    examples (counts and hashes), engine (its facts), machine, versions, hashes, prices (as_of, hardware).
    """

    manifest: Mapping[str, Any]
    samples: Sequence[Sample]
    predictions: Sequence[Prediction]  # of both passes
    scores: Sequence[Score]
    metrics: Sequence[Metric]
    differences: Sequence[Difference]
    costs: Sequence[VariantCost]
    decision: Decision
    trainings: Sequence[TrainingRecord]
    index: IndexRecord | None
    stage_seconds: Mapping[str, float]
    primary: str  # the metric that the decision rests on

    def part(self, name: str) -> Section:
        """Return a section of the manifest, empty if it is not there."""
        section = self.manifest.get(name)
        return Section(section) if isinstance(section, Mapping) else Section()

    def setting(self, section: str, key: str) -> Any:
        """Return one value of the config as run, None if it is not there."""
        found = self.part("config").get(section)
        return found.get(key) if isinstance(found, Mapping) else None

    @property
    def confidence(self) -> float:
        """The confidence of every interval."""
        return float(self.setting("statistics", "confidence") or 0.95)

    @property
    def stamps(self) -> list[str]:
        """Why this run is not for decisions, each reason once."""
        return list(dict.fromkeys([*self.decision.stamps, *(self.manifest.get("stamps") or ())]))


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric of all variants; None where it does not apply to the variant."""

    name: str
    unit: str
    better: Better
    cells: tuple[Metric | None, ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """One variant in one line."""

    variant: str
    quality: Metric | None
    latency: Metric | None
    cost: VariantCost | None


@dataclass(frozen=True, slots=True)
class StratumRow:
    """The primary metric of all variants on one stratum."""

    stratum: str
    samples: int
    cells: tuple[Metric | None, ...]
    floor: Metric | None = None  # of the best trivial rival


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """How long one variant takes."""

    variant: str
    requests: int  # timed
    failed: int
    p50: Metric | None
    p95: Metric | None
    first_token: Metric | None  # its median
    retrieval: Metric | None  # its median; None where the variant does not retrieve
    retrieval_share: float | None  # of the summed time of all requests; None where the variant does not retrieve


@dataclass(frozen=True, slots=True)
class Place:
    """Where one variant lies between quality and what it takes."""

    variant: str
    x: float
    low: float  # the interval of x; x itself where there is none
    high: float
    unit: str  # of x: "USD" or "s"
    quality: Metric


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
    seeds: tuple[int, ...]
    found: tuple[Found, ...]
    dropped: int  # passages that did not fit in the prompt


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


def variants_of(facts: RunFacts) -> tuple[str, ...]:
    """Return the variants in the order of the config, then those that only the results know."""
    configured = facts.part("config").get("variants") or ()
    seen = [*configured, *(m.variant for m in facts.metrics), *(p.variant for p in facts.predictions)]
    present = ({m.variant for m in facts.metrics} | {p.variant for p in facts.predictions}) - TRIVIAL.keys()
    return tuple(variant for variant in dict.fromkeys(seen) if variant in present) or tuple(configured)


def metric_of(facts: RunFacts, name: str, variant: str, stratum: str | None = None) -> Metric | None:
    """Return one metric, None if it was not measured."""
    found = (m for m in facts.metrics if (m.name, m.variant, m.stratum) == (name, variant, stratum))
    return next(found, None)


def glance(facts: RunFacts) -> list[Glance]:
    """Return every variant in one line: quality, latency, cost."""
    costs = {cost.variant: cost for cost in facts.costs}
    return [
        Glance(
            variant,
            metric_of(facts, facts.primary, variant),
            metric_of(facts, f"{_LATENCY}.p50", variant),
            costs.get(variant),
        )
        for variant in variants_of(facts)
    ]


def metric_rows(facts: RunFacts) -> list[MetricRow]:
    """Return every metric that is not a time, over all samples, the primary one first; details stand elsewhere."""
    names = [name for name in _names_of_shares(facts) if not is_detail(name)]
    return _rows(facts, sorted(names, key=lambda name: name != facts.primary))


def field_rows(facts: RunFacts) -> list[MetricRow]:
    """Return how often each field of a JSON task is right."""
    return _rows(facts, [name for name in _names_of_shares(facts) if name.startswith("field(")])


def reading_rows(facts: RunFacts) -> list[MetricRow]:
    """Return how often JSON had to be freed from what, and why there was none, where either happened at all."""
    rows = _rows(facts, [n for n in _names_of_shares(facts) if n.startswith(("repaired(", "unreadable("))])
    return [row for row in rows if any(cell and cell.value for cell in row.cells)]


def _names_of_shares(facts: RunFacts) -> list[str]:
    return list(dict.fromkeys(m.name for m in facts.metrics if m.stratum is None and m.unit != "s"))


def _rows(facts: RunFacts, names: Iterable[str]) -> list[MetricRow]:
    rows = []
    for name in names:
        cells = tuple(metric_of(facts, name, variant) for variant in variants_of(facts))
        first = next(cell for cell in cells if cell is not None)
        rows.append(MetricRow(name, first.unit, first.better, cells))
    return rows


def footnotes(rows: Iterable[Metric | Difference | None]) -> list[str]:
    """Return what is remarked on numbers that are there, each remark once."""
    return list(dict.fromkeys(row.note for row in rows if row is not None and row.note and row.value is not None))


def primary_differences(facts: RunFacts) -> list[Difference]:
    """Return the comparisons that the decision rests on, those with the floor last."""
    return [d for d in facts.differences if d.metric == facts.primary and d.stratum is None]


def variant_differences(facts: RunFacts) -> list[Difference]:
    """Return those of the decision's comparisons that are between two variants."""
    return [d for d in primary_differences(facts) if d.other not in TRIVIAL]


def other_differences(facts: RunFacts) -> list[Difference]:
    """Return the comparisons that are for looking only: other metrics, and single strata."""
    rows = [d for d in facts.differences if d.metric != facts.primary or d.stratum is not None]
    return [d for d in rows if d.other not in TRIVIAL]


def trivial_metrics(facts: RunFacts) -> list[Metric]:
    """Return what the trivial rivals score over all samples, the best first; empty in a run without them."""
    found = [m for m in facts.metrics if m.variant in TRIVIAL and m.name == facts.primary and m.stratum is None]
    known = [m for m in found if m.value is not None]
    return sorted(known, key=lambda m: -(m.value or 0.0) if m.better == "higher" else (m.value or 0.0))


def floor_of(facts: RunFacts, stratum: str | None = None) -> Metric | None:
    """Return what the best trivial rival scores over all samples or on one stratum, None in a run without one."""
    best = next(iter(trivial_metrics(facts)), None)
    return metric_of(facts, facts.primary, best.variant, stratum) if best else None


def only_test(facts: RunFacts) -> str | None:
    """Return the test behind every comparison that the decision rests on, None if there are several or none."""
    tests = {row.test for row in primary_differences(facts)}
    return tests.pop() if len(tests) == 1 else None


def strata_of(samples: Iterable[Sample]) -> tuple[str, ...]:
    """Return the strata that occur, in the glossary's order."""
    present = {sample.stratum for sample in samples}
    return tuple(name for name in get_args(Stratum) if name in present)


def stratum_rows(facts: RunFacts) -> list[StratumRow]:
    """Return the primary metric of each stratum and variant."""
    return [
        StratumRow(
            stratum,
            sum(sample.stratum == stratum for sample in facts.samples),
            tuple(metric_of(facts, facts.primary, variant, stratum) for variant in variants_of(facts)),
            floor_of(facts, stratum),
        )
        for stratum in strata_of(facts.samples)
    ]


def latency_rows(facts: RunFacts) -> list[LatencyRow]:
    """Return how long each variant takes; empty where there was no latency pass."""
    timed = [p for p in facts.predictions if p.purpose == "latency"]
    names = {p.variant for p in timed} | {m.variant for m in facts.metrics if m.name.startswith(_LATENCY)}
    return [_latency_row(facts, v, [p for p in timed if p.variant == v]) for v in variants_of(facts) if v in names]


def _latency_row(facts: RunFacts, variant: str, predictions: Sequence[Prediction]) -> LatencyRow:
    times = [p.times for p in predictions if p.times is not None]
    total_s = sum(t.total_s for t in times)
    retrieves = any(p.hits or p.dropped_hits for p in facts.predictions if p.variant == variant)
    return LatencyRow(
        variant=variant,
        requests=len(times),
        failed=len(predictions) - len(times),
        p50=metric_of(facts, f"{_LATENCY}.p50", variant),
        p95=metric_of(facts, f"{_LATENCY}.p95", variant),
        first_token=metric_of(facts, "first_token_s.p50", variant),
        retrieval=metric_of(facts, "retrieval_s.p50", variant) if retrieves else None,
        retrieval_share=sum(t.retrieval_s for t in times) / total_s if retrieves and total_s > 0 else None,
    )


def latencies(facts: RunFacts) -> dict[str, list[float]]:
    """Return the seconds of each timed request per variant, shortest first."""
    seconds: dict[str, list[float]] = {variant: [] for variant in variants_of(facts)}
    for prediction in facts.predictions:
        if prediction.purpose == "latency" and prediction.times is not None:
            seconds[prediction.variant].append(prediction.times.total_s)
    return {variant: sorted(values) for variant, values in seconds.items() if values}


def cost_places(facts: RunFacts) -> list[Place]:
    """Return the variants whose cost over the months and quality are both known."""
    costs = {cost.variant: cost.months_usd for cost in facts.costs if cost.months_usd is not None}
    return [
        Place(variant, costs[variant], costs[variant], costs[variant], "USD", quality)
        for variant, quality in _known_quality(facts).items()
        if variant in costs
    ]


def time_places(facts: RunFacts) -> list[Place]:
    """Return the variants whose median time and quality are both known."""
    places = []
    for variant, quality in _known_quality(facts).items():
        median = metric_of(facts, f"{_LATENCY}.p50", variant)
        if median is not None and median.value is not None:
            low = median.value if median.low is None else median.low
            high = median.value if median.high is None else median.high
            places.append(Place(variant, median.value, low, high, "s", quality))
    return places


def _known_quality(facts: RunFacts) -> dict[str, Metric]:
    metrics = {variant: metric_of(facts, facts.primary, variant) for variant in variants_of(facts)}
    return {variant: metric for variant, metric in metrics.items() if metric is not None and metric.value is not None}


def cost_parts(costs: Sequence[VariantCost]) -> list[str]:
    """Return the names of what the costs are made of besides building once, in order of appearance."""
    return list(dict.fromkeys(name for cost in costs for name, _ in cost.parts if name != "building"))


def cost_notes(costs: Sequence[VariantCost]) -> list[tuple[list[str], str]]:
    """Return (variants, note): each remark once, with whom it concerns."""
    concerned: dict[str, list[str]] = defaultdict(list)
    for cost in costs:
        for note in (cost.note or "").split("; "):
            if note:
                concerned[note].append(cost.variant)
    return [(variants, note) for note, variants in concerned.items()]


def unscored_causes(facts: RunFacts) -> list[tuple[str, str, int]]:
    """Return (variant, cause, count) of what the primary metric could not score, most first."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for score in facts.scores:
        if score.scorer == facts.primary and score.value is None and score.variant not in TRIVIAL:
            counts[score.variant, score.cause or "no cause given"] += 1
    return sorted(((v, cause, n) for (v, cause), n in counts.items()), key=lambda row: (-row[2], row[0], row[1]))


def hashes(facts: RunFacts) -> list[tuple[str, str]]:
    """Return (what, sha256) of everything that the run was made of."""
    named = [(name, facts.part(name).get("sha256")) for name in ("corpus", "evalset", "examples")]
    named += [
        ("model", facts.part("engine").get("model_sha256")),
        ("inputs together", facts.manifest.get("inputs_sha256")),
    ]
    named += facts.part("hashes").items()
    return [(name, str(value)) for name, value in named if value]


def machine(facts: RunFacts) -> list[tuple[str, str]]:
    """Return (what, value) of what the run was made on."""
    found = {**facts.part("machine"), **facts.part("engine")}
    return [(name.replace("_", " "), str(value)) for name, value in found.items() if value not in (None, "", {}, [])]


def training_seeds(facts: RunFacts) -> list[int]:
    """Return the seeds of the adapters, each once."""
    return list(dict.fromkeys(record.seed for record in facts.trainings))


def matrix(facts: RunFacts) -> Matrix:
    """Return every question with every answer; past `MATRIX_BYTES`, those where variants disagree come first."""
    graded = any(m.name == facts.primary and m.unit == "share" and m.better == "higher" for m in facts.metrics)
    rows = _all_rows(facts, graded=graded)
    texts = _passage_texts(facts)
    fitting = _fitting(rows, texts)
    if len(fitting) < len(rows):
        fitting = _fitting(sorted(rows, key=_interest), texts)
    numbered, passages = _numbered(fitting, texts)
    return Matrix(tuple(numbered), len(facts.samples), passages, strata_of(row.sample for row in fitting), graded)


def _interest(row: MatrixRow) -> tuple[bool, bool, bool]:
    return (not row.disagree, not row.wrong, not row.unscored)


def _all_rows(facts: RunFacts, *, graded: bool) -> list[MatrixRow]:
    variants = variants_of(facts)
    by_sample: dict[tuple[str, str], list[Prediction]] = defaultdict(list)
    for prediction in facts.predictions:
        if prediction.purpose == "quality":
            by_sample[prediction.sample_id, prediction.variant].append(prediction)
    scores = {(s.sample_id, s.variant, s.seed): s for s in facts.scores if s.scorer == facts.primary}
    return [
        _row(sample, [_answers(sample, by_sample[sample.sample_id, v], scores) for v in variants], graded=graded)
        for sample in facts.samples
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
    sample: Sample, predictions: Sequence[Prediction], scores: Mapping[tuple[str, str, int], Score]
) -> tuple[Answer, ...]:
    made: list[Answer] = []
    for prediction in sorted(predictions, key=lambda p: p.seed):
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
        found=tuple(_found(hit, sample) for hit in prediction.hits),
        dropped=prediction.dropped_hits,
    )


def _found(hit: Hit, sample: Sample) -> Found:
    # its number comes once it is known to fit
    return Found(0, hit.passage_id, hit.score, hit.doc_id in sample.doc_ids, hit.page)


def _passage_texts(facts: RunFacts) -> dict[str, PassageText]:
    """Return each passage once, by its passage_id."""
    texts: dict[str, PassageText] = {}
    for prediction in facts.predictions:
        for hit in prediction.hits:
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
        new = {found.passage_id for answer in answers for found in answer.found} - shown
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
    hits = _HITS_BYTES * bool(answer.found) + sum(_HIT_BYTES + _escaped(found.passage_id) for found in answer.found)
    return _ANSWER_BYTES + _escaped(answer.text or failure) + hits


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
        found = [replace(f, number=numbers.setdefault(f.passage_id, len(numbers) + 1)) for f in answer.found]
        return replace(answer, found=tuple(found))

    made = [replace(row, answers=tuple(tuple(map(numbered, of_variant)) for of_variant in row.answers)) for row in rows]
    return made, tuple(replace(texts[name], number=number) for name, number in numbers.items())
