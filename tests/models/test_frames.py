"""How prompts begin and end, and where answers stop, over the chat templates that models come with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ragvsft.engines.transformers import TransformersEngine
from ragvsft.errors import ModelError
from ragvsft.models.frames import frame_of
from ragvsft.models.load import Loaded, find_model, load_model
from ragvsft.prompts import answer_prompt
from ragvsft.records import Completion, Request
from tests import saying, tiny
from tests.models.frames import CASES, HARMONY, IM, INST, OPENS, PAIRS, TURNS
from tests.paths import BUNDLED


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("kind", ["causal", "seq2seq"])
def test_a_template_frames_prompt_and_answer(name: str, kind: Any) -> None:
    """The prompt opens an answer, the trained answer ends where generation stops; an encoder gets its end mark."""
    case = CASES[name]
    words = tiny.tokenizer(chat=True, ends_texts=kind == "seq2seq", template=case.template, marks=case.marks)
    frame = frame_of(words, kind, name="tiny")
    [prompt], [answer] = frame.prompt_ids(["Hi"]), frame.answer_ids(["no"], _first_end(frame))
    assert words.decode(prompt) == case.prompt + ("</s>" if kind == "seq2seq" else "")
    assert words.decode(answer) == case.answer
    assert frame.end.text == case.end_text


def _first_end(frame: Any) -> int:
    """Return the token that the model's generation config would have first."""
    token: int = frame.end.token if frame.end.is_written and frame.end.token else frame.tokenizer.eos_token_id
    return token


@pytest.mark.parametrize("begins", [False, True])
@pytest.mark.parametrize("ends", [False, True])
@pytest.mark.parametrize("template", [tiny.CHAT_TEMPLATE, INST])
def test_marks_stand_once_and_no_end_mark_is_appended(begins: bool, ends: bool, template: str) -> None:
    """Whatever the tokenizer adds, a causal chat prompt begins as its template says, once, and ends as it says."""
    words = tiny.tokenizer(chat=True, ends_texts=ends, begins_texts=begins, template=template)
    [ids] = frame_of(words, "causal", name="tiny").prompt_ids(["Hi"])
    tokens = words.convert_ids_to_tokens(ids)
    assert (tokens.count("<s>"), tokens[0]) == (1, "<s>")
    assert "</s>" not in tokens


@pytest.mark.parametrize("begins", [False, True])
def test_a_plain_causal_prompt_keeps_the_begin_mark_and_loses_the_end_mark(begins: bool) -> None:
    """A base model wants the first and would take the second for the end of all."""
    words = tiny.tokenizer(chat=False, ends_texts=True, begins_texts=begins)
    [ids] = frame_of(words, "causal", name="tiny").prompt_ids(["Hi"])
    assert words.decode(ids) == ("<s>" if begins else "") + "Hi\n\nAnswer:"


def test_an_encoder_that_gets_its_marks_from_template_and_tokenizer_gets_each_once() -> None:
    """The template writes both, and the tokenizer would add another of each."""
    template = "<s>{% for m in messages %}{{ m['content'] }}{% endfor %}</s>"
    words = tiny.tokenizer(chat=True, ends_texts=True, begins_texts=True, template=template)
    [ids] = frame_of(words, "seq2seq", name="tiny").prompt_ids(["Hi"])
    assert words.decode(ids) == "<s>Hi</s>"


def test_an_answer_of_an_encoder_decoder_gets_the_end_mark_that_its_tokenizer_leaves_out() -> None:
    """Else the tuned model would never stop."""
    words = tiny.tokenizer(chat=False, ends_texts=False)
    frame = frame_of(words, "seq2seq", name="tiny")
    assert words.decode(frame.answer_ids(["no"], words.eos_token_id)[0]) == "no</s>"


def test_the_begin_of_the_next_turn_stops_an_answer_but_is_not_taught(tmp_path: Path) -> None:
    """The tiny Llama's template ends no answer: the end mark does, and so does what opens the user's turn."""
    loaded = load_model(find_model(str(tiny.causal(tmp_path))), device="cpu")
    assert loaded.tokenizer.convert_ids_to_tokens(loaded.end_ids) == ["</s>", "<|user|>"]


def test_several_templates_the_default_one_is_taken() -> None:
    """One for tools and one called default."""
    words = tiny.tokenizer(chat=True, ends_texts=False)
    words.chat_template = {"tool_use": "{{ raise_exception('tools') }}", "default": tiny.CHAT_TEMPLATE}
    assert frame_of(words, "causal", name="tiny").text("Hi") == "<s><|user|>Hi<|assistant|>"


