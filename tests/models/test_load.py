"""Finding models, checking their files and loading them."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ragvsft.errors import ModelError
from ragvsft.models.frames import ANSWER_CUE
from ragvsft.models.load import find_model, load_model
from tests import tiny


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the folder of each tiny model."""
    root = tmp_path_factory.mktemp("models")
    return {name: save(root / name) for name, save in tiny.MODELS.items()}


@pytest.fixture
def bart(saved: dict[str, Path], tmp_path: Path) -> Path:
    """Return a copy of the tiny BART that a test may break."""
    return Path(shutil.copytree(saved["bart"], tmp_path / "bart"))


def test_a_config_tells_causal_from_seq2seq(saved: dict[str, Path]) -> None:
    """Llama is causal; T5, a pair of BERTs and BART turn one sequence into another."""
    kinds = {name: find_model(str(folder)).kind for name, folder in saved.items()}
    assert kinds == {"llama": "causal", "t5": "seq2seq", "bert": "seq2seq", "bart": "seq2seq"}


def test_a_copy_has_the_same_hash_and_other_weights_another(saved: dict[str, Path], bart: Path) -> None:
    """What a model is depends on its files' contents, not on where they lie."""
    original = find_model(str(saved["bart"])).sha256
    assert find_model(str(bart)).sha256 == original
    _save_weights(bart, {name: weight + 1 for name, weight in _weights(bart).items()})
    assert find_model(str(bart)).sha256 != original


def test_a_note_beside_the_weights_does_not_change_the_hash(bart: Path) -> None:
    """Only files that a load reads make a model what it is."""
    before = find_model(str(bart)).sha256
    (bart / "README.md").write_text("a fine model")
    assert find_model(str(bart)).sha256 == before


def test_an_absolute_folder_is_shown_by_its_last_part(bart: Path) -> None:
    """A run names its model without naming the machine's folders."""
    assert find_model(str(bart)).name == "bart"


@pytest.mark.parametrize("name", ["./gone", "/gone/away", "a/b/c", "~/gone"])
def test_a_folder_that_does_not_exist_is_said_in_one_line(name: str) -> None:
    """A path that leads nowhere is never looked up on the hub."""
    assert "no such folder" in _problem(name)


