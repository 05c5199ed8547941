"""Models: a name becomes a checked folder, and a folder a loaded model with its tokenizer.

Only safetensors are read and no code of a model folder is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ragvsft.errors import ModelError, first_line
from ragvsft.models.files import SINGLE, check_files, check_sums, digest, hashes_of
from ragvsft.models.frames import Frame, Kind, frame_of
from ragvsft.models.hardware import pick_device, pick_dtype

if TYPE_CHECKING:
    from transformers import GenerationConfig, PretrainedConfig, PreTrainedModel, PreTrainedTokenizerBase
    from transformers.models.auto.auto_factory import _BaseAutoModelClass

BUNDLED = Path(__file__).parent / "bundled"
HUB_FILES = [SINGLE, "model-*-of-*.safetensors", "*.json", "*.txt", "*.model", "*.jinja"]
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
UNBOUNDED = 10**6  # tokenizers write 10^30 where they know no limit
READS_PADDING = {"rwkv"}  # model types that take a batch's padding for text
_LOCAL = {"local_files_only": True, "trust_remote_code": False}


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model that was found and checked, not yet loaded."""

    name: str  # as the user wrote it, without the folders of this machine
    path_or_id: str  # the local folder, for a hub id that of its snapshot
    kind: Kind
    sha256: str  # of all files that are read; for a hub id its revision


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model on its device, with its tokenizer and the frame of its prompts and answers."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    kind: Kind
    device: str  # "cpu", "cuda:0"
    dtype: str  # "float32", "bfloat16", "float16"
    frame: Frame
    source: ModelSource

    def prompt_ids(self, prompts: Sequence[str]) -> list[list[int]]:
        """Return each prompt as the token ids that the model reads, never truncated."""
        return self.frame.prompt_ids(prompts)

    def answer_ids(self, answers: Sequence[str]) -> list[list[int]]:
        """Return each answer as the token ids that the model should write, the end mark included."""
        return self.frame.answer_ids(answers, next(iter(self.end_ids), None))

    @property
    def end_ids(self) -> list[int]:
        """Return the tokens that end an answer; the one that training writes comes first."""
        return list(self.model.generation_config.eos_token_id or [])

    @property
    def pad_id(self) -> int:
        """Return the token that fills batches."""
        return int(self.model.generation_config.pad_token_id)

    @property
    def context(self) -> int | None:
        """Return how many tokens the model reads (causal: and writes) at most; None where nothing limits it."""
        return min((size for _, size in self.limits), default=None)

    @property
    def limits(self) -> list[tuple[str, int]]:
        """Return what limits the tokens that the model reads: (the key that says so, tokens)."""
        config = self.model.config
        parts = {"": config, "encoder.": getattr(config, "encoder", None)}
        parts["text_config."] = getattr(config, "text_config", None)
        said = {
            f"config.{part}{name}": getattr(section, name, None)
            for part, section in parts.items()
            for name in ("max_position_embeddings", "n_positions")
        }
        said["tokenizer.model_max_length"] = self.tokenizer.model_max_length
        return [(place, int(size)) for place, size in said.items() if size and 0 < size < UNBOUNDED]


def find_model(name: str, *, token: str | None = None) -> ModelSource:
    """Return the model behind `bundled`, a folder or a hub id, with its files checked.

    `token` opens gated models of the hub.
    Raises ModelError where there is none, its weights are missing, pickled or altered, or it writes no text.
    """
    folder, revision = _locate(name, token)
    check_files(name, folder)
    hashes = {} if revision else hashes_of(folder)
    check_sums(folder, hashes)
    shown = folder.name if Path(name).expanduser().is_absolute() else name
    return ModelSource(shown, str(folder), _kind(name, folder), revision or digest(hashes))


def load_model(source: ModelSource, *, device: str = "auto", dtype: str = "auto") -> Loaded:
    """Return the model on `device`, ready to complete prompts greedily.

    dtype `auto`: bfloat16 where the hardware computes in it, else float16 on CUDA and float32 on a CPU.
    """
    import torch

    place, number_type, auto_class = _choices(source, device, dtype)
    tokenizer = _tokenizer(source)
    try:
        model, info = auto_class.from_pretrained(
            source.path_or_id,
            dtype=getattr(torch, number_type),
            use_safetensors=True,
            output_loading_info=True,
            **_LOCAL,
        )
    except _load_errors() as error:
        raise _unloadable(source, error) from error
    if info["missing_keys"]:
        missing = ", ".join(sorted(info["missing_keys"])[:3])
        raise ModelError(
            f"model {source.name}: its weights lack {missing}; get the weights that belong to its config.json"
        )
    frame = frame_of(tokenizer, source.kind, name=source.name)
    model.generation_config = _greedy(model.generation_config, frame)
    return Loaded(model.to(place).eval(), tokenizer, source.kind, place, number_type, frame, source)


def outline_model(source: ModelSource, *, device: str = "auto", dtype: str = "auto") -> Loaded:
    """Return the model as `load_model` does, but without its weights: its layers hold shapes and no numbers."""
    import torch
    from transformers import AutoConfig, GenerationConfig

    place, number_type, auto_class = _choices(source, device, dtype)
    tokenizer = _tokenizer(source)
    try:
        config = AutoConfig.from_pretrained(source.path_or_id, **_LOCAL)
        with torch.device("meta"):
            model = auto_class.from_config(config, dtype=getattr(torch, number_type))
        if (Path(source.path_or_id) / "generation_config.json").is_file():
            model.generation_config = GenerationConfig.from_pretrained(source.path_or_id, local_files_only=True)
    except _load_errors() as error:
        raise _unloadable(source, error) from error
    frame = frame_of(tokenizer, source.kind, name=source.name)
    model.generation_config = _greedy(model.generation_config, frame)
    return Loaded(model.eval(), tokenizer, source.kind, place, number_type, frame, source)


