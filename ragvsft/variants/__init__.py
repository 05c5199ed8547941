"""Variants are ways of using one corpus; each is only "sample -> request"."""

from __future__ import annotations

from typing import Protocol

from ragvsft.records import Request, Sample

# name -> module with `build(workshop)` and `load(workshop, seed)`, imported on first use
VARIANTS: dict[str, str] = {
    "prompt": "ragvsft.variants.prompt",
    "rag": "ragvsft.variants.rag",
    "lora": "ragvsft.variants.lora",
}


class Variant(Protocol):
    """One way of using the corpus. Model, sampling, batching and stopwatch are the same for all of them."""

    name: str

    def request(self, sample: Sample) -> Request:
        """Return the request for one sample. Retrieval happens here, and is timed."""
        ...
