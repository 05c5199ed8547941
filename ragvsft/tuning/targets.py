"""What an adapter tunes: which weights of a model, and what share of it they are.

In a mixture of experts that is the experts, too, and never the router; in a model that sees or hears, the text tower.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ragvsft.errors import ConfigError

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel

NOT_TUNED = ("lm_head", "pooler", "cls.predictions")  # output layers, and one that no text ever passes
MEDIA = re.compile(
    r"(^|[._])(vision|visual|image|img|audio|speech|video|multi_modal|mm|projector|connector|resampler|perceiver)(?=[._\d]|$)"
)
ROUTER = re.compile(r"(^|[.])(\w*router|gate|gating|\w+_gate)(?=[.]|$)")
# peft takes linear layers of these names for experts of an older release and would tune others in their place
MISREAD = {"gate_proj", "up_proj", "down_proj", "w1", "w2", "w3"}
# state-space models, whose output layer peft refuses: their fast kernels read its weight past any adapter
STATE_SPACE = {"mamba", "mamba2", "falcon_mamba", "falcon_h1", "nemotron_h"}


@dataclass(frozen=True, slots=True)
class Targets:
    """The weights that an adapter tunes, by peft's two lists, and the layers of other towers that it leaves alone."""

    modules: str | list[str]  # linear layers
    parameters: list[str]  # weights that are addressed as such: the experts that one tensor holds together
    left_out: list[str]  # a short name among those wanted would match some of them, too

    @property
    def takes_dropout(self) -> bool:
        """Return whether peft can drop inputs of all of them."""
        return not self.parameters


def targets_of(model: PreTrainedModel, wanted: str | Sequence[str]) -> Targets:
    """Return what `lora.target_modules` means for a model; raises ConfigError where it has nothing of the sort."""
    layers, experts, left_out = linear_layers(model), expert_weights(model), _other_layers(model)
    if wanted not in ("auto", "all-linear"):
        if not experts and not left_out:
            return Targets(wanted if isinstance(wanted, str) else list(wanted), [], [])
        is_wanted = _matcher(wanted)
        layers, experts = list(filter(is_wanted, layers)), list(filter(is_wanted, experts))
        if not layers and not experts:
            raise unknown_targets(model, wanted)
    misread = [name for name in layers if experts and name.rpartition(".")[2] in MISREAD]
    kept = [name for name in layers if name not in misread]
    return Targets(kept, [*experts, *(f"{name}.weight" for name in misread)], left_out)


def unknown_targets(model: PreTrainedModel, wanted: str | Sequence[str]) -> ConfigError:
    """Return the error that names the layers of a model that has none of those wanted."""
    known = [*linear_layers(model), *expert_weights(model)]
    some = ", ".join(sorted({name.rpartition(".")[2] for name in known}))
    return ConfigError(f"lora.target_modules is {wanted!r}, but this model has {some}; choose from those or write auto")


def linear_layers(model: PreTrainedModel) -> list[str]:
    """Return the names of all linear layers of the text tower but the output layer and routers."""
    is_text, routes = _text_tower(model), _is_mixture(model)
    return [name for name in _linear(model) if is_text(name) and not (routes and ROUTER.search(name))]


def expert_weights(model: PreTrainedModel) -> list[str]:
    """Return the names of the tensors that hold many experts in one, (experts, out, in) or (experts, in, out)."""
    is_text = _text_tower(model)
    return [
        name
        for name, weight in model.named_parameters()
        if weight.ndim == 3 and weight.is_floating_point() and is_text(name) and _is_experts(model, name)
    ]


def untuned_experts(model: PreTrainedModel, targets: Targets) -> int:
    """Return how many weights of experts no adapter reaches, because of their form."""
    reached = {*targets.parameters, *(f"{name}.weight" for name in targets.modules)}
    return sum(
        weight.numel()
        for name, weight in model.named_parameters()
        if name not in reached and weight.ndim > 1 and not name.endswith("bias") and _is_experts(model, name)
    )


def weights_to_reach(model: PreTrainedModel) -> int:
    """Return how many weights the text tower has, embeddings and output layer not counted."""
    import torch

    is_text = _text_tower(model)
    outside = {id(layer.weight) for layer in model.modules() if isinstance(layer, torch.nn.Embedding)}
    output = model.get_output_embeddings()
    outside |= {id(output.weight)} if output is not None else set()
    return sum(
        weight.numel() for name, weight in model.named_parameters() if is_text(name) and id(weight) not in outside
    )


def reached_weights(adapted: PeftModel) -> int:
    """Return how many weights of the base the adapter of a peft model changes."""
    from peft.tuners.lora import LoraLayer

    layers = [layer for layer in adapted.modules() if isinstance(layer, LoraLayer)]
    return sum(getattr(layer.get_base_layer(), getattr(layer, "parameter_name", "weight")).numel() for layer in layers)


def is_multimodal(model: PreTrainedModel) -> bool:
    """Return whether a model sees or hears beside reading."""
    parts = [name.removesuffix("_config") for name in model.config.to_dict() if name.endswith("_config")]
    return any(name == "text" or MEDIA.search(name) for name in parts)


def _linear(model: PreTrainedModel) -> list[str]:
    import torch
    from transformers.pytorch_utils import Conv1D  # GPT-2's linear layer

    output = model.get_output_embeddings()
    left_alone = (*NOT_TUNED, "out_proj") if getattr(model.config, "model_type", None) in STATE_SPACE else NOT_TUNED
    return [
        name
        for name, layer in model.named_modules()
        if isinstance(layer, torch.nn.Linear | Conv1D)
        and layer is not output
        and not any(part in name for part in left_alone)
    ]


def _other_layers(model: PreTrainedModel) -> list[str]:
    """Return the linear layers of all but the text tower."""
    is_text = _text_tower(model)
    return [name for name in _linear(model) if not is_text(name)]


def _text_tower(model: PreTrainedModel) -> Callable[[str], bool]:
    """Return what tells whether a layer or weight, by its name, takes part in reading and writing text."""
    if not is_multimodal(model):
        return lambda name: True
    decoder = model.get_decoder()
    inside = next((name for name, module in model.named_modules() if module is decoder), "")
    return lambda name: name.startswith(inside) and not MEDIA.search(name.removeprefix(inside))


def _is_mixture(model: PreTrainedModel) -> bool:
    return any("expert" in f"{name} {type(module).__name__}".casefold() for name, module in model.named_modules())


def _is_experts(model: PreTrainedModel, weight: str) -> bool:
    """Return whether a weight belongs to experts, by the names of its module and of what that is part of."""
    module = weight.rpartition(".")[0]
    return not ROUTER.search(module) and "expert" in f"{module} {type(model.get_submodule(module)).__name__}".casefold()


def _matcher(wanted: str | Sequence[str]) -> Callable[[str], bool]:
    """Return what tells if a full name is wanted: by a pattern, or by one of several endings, as peft does."""
    if isinstance(wanted, str):
        return lambda name: re.fullmatch(wanted, name) is not None
    return lambda name: any(name == ending or name.endswith(f".{ending}") for ending in wanted)
