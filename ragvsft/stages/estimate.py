"""What a run would take: counts, tokens, time and cost, before anything is written.

Counts are exact. Tokens and time come from a short probe of the real model on this machine; a retrieved passage is
taken to be as long as the splitting allows. Training is taken as three times the time to the first token, which is one
forward pass: the backward pass does twice the forward's work (Kaplan et al. 2020, arXiv 2001.08361, section 2.1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ragvsft.clock import now
from ragvsft.config.sections import Config
from ragvsft.data.corpus import account
from ragvsft.data.scripts import check_readable
from ragvsft.engines import Engine, engine_module
from ragvsft.errors import ModelError
from ragvsft.names import VARIANTS
from ragvsft.progress import Progress
from ragvsft.records import Completion, Failure, Request, Sample
from ragvsft.stages.inputs import Inputs, read_inputs
from ragvsft.stages.model import model_source
from ragvsft.stages.remarks import remarks
from ragvsft.verdict.prices import load_prices

_PROBED = 8  # samples
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
    corpus: Mapping[str, Any] = field(default_factory=dict)  # what of it did not become text, as in the manifest
    remarks: tuple[str, ...] = ()  # what to know of the inputs
    examples_left_out: int = 0  # by the leak check


def estimate(config: Config, *, limit: int | None, progress: Progress, environ: Mapping[str, str]) -> Estimate:
    """Return what `ragvsft run` with this config would take; loads the model and asks it a few questions."""
    inputs = read_inputs(config, limit=limit)
    read_badly = _check_encoder(config, inputs)
    progress.say("probing the model with a few questions")
    engine = engine_module(config.engine.kind).load(config.engine, model_source(config, environ))
    probes = {name: _probe(name, config, inputs, engine) for name in config.variants}
    legs = {name: len(config.lora.seeds) if name in config.trained else 1 for name in config.variants}
    count = len(inputs.samples)
    tokens = {
        **_tokens("quality", probes, {name: legs[name] * count for name in probes}),
        **_tokens("latency", probes, dict.fromkeys(probes, config.latency.requests)),
    }
    seconds = {
        "quality": sum(probes[name].batched_s * legs[name] * count for name in probes),
        "latency": sum(probe.single_s * config.latency.requests for probe in probes.values()),
    }
    if config.trained:
        passes = len(inputs.leaks.kept) * config.lora.epochs * len(config.lora.seeds)  # if no training stops early
        tokens |= _tokens("training", probes, {config.trained[0]: passes})
        seconds["training"] = probes[config.trained[0]].reading_s * _TRAINING_PASSES * passes
    device = engine.identity.device_name or "unknown"
    hourly = load_prices(config.cost.prices).hardware_usd_per_hour(config.cost.hardware, device)
    return Estimate(
        documents=len(inputs.documents),
        samples=count,
        examples=len(inputs.leaks.kept),
        requests={"quality": sum(legs.values()) * count, "latency": len(probes) * config.latency.requests},
        tokens=tokens,
        seconds=seconds,
        usd=None if hourly is None else sum(seconds.values()) / 3600 * hourly,
        device=device,
        corpus=account(inputs.corpus),
        remarks=(*remarks(inputs), *read_badly),
        examples_left_out=inputs.leaks.exact + inputs.leaks.near,
    )


def _check_encoder(config: Config, inputs: Inputs) -> list[str]:
    """Return how the encoder reads the corpus, where something retrieves. Raises CorpusError where it cannot."""
    if not any(VARIANTS[name].retrieves for name in config.variants):
        return []
    from ragvsft.retrieval.encoders import load_encoder

    return check_readable(inputs.documents, load_encoder(config.rag.encoder))


@dataclass(frozen=True, slots=True)
class _Probe:
    tokens_per_request: float | None  # None: the engine does not say
    batched_s: float  # per request
    reading_s: float  # per request: of it until the first token
    single_s: float


def _probe(name: str, config: Config, inputs: Inputs, engine: Engine) -> _Probe:
    samples = inputs.samples[:_PROBED]
    requests = [_stand_in(name, config, sample, inputs, engine.fits) for sample in samples]
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
        raise ModelError(f"{name}: none of {len(outcomes)} probing questions was answered: {failure.detail}")
    return _Probe(_tokens_of(done), batched_s, reading_s, single_s)


def _tokens_of(completions: Sequence[Completion]) -> float | None:
    """Return the mean of the tokens read and written; None where the engine does not say."""
    counts = [
        out.prompt_tokens + out.completion_tokens
        for out in completions
        if out.prompt_tokens is not None and out.completion_tokens is not None
    ]
    return sum(counts) / len(counts) if counts else None


def _tokens(stage: str, probes: Mapping[str, _Probe], requests: Mapping[str, int]) -> dict[str, int]:
    """Return the tokens of a stage by its name; nothing where an engine does not say."""
    parts = [(probes[name].tokens_per_request, count) for name, count in requests.items()]
    known = [tokens * count for tokens, count in parts if tokens is not None]
    return {stage: round(sum(known))} if len(known) == len(parts) else {}


def _stand_in(name: str, config: Config, sample: Sample, inputs: Inputs, fits: Callable[[str], bool]) -> Request:
    """Return a request as long as the variant's would be, without an index or an adapter."""
    passages: list[str] = []
    if VARIANTS[name].retrieves:
        words = inputs.documents[0].text.split() or ["word"]
        size = max(1, int(config.passages.tokens * _WORDS_PER_TOKEN))
        text = " ".join((words * (size // len(words) + 1))[:size])
        passages = [text] * config.rag.k
    prompt = inputs.task.prompt(sample.question, passages)
    while passages and not fits(prompt):  # the variant, too, leaves out what the model cannot read
        passages.pop()
        prompt = inputs.task.prompt(sample.question, passages)
    return Request(sample.sample_id, prompt)
