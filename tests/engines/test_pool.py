"""Engines are looked up by name, loaded once, and cost nothing before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import ragvsft
from ragvsft.config.sections import EngineConfig
from ragvsft.engines import engine_module
from ragvsft.engines.pool import EnginePool
from ragvsft.names import ENGINES

PACKAGE = Path(ragvsft.__file__).parent


def test_legs_that_share_model_and_settings_share_one_engine() -> None:
    """Settings are compared by value; others give an engine of their own."""
    pool = EnginePool()
    one = pool.get(EngineConfig(kind="scripted"), None)
    assert pool.get(EngineConfig(kind="scripted"), None) is one
    assert pool.get(EngineConfig(kind="scripted", max_new_tokens=7), None) is not one


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_can_be_named_in_a_config_and_found(name: str) -> None:
    """The row, the config's choice and the module belong together."""
    assert EngineConfig(kind=name).kind == name
    assert {"load", "check_settings"} <= set(dir(engine_module(name)))


def test_looking_up_engines_loads_no_model_library() -> None:
    """Scoring and reporting never wait for torch; nor does whoever only imports what could ask a model."""
    folders = ("engines", "answering", "models")
    files = [file for folder in folders for file in (PACKAGE / folder).glob("*.py")]
    names = sorted(f"ragvsft.{file.parent.name}.{file.stem}".removesuffix(".__init__") for file in files)
    code = f"import sys, {', '.join(names)}; print([m for m in ('torch', 'transformers', 'peft') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
