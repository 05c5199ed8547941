"""The tiny models that several modules of the tuning's tests train."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import tiny


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the folder of each tiny model, which nobody changes."""
    root = tmp_path_factory.mktemp("models")
    return {name: save(root / name) for name, save in tiny.MODELS.items()}
