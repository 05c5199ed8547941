"""A sample to hits: encoders and what searches with them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from ragvsft.names import RETRIEVERS
from ragvsft.records import Hit, Sample

if TYPE_CHECKING:
    from ragvsft.config.sections import RetrievalConfig
    from ragvsft.retrieval.library import Library
    from ragvsft.store.artifacts import Artifact


class Retriever(Protocol):
    """What finds passages for a sample."""

    def search(self, sample: Sample, k: int) -> list[Hit]:
        """Return the k best passages, best first; fewer where there are no more, none where none fits."""
        ...


class RetrieverModule(Protocol):
    """What a module named in RETRIEVERS holds."""

    @staticmethod
    def artifacts(library: Library, settings: RetrievalConfig) -> tuple[Artifact, ...]:
        """Return what is built once for `load`."""
        ...

    @staticmethod
    def load(library: Library, settings: RetrievalConfig, folders: Sequence[Path]) -> Retriever:
        """Return the retriever over the folders of its artifacts, in the order of `artifacts`."""
        ...


def retriever_module(name: str) -> RetrieverModule:
    """Return the module of a retriever named in RETRIEVERS."""
    return cast(RetrieverModule, import_module(RETRIEVERS[name].module))