def test_several_templates_without_a_default_are_refused_by_name() -> None:
    """One line names them and the remedy."""
    words = tiny.tokenizer(chat=True, ends_texts=False)
    words.chat_template = {"rag": "a", "tool_use": "b"}
    with pytest.raises(ModelError, match=r"model tiny: .*rag, tool_use; name the one to use default"):
        frame_of(words, "causal", name="tiny")


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ raise_exception('images only') }}", "images only"),
        ("{% for m in messages %}{{ m['content'] ", "unexpected end of template"),
        ("{{ messages[0]['content'] + 1 }}", "can only concatenate"),
        ("Hello.", "the text that it renders lacks the question"),
    ],
)
def test_a_template_that_takes_no_question_is_refused_in_one_line(template: str, why: str) -> None:
    """The line holds the template's own words."""
    words = tiny.tokenizer(chat=True, ends_texts=False, template=template)
    with pytest.raises(ModelError) as caught:
        frame_of(words, "causal", name="tiny")
    [problem] = caught.value.problems
    assert why in problem
    assert "\n" not in problem


def test_the_bundled_models_prompts_and_answers_are_what_its_weights_were_made_with() -> None:
    """Token by token, as they were before there were frames."""
    from transformers import AutoTokenizer

    words = AutoTokenizer.from_pretrained(BUNDLED)
    frame = frame_of(words, "seq2seq", name="bundled")
    [prompt] = frame.prompt_ids([answer_prompt("Who opened the depot in Lund?")])
    assert prompt == [
        *(3437, 1999, 1037, 2261, 2616, 1010, 2030, 2360, 1024, 1045, 2123, 1005, 1056, 2113, 1012),
        *(3160, 1024, 2040, 2441, 1996, 8470, 1999, 21860, 1029, 102),
    ]
    assert frame.answer_ids(["Mia Berg", "17"], 102) == [[8764, 15214, 102], [2459, 102]]
    assert frame.end.text is None


LEARNERS = {
    "appended end, no template": (tiny.causal, tiny.tokenizer(chat=False, ends_texts=True)),
    "appended end, template": (tiny.causal, tiny.tokenizer(chat=True, ends_texts=True, begins_texts=True)),
    "turn end a token": (tiny.causal, tiny.tokenizer(chat=True, ends_texts=False, template=TURNS + OPENS, marks=IM)),
    "turn end text": (tiny.causal, tiny.tokenizer(chat=True, ends_texts=False, template=TURNS + OPENS)),
    "prompt opens thinking": (
        tiny.causal,
        tiny.tokenizer(chat=True, ends_texts=False, template=CASES["the prompt opens thinking"].template, marks=IM),
    ),
    "channels": (
        tiny.causal,
        tiny.tokenizer(chat=True, ends_texts=False, template=HARMONY, marks=CASES["channels"].marks),
    ),
    "BART, turn end a token": (
        tiny.bart,
        tiny.tokenizer(chat=True, ends_texts=True, template=TURNS + OPENS, marks=IM),
    ),
    "BART, turn end text": (tiny.bart, tiny.tokenizer(chat=True, ends_texts=True, template=TURNS + OPENS)),
}


@pytest.mark.parametrize("name", LEARNERS)
def test_a_model_that_was_taught_four_answers_gives_four(name: str, tmp_path: Path) -> None:
    """Trained and asked in one frame, each answer is whole and stops by itself."""
    save, words = LEARNERS[name]
    tiny.taught(save(tmp_path / "model", words), PAIRS, tmp_path / "out")
    assert _answers(tmp_path) == [(answer, "stop") for _, answer in PAIRS]


@pytest.mark.parametrize("template", [None, tiny.CHAT_TEMPLATE, INST])
@pytest.mark.parametrize("begins", [False, True])
def test_an_end_mark_that_the_tokenizer_appends_changes_no_token(template: str | None, begins: bool) -> None:
    """A causal model reads and learns the same, however its tokenizer is set."""
    words, appending = (
        tiny.tokenizer(chat=template is not None, ends_texts=ends, begins_texts=begins, template=template or "")
        for ends in (False, True)
    )
    one, other = frame_of(words, "causal", name="tiny"), frame_of(appending, "causal", name="tiny")
    questions, answers = zip(*PAIRS, strict=True)
    assert one.prompt_ids(questions) == other.prompt_ids(questions)
    assert one.answer_ids(answers, words.eos_token_id) == other.answer_ids(answers, words.eos_token_id)


@pytest.mark.parametrize("template", [None, INST])
def test_a_causal_model_answers_the_same_when_its_tokenizer_appends_an_end_mark(
    template: str | None, tmp_path: Path
) -> None:
    """It learned its answers after prompts without one; another setting of the tokenizer must not change them."""
    forms = [
        tiny.tokenizer(chat=template is not None, ends_texts=ends, begins_texts=True, template=template or "")
        for ends in (False, True)
    ]
    tiny.taught(tiny.causal(tmp_path / "model", forms[0]), PAIRS, tmp_path / "out")
    forms[1].save_pretrained(tmp_path / "model")
    assert _answers(tmp_path) == [(answer, "stop") for _, answer in PAIRS]


