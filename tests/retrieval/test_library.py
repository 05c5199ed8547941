"""The corpus as retrievers see it: what is loaded once, and what is said of it."""

from __future__ import annotations

import pytest

from ragvsft.config.sections import PassagesConfig
from ragvsft.errors import ConfigError
from ragvsft.progress import Silent
from ragvsft.retrieval.library import Encoders, Library
from tests.make import a_document

DOCUMENTS = [a_document("# Leave\n\nEverybody has 27 days of leave a year.")]


def _library(encoders: Encoders, tokens: int) -> Library:
    splitting = PassagesConfig(tokens=tokens, overlap=0)
    return Library(DOCUMENTS, splitting, encoder="packaged", device="cpu", encoders=encoders, progress=Silent())


def test_two_splittings_share_one_encoder():
    """It may take gigabytes."""
    encoders = Encoders()
    assert _library(encoders, 64).encoder is _library(encoders, 128).encoder
    assert [passage.doc_id for passage in _library(encoders, 64).passages] == ["a.md"]


def test_passages_that_the_encoder_would_cut_off_are_refused():
    """What lies beyond its longest text would be kept and never found."""
    with pytest.raises(ConfigError, match=r"passages\.tokens is 4096, but .* reads 254 at most; .*retrieval\.encoder"):
        _ = _library(Encoders(), 4096).passages
