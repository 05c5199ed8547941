"""Checkpoints: what an interrupted training continues from. Each is complete and intact, or as good as absent.

Tensors are kept as safetensors and the rest as JSON: nothing here can be made to run code.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragvsft.store.files import file_sha256, write_atomically, writing

if TYPE_CHECKING:
    from torch import Tensor

TENSORS, STATE, MANIFEST = "tensors.safetensors", "state.json", "manifest.json"
KEPT = 2  # if the newest turns out damaged, the one before it still helps


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A training at one step."""

    tensors: Mapping[str, Tensor]
    state: Mapping[str, Any]  # JSON-able


class Checkpoints:
    """The checkpoints of one training in a folder: <folder>/step-00000042/."""

    def __init__(self, folder: Path, training: str) -> None:
        """`training` is the fingerprint of all that makes it: another training's checkpoints are not taken up."""
        self._folder = folder
        self._training = training

    def save(self, step: int, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint: written under another name, forced to the disk, then renamed. Old ones go."""
        from safetensors.torch import save

        target, partial = self._folder / f"step-{step:08d}", self._folder / f".step-{step:08d}"
        with writing(self._folder):
            for leftover in self._folder.glob(".step-*"):  # of a process that was killed
                shutil.rmtree(leftover)
            partial.mkdir(parents=True)
            write_atomically(partial / TENSORS, save({name: t.contiguous() for name, t in checkpoint.tensors.items()}))
            write_atomically(partial / STATE, json.dumps(checkpoint.state))
            hashes = {name: file_sha256(partial / name) for name in (TENSORS, STATE)}
            write_atomically(partial / MANIFEST, json.dumps({"training": self._training, "files": hashes}))
            if target.exists():  # a damaged one that a resumed training wrote anew
                shutil.rmtree(target)
            os.rename(partial, target)
            for old in self._newest_first()[KEPT:]:
                shutil.rmtree(old)

    def newest(self) -> Checkpoint | None:
        """Return the newest intact checkpoint of this training; None where there is none."""
        from safetensors.torch import load

        for folder in self._newest_first():
            if self._is_intact(folder):
                state = json.loads((folder / STATE).read_bytes())
                return Checkpoint(load((folder / TENSORS).read_bytes()), state)
        return None

    def _newest_first(self) -> list[Path]:
        return sorted(self._folder.glob("step-*"), reverse=True)

    def _is_intact(self, folder: Path) -> bool:
        try:
            manifest = json.loads((folder / MANIFEST).read_bytes())
            if manifest["training"] != self._training:
                return False
            return all(file_sha256(folder / name) == manifest["files"][name] for name in (TENSORS, STATE))
        except (OSError, ValueError, KeyError, TypeError):
            return False