def _answers(folder: Path) -> list[tuple[str, str]]:
    """Return what the taught model says to each question, and how it ends."""
    loaded = load_model(find_model(str(folder / "model")), device="cpu")
    engine = TransformersEngine(loaded, max_new_tokens=32, token_budget=4096)
    outcomes = engine.generate([Request("q", prompt, adapter=folder / "out") for prompt, _ in PAIRS])
    return [(o.text, o.finish) for o in outcomes if isinstance(o, Completion)]


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name].answer.endswith(("<|im_end|>", "<|return|>"))])
@pytest.mark.parametrize("save", [tiny.causal, tiny.bart])
def test_an_answer_stops_at_the_turns_end(save: Any, name: str, tmp_path: Path) -> None:
    """A model that would go on with the next turn is cut off there: two tokens of answer and those of the end."""
    case = CASES[name]
    words = tiny.tokenizer(chat=True, ends_texts=save is tiny.bart, template=case.template, marks=case.marks)
    loaded = load_model(find_model(str(save(tmp_path, words))), device="cpu")
    end = case.answer.partition("no")[2]
    closing = "</think>" if loaded.frame.opened else ""
    saying.say(loaded, [f"{closing}no{end}\n<|im_start|>user\nAnd then?", f"{closing}yes, it is so{end}\n"])
    one, other = _complete(loaded, 2, tokens=60)
    extra = len(words(closing + end, add_special_tokens=False)["input_ids"])
    assert (one.text, one.completion_tokens, one.finish) == ("no", 2 + extra, "stop")
    assert (other.text, other.finish) == ("yes, it is so", "stop")


WRITTEN = {
    "<think>Hm, Oslo?</think>\n\nLund": "Lund",
    "<think>\n\n</think>\n\nLund": "Lund",
    "\n<thinking>Hm</thinking>Lund": "Lund",
    "<THINK>Hm</THINK>Lund": "Lund",
    "[THINK]Hm[/THINK]Lund": "Lund",
    "<reasoning>Oslo</reasoning> Lund": "Lund",
    "<think>a</think>Lund<think>b</think>": "Lund",
    "Hm, Oslo?</think>Lund": "Lund",  # opened in the prompt of a template that we do not know
    "◁think▷Hm◁/think▷Lund": "Lund",
    "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>Lund": "Lund",
    "Lund, I think": "Lund, I think",
    "x < 3 and <b>bold</b>": "x < 3 and <b>bold</b>",
}


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("special", [False, True])
@pytest.mark.parametrize("save", [tiny.causal, tiny.bart])
def test_thinking_is_cut_from_the_answer_and_counted(save: Any, special: bool, written: str, tmp_path: Path) -> None:
    """However it is marked, by special tokens or by text, all of its tokens count."""
    marks = ("<think>", "</think>", "[THINK]", "[/THINK]", "<|channel|>", "<|message|>", "<|end|>", "<|start|>")
    words = tiny.tokenizer(chat=save is tiny.causal, ends_texts=save is tiny.bart, marks=marks if special else ())
    loaded = load_model(find_model(str(save(tmp_path, words))), device="cpu")
    saying.say(loaded, [written + "</s>"])
    [outcome] = _complete(loaded, 1, tokens=120)
    count = len(words(written + "</s>", add_special_tokens=False)["input_ids"])
    assert (outcome.text, outcome.completion_tokens, outcome.finish) == (WRITTEN[written], count, "stop")


@pytest.mark.parametrize("begin", ["<think>", "[THINK]", "<reasoning>", "<|channel|>analysis<|message|>"])
@pytest.mark.parametrize("save", [tiny.causal, tiny.bart])
def test_thinking_that_is_cut_off_is_no_answer(save: Any, begin: str, tmp_path: Path) -> None:
    """At the limit within a block there is no answer yet: an empty one, cut off."""
    words = tiny.tokenizer(chat=save is tiny.causal, ends_texts=save is tiny.bart)
    loaded = load_model(find_model(str(save(tmp_path, words))), device="cpu")
    saying.say(loaded, [f"{begin}It may be Oslo, for all we know, or it may be Lund"])
    assert _complete(loaded, 1, tokens=40) == [replace(_complete(loaded, 1, tokens=40)[0], text="", finish="length")]


def test_thinking_that_the_prompt_opens_and_nothing_closes_is_no_answer(tmp_path: Path) -> None:
    """The text holds no mark at all, and is thinking all the same."""
    template = CASES["the prompt opens thinking"].template
    words = tiny.tokenizer(chat=True, ends_texts=False, template=template, marks=IM)
    loaded = load_model(find_model(str(tiny.causal(tmp_path, words))), device="cpu")
    saying.say(loaded, ["Maybe Oslo, or maybe it is Lund, who knows"])
    [outcome] = _complete(loaded, 1, tokens=20)
    assert (outcome.text, outcome.completion_tokens, outcome.finish) == ("", 20, "length")


def _complete(loaded: Loaded, count: int, *, tokens: int) -> list[Completion]:
    engine = TransformersEngine(loaded, max_new_tokens=tokens, token_budget=8192)
    outcomes = engine.generate([Request(str(number), f"Where? {number}") for number in range(count)])
    return [outcome for outcome in outcomes if isinstance(outcome, Completion)]
