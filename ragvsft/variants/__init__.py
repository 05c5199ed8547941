"""Variants are ways of using one corpus; each is only "sample -> request"."""

from __future__ import annotations

from typing import Protocol

from ragvsft.records import Request, Sample


class Variant(Protocol):
    """One way of using the corpus. Sampling, batching and stopwatch are the same for all of them."""

    @property
    def name(self) -> str:
        """What the config calls it."""
        ...

    def request(self, sample: Sample) -> Request:
        """Return the request for one sample. Retrieval happens here, and is timed."""
        ...
