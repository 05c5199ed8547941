"""The bench: what variants share is made once, and each leg needs built what it uses and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from ragvsft import names
from ragvsft.config.root import VariantConfig
from ragvsft.errors import ArtifactError
from ragvsft.names import VariantRow
from ragvsft.progress import Silent
from ragvsft.store.artifacts import key_of
from ragvsft.variants.bench import Bench
from tests import tiny
from tests.make import TASK, a_config, a_document, a_sample, an_example


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a tiny model."""
    return tiny.seq2seq(tmp_path_factory.mktemp("models") / "model")


def a_bench(folder: Path, *variants: object, **sections: object) -> Bench:
    """Return a bench over one document and one example."""
    config = a_config(*variants, cache=folder / "cache", retrieval={"encoder": "packaged"}, **sections)
    documents, examples = [a_document("Tea is 2 EUR.")], [an_example("e", "What is the price of tea?", "2 EUR")]
    return Bench(config, task=TASK, documents=documents, examples=examples, progress=Silent())


def named(name: str, like: str, **sections: object) -> dict[str, object]:
    """Return a variant as a config has it."""
    return {"name": name, "like": like, **sections}


def of(bench: Bench, name: str) -> VariantConfig:
    """Return a variant of the bench."""
    return bench.config.variant(name)


def test_variants_that_split_and_encode_alike_share_a_library(tmp_path: Path) -> None:
    """However many passages each of them reads; another splitting or encoder is another library."""
    bench = a_bench(
        tmp_path,
        named("rag-1", "rag", retrieval={"k": 1}),
        named("rag-5", "rag", retrieval={"k": 5}),
        named("short", "rag", passages={"tokens": 32}),
        named("other", "rag", retrieval={"encoder": "somewhere/else"}),
    )
    libraries = [bench.library(of(bench, name)) for name in ("rag-1", "rag-5", "short", "other")]
    assert libraries[0] is libraries[1]
    assert len(set(map(id, libraries))) == 3
    assert libraries[2].splitting.tokens == 32


def test_variants_of_one_model_share_its_source(tmp_path: Path, model: Path) -> None:
    """Its files are hashed once; who runs no model of this machine and trains none needs none."""
    bench = a_bench(
        tmp_path, "prompt", "lora", named("hosted", "prompt", engine={"kind": "scripted"}), model=str(model)
    )
    source = bench.source(of(bench, "prompt"))
    assert source is not None
    assert bench.source(of(bench, "lora")) is source
    assert bench.source(of(bench, "hosted")) is None


def test_a_leg_needs_built_what_it_uses_and_no_more(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index, an adapter, both with the index first, or nothing."""
    both = VariantRow("Both.", passages="retrieved", adapter="closed-book")
    monkeypatch.setitem(names.VARIANTS, "both", both)
    bench = a_bench(tmp_path, "prompt", "few-shot", "rag", "lora", "both", model=str(model))
    kinds = {
        name: [artifact.kind for artifact in bench.parts(of(bench, name), seed).all.values()]
        for name, seed in (("prompt", None), ("few-shot", None), ("rag", None), ("lora", 0), ("both", 0))
    }
    assert kinds == {"prompt": [], "few-shot": [], "rag": ["index"], "lora": ["adapter"], "both": ["index", "adapter"]}


def test_adapters_are_the_same_by_what_trains_them_and_not_by_name(tmp_path: Path, model: Path) -> None:
    """Another rank or seed is another adapter; another name is not."""
    variants = [named("small", "lora", lora={"r": 4}), named("again", "lora", lora={"r": 4}), "lora"]
    bench = a_bench(tmp_path, *variants, model=str(model))

    def key(name: str, seed: int) -> str:
        adapter = bench.parts(of(bench, name), seed).adapter
        assert adapter is not None
        return key_of(adapter)

    assert key("small", 0) == key("again", 0)
    assert len({key("small", 0), key("small", 1), key("lora", 0)}) == 3


def test_what_is_not_built_is_told_and_what_is_built_is_searched(tmp_path: Path) -> None:
    """The remedy is in the line; a built index is used as it lies there."""
    bench = a_bench(tmp_path, "rag", engine={"kind": "scripted"})
    rag = of(bench, "rag")
    with pytest.raises(ArtifactError, match="an index of this run is not built; run `ragvsft build` first"):
        bench.variant(rag, None, lambda prompt: True)
    for artifact in bench.parts(rag, None).all.values():
        bench.store.build(artifact)
    request = bench.variant(rag, None, lambda prompt: True).request(a_sample("s", "What is the price of tea?"))
    assert [hit.passage_id for hit in request.hits or ()] == ["a.md#0"]
    assert "Tea is 2 EUR." in request.prompt
