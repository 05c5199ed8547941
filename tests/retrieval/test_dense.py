"""The dense index: made of what its key spells, and searched as it was made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ragvsft.config.sections import PassagesConfig, RetrievalConfig
from ragvsft.progress import Silent
from ragvsft.records import Document
from ragvsft.retrieval import dense
from ragvsft.retrieval.dense import IndexArtifact
from ragvsft.retrieval.library import Encoders, Library
from ragvsft.store.artifacts import Store, key_of
from tests.make import a_document, a_sample

SETTINGS = RetrievalConfig()
ENCODERS = Encoders()  # one for all, since loading takes longest
TEA, BOX = a_document("Tea is 2 EUR a cup.", "tea.md"), a_document("A box weighs 9 kg.", "box.md")


def an_artifact(*documents: Document, tokens: int = 112, overlap: int = 16, device: str = "cpu") -> IndexArtifact:
    """Return the index of some documents."""
    splitting = PassagesConfig(tokens=tokens, overlap=overlap)
    library = Library(documents, splitting, encoder="packaged", device=device, encoders=ENCODERS, progress=Silent())
    [artifact] = dense.artifacts(library, SETTINGS)
    assert isinstance(artifact, IndexArtifact)
    return artifact


@pytest.fixture(scope="module")
def artifact() -> IndexArtifact:
    """Return the index of two documents."""
    return an_artifact(TEA, BOX)


def test_the_key_changes_with_everything_that_the_index_is_made_of(artifact: IndexArtifact) -> None:
    """Text, name and pages of a document, their order, how they are split, the encoder and its weights."""
    others = [
        an_artifact(replace(TEA, text="Tea is 3 EUR a cup."), BOX),
        an_artifact(replace(TEA, doc_id="drinks.md"), BOX),
        an_artifact(replace(TEA, pages=(0, 7)), BOX),
        an_artifact(BOX, TEA),
        an_artifact(TEA),
        an_artifact(TEA, BOX, tokens=64),
        an_artifact(TEA, BOX, overlap=8),
        replace(artifact, splitting=artifact.splitting + 1),
        replace(artifact, encoder="another"),
        replace(artifact, revision="0" * 64),
        replace(artifact, needs=(artifact,)),
    ]
    assert len({key_of(one) for one in [artifact, *others]}) == 1 + len(others)


def test_the_key_changes_with_nothing_else(artifact: IndexArtifact) -> None:
    """Bytes that read the same, another device, another library object: the index that is there is used."""
    again = an_artifact(replace(TEA, sha256="ab" * 32), BOX, device="auto")
    assert again.library is not artifact.library
    assert key_of(again) == key_of(artifact)


def test_a_built_index_finds_the_passage_that_is_meant(artifact: IndexArtifact, tmp_path: Path) -> None:
    """And its record counts what was encoded."""
    store = Store(tmp_path)
    record = store.build(artifact)
    assert (record.documents, record.passages, record.dim, record.device) == (2, 2, 384, "cpu")
    assert record.tokens == sum(artifact.library.encoder.count_tokens(document.text) for document in (TEA, BOX))
    retriever = dense.load(artifact.library, SETTINGS, [store.folder_of(artifact)])
    hits = retriever.search(a_sample(question="What does a cup of tea cost?"), 5)
    assert [hit.doc_id for hit in hits] == ["tea.md", "box.md"]
    assert hits[0].score > hits[1].score
    assert len(retriever.search(a_sample(question="How heavy is it?"), 1)) == 1
