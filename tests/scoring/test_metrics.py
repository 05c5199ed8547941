"""Metrics: many scores as one number, its interval by resampling documents, its n and what is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from ragvsft.config.sections import StatisticsConfig
from ragvsft.findings import Metric
from ragvsft.records import Failure, Score, Times
from ragvsft.scoring.measures import measure_of, parse
from ragvsft.scoring.metrics import by_variant, metric_of, score_all, summarise
from ragvsft.scoring.resampling import expanded_tail, unseen_interval
from ragvsft.scoring.scorers import Scorer
from ragvsft.scoring.scorers.measure import Measure, ScorerSettings, completion_scorer
from tests.make import a_metric, a_prediction, some_samples, some_scores

STATISTICS = StatisticsConfig(resamples=2000)
TOKEN_F1, LATENCY = parse("token_f1"), parse("latency_s")


def _only(metrics: list[Metric], name: str = "token_f1", *, aggregate: str = "mean") -> Metric:
    [metric] = [m for m in metrics if (m.name, m.stratum, m.aggregate) == (name, None, aggregate)]
    return metric


def _summary(samples, scores, scorer=TOKEN_F1) -> list[Metric]:
    return summarise(samples, scores, [scorer], statistics=STATISTICS)


def _nothing(measure: Measure, settings: ScorerSettings) -> Scorer:
    return completion_scorer(measure, lambda *_: float("nan"))


def _made(measure: Measure) -> Scorer:
    return measure.make(measure, ScorerSettings())


def test_a_metric_is_the_mean_over_all_samples_and_over_each_stratum():
    """By hand: 1, 0, 1, 1 with the strata in turns."""
    samples = some_samples(4, strata=("rephrased", "multi-hop"))
    metrics = _summary(samples, some_scores("rag", [1.0, 0.0, 1.0, 1.0]))
    assert [(m.stratum, m.value, m.n) for m in metrics] == [
        (None, 0.75, 4),
        ("rephrased", 1.0, 2),
        ("multi-hop", 0.5, 2),
    ]


def test_unscored_samples_are_counted_and_not_averaged():
    """A failure is neither 0 nor left unsaid."""
    metric = _only(_summary(some_samples(4), some_scores("rag", [1.0, None, 0.5, None])))
    assert (metric.value, metric.n, metric.n_unscored) == (0.75, 2, 2)


def test_a_metric_of_nothing_has_no_number():
    """All failed: no value, and a note."""
    metric = _only(_summary(some_samples(2), some_scores("rag", [None, None])))
    assert (metric.value, metric.low, metric.n, metric.notes) == (None, None, 0, ("nothing could be scored",))


def test_seeds_are_averaged_per_sample_and_shown_apart():
    """Three trainings do not triple n; their spread is by_seed."""
    scores = [
        s
        for seed, values in enumerate(([1, 0], [1, 1], [0, 0]))
        for s in some_scores("rag", map(float, values), seed=seed)
    ]
    metric = _only(_summary(some_samples(2), scores))
    assert (metric.value, metric.n, metric.by_seed) == (0.5, 2, (0.5, 1.0, 0.0))


def test_a_sample_with_one_failed_seed_is_unscored():
    """Averaging the seeds that happened to answer would turn the failure into their number."""
    scores = some_scores("rag", [1.0, 0.0], seed=0) + some_scores("rag", [None, 0.0], seed=1)
    metric = _only(_summary(some_samples(2), scores))
    assert (metric.value, metric.n, metric.n_unscored) == (0.0, 1, 1)


def test_scores_come_from_the_pass_that_the_scorer_reads():
    """Quality scorers skip the latency pass and the other way round; a failure keeps its cause; NaN is unscored."""
    samples = some_samples(1)
    predictions = [
        a_prediction("x"),
        a_prediction("x", purpose="latency", round=3, times=Times(0.1, 0.2, 0.5)),
        a_prediction(Failure("too-long", "9,000 tokens"), "lora", seed=1),
    ]
    judge = _made(Measure("judge", "Judge", "what a judge says", _nothing))
    assert list(score_all(samples, predictions, [TOKEN_F1, LATENCY, judge])) == [
        Score("s0", "rag", None, 0, "token_f1", 1.0),
        Score("s0", "rag", None, 0, "judge", None, "not-finite"),
        Score("s0", "rag", None, 3, "latency_s", 0.5),
        Score("s0", "lora", 1, 0, "token_f1", None, "too-long"),
        Score("s0", "lora", 1, 0, "judge", None, "too-long"),
    ]


def test_latency_counts_requests_and_gives_quantiles_as_numpy_does():
    """100 samples in two rounds are 200 requests, just enough for p95."""
    times = np.random.default_rng(0).gamma(4, 0.1, size=200)
    scores = some_scores("rag", times[:100], scorer="latency_s") + some_scores(
        "rag", times[100:], scorer="latency_s", round_=1
    )
    metrics = _summary(some_samples(100), scores, LATENCY)
    assert [(m.name, m.aggregate) for m in metrics] == [("latency_s", how) for how in ("mean", "p50", "p95")]
    for metric, expected in zip(
        metrics, (times.mean(), np.quantile(times, 0.5), np.quantile(times, 0.95)), strict=True
    ):
        assert metric.n == 200
        assert metric.value == pytest.approx(expected)
        assert metric.low < metric.value < metric.high


def test_the_row_of_a_measure_says_what_its_scores_are_summarised_to():
    """Quantiles of anything, by the row and not by the pass: here over samples, each the mean of its two seeds."""
    usd = _made(Measure("usd", "Price", "what a request cost", _nothing, unit="USD", aggregates=("p50", "mean")))
    scores = some_scores("rag", [1.0, 2.0, 9.0], scorer="usd", seed=0) + some_scores(
        "rag", [3.0, 2.0, 9.0], scorer="usd", seed=1
    )
    metrics = _summary(some_samples(3), scores, usd)
    over_all = [(m.aggregate, m.value, m.n) for m in metrics if m.stratum is None]
    assert over_all == [("p50", 2.0, 3), ("mean", pytest.approx(13 / 3), 3)]
    assert [m.aggregate for m in metrics if m.stratum == "rephrased"] == ["mean"]


def test_a_detail_is_summarised_without_strata():
    """Nobody reads a field by stratum, and there are many."""
    detail = _made(replace(measure_of("field(a)"), make=_nothing))
    metrics = _summary(some_samples(4), some_scores("rag", [1.0, 0.0, 1.0, 1.0], scorer="field(a)"), detail)
    assert [(m.name, m.stratum, m.value) for m in metrics] == [("field(a)", None, 0.75)]


def test_a_variant_that_trains_nothing_has_no_seed_and_no_spread():
    """Beside one that has seeds, whose spread stays as it was."""
    scores = some_scores("prompt", [1.0, 0.0], seed=None)
    scores += some_scores("lora", [1.0, 0.0], seed=0) + some_scores("lora", [1.0, 1.0], seed=1)
    metrics = _summary(some_samples(2), scores)
    assert metric_of(metrics, "token_f1", "prompt").value == 0.5
    assert metric_of(metrics, "token_f1", "prompt").by_seed == ()
    assert metric_of(metrics, "token_f1", "lora").by_seed == (0.5, 1.0)


def test_p95_is_withheld_below_200_requests():
    """With the reason, and p50 still stands."""
    metrics = _summary(some_samples(199), some_scores("rag", np.linspace(0.1, 1, 199), scorer="latency_s"), LATENCY)
    p95 = _only(metrics, "latency_s", aggregate="p95")
    assert (p95.value, p95.low) == (None, None)
    assert p95.notes == ("withheld: p95 needs 200 requests, there are 199",)
    assert _only(metrics, "latency_s", aggregate="p50").value == pytest.approx(0.55)


def test_a_metric_is_found_by_its_scorer_variant_stratum_and_aggregate():
    """The median of a time is neither its mean nor a metric of another name."""
    mean = a_metric("latency_s", "rag", 0.5)
    median, other = replace(mean, aggregate="p50", value=0.4), replace(mean, variant="lora", value=0.1)
    behaviour = replace(mean, stratum="behaviour", value=0.3)
    metrics = [behaviour, median, mean, other]
    assert metric_of(metrics, "latency_s", "rag") == mean
    assert metric_of(metrics, "latency_s", "rag", aggregate="p50") == median
    assert metric_of(metrics, "latency_s", "rag", "behaviour") == behaviour
    assert metric_of(metrics, "latency_s", "lora", aggregate="p50") is None
    assert by_variant(metrics, "latency_s") == {"rag": mean, "lora": other}


def test_the_interval_of_a_mean_agrees_with_scipys_bootstrap():
    """Where each sample is its own cluster, at the percentiles that the expansion asks for."""
    values = np.random.default_rng(3).beta(2, 5, size=120)
    metric = _only(_summary(some_samples(120), some_scores("rag", values)))
    level = 1 - 2 * expanded_tail(0.95, 120)
    theirs = stats.bootstrap((values,), np.mean, confidence_level=level, method="percentile", n_resamples=9999, rng=1)
    assert metric.low == pytest.approx(theirs.confidence_interval.low, abs=0.004)
    assert metric.high == pytest.approx(theirs.confidence_interval.high, abs=0.004)


def test_questions_on_one_document_widen_the_interval():
    """Five copies of each score say no more than one: the interval is that of the documents."""
    values = np.random.default_rng(5).random(40)
    alone = _only(_summary(some_samples(40), some_scores("rag", values)))
    copied = _only(_summary(some_samples(200, documents=40), some_scores("rag", np.tile(values, 5))))
    assert (copied.low, copied.high) == pytest.approx((alone.low, alone.high))
    naive = _only(_summary(some_samples(200), some_scores("rag", np.tile(values, 5))))
    assert naive.high - naive.low < 0.5 * (copied.high - copied.low)


def test_a_single_document_has_no_interval():
    """There is nothing to resample."""
    metric = _only(_summary(some_samples(6, documents=1), some_scores("rag", [1.0, 0, 1, 0, 1, 1])))
    assert (metric.low, metric.high) == (None, None)
    assert metric.notes == ("no interval: all samples are of one document",)


def test_all_right_is_not_certainty():
    """20 of 20 documents right: the exact binomial interval, as scipy has it, and not 100 % to 100 %."""
    metric = _only(_summary(some_samples(20), some_scores("rag", [1.0] * 20)))
    exact = stats.binomtest(20, 20).proportion_ci(0.95, method="exact")
    assert (metric.low, metric.high) == pytest.approx((exact.low, exact.high))
    assert "exact binomial" in metric.notes[0]
    assert unseen_interval(0.0, 20, bounds=(-1, 1), confidence=0.95) == pytest.approx((exact.low - 1, 1 - exact.low))


def test_a_constant_without_bounds_has_no_interval():
    """What another document would cost in tokens cannot be known from documents that all cost the same."""
    metric = _only(
        _summary(some_samples(5), some_scores("rag", [7.0] * 5, scorer="prompt_tokens"), parse("prompt_tokens")),
        "prompt_tokens",
    )
    assert (metric.value, metric.low) == (7.0, None)
    assert metric.notes == ("no interval: every document has the same value",)


def test_the_same_seed_gives_the_same_bytes():
    """Intervals are part of metrics.json, which a resumed run must reproduce."""
    samples, scores = some_samples(60, documents=12), some_scores("rag", np.random.default_rng(6).random(60))
    assert _summary(samples, scores) == _summary(samples, scores)
    other = summarise(samples, scores, [TOKEN_F1], statistics=StatisticsConfig(seed=1))
    assert _only(other).low != _only(_summary(samples, scores)).low


def test_the_order_of_the_scores_does_not_matter():
    """A resumed run may have written its predictions in another order."""
    samples, scores = some_samples(60, documents=12), some_scores("rag", np.random.default_rng(6).random(60))
    assert _summary(samples, scores[30:] + scores[:30]) == _summary(samples, scores)
    times = some_scores("rag", np.random.default_rng(7).random(60), scorer="latency_s")
    assert _summary(samples, times[::-1], LATENCY) == _summary(samples, times, LATENCY)
