"""`dense`: the passages whose vectors are nearest to the question's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from ragvsft.building import IndexRecord
from ragvsft.clock import measure
from ragvsft.config.sections import RetrievalConfig
from ragvsft.data.passages import SPLITTING
from ragvsft.models.hardware import device_name
from ragvsft.records import Hit, Sample
from ragvsft.retrieval.encoders import Encoder
from ragvsft.retrieval.index import VectorIndex
from ragvsft.retrieval.library import Library
from ragvsft.store.artifacts import Artifact

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float32]

_BATCH = 64  # passages encoded between two steps of the progress bar


@dataclass(frozen=True, slots=True)
class DenseRetriever:
    """Searches the vectors of all passages."""

    index: VectorIndex
    encoder: Encoder

    def search(self, sample: Sample, k: int) -> list[Hit]:
        """Return the k passages nearest to the sample's question, best first."""
        [hits] = self.index.search(self.encoder.encode_questions([sample.question]), k)
        return hits


@dataclass(frozen=True, slots=True)
class IndexArtifact:
    """The vectors of every passage; an unchanged corpus is never encoded again."""

    kind: ClassVar[str] = "index"

    documents: tuple[tuple[str, str, tuple[int, ...]], ...]  # doc_id, text as this version reads it, pages
    splitting: int  # the version of how documents are split
    passages: Mapping[str, int]  # the settings of the splitting
    encoder: str
    revision: str  # of the encoder
    library: Library = field(compare=False, repr=False)
    needs: tuple[Artifact, ...] = ()

    def make(self, folder: Path, scratch: Path) -> IndexRecord:
        """Encode every passage and write the index."""
        encoder, passages = self.library.encoder, self.library.passages
        with measure() as cost:
            index = VectorIndex.build(passages, _encoded(self.library))
        index.save(folder)
        return IndexRecord(
            documents=len(self.documents),
            passages=len(passages),
            dim=encoder.dim,
            encoder=encoder.name,
            kind="flat inner product",
            bytes=sum(file.stat().st_size for file in folder.iterdir()),
            tokens=sum(encoder.count_tokens(passage.text) for passage in passages),
            seconds=cost.seconds,
            device=device_name(encoder.device),
            peak_memory_bytes=cost.peak_memory_bytes,
            notes=tuple(self.library.reading_notes),
        )


def artifacts(library: Library, settings: RetrievalConfig) -> tuple[Artifact, ...]:
    """Return the index."""
    documents = tuple((document.doc_id, document.text, document.pages) for document in library.documents)
    encoder = library.encoder
    splitting = library.splitting.model_dump()
    return (IndexArtifact(documents, SPLITTING, splitting, encoder.name, encoder.revision, library),)


def load(library: Library, settings: RetrievalConfig, folders: Sequence[Path]) -> DenseRetriever:
    """Return the retriever over the stored index. Raises ArtifactError if it was altered."""
    [folder] = folders
    return DenseRetriever(VectorIndex.load(folder), library.encoder)


def _encoded(library: Library) -> FloatArray:
    import numpy as np

    texts = [passage.text for passage in library.passages]
    parts = []
    with library.progress.bar("index: encode passages", len(texts)) as bar:
        for start in range(0, len(texts), _BATCH):
            parts.append(library.encoder.encode(texts[start : start + _BATCH]))
            bar.advance(len(parts[-1]))
    return np.concatenate(parts)  # (n_passages, dim) float32
