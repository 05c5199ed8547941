"""Were the right documents found? Rank measures over documents, each at the rank of its best passage.

They apply where a sample names documents that answer it (so not to unanswerable ones) and the variant retrieves. A
prediction does not say whether its variant retrieves, but one that does always has hits, in the prompt or dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from math import log2

from ragvsft.records import Completion, Prediction, Sample
from ragvsft.scoring.scorers import Scorer
from ragvsft.scoring.scorers.measure import CompletionScorer, Measure, ScorerSettings


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


def _cut(
    at: Callable[[int, Sequence[str], Collection[str]], float], measure: Measure, settings: ScorerSettings
) -> Scorer:
    def value(sample: Sample, prediction: Prediction, completion: Completion) -> float:
        return at(int(measure.argument), _documents(prediction), sample.doc_ids)

    return CompletionScorer(measure, value, _applies)


def _whole(measure: Measure, settings: ScorerSettings) -> Scorer:
    def value(sample: Sample, prediction: Prediction, completion: Completion) -> float:
        return mrr(_documents(prediction), sample.doc_ids)

    return CompletionScorer(measure, value, _applies)


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
