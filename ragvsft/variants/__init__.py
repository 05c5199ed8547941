"""Variants are ways of using one corpus; each is only "sample -> request"."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from ragvsft.names import VARIANTS
from ragvsft.records import IndexRecord, Request, Sample, TrainingRecord

if TYPE_CHECKING:
    from collections.abc import Callable

    from ragvsft.variants.bench import Workshop


class Variant(Protocol):
    """One way of using the corpus. Model, sampling, batching and stopwatch are the same for all of them."""

    name: str

    def request(self, sample: Sample) -> Request:
        """Return the request for one sample. Retrieval happens here, and is timed."""
        ...


class VariantModule(Protocol):
    """What a module named in VARIANTS holds."""

    @staticmethod
    def build(workshop: Workshop, seed: int) -> IndexRecord | TrainingRecord | None:
        """Pay once for what `load` needs; what is there is not built again. Return what it cost, if anything."""
        ...

    @staticmethod
    def load(workshop: Workshop, seed: int, fits: Callable[[str], bool]) -> Variant:
        """Return the variant; `fits` says whether the model can read a prompt. Raises ArtifactError if not built."""
        ...


def variant_module(name: str) -> VariantModule:
    """Return the module of a variant named in VARIANTS."""
    return cast(VariantModule, import_module(VARIANTS[name].module))
