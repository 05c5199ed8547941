"""Engines complete prompts: one seam, whatever runs the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from ragvsft.records import Completion, Failure, Request


class Engine(Protocol):
    """What completes prompts."""

    facts: dict[str, str | int | float | None]  # model, device, dtype, threads, adapters: stands beside every latency

    def batches(self, requests: Sequence[Request]) -> list[list[int]]:
        """Return the positions of all requests, each once, grouped into what one `generate` should take.

        The grouping depends on the requests alone, so a resumed run makes the same batches.
        """
        ...

    def generate(
        self, requests: Sequence[Request], *, on_token: Callable[[], None] | None = None
    ) -> list[Completion | Failure]:
        """Complete each request, in order; a request that fails gets a Failure.

        `on_token` is called each time a further token of the batch is there; the runner's stopwatch hangs on it.
        """
        ...

    def fits(self, prompt: str) -> bool:
        """Return whether the model can read the whole prompt and still write its longest answer."""
        ...
