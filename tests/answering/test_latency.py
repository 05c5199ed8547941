"""The latency pass: one stopwatch, turns, and nothing slow inside it."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from ragvsft.answering.latency import Plan, answer_for_latency
from ragvsft.answering.legs import Leg
from ragvsft.engines.adapters import MergedAdapters
from ragvsft.engines.scripted import ScriptedEngine
from ragvsft.engines.transformers import TransformersEngine
from ragvsft.models.load import find_model, load_model
from ragvsft.progress import Silent
from ragvsft.records import Completion, Failure, Prediction, Request
from tests import tiny
from tests.answering.legs import SAMPLES, Asking, echo

PATHS = [Path(name) for name in "abcde"]


def _timed(legs: list[Leg], requests: int, *, warmup: int = 2, answered=frozenset()) -> list[Prediction]:
    made: list[Prediction] = []
    plan = Plan.of(SAMPLES, requests=requests, warmup=warmup, seed=0)
    answer_for_latency(legs, plan, answered=answered, record=made.extend, progress=Silent())
    return made


def _two(engine: ScriptedEngine) -> list[Leg]:
    return [Leg(Asking("prompt"), None, engine), Leg(Asking("other"), None, engine)]


def _with_adapters(engine: ScriptedEngine | TransformersEngine, paths: list[Path]) -> list[Leg]:
    return [Leg(Asking("prompt"), None, engine), *(Leg(Asking(f"lora-{p.name}", p), 0, engine) for p in paths)]


def test_the_latency_pass_interleaves_the_variants():
    """Each sample is asked of both legs before the next sample is, and in both orders over the run."""
    made = _timed(_two(ScriptedEngine(echo)), 20)
    pairs = [(made[i], made[i + 1]) for i in range(0, len(made), 2)]
    assert all(a.sample_id == b.sample_id and a.variant != b.variant for a, b in pairs)
    assert {a.variant for a, _ in pairs} == {"prompt", "other"}
    assert {p.group for p in made} == {0}


def test_the_order_of_samples_and_turns_is_that_of_the_first_release():
    """Latencies of two runs can be compared only where requests come in the same order, noted from that release."""
    made = _timed(_two(ScriptedEngine(echo)), 6)
    assert [p.sample_id for p in made[::2]] == ["s6", "s3", "s5", "s0", "s1", "s2"]
    assert [p.variant for p in made[::2]] == ["other", "prompt", "other", "other", "other", "prompt"]


def test_the_latency_pass_repeats_samples_in_rounds_when_there_are_too_few():
    """20 requests over 7 samples: every sample twice, six of them three times."""
    made = _timed(_two(ScriptedEngine(echo)), 20)
    counts = Counter(p.sample_id for p in made if p.variant == "prompt")
    assert sorted(counts.values()) == [2, 3, 3, 3, 3, 3, 3]
    assert len({p.key for p in made}) == 40


def test_retrieval_and_first_token_lie_within_the_total():
    """The stopwatch runs from the start of the request to the whole text."""
    times = [p.times for p in _timed(_two(ScriptedEngine(echo)), 7) if p.times is not None]
    assert len(times) == 12  # s3 fails, and a failure has no time
    assert all(0 <= t.retrieval_s <= t.total_s for t in times)
    assert all(t.first_token_s is None or t.retrieval_s <= t.first_token_s <= t.total_s for t in times)


def test_a_resumed_latency_pass_times_only_what_is_missing():
    """A request that was timed before keeps its time."""
    whole = {p.key for p in _timed(_two(ScriptedEngine(echo)), 10)}
    part = set(sorted(whole, key=str)[:8])
    assert {p.key for p in _timed(_two(ScriptedEngine(echo)), 10, answered=part)} == whole - part


@pytest.mark.parametrize(("warmup", "asked_first"), [(0, 1), (2, 2), (9, 7)])
def test_warming_up_is_not_recorded(warmup: int, asked_first: int):
    """Each leg is asked once at least before the clock starts, and at most once per sample; only the rest is kept."""
    asked: list[str] = []

    def note(request: Request) -> Completion | Failure:
        asked.append(request.sample_id)
        return echo(request)

    made = _timed(_two(ScriptedEngine(note)), 3, warmup=warmup)
    assert asked[: 2 * asked_first] == [f"s{i}" for i in range(asked_first) for _ in range(2)]
    assert asked[2 * asked_first :] == [p.sample_id for p in made]
    assert len(made) == 6


def test_nothing_is_prepared_where_nothing_is_to_be_timed():
    """latency.requests: 0 asks no engine for anything."""
    engine = ScriptedEngine({})
    assert _timed(_with_adapters(engine, PATHS), 0) == []
    assert engine.prepared == ()


def test_legs_are_timed_in_groups_where_an_engine_cannot_hold_all_adapters():
    """Room for 2 of 5 adapters: three groups, one after another; the leg without an adapter is in the first alone."""
    made = _timed(_with_adapters(ScriptedEngine(echo, holds=2), PATHS), 4)
    groups = [(number, {p.variant for p in some}) for number, some in groupby(made, key=lambda p: p.group)]
    assert groups == [(0, {"prompt", "lora-a", "lora-b"}), (1, {"lora-c", "lora-d"}), (2, {"lora-e"})]
    assert Counter(p.variant for p in made) == dict.fromkeys(["prompt", *(f"lora-{p}" for p in PATHS)], 4)


def test_legs_of_one_group_take_turns():
    """Inside each group a sample is asked of every leg before the next sample is."""
    made = _timed(_with_adapters(ScriptedEngine(echo, holds=2), PATHS[:4]), 5)
    for number, size in ((0, 3), (1, 2)):
        group = [p for p in made if p.group == number]
        rounds = [group[i : i + size] for i in range(0, len(group), size)]
        assert len(rounds) == 5
        assert all(len({p.variant for p in some}) == size and len({p.sample_id for p in some}) == 1 for some in rounds)


def test_legs_that_share_an_adapter_share_its_room():
    """Two ways of asking one adapter need it once: room for one holds both."""
    engine = ScriptedEngine(echo, holds=1)
    made = _timed([Leg(Asking("lora", PATHS[0]), 0, engine), Leg(Asking("lora-rag", PATHS[0]), 0, engine)], 2)
    assert {p.group for p in made} == {0}


def test_each_request_is_timed_with_its_adapter_prepared():
    """Also the first request of a later group: the clock never starts before the engine is ready."""
    engine = ScriptedEngine(lambda request: _ready(engine, request), holds=2)
    made = _timed(_with_adapters(engine, PATHS), 3)
    assert len(made) == 18
    assert all(isinstance(p.outcome, Completion) for p in made)


def _ready(engine: ScriptedEngine, request: Request) -> Completion | Failure:
    if request.adapter in (None, *engine.prepared):
        return Completion("yes", 1, 1, "stop")
    return Failure("engine-error", f"{request.adapter} is not prepared")


def test_engines_on_one_device_share_its_memory():
    """Three adapters fit: two of the first engine and one of the second; once they are gone, the second's other two."""

    class OnOneDevice(ScriptedEngine):
        def room(self, adapters):
            return min(len(adapters), max(1, 3 - sum(len(engine.prepared) for engine in engines)))

    engines = [OnOneDevice(echo), OnOneDevice(echo)]
    legs = [Leg(Asking(f"{place}{p}", p), 0, engines[place]) for place, n in ((0, 2), (1, 3)) for p in PATHS[:n]]
    made = _timed(legs, 2)
    groups = {number: {p.variant for p in made if p.group == number} for number in (0, 1)}
    assert groups == {0: {"0a", "0b", "1a"}, 1: {"1b", "1c"}}


