"""Models: a name becomes a checked folder, and a folder a loaded model with its tokenizer.

Only safetensors are read and no code of a model folder is ever run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ragvsft.errors import ModelError
from ragvsft.hardware import pick_device, pick_dtype

if TYPE_CHECKING:
    from transformers import PretrainedConfig

Kind = Literal["causal", "seq2seq"]

BUNDLED = Path(__file__).parent / "bundled"
CHECKSUMS = "SHA256SUMS"
SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
TOKENIZERS = ("tokenizer.json", "*.model", "vocab.*")
READ_SUFFIXES = {".safetensors", ".json", ".txt", ".model", ".jinja"}
HUB_FILES = [SINGLE, "model-*-of-*.safetensors", "*.json", "*.txt", "*.model", "*.jinja"]
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
UNBOUNDED = 10**6  # tokenizers write 10^30 where they know no limit
BLANK_LINE = "\n\n"  # between the parts of a prompt
ANSWER_CUE = f"{BLANK_LINE}Answer:"  # ends the prompt of a causal model that has no chat template


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model that was found and checked, not yet loaded."""

    name: str  # as the user wrote it, without the folders of this machine
    path_or_id: str  # the local folder, for a hub id that of its snapshot
    kind: Kind
    sha256: str  # of all files that are read; for a hub id its revision


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model on its device, with its tokenizer."""

    model: Any
    tokenizer: Any
    kind: Kind
    device: str  # "cpu", "cuda:0"
    dtype: str  # "float32", "bfloat16", "float16"

    def prompt_ids(self, prompts: Sequence[str]) -> list[list[int]]:
        """Return each prompt as the token ids that the model reads, never truncated."""
        if self.kind == "seq2seq":
            return self._ids(prompts, special=True)
        if not self.tokenizer.chat_template:
            return self._ids([prompt + ANSWER_CUE for prompt in prompts], special=True)
        chats = [[{"role": "user", "content": prompt}] for prompt in prompts]
        # thinking would use up the answer's tokens; templates without the switch ignore it
        switches = {"tokenize": False, "add_generation_prompt": True, "enable_thinking": False}
        return self._ids([self.tokenizer.apply_chat_template(chat, **switches) for chat in chats], special=False)

    def answer_ids(self, answers: Sequence[str]) -> list[list[int]]:
        """Return each answer as the token ids that the model should write, the end mark included."""
        if self.kind == "seq2seq":
            return [list(ids) for ids in self.tokenizer(text_target=list(answers), truncation=False)["input_ids"]]
        lead = "" if self.tokenizer.chat_template else " "
        return [[*ids, self.end_ids[0]] for ids in self._ids([lead + answer for answer in answers], special=False)]

    @property
    def end_ids(self) -> list[int]:
        """Return the tokens that end an answer; the one that training writes comes first."""
        return list(self.model.generation_config.eos_token_id)

    @property
    def end_text(self) -> str | None:
        """Return the text that ends an answer beside the end mark; None where the end mark is all.

        A model without a chat template has learned to go on: after the answer it would invent the next question.
        """
        return BLANK_LINE if self.kind == "causal" and not self.tokenizer.chat_template else None

    @property
    def pad_id(self) -> int:
        """Return the token that fills batches."""
        return int(self.model.generation_config.pad_token_id)

    @property
    def context(self) -> int | None:
        """Return how many tokens the model reads (causal: and writes) at most; None where nothing limits it."""
        config = self.model.config
        said = [
            getattr(part, name, None)
            for part in (config, getattr(config, "encoder", None), getattr(config, "text_config", None))
            for name in ("max_position_embeddings", "n_positions")
        ]
        sane = [size for size in [*said, self.tokenizer.model_max_length] if size and 0 < size < UNBOUNDED]
        return int(min(sane)) if sane else None

    def _ids(self, texts: Sequence[str], *, special: bool) -> list[list[int]]:
        made = self.tokenizer(list(texts), add_special_tokens=special, truncation=False)["input_ids"]
        return [list(ids) for ids in made]


def find_model(name: str, *, token: str | None = None) -> ModelSource:
    """Return the model behind `bundled`, a folder or a hub id, with its files checked.

    `token` opens gated models of the hub.
    Raises ModelError where there is none, its weights are missing, pickled or altered, or it writes no text.
    """
    folder, revision = _locate(name, token)
    _check_files(name, folder)
    hashes = {} if revision else _hashes(folder)
    _check_sums(folder, hashes)
    shown = folder.name if Path(name).expanduser().is_absolute() else name
    return ModelSource(shown, str(folder), _kind(name, folder), revision or _digest(hashes))


def load_model(source: ModelSource, *, device: str = "auto", dtype: str = "auto") -> Loaded:
    """Return the model on `device`, ready to complete prompts greedily.

    dtype `auto`: bfloat16 where the hardware computes in it, else float16 on CUDA and float32 on a CPU.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

    _quiet_transformers()
    place = pick_device(device)
    number_type = pick_dtype(dtype, device=place)
    auto_class = AutoModelForSeq2SeqLM if source.kind == "seq2seq" else AutoModelForCausalLM
    local = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(source.path_or_id, **local)
        model, info = auto_class.from_pretrained(
            source.path_or_id,
            dtype=getattr(torch, number_type),
            use_safetensors=True,
            output_loading_info=True,
            **local,
        )
    except _load_errors() as error:
        raise ModelError(f"model {source.name}: {_line(error)}; it cannot be loaded, get its files again") from error
    if info["missing_keys"]:
        missing = ", ".join(sorted(info["missing_keys"])[:3])
        raise ModelError(
            f"model {source.name}: its weights lack {missing}; get the weights that belong to its config.json"
        )
    model.generation_config = _greedy(model.generation_config, tokenizer)
    return Loaded(model.to(place).eval(), tokenizer, source.kind, place, number_type)


