"""The engines of a run: legs that share model and settings share one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ragvsft.engines import Engine, engine_module

if TYPE_CHECKING:
    from ragvsft.config.sections import EngineConfig
    from ragvsft.models.load import ModelSource


class EnginePool:
    """Loads each engine once."""

    def __init__(self) -> None:
        self._engines: dict[tuple[EngineConfig, ModelSource | None], Engine] = {}

    def get(self, settings: EngineConfig, source: ModelSource | None) -> Engine:
        """Return the engine of these settings and this model, loaded the first time that it is asked for."""
        key = (settings, source)
        if key not in self._engines:
            self._engines[key] = engine_module(settings.kind).load(settings, source)
        return self._engines[key]