def test_a_resumed_pass_keeps_the_groups():
    """What the first group answered before is not asked again, and the second group is still the second."""
    legs = _with_adapters(ScriptedEngine(echo, holds=1), PATHS[:2])
    whole = _timed(legs, 4)
    first = {p.key for p in whole if p.group == 0}
    assert [(p.key, p.group) for p in _timed(legs, 4, answered=first)] == [(p.key, p.group) for p in whole if p.group]


@pytest.mark.parametrize(("count", "held", "groups"), [(3, 3, 1), (5, 5, 1), (5, 2, 3)])
def test_no_adapter_is_merged_inside_a_timed_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, held: int, groups: int
):
    """A real model with 3 and 5 adapters: each is merged once, between the groups, never while the clock runs."""
    loaded = load_model(find_model(str(tiny.causal(tmp_path / "model"))), device="cpu", dtype="float32")
    paths = [tiny.adapter(loaded, tmp_path / f"adapter{seed}", seed=seed) for seed in range(count)]
    memory = held * MergedAdapters(loaded.model).bytes_of(paths[0])
    engine = Noting(loaded, max_new_tokens=2, token_budget=512, adapter_memory=memory)
    merge = MergedAdapters._merge
    monkeypatch.setattr(
        MergedAdapters, "_merge", lambda self, path: engine.events.append(path.name) or merge(self, path)
    )
    made = _timed(_with_adapters(engine, paths), 3, warmup=1)
    assert [event for event in engine.events if event.startswith("adapter")] == [p.name for p in paths]
    begun = [then for event, then in pairwise(engine.events) if event == "begin"]
    assert begun == ["end"] * (len(made) + count + 1)  # each leg is warmed up once
    assert len({p.group for p in made}) == groups


def test_answers_of_groups_are_those_of_each_adapter_alone(tmp_path: Path):
    """Preparing, dropping and swapping leaves every leg what it would say with an engine of its own."""
    loaded = load_model(find_model(str(tiny.causal(tmp_path / "model"))), device="cpu", dtype="float32")
    paths = [tiny.adapter(loaded, tmp_path / f"adapter{seed}", seed=seed) for seed in range(3)]
    memory = 2 * MergedAdapters(loaded.model).bytes_of(paths[0])
    legs = _with_adapters(TransformersEngine(loaded, max_new_tokens=4, token_budget=512, adapter_memory=memory), paths)
    said = {p.key: p.outcome for p in _timed(legs, 3)}
    fresh = load_model(loaded.source, device="cpu", dtype="float32")
    alone = TransformersEngine(fresh, max_new_tokens=4, token_budget=512, adapters="unmerged")
    samples = [sample for sample in SAMPLES if legs[0].key(sample) in said]
    for leg in legs:
        assert alone.generate([leg.variant.request(s) for s in samples]) == [said[leg.key(s)] for s in samples]
    assert len(set(map(str, said.values()))) > len(samples)  # the adapters do something


class Noting(TransformersEngine):
    """The engine itself, which also notes when each of its answers begins and ends."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        self.events: list[str] = []

    def generate(self, requests, *, on_token=None):
        self.events.append("begin")
        outcomes = super().generate(requests, on_token=on_token)
        self.events.append("end")
        return outcomes
