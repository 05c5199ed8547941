"""ragvsft.yaml as one validated, frozen config: a section per topic, unknown keys are errors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from ragvsft.config.mistakes import unknown_name
from ragvsft.config.secrets import Secret
from ragvsft.masking import masked
from ragvsft.names import VARIANTS
from ragvsft.tasks import DEFAULT, TASKS

_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"


Note = Annotated[str, AfterValidator(masked)]


PositiveInt = Annotated[int, Field(ge=1)]


Share = Annotated[float, Field(ge=0.0, le=1.0)]


Seed = Annotated[int, Field(ge=0, lt=2**31)]  # what torch, numpy and Python all take


class Section(BaseModel):
    """Keys that belong together; a key that is not among them is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _known_kind(name: str) -> str:
    if name not in TASKS:
        raise ValueError(unknown_name(name, TASKS))
    return name


# JSON Schema knows the kinds by their names, for editors
KindOfTask = Annotated[str, AfterValidator(_known_kind), Field(json_schema_extra={"enum": list(TASKS)})]


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
        None, description="what the model is told to say where it does not know; none: as found in the instruction"
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

    tokens: Annotated[int, Field(ge=16, le=4096)] = Field(112, description="longest passage, in the encoder's tokens")
    overlap: Annotated[int, Field(ge=0)] = Field(16, description="tokens that neighbouring passages share")

    @model_validator(mode="after")
    def _overlap_is_smaller(self) -> PassagesConfig:
        if self.overlap >= self.tokens:
            raise ValueError(f"overlap is {self.overlap}; it must be below tokens ({self.tokens})")
        return self


class RagConfig(Section):
    """How passages are found."""

    k: PositiveInt = Field(3, description="passages put in the prompt")
    encoder: str = Field("auto", description="auto, packaged, a hub id or a folder of a sentence-transformers model")


class LoraConfig(Section):
    """How an adapter is trained."""

    r: PositiveInt = Field(16, description="rank")
    alpha: PositiveInt = Field(32, description="scale; the update is multiplied by alpha / r")
    dropout: Share = Field(0.0, description="on the adapter's input; costs a third of the training time on a CPU")
    target_modules: str | list[str] = Field("auto", description="auto: every linear layer but the output layer")
    epochs: PositiveInt = Field(20, description="at most; early stopping may end sooner")
    learning_rate: Annotated[float, Field(gt=0)] = Field(1e-3, description="peak; linear warm-up, then linear decay")
    batch_tokens: PositiveInt = Field(
        512, description="prompt and answer tokens in one optimiser step, padding included"
    )
    dev_share: Annotated[float, Field(ge=0.0, lt=0.5)] = Field(
        0.1, description="examples kept from training to stop on"
    )
    patience: PositiveInt = Field(3, description="epochs without a better dev loss before training stops")
    seeds: list[Seed] = Field([0], min_length=1, description="one adapter each; a decision wants at least three")

    @model_validator(mode="after")
    def _seeds_differ(self) -> LoraConfig:
        if len(set(self.seeds)) < len(self.seeds):
            raise ValueError(f"seeds: {self.seeds} holds one twice; the same seed gives the same adapter")
        return self


class EngineConfig(Section):
    """What completes prompts, the same for all variants."""

    kind: Literal["transformers", "scripted"] = "transformers"
    device: str = Field("auto", description="auto, cpu, cuda or cuda:N")
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    max_new_tokens: PositiveInt = Field(48, description="longest answer")
    token_budget: PositiveInt = Field(8192, description="prompt tokens in one batch, padding included")
    threads: Annotated[int, Field(ge=0)] = Field(0, description="CPU threads; 0: one per physical core")
    adapters: Literal["merged", "unmerged"] = Field("merged", description="whether an adapter is added to the weights")


class LatencyConfig(Section):
    """The latency pass: one request at a time, variants interleaved."""

    requests: Annotated[int, Field(ge=0)] = Field(200, description="per variant; below 200 p95 is withheld; 0: no pass")
    warmup: Annotated[int, Field(ge=0)] = Field(5, description="requests per variant that are not counted")


