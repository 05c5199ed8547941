"""The key of an adapter is of everything that trains it."""

from __future__ import annotations

import pytest

from ragvsft.config.sections import EngineConfig, LoraConfig
from ragvsft.models.load import ModelSource
from ragvsft.progress import Silent
from ragvsft.store.artifacts import key_of
from ragvsft.tuning import artifact
from ragvsft.tuning.artifact import adapter_artifact


def test_what_the_same_pairs_train_is_part_of_an_adapters_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tokens or weights behind the same texts make another adapter: it is trained anew."""

    def key(seed: int, title: str = "lora") -> str:
        source = ModelSource("m", "m", "causal", "ab")
        settings = {"source": source, "lora": LoraConfig(), "engine": EngineConfig(), "progress": Silent()}
        return key_of(adapter_artifact(title, (("Q", "A"),), seed=seed, **settings))

    before = key(0)
    assert key(0) == key(0, title="small-lora") == before != key(1)  # what it is called changes nothing
    monkeypatch.setattr(artifact, "TRAINING", artifact.TRAINING + 1)
    assert key(0) != before
