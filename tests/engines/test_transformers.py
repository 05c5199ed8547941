"""What the transformers engine does with requests: batches, failures, counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ragvsft.building import EngineIdentity
from ragvsft.config.sections import EngineConfig
from ragvsft.engines.transformers import TransformersEngine, check_settings, load
from ragvsft.errors import ModelError
from ragvsft.models.load import Loaded, find_model, load_model
from ragvsft.prompts import answer_prompt
from ragvsft.records import Completion, Failure, Request
from tests import saying, tiny

QUESTIONS = [
    "Where?",
    "Who opened the depot in Lund?",
    "What colour is the van that brings the parts on Mondays?",
    "How many beds has the house by the lake, and how many of them are taken?",
    "Which bank?",
    "When?",
]
REQUESTS = [Request(f"q{number}", answer_prompt(question)) for number, question in enumerate(QUESTIONS)]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Loaded]:
    """Return a loader of freshly loaded tiny models in float32."""
    root = tmp_path_factory.mktemp("models")
    saved = {**tiny.MODELS, "mixtral": tiny.mixtral, "switch": tiny.switch}
    folders = {name: save(root / name) for name, save in saved.items()}
    return lambda name: load_model(find_model(str(folders[name])), device="cpu", dtype="float32")


@pytest.fixture
def llama(models: Callable[[str], Loaded]) -> Loaded:
    """Return a freshly loaded tiny Llama."""
    return models("llama")


@pytest.mark.parametrize("name", ["llama", "t5", "bert", "bart"])
def test_an_answer_does_not_depend_on_its_batch(models: Callable[[str], Loaded], name: str) -> None:
    """In float32, a batch with padding gives the texts and counts of one request at a time."""
    engine = _engine(models(name))
    assert engine.generate(REQUESTS) == [engine.generate([request])[0] for request in REQUESTS]


@pytest.mark.parametrize("name", ["llama", "bart"])
def test_an_answer_is_what_transformers_greedy_search_writes(models: Callable[[str], Loaded], name: str) -> None:
    """The model's own forward pass, asked token by token for the likeliest one, gives the same text."""
    loaded = models(name)
    for request, outcome in zip(REQUESTS[:3], _engine(loaded).generate(REQUESTS[:3]), strict=True):
        assert isinstance(outcome, Completion)
        assert outcome.text == _greedy_text(loaded, request.prompt, steps=6)


def test_an_answer_that_is_cut_off_says_so(llama: Loaded) -> None:
    """A random model never writes the end mark: all new tokens are used up, and counted."""
    outcomes = _engine(llama).generate(REQUESTS)
    assert {(o.finish, o.completion_tokens) for o in outcomes if isinstance(o, Completion)} == {("length", 6)}


@pytest.mark.parametrize("own_pad", [True, False])
def test_a_base_model_stops_at_the_blank_line_after_its_answer(llama: Loaded, own_pad: bool) -> None:
    """Without a chat template it would invent the next question; the others of the batch write on."""
    llama = tiny.without_template(llama)
    if not own_pad:  # Llama's own way: the end mark fills batches
        llama.model.generation_config.pad_token_id = llama.end_ids[0]
    saying.say(llama, ["Oslo\n\nQuestion: Where is it", "1234567890" * 3, " 98.\n76\n\n"])
    outcomes = TransformersEngine(llama, max_new_tokens=20, token_budget=8192).generate(REQUESTS[:3])
    expected = [("Oslo", 6, "stop"), ("1234567890" * 2, 20, "length"), ("98.\n76", 9, "stop")]  # a token per sign
    assert [(o.text, o.completion_tokens, o.finish) for o in outcomes if isinstance(o, Completion)] == expected


def test_a_chat_model_may_write_blank_lines(llama: Loaded) -> None:
    """Its template says where an answer ends."""
    saying.say(llama, ["Oslo\n\nLund"])
    [outcome] = TransformersEngine(llama, max_new_tokens=10, token_budget=8192).generate(REQUESTS[:1])
    assert isinstance(outcome, Completion)
    assert (outcome.text, outcome.finish) == ("Oslo\n\nLund", "length")


