"""The weights that a training changes: their optimiser, the best of them so far, and both as named tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peft import PeftModel
    from torch import Tensor
    from torch.nn import Parameter

MAX_GRADIENT_NORM = 1.0


class TunedWeights:
    """The trainable weights of a model by name, moved by AdamW."""

    def __init__(self, model: PeftModel, learning_rate: float) -> None:
        import torch

        self._now: dict[str, Parameter] = {n: p for n, p in model.named_parameters() if p.requires_grad}
        self._best: dict[str, Tensor] = {}
        self._optimizer = torch.optim.AdamW(self._now.values(), lr=learning_rate)

    def __len__(self) -> int:
        return sum(weight.numel() for weight in self._now.values())

    def step(self, learning_rate: float) -> None:
        """Move the weights along their gradients, clipped, and forget those."""
        import torch

        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate
        torch.nn.utils.clip_grad_norm_(self._now.values(), MAX_GRADIENT_NORM)
        self._optimizer.step()
        self._optimizer.zero_grad()

    def keep_as_best(self) -> None:
        """Keep a copy of the weights as they are now."""
        self._best = {name: weight.detach().clone() for name, weight in self._now.items()}

    def use_best(self) -> None:
        """Put the best weights so far into the model."""
        self._copy(self._best)

    def tensors(self) -> dict[str, Tensor]:
        """Return all that training goes on from: "best NAME", "weight NAME" and AdamW's "exp_avg NAME" and the like."""
        tensors = {f"best {name}": weight for name, weight in self._best.items()}
        for name, weight in self._now.items():
            tensors[f"weight {name}"] = weight.detach()
            tensors |= {f"{part} {name}": value for part, value in self._optimizer.state.get(weight, {}).items()}
        return tensors

    def restore(self, tensors: Mapping[str, Tensor], *, device: str) -> None:
        """Take up what `tensors` returned."""
        by_part: dict[str, dict[str, Tensor]] = {}
        for key, tensor in tensors.items():
            part, _, name = key.partition(" ")
            on_cpu = part == "step"  # AdamW counts steps there, wherever the weights are
            by_part.setdefault(part, {})[name] = tensor if on_cpu else tensor.to(device)
        self._copy(by_part.pop("weight"))
        self._best = by_part.pop("best", {})
        for name, weight in self._now.items():  # one that never got a gradient has no state, and gets none here
            if kept := {part: named[name] for part, named in by_part.items() if name in named}:
                self._optimizer.state[weight] = kept

    def _copy(self, tensors: Mapping[str, Tensor]) -> None:
        import torch

        with torch.no_grad():
            for name, tensor in tensors.items():
                self._now[name].copy_(tensor)