class StatisticsConfig(Section):
    """How sure a number must be."""

    primary: str | None = Field(
        None,
        description="the metric a decision rests on; none: "
        + ", ".join(f"{kind.primary} for kind: {kind.name}" for kind in TASKS.values()),
    )
    resamples: Annotated[int, Field(ge=100)] = 2000
    confidence: Annotated[float, Field(gt=0.5, lt=1.0)] = 0.95
    seed: Seed = 0
    tolerable_loss: Annotated[float, Field(ge=0.0)] = Field(
        0.05, description="of the primary metric: what a cheaper variant may lose by its interval and still be chosen"
    )
    max_unscored: Share = Field(0.02, description="share of unscored samples past which a comparison refuses")


class CostConfig(Section):
    """What the 12-month view assumes."""

    prices: Path | None = Field(None, description="a price book that replaces the packaged one")
    hardware: str = Field("auto", description="a row of the price book's hardware; auto: by the device of the run")
    requests_per_month: PositiveInt = 100_000
    months: PositiveInt = 12
    retrainings_per_year: Annotated[float, Field(ge=0)] = Field(
        4.0, description="how often the corpus changes enough to build again"
    )


class Config(Section):
    """Everything a run needs to know."""

    name: str = Field("run", pattern=_NAME, description="part of the run folder's name")
    corpus: Path | None = Field(None, description="a folder of documents; needed where a variant retrieves")
    evalset: Path = Field(description="a JSONL file of samples")
    examples: Path | None = Field(None, description="a JSONL file of training examples; needed for lora")
    separator: str | None = Field(
        None, min_length=1, description='parts several targets or doc_ids in a cell of a .csv, as in "|"; null: never'
    )
    model: str = Field("bundled", description="bundled, a hub id or a folder")
    hub_token: Secret | None = Field(None, description="for gated hub models, as ${HF_TOKEN}")
    variants: list[str] = Field(["prompt", "rag", "lora"], min_length=1)
    task: TaskConfig = TaskConfig()
    passages: PassagesConfig = PassagesConfig()
    rag: RagConfig = RagConfig()
    lora: LoraConfig = LoraConfig()
    engine: EngineConfig = EngineConfig()
    latency: LatencyConfig = LatencyConfig()
    statistics: StatisticsConfig = StatisticsConfig()
    cost: CostConfig = CostConfig()
    notes: list[Note] = Field([], description="lines for the report: what this evalset can and cannot show")
    output: Path = Field(Path("reports"), description="where run folders go")
    cache: Path = Field(Path(".ragvsft"), description="where indexes and adapters are kept between runs")

    @model_validator(mode="after")
    def _variants_are_known(self) -> Config:
        unknown = [name for name in self.variants if name not in VARIANTS]
        if unknown:
            raise ValueError(f"variants: {', '.join(unknown)} is unknown; choose from {', '.join(VARIANTS)}")
        if len(set(self.variants)) < len(self.variants):
            raise ValueError("variants: a name is listed twice")
        if self.retrieving and self.corpus is None:
            raise ValueError(f"corpus: the variant {self.retrieving[0]} needs a folder of documents to retrieve from")
        if self.trained and self.examples is None:
            raise ValueError(f"examples: the variant {self.trained[0]} needs a file of training examples")
        return self

    @model_validator(mode="after")
    def _output_is_outside_the_corpus(self) -> Config:
        if self.corpus is None:
            return self
        corpus, cache = self.corpus.resolve(), self.cache.resolve()
        if self.output.resolve().is_relative_to(corpus):
            raise ValueError(
                f"output: {self.output} lies in the corpus, so the next run would read this one's report, with all"
                " answers, as a document; choose a folder outside, or move the documents into one of their own"
            )
        # hidden folders, such as the default, are not read
        if cache.is_relative_to(corpus) and not any(name.startswith(".") for name in cache.relative_to(corpus).parts):
            raise ValueError(
                f"cache: {self.cache} lies in the corpus, so the next run would read what this one keeps as documents;"
                " choose a folder outside"
            )
        return self

    @property
    def names(self) -> list[str]:
        """The names of all variants, in order."""
        return list(self.variants)

    @property
    def candidates(self) -> list[str]:
        """The names of the variants that may be recommended, in order."""
        return [name for name in self.names if VARIANTS[name].role == "candidate"]

    @property
    def trained(self) -> list[str]:
        """The variants that need adapters."""
        return [name for name in self.variants if VARIANTS[name].trains]

    @property
    def retrieving(self) -> list[str]:
        """The variants that need a corpus."""
        return [name for name in self.variants if VARIANTS[name].retrieves]

    @property
    def primary(self) -> str:
        """The metric that a decision rests on."""
        return self.statistics.primary or TASKS[self.task.kind].primary