def test_prompt_tokens_count_no_padding(llama: Loaded) -> None:
    """The count is that of the tokenised prompt, whatever the batch's width."""
    outcomes = _engine(llama).generate(REQUESTS)
    expected = [len(ids) for ids in llama.prompt_ids([request.prompt for request in REQUESTS])]
    assert [o.prompt_tokens for o in outcomes if isinstance(o, Completion)] == expected


def test_batches_hold_every_request_once_under_the_budget(llama: Loaded) -> None:
    """Budget counts padding; a batch never mixes adapters."""
    lengths = [len(ids) for ids in llama.prompt_ids([request.prompt for request in REQUESTS])]
    requests = [*REQUESTS, *(Request(r.sample_id, r.prompt, adapter=Path("a")) for r in REQUESTS)]
    budget = 2 * max(lengths)
    batches = _engine(llama, token_budget=budget).batches(requests)
    assert sorted(i for batch in batches for i in batch) == list(range(len(requests)))
    for batch in batches:
        assert len({requests[i].adapter for i in batch}) == 1
        assert len(batch) * max(lengths[i % len(lengths)] for i in batch) <= budget


def test_a_prompt_larger_than_the_budget_gets_a_batch_of_its_own(llama: Loaded) -> None:
    """The budget bounds batches, it refuses nothing."""
    assert sorted(_engine(llama, token_budget=1).batches(REQUESTS)) == [[i] for i in range(len(REQUESTS))]


def test_batches_do_not_depend_on_what_was_asked_before(llama: Loaded) -> None:
    """A resumed run makes the same batches."""
    used = _engine(llama)
    used.generate(REQUESTS[2:])
    used.batches(list(reversed(REQUESTS)))
    assert used.batches(REQUESTS) == _engine(llama).batches(REQUESTS)


def test_a_prompt_that_is_too_long_fails_alone_and_is_never_cut(llama: Loaded) -> None:
    """The others of its batch are answered as without it."""
    engine = _engine(llama)
    long = Request("long", "word " * tiny.POSITIONS)
    outcomes = engine.generate([REQUESTS[0], long, REQUESTS[1]])
    assert isinstance(outcomes[1], Failure)
    assert outcomes[1].cause == "too-long"
    assert [outcomes[0], outcomes[2]] == engine.generate(REQUESTS[:2])


def test_a_causal_prompt_fits_if_its_answer_does_too(llama: Loaded) -> None:
    """2048 positions hold the prompt and six new tokens: 2042 fit, 2043 do not."""
    engine = _engine(llama)
    frame = len(llama.prompt_ids([""])[0])
    fitting = "x" * (tiny.POSITIONS - 6 - frame)
    assert engine.fits(fitting)
    assert not engine.fits(fitting + "x")


def test_answers_longer_than_the_model_are_refused_at_once(llama: Loaded) -> None:
    """No prompt would fit: that is the config's fault, said in one line."""
    with pytest.raises(ModelError, match="max_new_tokens is 2048"):
        TransformersEngine(llama, max_new_tokens=2048, token_budget=4096)


def test_out_of_memory_halves_the_batch(llama: Loaded) -> None:
    """On hardware that holds two rows, all are answered, in order, as with room for all."""
    expected = _engine(llama).generate(REQUESTS)
    sizes = _limit_memory(llama, rows=2)
    assert _engine(llama).generate(REQUESTS) == expected
    assert sizes[:2] == [6, 3]


def test_out_of_memory_with_one_row_is_a_failure(llama: Loaded) -> None:
    """What fits nowhere gets its cause, not an empty answer."""
    _limit_memory(llama, rows=0)
    assert {o.cause for o in _engine(llama).generate(REQUESTS) if isinstance(o, Failure)} == {"out-of-memory"}


