"""The report: what stands in it, that it is safe to open, and that missing parts are named."""

from __future__ import annotations

import base64
import hashlib
import math
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from statistics import fmean, median, stdev
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ragvsft import text as format
from ragvsft.characters import clean
from ragvsft.records import (
    Completion,
    CurvePoint,
    Decision,
    Difference,
    Failure,
    Hit,
    IndexRecord,
    Metric,
    Prediction,
    PriceFacts,
    Sample,
    Score,
    Stratum,
    Times,
    TrainingRecord,
    VariantCost,
)
from ragvsft.report import charts, matrix, words
from ragvsft.report import page as html_report
from ragvsft.report.page import render
from ragvsft.report.view import RunFacts

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
HOSTILE = "<script>alert(1)</script> </script><img src=x onerror=alert(2)> \u202egnp.exe\u202c \x00\x1b[31m"


@cache
def realistic(n: int = 200, *, seed: int = 7) -> RunFacts:
    """Return a run of three variants as the pipeline would leave it, with everything in it that can go wrong."""
    rng = random.Random(seed)
    samples = [_sample(number) for number in range(n)]
    predictions = [_prediction(rng, number, s, v) for number, s in enumerate(samples) for v in SKILL]
    scores = [_score(rng, samples, prediction) for prediction in predictions]
    timed = [_timed(rng, samples[request % n], v, request // n) for request in range(200) for v in SKILL]
    metrics = _metrics(samples, scores) + _latency_metrics(timed)
    return RunFacts(
        manifest=_manifest(n),
        samples=samples,
        predictions=predictions + timed,
        scores=scores,
        metrics=metrics,
        differences=_differences(samples, scores),
        costs=_costs(),
        decision=_decision(),
        trainings=[_training(0)],
        index=IndexRecord(
            48, 405, 384, "all-MiniLM-L6-v2", "flat inner product", 622_080, 41_310, 11.4, "cpu", 812_000_000
        ),
        stage_seconds={"build": 151.2, "answer: quality": 61.7, "answer: latency": 88.4, "score": 0.9, "report": 1.6},
        primary="token_f1",
        prices_as_of="2026-11-01",
        prices=[PriceFacts("cpu-4-vcpu", "2026-06-17", "a list of prices", usd_per_hour=0.2016)],
    )


def _sample(number: int) -> Sample:
    stratum = STRATA[number % len(STRATA)]
    subject, doc_id = SUBJECTS[number % len(SUBJECTS)]
    asked = ASKED[number // len(SUBJECTS) % len(ASKED)].format(subject)
    targets = () if stratum == "unanswerable" else (ANSWERS[number // len(SUBJECTS) % len(ANSWERS)],)
    question = HOSTILE if number == 3 else f"{asked} (case {number // 36 + 1})"
    return Sample(f"hr-{number + 1:03d}", question, targets, () if not targets else (doc_id,), stratum)


def _prediction(rng: random.Random, number: int, sample: Sample, variant: str) -> Prediction:
    hits = tuple(_hit(rng, number, sample, rank) for rank in range(3)) if variant == "rag" else ()
    text = rng.choice(ANSWERS) if rng.random() < 0.7 else "I don't know"
    outcome: Completion | Failure = Completion(text, 40 + 330 * len(hits) // 3, 6, "stop")
    if number == 3:
        outcome = Completion(HOSTILE, 40, 30, "stop")
    if number == 8 and variant == "lora":
        outcome = Completion("and then " * 900, 40, 48, "length")
    if number == 11 and variant == "rag":
        outcome = Failure("too-long", "prompt of 612 tokens, the model reads 512")
    return Prediction(
        sample.sample_id, variant, 0, "quality", 0, outcome, hits, dropped_hits=int(number == 12) * len(hits[:1])
    )


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
    return Score(prediction.sample_id, prediction.variant, 0, 0, "token_f1", None if cause else value, cause)


def _timed(rng: random.Random, sample: Sample, variant: str, round_: int) -> Prediction:
    retrieval_s = 0.019 * rng.lognormvariate(0, 0.2) if variant == "rag" else 0.00004
    first_s = retrieval_s + (0.034 if variant == "rag" else 0.012) * rng.lognormvariate(0, 0.15)
    total_s = first_s + 0.071 * rng.lognormvariate(0, 0.45)
    return Prediction(
        sample.sample_id, variant, 0, "latency", round_, Completion("21 days", 40, 6, "stop"),
        times=Times(retrieval_s, first_s, total_s),
    )  # fmt: skip


def _metric(
    name: str, variant: str, stratum: str | None, values: Sequence[float | None], unit: str = "share"
) -> Metric:
    scored = [value for value in values if value is not None]
    missing = len(values) - len(scored)
    if not scored:
        return Metric(
            name, variant, stratum, None, None, None, 0, missing, unit, "higher", note="nothing could be scored"
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
        made.append(_metric("token_f1", variant, None, [score.value for score in ours]))
        made += [
            _metric("token_f1", variant, name, [score.value for score in ours if stratum[score.sample_id] == name])
            for name in STRATA
            if name in stratum.values()
        ]
        exact = [None if score.value is None else float(score.value == 1) for score in ours]
        made.append(_metric("exact_match", variant, None, exact))
        made.append(
            _metric("prompt_tokens", variant, None, [371.0 if variant == "rag" else 41.0] * len(ours), "tokens")
        )
        if variant == "rag":
            made.append(_metric("recall_at(3)", variant, None, [float(i % 5 > 0) for i in range(len(ours))]))
    return made


def _latency_metrics(timed: Sequence[Prediction]) -> list[Metric]:
    made = []
    for variant in SKILL:
        times = [p.times for p in timed if p.variant == variant and p.times is not None]
        for name in ("total_s", "retrieval_s", "first_token_s"):
            seconds = sorted(getattr(t, name) for t in times)
            shown = "latency_s" if name == "total_s" else name
            for share, aggregate in ((0.5, ".p50"), (0.95, ".p95")):
                value = median(seconds) if share == 0.5 else seconds[int(share * len(seconds))]
                made.append(
                    Metric(
                        shown + aggregate,
                        variant,
                        None,
                        value,
                        value * 0.95,
                        value * 1.06,
                        len(seconds),
                        0,
                        "s",
                        "lower",
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
            made.append(_difference(metric, variant, other, deltas, len(pairs) - len(deltas)))
    return made


def _difference(metric: str, variant: str, other: str, deltas: Sequence[float], missing: int) -> Difference:
    mean = fmean(deltas) if deltas else 0.0
    error = stdev(deltas) / math.sqrt(len(deltas)) if len(deltas) > 1 else 0.2
    p = math.erfc(abs(mean) / error / math.sqrt(2))
    clear: Literal["better", "worse"] = "better" if mean > 0 else "worse"
    return Difference(
        metric, variant, other, None, mean, mean - 1.96 * error, mean + 1.96 * error, p,
        min(1.0, 3 * p) if metric == "token_f1" else None, "paired cluster permutation", len(deltas), 41, missing,
        2.8 * error, "no clear difference" if p >= 0.05 else clear, "share", "higher",
    )  # fmt: skip


def _cost(
    variant: str, request_usd: float, months_usd: float | None, serving: float, rebuilding: float | None, storage: float
) -> VariantCost:
    return VariantCost(
        variant=variant,
        request_usd=request_usd,
        correct_usd=2 * request_usd,
        months_usd=months_usd,
        building_usd=0.0005,
        rebuilding_usd=rebuilding,
        serving_usd=serving,
        storage_usd=storage,
        months=12,
        requests_per_month=100_000,
        is_upper_bound=True,
        hardware="cpu-4-vcpu",
        notes=("no price for retraining",) if months_usd is None else (),
    )


def _costs() -> list[VariantCost]:
    return [
        _cost("prompt", 3.1e-6, 3.72, 3.72, 0.0, 0.0),
        _cost("rag", 4.6e-6, 5.63, 5.52, 0.002, 0.108),
        _cost("lora", 3.1e-6, None, 3.72, None, 0.0),
    ]


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
    stamps = ("1 training seed: a decision wants at least 3",)
    return Decision("recommended", "rag", "Retrieve: rag answers best, and clearly so", reasons, would_change, stamps)


def _training(seed: int) -> TrainingRecord:
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


def _manifest(n: int) -> dict[str, object]:
    return {
        "name": "marrowick-facts",
        "created": "20261122T053000Z",
        "status": "complete",
        "config": {
            "name": "marrowick-facts",
            "corpus": "corpora/marrowick",
            "model": "bundled",
            "hub_token": "${HF_TOKEN}",
            "variants": list(SKILL),
            "latency": {"requests": 200, "warmup": 5},
            "statistics": {"resamples": 2000, "confidence": 0.95, "seed": 0, "max_unscored": 0.02},
        },
        "corpus": {"path": "corpora/marrowick", "documents": 48, "sha256": "ab" * 32},
        "evalset": {"path": "evalsets/marrowick-facts.jsonl", "samples": n, "sha256": "cd" * 32},
        "examples": {"kept": 1010, "dropped_exact": 2, "dropped_near": 7, "sha256": "ef" * 32},
        "engine": {"model": "bundled", "device": "cpu", "dtype": "float32", "threads": 4, "adapters": "merged"},
        "versions": {"ragvsft": "0.1.0", "torch": "2.13.0"},
        "task": {"instruction": "Answer in a few words, or say: I don't know.", "schema": None},
        "stamps": [
            "1 training seed: a decision wants at least 3",
            "the bundled demonstration model: repeat with the model you would deploy",
        ],
        "notes": ["questions and training examples are about the same documents, in other words"],
    }


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


@pytest.fixture(scope="module")
def page() -> Page:
    """Return the report of the realistic run."""
    return Page(render(realistic()))


def test_report_of_200_samples_and_3_variants_is_small(page: Page) -> None:
    """The report of 200 samples and 3 variants has at most 1.5 MB and shows every sample."""
    assert len(page.source.encode()) <= 1_500_000
    assert len([1 for tag, attributes in page.tags if tag == "tr" and "data-f" in attributes]) == 200


def test_a_passage_of_a_paged_document_is_shown_with_its_page() -> None:
    """Beside the answer and in the list of passages; one without pages has none."""
    facts = realistic(12)

    def paged(hit: Hit) -> Hit:
        return replace(hit, page=12) if hit.doc_id == SUBJECTS[0][1] else hit

    predictions = [replace(p, hits=tuple(map(paged, p.hits))) for p in facts.predictions]
    text = " ".join(Page(render(replace(facts, predictions=predictions))).text.split())
    found = re.findall(rf"{re.escape(SUBJECTS[0][1])}#\d+ ?(, page 12)?", text)
    assert found
    assert all(found)
    assert not re.search(rf"{re.escape(SUBJECTS[1][1])}#\d+ ?, page", text)


def test_report_of_4000_samples_is_cut_and_says_so() -> None:
    """Past the room of a report the samples on which variants disagree come first, and the report says how many."""
    source = render(realistic(4000))
    page = Page(source)
    rows = [attributes["data-f"] or "" for tag, attributes in page.tags if tag == "tr" and "data-f" in attributes]
    assert len(source.encode()) <= 1_500_000
    assert 500 < len(rows) < 4000
    assert f"The first {len(rows):,} of 4,000 samples, chosen as: all on which variants disagree first" in page.text
    disagree = ["d" in flags for flags in rows]
    assert disagree == sorted(disagree, reverse=True)


@pytest.mark.parametrize(("share", "said"), [(0.08, 1), (0.99, 0), (None, 0)])
def test_an_adapter_that_reaches_little_is_remarked_on(share: float | None, said: int) -> None:
    """In one line below the adapters."""
    trainings = [replace(_training(0), reached_share=share)]
    page = Page(render(replace(realistic(12), trainings=trainings)))
    assert page.text.casefold().count("the adapter of seed 0 reaches 8 % of the model") == said


def test_same_facts_make_the_same_bytes() -> None:
    """Another process, with another hash seed, writes the same bytes."""
    program = "from tests.report.test_report import realistic, render; print(render(realistic(12)), end='')"
    environ = os.environ | {"PYTHONHASHSEED": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, check=True)
    assert done.stdout == render(realistic(12)).encode()


def test_importing_the_report_imports_nothing_heavy() -> None:
    """Importing the report loads neither torch nor pandas nor altair."""
    program = "import sys, ragvsft.report.page; print({'torch', 'pandas', 'altair', 'transformers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_hostile_text_is_only_ever_text(page: Page) -> None:
    """No sample, answer or passage adds a tag, a handler or a link; hidden characters are written out."""
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert "img" not in {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in page.text
    assert "‹U+202E›gnp.exe‹U+202C› ‹U+0000›‹U+001B›[31m" in page.text
    assert not set(page.source) & {"\u202e", "\x00", "\x1b"}


def test_hostile_names_of_files_fields_and_notes_are_only_ever_text() -> None:
    """What was left out, dropped and noted, the fields of JSON, and a trivial rival's floor; fields have no meaning."""
    facts = realistic(12)
    corpus = {
        **facts.part("corpus"),
        "left_out": {"files": 1, "by_cause": {HOSTILE: 1}, "first": [[HOSTILE, HOSTILE]]},
        "dropped": [{"what": HOSTILE, "count": 1, "documents": 1, "characters": 9}],
        "notes": {"count": 1, "first": [HOSTILE]},
    }
    field = Metric(f"field({HOSTILE})", "rag", None, 0.5, 0.4, 0.6, 12, 0, "share", "higher")
    floor = replace(field, name="token_f1", variant="lead", value=0.1, low=0.0, high=0.2)
    manifest = {**facts.manifest, "corpus": corpus, "notes": [HOSTILE]}
    page = Page(render(replace(facts, manifest=manifest, metrics=[*facts.metrics, field, floor])))
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not {"img"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert not set(page.source) & {"\u202e", "\x00", "\x1b"}
    before = Page(render(facts)).text.count("<script>alert(1)</script>")
    # cause twice, path, what was dropped, two notes, the field once
    assert page.text.count("<script>alert(1)</script>") == before + 7
    assert "Without training examples there is no constant" in page.text


def test_nothing_is_fetched_and_only_our_own_code_runs(page: Page) -> None:
    """The policy admits nothing but the one style and the one script by their sha256; links stay within the page."""
    policy = next(a["content"] for tag, a in page.tags if tag == "meta" and "http-equiv" in a) or ""
    for tag in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256("".join(page.inside[tag]).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not page.attributes("style")
    assert not page.attributes("src")
    assert all((link or "").startswith("#") for link in page.attributes("href"))
    assert "url(" not in page.source


def test_ids_are_unique_and_every_link_has_its_target(page: Page) -> None:
    """No id stands twice, and each link in the page leads to one."""
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    assert {(link or "")[1:] for link in page.attributes("href")} <= set(ids)


def test_tables_and_pictures_can_be_read_aloud(page: Page) -> None:
    """Every table has a caption, every header cell a scope, every picture a role and a name."""
    tags = [tag for tag, _ in page.tags]
    assert tags.count("table") == tags.count("caption")
    assert all(attributes.get("scope") in ("row", "col") for tag, attributes in page.tags if tag == "th")
    pictures = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert len(pictures) == 14
    assert all(picture["role"] == "img" and picture["aria-label"] for picture in pictures)


def test_every_metric_stands_there_with_interval_and_n(page: Page) -> None:
    """Each metric over all samples is printed with its unit and interval."""
    for metric in realistic().metrics:
        if not metric.name.startswith("retrieval_s") and metric.name != "first_token_s.p95":
            shown = format.measured(metric.value, metric.low, metric.high, metric.unit).replace(
                "\N{NO-BREAK SPACE}", " "
            )
            assert shown in page.text, metric


def test_each_passage_is_stored_once(page: Page) -> None:
    """A passage that many answers saw stands in the report once."""
    hits = [hit for prediction in realistic().predictions for hit in prediction.hits]
    assert len(hits) == 600
    passages = [name for name in page.attributes("id") if re.fullmatch(r"p\d+", name or "")]
    assert len(passages) == len({hit.passage_id for hit in hits})
    assert page.source.count("Paragraph 7 of the handbook") % 6 == 0


def test_the_report_keeps_to_the_glossary(page: Page) -> None:
    """None of the words that the glossary rules out is used."""
    template = (Path(html_report.__file__).parent / "templates" / "report.html.jinja").read_text(encoding="utf-8")
    banned = r"\b(baselines?|methods?|experiments?|categor(y|ies)|chunks?|gold)\b"
    assert not re.search(banned, f"{template} {words.GLOSSARY} {words.STRATA} {words.VARIANTS}", re.IGNORECASE)


def test_a_secret_never_stands_in_the_report() -> None:
    """A secret that got into the config is left out; the name of its variable and other keys stay."""
    shown = html_report._config_text(
        {"hub_token": "hf_abc", "other_token": "${NAME}", "batch_tokens": 2048, "api_key": None}
    )
    assert "hf_abc" not in shown
    assert "(not shown)" in shown
    assert "${NAME}" in shown
    assert "batch_tokens: 2048" in shown


def _unscored(facts: RunFacts) -> RunFacts:
    scores = [replace(score, value=None, cause="out-of-memory") for score in facts.scores]
    metrics = [
        replace(m, value=None, low=None, high=None, n=0, n_unscored=12, note="nothing could be scored")
        for m in facts.metrics
    ]
    refused = [replace(d, value=None, low=None, high=None, p_value=None, verdict="refused") for d in facts.differences]
    return replace(facts, scores=scores, metrics=metrics, differences=refused)


def _only(facts: RunFacts, variant: str) -> RunFacts:
    return replace(
        facts,
        predictions=[p for p in facts.predictions if p.variant == variant],
        scores=[s for s in facts.scores if s.variant == variant],
        metrics=[m for m in facts.metrics if m.variant == variant],
        costs=[c for c in facts.costs if c.variant == variant],
        differences=[],
        trainings=[],
        index=None,
    )


WITHHELD = "withheld: p95 needs 200 requests, there are 40"


def _with_few_requests(facts: RunFacts) -> RunFacts:
    metrics = [
        replace(m, value=None, low=None, high=None, note=WITHHELD) if m.name == "latency_s.p95" else m
        for m in facts.metrics
    ]
    return replace(facts, metrics=metrics)


def _nothing(facts: RunFacts) -> RunFacts:
    decision = Decision("refused", None, "There is nothing to decide on", (), (), ())
    return RunFacts({}, [], [], [], [], [], [], decision, [], None, {}, "token_f1")


def _without_latency(facts: RunFacts) -> RunFacts:
    return replace(
        facts,
        predictions=[p for p in facts.predictions if p.purpose == "quality"],
        metrics=[m for m in facts.metrics if m.unit != "s"],
        costs=[],
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_unscored, ["The primary metric has no value", "nothing could be scored", "out-of-memory: 12", "refused"]),
        (
            lambda facts: _only(facts, "prompt"),
            ["Nothing was trained", "No index was built", "No comparison: it takes two"],
        ),
        (
            lambda facts: _with_few_requests(_only(facts, "lora")),
            ["Cost or quality is unknown, so not drawn here: lora", WITHHELD],
        ),
        (_nothing, ["Nothing was scored", "This run has no samples", "Unnamed run", "There is nothing to decide on"]),
        (_without_latency, ["No latency pass was run", "not timed", "No cost was computed"]),
    ],
    ids=["all unscored", "one variant", "cost unknown and p95 withheld", "nothing", "no latency"],
)
def test_missing_parts_are_named(change: Callable[[RunFacts], RunFacts], said: list[str]) -> None:
    """What a run lacks is said in words, and no number is made up for it."""
    page = Page(render(change(realistic(12))))
    assert all(sentence in page.text for sentence in said)
    assert not re.search(r"\b(nan|inf|None)\b", page.text)


def test_one_sample_is_enough_for_a_report() -> None:
    """A run of one sample is reported, and its n is flagged as small."""
    page = Page(render(realistic(1)))
    assert "n 1, few" in page.text
    assert "1 sample " in page.text


SAMPLE = Sample("s1", "How long?", ("21 days",), ("a.md",), "rephrased")


def _facts(*outcomes: tuple[str, int, str, float | None]) -> RunFacts:
    """Return a run of one sample from (variant, seed, text, score) of each prediction."""
    return replace(
        _nothing(realistic(1)),
        samples=[SAMPLE],
        predictions=[
            Prediction("s1", variant, seed, "quality", 0, Completion(text, 9, 3, "stop"))
            for variant, seed, text, _ in outcomes
        ],
        scores=[
            Score("s1", variant, seed, 0, "token_f1", value, None if value is not None else "not-finite")
            for variant, seed, _, value in outcomes
        ],
        metrics=[_metric("token_f1", variant, None, [value]) for variant, _, _, value in outcomes],
    )


def test_the_same_answer_of_several_seeds_stands_once() -> None:
    """Answers that are equal but for their training seed are one answer with several seeds."""
    [row] = matrix.matrix(
        _facts(("lora", 0, "21 days", 1.0), ("lora", 1, "3 weeks", 0.0), ("lora", 2, "21 days", 1.0))
    ).rows
    assert [(answer.text, answer.seeds) for answer in row.answers[0]] == [("21 days", (0, 2)), ("3 weeks", (1,))]


@pytest.mark.parametrize(
    ("scores", "flags"),
    [
        ((1.0, 1.0), (False, False, False)),
        ((1.0, 0.4), (True, True, False)),
        ((0.5, 0.6), (False, False, False)),
        ((0.0, 0.1), (False, True, False)),
        ((1.0, None), (False, False, True)),
    ],
)
def test_flags_of_a_sample(scores: tuple[float | None, ...], flags: tuple[bool, ...]) -> None:
    """Right is a primary score of 0.5 or more; variants disagree where one is right and another is not."""
    [row] = matrix.matrix(_facts(("prompt", 0, "x", scores[0]), ("rag", 0, "y", scores[1]))).rows
    assert (row.disagree, row.wrong, row.unscored) == flags


def test_a_variant_has_one_colour_in_every_run() -> None:
    """Known variants have the same colour whichever others run beside them, and no two share one."""
    assert charts.slots(["lora"])["lora"] == charts.slots(["prompt", "mine", "rag", "lora"])["lora"]
    places = charts.slots(["mine", "prompt", "rag", "lora", "raft", "yours"])
    assert len(set(places.values())) == 6


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(colour: str) -> list[float]:
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_colours_can_be_read_on_their_ground(theme: int) -> None:
    """Every variant's colour has a WCAG contrast of at least 4.5 on the page and on a card, in both themes."""
    css = (Path(html_report.__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")
    grounds = [re.findall(rf"--{name}: (#\w+)", css)[theme] for name in ("ground", "card")]
    text = [re.findall(rf"--{name}: (#\w+)", css)[theme] for name in ("ink", "muted", "good", "bad")]
    for colour in [pair[theme] for pair in charts.PALETTE] + text:
        for ground in grounds:
            light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (colour, ground)


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (format.measured(0.6127, 0.55, 0.674, "share"), "61.3 % [55.0, 67.4]"),
        (format.measured(0.0412, 0.04, 0.0431, "s"), "41.2 ms [40.0, 43.1]"),
        (format.measured(1.234, 1.1, 1.4, "s"), "1.23 s [1.10, 1.40]"),
        (format.measured(None, None, None, "share"), "unknown"),
        (format.quantity(0.0000031, "USD"), "USD 0.0000031"),
        (format.quantity(1e-9, "USD"), "< USD 0.0000001"),
        (format.quantity(5.625, "USD"), "USD 5.62"),
        (format.quantity(12345.6, "USD"), "USD 12,346"),
        (format.quantity(None, "USD"), "unknown"),
        (format.quantity(0.0, "USD"), "USD 0"),
        (format.quantity(371.4, "tokens"), "371 tokens"),
        (format.difference(0.123, "share"), "+12.3 points"),
        (format.difference(-0.0412, "s"), "−41.2 ms"),
        (format.difference(-0.0001, "share"), "0.0 points"),
        (format.p_value(0.0004), "< 0.001"),
        (format.p_value(None), "not tested"),
        (format.duration(245), "4 min 05 s"),
        (format.duration(3600 * 2 + 7 * 60), "2 h 07 min"),
        (format.duration(59.96), "60.0 s"),
        (format.size(1_940_000_000), "1.94 GB"),
        (format.moment("20261122T053000Z"), "22 November 2026, 05:30 UTC"),
        (format.moment("2026-11-22T07:30:00+02:00"), "22 November 2026, 05:30 UTC"),
        (format.moment("yesterday"), "yesterday"),
        (format.plural(1, "sample"), "1 sample"),
        (format.listing(["prompt", "rag", "lora"]), "prompt, rag and lora"),
    ],
)
def test_numbers_as_text(shown: str, wanted: str) -> None:
    """Numbers are written with their unit and as many digits as they deserve."""
    assert shown.replace("\N{NO-BREAK SPACE}", " ") == wanted


@example(1.797693134862316e306, "share")
@given(st.floats(), st.sampled_from(["share", "s", "tokens", "USD", ""]))
def test_no_number_is_ever_nan(value: float, unit: str) -> None:
    """Whatever float comes, no text says nan or inf."""
    texts = [format.quantity(value, unit), format.difference(value, unit), format.bounds(value, value, value, unit)]
    texts += [format.duration(abs(value)), format.size(abs(value)), format.p_value(value), format.count(value)]
    assert not re.search("nan|inf", " ".join(texts))


@given(st.text(st.characters(categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Ll"))))
def test_cleaned_text_can_be_written_and_hides_nothing(text: str) -> None:
    """A cleaned text is UTF-8 and holds no control, override, separator or surrogate character."""
    cleaned = clean(text)
    cleaned.encode()
    assert not set(cleaned) & {"\x00", "\x1b", "\r", "\u202e", "\u2066", "\u2028", "\ufeff", "\U000e0041"}


def test_metric_names_are_words() -> None:
    """A metric's name is turned into words with its cut; an unknown one stays as it is."""
    assert words.metric_title("recall_at(3)") == "Recall at 3"
    assert words.metric_meaning("ndcg_at(7)").startswith("right documents among the first 7")
    assert words.metric_title("my_own") == "my_own"
