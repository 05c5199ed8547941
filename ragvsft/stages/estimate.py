"""What a run would take: counts, tokens, time and cost, before anything is written.

Counts are exact. Tokens and time come from a short probe of the real model on this machine; a retrieved passage is
taken to be as long as the splitting allows. Training is taken as three times the time to the first token, which is one
forward pass: the backward pass does twice the forward's work (Kaplan et al. 2020, arXiv 2001.08361, section 2.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ragvsft.clock import now
from ragvsft.config.root import Config, VariantConfig
from ragvsft.data.corpus import account
from ragvsft.data.nearest import NearestExamples
from ragvsft.engines import Engine
from ragvsft.engines.pool import EnginePool
from ragvsft.errors import ModelError
from ragvsft.evidence.manifest import CorpusAccount
from ragvsft.progress import Progress
from ragvsft.records import Completion, Failure, Hit, Sample
from ragvsft.stages.inputs import Inputs, bench_of, read_inputs
from ragvsft.stages.remarks import remarks
from ragvsft.store.artifacts import key_of
from ragvsft.text import listing
from ragvsft.variants.bench import Bench
from ragvsft.variants.prompted import PromptedVariant, Retrieval, Shots
from ragvsft.verdict.prices import load_prices

_PROBED = 8  # samples
_ASKING = ("quality", "latency")  # stages that make requests
_TRAINING_PASSES = 3.0
_WORDS_PER_TOKEN = 0.75  # of English prose; only sizes the probe's stand-in passages


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would take on this machine."""

    documents: int
    samples: int
    examples: int  # after the leak check
    requests: Mapping[str, int]  # by pass, over all variants and seeds
    tokens: Mapping[str, int]  # by stage: read and written
    seconds: Mapping[str, float]  # by stage
    usd: float | None  # None: this hardware has no price
    device: str
    corpus: CorpusAccount | None = None  # what of it did not become text, as in the manifest
    remarks: tuple[str, ...] = ()  # what to know of the inputs
    examples_left_out: int = 0  # by the leak check


def estimate(config: Config, *, limit: int | None, progress: Progress, environ: Mapping[str, str]) -> Estimate:
    """Return what `ragvsft run` with this config would take; loads the models and asks them a few questions."""
    inputs = read_inputs(config, limit=limit)
    bench = bench_of(config, inputs, progress=progress, environ=environ)
    read_badly = _check_encoders(bench)
    progress.say("probing the model with a few questions")
    probes = _probes(bench, inputs)
    loads = _loads(bench, probes, len(inputs.samples))
    stages = list(dict.fromkeys(load.stage for load in loads))
    tokens = {stage: _total([load.tokens for load in loads if load.stage == stage]) for stage in stages}
    return Estimate(
        documents=len(inputs.documents),
        samples=len(inputs.samples),
        examples=len(inputs.leaks.kept),
        requests={stage: sum(load.requests for load in loads if load.stage == stage) for stage in _ASKING},
        tokens={stage: round(count) for stage, count in tokens.items() if count is not None},
        seconds={stage: sum(load.seconds for load in loads if load.stage == stage) for stage in stages},
        usd=_usd(config, loads),
        device=listing(list(dict.fromkeys(probe.device for probe in probes.values()))),
        corpus=account(inputs.corpus),
        remarks=(*remarks(inputs), *read_badly),
        examples_left_out=inputs.leaks.exact + inputs.leaks.near,
    )


def _check_encoders(bench: Bench) -> list[str]:
    """Return how the encoders read the corpus, where something retrieves. Raises CorpusError where one cannot."""
    retrieving = [variant for variant in bench.config.variants if variant.row.retrieves]
    return list(dict.fromkeys(note for variant in retrieving for note in bench.library(variant).reading_notes))


@dataclass(frozen=True, slots=True)
class _Load:
    """What one variant does in one stage."""

    stage: str
    requests: int
    tokens: float | None  # None: the engine does not say
    seconds: float
    device: str