def test_model_code_that_breaks_on_one_request_fails_that_one_alone(llama: Loaded) -> None:
    """The batch is tried again one by one; the broken one carries the exception's words."""
    engine = _engine(llama)
    expected = engine.generate(REQUESTS)
    _break_on(llama, llama.prompt_ids([REQUESTS[2].prompt])[0])
    outcomes = engine.generate(REQUESTS)
    assert outcomes[2] == Failure("engine-error", "IndexError: index out of range")
    assert outcomes[:2] + outcomes[3:] == expected[:2] + expected[3:]


@pytest.mark.parametrize("name", ["llama", "t5", "bert", "bart", "mixtral", "switch"])
@pytest.mark.parametrize("poison", [float("nan"), float("inf")])
def test_scores_that_are_not_finite_fail_their_own_row_alone(
    models: Callable[[str], Loaded], name: str, poison: float
) -> None:
    """A sign whose embedding is broken spoils the requests that hold it, at the first token, and no other."""
    loaded = models(name)
    expected = _engine(loaded).generate(REQUESTS)
    _poison(loaded, "Z", poison)
    broken = Request("broken", answer_prompt("Where is Z?"))
    outcomes = _engine(loaded).generate([*REQUESTS[:3], broken, *REQUESTS[3:]])
    failure = outcomes.pop(3)
    assert isinstance(failure, Failure)
    assert (failure.cause, failure.is_lasting) == ("non-finite-logits", True)
    assert "token 1 are not finite in float32" in failure.detail
    assert outcomes == expected


@pytest.mark.parametrize("name", ["llama", "bart"])
def test_a_model_that_overflows_in_float16_fails_and_answers_in_float32(
    models: Callable[[str], Loaded], name: str, tmp_path: Path
) -> None:
    """Activations beyond 65,504 are no empty answers, in batches and one by one, heard by a stopwatch or not."""
    loaded = models(name)
    with_large_activations(loaded.model)
    loaded.model.save_pretrained(tmp_path)
    loaded.tokenizer.save_pretrained(tmp_path)
    source = find_model(str(tmp_path))
    half = _engine(load_model(source, device="cpu", dtype="float16"))
    ways = [half.generate(REQUESTS), half.generate(REQUESTS[:1], on_token=lambda: None)]
    assert {getattr(outcome, "cause", "answered") for way in ways for outcome in way} == {"non-finite-logits"}
    whole = _engine(load_model(source, device="cpu", dtype="float32")).generate(REQUESTS)
    assert all(isinstance(outcome, Completion) for outcome in whole)


def test_scores_that_break_after_an_answers_end_harm_nobody(llama: Loaded) -> None:
    """The first row is done after three tokens; the batch goes on for the second, which breaks at its fifth."""
    saying.say(llama, ["no</s>", "yes, of course"], break_at=4)
    one, other = TransformersEngine(llama, max_new_tokens=10, token_budget=8192).generate(REQUESTS[:2])
    assert isinstance(one, Completion)
    assert (one.text, one.finish) == ("no", "stop")
    assert isinstance(other, Failure)
    assert other.detail.startswith("the model's scores for token 5 are not finite")


def test_some_tokens_ruled_out_by_minus_infinity_are_no_failure(llama: Loaded) -> None:
    """Models mask the unused end of their vocabulary so."""
    saying.say(llama, ["no</s>"], floor=-float("inf"))
    [outcome] = TransformersEngine(llama, max_new_tokens=10, token_budget=8192).generate(REQUESTS[:1])
    assert isinstance(outcome, Completion)
    assert outcome.text == "no"


def test_each_token_of_a_batch_is_reported_once(llama: Loaded) -> None:
    """Six new tokens, six calls, for a batch as for one request."""
    heard: list[None] = []
    _engine(llama).generate(REQUESTS, on_token=lambda: heard.append(None))
    assert len(heard) == 6


