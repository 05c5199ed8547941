"""Several trained models as one: the mean of their weights.

Models of one training, some thousand steps apart, average to one that keeps what each of them does well (Wortsman et
al. 2021, arXiv 2109.01903; 2022, arXiv 2203.05482).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file

from pretrain.assemble import assemble
from pretrain.training import save_averaged


def average(folders: Sequence[Path], to: Path) -> None:
    """Write the mean of the models in `folders`, each counted as often as it is named.

    Raises ValueError where one has other weights than the assembled model; further positions are left out.
    """
    model, tokenizer = assemble()
    total = {name: torch.zeros_like(value) for name, value in model.named_parameters()}
    for folder in folders:
        weights = load_file(folder / "model.safetensors")
        missing = sorted(set(total) - set(weights))
        if missing:
            raise ValueError(f"{folder}: {missing[0]} is missing; name folders of the bundled generator's kind")
        for name, value in total.items():
            value += weights[name][: len(value)].float()
    save_averaged(model, {name: value / len(folders) for name, value in total.items()}, tokenizer, to)
