"""Runs as the pipeline would leave them, and a report taken apart, for the tests of the report."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import combinations
from statistics import fmean, median, stdev

from ragvsft.building import CurvePoint, TrainingRecord
from ragvsft.config.root import Config
from ragvsft.evidence.manifest import Manifest
from ragvsft.evidence.run import Evidence, StageTime
from ragvsft.findings import CostSheet, Decision, Difference, Metric, PriceFacts, VariantCost
from ragvsft.records import Completion, Failure, Hit, Prediction, Sample, Score, Stratum, Times
from tests.make import (
    a_completion,
    a_config,
    a_cost,
    a_decision,
    a_difference,
    a_hit,
    a_manifest,
    a_metric,
    a_prediction,
    a_score,
    a_training,
    an_engine,
    an_index,
    some_builds,
)

SKILL = {
    "prompt": {"seen-wording": 0.07, "rephrased": 0.06, "multi-hop": 0.03, "held-out-doc": 0.06, "unanswerable": 0.45},
    "rag": {"seen-wording": 0.84, "rephrased": 0.71, "multi-hop": 0.34, "held-out-doc": 0.78, "unanswerable": 0.62},
    "lora": {"seen-wording": 0.58, "rephrased": 0.5, "multi-hop": 0.29, "held-out-doc": 0.08, "unanswerable": 0.31},
}
STRATA: list[Stratum] = ["seen-wording", "rephrased", "multi-hop", "held-out-doc", "unanswerable"]
SUBJECTS = (
    ("the birth leave", "policies/parental-leave.md"), ("a Tarn calibration", "engineering/tarn-calibration.md"),
    ("the River plan", "pricing/cloud-plans.md"), ("a returned Sluice", "warranty/returns.md"),
    ("the night shift at Penhallow", "sites/penhallow.md"), ("a lost badge", "policies/information-security.md"),
)  # fmt: skip
ASKED = (
    "How many days does {} take?", "Who has to sign off {}?", "By when must {} be reported?",
    "What is the limit for {}?", "Which team looks after {}?", "How much does {} cost per year?",
)  # fmt: skip
ANSWERS = ("21 days", "Gethin Pryce", "10 working days", "EUR 240", "the quay team", "EUR 1,180 a year")
ENGINE = an_engine()
INDEX = an_index(documents=48, passages=405, bytes=622_080, tokens=41_310, seconds=11.4, peak_memory_bytes=812_000_000)
STAGE_SECONDS = {"build": 151.2, "answer: quality": 61.7, "answer: latency": 88.4, "score": 0.9, "report": 1.6}
HOSTILE = "<script>alert(1)</script> </script><img src=x onerror=alert(2)> \u202egnp.exe\u202c \x00\x1b[31m"


@cache
def realistic(n: int = 200, *, seed: int = 7) -> Evidence:
    """Return a run of three variants as the pipeline would leave it, with everything in it that can go wrong."""
    rng = random.Random(seed)
    samples = [_sample(number) for number in range(n)]
    predictions = [_prediction(rng, number, s, v) for number, s in enumerate(samples) for v in SKILL]
    scores = [_score(rng, samples, prediction) for prediction in predictions]
    timed = [_timed(rng, samples[request % n], v, request // n) for request in range(200) for v in SKILL]
    metrics = _metrics(samples, scores) + _latency_metrics(timed)
    return Evidence(
        manifest=_manifest(n),
        config=config_of(*SKILL),
        samples=tuple(samples),
        predictions=tuple(predictions + timed),
        builds=some_builds({"rag": [INDEX], "lora": [training(0)]}),
        engines=dict.fromkeys(SKILL, ENGINE),
        scores=tuple(scores),
        metrics=tuple(metrics),
        differences=tuple(_differences(samples, scores)),
        sheet=CostSheet("2026-11-01", (PriceFacts("cpu-4-vcpu", "2026-06-17", "a list of prices", 0.2016),), _costs()),
        decision=_decision(),
        stages=tuple(StageTime(title, seconds, 0.0) for title, seconds in STAGE_SECONDS.items()),
    )


def _sample(number: int) -> Sample:
    stratum = STRATA[number % len(STRATA)]
    subject, doc_id = SUBJECTS[number % len(SUBJECTS)]
    asked = ASKED[number // len(SUBJECTS) % len(ASKED)].format(subject)
    targets = () if stratum == "unanswerable" else (ANSWERS[number // len(SUBJECTS) % len(ANSWERS)],)
    question = HOSTILE if number == 3 else f"{asked} (case {number // 36 + 1})"
    return Sample(f"hr-{number + 1:03d}", question, targets, () if not targets else (doc_id,), stratum)


def _prediction(rng: random.Random, number: int, sample: Sample, variant: str) -> Prediction:
    hits = tuple(_hit(rng, number, sample, rank) for rank in range(3)) if variant == "rag" else None
    text = rng.choice(ANSWERS) if rng.random() < 0.7 else "I don't know"
    outcome: Completion | Failure = Completion(text, 40 + 330 * len(hits or ()) // 3, 6, "stop")
    if number == 3:
        outcome = Completion(HOSTILE, 40, 30, "stop")
    if number == 8 and variant == "lora":
        outcome = Completion("and then " * 900, 40, 48, "length")
    if number == 11 and variant == "rag":
        outcome = Failure("too-long", "prompt of 612 tokens, the model reads 512")
    dropped = int(number == 12 and hits is not None)
    return a_prediction(outcome, variant, sample.sample_id, seed=seed_of(variant), hits=hits, dropped_hits=dropped)


def seed_of(variant: str) -> int | None:
    """Return the training seed of a variant's one leg."""
    return 0 if "lora" in variant else None


