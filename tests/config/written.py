"""A config as a file, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ragvsft.config.load import load_config
from ragvsft.errors import ConfigError

MINIMAL = "corpus: docs\nevalset: questions.jsonl\nvariants: [prompt, rag]\n"


def written(folder: Path, text: str) -> Path:
    """Return the file of a config."""
    path = folder / "ragvsft.yaml"
    path.write_text(text)
    return path


def problems_of(folder: Path, text: str, **more) -> list[str]:
    """Return what is wrong with a config, a line each."""
    with pytest.raises(ConfigError) as caught:
        load_config(written(folder, text), **more)
    return list(caught.value.problems)
