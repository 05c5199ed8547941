"""The shipped model folder: whole, loadable by anyone, and able to speak text and JSON."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragvsft import prompts
from tests.paths import BUNDLED

FOLDER = BUNDLED


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    """Return the shipped tokenizer."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(FOLDER)


@pytest.fixture(scope="module")
def model() -> Any:
    """Return the shipped model."""
    from transformers import AutoModelForSeq2SeqLM

    return AutoModelForSeq2SeqLM.from_pretrained(FOLDER).eval()


def spoken(tokenizer: Any, text: str) -> str:
    """Return the text as the model would write it: to pieces and back."""
    return str(tokenizer.decode(tokenizer(text_target=text).input_ids, skip_special_tokens=True))


def test_hashes() -> None:
    """SHA256SUMS names every file but itself and the card, with its hash."""
    lines = (FOLDER / "SHA256SUMS").read_text().splitlines()
    named = {name: digest for digest, name in (line.split("  ") for line in lines)}
    files = {path.name for path in FOLDER.iterdir()} - {"SHA256SUMS", "README.md"}
    assert set(named) == files
    assert named == {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in files}


def test_size() -> None:
    """The weights stay under the 70 MB that the package may carry."""
    assert (FOLDER / "model.safetensors").stat().st_size <= 70_000_000


def test_loads_whole_and_upcast() -> None:
    """Every weight comes from the file, in float32 although it is stored in float16; one embedding serves all three."""
    from transformers import AutoModelForSeq2SeqLM

    model, info = AutoModelForSeq2SeqLM.from_pretrained(FOLDER, output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    assert str(model.dtype) == "torch.float32"
    assert model.lm_head.weight.data_ptr() == model.model.encoder.embed_tokens.weight.data_ptr()
    assert model.lm_head.weight.data_ptr() == model.model.decoder.embed_tokens.weight.data_ptr()


def test_marks_agree(model: Any, tokenizer: Any) -> None:
    """Start, end and padding are the same for tokenizer, config and generation."""
    for config in (model.config, model.generation_config):
        assert config.decoder_start_token_id == tokenizer.cls_token_id
        assert config.eos_token_id == tokenizer.eos_token_id
        assert config.pad_token_id == tokenizer.pad_token_id


def test_labels_end_and_do_not_begin_with_a_mark(tokenizer: Any) -> None:
    """The labels of an answer are its pieces and [SEP]: what a generic sequence-to-sequence tuner builds is right."""
    assert tokenizer.convert_ids_to_tokens(tokenizer(text_target="Order 66").input_ids) == ["order", "66", "[SEP]"]


def test_chat_template_is_the_content(tokenizer: Any) -> None:
    """The chat template leaves the prompt as it is."""
    prompt = prompts.answer_prompt("Who?", ["Ana did.", "Bo did not."])
    chat = [{"role": "user", "content": prompt}]
    assert tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True) == prompt


def test_generation_agrees_with_training(model: Any, tokenizer: Any) -> None:
    """Decoding is greedy argmax of what `labels` teaches: step by step, generate and a plain forward pass agree."""
    import torch

    batch = tokenizer(prompts.answer_prompt("Where is it?", ["The office is in Oslo."]), return_tensors="pt")
    with torch.inference_mode():
        made = model.generate(**batch, max_new_tokens=8)[:, 1:]
        logits = model(**batch, labels=made).logits
    assert logits.argmax(-1).tolist() == made.tolist()


def test_long_prompts_do_not_fail(model: Any, tokenizer: Any) -> None:
    """A prompt of 2,000 pieces is read, well or badly."""
    batch = tokenizer("word " * 1999, return_tensors="pt")
    assert model.generate(**batch, max_new_tokens=2).shape[0] == 1


@pytest.mark.parametrize(
    "text",
    [
        "the 'titanic' sank, didn't it?",
        'the film "the sixth sense" (1999)',
        "o'brien's 50% of $1,234.50",
        "the u.s. army's 3.5 million men",
        "from 10:30 on 2026-03-04",
        "ana.b@mail.co.uk or j_doe@firm.com",
        "order nr-4410 and/or #85632",
        "a well-known c++ book; see http://www.books.com/a_b",
        "1914–1918, 5 °c",
        "students' union",
    ],
)
def test_text_reads_as_written(tokenizer: Any, text: str) -> None:
    """Lower-case text with usual punctuation comes back as it went in."""
    assert spoken(tokenizer, text) == text


def test_the_refusal_keeps_its_capital(tokenizer: Any) -> None:
    """The one sentence that code compares comes back in its own case."""
    assert spoken(tokenizer, prompts.REFUSAL) == prompts.REFUSAL


def words() -> st.SearchStrategy[str]:
    """Return values as tuned replies have them: ids, dates, times, money, addresses, names, phrases."""
    shapes = (
        r"[a-z]{2,8}",
        r"[a-z]{2,6}( [a-z]{2,6}){1,3}",
        r"[a-z]{2}-[0-9]{3,5}",
        r"20[0-9]{2}-[01][0-9]-[0-3][0-9]",
        r"[12][0-9]:[0-5][0-9]",
        r"\$[1-9][0-9]{0,2}\.[0-9]{2}",
        r"[1-9][0-9]{0,2},[0-9]{3}",
        r"[a-z]{3,6}(\.[a-z]{2,5})?@[a-z]{3,6}\.(com|org|example)",
        r"[a-z]{2,6}(_[a-z]{2,6}){1,2}",
        r"o'[a-z]{4,7}",
        r"[a-z]{3,6}'s [a-z]{3,6}",
        r"[a-z]{3,6}, [a-z]{3,6}; [a-z]{3,6}!",
        r"[a-z]{3,6} \([a-z]{3,6}\)",
        r"#[0-9]{3,6}",
        r"[1-9][0-9]%",
        r"",
    )
    return st.one_of([st.from_regex(rf"\A{shape}\Z") for shape in shapes])


def values() -> st.SearchStrategy[Any]:
    """Return whatever a JSON field may hold."""
    money = st.integers(0, 9999).map(lambda cents: cents / 100)
    plain = st.one_of(words(), st.booleans(), st.none(), st.integers(-9999, 99999), money)
    return st.one_of(plain, st.lists(plain, max_size=3))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reply=st.dictionaries(st.from_regex(r"\A[a-z]{2,8}(_[a-z]{2,8}){0,2}\Z"), values(), max_size=5))
def test_json_survives(tokenizer: Any, reply: dict[str, Any]) -> None:
    """Lower-case JSON, made into pieces and back, parses to the same values."""
    assert json.loads(spoken(tokenizer, json.dumps(reply))) == reply
