"""The sections of ragvsft.yaml, each validated and frozen; a key that is not among its own is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from ragvsft.config.mistakes import unknown_name
from ragvsft.masking import masked
from ragvsft.names import ENGINES, modes
from ragvsft.tasks import DEFAULT, TASKS

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"


Note = Annotated[str, AfterValidator(masked)]


PositiveInt = Annotated[int, Field(ge=1, lt=2**31)]  # as a Seed: what every library takes


Share = Annotated[float, Field(ge=0.0, le=1.0)]


Seed = Annotated[int, Field(ge=0, lt=2**31)]  # what torch, numpy and Python all take


def _twice(values: Sequence[str | int]) -> str:
    """Return the first value that is listed twice, as Python writes it."""
    return next(repr(value) for place, value in enumerate(values) if value in values[:place])


class Section(BaseModel):
    """Keys that belong together; a key that is not among them is an error."""

    concerns: ClassVar[str | None] = None  # the part of a recipe without which it changes nothing; None: it always may

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _a_name_of(table: Callable[[], Mapping[str, object]]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in table():
            raise ValueError(unknown_name(value, table()))
        return value

    return check


# JSON Schema knows the kinds by their names, for editors
KindOfTask = Annotated[str, AfterValidator(_a_name_of(lambda: TASKS)), Field(json_schema_extra={"enum": list(TASKS)})]


class TaskConfig(Section):
    """What the model is asked to do with each question."""

    kind: KindOfTask = Field(DEFAULT, description="; ".join(f"{name}: {TASKS[name].description}" for name in TASKS))
    instruction: str | None = Field(None, description="replaces the shared instruction, for all variants alike")
    schema_file: Path | None = Field(
        None,
        validate_default=True,
        description="JSON Schema of type object; needed for kind: "
        + " or ".join(kind.name for kind in TASKS.values() if kind.needs_schema),
    )
    refusal: str | None = Field(
        None, description="what the model is told to say when it does not know; null: as found in the instruction"
    )

    # checked key by key, so that one that is wrong does not hide another
    @field_validator("schema_file")
    @classmethod
    def _is_there_where_it_is_needed(cls, file: Path | None, info: ValidationInfo) -> Path | None:
        kind = TASKS.get(info.data.get("kind", ""))
        if kind and kind.needs_schema and file is None:
            raise ValueError(f"missing; kind: {kind.name} needs a JSON Schema, so name its file")
        return file

    @field_validator("refusal")
    @classmethod
    def _can_be_said(cls, refusal: str | None, info: ValidationInfo) -> str | None:
        kind = TASKS.get(info.data.get("kind", ""))
        if refusal is not None and kind and not kind.may_refuse:
            raise ValueError(f"{refusal!r} is never right with kind: {kind.name}; remove it")
        if refusal is not None and not re.search(r"\w", refusal):
            raise ValueError(f'{refusal!r} says nothing; write a text such as "I don\'t know"')
        return refusal


class PassagesConfig(Section):
    """How documents are split."""

    concerns = "passages"

    tokens: Annotated[int, Field(ge=16, le=4096)] = Field(112, description="longest passage, in the encoder's tokens")
    overlap: Annotated[int, Field(ge=0, lt=2**31)] = Field(16, description="tokens that neighbouring passages share")

    @model_validator(mode="after")
    def _overlap_is_smaller(self) -> PassagesConfig:
        if self.overlap >= self.tokens:
            raise ValueError(f"overlap is {self.overlap}; it must be below tokens ({self.tokens})")
        return self


class RetrievalConfig(Section):
    """How passages are found."""

    concerns = "passages"

    mode: Annotated[str, AfterValidator(_a_name_of(modes))] = Field(
        "dense",
        description="; ".join(f"{name}: {says}" for name, says in modes().items()),
        json_schema_extra={"enum": list(modes())},
    )
    k: Annotated[int, Field(ge=1, le=10_000)] = Field(3, description="passages put in the prompt")
    encoder: str = Field("auto", description="auto, packaged, a hub id or a folder of a sentence-transformers model")


class FewShotConfig(Section):
    """Which worked examples few-shot shows."""

    concerns = "shots"

    k: PositiveInt = Field(4, description="the training examples nearest to the question, as many as the model reads")


class LoraConfig(Section):
    """How an adapter is trained."""

    concerns = "adapter"

    r: PositiveInt = Field(16, description="rank")
    alpha: PositiveInt = Field(32, description="scale; the update is multiplied by alpha / r")
    dropout: Share = Field(0.0, description="on the adapter's input; on a CPU it takes a third of the training time")
    target_modules: str | list[str] = Field("auto", description="auto: every linear layer but the output layer")
    epochs: PositiveInt = Field(20, description="at most; early stopping may end sooner")
    learning_rate: Annotated[float, Field(gt=0)] = Field(1e-3, description="peak; linear warm-up, then linear decay")
    batch_tokens: PositiveInt = Field(
        512, description="prompt and answer tokens in one optimiser step, padding included"
    )
    dev_share: Annotated[float, Field(ge=0.0, lt=0.5)] = Field(
        0.1, description="share of the examples that is not trained on and decides when to stop"
    )
    patience: PositiveInt = Field(3, description="epochs without a better dev loss before training stops")
    seeds: list[Seed] = Field([0], min_length=1, description="one adapter each; a decision needs at least three")

    @model_validator(mode="after")
    def _seeds_differ(self) -> LoraConfig:
        if len(set(self.seeds)) < len(self.seeds):
            raise ValueError(
                f"seeds: {_twice(self.seeds)} is listed twice and would give the same adapter twice; remove one"
            )
        return self


class EngineConfig(Section):
    """What completes prompts."""

    kind: Annotated[
        str, AfterValidator(_a_name_of(lambda: ENGINES)), Field(json_schema_extra={"enum": list(ENGINES)})
    ] = "transformers"
    device: str = Field("auto", description="auto, cpu, cuda or cuda:N")
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    max_new_tokens: PositiveInt = Field(48, description="longest answer")
    token_budget: PositiveInt = Field(8192, description="prompt tokens in one batch, padding included")
    threads: Annotated[int, Field(ge=0, lt=2**31)] = Field(0, description="CPU threads; 0: one per physical core")
    adapters: Literal["merged", "unmerged"] = Field(
        "merged", description="merged: an adapter is added to the weights; unmerged: it is computed beside them"
    )


class LatencyConfig(Section):
    """The latency pass: one request at a time, variants interleaved."""

    requests: Annotated[int, Field(ge=0, lt=2**31)] = Field(
        200, description="per variant; below 200, p95 is withheld; 0: no latency pass"
    )
    warmup: Annotated[int, Field(ge=0, lt=2**31)] = Field(5, description="requests per variant that are not counted")


class StatisticsConfig(Section):
    """How sure a number must be."""

    primary: str | None = Field(
        None,
        description="the metric a decision rests on; null: "
        + ", ".join(f"{kind.primary} for kind: {kind.name}" for kind in TASKS.values()),
    )
    resamples: Annotated[int, Field(ge=100, lt=2**31)] = Field(
        2000, description="resamples behind every interval and test"
    )
    confidence: Annotated[float, Field(gt=0.5, lt=1.0)] = Field(0.95, description="of every interval")
    seed: Seed = Field(0, description="of the resampling")
    tolerable_loss: Annotated[float, Field(ge=0.0)] = Field(
        0.05,
        description="how much of the primary metric a cheaper variant may lose, by its interval, and still be chosen",
    )
    max_unscored: Share = Field(0.02, description="share of unscored samples above which nothing is compared")


class CostConfig(Section):
    """What the 12-month view assumes."""

    prices: Path | None = Field(None, description="a price book that replaces the packaged one")
    hardware: str = Field("auto", description="a row of the price book's hardware; auto: by the device of the run")
    requests_per_month: PositiveInt = Field(100_000, description="how many requests the cost is worked out for")
    months: PositiveInt = Field(12, description="how far the cost looks ahead")
    retrainings_per_year: Annotated[float, Field(ge=0)] = Field(
        4.0, description="how often a year indexes and adapters are built again"
    )
