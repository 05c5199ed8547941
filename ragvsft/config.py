"""ragvsft.yaml as one validated, frozen config: all problems at once, unknown keys are errors.

A flag overrides the environment (`RAGVSFT_ENGINE__DEVICE=cpu`), which overrides the file. A secret stands in the file
only as `${ENV_NAME}` and is never written to a run. YAML aliases are refused: they hide what a run really used.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ragvsft.errors import ConfigError
from ragvsft.variants import VARIANTS

ENVIRONMENT_PREFIX = "RAGVSFT_"
_SECRET = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

PositiveInt = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TaskConfig(_Section):
    """What the model is asked to do with each question."""

    kind: Literal["answer", "json"] = Field("answer", description="answer: a short text; json: JSON of `schema_file`")
    instruction: str | None = Field(None, description="replaces the shared instruction, for all variants alike")
    schema_file: Path | None = Field(None, description="JSON Schema of type object; needed for kind: json")

    @model_validator(mode="after")
    def _json_has_a_schema(self) -> TaskConfig:
        if self.kind == "json" and self.schema_file is None:
            raise ValueError("kind is json; name the JSON Schema in schema_file")
        return self


class PassagesConfig(_Section):
    """How documents are split."""

    tokens: Annotated[int, Field(ge=16, le=4096)] = Field(112, description="longest passage, in the encoder's tokens")
    overlap: Annotated[int, Field(ge=0)] = Field(16, description="tokens that neighbouring passages share")

    @model_validator(mode="after")
    def _overlap_is_smaller(self) -> PassagesConfig:
        if self.overlap >= self.tokens:
            raise ValueError(f"overlap is {self.overlap}; it must be below tokens ({self.tokens})")
        return self


class RagConfig(_Section):
    """How passages are found."""

    k: PositiveInt = Field(3, description="passages put in the prompt")
    encoder: str = Field("auto", description="auto, packaged, a hub id or a folder of a sentence-transformers model")


class LoraConfig(_Section):
    """How an adapter is trained."""

    r: PositiveInt = Field(16, description="rank")
    alpha: PositiveInt = Field(32, description="scale; the update is multiplied by alpha / r")
    dropout: Share = Field(0.05, description="on the adapter's input")
    target_modules: str | list[str] = Field("auto", description="auto: every linear layer but the output layer")
    epochs: PositiveInt = Field(20, description="at most; early stopping may end sooner")
    learning_rate: Annotated[float, Field(gt=0)] = Field(1e-3, description="peak; linear warm-up, then linear decay")
    batch_tokens: PositiveInt = Field(2048, description="prompt and answer tokens in one optimiser step, padding included")
    dev_share: Annotated[float, Field(ge=0.0, lt=0.5)] = Field(0.1, description="examples kept from training to stop on")
    patience: PositiveInt = Field(3, description="epochs without a better dev loss before training stops")
    seeds: list[int] = Field([0], min_length=1, description="one adapter each; a decision wants at least three")


class EngineConfig(_Section):
    """What completes prompts, the same for all variants."""

    kind: Literal["transformers", "scripted"] = "transformers"
    device: str = Field("auto", description="auto, cpu, cuda or cuda:N")
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    max_new_tokens: PositiveInt = Field(48, description="longest answer")
    token_budget: PositiveInt = Field(8192, description="prompt tokens in one batch, padding included")
    threads: Annotated[int, Field(ge=0)] = Field(0, description="CPU threads; 0: one per physical core")
    adapters: Literal["merged", "unmerged"] = Field("merged", description="whether an adapter is added to the weights")


class LatencyConfig(_Section):
    """The latency pass: one request at a time, variants interleaved."""

    requests: Annotated[int, Field(ge=0)] = Field(200, description="per variant; below 200 p95 is withheld; 0: no pass")
    warmup: Annotated[int, Field(ge=0)] = Field(5, description="requests per variant that are not counted")


class StatisticsConfig(_Section):
    """How sure a number must be."""

    primary: str | None = Field(None, description="the metric a decision rests on; token_f1 for answers, field_f1 for json")
    resamples: Annotated[int, Field(ge=100)] = 2000
    confidence: Annotated[float, Field(gt=0.5, lt=1.0)] = 0.95
    seed: int = 0
    max_unscored: Share = Field(0.02, description="share of unscored samples past which a comparison refuses")


class CostConfig(_Section):
    """What the 12-month view assumes."""

    prices: Path | None = Field(None, description="a price book that replaces the packaged one")
    hardware: str = Field("auto", description="a row of the price book's hardware; auto: by the device of the run")
    requests_per_month: PositiveInt = 100_000
    months: PositiveInt = 12
    retrainings_per_year: Annotated[float, Field(ge=0)] = Field(4.0, description="how often the corpus changes enough to build again")


class Config(_Section):
    """Everything a run needs to know."""

    name: str = Field("run", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="part of the run folder's name")
    corpus: Path = Field(description="a folder of documents")
    evalset: Path = Field(description="a JSONL file of samples")
    examples: Path | None = Field(None, description="a JSONL file of training examples; needed for lora")
    model: str = Field("bundled", description="bundled, a hub id or a folder")
    variants: list[str] = Field(["prompt", "rag", "lora"], min_length=1)
    task: TaskConfig = TaskConfig()
    passages: PassagesConfig = PassagesConfig()
    rag: RagConfig = RagConfig()
    lora: LoraConfig = LoraConfig()
    engine: EngineConfig = EngineConfig()
    latency: LatencyConfig = LatencyConfig()
    statistics: StatisticsConfig = StatisticsConfig()
    cost: CostConfig = CostConfig()
    output: Path = Field(Path("reports"), description="where run folders go")
    cache: Path = Field(Path(".ragvsft"), description="where indexes and adapters are kept between runs")

    @model_validator(mode="after")
    def _variants_are_known(self) -> Config:
        unknown = [name for name in self.variants if name not in VARIANTS]
        if unknown:
            raise ValueError(f"variants: {', '.join(unknown)} is unknown; choose from {', '.join(VARIANTS)}")
        if len(set(self.variants)) < len(self.variants):
            raise ValueError("variants: a name stands twice")
        if "lora" in self.variants and self.examples is None:
            raise ValueError("examples: the variant lora needs a file of training examples")
        return self

    @property
    def primary(self) -> str:
        """The metric that a decision rests on."""
        return self.statistics.primary or ("token_f1" if self.task.kind == "answer" else "field_f1")