def _hit(rng: random.Random, number: int, sample: Sample, rank: int) -> Hit:
    place = (number * 3 + rank * 29 + 1) % 97
    doc_id = sample.doc_ids[0] if sample.doc_ids and rank == number % 4 else SUBJECTS[place % len(SUBJECTS)][1]
    body = (
        HOSTILE if place == 5 else f"Paragraph {place} of the handbook says what applies, to whom and from when. " * 6
    )
    return a_hit(doc_id, place, body, 0.81 - 0.09 * rank)


def _score(rng: random.Random, samples: Sequence[Sample], prediction: Prediction) -> Score:
    stratum = samples[int(prediction.sample_id.removeprefix("hr-")) - 1].stratum
    right = rng.random() < SKILL[prediction.variant][stratum]
    value = 1.0 if right else 0.4 if rng.random() < 0.15 else 0.0
    failed = isinstance(prediction.outcome, Failure)
    return a_score(
        None if failed else value, prediction.variant, prediction.sample_id, seed=prediction.seed, cause="too-long"
    )


def _timed(rng: random.Random, sample: Sample, variant: str, round_: int) -> Prediction:
    retrieval_s = 0.019 * rng.lognormvariate(0, 0.2) if variant == "rag" else 0.00004
    first_s = retrieval_s + (0.034 if variant == "rag" else 0.012) * rng.lognormvariate(0, 0.15)
    total_s = first_s + 0.071 * rng.lognormvariate(0, 0.45)
    return a_prediction(
        a_completion("21 days", 40, 6), variant, sample.sample_id, seed=seed_of(variant), purpose="latency",
        round=round_, times=Times(retrieval_s, first_s, total_s),
    )  # fmt: skip


def mean_of(name: str, variant: str, values: Sequence[float | None], stratum: str | None = None) -> Metric:
    """Return the mean of some scores, None where unscored."""
    scored = [value for value in values if value is not None]
    counts = {"stratum": stratum, "n": len(scored), "n_unscored": len(values) - len(scored)}
    if not scored:
        return a_metric(name, variant, None, notes=("nothing could be scored",), **counts)
    mean = fmean(scored)
    half = 1.96 * stdev(scored) / math.sqrt(len(scored)) if len(scored) > 1 else 0.0
    metric = a_metric(name, variant, mean, spread=half, **counts)
    return metric if metric.unit != "share" else replace(metric, low=max(0.0, mean - half), high=min(1.0, mean + half))


def _metrics(samples: Sequence[Sample], scores: Sequence[Score]) -> list[Metric]:
    stratum = {sample.sample_id: sample.stratum for sample in samples}
    made: list[Metric] = []
    for variant in SKILL:
        ours = [score for score in scores if score.variant == variant]
        made.append(mean_of("token_f1", variant, [score.value for score in ours]))
        made += [
            mean_of("token_f1", variant, [score.value for score in ours if stratum[score.sample_id] == name], name)
            for name in STRATA
            if name in stratum.values()
        ]
        exact = [None if score.value is None else float(score.value == 1) for score in ours]
        made.append(mean_of("exact_match", variant, exact))
        made.append(mean_of("prompt_tokens", variant, [371.0 if variant == "rag" else 41.0] * len(ours)))
        if variant == "rag":
            made.append(mean_of("recall_at(3)", variant, [float(i % 5 > 0) for i in range(len(ours))]))
    return made


def _latency_metrics(timed: Sequence[Prediction]) -> list[Metric]:
    made = []
    for variant in SKILL:
        times = [p.times for p in timed if p.variant == variant and p.times is not None]
        for name in ("total_s", "retrieval_s", "first_token_s"):
            seconds = sorted(getattr(t, name) for t in times)
            shown = "latency_s" if name == "total_s" else name
            for share, aggregate in ((0.5, "p50"), (0.95, "p95")):
                value = median(seconds) if share == 0.5 else seconds[int(share * len(seconds))]
                bounds = {"low": value * 0.95, "high": value * 1.06, "n": len(seconds)}
                made.append(a_metric(shown, variant, value, aggregate=aggregate, **bounds))
    return made


def _differences(samples: Sequence[Sample], scores: Sequence[Score]) -> list[Difference]:
    values = {(score.variant, score.sample_id): score.value for score in scores}
    made = []
    for other, variant in combinations(SKILL, 2):
        for metric in ("token_f1", "exact_match"):
            pairs = [(values[variant, s.sample_id], values[other, s.sample_id]) for s in samples]
            deltas = [ours - theirs for ours, theirs in pairs if ours is not None and theirs is not None]
            made.append(_difference(metric, variant, other, deltas, missing=len(pairs) - len(deltas)))
    return made