def _locate(name: str, token: str | None) -> tuple[Path, str | None]:
    """Return the model's folder, and its revision where it comes from a hub."""
    folder = BUNDLED if name == "bundled" else Path(name).expanduser()
    if folder.is_dir():
        return folder, None
    if name == "bundled":
        raise ModelError("model bundled: this installation lacks it; install ragvsft again, or name a folder or hub id")
    if folder.exists():
        raise ModelError(f"model {name}: this is a file; name the folder that holds it")
    if not HUB_ID.fullmatch(name):
        raise ModelError(f"model {name}: there is no such folder; name one that exists, a hub id, or bundled")
    snapshot = _download(name, token)
    return snapshot, snapshot.name


def _download(hub_id: str, token: str | None) -> Path:
    import httpx
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(hub_id, allow_patterns=HUB_FILES, ignore_patterns=["*/*"], token=token))
    except (OSError, ValueError, httpx.HTTPError) as error:
        raise ModelError(
            f"model {hub_id}: no such folder here, and the hub gave nothing ({_line(error)}); "
            "check the name and the network, or write model: bundled"
        ) from error


def _check_files(name: str, folder: Path) -> None:
    """Raise ModelError, all problems at once, unless the folder holds a config and whole safetensors weights."""
    problems = [] if (folder / "config.json").is_file() else [f"model {name}: config.json is missing; add the model's"]
    weights = _weights(folder)
    if not weights and any(folder.glob("*.bin")):
        problems.append(f"model {name}: only pickled weights (.bin), which are never loaded; convert them to {SINGLE}")
    elif not weights:
        problems.append(f"model {name}: no weights; put {SINGLE} (or {INDEX} and its parts) in the folder")
    if not any(next(folder.glob(pattern), None) for pattern in TOKENIZERS):  # transformers would make an empty one up
        problems.append(f"model {name}: no tokenizer; put its tokenizer.json in the folder")
    problems += [f"model {name}: {trouble}" for file in weights if (trouble := _broken(file))]
    if problems:
        raise ModelError(problems)


