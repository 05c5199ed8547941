"""Runs as the pipeline would leave them, and a report taken apart, for the tests of the report."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import cache
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from statistics import fmean, median, stdev
from typing import Literal

from ragvsft.building import Builds, CurvePoint, EngineIdentity, IndexRecord, LegBuild, TrainingRecord
from ragvsft.config.root import Config
from ragvsft.evidence.manifest import CorpusFacts, EvalsetFacts, ExamplesFacts, Manifest
from ragvsft.evidence.run import Evidence, StageTime
from ragvsft.findings import CostSheet, Decision, Difference, Metric, PriceFacts, VariantCost
from ragvsft.records import Completion, Failure, Hit, Prediction, Sample, Score, Stratum, Times
from ragvsft.tasks import Task

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
ENGINE = EngineIdentity(
    "transformers", "bundled", "12" * 32, "seq2seq", "cpu", "cpu", "float32", threads=4, adapters="merged",
    max_new_tokens=48, token_budget=8192,
)  # fmt: skip
INDEX = IndexRecord(48, 405, 384, "all-MiniLM-L6-v2", "flat inner product", 622_080, 41_310, 11.4, "cpu", 812_000_000)
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
        builds=Builds(
            {"index": INDEX, "adapter": training(0)},
            (LegBuild("rag", None, ("index",)), LegBuild("lora", 0, ("adapter",))),
        ),
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
    return Prediction(
        sample.sample_id,
        variant,
        seed_of(variant),
        "quality",
        0,
        outcome,
        hits,
        dropped_hits=int(number == 12 and hits is not None),
    )


def seed_of(variant: str) -> int | None:
    """Return the training seed of a variant's one leg."""
    return 0 if "lora" in variant else None


def _hit(rng: random.Random, number: int, sample: Sample, rank: int) -> Hit:
    place = (number * 3 + rank * 29 + 1) % 97
    doc_id = sample.doc_ids[0] if sample.doc_ids and rank == number % 4 else SUBJECTS[place % len(SUBJECTS)][1]
    body = (
        HOSTILE if place == 5 else f"Paragraph {place} of the handbook says what applies, to whom and from when. " * 6
    )
    return Hit(f"{doc_id}#{place}", doc_id, body, 0.81 - 0.09 * rank)


def _score(rng: random.Random, samples: Sequence[Sample], prediction: Prediction) -> Score:
    stratum = samples[int(prediction.sample_id.removeprefix("hr-")) - 1].stratum
    cause = prediction.outcome.cause if isinstance(prediction.outcome, Failure) else None
    right = rng.random() < SKILL[prediction.variant][stratum]
    value = 1.0 if right else 0.4 if rng.random() < 0.15 else 0.0
    return Score(
        prediction.sample_id, prediction.variant, prediction.seed, 0, "token_f1", None if cause else value, cause
    )


def _timed(rng: random.Random, sample: Sample, variant: str, round_: int) -> Prediction:
    retrieval_s = 0.019 * rng.lognormvariate(0, 0.2) if variant == "rag" else 0.00004
    first_s = retrieval_s + (0.034 if variant == "rag" else 0.012) * rng.lognormvariate(0, 0.15)
    total_s = first_s + 0.071 * rng.lognormvariate(0, 0.45)
    return Prediction(
        sample.sample_id, variant, seed_of(variant), "latency", round_, Completion("21 days", 40, 6, "stop"),
        times=Times(retrieval_s, first_s, total_s),
    )  # fmt: skip


def a_metric(
    name: str, variant: str, stratum: str | None, values: Sequence[float | None], unit: str = "share"
) -> Metric:
    """Return the mean of some scores, None where unscored."""
    scored = [value for value in values if value is not None]
    missing = len(values) - len(scored)
    if not scored:
        return Metric(
            name, variant, stratum, None, None, None, 0, missing, unit, "higher", notes=("nothing could be scored",)
        )
    mean = fmean(scored)
    half = 1.96 * stdev(scored) / math.sqrt(len(scored)) if len(scored) > 1 else 0.0
    low, high = (max(0.0, mean - half), mean + half if unit != "share" else min(1.0, mean + half))
    better = "higher" if unit == "share" else "lower"
    return Metric(name, variant, stratum, mean, low, high, len(scored), missing, unit, better)  # type: ignore[arg-type]