def _difference(metric: str, variant: str, other: str, deltas: Sequence[float], *, missing: int) -> Difference:
    """Return what one variant has over another on the same samples."""
    mean = fmean(deltas) if deltas else 0.0
    error = stdev(deltas) / math.sqrt(len(deltas)) if len(deltas) > 1 else 0.2
    p = math.erfc(abs(mean) / error / math.sqrt(2))
    return a_difference(
        variant,
        other,
        mean,
        "no clear difference" if p >= 0.05 else "better" if mean > 0 else "worse",
        metric=metric,
        low=mean - 1.96 * error,
        high=mean + 1.96 * error,
        p_value=p,
        p_adjusted=min(1.0, 3 * p) if metric == "token_f1" else None,
        n=len(deltas),
        n_clusters=41,
        n_unscored=missing,
        smallest_visible=2.8 * error,
    )


def _cost(variant: str, request_usd: float, *, rebuilding_usd: float | None = 0.002) -> VariantCost:
    """Return the costs of a variant that keeps an index, unknown where rebuilding is."""
    cost = a_cost(variant, fixed=0.0005, request=request_usd, rebuilding_usd=rebuilding_usd, storage_usd=0.1)
    unknown = rebuilding_usd is None
    return replace(
        cost,
        correct_usd=2 * request_usd,
        months_usd=None if unknown else cost.building_usd + rebuilding_usd + cost.serving_usd + cost.storage_usd,
        is_upper_bound=True,
        hardware="cpu-4-vcpu",
        notes=("no price for retraining",) if unknown else (),
    )


def _costs() -> tuple[VariantCost, ...]:
    return (_cost("prompt", 3.1e-6), _cost("rag", 4.6e-6), _cost("lora", 3.1e-6, rebuilding_usd=None))


def _decision() -> Decision:
    reasons = (
        "rag scores 69.2 % on Token F1, 37.4 points above lora [28.8, 46.0] (Holm p < 0.001, n 199)",
        "rag takes 1.4 times as long as prompt per request, which stays within the 2 s that were asked for",
        "on documents without training examples lora falls to 9.5 % (n 40); rag stays at 78.0 % (n 40)",
    )
    would_change = (
        "more than 4.1 million requests a month, where the longer prompts of rag cost more than training",
        "a lora variant at least 37.4 points better",
    )
    stamps = ("1 training seed: a decision needs at least 3",)
    headline = "Retrieve: rag answers best, and clearly so"
    return a_decision("rag", headline=headline, reasons=reasons, would_change=would_change, stamps=stamps)


def training(seed: int) -> TrainingRecord:
    """Return a training of eleven epochs that kept the eighth."""
    curve = tuple(
        CurvePoint(
            epoch=epoch,
            step=31 * epoch,
            train_loss=3.1 * math.exp(-0.45 * epoch) + 0.08,
            dev_loss=2.9 * math.exp(-0.4 * epoch) + 0.35 + 0.03 * max(0, epoch - 8),
        )
        for epoch in range(1, 12)
    )
    return a_training(
        seed, examples=918, dev_examples=92, curve=curve, best_epoch=8, trainable_parameters=1_179_648,
        total_parameters=61_000_000, tokens=402_331, seconds=139.5, peak_memory_bytes=1_940_000_000,
    )  # fmt: skip


def config_of(*variants: str) -> Config:
    """Return the config of a run of these variants."""
    return a_config(
        *variants, name="marrowick-facts", corpus="corpora/marrowick", evalset="evalsets/marrowick-facts.jsonl",
        examples="evalsets/marrowick-facts.examples.jsonl",
    )  # fmt: skip


def _manifest(n: int) -> Manifest:
    return a_manifest(
        n,
        config={
            "name": "marrowick-facts",
            "corpus": "corpora/marrowick",
            "model": "bundled",
            "hub_token": "${HF_TOKEN}",
            "variants": list(SKILL),
        },
        versions={"ragvsft": "0.1.0", "torch": "2.13.0"},
        stamps=(
            "1 training seed: a decision needs at least 3",
            "the bundled demonstration model: repeat with the model you would deploy",
        ),
        notes=("questions and training examples are about the same documents, in other words",),
    )


class Page(HTMLParser):
    """A rendered report, taken apart by the standard library's parser."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": []}
        self.words: list[str] = []
        self._open = ""
        self.feed(source)

    @property
    def text(self) -> str:
        """Everything a reader can see or open, with single spaces."""
        return " ".join(" ".join(self.words).replace("\N{NO-BREAK SPACE}", " ").split())

    def attributes(self, name: str) -> list[str | None]:
        """Return every value of one attribute."""
        return [attributes[name] for _, attributes in self.tags if name in attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.inside[self._open].append(data) if self._open in self.inside else self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Leave a script or a style."""
        self._open = ""
