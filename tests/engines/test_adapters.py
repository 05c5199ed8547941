"""Adapters at the engine: merged or beside the base, one at a time or several held ready."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ragvsft.config.sections import LoraConfig
from ragvsft.engines.adapters import MergedAdapters, UnmergedAdapters
from ragvsft.engines.transformers import TransformersEngine
from ragvsft.errors import ArtifactError
from ragvsft.models.load import Loaded, find_model, load_model
from ragvsft.prompts import answer_prompt
from ragvsft.records import Completion, Request
from ragvsft.tuning.adapting import with_lora
from tests import tiny

QUESTIONS = ["Where?", "Who opened the depot in Lund?", "What colour is the van that brings the parts on Mondays?"]
REQUESTS = [Request(f"q{number}", answer_prompt(question)) for number, question in enumerate(QUESTIONS)]
TUNED = 2 * 2 * 64 * 64 * 4  # bytes: q_proj and v_proj of two layers, 64 by 64, in float32


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Loaded]:
    """Return a loader of freshly loaded tiny models in float32."""
    root = tmp_path_factory.mktemp("models")
    folders = {name: tiny.MODELS[name](root / name) for name in ("llama", "bart")}
    return lambda name: load_model(find_model(str(folders[name])), device="cpu", dtype="float32")


@pytest.fixture(scope="module")
def adapters(tmp_path_factory: pytest.TempPathFactory, models: Callable[[str], Loaded]) -> dict[str, list[Path]]:
    """Return three random adapters for each tiny model."""
    root = tmp_path_factory.mktemp("adapters")
    return {
        name: [tiny.adapter(models(name), root / f"{name}{seed}", seed=seed) for seed in (1, 2, 3)]
        for name in ("llama", "bart")
    }


@pytest.fixture
def llama(models: Callable[[str], Loaded]) -> Loaded:
    """Return a freshly loaded tiny Llama."""
    return models("llama")


@pytest.mark.parametrize("name", ["llama", "bart"])
def test_merged_and_unmerged_adapters_write_the_same(
    models: Callable[[str], Loaded], adapters: dict[str, list[Path]], name: str
) -> None:
    """One call may mix adapters and none; the two modes agree on every text, and the adapters do something."""
    paths = [None, *adapters[name][:2], None]
    requests = [Request(r.sample_id, r.prompt, adapter=path) for r in REQUESTS for path in paths]
    merged = _engine(models(name), adapters="merged").generate(requests)
    assert merged == _engine(models(name), adapters="unmerged").generate(requests)
    texts = [o.text for o in merged if isinstance(o, Completion)]
    assert texts[0] == texts[3]
    assert len({*texts[:3]}) == 3


def test_a_thousand_swaps_leave_the_base_bit_for_bit(llama: Loaded, adapters: dict[str, list[Path]]) -> None:
    """Merged weights are swapped in, not added and subtracted: nothing drifts."""
    before = {name: weight.clone() for name, weight in llama.model.state_dict().items()}
    held = MergedAdapters(llama.model)
    held.prepare(adapters["llama"])
    for path in [*adapters["llama"], None] * 250:
        held.use(path)
    after = llama.model.state_dict()
    assert before.keys() == after.keys()
    assert all(before[name].equal(after[name]) for name in before)


def test_an_adapter_without_safetensors_is_refused(llama: Loaded, tmp_path: Path) -> None:
    """Pickled adapter weights are never read."""
    (tmp_path / "adapter_config.json").write_text("{}")
    (tmp_path / "adapter_model.bin").write_bytes(b"pickle")
    with pytest.raises(ArtifactError, match=r"adapter_model\.safetensors is missing"):
        _engine(llama).generate([Request("q", "Hi", adapter=tmp_path)])


@pytest.mark.parametrize("mode", ["merged", "unmerged"])
def test_an_adapter_of_another_model_is_refused(llama: Loaded, adapters: dict[str, list[Path]], mode: str) -> None:
    """It is never half applied."""
    with pytest.raises(ArtifactError, match="trained on another model"):
        _engine(llama, adapters=mode).generate([Request("q", "Hi", adapter=adapters["bart"][0])])


def test_preparing_while_an_adapter_is_in_use_merges_onto_the_base(
    llama: Loaded, adapters: dict[str, list[Path]]
) -> None:
    """Not onto the weights of the one in use: each answers as with an engine of its own."""
    one, other, third = adapters["llama"]
    engine = _engine(llama)
    engine.generate([Request("q", "Hi", adapter=one)])
    engine.prepare([one, other])
    engine.generate([Request("q", "Hi", adapter=other)])
    engine.prepare([third, one])
    requests = [Request(r.sample_id, r.prompt, adapter=path) for r in REQUESTS for path in (None, one, other, third)]
    fresh = load_model(llama.source, device="cpu", dtype="float32")
    assert engine.generate(requests) == _engine(fresh, adapters="unmerged").generate(requests)


def test_what_is_prepared_stays_however_many_others_are_used(
    llama: Loaded, adapters: dict[str, list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the others one is held at a time, so a pass over many adapters takes the memory of one."""
    merged: list[Path] = []
    merge = MergedAdapters._merge
    monkeypatch.setattr(MergedAdapters, "_merge", lambda self, path: merged.append(path) or merge(self, path))
    one, other, third = adapters["llama"]
    held = MergedAdapters(llama.model)
    held.prepare([one])
    for path in (other, one, None, other, third, one, other):
        held.use(path)
    assert merged == [one, other, third, other]
    assert len(held._merged) == 2


