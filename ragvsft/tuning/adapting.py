"""An adapter on a model: put on fresh, its dropout switched, its files written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from ragvsft.engines.adapters import WEIGHTS
from ragvsft.store.files import write_atomically
from ragvsft.tuning.targets import targets_of, unknown_targets

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel

    from ragvsft.config.sections import LoraConfig


def with_lora(model: PreTrainedModel, config: LoraConfig) -> PeftModel:
    """Return the peft model: the base frozen, a fresh adapter of float32 weights on the target layers."""
    from peft import LoraConfig as PeftLora
    from peft import get_peft_model

    targets, known = targets_of(model, config.target_modules), unknown_targets(model, config.target_modules)
    peft_config = PeftLora(
        r=config.r,
        lora_alpha=config.alpha,
        lora_dropout=config.dropout if targets.takes_dropout else 0.0,
        target_modules=targets.modules,
        target_parameters=targets.parameters or None,
    )
    try:
        return get_peft_model(model, peft_config).eval()
    except ValueError as error:
        raise known from error  # its layers' names are from before peft wrapped any


def use_dropout(model: PeftModel, used: bool) -> None:
    """Switch the adapter's dropout; the frozen base's own stays off, in training too."""
    for name, layer in model.named_modules():
        if name.endswith("lora_dropout.default"):
            layer.train(used)


def write_adapter(adapted: PeftModel, folder: Path, *, base: str) -> None:
    """Write an adapter's weights and its peft config; nothing in them depends on this machine's folders."""
    from peft import get_peft_model_state_dict
    from safetensors.torch import save

    stored = get_peft_model_state_dict(adapted, save_embedding_layers=False)
    on_cpu = {name: weight.detach().float().cpu().contiguous() for name, weight in stored.items()}
    write_atomically(folder / WEIGHTS, save(on_cpu, metadata={"format": "pt"}))
    peft_config = adapted.peft_config["default"]
    peft_config.base_model_name_or_path = base
    peft_config.inference_mode = True
    # peft keeps module names in sets: sorted, the same adapter has the same bytes
    text = json.dumps(peft_config.to_dict(), indent=2, sort_keys=True, default=sorted)
    write_atomically(folder / "adapter_config.json", text + "\n")
