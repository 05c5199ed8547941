"""The loss of a batch: what a training makes small."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from ragvsft.tuning.batches import IGNORED, Batch

if TYPE_CHECKING:
    from peft import PeftModel
    from torch import Tensor

    from ragvsft.models.load import Loaded


def loss_of(model: PeftModel, batch: Batch, loaded: Loaded) -> Tensor:
    """Return the mean cross-entropy per answer token, in nats."""
    import torch

    inputs = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask, "use_cache": False}
    with _arithmetic(loaded):
        if loaded.kind == "seq2seq":
            loss: Tensor = model(**inputs, labels=batch.labels).loss
            return loss
        width = batch.labels.shape[1]  # the answers end in the last column: only there are words predicted
        inputs["position_ids"] = (batch.attention_mask.cumsum(-1) - 1).clamp(min=0)
        inputs["logits_to_keep"] = width
        accepts = inspect.signature(loaded.model.forward).parameters
        accepted = {name: value for name, value in inputs.items() if name in accepts}
        logits = model(**accepted).logits[:, -width:]  # (n, width, vocabulary)
    return torch.nn.functional.cross_entropy(logits.float().flatten(0, 1), batch.labels.flatten(), ignore_index=IGNORED)


@contextmanager
def _arithmetic(loaded: Loaded) -> Iterator[None]:
    """Compute in the base's number type, and attend in the way whose backward pass is fast there."""
    import torch
    from torch.nn.attention import SDPBackend, sdpa_kernel

    on_cpu = loaded.device == "cpu"  # its flash attention goes back six times slower in bfloat16 than plain products
    half = torch.autocast(loaded.device.partition(":")[0], torch.bfloat16, enabled=loaded.dtype == "bfloat16")
    with half, sdpa_kernel(SDPBackend.MATH) if on_cpu else nullcontext():
        yield
