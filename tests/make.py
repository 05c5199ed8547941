"""Records with sane defaults for the tests: what a test is about is spelled out, the rest is taken from here.

`**fields` are further fields of the record, by their names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ragvsft.building import BuildRecord, Builds, EngineIdentity, IndexRecord, LegBuild, TrainingRecord
from ragvsft.config.root import Config
from ragvsft.evidence.manifest import CorpusFacts, EvalsetFacts, ExamplesFacts, Manifest
from ragvsft.evidence.run import Evidence
from ragvsft.findings import Decision, Difference, Metric, VariantCost
from ragvsft.records import (
    Completion,
    Document,
    Example,
    Failure,
    Hit,
    Passage,
    Prediction,
    Sample,
    Score,
    Stratum,
)
from ragvsft.scoring.measures import measure_of
from ragvsft.tasks import Task

TASK = Task("answer", "Answer in a few words, or say: I don't know.")


def a_document(text: str, doc_id: str = "a.md", **fields: Any) -> Document:
    """Return a document whose hash nobody asks for."""
    return replace(Document(doc_id, text, ""), **fields)


def a_passage(text: str = "text", doc_id: str = "a.md", number: int = 0, *, page: int | None = None) -> Passage:
    """Return a passage with the id that splitting would give it."""
    return Passage(f"{doc_id}#{number}", doc_id, text, page)


def a_sample(
    sample_id: str = "s0",
    question: str = "How long?",
    targets: Sequence[str] = ("x",),
    doc_ids: Sequence[str] = ("a.md",),
    stratum: Stratum | None = None,
) -> Sample:
    """Return a sample, rephrased or, without targets, unanswerable."""
    targets = tuple(targets)
    return Sample(sample_id, question, targets, tuple(doc_ids), stratum or ("rephrased" if targets else "unanswerable"))


def some_samples(
    count: int, *, documents: int | None = None, strata: Sequence[Stratum] = ("rephrased",)
) -> list[Sample]:
    """Return s0, s1, ... spread evenly over documents and strata; each has a document of its own by default."""
    return [
        a_sample(f"s{place}", doc_ids=[f"d{place % (documents or count)}"], stratum=strata[place % len(strata)])
        for place in range(count)
    ]


def an_example(example_id: str = "e0", question: str = "For how long?", answer: str = "x", *doc_ids: str) -> Example:
    """Return a training pair."""
    return Example(example_id, question, answer, doc_ids)


def some_examples(answers: Sequence[str]) -> list[Example]:
    """Return e0, e1, ... with these answers to questions of their own."""
    return [an_example(f"e{place}", f"question {place}", answer) for place, answer in enumerate(answers)]


def a_hit(doc_id: str = "a.md", number: int = 0, text: str = "text", score: float = 0.9) -> Hit:
    """Return one passage that was found."""
    return Hit(f"{doc_id}#{number}", doc_id, text, score)


def some_hits(*doc_ids: str) -> tuple[Hit, ...]:
    """Return what was found, best first, a passage of each document named."""
    return tuple(a_hit(doc_id, number, score=1 - number / 100) for number, doc_id in enumerate(doc_ids))


def a_completion(text: str = "x", prompt_tokens: int | None = 20, completion_tokens: int | None = 3) -> Completion:
    """Return an answer that ended by itself."""
    return Completion(text, prompt_tokens, completion_tokens, "stop")


def a_prediction(
    outcome: str | Completion | Failure = "x",
    variant: str = "rag",
    sample_id: str = "s0",
    *,
    seed: int | None = None,
    **fields: Any,
) -> Prediction:
    """Return what a variant answered in the quality pass: a text, or what else came of it."""
    made = a_completion(outcome) if isinstance(outcome, str) else outcome
    return replace(Prediction(sample_id, variant, seed, "quality", 0, made), **fields)


def a_score(
    value: float | None,
    variant: str = "rag",
    sample_id: str = "s0",
    *,
    scorer: str = "token_f1",
    seed: int | None = None,
    round_: int = 0,
    cause: str = "engine-error",
) -> Score:
    """Return a score; `cause` says why there is none where the value is None."""
    return Score(sample_id, variant, seed, round_, scorer, value, None if value is not None else cause)


def some_scores(variant: str, values: Sequence[float | None], **fields: Any) -> list[Score]:
    """Return a variant's scores of the samples s0, s1, ..."""
    return [a_score(value, variant, f"s{place}", **fields) for place, value in enumerate(values)]


def a_metric(name: str, variant: str, value: float | None, *, spread: float = 0.05, **fields: Any) -> Metric:
    """Return a metric of 200 samples, as wide as `spread` on either side, in the unit and direction of its measure."""
    measure = measure_of(name)
    low, high = (None, None) if value is None else (value - spread, value + spread)
    unit, better = (measure.unit, measure.better) if measure else ("share", "higher")
    return replace(Metric(name, variant, None, value, low, high, 200, 0, unit, better), **fields)


