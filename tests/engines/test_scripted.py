"""The scripted engine: answers from a table or a function."""

from __future__ import annotations

from pathlib import Path

from ragvsft.config.sections import EngineConfig
from ragvsft.engines.scripted import ScriptedEngine, load
from ragvsft.records import Completion, Failure, Request


def test_the_scripted_engine_answers_from_its_table() -> None:
    """A prompt without an entry is a Failure."""
    engine = ScriptedEngine({"Where is it?": "in Lund"})
    assert engine.generate([Request("a", "Where is it?"), Request("b", "When?")]) == [
        Completion("in Lund", prompt_tokens=3, completion_tokens=2, finish="stop"),
        Failure("engine-error", "the script has no answer to this prompt"),
    ]


def test_the_scripted_engine_answers_by_a_function() -> None:
    """Its outcome is passed on as it is."""
    engine = ScriptedEngine(lambda request: Failure("out-of-memory", request.sample_id))
    assert engine.generate([Request("a", "Hi")]) == [Failure("out-of-memory", "a")]


def test_the_scripted_engine_of_a_dry_run_repeats_the_last_line() -> None:
    """Anything deterministic will do; words count as tokens, each reported once."""
    heard: list[None] = []
    engine = load(EngineConfig(kind="scripted"), None)
    [outcome] = engine.generate([Request("a", "Answer.\n\nQuestion: Where?")], on_token=lambda: heard.append(None))
    assert outcome == Completion("Question: Where?", prompt_tokens=3, completion_tokens=2, finish="stop")
    assert len(heard) == 2


def test_a_scripted_prompt_can_be_too_long() -> None:
    """So a dry run meets prompts that do not fit."""
    engine = ScriptedEngine({"one two": "yes", "one two three": "no"}, longest_prompt=2)
    assert [engine.fits("one two"), engine.fits("one two three")] == [True, False]
    [failure] = engine.generate([Request("a", "one two three")])
    assert isinstance(failure, Failure)
    assert failure.cause == "too-long"


def test_scripted_batches_hold_every_request_once() -> None:
    """Seventeen requests make batches of eight, eight and one."""
    batches = ScriptedEngine({}).batches([Request(str(number), "Hi") for number in range(17)])
    assert [len(batch) for batch in batches] == [8, 8, 1]
    assert [i for batch in batches for i in batch] == list(range(17))


def test_a_script_holds_as_many_adapters_as_it_is_told() -> None:
    """So a test meets an engine that cannot hold all of them."""
    paths = [Path("a"), Path("b"), Path("c")]
    assert [ScriptedEngine({}, holds=holds).room(paths) for holds in (None, 2, 9)] == [3, 2, 3]
