"""A tiny real model that writes what it is told to, and counts, stops and fails as models do."""

from __future__ import annotations

import itertools
from typing import Any

from ragvsft.models.load import Loaded


def say(loaded: Loaded, texts: list[str], *, floor: float = 0.0, break_at: int | None = None) -> None:
    """Make the model's output layer write these texts, one per row of a batch, whatever the layers below say.

    `floor`: the score of all other tokens; from token `break_at` on no score is a number.
    """
    import torch

    rows = [loaded.tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
    steps = itertools.count()
    size = len(loaded.tokenizer)

    class Head(torch.nn.Module):
        weight = torch.zeros(1)

        def forward(self, states: Any) -> Any:
            logits = torch.full((*states.shape[:2], size), floor)
            step = next(steps)
            for row, ids in enumerate(rows):
                logits[row, -1, ids[min(step, len(ids) - 1)]] = 1
            return logits * float("nan") if step == break_at else logits

    loaded.model.set_output_embeddings(Head())
    loaded.model.lm_head = Head()
    if hasattr(loaded.model, "final_logits_bias"):
        loaded.model.final_logits_bias.zero_()