def _choices(source: ModelSource, device: str, dtype: str) -> tuple[str, str, type[_BaseAutoModelClass]]:
    """Return the device, the number type and the class that loads the model."""
    from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM

    _quiet_transformers()
    place = pick_device(device)
    auto_class = AutoModelForSeq2SeqLM if source.kind == "seq2seq" else AutoModelForCausalLM
    return place, pick_dtype(dtype, device=place), auto_class


def _tokenizer(source: ModelSource) -> PreTrainedTokenizerBase:
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(source.path_or_id, **_LOCAL)
    except _load_errors() as error:
        raise _unloadable(source, error) from error


def _unloadable(source: ModelSource, error: Exception) -> ModelError:
    return ModelError(f"model {source.name} cannot be loaded ({first_line(error)}); download its files again")


def _locate(name: str, token: str | None) -> tuple[Path, str | None]:
    """Return the model's folder, and its revision where it comes from a hub."""
    folder = BUNDLED if name == "bundled" else Path(name).expanduser()
    if folder.is_dir():
        return folder, None
    if name == "bundled":
        raise ModelError("model bundled: this installation lacks it; reinstall ragvsft, or name a folder or a hub id")
    if folder.exists():
        raise ModelError(f"model {name}: this is a file; name the folder that holds it")
    if not HUB_ID.fullmatch(name):
        raise ModelError(f"model {name}: no such folder; name one that exists, a hub id, or bundled")
    snapshot = _download(name, token)
    return snapshot, snapshot.name


def _download(hub_id: str, token: str | None) -> Path:
    import httpx
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    remedy = "check the name and the network, or write model: bundled"
    try:
        return Path(snapshot_download(hub_id, allow_patterns=HUB_FILES, ignore_patterns=["*/*"], token=token))
    except LocalEntryNotFoundError as error:
        raise ModelError(
            f"model {hub_id}: no such folder here, not downloaded before, and the hub cannot be reached; {remedy}"
        ) from error
    except (OSError, ValueError, httpx.HTTPError) as error:
        raise ModelError(
            f"model {hub_id}: no such folder here, and the download failed ({first_line(error)}); {remedy}"
        ) from error


def _kind(name: str, folder: Path) -> Kind:
    from transformers import AutoConfig

    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except _load_errors() as error:
        raise ModelError(
            f"model {name}: config.json cannot be used ({first_line(error)}); name another model"
        ) from error
    if config.model_type in READS_PADDING:
        raise ModelError(
            f"model {name}: {config.model_type} reads the padding of a batch as text, "
            "so an answer would depend on the questions beside it; name another model"
        )
    if config.is_encoder_decoder and _writes(config, "MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES"):
        return "seq2seq"
    if not config.is_encoder_decoder and _writes(config, "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES"):
        return "causal"
    built = ", ".join(config.architectures or [config.model_type])
    if getattr(config, "text_config", None) is not None:  # it writes text, but no class for text alone loads it
        raise ModelError(
            f"model {name}: {built} reads more than text and cannot be loaded as a language model; "
            "name its text model instead"
        )
    raise ModelError(f"model {name}: {built} writes no text; name a causal or sequence-to-sequence language model")


def _writes(config: PretrainedConfig, mapping: str) -> bool:
    """Return whether the saved architecture is the one that transformers uses for this kind of model."""
    from transformers.models.auto import modeling_auto

    known = getattr(modeling_auto, mapping).get(config.model_type, ())
    known = {known} if isinstance(known, str) else set(known)
    return bool(known & set(config.architectures or known))


def _greedy(saved: GenerationConfig, frame: Frame) -> GenerationConfig:
    """Return a generation config that keeps a model's special tokens and none of its sampling habits."""
    from transformers import GenerationConfig

    tokenizer, end = frame.tokenizer, frame.end
    said = saved.eos_token_id if isinstance(saved.eos_token_id, list) else [saved.eos_token_id]
    marks = [tokenizer.eos_token_id, *said]
    marks = [end.token, *marks] if end.is_written else [*marks, end.token]
    ends = [mark for mark in dict.fromkeys(marks) if mark is not None]
    if not ends and not (end.is_written and end.text):
        raise ModelError("the model has no end-of-text token; set eos_token in its tokenizer_config.json")
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else [*ends, 0][0]  # masked: any token will do
    names = ("bos_token_id", "decoder_start_token_id", "forced_bos_token_id")
    kept = {name: getattr(saved, name, None) for name in names}
    return GenerationConfig(do_sample=False, num_beams=1, eos_token_id=ends or None, pad_token_id=pad, **kept)


def _quiet_transformers() -> None:
    """Keep its bars, its advice and its notes to other programmers off the user's terminal."""
    import warnings

    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")


def _load_errors() -> tuple[type[Exception], ...]:
    """Return what transformers raises about files it cannot use; anything else is our bug."""
    from safetensors import SafetensorError

    return (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError)
