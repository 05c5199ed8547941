"""What an adapter tunes: experts and no routers, the text tower and no other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ragvsft.building import TrainingRecord
from ragvsft.config.sections import LoraConfig
from ragvsft.engines.transformers import TransformersEngine
from ragvsft.errors import ConfigError
from ragvsft.models.load import Loaded, find_model, load_model
from ragvsft.records import Completion, Request
from ragvsft.tuning.adapting import with_lora
from ragvsft.tuning.targets import linear_layers, reached_weights, targets_of, untuned_experts, weights_to_reach
from ragvsft.tuning.train import Training
from tests import tiny
from tests.tuning.trained import LEARN, PAIRS, train_facts

LONG = LoraConfig(epochs=60, learning_rate=1e-2, dropout=0.0, dev_share=0.0)


@pytest.fixture(scope="module")
def saved(folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the folder of each tiny model, and of those that have experts or see."""
    root = tmp_path_factory.mktemp("mixtures")
    return folders | {name: save(root / name) for name, save in {**tiny.MIXTURES, "gemma3": tiny.gemma3}.items()}


# per layer: attention's four, and of the experts two tensors, or two linear layers each in one of two layers a side
@pytest.mark.parametrize(
    ("name", "modules", "parameters"),
    [
        ("mixtral", 2 * 4, 2 * 2),
        ("qwen_moe", 2 * 4, 2 * (2 + 3)),  # the shared expert's three linear layers are addressed as parameters, too
        ("gpt_oss", 2 * 4, 2 * 2),
        ("switch", 2 * 4 + 2 * 8 + 2 * (2 + 8 * 2), 0),
        ("llama", 2 * 7, 0),
    ],
)
def test_auto_tunes_experts_in_whatever_form_and_no_router(
    saved: dict[str, Path], name: str, modules: int, parameters: int
) -> None:
    """Counted by hand; all that is left over are routers, norms, biases and embeddings."""
    model = _load(saved[name]).model
    targets = targets_of(model, "auto")
    assert (len(targets.modules), len(targets.parameters)) == (modules, parameters)
    reached = {*targets.parameters, *(f"{module}.weight" for module in targets.modules)}
    left = {weight for weight, _ in model.named_parameters()} - reached
    known = r"norm|bias|embed|lm_head|shared|\bgate\.weight|shared_expert_gate|router|sinks|relative_attention"
    assert [weight for weight in sorted(left) if not re.search(known, weight)] == []
    assert untuned_experts(model, targets) == 0


@pytest.mark.parametrize("name", ["mixtral", "qwen_moe", "gpt_oss", "switch", "gemma3"])
def test_the_reached_share_is_that_of_the_weights_that_get_an_adapter(saved: dict[str, Path], name: str) -> None:
    """Counted a second time from the adapter's own names; attention alone reaches far less of a mixture."""
    model = _load(saved[name]).model
    total, sizes = weights_to_reach(model), {key: weight.numel() for key, weight in model.named_parameters()}
    targets = targets_of(model, "auto")
    named = sum(sizes[key] for key in [*targets.parameters, *(f"{module}.weight" for module in targets.modules)])
    assert reached_weights(with_lora(model, LEARN)) == named
    assert named / total > 0.95


@pytest.mark.parametrize("name", ["mixtral", "qwen_moe", "gpt_oss", "switch"])
def test_a_mixture_of_experts_learns_its_facts_merged_and_unmerged(
    saved: dict[str, Path], tmp_path: Path, name: str
) -> None:
    """Experts and all: four of four, by swapped weights and by products beside them, and the base is left alone."""
    record = _train(saved[name], tmp_path)
    loaded = _load(saved[name])
    before = {key: weight.clone() for key, weight in loaded.model.state_dict().items()}
    requests = [Request("q", prompt, adapter=tmp_path / "out") for prompt, _ in PAIRS]
    merged = _engine(loaded, "merged")
    assert _texts(merged.generate(requests)) == [(answer, "stop") for _, answer in PAIRS]
    plain = _texts(merged.generate([Request("q", prompt) for prompt, _ in PAIRS]))
    assert all(weight.equal(before[key]) for key, weight in loaded.model.state_dict().items())
    unmerged = _engine(_load(saved[name]), "unmerged")
    assert _texts(unmerged.generate(requests)) == [(answer, "stop") for _, answer in PAIRS]
    assert _texts(unmerged.generate([Request("q", prompt) for prompt, _ in PAIRS])) == plain
    assert record.reached_share is not None
    assert record.reached_share > 0.95


def test_experts_in_a_form_that_peft_cannot_tune_are_counted(saved: dict[str, Path]) -> None:
    """A flat matrix of 8 x 64 weights in the experts' module is reached by nothing."""
    import torch

    model = _load(saved["mixtral"]).model
    model.model.layers[0].mlp.experts.flat = torch.nn.Parameter(torch.zeros(8, 64))
    assert untuned_experts(model, targets_of(model, "auto")) == 8 * 64


def test_two_adapters_of_a_mixture_take_turns(saved: dict[str, Path], tmp_path: Path) -> None:
    """Two seeds in one engine, swapped request by request, answer as each does alone, in both modes."""
    for seed in (1, 2):
        _train(saved["mixtral"], tmp_path / str(seed), seed=seed, epochs=2)
    requests = [Request("q", PAIRS[0][0], adapter=tmp_path / str(seed) / "out") for seed in (1, 2, 1)]
    texts = [_texts(_engine(_load(saved["mixtral"]), mode).generate(requests)) for mode in ("merged", "unmerged")]
    assert texts[0] == texts[1]
    assert texts[0][0] == texts[0][2]


