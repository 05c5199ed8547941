"""`rag`: the question with the passages that an index finds nearest to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ragvsft.clock import measure
from ragvsft.codec import from_dict, to_dict
from ragvsft.errors import ArtifactError
from ragvsft.models.hardware import device_name
from ragvsft.records import Hit, IndexRecord, Request, Sample
from ragvsft.retrieval.encoders import Encoder
from ragvsft.retrieval.index import VectorIndex
from ragvsft.tasks import Task
from ragvsft.variants.bench import Workshop

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float32]

_BATCH = 64  # passages encoded between two steps of the progress bar


@dataclass(frozen=True, slots=True)
class RagVariant:
    """Asks the question with its k nearest passages, as many of them as the model can read."""

    task: Task
    index: VectorIndex
    encoder: Encoder
    k: int
    fits: Callable[[str], bool]
    name: str = "rag"

    def request(self, sample: Sample) -> Request:
        """Return the instruction, the passages, best first, and the question."""
        [hits] = self.index.search(self.encoder.encode_questions([sample.question]), self.k)
        prompt, kept = fit_passages(self.task, sample.question, hits, self.fits)
        return Request(sample.sample_id, prompt, hits=tuple(kept), dropped_hits=len(hits) - len(kept))


def fit_passages(
    task: Task, question: str, hits: Sequence[Hit], fits: Callable[[str], bool]
) -> tuple[str, Sequence[Hit]]:
    """Return the prompt with as many hits as the model can read, and those hits; the last-ranked go first."""
    for count in range(len(hits), 0, -1):
        prompt = task.prompt(question, [hit.text for hit in hits[:count]])
        if fits(prompt):
            return prompt, hits[:count]
    return task.prompt(question), ()


def build(workshop: Workshop, seed: int) -> IndexRecord:
    """Encode every passage once and store the index; an unchanged corpus is never encoded again."""
    workshop.store.obtain("index", workshop.index_key, lambda folder, scratch: to_dict(_build_index(workshop, folder)))
    return from_dict(IndexRecord, workshop.store.facts("index", workshop.index_key))


def load(workshop: Workshop, seed: int, fits: Callable[[str], bool]) -> RagVariant:
    """Return the variant over the stored index. Raises ArtifactError if it is not built or was altered."""
    folder = workshop.store.open("index", workshop.index_key)
    if folder is None:
        raise ArtifactError(f"{workshop.store.root}: the index of this corpus is not built; run `ragvsft build` first")
    return RagVariant(workshop.task, VectorIndex.load(folder), workshop.encoder, workshop.config.rag.k, fits)


def _build_index(workshop: Workshop, folder: Path) -> IndexRecord:
    encoder, passages = workshop.encoder, workshop.passages
    with measure() as cost:
        index = VectorIndex.build(passages, _encode(workshop))
    index.save(folder)
    return IndexRecord(
        documents=len(workshop.documents),
        passages=len(passages),
        dim=encoder.dim,
        encoder=encoder.name,
        kind="flat inner product",
        bytes=sum(file.stat().st_size for file in folder.iterdir()),
        tokens=sum(encoder.count_tokens(passage.text) for passage in passages),
        seconds=cost.seconds,
        device=device_name(encoder.device),
        peak_memory_bytes=cost.peak_memory_bytes,
        notes=tuple(workshop.reading_notes),
    )


def _encode(workshop: Workshop) -> FloatArray:
    import numpy as np

    texts = [passage.text for passage in workshop.passages]
    parts = []
    with workshop.progress.bar("index: encode passages", len(texts)) as bar:
        for start in range(0, len(texts), _BATCH):
            parts.append(workshop.encoder.encode(texts[start : start + _BATCH]))
            bar.advance(len(parts[-1]))
    return np.concatenate(parts)  # (n_passages, dim) float32