def _weights(folder: Path) -> list[Path]:
    import json

    if (folder / SINGLE).is_file():
        return [folder / SINGLE]
    if not (folder / INDEX).is_file():
        return []
    try:
        parts = set(json.loads((folder / INDEX).read_text(encoding="utf-8"))["weight_map"].values())
    except (ValueError, KeyError, AttributeError) as error:
        raise ModelError(f"{folder / INDEX}: not an index of weights ({_line(error)}); get the file again") from error
    return [folder / part for part in sorted(parts)]


def _broken(weights: Path) -> str | None:
    """Return what is wrong with a file of weights; reads its header only."""
    from safetensors import SafetensorError, safe_open

    if not weights.is_file():
        return f"{weights.name} is missing; the index names it, so add it"
    try:
        with safe_open(weights, framework="numpy"):
            return None
    except SafetensorError as error:
        return f"{weights.name} is no whole safetensors file ({_line(error)}); get it again"


def _hashes(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file that a load reads, by name."""
    files = sorted(file for file in folder.iterdir() if file.suffix in READ_SUFFIXES and file.is_file())
    return {file.name: _sha256(file) for file in files}


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _digest(hashes: dict[str, str]) -> str:
    return hashlib.sha256("".join(f"{sha256}  {name}\n" for name, sha256 in hashes.items()).encode()).hexdigest()


def _check_sums(folder: Path, hashes: dict[str, str]) -> None:
    """Raise ModelError for each file that is not what the folder's SHA256SUMS, if it has one, says."""
    sums = folder / CHECKSUMS
    if not sums.is_file():
        return
    problems = []
    for number, line in enumerate(sums.read_text(encoding="utf-8").splitlines(), start=1):
        parts = line.split(maxsplit=1)
        if len(parts) != 2:
            problems.append(f"{sums} line {number}: {line!r} is not '<sha256>  <file>'; get the file again")
            continue
        name = parts[1].removeprefix("*")
        file = folder / name
        found = hashes.get(name) or (_sha256(file) if file.is_file() else "missing")
        if found != parts[0]:
            problems.append(f"{file}: sha256 is {found[:12]}, {CHECKSUMS} says {parts[0][:12]}; get the file again")
    if problems:
        raise ModelError(problems)


def _kind(name: str, folder: Path) -> Kind:
    from transformers import AutoConfig

    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except _load_errors() as error:
        raise ModelError(f"model {name}: config.json cannot be used ({_line(error)}); name another model") from error
    if config.is_encoder_decoder and _writes(config, "MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES"):
        return "seq2seq"
    if not config.is_encoder_decoder and _writes(config, "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES"):
        return "causal"
    built = ", ".join(config.architectures or [config.model_type])
    raise ModelError(f"model {name}: {built} writes no text; name a causal or sequence-to-sequence language model")


def _writes(config: PretrainedConfig, mapping: str) -> bool:
    """Return whether the saved architecture is the one that transformers uses for this kind of model."""
    from transformers.models.auto import modeling_auto

    known = getattr(modeling_auto, mapping).get(config.model_type, ())
    known = {known} if isinstance(known, str) else set(known)
    return bool(known & set(config.architectures or known))


def _greedy(saved: Any, tokenizer: Any) -> Any:
    """Return a generation config that keeps a model's special tokens and none of its sampling habits."""
    from transformers import GenerationConfig

    said = saved.eos_token_id if isinstance(saved.eos_token_id, list) else [saved.eos_token_id]
    ends = [end for end in dict.fromkeys([tokenizer.eos_token_id, *said]) if end is not None]
    if not ends:
        raise ModelError("the model has no end-of-text token; set eos_token in its tokenizer_config.json")
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else ends[0]  # masked, so any token will do
    names = ("bos_token_id", "decoder_start_token_id", "forced_bos_token_id")
    marks = {name: getattr(saved, name, None) for name in names}
    return GenerationConfig(do_sample=False, num_beams=1, eos_token_id=ends, pad_token_id=pad, **marks)


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


def _line(error: Exception) -> str:
    """Return the first line of an exception's message."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__).strip().rstrip(".")