def _metrics(samples: Sequence[Sample], scores: Sequence[Score]) -> list[Metric]:
    stratum = {sample.sample_id: sample.stratum for sample in samples}
    made: list[Metric] = []
    for variant in SKILL:
        ours = [score for score in scores if score.variant == variant]
        made.append(a_metric("token_f1", variant, None, [score.value for score in ours]))
        made += [
            a_metric("token_f1", variant, name, [score.value for score in ours if stratum[score.sample_id] == name])
            for name in STRATA
            if name in stratum.values()
        ]
        exact = [None if score.value is None else float(score.value == 1) for score in ours]
        made.append(a_metric("exact_match", variant, None, exact))
        made.append(
            a_metric("prompt_tokens", variant, None, [371.0 if variant == "rag" else 41.0] * len(ours), "tokens")
        )
        if variant == "rag":
            made.append(a_metric("recall_at(3)", variant, None, [float(i % 5 > 0) for i in range(len(ours))]))
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
                made.append(
                    Metric(
                        shown,
                        variant,
                        None,
                        value,
                        value * 0.95,
                        value * 1.06,
                        len(seconds),
                        0,
                        "s",
                        "lower",
                        aggregate=aggregate,
                    )
                )
    return made


def _differences(samples: Sequence[Sample], scores: Sequence[Score]) -> list[Difference]:
    values = {(score.variant, score.sample_id): score.value for score in scores}
    made = []
    for other, variant in combinations(SKILL, 2):
        for metric in ("token_f1", "exact_match"):
            pairs = [(values[variant, s.sample_id], values[other, s.sample_id]) for s in samples]
            deltas = [ours - theirs for ours, theirs in pairs if ours is not None and theirs is not None]
            made.append(a_difference(metric, variant, other, deltas, len(pairs) - len(deltas)))
    return made


def a_difference(metric: str, variant: str, other: str, deltas: Sequence[float], missing: int) -> Difference:
    """Return what one variant has over another on the same samples."""
    mean = fmean(deltas) if deltas else 0.0
    error = stdev(deltas) / math.sqrt(len(deltas)) if len(deltas) > 1 else 0.2
    p = math.erfc(abs(mean) / error / math.sqrt(2))
    clear: Literal["better", "worse"] = "better" if mean > 0 else "worse"
    return Difference(
        metric, variant, other, None, mean, mean - 1.96 * error, mean + 1.96 * error, p,
        min(1.0, 3 * p) if metric == "token_f1" else None, "paired cluster permutation", len(deltas), 41, missing,
        2.8 * error, "no clear difference" if p >= 0.05 else clear, "share", "higher",
    )  # fmt: skip


def a_cost(
    variant: str, request_usd: float, serving_usd: float, *, rebuilding_usd: float | None = 0.002
) -> VariantCost:
    """Return the costs of a variant that keeps an index, unknown where rebuilding is."""
    return VariantCost(
        variant=variant,
        request_usd=request_usd,
        correct_usd=2 * request_usd,
        months_usd=0.0005 + rebuilding_usd + serving_usd + 0.1 if rebuilding_usd is not None else None,
        building_usd=0.0005,
        rebuilding_usd=rebuilding_usd,
        serving_usd=serving_usd,
        storage_usd=0.1,
        months=12,
        requests_per_month=100_000,
        is_upper_bound=True,
        hardware="cpu-4-vcpu",
        notes=() if rebuilding_usd is not None else ("no price for retraining",),
    )


def _costs() -> tuple[VariantCost, ...]:
    return (
        a_cost("prompt", 3.1e-6, 3.72),
        a_cost("rag", 4.6e-6, 5.52),
        a_cost("lora", 3.1e-6, 3.72, rebuilding_usd=None),
    )


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
    return Decision("recommended", "rag", "Retrieve: rag answers best, and clearly so", reasons, would_change, stamps)


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
    return TrainingRecord(
        seed, 918, 92, curve, 8, "early", 1_179_648, 61_000_000, 402_331, 139.5, "cpu", "float32", 1_940_000_000
    )


def config_of(*variants: str) -> Config:
    """Return the config of a run of these variants."""
    return Config(
        name="marrowick-facts",
        corpus=Path("corpora/marrowick"),
        evalset=Path("evalsets/marrowick-facts.jsonl"),
        examples=Path("evalsets/marrowick-facts.examples.jsonl"),
        variants=list(variants),
    )


def _manifest(n: int) -> Manifest:
    return Manifest(
        format=2,
        created="20261122T053000Z",
        limit=None,
        config={
            "name": "marrowick-facts",
            "corpus": "corpora/marrowick",
            "model": "bundled",
            "hub_token": "${HF_TOKEN}",
            "variants": list(SKILL),
        },
        corpus=CorpusFacts("corpora/marrowick", 48, 105_841, "ab" * 32),
        evalset=EvalsetFacts("evalsets/marrowick-facts.jsonl", n, {}, min(n, 41), "cd" * 32),
        examples=ExamplesFacts("evalsets/marrowick-facts.examples.jsonl", 1010, 2, 7, (), "ef" * 32),
        task=Task("answer", "Answer in a few words, or say: I don't know."),
        inputs_sha256="09" * 32,
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
