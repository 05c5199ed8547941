"""ragvsft.yaml as one validated, frozen config, with variants that hold all they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from ragvsft.config.secrets import Secret
from ragvsft.config.sections import (
    NAME,
    CostConfig,
    EngineConfig,
    FewShotConfig,
    LatencyConfig,
    LoraConfig,
    Note,
    PassagesConfig,
    RetrievalConfig,
    Section,
    StatisticsConfig,
    TaskConfig,
)
from ragvsft.config.variants import Mistakes, check_variants, inherited, with_inherited, without_effect
from ragvsft.names import VARIANTS, VariantRow
from ragvsft.tasks import TASKS


class VariantConfig(Section):
    """One variant: a recipe, and what it sets differently from the rest of the config."""

    name: str = Field(pattern=NAME, description="what the report calls it")
    like: str | None = Field(None, description="its recipe, see `ragvsft variants`; null: the one of its name")
    model: str = Field("bundled", description="in place of the config's model, as are the sections below")
    passages: PassagesConfig = PassagesConfig()
    retrieval: RetrievalConfig = RetrievalConfig()
    few_shot: FewShotConfig = FewShotConfig()
    lora: LoraConfig = LoraConfig()
    engine: EngineConfig = EngineConfig()

    @property
    def recipe(self) -> str:
        """What it is like, a name of VARIANTS."""
        return self.like or self.name

    @property
    def row(self) -> VariantRow:
        """What its recipe is made of."""
        return VARIANTS[self.recipe]

    @property
    def seeds(self) -> tuple[int | None, ...]:
        """The training seeds, one leg each; None alone where nothing is trained."""
        return tuple(self.lora.seeds) if self.row.trains else (None,)


INHERITED = inherited(VariantConfig)


class Config(Section):
    """Everything a run needs to know."""

    name: str = Field("run", pattern=NAME, description="part of the run folder's name")
    corpus: Path | None = Field(None, description="a folder of documents; needed where a variant retrieves")
    evalset: Path = Field(description="a JSONL file of samples")
    examples: Path | None = Field(
        None, description="a JSONL file of training examples; needed where a variant learns from them"
    )
    separator: str | None = Field(
        None,
        min_length=1,
        description='what separates several targets or doc_ids in a cell of a .csv, as in "|"; null: nothing does',
    )
    model: str = Field("bundled", description="bundled, a hub id or a folder")
    hub_token: Secret | None = Field(None, description="for gated hub models, as ${HF_TOKEN}")
    variants: list[VariantConfig] = Field(
        [],
        min_length=1,
        description="what is compared: recipes by name, or with what they set differently, as in"
        " {name: rag-5, like: rag, retrieval: {k: 5}}; `ragvsft variants` lists the recipes",
    )
    task: TaskConfig = TaskConfig()
    passages: PassagesConfig = PassagesConfig()
    retrieval: RetrievalConfig = RetrievalConfig()
    few_shot: FewShotConfig = FewShotConfig()
    lora: LoraConfig = LoraConfig()
    engine: EngineConfig = EngineConfig()
    latency: LatencyConfig = LatencyConfig()
    statistics: StatisticsConfig = StatisticsConfig()
    cost: CostConfig = CostConfig()
    notes: list[Note] = Field([], description="lines for the report: what this evalset can and cannot show")
    output: Path = Field(Path("reports"), description="where run folders go")
    cache: Path = Field(Path(".ragvsft"), description="where indexes and adapters are kept between runs")

    @model_validator(mode="before")
    @classmethod
    def _variants_inherit(cls, raw: Any) -> Any:
        return with_inherited(raw, INHERITED) if isinstance(raw, Mapping) else raw

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Config:
        wrong = dict([*check_variants(self.variants), *self._without_effect(), *self._missing(), *self._misplaced()])
        if wrong:
            raise Mistakes(wrong)
        return self

    def _without_effect(self) -> Iterator[tuple[str, str]]:
        for variant in self.variants:
            if variant.recipe in VARIANTS:
                own = {key: getattr(variant, key) for key in INHERITED if getattr(variant, key) != getattr(self, key)}
                parts = {key: value.concerns for key, value in own.items() if isinstance(value, Section)}
                yield from without_effect(variant.name, variant.row, parts)

    def _missing(self) -> Iterator[tuple[str, str]]:
        if self.retrieving and self.corpus is None:
            yield "corpus", f"the variant {self.retrieving[0]} needs a folder of documents to retrieve from"
        if self.learning and self.examples is None:
            yield "examples", f"the variant {self.learning[0]} needs a file of training examples"

    def _misplaced(self) -> Iterator[tuple[str, str]]:
        if self.corpus is None:
            return
        corpus, cache = self.corpus.resolve(), self.cache.resolve()
        if self.output.resolve().is_relative_to(corpus):
            yield (
                "output",
                f"{self.output} lies inside the corpus, so the next run would read this one's report, with all answers,"
                " as a document; choose a folder outside, or move the documents into one of their own",
            )
        # hidden folders, such as the default, are not read
        if cache.is_relative_to(corpus) and not any(name.startswith(".") for name in cache.relative_to(corpus).parts):
            yield (
                "cache",
                f"{self.cache} lies inside the corpus, so the next run would read what this one keeps as documents;"
                " choose a folder outside",
            )

    def variant(self, name: str) -> VariantConfig:
        """Return the variant of this name. Raises KeyError if there is none."""
        return {variant.name: variant for variant in self.variants}[name]

    @property
    def names(self) -> list[str]:
        """The names of all variants, in order."""
        return [variant.name for variant in self.variants]

    @property
    def candidates(self) -> list[str]:
        """The names of the variants that may be recommended, in order."""
        return [variant.name for variant in self.variants if variant.row.role == "candidate"]

    @property
    def controls(self) -> list[str]:
        """The names of the variants that only explain why, in order."""
        return [variant.name for variant in self.variants if variant.row.role == "control"]

    @property
    def trained(self) -> list[str]:
        """The names of the variants that need adapters."""
        return [variant.name for variant in self._known if variant.row.trains]

    @property
    def retrieving(self) -> list[str]:
        """The names of the variants that need a corpus."""
        return [variant.name for variant in self._known if variant.row.retrieves]

    @property
    def learning(self) -> list[str]:
        """The names of the variants that need training examples."""
        return [variant.name for variant in self._known if variant.row.learns]

    @property
    def _known(self) -> list[VariantConfig]:
        return [variant for variant in self.variants if variant.recipe in VARIANTS]

    @property
    def primary(self) -> str:
        """The metric that a decision rests on."""
        return self.statistics.primary or TASKS[self.task.kind].primary