def _loads(bench: Bench, probes: Mapping[str, _Probe], samples: int) -> list[_Load]:
    loads: list[_Load] = []
    for variant in bench.config.variants:
        probe, legs = probes[variant.name], len(variant.seeds)
        loads.append(probe.load("quality", legs * samples, probe.batched_s))
        loads.append(probe.load("latency", bench.config.latency.requests, probe.single_s))
    trained: set[str] = set()
    for variant in bench.config.variants:
        keys = {key_of(adapter) for seed in variant.seeds if (adapter := bench.parts(variant, seed).adapter)}
        passes = len(bench.examples) * variant.lora.epochs * len(keys - trained)  # if no training stops early
        if passes:
            probe = probes[variant.name]
            loads.append(probe.load("training", passes, probe.reading_s * _TRAINING_PASSES))
        trained |= keys
    return loads


def _usd(config: Config, loads: Sequence[_Load]) -> float | None:
    prices = load_prices(config.cost.prices)
    hourly = [prices.hardware_usd_per_hour(config.cost.hardware, load.device) for load in loads]
    return _total([None if usd is None else load.seconds / 3600 * usd for load, usd in zip(loads, hourly, strict=True)])


def _total(parts: Sequence[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


@dataclass(frozen=True, slots=True)
class _Probe:
    tokens_per_request: float | None  # None: the engine does not say
    batched_s: float  # per request
    reading_s: float  # per request: of it until the first token
    single_s: float
    device: str

    def load(self, stage: str, requests: int, seconds: float) -> _Load:
        """Return what so many requests take, each so many seconds."""
        tokens = None if self.tokens_per_request is None else self.tokens_per_request * requests
        return _Load(stage, requests, tokens, seconds * requests, self.device)


def _probes(bench: Bench, inputs: Inputs) -> dict[str, _Probe]:
    pool = EnginePool()
    found = {}
    for variant in bench.config.variants:
        engine = pool.get(variant.engine, bench.source(variant))
        found[variant.name] = _probe(_stand_in(bench, variant, inputs, engine), engine, inputs.samples[:_PROBED])
    return found


def _probe(variant: PromptedVariant, engine: Engine, samples: Sequence[Sample]) -> _Probe:
    requests = [variant.request(sample) for sample in samples]
    engine.generate(requests[:1])  # warm-up
    first: list[float] = []
    begun = now()
    outcomes = engine.generate(requests, on_token=lambda: first.append(now()))
    batched_s = (now() - begun) / len(requests)
    reading_s = (first[0] - begun) / len(requests) if first else batched_s
    begun = now()
    for request in requests[:2]:
        engine.generate([request])
    single_s = (now() - begun) / min(2, len(requests))
    done = [out for out in outcomes if isinstance(out, Completion)]
    if not done:
        failure = next(out for out in outcomes if isinstance(out, Failure))
        raise ModelError(f"{variant.name}: none of {len(outcomes)} probing questions was answered: {failure.detail}")
    device = engine.identity.device_name or "unknown"
    return _Probe(_tokens_of(done), batched_s, reading_s, single_s, device)


def _tokens_of(completions: Sequence[Completion]) -> float | None:
    """Return the mean of the tokens read and written; None where the engine does not say."""
    counts = [
        out.prompt_tokens + out.completion_tokens
        for out in completions
        if out.prompt_tokens is not None and out.completion_tokens is not None
    ]
    return sum(counts) / len(counts) if counts else None


def _stand_in(bench: Bench, variant: VariantConfig, inputs: Inputs, engine: Engine) -> PromptedVariant:
    """Return a variant whose requests are as long as those of the real one, without an index or an adapter."""
    retrieves, shows = variant.row.retrieves, variant.row.shots
    return PromptedVariant(
        name=variant.name,
        task=inputs.task,
        fits=engine.fits,
        retrieval=Retrieval(_AnyPassages(bench.documents[0].text, variant), variant.retrieval.k) if retrieves else None,
        shots=Shots(NearestExamples(bench.examples), variant.few_shot.k) if shows else None,
    )


class _AnyPassages:
    """Finds passages that are as long as the splitting allows."""

    def __init__(self, text: str, variant: VariantConfig) -> None:
        words = text.split() or ["word"]
        size = max(1, int(variant.passages.tokens * _WORDS_PER_TOKEN))
        self._text = " ".join((words * (size // len(words) + 1))[:size])

    def search(self, sample: Sample, k: int) -> list[Hit]:
        """Return the same passage k times."""
        return [Hit("", "", self._text, 0.0)] * k
