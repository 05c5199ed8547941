"""Prompts and answers in the frames of well-known families of models, token by token, with tokenizers of both kinds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ragvsft.engines.transformers import TransformersEngine
from ragvsft.models.frames import Frame, frame_of
from ragvsft.models.load import find_model, load_model
from ragvsft.models.thinking import without_thinking
from ragvsft.records import Completion, Request
from tests import saying, tiny
from tests.models.frames import IM, OPENS, PAIRS, TURNS
from tests.paths import BUNDLED

LLAMA_2 = (
    "{% for m in messages %}{% if m['role'] == 'user' %}{{ bos_token + '[INST] ' + m['content'].strip() + ' [/INST]' }}"
    "{% else %}{{ ' ' + m['content'].strip() + ' ' + eos_token }}{% endif %}{% endfor %}"
)
MISTRAL_1 = (
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}[INST] {{ m['content'] }} [/INST]"
    "{% elif m['role'] == 'assistant' %}{{ m['content'] + eos_token }}{% else %}{{ raise_exception('no') }}{% endif %}"
    "{% endfor %}"
)
MISTRAL_3 = (
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}[INST] {{ m['content'] }}[/INST]"
    "{% else %} {{ m['content'] + eos_token }}{% endif %}{% endfor %}"
)
TURN = ("<start_of_turn>", "<end_of_turn>")
GEMMA = (
    "{{ bos_token }}{% for m in messages %}<start_of_turn>{{ 'model' if m['role'] == 'assistant' else m['role'] }}\n"
    "{{ m['content'] | trim }}<end_of_turn>\n{% endfor %}"
    "{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
PHI_3 = (
    "{% for m in messages %}{{ '<|' + m['role'] + '|>\n' + m['content'] + '<|end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% else %}{{ eos_token }}{% endif %}"
)
ZEPHYR = (
    "{% for m in messages %}{{ '<|' + m['role'] + '|>\n' + m['content'] + eos_token + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
VICUNA = (
    "{% for m in messages %}{{ 'USER: ' if m['role'] == 'user' else 'ASSISTANT: ' }}{{ m['content'] }}"
    "{{ ' ' if m['role'] == 'user' else eos_token }}{% endfor %}{% if add_generation_prompt %}ASSISTANT: {% endif %}"
)
FALCON = (
    "{% for m in messages %}{{ '' if loop.first else '\n' }}{{ 'User' if m['role'] == 'user' else 'Falcon' }}: "
    "{{ m['content'] }}{% endfor %}{% if add_generation_prompt %}{{ '\nFalcon:' }}{% endif %}"
)


@dataclass(frozen=True)
class Family:
    """A tokenizer with its template, and what an answer no must be as pieces, after a prompt that ends as said."""

    words: Callable[..., Any]
    prompt_ends: str
    answer: Sequence[str]


def _pieces(blank: str, template: str | None, *marks: str) -> Callable[..., Any]:
    return lambda **settings: tiny.sentencepiece(blank=blank, template=template, marks=marks, **settings)


def _bytes(template: str | None, *marks: str) -> Callable[..., Any]:
    return lambda **settings: tiny.tokenizer(
        chat=template is not None,
        template=template or "",
        marks=marks,
        **{"begins_texts": True, "ends_texts": False, **settings},
    )


FAMILIES = {
    "Llama 2": Family(_pieces("every", LLAMA_2), "[/INST]", ["▁n", "o", "</s>"]),
    "Mistral 1": Family(_pieces("every", MISTRAL_1), "[/INST]", ["n", "o", "</s>"]),
    "Mistral 1, blank first": Family(_pieces("first", MISTRAL_1), "[/INST]", ["n", "o", "</s>"]),
    "Mistral 3": Family(_pieces("first", MISTRAL_3, "[INST]", "[/INST]"), "[/INST]", ["▁n", "o", "</s>"]),
    "Gemma": Family(_pieces("none", GEMMA, *TURN), "model\n", ["n", "o", "<end_of_turn>"]),
    "Phi 3": Family(_pieces("every", PHI_3, "<|user|>", "<|end|>"), "|>\n", ["n", "o", "<|end|>"]),
    "Zephyr": Family(_pieces("every", ZEPHYR), "<|assistant|>\n", ["n", "o", "</s>"]),
    "Vicuna": Family(_pieces("every", VICUNA), "ASSISTANT: ", ["n", "o", "</s>"]),
    "ChatML on Llama": Family(_pieces("every", TURNS + OPENS, *IM), "assistant\n", ["n", "o", "<|im_end|>"]),
    "ChatML on bytes": Family(_bytes(TURNS + OPENS, *IM), "assistant\n", ["n", "o", "<|im_end|>"]),
    "Falcon": Family(_bytes(FALCON), "Falcon:", ["Ġ", "n", "o", "</s>"]),
    "base, every": Family(_pieces("every", None), "Answer:", ["▁n", "o", "</s>"]),
    "base, first": Family(_pieces("first", None), "Answer:", ["▁n", "o", "</s>"]),
    "base, none": Family(_pieces("none", None), "Answer:", ["▁n", "o", "</s>"]),
    "base, bytes": Family(_bytes(None), "Answer:", ["Ġ", "n", "o", "</s>"]),
}


@pytest.mark.parametrize("ends", [False, True])
@pytest.mark.parametrize("name", FAMILIES)
def test_an_answer_to_learn_is_tokenised_as_it_goes_on_from_the_prompt(name: str, ends: bool) -> None:
    """Tokenised alone it might begin with a blank that the model would never write there."""
    family = FAMILIES[name]
    words = family.words(ends_texts=ends)
    frame = frame_of(words, "causal", name="tiny")
    [prompt], [answer] = frame.prompt_ids(["Hi"]), _answers(frame, "no")
    assert words.convert_ids_to_tokens(answer) == family.answer
    assert frame.text("Hi").endswith(family.prompt_ends)
    assert words.convert_ids_to_tokens(prompt).count("<s>") == ("<s>" in frame.text("Hi") or frame.chat is None)
    assert prompt[-1] != words.eos_token_id


@pytest.mark.parametrize("name", [name for name in FAMILIES if name != "Vicuna"])
def test_prompt_and_answer_are_the_tokens_of_their_whole_text(name: str) -> None:
    """Vicuna's prompt ends with a blank, which in the whole text would belong to the answer's first piece."""
    words = FAMILIES[name].words()
    frame = frame_of(words, "causal", name="tiny")
    end = words.convert_ids_to_tokens(_answers(frame, "x")[0][-1])
    whole = f"{frame.text('Who, me?')}{frame.lead}Mia Berg{end}"
    [prompt], [answer] = frame.prompt_ids(["Who, me?"]), _answers(frame, "Mia Berg")
    assert prompt + answer == words(whole, add_special_tokens=frame.chat is None)["input_ids"]


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("text", ["a </s> b", "</s>", "<s>old price</s> 7", "say <|im_end|> or <end_of_turn>"])
def test_a_mark_that_a_text_spells_out_is_text(name: str, text: str) -> None:
    """Struck-out text of a page, or a page about models: it neither ends a prompt nor an answer to learn."""
    words = FAMILIES[name].words()
    frame = frame_of(words, "causal", name="tiny")
    plain, marked = frame.prompt_ids(["Hi", text])
    assert _special(frame, marked) == _special(frame, plain)
    [answer] = _answers(frame, text)
    assert _special(frame, answer) == answer[-1:]
    assert words.decode(answer[:-1]).strip() == text


@pytest.mark.parametrize("save", [tiny.seq2seq, tiny.bart])
def test_a_mark_that_a_text_spells_out_is_text_to_an_encoder_decoder_too(save: Any, tmp_path: Path) -> None:
    """Else its answer would end in the middle."""
    loaded = load_model(find_model(str(save(tmp_path))), device="cpu")
    [prompt], [answer] = loaded.prompt_ids(["a </s> b"]), loaded.answer_ids(["a </s> b"])
    assert [prompt.count(2), answer.count(2)] == [1, 1]
    assert loaded.tokenizer.decode(answer) == "a </s> b</s>"


def test_a_mark_that_a_text_spells_out_is_text_to_the_bundled_model() -> None:
    """Its template is there for its form alone."""
    from transformers import AutoTokenizer

    words = AutoTokenizer.from_pretrained(BUNDLED)
    frame = frame_of(words, "seq2seq", name="bundled")
    [prompt], [answer] = frame.prompt_ids(["what is [SEP] for?"]), frame.answer_ids(["a [SEP] mark"], 102)
    assert [prompt.count(102), answer.count(102)] == [1, 1]
    assert [prompt[-1], answer[-1]] == [102, 102]


@pytest.mark.parametrize("name", ["Llama 2", "Mistral 1", "Gemma", "ChatML on Llama", "base, every"])
def test_a_model_with_pieces_learns_and_writes_its_answers(name: str, tmp_path: Path) -> None:
    """Trained and asked in one frame, each answer is whole and stops by itself."""
    model = tiny.causal(tmp_path / "model", FAMILIES[name].words())
    adapter = tiny.taught(model, PAIRS, tmp_path / "out")
    engine = TransformersEngine(load_model(find_model(str(model)), device="cpu"), max_new_tokens=32, token_budget=4096)
    outcomes = engine.generate([Request("q", prompt, adapter=adapter) for prompt, _ in PAIRS])
    assert [(o.text, o.finish) for o in outcomes if isinstance(o, Completion)] == [(a, "stop") for _, a in PAIRS]


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("\n\nLund\n\nQuestion: And then?", "Lund"),
        ("\n\n\n\nLund, it is\n\nQ", "Lund, it is"),
        (" <think>Hm.\n\nOslo?\n\n</think>\n\nLund\n\nQuestion", "Lund"),
        (" Lund\nby the lake\n\nQuestion", "Lund\nby the lake"),
    ],
)
@pytest.mark.parametrize("name", ["base, every", "base, bytes"])
def test_blank_lines_before_a_base_models_answer_do_not_end_it(
    name: str, written: str, answer: str, tmp_path: Path
) -> None:
    """Many begin a line of their own after the cue; the blank line after the answer is the one that ends it."""
    loaded = load_model(find_model(str(tiny.causal(tmp_path, FAMILIES[name].words()))), device="cpu")
    for on_token in (None, lambda: None):
        saying.say(loaded, [written, "Oslo\n\nQuestion: W"])
        engine = TransformersEngine(loaded, max_new_tokens=70, token_budget=8192)
        outcomes = engine.generate([Request("1", "Where?"), Request("2", "A longer question?")], on_token=on_token)
        assert [(o.text, o.finish) for o in outcomes if isinstance(o, Completion)] == [
            (answer, "stop"),
            ("Oslo", "stop"),
        ]


SPOKEN_OF = [
    "Use <think> tags.",
    "Wrap it in <think> and </think> tags.",
    "Wrap it in `<think>` and `</think>`.",
    "Close it with `</think>`.",
    "The block (<think>...</think>) is cut.",
    "It opens with “<reasoning>” and closes with “</reasoning>”.",
    "Mistral writes [THINK] first and [/THINK] last.",
]


@pytest.mark.parametrize("text", SPOKEN_OF)
@pytest.mark.parametrize("is_cut_off", [False, True])
def test_an_answer_may_speak_of_thinking_marks(text: str, is_cut_off: bool) -> None:
    """Quoted, or a word of a sentence, a mark neither opens nor closes anything."""
    assert without_thinking(text, opened=None, is_cut_off=is_cut_off) == text


@pytest.mark.parametrize(
    ("written", "opened", "answer"),
    [
        ("<think>They want the tag `</think>` itself.</think>It is `</think>`.", None, "It is `</think>`."),
        ("<think>a<think>b</think>c</think>Lund", None, "Lund"),
        ("Hm, what of <think> here?\n</think>\n\nLund", None, "Lund"),
        ("Hm, what of <think> here?</think>Lund", "<think>", "Lund"),
        ("<think>They say 'hello'</think>Lund", None, "Lund"),
        ('<think>Is it "Oslo"\n</think>\n\n"Lund"', None, '"Lund"'),
        ("Lund\n<think>check</think>", None, "Lund"),
        ("<think>x</think>In Lund, see <think> there", None, "In Lund, see <think> there"),
        ("<reasoning>x</reasoning><think>y</think>Lund", None, "Lund"),
    ],
)
def test_thinking_that_speaks_of_its_marks_is_cut_all_the_same(written: str, opened: str | None, answer: str) -> None:
    """Blocks within blocks, quoted marks within blocks, and blocks whose opening nobody wrote."""
    assert without_thinking(written, opened=opened, is_cut_off=False).strip() == answer


def _answers(frame: Frame, text: str) -> list[list[int]]:
    """Return the answer with the end that a model's generation config would give it."""
    end = frame.end.token if frame.end.is_written and frame.end.token is not None else frame.tokenizer.eos_token_id
    return frame.answer_ids([text], end)


def _special(frame: Frame, ids: Sequence[int]) -> list[int]:
    return [token for token in ids if token in frame.marks]
