"""What a config can name, with the module that does it, imported on first use. A new one is one file and one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["candidate", "control"]  # a control only explains why, and is never recommended


@dataclass(frozen=True, slots=True)
class VariantRow:
    """What a recipe is made of; `variants.prompted` makes a variant of any of them."""

    says: str  # one sentence, for the report and `ragvsft variants`
    shots: bool = False  # worked examples in the prompt
    passages: str | None = None  # "retrieved": as retrieval.mode says; else a name of RETRIEVERS; None: none
    adapter: str | None = None  # what it is trained on, a name of PAIRS in tuning/pairs.py; None: no adapter
    role: Role = "candidate"

    @property
    def retrieves(self) -> bool:
        """Whether it needs a retriever."""
        return self.passages is not None

    @property
    def trains(self) -> bool:
        """Whether it needs adapters: each training seed gives a leg of its own."""
        return self.adapter is not None

    @property
    def learns(self) -> bool:
        """Whether it needs training examples."""
        return self.shots or self.trains


@dataclass(frozen=True, slots=True)
class RivalRow:
    """A trivial rival of `scoring.floor`: what anybody can answer without building anything."""

    said: str  # as sentences call it
    instead: str  # what somebody could use instead of a variant that does not beat it


VARIANTS: dict[str, VariantRow] = {
    "prompt": VariantRow("The model as it is: it is asked the question alone."),
    "few-shot": VariantRow(
        "The training examples nearest to the question are put in the prompt, with their answers.", shots=True
    ),
    "rag": VariantRow("The passages found for the question are put in the prompt.", passages="retrieved"),
    "lora": VariantRow(
        "An adapter is trained on the examples; the model is asked the question alone.", adapter="closed-book"
    ),
}


@dataclass(frozen=True, slots=True)
class RetrieverRow:
    """What finds passages."""

    module: str  # a retrieval.RetrieverModule
    says: str | None = None  # how, for the config's help; None: only a recipe names it, and retrieval.mode cannot


RETRIEVERS: dict[str, RetrieverRow] = {
    "dense": RetrieverRow("ragvsft.retrieval.dense", "by the similarity of vectors"),
}


def modes() -> dict[str, str]:
    """Return what retrieval.mode can be, and what each says: one that knows the right documents is none of them."""
    return {name: row.says for name, row in RETRIEVERS.items() if row.says is not None}


TRIVIAL: dict[str, RivalRow] = {
    "best-constant": RivalRow("the best constant answer", "A fixed text would do at least as well."),
    "nearest-example": RivalRow(
        "the answer of the nearest training example",
        "Looking up the nearest training example would do at least as well, without any model.",
    ),
    "lead": RivalRow("the beginning of the input", "Copying the beginning of the input would do at least as well."),
    "first-hit": RivalRow(
        "the best sentence of the first passage found",
        "A search that shows the best sentence it finds would do at least as well, without any model.",
    ),
    "always-refuse": RivalRow("always refusing", "Saying nothing would do at least as well."),
}

IMPORTERS: dict[str, str] = {  # what `ragvsft import` reads: modules with `SOURCE`, a data.importers.source.Source
    "squad": "ragvsft.data.importers.squad",
    "beir": "ragvsft.data.importers.beir",
    "ragas": "ragvsft.data.importers.ragas",
    "csv": "ragvsft.data.importers.tabular",
    "utterances": "ragvsft.data.importers.utterances",
}

SCORERS: tuple[str, ...] = (  # modules with MEASURES, a row for each measure that they compute
    "ragvsft.scoring.scorers.answer",
    "ragvsft.scoring.scorers.format",
    "ragvsft.scoring.scorers.retrieval",
    "ragvsft.scoring.scorers.resources",
)


@dataclass(frozen=True, slots=True)
class EngineRow:
    """What others must know of an engine before its module is imported."""

    module: str  # an engines.EngineModule
    needs_model: bool = True  # it runs a model of this machine, which is found and checked first
    stamp: str | None = None  # why no decision can rest on it; None: one can


ENGINES: dict[str, EngineRow] = {
    "transformers": EngineRow("ragvsft.engines.transformers"),
    "scripted": EngineRow(
        "ragvsft.engines.scripted",
        needs_model=False,
        stamp="the scripted engine: it repeats the question, no model was asked",
    ),
}

FileName = Literal[
    "manifest",
    "samples",
    "trivial",
    "builds",
    "stages",
    "predictions",
    "latency",
    "scores",
    "metrics",
    "comparison",
    "cost",
    "decision",
    "report",
]

FILES: dict[FileName, str] = {
    "manifest": "manifest.json",
    "samples": "samples.jsonl",
    "trivial": "trivial.jsonl",
    "builds": "builds.json",
    "stages": "stages.jsonl",
    "predictions": "predictions.jsonl",
    "latency": "latency.jsonl",
    "scores": "scores.jsonl",
    "metrics": "metrics.json",
    "comparison": "comparison.json",
    "cost": "cost.json",
    "decision": "decision.json",
    "report": "report.html",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a run, from what the run folder holds to what it holds then."""

    module: str  # holds `do(run: stages.run.Run) -> None`
    needs: tuple[FileName, ...]
    leaves: tuple[FileName, ...]  # the first of them tells that the run came this far
    status: str  # of a run that came this far
    done: str  # "not <done> yet", where a later stage misses what this one leaves
    answers: bool = False  # it works towards answers, and is left out where none is missing


STAGES: dict[str, Stage] = {  # in the order they are done
    "start": Stage("ragvsft.stages.start", (), ("manifest", "samples", "trivial"), "started", "started"),
    "build": Stage("ragvsft.stages.build", ("manifest",), ("builds",), "built", "built", answers=True),
    "answer": Stage(
        "ragvsft.stages.answer", ("builds",), ("predictions", "latency"), "answering", "answered", answers=True
    ),
    "score": Stage(
        "ragvsft.stages.score",
        ("predictions",),
        ("decision", "metrics", "scores", "comparison", "cost"),
        "scored",
        "scored",
    ),
    "report": Stage("ragvsft.stages.report", ("decision",), ("report",), "complete", "reported"),
}