def test_without_a_hub_a_hub_id_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line names the id and the way out."""
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    problem = _problem("ragvsft/no-such-model")
    assert "ragvsft/no-such-model" in problem
    assert "model: bundled" in problem


def test_a_file_is_no_model_folder(bart: Path) -> None:
    """Naming the weights instead of their folder is explained."""
    assert "this is a file" in _problem(str(bart / "model.safetensors"))


def test_a_folder_without_weights_names_the_file_that_is_expected(bart: Path) -> None:
    """The line says model.safetensors."""
    (bart / "model.safetensors").unlink()
    assert "no weights; put model.safetensors" in _problem(str(bart))


def test_pickled_weights_are_refused(bart: Path) -> None:
    """A .bin may run code when it is read, so it is never read."""
    (bart / "model.safetensors").rename(bart / "pytorch_model.bin")
    assert "pickled weights" in _problem(str(bart))


def test_all_problems_of_a_folder_come_at_once(tmp_path: Path) -> None:
    """An empty folder lacks a config, weights and a tokenizer."""
    with pytest.raises(ModelError) as caught:
        find_model(str(tmp_path))
    assert [problem.rpartition(": ")[2].split(";")[0] for problem in caught.value.problems] == [
        "config.json is missing",
        "no weights",
        "no tokenizer",
    ]


def test_truncated_weights_are_found_before_anything_is_loaded(bart: Path) -> None:
    """The header of a safetensors file tells its length."""
    weights = bart / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    assert "not a complete safetensors file" in _problem(str(bart))


def test_a_missing_part_of_split_weights_is_named(bart: Path) -> None:
    """The index names every part."""
    (bart / "model.safetensors").unlink()
    part = "model-00001-of-00001.safetensors"
    (bart / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"lm_head.weight": part}}))
    assert f"{part} is missing" in _problem(str(bart))


def test_weights_that_are_not_what_sha256sums_says_are_refused(bart: Path) -> None:
    """A folder may carry its checksums; each is checked."""
    weights = bart / "model.safetensors"
    sums = bart / "SHA256SUMS"
    sums.write_text(f"{hashlib.sha256(weights.read_bytes()).hexdigest()}  model.safetensors\n")
    find_model(str(bart))
    sums.write_text(f"{'0' * 64}  model.safetensors\n")
    assert "SHA256SUMS says 000000000000" in _problem(str(bart))


def test_a_model_that_only_encodes_is_refused(tmp_path: Path) -> None:
    """A BERT without a language head writes no text."""
    from transformers import BertConfig, BertModel

    size = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    BertModel(BertConfig(vocab_size=10, **size)).save_pretrained(tmp_path)
    (tmp_path / "vocab.txt").write_text("[UNK]\n")
    assert "BertModel writes no text" in _problem(str(tmp_path))


@pytest.mark.parametrize("name", ["llava", "qwen2_vl", "idefics3", "mllama"])
def test_a_model_that_sees_and_has_no_class_for_text_alone_is_refused(tmp_path: Path, name: str) -> None:
    """Transformers loads some of them as language models, these only with their images."""
    built = tiny.seeing(tmp_path, name)
    problem = _problem(str(tmp_path))
    assert f"{built} reads more than text and cannot be loaded as a language model" in problem


def test_an_unknown_architecture_is_a_one_line_error(bart: Path) -> None:
    """The code that a config names is not run; the model is refused instead."""
    config = json.loads((bart / "config.json").read_text())
    remote = {"model_type": "homemade", "auto_map": {"AutoConfig": "code.Config"}}
    (bart / "config.json").write_text(json.dumps(config | remote))
    (bart / "code.py").write_text("raise SystemExit('this must not run')")
    assert "config.json cannot be used" in _problem(str(bart))


def test_weights_that_lack_a_tensor_are_refused(bart: Path) -> None:
    """A layer is never filled with random numbers instead."""
    weights = _weights(bart)
    del weights["model.encoder.layers.0.fc1.weight"]
    _save_weights(bart, weights)
    with pytest.raises(ModelError, match=r"lack model\.encoder\.layers\.0\.fc1\.weight"):
        load_model(find_model(str(bart)), device="cpu")


def test_a_folder_without_a_tokenizer_is_refused(bart: Path) -> None:
    """An empty tokenizer is never made up instead."""
    (bart / "tokenizer.json").unlink()
    assert "no tokenizer; put its tokenizer.json" in _problem(str(bart))


def test_a_broken_tokenizer_is_a_one_line_error(bart: Path) -> None:
    """What the tokenizer library says about it becomes part of our line."""
    (bart / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError) as caught:
        load_model(find_model(str(bart)), device="cpu")
    assert "\n" not in str(caught.value)


def test_half_precision_weights_become_float32_on_a_cpu(bart: Path) -> None:
    """CPUs compute slowly in float16; where they have bfloat16 tiles, auto takes those."""
    import torch

    _save_weights(bart, {name: weight.half() for name, weight in _weights(bart).items()})
    loaded = load_model(find_model(str(bart)), device="cpu")
    assert loaded.dtype in ("float32", "bfloat16")
    assert {weight.dtype for weight in loaded.model.parameters()} == {getattr(torch, loaded.dtype)}


def test_a_model_that_likes_to_sample_decodes_greedily_here(bart: Path) -> None:
    """Temperature, beams and penalties of a saved generation config are dropped, its special tokens are kept."""
    file = bart / "generation_config.json"
    marks = json.loads(file.read_text())
    habits = {"do_sample": True, "temperature": 0.7, "num_beams": 4, "repetition_penalty": 1.3, "min_length": 20}
    file.write_text(json.dumps(marks | habits))
    config = load_model(find_model(str(bart)), device="cpu").model.generation_config
    assert (config.do_sample, config.num_beams) == (False, 1)
    assert [config.temperature, config.repetition_penalty, config.min_length] == [None, None, None]
    assert config.decoder_start_token_id == marks["decoder_start_token_id"]


def test_a_model_that_reads_padding_as_text_is_refused(tmp_path: Path, saved: dict[str, Path]) -> None:
    """Its answers would change with the batch, and nobody would see it."""
    shutil.copytree(saved["llama"], tmp_path / "model")
    (tmp_path / "model" / "config.json").write_text('{"model_type": "rwkv", "architectures": ["RwkvForCausalLM"]}')
    assert "reads the padding of a batch as text" in _problem(str(tmp_path / "model"))


def test_a_causal_prompt_is_the_chat_template_with_the_answer_opened(saved: dict[str, Path]) -> None:
    """The template of the tiny Llama, written out by hand."""
    loaded = load_model(find_model(str(saved["llama"])), device="cpu")
    [ids] = loaded.prompt_ids(["Hi"])
    assert loaded.tokenizer.convert_ids_to_tokens(ids) == ["<s>", "<|user|>", "H", "i", "<|assistant|>"]
    [answer] = loaded.answer_ids(["no"])
    assert loaded.tokenizer.convert_ids_to_tokens(answer) == ["n", "o", "</s>"]


def test_a_causal_model_without_a_chat_template_is_asked_for_an_answer(saved: dict[str, Path]) -> None:
    """A base model needs a cue, else it goes on with the question."""
    loaded = tiny.without_template(load_model(find_model(str(saved["llama"])), device="cpu"))
    [ids] = loaded.prompt_ids(["Hi"])
    assert loaded.tokenizer.decode(ids) == f"Hi{ANSWER_CUE}"


def test_seq2seq_prompts_and_answers_end_with_the_end_mark(saved: dict[str, Path]) -> None:
    """As T5 and the bundled model were trained."""
    loaded = load_model(find_model(str(saved["bart"])), device="cpu")
    assert loaded.tokenizer.convert_ids_to_tokens(loaded.prompt_ids(["Hi"])[0]) == ["H", "i", "</s>"]
    assert loaded.tokenizer.convert_ids_to_tokens(loaded.answer_ids(["no"])[0]) == ["n", "o", "</s>"]


@pytest.mark.parametrize("name", ["llama", "t5", "bert", "bart"])
def test_the_context_is_what_the_model_or_else_its_tokenizer_says(saved: dict[str, Path], name: str) -> None:
    """T5 has relative positions: there the tokenizer sets the limit."""
    assert load_model(find_model(str(saved[name])), device="cpu").context == tiny.POSITIONS


def _problem(name: str) -> str:
    """Return the one line that `find_model` raises."""
    with pytest.raises(ModelError) as caught:
        find_model(name)
    [problem] = caught.value.problems
    assert "\n" not in problem
    return problem


def _weights(folder: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return dict(load_file(folder / "model.safetensors"))


def _save_weights(folder: Path, weights: dict[str, Any]) -> None:
    from safetensors.torch import save_file

    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
