"""The bench that variants are made on: one corpus, one task, one place for artifacts."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ragvsft.config.root import Config, VariantConfig
from ragvsft.data.nearest import NearestExamples
from ragvsft.errors import ConfigError
from ragvsft.names import ENGINES
from ragvsft.progress import Progress
from ragvsft.records import Document, Example
from ragvsft.retrieval import RetrieverModule, retriever_module
from ragvsft.retrieval.library import Encoders, Library
from ragvsft.store.artifacts import Artifact, Store, with_needs
from ragvsft.tasks import Task
from ragvsft.tuning.pairs import PAIRS
from ragvsft.variants.prompted import PromptedVariant, Retrieval, Shots

if TYPE_CHECKING:
    from ragvsft.models.load import ModelSource


@dataclass(frozen=True, slots=True)
class Parts:
    """What one leg needs built: what its retriever searches, and its adapter."""

    retrieval: tuple[Artifact, ...] = ()
    adapter: Artifact | None = None

    @property
    def all(self) -> dict[str, Artifact]:
        """All of them, with what they are made of, by key: a corpus that cannot be read is found before training."""
        return with_needs([*self.retrieval, *([self.adapter] if self.adapter else [])])


class Bench:
    """Everything that a variant may use; what is slow to make is made on first use, once for all that share it."""

    def __init__(
        self,
        config: Config,
        *,
        task: Task,
        documents: Sequence[Document],
        examples: Sequence[Example],
        progress: Progress,
        token: str | None = None,
    ) -> None:
        """`examples` are those after the leak check, `token` opens gated models of the hub."""
        self.config = config
        self.task = task
        self.documents = tuple(documents)
        self.examples = tuple(examples)
        self.progress = progress
        self.store = Store(config.cache)
        self._token = token
        self._encoders = Encoders()
        self._libraries: dict[str, Library] = {}
        self._sources: dict[str, ModelSource] = {}

    def source(self, variant: VariantConfig) -> ModelSource | None:
        """Return the model of this machine that a variant runs or tunes, its files checked; None where it needs none.

        Raises ModelError if it cannot be used.
        """
        if not (ENGINES[variant.engine.kind].needs_model or variant.row.trains):
            return None
        from ragvsft.models.load import find_model

        if variant.model not in self._sources:
            self._sources[variant.model] = find_model(variant.model, token=self._token)
        return self._sources[variant.model]

    def library(self, variant: VariantConfig) -> Library:
        """Return the corpus as a variant's retriever sees it; the same for all with the same splitting and encoder."""
        settings = [variant.passages.model_dump(), variant.retrieval.encoder, variant.engine.device]
        return self._libraries.setdefault(
            json.dumps(settings),
            Library(
                self.documents,
                variant.passages,
                encoder=variant.retrieval.encoder,
                device=variant.engine.device,
                encoders=self._encoders,
                progress=self.progress,
            ),
        )

    def parts(self, variant: VariantConfig, seed: int | None) -> Parts:
        """Return what a leg needs built."""
        module = _retriever_of(variant)
        return Parts(
            retrieval=module.artifacts(self.library(variant), variant.retrieval) if module else (),
            adapter=self._adapter(variant, seed) if seed is not None else None,
        )

    def variant(self, variant: VariantConfig, seed: int | None, fits: Callable[[str], bool]) -> PromptedVariant:
        """Return a variant over what was built; `fits` says whether its model can read a prompt.

        Raises ArtifactError if something it needs is not built or was altered.
        """
        parts, module = self.parts(variant, seed), _retriever_of(variant)
        folders = [self.store.folder_of(artifact) for artifact in parts.retrieval]
        retriever = module.load(self.library(variant), variant.retrieval, folders) if module else None
        return PromptedVariant(
            name=variant.name,
            task=self.task,
            fits=fits,
            retrieval=Retrieval(retriever, variant.retrieval.k) if retriever else None,
            shots=Shots(self._nearest, variant.few_shot.k) if variant.row.shots else None,
            adapter=self.store.folder_of(parts.adapter) if parts.adapter else None,
        )

    @cached_property
    def _nearest(self) -> NearestExamples:
        return NearestExamples(self.examples)

    def _adapter(self, variant: VariantConfig, seed: int) -> Artifact:
        from ragvsft.tuning.artifact import adapter_artifact

        source = self.source(variant)
        if source is None or variant.row.adapter is None:
            raise ConfigError(f"variants.{variant.name}: it has no model on this machine that could be tuned")
        return adapter_artifact(
            variant.name,
            PAIRS[variant.row.adapter](self.task, self.examples),
            source=source,
            lora=variant.lora,
            engine=variant.engine,
            seed=seed,
            progress=self.progress,
        )


def _retriever_of(variant: VariantConfig) -> RetrieverModule | None:
    passages = variant.row.passages
    if passages is None:
        return None
    return retriever_module(variant.retrieval.mode if passages == "retrieved" else passages)
