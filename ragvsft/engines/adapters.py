"""Adapters at the engine: how one loaded model answers with one adapter, with another, or with none.

An adapter is either merged (its weights are swapped in for the base's, the same work per token as without one) or
unmerged (its low-rank products are computed beside the base's).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ragvsft.errors import ArtifactError

if TYPE_CHECKING:
    from peft import PeftModel
    from torch import Tensor
    from torch.nn import Module, Parameter
    from transformers import PreTrainedModel

WEIGHTS = "adapter_model.safetensors"


class Adapters(Protocol):
    """The adapters of one model."""

    def __init__(self, model: PreTrainedModel) -> None: ...

    def bytes_of(self, adapter: Path) -> int:
        """Return about how much memory an adapter takes while it is held; nothing is merged to find out."""
        ...

    def prepare(self, adapters: Sequence[Path]) -> None:
        """Hold these ready, so that `use` is quick for each of them; others may go."""
        ...

    def use(self, adapter: Path | None) -> None:
        """Make the model answer with this adapter, or as it is; one that is not held is made ready first."""
        ...


_Place = tuple[str, str]  # (module, name of its parameter)


class MergedAdapters:
    """Swaps the tuned layers' weights as whole tensors: no rounding adds up however often they are swapped.

    Each adapter takes as much memory as the layers it tunes. Beside those that were prepared one is held, the last.
    """

    def __init__(self, model: PreTrainedModel) -> None:
        self._model = model
        self._plain: dict[_Place, Tensor] = {}  # of every layer that any adapter tunes
        self._tuned: dict[_Place, Parameter] = {}  # found once: swapping happens while the clock runs
        self._merged: dict[Path, dict[_Place, Tensor]] = {}
        self._prepared: frozenset[Path] = frozenset()
        self._used: Path | None = None

    def bytes_of(self, adapter: Path) -> int:
        """Return the size of the layers that the adapter tunes, by the names of its weights."""
        modules = dict(self._model.named_modules())
        tuned = [modules[name] for name in _tuned_modules(adapter) if name in modules]
        return sum(w.nbytes for module in tuned for w in module.parameters(recurse=False) if w.ndim > 1)

    def prepare(self, adapters: Sequence[Path]) -> None:
        """Merge the adapters, once others have made room."""
        self._put_plain()
        self._prepared = frozenset(adapters)
        self._drop_others()
        for adapter in adapters:
            if adapter not in self._merged:
                self._merged[adapter] = self._merge(adapter)

    def use(self, adapter: Path | None) -> None:
        """Put the adapter's merged weights in place, or the base's own."""
        if adapter == self._used:
            return
        self._put_plain()
        if adapter is not None:
            if adapter not in self._merged:
                self._drop_others()
                self._merged[adapter] = self._merge(adapter)
            self._put(self._merged[adapter])
            self._used = adapter

    def _drop_others(self) -> None:
        """Let go of what was not prepared; the model is plain."""
        self._merged = {adapter: merged for adapter, merged in self._merged.items() if adapter in self._prepared}

    def _put_plain(self) -> None:
        self._put(self._plain)
        self._used = None

    def _put(self, weights: Mapping[_Place, Tensor]) -> None:
        for place, weight in weights.items():
            self._tuned[place].data = weight

    def _merge(self, folder: Path) -> dict[_Place, Tensor]:
        """Return the tuned layers' weights with the adapter added; the model is plain, before and after."""
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
        modules = dict(self._model.named_modules())
        self._tuned = {place: getattr(modules[place[0]], place[1]) for place in self._plain}
        return merged


def _tuned_modules(adapter: Path) -> set[str]:
    """Return the names of the modules that an adapter tunes, as in the model without adapters."""
    from safetensors import safe_open

    if not (adapter / WEIGHTS).is_file():
        return set()  # preparing it says so
    with safe_open(adapter / WEIGHTS, framework="pt") as stored:
        names = [name.removeprefix("base_model.model.").partition(".lora_")[0] for name in stored.keys()]  # noqa: SIM118
    return {_without_wrappers(name) for name in names}


def _without_wrappers(name: str) -> str:
    return ".".join(part for part in name.split(".") if part != "base_layer")


def _place(name: str, layer: Module) -> _Place:
    """Return where the weight that a LoRA layer tunes stands in the model without adapters.

    Several tuned parameters of one module (an expert's up and down) are wrappers within wrappers.
    """
    return _without_wrappers(name), getattr(layer, "parameter_name", "weight")


class UnmergedAdapters:
    """Keeps every adapter beside the base and switches between them."""

    def __init__(self, model: PreTrainedModel) -> None:
        self._model = model
        self._with_adapters: PeftModel | None = None
        self._names: dict[Path, str] = {}

    def bytes_of(self, adapter: Path) -> int:
        """Return the size of the adapter's own weights."""
        file = adapter / WEIGHTS
        return file.stat().st_size if file.is_file() else 0  # preparing it says so

    def prepare(self, adapters: Sequence[Path]) -> None:
        """Load the adapters that are not there yet."""
        for adapter in adapters:
            if adapter not in self._names:
                self._add(adapter)

    def use(self, adapter: Path | None) -> None:
        """Switch to the adapter, or all of them off."""
        if adapter is not None:
            self.prepare([adapter])
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


def attached(model: PreTrainedModel | PeftModel, folder: Path, name: str) -> PeftModel:
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


def _fill(model: PeftModel, stored: Mapping[str, Tensor], folder: Path, name: str) -> None:
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
