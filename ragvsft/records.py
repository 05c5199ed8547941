"""The frozen records of a run's answers, from Document to Score.

Every stage takes records and returns records. Nothing here imports another module of the package.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

Stratum = Literal["seen-wording", "rephrased", "multi-hop", "held-out-doc", "unanswerable", "behaviour"]


Better = Literal["higher", "lower"]


Purpose = Literal["quality", "latency"]


@dataclass(frozen=True, slots=True)
class Document:
    """One text of a corpus."""

    doc_id: str  # POSIX path below the corpus folder, with its suffix
    text: str
    sha256: str  # of the file's bytes
    pages: tuple[int, ...] = ()  # where in `text` each page begins, from 0; empty: the format has no pages


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document that fits in a prompt."""

    passage_id: str  # "<doc_id>#<number from 0>"
    doc_id: str
    text: str
    page: int | None = None  # from 1, where it begins; None: the format has no pages


@dataclass(frozen=True, slots=True)
class Sample:
    """One evaluation question with its targets and the documents that answer it."""

    sample_id: str
    question: str
    targets: tuple[str, ...]  # empty only where the stratum is "unanswerable": the right answer is a refusal
    doc_ids: tuple[str, ...]
    stratum: Stratum

    @property
    def cluster(self) -> str:
        """The unit that is resampled: the first document, or the sample itself where no document ties samples together.

        Behaviour samples name the guide that states the rules, which ties none of the messages to another.
        """
        return self.doc_ids[0] if self.doc_ids and self.stratum != "behaviour" else self.sample_id


@dataclass(frozen=True, slots=True)
class Example:
    """One training pair made from the corpus."""

    example_id: str
    question: str
    answer: str
    doc_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage."""

    passage_id: str
    doc_id: str
    text: str
    score: float  # inner product of unit vectors, -1..1
    page: int | None = None  # from 1, where the passage begins; None: the format has no pages


@dataclass(frozen=True, slots=True)
class Request:
    """What goes into an engine: one prompt, and the adapter that answers it."""

    sample_id: str
    prompt: str
    adapter: Path | None = None
    hits: tuple[Hit, ...] | None = None  # best first, those in the prompt; None: the variant does not retrieve
    dropped_hits: int = 0  # retrieved, but left out because the prompt would not fit the model
    shots: tuple[str, ...] | None = None  # example_ids in the prompt, nearest first; None: the variant shows none
    dropped_shots: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    """What an engine made of one request."""

    tag: ClassVar[str] = "completion"

    text: str
    prompt_tokens: int | None  # None, as below: the engine does not say
    completion_tokens: int | None
    finish: Literal["stop", "length"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an engine made nothing of one request. Never turned into a number or an empty answer."""

    tag: ClassVar[str] = "failure"

    cause: str  # short and stable, countable: "too-long", "out-of-memory", "non-finite-logits", "engine-error"
    detail: str

    @property
    def is_lasting(self) -> bool:
        """Return whether the same request would fail again, on whatever machine."""
        return self.cause in ("too-long", "non-finite-logits")


@dataclass(frozen=True, slots=True)
class Times:
    """The stopwatch of one prediction of the latency pass, in seconds."""

    retrieval_s: float  # everything before the engine: encoding the question, search, building the prompt
    first_token_s: float | None  # from the start of the request; None where the engine cannot tell
    total_s: float  # from the start of the request to the whole text


@dataclass(frozen=True, slots=True)
class Prediction:
    """One variant's outcome on one sample."""

    sample_id: str
    variant: str
    seed: int | None  # of the training; None: the variant trains nothing
    purpose: Purpose
    round: int  # latency pass: how often this sample was asked before; 0 in the quality pass
    outcome: Completion | Failure
    hits: tuple[Hit, ...] | None = None  # None: the variant does not retrieve; () it found nothing
    dropped_hits: int = 0
    shots: tuple[str, ...] | None = None  # example_ids in the prompt; None: the variant shows none
    dropped_shots: int = 0
    times: Times | None = None  # None in the quality pass: batches have no time of their own
    group: int = 0  # latency pass: which legs took turns; memory need not hold the adapters of all of them at once

    @property
    def is_worth_another_try(self) -> bool:
        """Whether a resumed run asks again: what ran out of memory may find more of it now."""
        return isinstance(self.outcome, Failure) and not self.outcome.is_lasting

    @property
    def key(self) -> tuple[str, int | None, str, int]:
        """Return what there is one prediction of in each pass: (variant, seed, sample_id, round)."""
        return (self.variant, self.seed, self.sample_id, self.round)


@dataclass(frozen=True, slots=True)
class TrivialAnswer:
    """What one trivial rival says to one sample; no model is asked."""

    rival: str  # a name of names.TRIVIAL
    sample_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """One scorer's number for one prediction, or why there is none."""

    sample_id: str
    variant: str
    seed: int | None  # None: nothing was trained
    round: int
    scorer: str
    value: float | None  # None: unscored, and `cause` says why
    cause: str | None = None
