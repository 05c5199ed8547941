"""Were the right documents found? Rank measures over documents, each at the rank of its best passage.

They apply where a sample names documents that answer it (so not to unanswerable ones) and the variant retrieves. One
that finds nothing has a recall of 0; what it found and the prompt had no room for was of no use, and does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from math import log2

from ragvsft.records import Prediction, Sample
from ragvsft.scoring.scorers import Scorer
from ragvsft.scoring.scorers.measure import FunctionScorer, Measure, ScorerSettings


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


def _ranked(read: Callable[[Sequence[str], Collection[str]], float], measure: Measure) -> Scorer:
    """Return the scorer of the hits alone: what the model made of them, or that it failed, changes nothing."""

    def value(sample: Sample, prediction: Prediction) -> float | None:
        if prediction.hits is None or not sample.doc_ids or sample.stratum == "unanswerable":
            return None
        return read(list(dict.fromkeys(hit.doc_id for hit in prediction.hits)), sample.doc_ids)

    return FunctionScorer(measure, value)


def _cut(
    at: Callable[[int, Sequence[str], Collection[str]], float], measure: Measure, settings: ScorerSettings
) -> Scorer:
    return _ranked(partial(at, int(measure.argument)), measure)


def _whole(measure: Measure, settings: ScorerSettings) -> Scorer:
    return _ranked(mrr, measure)


MEASURES = (
    Measure(
        "recall_at",
        "Recall at {}",
        "right documents among the first {} that were found",
        partial(_cut, recall_at),
        takes="k",
    ),
    Measure("mrr", "Reciprocal rank", "one over the rank of the first right document", _whole),
    Measure(
        "ndcg_at",
        "nDCG at {}",
        "right documents among the first {}, the higher up the better",
        partial(_cut, ndcg_at),
        takes="k",
    ),
)