def test_swapping_what_is_prepared_looks_nothing_up(llama: Loaded, adapters: dict[str, list[Path]]) -> None:
    """It happens while the clock runs: walking the modules by name took as long as a token of a small model."""
    held = MergedAdapters(llama.model)
    held.prepare(adapters["llama"])
    llama.model.get_submodule = llama.model.named_modules = None
    weight = llama.model.model.layers[0].self_attn.q_proj.weight
    sums = []
    for path in [*adapters["llama"], None]:
        held.use(path)
        sums.append(float(weight.sum()))
    assert len(set(sums)) == 4


@pytest.mark.parametrize("name", [*tiny.MODELS, *tiny.MIXTURES])
def test_the_size_of_an_adapter_is_foretold(name: str, tmp_path: Path) -> None:
    """By the names of its weights alone: what it takes once merged, and no more than biases of experts above."""
    save = {**tiny.MODELS, **tiny.MIXTURES}[name]
    loaded = load_model(find_model(str(save(tmp_path / "model"))), device="cpu", dtype="float32")
    adapted = with_lora(loaded.model, LoraConfig(r=4))
    adapted.save_pretrained(str(tmp_path / "adapter"))
    adapted.unload()
    held = MergedAdapters(loaded.model)
    foretold = held.bytes_of(tmp_path / "adapter")
    held.prepare([tmp_path / "adapter"])
    taken = sum(weight.nbytes for weight in held._merged[tmp_path / "adapter"].values())
    assert taken <= foretold <= 1.02 * taken


@pytest.mark.parametrize(("memory", "room"), [(0, 1), (TUNED, 1), (2 * TUNED - 1, 1), (2 * TUNED, 2), (9 * TUNED, 3)])
def test_an_engine_has_room_for_what_its_memory_holds(
    llama: Loaded, adapters: dict[str, list[Path]], memory: int, room: int
) -> None:
    """Whole adapters only, and one in any case: what cannot be held cannot be answered either."""
    engine = TransformersEngine(llama, max_new_tokens=6, token_budget=4096, adapter_memory=memory)
    assert engine.room(adapters["llama"]) == room
    assert engine.room([]) == 0


@pytest.mark.parametrize(("free", "room"), [(None, 2), (2 * TUNED, 1), (2.5 * TUNED, 2), (100 * TUNED, 3)])
def test_a_fifth_of_the_free_memory_is_left_for_answering(
    llama: Loaded, adapters: dict[str, list[Path]], monkeypatch: pytest.MonkeyPatch, free: float | None, room: int
) -> None:
    """0.8 x 2.5 adapters hold two; where nobody says what is free, two are held as well."""
    monkeypatch.setattr("ragvsft.engines.transformers.free_memory", lambda device: free)
    assert _engine(llama).room(adapters["llama"]) == room


def test_unmerged_adapters_take_what_their_own_weights_take(llama: Loaded, adapters: dict[str, list[Path]]) -> None:
    """Two low-rank matrices a layer: a file of a few kilobytes."""
    [path, *_] = adapters["llama"]
    size = UnmergedAdapters(llama.model).bytes_of(path)
    assert size == (path / "adapter_model.safetensors").stat().st_size < TUNED


def _engine(loaded: Loaded, *, adapters: str = "merged") -> TransformersEngine:
    return TransformersEngine(loaded, max_new_tokens=6, token_budget=4096, adapters=adapters)
