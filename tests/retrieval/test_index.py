"""The index: exact nearest neighbours, stable ties, and files that belong together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ragvsft.errors import ArtifactError, IndexMismatch
from ragvsft.records import Passage
from ragvsft.retrieval.index import VectorIndex
from tests.make import a_passage


def passages(n: int) -> list[Passage]:
    """Return n passages, two to a document."""
    return [a_passage(f"text {i}\u2028ü", f"d{i // 2}", i % 2) for i in range(n)]


def unit_vectors(n: int, dim: int = 8, seed: int = 0) -> np.ndarray:
    """Return (n, dim) float32 vectors of unit length."""
    vectors = np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_it_finds_what_brute_force_finds() -> None:
    """The order and the scores are those of numpy's inner products."""
    vectors, queries = unit_vectors(50), unit_vectors(7, seed=1)
    found = VectorIndex.build(passages(50), vectors).search(queries, 5)
    products = queries @ vectors.T
    for row, hits in enumerate(found):
        best = np.argsort(-products[row])[:5]
        assert [hit.text for hit in hits] == [passages(50)[i].text for i in best]
        np.testing.assert_allclose([hit.score for hit in hits], products[row][best], atol=1e-6)


def test_more_than_there_is_gives_all() -> None:
    """Asking for 10 of 3 passages gives 3; of an empty index, none."""
    assert [len(hits) for hits in VectorIndex.build(passages(3), unit_vectors(3)).search(unit_vectors(2), 10)] == [
        3,
        3,
    ]
    assert VectorIndex.build([], unit_vectors(0)).search(unit_vectors(1), 3) == [[]]


def test_equal_passages_come_in_corpus_order() -> None:
    """Twenty equal vectors, three asked for: the first three."""
    same = np.repeat(unit_vectors(1), 20, axis=0)
    hits = VectorIndex.build(passages(20), same).search(same[:1], 3)[0]
    assert [hit.passage_id for hit in hits] == ["d0#0", "d0#1", "d1#0"]


def test_vectors_of_another_length_are_our_bug() -> None:
    """Another dim, or another number of vectors than passages, is an IndexMismatch."""
    index = VectorIndex.build(passages(3), unit_vectors(3, dim=8))
    with pytest.raises(IndexMismatch, match="dim 8"):
        index.search(unit_vectors(1, dim=4), 1)
    with pytest.raises(IndexMismatch, match="3 passages"):
        VectorIndex.build(passages(3), unit_vectors(2))


def test_a_hit_knows_its_page_after_loading_too(tmp_path: Path) -> None:
    """The page of the passage; None where the format has none."""
    made = [replace(passage, page=page) for passage, page in zip(passages(3), (1, 12, None), strict=True)]
    VectorIndex.build(made, np.eye(3, 8, dtype=np.float32)).save(tmp_path)
    [hits] = VectorIndex.load(tmp_path).search(np.eye(3, 8, dtype=np.float32)[1:2], 3)
    assert {hit.passage_id: hit.page for hit in hits} == {"d0#0": 1, "d0#1": 12, "d1#0": None}
    assert hits[0].page == 12


def test_a_saved_index_finds_the_same(tmp_path: Path) -> None:
    """Passages, unusual line breaks in them too, and scores are equal after loading."""
    index, queries = VectorIndex.build(passages(9), unit_vectors(9)), unit_vectors(4, seed=2)
    index.save(tmp_path)
    loaded = VectorIndex.load(tmp_path)
    assert loaded.passages == index.passages
    assert loaded.search(queries, 3) == index.search(queries, 3)


@pytest.mark.parametrize("name", ["index.faiss", "passages.jsonl", "index.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    """With the remedy."""
    VectorIndex.build(passages(3), unit_vectors(3)).save(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ArtifactError, match=f"{name} is missing; delete the folder"):
        VectorIndex.load(tmp_path)


@pytest.mark.parametrize("name", ["index.faiss", "passages.jsonl", "index.json"])
def test_a_cut_file_is_refused(tmp_path: Path, name: str) -> None:
    """Half a file is an altered index, whichever file it is."""
    VectorIndex.build(passages(4), unit_vectors(4)).save(tmp_path)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ArtifactError, match=r"delete the folder .* to build it again"):
        VectorIndex.load(tmp_path)


def test_files_of_two_indexes_do_not_mix(tmp_path: Path) -> None:
    """Four vectors for three passages is an error, not a wrong answer."""
    for n in (3, 4):
        (tmp_path / str(n)).mkdir()
        VectorIndex.build(passages(n), unit_vectors(n)).save(tmp_path / str(n))
    (tmp_path / "4" / "index.faiss").replace(tmp_path / "3" / "index.faiss")
    with pytest.raises(ArtifactError, match="4 vectors for 3 passages"):
        VectorIndex.load(tmp_path / "3")


def test_same_passages_same_bytes(tmp_path: Path) -> None:
    """Two builds of one corpus are equal files, so their hashes are."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        VectorIndex.build(passages(5), unit_vectors(5)).save(tmp_path / name)
    one, other = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("a", "b"))
    assert "index.faiss" in one
    assert one == other