def a_difference(
    variant: str, other: str, value: float | None, verdict: str, *, metric: str = "token_f1", **fields: Any
) -> Difference:
    """Return a comparison of 200 samples in 40 documents, within 6 points, p = 0.012 after Holm.

    A value of None is refused for its unscored samples; a stratum lies outside the declared family.
    """
    if value is None:
        made = Difference(
            metric, variant, other, None, None, None, None, None, None, "paired cluster permutation", 200, 40, 30,
            None, "refused", "share", "higher", ("30 of 200 samples are unscored; at most 2 % may be",),
        )  # fmt: skip
    else:
        made = Difference(
            metric, variant, other, None, value, value - 0.06, value + 0.06, 0.004,
            None if fields.get("stratum") else 0.012, "paired cluster permutation", 200, 40, 0, 0.08, "worse", "share",
            "higher",
        )  # fmt: skip
    return replace(made, verdict=verdict, **fields)


def a_cost(
    variant: str, *, fixed: float = 0.0, request: float = 0.0, requests: int = 100_000, **fields: Any
) -> VariantCost:
    """Return what a variant costs over 12 months: once, to build, and for each request."""
    serving = request * requests * 12
    cost = VariantCost(
        variant=variant,
        request_usd=request,
        correct_usd=None,
        months_usd=fixed + serving,
        building_usd=fixed,
        rebuilding_usd=0.0,
        serving_usd=serving,
        storage_usd=0.0,
        months=12,
        requests_per_month=requests,
        hardware="box",
    )
    return replace(cost, **fields)


def an_index(**fields: Any) -> IndexRecord:
    """Return how an index of 400 passages came to be, in 100 seconds."""
    record = IndexRecord(
        documents=40,
        passages=400,
        dim=384,
        encoder="all-MiniLM-L6-v2",
        kind="flat inner product",
        bytes=620_000,
        tokens=9000,
        seconds=100.0,
        device="cpu",
        peak_memory_bytes=1,
    )
    return replace(record, **fields)


def a_training(seed: int = 0, **fields: Any) -> TrainingRecord:
    """Return how an adapter came to be, in 1,000 seconds."""
    record = TrainingRecord(
        seed=seed,
        examples=300,
        dev_examples=30,
        curve=(),
        best_epoch=1,
        stopped="early",
        trainable_parameters=1,
        total_parameters=2,
        tokens=1,
        seconds=1000.0,
        device="cpu",
        dtype="float32",
        peak_memory_bytes=1,
    )
    return replace(record, **fields)


def some_builds(records: Mapping[str, Sequence[BuildRecord]]) -> Builds:
    """Return the builds of each variant: a leg for each of its records, or one that needs none."""
    keyed = {f"{name} {place}": record for name, own in records.items() for place, record in enumerate(own)}
    legs = [
        LegBuild(name, record.seed if isinstance(record, TrainingRecord) else None, (f"{name} {place}",))
        for name, own in records.items()
        for place, record in enumerate(own)
    ]
    return Builds(keyed, (*legs, *(LegBuild(name, None, ()) for name, own in records.items() if not own)))


def an_engine(model: str = "bundled", **fields: Any) -> EngineIdentity:
    """Return a model of this machine's processor."""
    engine = EngineIdentity(
        "transformers",
        model,
        "12" * 32,
        "seq2seq",
        "cpu",
        "cpu",
        "float32",
        threads=4,
        adapters="merged",
        max_new_tokens=48,
        token_budget=8192,
    )
    return replace(engine, **fields)


def a_decision(variant: str | None = "rag", **fields: Any) -> Decision:
    """Return a recommendation, or that there is no clear difference."""
    verdict = "recommended" if variant else "no clear difference"
    headline = f"Use {variant}" if variant else "No clear difference"
    return replace(Decision(verdict, variant, headline, (), (), ()), **fields)


def a_config(*variants: str | Mapping[str, Any], kind: str | None = None, **sections: Any) -> Config:
    """Return a config of these variants, and of a task of this kind, over files that nobody reads."""
    if kind is not None:
        sections["task"] = {"kind": kind, "schema_file": Path("schema.json") if kind == "json" else None}
    files = {"corpus": "c", "evalset": "e", "examples": "x"}
    return Config.model_validate({**files, "variants": list(variants or ("prompt", "rag", "lora")), **sections})


def a_manifest(samples: int = 200, **fields: Any) -> Manifest:
    """Return the manifest of a run of `prompt`, `rag` and `lora`."""
    manifest = Manifest(
        format=2,
        created="20261122T053000Z",
        limit=None,
        config={"name": "marrowick-facts", "variants": ["prompt", "rag", "lora"]},
        corpus=CorpusFacts("corpora/marrowick", 48, 105_841, "ab" * 32),
        evalset=EvalsetFacts("evalsets/marrowick-facts.jsonl", samples, {}, min(samples, 41), "cd" * 32),
        examples=ExamplesFacts("evalsets/marrowick-facts.examples.jsonl", 1010, 2, 7, (), "ef" * 32),
        task=TASK,
        inputs_sha256="09" * 32,
        versions={"ragvsft": "0.1.0"},
    )
    return replace(manifest, **fields)


def an_evidence(**fields: Any) -> Evidence:
    """Return a run that was started, with what else it left."""
    return replace(Evidence(a_manifest(), a_config(), ()), **fields)
