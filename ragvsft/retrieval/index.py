"""The passages of a corpus, searchable by likeness: a flat FAISS index of unit vectors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragvsft.codec import from_dict
from ragvsft.errors import ArtifactError, IndexMismatch
from ragvsft.records import Hit, Passage
from ragvsft.store.files import jsonl, read_jsonl, write_atomically

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_INDEX, _PASSAGES, _FACTS = "index.faiss", "passages.jsonl", "index.json"
KIND = "flat inner product"


class VectorIndex:
    """Passages with their vectors, one row each."""

    def __init__(self, passages: Sequence[Passage], flat: Any) -> None:
        self.passages = tuple(passages)
        self._flat = flat  # faiss.IndexFlatIP

    @classmethod
    def build(cls, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> VectorIndex:
        """Return an index; `vectors` is (n passages, dim) float32, unit length."""
        import faiss
        import numpy as np

        if vectors.ndim != 2 or len(vectors) != len(passages):
            raise IndexMismatch(f"{len(passages)} passages, but vectors of shape {vectors.shape}")
        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(passages, flat)

    @property
    def dim(self) -> int:
        """The length of a vector."""
        return int(self._flat.d)

    def __len__(self) -> int:
        return len(self.passages)

    def save(self, folder: Path) -> None:
        """Write the index into an existing folder."""
        import faiss

        write_atomically(folder / _PASSAGES, jsonl(self.passages))
        write_atomically(folder / _INDEX, faiss.serialize_index(self._flat).tobytes())
        write_atomically(folder / _FACTS, jsonl([{"kind": KIND, "passages": len(self), "dim": self.dim}]))

    @classmethod
    def load(cls, folder: Path) -> VectorIndex:
        """Return the index that `save` wrote. Raises ArtifactError if its files do not belong together.

        The store checks the hashes of the folder's files before: FAISS does not survive every altered file.
        """
        remedy = f"delete the folder {folder} to build it again"
        try:
            facts = json.loads((folder / _FACTS).read_bytes())
            passages = [from_dict(Passage, row) for row in read_jsonl(folder / _PASSAGES)]
            flat = _read_flat(folder / _INDEX)
        except FileNotFoundError as error:
            raise ArtifactError(f"{error.filename} is missing; {remedy}") from None
        except (ValueError, RuntimeError, ArtifactError) as error:
            raise ArtifactError(f"{folder} holds an altered index; {remedy}") from error
        found = {"kind": KIND, "passages": len(passages), "dim": flat.d}
        if found != facts or flat.ntotal != len(passages):
            raise ArtifactError(f"{folder} holds {flat.ntotal} vectors for {len(passages)} passages; {remedy}")
        return cls(passages, flat)

    def search(self, queries: NDArray[np.float32], k: int) -> list[list[Hit]]:
        """Return the k passages nearest to each query, best first; all of them where there are fewer.

        `queries` is (n, dim) float32, unit length; the score is the inner product, equal ones in corpus order.
        Raises IndexMismatch if dim differs from the index's.
        """
        import numpy as np

        if queries.ndim != 2 or queries.shape[1] != self.dim:
            raise IndexMismatch(f"queries of shape {queries.shape}, but an index of dim {self.dim}")
        k = min(k, len(self))  # FAISS pads with -1 when fewer than k vectors exist
        if k == 0 or len(queries) == 0:
            return [[] for _ in queries]
        # a few more than k: FAISS breaks ties at the border as it likes
        scores, rows = self._flat.search(np.ascontiguousarray(queries, dtype=np.float32), min(2 * k + 8, len(self)))
        order = np.lexsort((rows, -scores), axis=1)[:, :k]  # (n, k), by score, then by row
        return [
            [self._hit(int(rows[query, column]), float(scores[query, column])) for column in columns]
            for query, columns in enumerate(order)
        ]

    def _hit(self, row: int, score: float) -> Hit:
        passage = self.passages[row]
        return Hit(passage.passage_id, passage.doc_id, passage.text, score, passage.page)


def _read_flat(path: Path) -> Any:
    import faiss
    import numpy as np

    flat = faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))
    if not isinstance(flat, faiss.IndexFlatIP):
        raise ValueError(f"{path} is a {type(flat).__name__}")
    return flat
