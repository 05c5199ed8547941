"""Adapters at the engine: how one loaded model answers with one adapter, with another, or with none.

An adapter is either merged (its weights are swapped in for the base's, the same work per token as without one) or
unmerged (its low-rank products are computed beside the base's).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ragvsft.errors import ArtifactError

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = "adapter_model.safetensors"
MERGED_KEPT = 2


class Adapters(Protocol):
    """The adapters of one model."""

    def __init__(self, model: Any) -> None: ...

    def use(self, adapter: Path | None) -> None:
        """Make the model answer with this adapter, or as it is."""
        ...


_Place = tuple[str, str]  # (module, name of its parameter)


class MergedAdapters:
    """Swaps the tuned layers' weights as whole tensors: no rounding adds up however often they are swapped.

    Each adapter takes as much memory as the layers it tunes, so no more than two are kept.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._plain: dict[_Place, Tensor] = {}  # of every layer that any adapter tunes
        self._merged: dict[Path, dict[_Place, Tensor]] = {}
        self._used: Path | None = None

    def use(self, adapter: Path | None) -> None:
        """Put the adapter's merged weights in place, or the base's own."""
        if adapter == self._used:
            return
        self._put(self._plain)
        self._used = None
        if adapter is not None:
            if adapter not in self._merged:
                while len(self._merged) >= MERGED_KEPT:
                    del self._merged[next(iter(self._merged))]  # the one merged first
                self._merged[adapter] = self._merge(adapter)
            self._put(self._merged[adapter])
            self._used = adapter

    def _put(self, weights: Mapping[_Place, Tensor]) -> None:
        for (module, name), weight in weights.items():
            getattr(self._model.get_submodule(module), name).data = weight

    def _merge(self, folder: Path) -> dict[_Place, Tensor]:
        """Return the tuned layers' weights with the adapter added; the model is left as it was."""
        import torch
        from peft.tuners.lora import LoraLayer

        with_adapter = attached(self._model, folder, "default")
        merged: dict[_Place, Tensor] = {}
        with torch.no_grad():
            for name, layer in self._model.named_modules():
                if isinstance(layer, LoraLayer):
                    place = _place(name, layer)
                    plain = getattr(layer.get_base_layer(), place[1]).data
                    self._plain.setdefault(place, plain)
                    merged[place] = (plain.float() + layer.get_delta_weight("default").float()).to(plain.dtype)
        with_adapter.unload()
        return merged


def _place(name: str, layer: Any) -> _Place:
    """Return where the weight that a LoRA layer tunes stands in the model without adapters.

    Several tuned parameters of one module (an expert's up and down) are wrappers within wrappers.
    """
    module = ".".join(part for part in name.split(".") if part != "base_layer")
    return module, getattr(layer, "parameter_name", "weight")


class UnmergedAdapters:
    """Keeps every adapter beside the base and switches between them."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._with_adapters: Any = None
        self._names: dict[Path, str] = {}

    def use(self, adapter: Path | None) -> None:
        """Switch to the adapter, or all of them off."""
        if adapter is not None and adapter not in self._names:
            self._add(adapter)
        if self._with_adapters is None:
            return
        if adapter is None:
            self._with_adapters.base_model.disable_adapter_layers()
        else:
            self._with_adapters.base_model.enable_adapter_layers()
            self._with_adapters.set_adapter(self._names[adapter])

    def _add(self, folder: Path) -> None:
        name = f"adapter{len(self._names)}"
        self._with_adapters = attached(self._with_adapters or self._model, folder, name)
        self._with_adapters.eval()
        self._names[folder] = name


ADAPTERS: dict[str, type[Adapters]] = {"merged": MergedAdapters, "unmerged": UnmergedAdapters}


def attached(model: Any, folder: Path, name: str) -> Any:
    """Return the peft model with the adapter of `folder` loaded under `name`; only safetensors are read.

    The weights are put in place by their names: peft's own way renames those of mixtures of experts.
    """
    import warnings

    from peft import PeftConfig, PeftModel
    from safetensors.torch import load_file

    if not (folder / WEIGHTS).is_file():
        raise ArtifactError(f"{folder}: {WEIGHTS} is missing; train the adapter again")
    try:
        config = PeftConfig.from_pretrained(str(folder))
        config.inference_mode = True
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if isinstance(model, PeftModel):
                model.add_adapter(name, config)
                made = model
            else:
                made = PeftModel(model, config, adapter_name=name)
    except (ValueError, RuntimeError) as error:
        raise ArtifactError(f"{folder}: the adapter was trained on another model; train it again") from error
    _fill(made, load_file(folder / WEIGHTS), folder, name)
    return made


def _fill(model: Any, stored: Mapping[str, Tensor], folder: Path, name: str) -> None:
    """Copy an adapter's stored weights into its layers; raises ArtifactError unless each fits one of them."""
    import torch

    layers = {
        parameter.replace(f".{name}.", "."): weight
        for parameter, weight in model.named_parameters()
        if f".{name}." in parameter and ".lora_" in parameter
    }
    shapes = {parameter: weight.shape for parameter, weight in layers.items()}
    if shapes != {parameter: weight.shape for parameter, weight in stored.items()}:
        raise ArtifactError(f"{folder}: the adapter was trained on another model; train it again")
    with torch.no_grad():
        for parameter, weight in layers.items():
            weight.copy_(stored[parameter])