def test_dropout_that_peft_cannot_give_to_experts_is_taken_as_none_and_recorded(
    saved: dict[str, Path], tmp_path: Path
) -> None:
    """The record holds what was in use."""
    assert _train(saved["mixtral"], tmp_path / "a", epochs=1, dropout=0.3).dropout == 0
    assert _train(saved["llama"], tmp_path / "b", epochs=1, dropout=0.3).dropout == 0.3


@pytest.mark.parametrize("wanted", [["q_proj", "gate_up_proj"], r".*(q_proj|gate_up_proj)"])
def test_experts_may_be_named(saved: dict[str, Path], wanted: str | list[str]) -> None:
    """By the end of a name or by a pattern, as linear layers are."""
    targets = targets_of(_load(saved["mixtral"]).model, wanted)
    assert [name.rpartition(".")[2] for name in targets.modules] == ["q_proj"] * 2
    assert [name.rpartition(".")[2] for name in targets.parameters] == ["gate_up_proj"] * 2


@pytest.mark.parametrize("name", ["mixtral", "gemma3"])
def test_unknown_names_are_answered_with_the_known_ones(saved: dict[str, Path], name: str) -> None:
    """Experts among them."""
    with pytest.raises(ConfigError, match=r"target_modules is \['query'\], but this model has .*down_proj.*q_proj"):
        targets_of(_load(saved[name]).model, ["query"])


def test_of_a_state_space_model_all_but_the_output_layer_is_tuned() -> None:
    """Peft refuses that layer; named on purpose, it is answered with the layers of the plain model."""
    from transformers import MambaConfig, MambaForCausalLM

    model = MambaForCausalLM(MambaConfig(hidden_size=32, num_hidden_layers=1, state_size=4, vocab_size=50))
    with pytest.raises(ConfigError, match=r"is \['out_proj'\], but this model has dt_proj, in_proj, x_proj;"):
        with_lora(model, LONG.model_copy(update={"target_modules": ["out_proj"]}))
    adapted = with_lora(model, LEARN)
    tuned = {name.split(".")[-4] for name, _ in adapted.named_parameters() if ".lora_A." in name}
    assert tuned == {"in_proj", "x_proj", "dt_proj"}


@pytest.mark.parametrize("wanted", ["auto", ["q_proj", "fc1"], r".*\.q_proj"])
def test_of_a_model_that_sees_the_text_tower_alone_is_tuned(saved: dict[str, Path], wanted: str | list[str]) -> None:
    """Neither the vision tower, which has a q_proj, too, nor the projector."""
    adapted = with_lora(_load(saved["gemma3"]).model, LONG.model_copy(update={"target_modules": wanted}))
    tuned = [name for name, weight in adapted.named_parameters() if weight.requires_grad]
    assert tuned
    assert all(".language_model." in name for name in tuned)


def test_a_model_that_sees_learns_its_facts(saved: dict[str, Path], tmp_path: Path) -> None:
    """Four of four, and every tuned layer got its gradient."""
    _train(saved["gemma3"], tmp_path)
    requests = [Request("q", prompt, adapter=tmp_path / "out") for prompt, _ in PAIRS]
    outcomes = _engine(_load(saved["gemma3"]), "merged").generate(requests)
    assert _texts(outcomes) == [(answer, "stop") for _, answer in PAIRS]


def test_linear_layers_of_a_plain_model_called_gate_are_tuned(saved: dict[str, Path]) -> None:
    """A gate is a router in a mixture of experts only."""
    import torch

    model = _load(saved["llama"]).model
    model.model.layers[0].mlp.gate = torch.nn.Linear(4, 4)
    assert "model.layers.0.mlp.gate" in linear_layers(model)


def _load(folder: Path) -> Loaded:
    return load_model(find_model(str(folder)), device="cpu", dtype="float32")


def _engine(loaded: Loaded, adapters: str) -> TransformersEngine:
    return TransformersEngine(loaded, max_new_tokens=16, token_budget=4096, adapters=adapters)


def _texts(outcomes: Sequence[Any]) -> list[tuple[str, str]]:
    return [(o.text, o.finish) for o in outcomes if isinstance(o, Completion)]


def _train(model: Path, folder: Path, *, seed: int = 0, **changes: Any) -> TrainingRecord:
    return train_facts(model, folder, pairs=PAIRS, config=LONG.model_copy(update=changes), seed=seed)


def test_auto_tunes_every_linear_layer_but_the_output(folders: dict[str, Path]) -> None:
    """Llama: 7 per layer. T5: 4+2 per encoder layer, 8+2 per decoder layer. BERT: 6 and 10, no pooler. BART alike."""
    counts = {
        name: len(linear_layers(load_model(find_model(str(folder)), device="cpu").model))
        for name, folder in folders.items()
    }
    assert counts == {"llama": 2 * 7, "t5": 2 * 6 + 2 * 10, "bert": 6 + 10, "bart": 6 + 10}


def test_unknown_target_modules_name_those_that_exist(folders: dict[str, Path]) -> None:
    """One line, with the layers of this model."""
    loaded = load_model(find_model(str(folders["llama"])), device="cpu")
    with pytest.raises(ConfigError, match=r"target_modules is \['query'\].*q_proj"):
        Training(PAIRS, loaded, config=LEARN.model_copy(update={"target_modules": ["query"]}), seed=0)
