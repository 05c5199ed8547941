"""The shipped folder: weights halved to float16, tokenizer, chat template, generation config and their hashes."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from pretrain.assemble import minilm_folder
from pretrain.tokenizer import build_tokenizer
from ragvsft.store.files import file_sha256

MAX_BYTES = 70_000_000
POSITIONS = 2048
GENERATION = {"do_sample": False, "num_beams": 1, "max_new_tokens": 64}


def export(averaged: Path, to: Path) -> str:
    """Write the folder and return one line on it. The model card, README.md, is written by hand and left alone."""
    to.mkdir(parents=True, exist_ok=True)
    weights = _with_positions(load_file(averaged / "model.safetensors"))
    weights = {name: value.to(torch.float16).contiguous() for name, value in weights.items()}
    save_file(weights, to / "model.safetensors", metadata={"format": "pt"})
    (to / "model.safetensors").chmod(0o644)
    changed = {"dtype": "float32", "max_position_embeddings": POSITIONS}
    # "float32" makes every loader upcast: half precision is for the parcel, not for the arithmetic
    _write_json(to / "config.json", _read_json(averaged / "config.json") | changed)
    _write_json(to / "generation_config.json", _read_json(averaged / "generation_config.json") | GENERATION)
    build_tokenizer(minilm_folder() / "tokenizer.json").save_pretrained(to)
    size = (to / "model.safetensors").stat().st_size
    if size > MAX_BYTES:
        raise ValueError(f"{to / 'model.safetensors'} has {size} bytes; at most {MAX_BYTES} can be shipped")
    _write_hashes(to)
    return f"{to}: {size / 1e6:.1f} MB of weights"


def _with_positions(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the weights with POSITIONS positions, the further ones copies: no long prompt ever fails."""
    longer = dict(weights)
    for name in (name for name in weights if name.endswith("embed_positions.weight")):
        offset, known = weights[name][:2], weights[name][2:]
        longer[name] = torch.cat([offset, *[known] * (POSITIONS // len(known))])
    return longer


def _write_hashes(folder: Path) -> None:
    """Write SHA256SUMS, as `sha256sum --check` reads it, over everything but itself and the card."""
    hashed = sorted(path for path in folder.iterdir() if path.name not in {"SHA256SUMS", "README.md"})
    lines = [f"{file_sha256(path)}  {path.name}\n" for path in hashed]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _read_json(path: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _write_json(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
