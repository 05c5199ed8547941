"""The quality pass: every sample once with every leg, in batches."""

from __future__ import annotations

from ragvsft.answering.legs import Leg
from ragvsft.answering.quality import answer_for_quality
from ragvsft.engines.scripted import ScriptedEngine
from ragvsft.progress import Silent
from ragvsft.records import Completion, Failure, Prediction, Request
from tests.answering.legs import SAMPLES, Asking, echo


def _answered(legs: list[Leg], answered=frozenset()) -> list[Prediction]:
    made: list[Prediction] = []
    answer_for_quality(legs, SAMPLES, answered=answered, record=made.extend, progress=Silent())
    return made


def _legs(engine: ScriptedEngine) -> list[Leg]:
    return [Leg(Asking("prompt"), None, engine), Leg(Asking("lora"), 0, engine)]


def test_the_quality_pass_answers_every_sample_once_per_leg():
    """7 samples and 2 legs are 14 predictions, none of them timed; a leg that trains nothing has no seed."""
    made = _answered(_legs(ScriptedEngine(echo)))
    assert [p.key for p in made[:7]] == [("prompt", None, f"s{i}", 0) for i in range(7)]
    assert [p.key for p in made[7:]] == [("lora", 0, f"s{i}", 0) for i in range(7)]
    assert all(p.times is None and p.purpose == "quality" and p.group == 0 for p in made)


def test_a_failure_stays_a_failure():
    """What the engine could not answer is recorded with its cause, not as an empty text."""
    failed = [p for p in _answered(_legs(ScriptedEngine(echo))) if isinstance(p.outcome, Failure)]
    assert [(p.sample_id, p.outcome.cause) for p in failed] == [("s3", "engine-error")] * 2


def test_a_resumed_quality_pass_asks_only_what_is_missing():
    """Whatever was answered before is neither asked nor recorded again."""
    asked: list[str] = []

    def note(request: Request) -> Completion | Failure:
        asked.append(request.sample_id)
        return echo(request)

    before = {("prompt", None, f"s{i}", 0) for i in range(5)} | {("lora", 0, "s0", 0)}
    made = _answered(_legs(ScriptedEngine(note)), before)
    assert asked == [p.sample_id for p in made] == ["s5", "s6", "s1", "s2", "s3", "s4", "s5", "s6"]


def test_each_leg_is_answered_by_its_own_engine():
    """Two engines side by side in one pass: what each says stands at its own leg."""
    engines = {name: ScriptedEngine(lambda request, name=name: Completion(name, 1, 1, "stop")) for name in "ab"}
    made = _answered([Leg(Asking(name), None, engine) for name, engine in engines.items()])
    assert {(p.variant, p.outcome.text) for p in made if isinstance(p.outcome, Completion)} == {("a", "a"), ("b", "b")}


def test_an_engine_that_counts_no_tokens_is_recorded_so():
    """None is unknown; it never becomes 0."""
    engine = ScriptedEngine(lambda request: Completion("yes", None, None, "stop"))
    [one, *_] = _answered([Leg(Asking("hosted"), None, engine)])
    assert one.outcome == Completion("yes", None, None, "stop")
