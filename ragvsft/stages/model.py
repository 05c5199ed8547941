"""The model of this machine that a run needs, found and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ragvsft.config.secrets import reveal
from ragvsft.config.sections import Config
from ragvsft.names import ENGINES

if TYPE_CHECKING:
    from ragvsft.models.load import ModelSource


def model_source(config: Config, environ: Mapping[str, str]) -> ModelSource | None:
    """Return the model of a config; None where neither the engine runs it nor anything is trained on it."""
    from ragvsft.models.load import find_model

    if not (ENGINES[config.engine.kind].needs_model or config.trained):
        return None
    return find_model(config.model, token=reveal(config.hub_token, environ))
