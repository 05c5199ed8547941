"""The runner: two passes, one stopwatch, nothing asked twice."""

from __future__ import annotations

from collections import Counter

from ragvsft.variants.prompt import PromptVariant

from ragvsft.answering.runner import Leg, answer_for_latency, answer_for_quality
from ragvsft.engines.scripted import ScriptedEngine
from ragvsft.progress import Silent
from ragvsft.records import Completion, Failure, Prediction, Request, Sample
from ragvsft.tasks import Task

TASK = Task("answer", "Answer.")
SAMPLES = [Sample(f"s{i}", f"question {i}?", ("yes",), ("a.md",), "rephrased") for i in range(7)]
LEGS = [Leg(PromptVariant(TASK), 0), Leg(PromptVariant(TASK, name="other"), 0)]


def _echo(request: Request) -> Completion | Failure:
    if request.sample_id == "s3":
        return Failure("engine-error", "broken on purpose")
    return Completion(request.prompt[-2:], 3, 1, "stop")


def _quality(answered=frozenset(), engine=None) -> list[Prediction]:
    made: list[Prediction] = []
    answer_for_quality(
        LEGS, SAMPLES, engine or ScriptedEngine(_echo), answered=set(answered), record=made.extend, progress=Silent()
    )
    return made


def _latency(requests: int, answered=frozenset()) -> list[Prediction]:
    made: list[Prediction] = []
    answer_for_latency(
        LEGS,
        SAMPLES,
        ScriptedEngine(_echo),
        requests=requests,
        warmup=2,
        seed=0,
        answered=set(answered),
        record=made.extend,
        progress=Silent(),
    )
    return made


def _keys(predictions: list[Prediction]) -> list[tuple[str, int, str, int]]:
    return [(p.variant, p.seed, p.sample_id, p.round) for p in predictions]


def test_the_quality_pass_answers_every_sample_once_per_leg():
    """7 samples and 2 legs are 14 predictions, none of them timed."""
    made = _quality()
    assert len(set(_keys(made))) == len(made) == 14
    assert all(p.times is None and p.purpose == "quality" for p in made)


def test_a_failure_stays_a_failure():
    """What the engine could not answer is recorded with its cause, not as an empty text."""
    failed = [p for p in _quality() if isinstance(p.outcome, Failure)]
    assert [(p.sample_id, p.outcome.cause) for p in failed] == [("s3", "engine-error")] * 2


def test_a_resumed_quality_pass_asks_only_what_is_missing():
    """Whatever was answered before is neither asked nor recorded again."""
    asked: list[str] = []

    def note(request: Request) -> Completion | Failure:
        asked.append(request.sample_id)
        return _echo(request)

    answered = {("prompt", 0, f"s{i}", 0) for i in range(5)} | {("other", 0, "s0", 0)}
    made = _quality(answered, ScriptedEngine(note))
    assert not answered & set(_keys(made))
    assert len(made) == 14 - 6
    assert sorted(asked) == sorted(p.sample_id for p in made)


def test_the_latency_pass_interleaves_the_variants():
    """Each sample is asked of both legs before the next sample is, and in both orders over the run."""
    made = _latency(20)
    pairs = [(made[i], made[i + 1]) for i in range(0, len(made), 2)]
    assert all(a.sample_id == b.sample_id and a.variant != b.variant for a, b in pairs)
    assert {a.variant for a, _ in pairs} == {"prompt", "other"}


def test_the_latency_pass_repeats_samples_in_rounds_when_there_are_too_few():
    """20 requests over 7 samples: every sample twice, six of them three times."""
    counts = Counter(p.sample_id for p in _latency(20) if p.variant == "prompt")
    assert sorted(counts.values()) == [2, 3, 3, 3, 3, 3, 3]
    assert len(set(_keys(_latency(20)))) == 40


def test_retrieval_and_first_token_lie_within_the_total():
    """The stopwatch runs from the start of the request to the whole text."""
    times = [p.times for p in _latency(7) if p.times is not None]
    assert len(times) == 12  # s3 fails, and a failure has no time
    assert all(0 <= t.retrieval_s <= t.total_s for t in times)
    assert all(t.first_token_s is None or t.retrieval_s <= t.first_token_s <= t.total_s for t in times)


def test_a_resumed_latency_pass_times_only_what_is_missing():
    """A request that was timed before keeps its time."""
    whole = set(_keys(_latency(10)))
    part = set(list(whole)[:8])
    assert set(_keys(_latency(10, part))) == whole - part
