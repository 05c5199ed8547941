"""Were the right documents found? Rank measures over documents, each at the rank of its best passage.

They apply where a sample names documents that answer it (so not to unanswerable ones) and the variant retrieves. A
prediction does not say whether its variant retrieves, but one that does always has hits, in the prompt or dropped.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import log2
from typing import Any

from ragvsft.prompts import REFUSAL
from ragvsft.records import Completion, Prediction, Sample
from ragvsft.scoring.scorers import Measure


def recall_at(k: int, ranked: Sequence[str], wanted: Collection[str]) -> float:
    """Return the share of the wanted documents among the first k of `ranked`, which holds each document once."""
    return len(set(ranked[:k]) & set(wanted)) / len(set(wanted))


def mrr(ranked: Sequence[str], wanted: Collection[str]) -> float:
    """Return one over the rank of the first wanted document, or 0 where none is ranked."""
    return next((1 / rank for rank, doc_id in enumerate(ranked, start=1) if doc_id in wanted), 0.0)


def ndcg_at(k: int, ranked: Sequence[str], wanted: Collection[str]) -> float:
    """Return the discounted gain of the first k documents over the best there is; a wanted document gains 1.

    Järvelin and Kekäläinen 2002, with the discount log2(rank + 1) of trec_eval.
    """
    gain = sum(1 / log2(rank + 1) for rank, doc_id in enumerate(ranked[:k], start=1) if doc_id in wanted)
    return gain / sum(1 / log2(rank + 1) for rank in range(1, min(k, len(set(wanted))) + 1))


def _applies(sample: Sample, prediction: Prediction) -> bool:
    retrieves = bool(prediction.hits) or prediction.dropped_hits > 0
    return retrieves and bool(sample.doc_ids) and sample.stratum != "unanswerable"


def _documents(prediction: Prediction) -> list[str]:
    return list(dict.fromkeys(hit.doc_id for hit in prediction.hits))


def make(name: str, *, k: int | None, schema: Mapping[str, Any] | None, refusal: str = REFUSAL) -> Measure:
    """Return the scorer of this name, cut at `k` documents where it has a cut."""

    def measure(sample: Sample, prediction: Prediction, completion: Completion) -> float:
        ranked = _documents(prediction)
        if k is None:
            return mrr(ranked, sample.doc_ids)
        return {"recall_at": recall_at, "ndcg_at": ndcg_at}[name](k, ranked, sample.doc_ids)

    return Measure(name if k is None else f"{name}({k})", measure, applies=_applies)
