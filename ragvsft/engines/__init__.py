"""Engines complete prompts: one seam, whatever runs the model."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from ragvsft.building import EngineIdentity
from ragvsft.names import ENGINES
from ragvsft.records import Completion, Failure, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ragvsft.config.sections import EngineConfig
    from ragvsft.models.load import ModelSource


class Engine(Protocol):
    """What completes prompts."""

    @property
    def identity(self) -> EngineIdentity:
        """What answers; it stands beside every number."""
        ...

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

    def room(self, adapters: Sequence[Path]) -> int:
        """Return how many of these adapters, from the first on, can be held beside those held now; one at least."""
        ...

    def prepare(self, adapters: Sequence[Path]) -> None:
        """Do everything slow (load, merge, compile) that requests with these adapters need, or with none.

        Afterwards only these are held ready. Raises ArtifactError where an adapter cannot be used.
        """
        ...


class EngineModule(Protocol):
    """What a module named in ENGINES holds."""

    @staticmethod
    def load(settings: EngineConfig, source: ModelSource | None) -> Engine:
        """Return the engine, with its model loaded; `source` is None where the engine needs none of this machine."""
        ...

    @staticmethod
    def check_settings(settings: EngineConfig, source: ModelSource | None) -> None:
        """Raise ConfigError or ModelError where the engine cannot do what is asked; cheap, and before anything else."""
        ...


def engine_module(kind: str) -> EngineModule:
    """Return the module of an engine named in ENGINES."""
    return cast(EngineModule, import_module(ENGINES[kind].module))