def test_an_error_of_the_listener_is_not_taken_for_the_models(llama: Loaded) -> None:
    """It is our bug, so it is raised."""

    def listen() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _engine(llama).generate(REQUESTS, on_token=listen)


def test_the_identity_says_what_stands_beside_a_latency(tmp_path: Path) -> None:
    """Model, its hash, device, number type, threads and the way of the adapters."""
    source = find_model(str(tiny.causal(tmp_path / "tiny")))
    settings = EngineConfig(device="cpu", dtype="float32", threads=1, adapters="unmerged", token_budget=64)
    assert load(settings, source).identity == EngineIdentity(
        engine="transformers",
        model="tiny",
        model_sha256=source.sha256,
        architecture="causal",
        device="cpu",
        device_name="cpu",
        dtype="float32",
        threads=1,
        adapters="unmerged",
        concurrency=1,
        max_new_tokens=48,
        token_budget=64,
    )


def test_settings_that_the_model_cannot_meet_are_refused_without_its_weights(tmp_path: Path) -> None:
    """2048 tokens of answer leave no room for a prompt in a model that holds as many."""
    source = find_model(str(tiny.causal(tmp_path)))
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="max_new_tokens is 2048"):
        check_settings(EngineConfig(device="cpu", max_new_tokens=2048), source)


def _engine(loaded: Loaded, *, token_budget: int = 4096) -> TransformersEngine:
    return TransformersEngine(loaded, max_new_tokens=6, token_budget=token_budget)


def _greedy_text(loaded: Loaded, prompt: str, *, steps: int) -> str:
    import torch

    prompt_ids = torch.tensor(loaded.prompt_ids([prompt]))
    written = [] if loaded.kind == "causal" else [loaded.model.config.decoder_start_token_id]
    for _ in range(steps):
        row = torch.tensor([written], dtype=torch.long)
        with torch.no_grad():
            if loaded.kind == "causal":
                logits = loaded.model(input_ids=torch.cat([prompt_ids, row], dim=1)).logits
            else:
                logits = loaded.model(input_ids=prompt_ids, decoder_input_ids=row).logits
        written.append(int(logits[0, -1].argmax()))
    return str(loaded.tokenizer.decode(written, skip_special_tokens=True)).strip()


def _poison(loaded: Loaded, sign: str, value: float) -> None:
    """Break the embedding of one sign; its score stays that of the sign, where both share their weights."""
    import torch

    [token] = loaded.tokenizer(sign, add_special_tokens=False)["input_ids"]
    embedding = loaded.model.get_input_embeddings()
    output = loaded.model.get_output_embeddings()
    if output is not None and output.weight is embedding.weight:
        output.weight = torch.nn.Parameter(output.weight.detach().clone())
    with torch.no_grad():
        embedding.weight[token] = value


def with_large_activations(model: Any) -> None:
    """Scale the layers that end each block: their weights still fit float16, but what they write does not."""
    import torch

    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith(("down_proj.weight", "fc2.weight")):
                weight *= 3e4 / weight.abs().max()


def _limit_memory(loaded: Loaded, *, rows: int) -> list[int]:
    """Make the model run out of memory above `rows`, as a small GPU would; return the batch sizes it is asked for."""
    import torch

    forward, sizes = loaded.model.generate, []

    def generate(**inputs: Any) -> Any:
        sizes.append(len(inputs["input_ids"]))
        if sizes[-1] > rows:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return forward(**inputs)

    loaded.model.generate = generate
    return sizes


def _break_on(loaded: Loaded, prompt: list[int]) -> None:
    """Make the model's code raise on any batch that holds this prompt."""
    forward = loaded.model.generate

    def generate(**inputs: Any) -> Any:
        if any(row[-len(prompt) :].tolist() == prompt for row in inputs["input_ids"]):
            raise IndexError("index out of range")
        return forward(**inputs)

    loaded.model.generate = generate
