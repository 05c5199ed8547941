"""What `ragvsft doctor --model` says of a model, without its weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ragvsft.cli import main as cli
from ragvsft.doctor.model import Mark, ModelFacts, examine_model
from ragvsft.models.load import find_model, load_model, outline_model
from tests import tiny
from tests.models.frames import CASES, IM, OPENS, TURNS

ASKED = "Answer in a few words, or say: I don't know.\n\nQuestion: Where is the depot?"
DEFAULT_SYSTEM = CASES["default system text"].template


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelFacts]:
    """Return what is said of some models."""
    root = tmp_path_factory.mktemp("models")
    saved = {
        "llama": tiny.causal(root / "llama"),
        "t5": tiny.seq2seq(root / "t5"),
        "plain": tiny.causal(root / "plain", tiny.tokenizer(chat=False, ends_texts=True)),
        "chatml": tiny.causal(root / "chatml", _words(TURNS + OPENS)),
        "system": tiny.causal(root / "system", _words(DEFAULT_SYSTEM)),
        "switched": tiny.causal(root / "switched", _words(CASES["thinking is turned off by a switch"].template)),
        "opened": tiny.causal(root / "opened", _words(CASES["the prompt opens thinking"].template)),
        "mixtral": tiny.mixtral(root / "mixtral"),
        "gemma3": tiny.gemma3(root / "gemma3"),
    }
    return {name: examine_model(str(folder), device="cpu", dtype="float32") for name, folder in saved.items()}


def _words(template: str) -> Any:
    return tiny.tokenizer(chat=True, ends_texts=False, template=template, marks=IM)


def test_a_causal_models_frame(examined: dict[str, ModelFacts]) -> None:
    """Prompt, marks and context of the tiny Llama, worked by hand."""
    facts = examined["llama"]
    assert (facts.kind, facts.device, facts.dtype) == ("causal", "cpu", "float32")
    assert facts.prompt == facts.read_as == f"<s><|user|>{ASKED}<|assistant|>"
    assert [mark.text for mark in facts.begins] == ["<s>", "<|user|>"]
    assert facts.ends == (Mark(4, "<|assistant|>"),)
    assert facts.answer == "Lund</s>"
    assert facts.end_marks == (Mark(2, "</s>"), Mark(3, "<|user|>"))
    assert (facts.context, facts.context_from) == (2048, "config.max_position_embeddings")


def test_a_seq2seq_models_frame(examined: dict[str, ModelFacts]) -> None:
    """A T5 has no positions of its own: its tokenizer sets the limit; its prompts end with the end mark."""
    facts = examined["t5"]
    assert (facts.prompt, facts.read_as) == (ASKED, f"{ASKED}</s>")
    assert (facts.begins, facts.ends) == ((), (Mark(2, "</s>"),))
    assert (facts.context, facts.context_from) == (2048, "tokenizer.model_max_length")


def test_a_model_without_a_template_stops_at_a_blank_line(examined: dict[str, ModelFacts]) -> None:
    """And its tokenizer's end mark is not in its prompt."""
    facts = examined["plain"]
    assert facts.read_as == f"{ASKED}\n\nAnswer:"
    assert (facts.ends, facts.end_text) == ((), "\n\n")


def test_the_turn_end_comes_first(examined: dict[str, ModelFacts]) -> None:
    """ChatML's, before the tokenizer's own."""
    assert [mark.text for mark in examined["chatml"].end_marks] == ["<|im_end|>", "</s>"]
    assert examined["chatml"].answer == "Lund<|im_end|>"


@pytest.mark.parametrize(
    ("name", "thinking"),
    [
        ("switched", "turned off by the template's own switch enable_thinking"),
        ("opened", "the prompt opens <think>; everything up to </think> is cut from the answer and counted"),
        ("chatml", "none in the template"),
    ],
)
def test_thinking_is_said(examined: dict[str, ModelFacts], name: str, thinking: str) -> None:
    """By the template's switch, as an open block, or none."""
    assert examined[name].thinking.startswith(thinking)


@pytest.mark.parametrize("name", ["system", "chatml"])
def test_a_default_system_text_is_noted(examined: dict[str, ModelFacts], name: str) -> None:
    """Where there is one."""
    assert any("default system message" in note for note in examined[name].notes) == (name == "system")


def test_what_lora_would_tune(examined: dict[str, ModelFacts]) -> None:
    """Layers by name; rank 16 on each of Llama's, whose inputs and outputs are 64 and 128 wide."""
    facts = examined["llama"]
    assert dict(facts.tuned)["model.layers.*.mlp.down_proj"] == 2
    assert facts.trainable_parameters == 2 * 16 * (4 * (64 + 64) + 3 * (64 + 128))
    assert facts.reached_share > 0.99


def test_experts_and_towers_are_said(examined: dict[str, ModelFacts]) -> None:
    """A mixture's fused experts are tuned; of a model that sees, twelve layers a tower are not."""
    assert dict(examined["mixtral"].tuned)["model.layers.*.mlp.experts.gate_up_proj"] == 2
    assert any("lora.dropout counts as 0" in note for note in examined["mixtral"].notes)
    assert any("outside the text tower are not tuned" in note for note in examined["gemma3"].notes)
    assert {".language_model." in name for name, _ in examined["gemma3"].tuned} == {True}


@pytest.mark.parametrize("name", ["llama", "t5", "bart"])
def test_an_outline_is_framed_as_the_loaded_model(tmp_path: Path, name: str) -> None:
    """Same prompt, marks and limits, with no number read."""
    source = find_model(str(tiny.MODELS[name](tmp_path)))
    outline, loaded = outline_model(source, device="cpu"), load_model(source, device="cpu")
    assert {weight.device.type for weight in outline.model.parameters()} == {"meta"}
    assert outline.prompt_ids(["Hi"]) == loaded.prompt_ids(["Hi"])
    assert (outline.end_ids, outline.pad_id, outline.limits) == (loaded.end_ids, loaded.pad_id, loaded.limits)
    shapes = [{key: weight.shape for key, weight in model.model.named_parameters()} for model in (outline, loaded)]
    assert shapes[0] == shapes[1]


def test_doctor_prints_the_frame_as_lines_and_as_json(tmp_path: Path) -> None:
    """One document on stdout, with the facts by name."""
    folder = str(tiny.causal(tmp_path, _words(TURNS + OPENS)))
    shown = CliRunner().invoke(cli.main, ["doctor", "--model", folder])
    assert shown.exit_code == 0
    assert "<|im_start|>user" in shown.stdout
    assert "<|im_end|>" in shown.stdout
    printed = CliRunner().invoke(cli.main, ["doctor", "--model", folder, "--json"])
    facts = json.loads(printed.stdout)
    assert [mark["text"] for mark in facts["end_marks"]] == ["<|im_end|>", "</s>"]
    assert facts["context"] == 2048


@pytest.mark.parametrize("name", ["./gone", "refusing"])
def test_a_model_that_cannot_be_used_is_one_line_and_exit_code_2(tmp_path: Path, name: str) -> None:
    """No such folder; a template that refuses."""
    if name == "refusing":
        name = str(tiny.causal(tmp_path / name, _words("{{ raise_exception('images only') }}")))
    shown = CliRunner().invoke(cli.main, ["doctor", "--model", name])
    assert shown.exit_code == 2
    assert shown.stderr.startswith("error: model ")
    assert len(shown.stderr.strip().splitlines()) == 1
