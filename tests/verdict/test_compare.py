"""Comparisons: paired differences, their tests against independent libraries, and how often they cry wolf."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from ragvsft.config.sections import StatisticsConfig
from ragvsft.errors import ConfigError
from ragvsft.records import Difference, Sample, Score
from ragvsft.scoring.measures import parse
from ragvsft.scoring.resampling import expanded_tail
from ragvsft.verdict.compare import (
    MCNEMAR,
    PERMUTATION,
    clustered_error,
    compare,
    holm,
    mcnemar_mid_p,
    sign_flip_p,
    smallest_visible,
)

STATISTICS = StatisticsConfig()
SCORERS = [parse("token_f1"), parse("refused"), parse("latency_s")]


def _samples(count: int, *, documents: int | None = None, strata: tuple[str, ...] = ("rephrased",)) -> list[Sample]:
    return [
        Sample(f"s{i}", "?", ("x",), (f"d{i % (documents or count)}",), strata[i % len(strata)]) for i in range(count)
    ]


def _scores(variant: str, values, *, scorer: str = "token_f1", seed: int = 0) -> list[Score]:
    return [
        Score(f"s{i}", variant, seed, 0, scorer, value, None if value is not None else "engine-error")
        for i, value in enumerate(values)
    ]


def _compare(samples, *scores, variants=("prompt", "rag"), statistics=STATISTICS) -> list[Difference]:
    rows = [score for part in scores for score in part]
    return compare(samples, rows, SCORERS, primary="token_f1", variants=list(variants), statistics=statistics)


def _floats(values) -> list[float]:
    return [float(value) for value in values]


def test_a_difference_is_the_later_variant_minus_the_earlier_on_the_same_samples():
    """By hand: (1-0 + 1-1 + 0-0 + 1-0) / 4."""
    [row] = _compare(_samples(4), _scores("prompt", [0.0, 1, 0, 0]), _scores("rag", [1.0, 1, 0, 1]))[:1]
    assert (row.variant, row.other, row.stratum, row.value, row.n, row.n_clusters) == ("rag", "prompt", None, 0.5, 4, 4)


def test_a_clear_difference_is_better_or_worse_by_the_scorers_direction():
    """Refusing more is worse, scoring more is better; strata are compared on the primary metric only."""
    low, high = [0.0] * 30, [1.0] * 28 + [0.0] * 2
    rows = _compare(
        _samples(30, strata=("rephrased", "multi-hop")),
        _scores("prompt", low),
        _scores("rag", high),
        _scores("prompt", low, scorer="refused"),
        _scores("rag", high, scorer="refused"),
    )
    assert [(row.metric, row.stratum, row.verdict) for row in rows] == [
        ("token_f1", None, "better"),
        ("token_f1", "rephrased", "better"),
        ("token_f1", "multi-hop", "better"),
        ("refused", None, "worse"),
    ]
    assert [row.p_adjusted is None for row in rows] == [False, True, True, True]


def test_no_clear_difference_is_a_verdict():
    """One sample more of twenty is nothing."""
    values = _floats([1, 0] * 10)
    [row, _] = _compare(_samples(20), _scores("prompt", values), _scores("rag", [1.0, 1.0, *values[2:]]))
    assert row.value == 0.05
    assert row.verdict == "no clear difference"
    assert row.smallest_visible > row.value


def test_too_many_unscored_samples_refuse_the_comparison():
    """A crash on the hard questions must not lift the mean of those that are left."""
    values = _floats([1] * 100)
    for failed, verdict in ((2, "no clear difference"), (3, "refused")):
        [row, _] = _compare(_samples(100), _scores("prompt", values), _scores("rag", [None] * failed + values[failed:]))
        assert (row.verdict, row.n, row.n_unscored) == (verdict, 100 - failed, failed)
    assert (row.value, row.low, row.p_value, row.smallest_visible) == (None, None, None, None)
    assert row.note == "3 of 100 samples are unscored; at most 2% may be"


def test_a_sample_that_one_variant_never_answered_counts_as_unscored():
    """What is missing is not left unsaid."""
    [row, _] = _compare(_samples(20), _scores("prompt", _floats([1] * 20)), _scores("rag", _floats([1] * 15)))
    assert (row.n, row.n_unscored, row.verdict) == (15, 5, "refused")


def test_a_scorer_that_applies_to_one_variant_is_not_compared():
    """Recall of a variant that retrieves nothing does not exist."""
    rows = _compare(_samples(5), _scores("prompt", _floats([1] * 5)))
    assert rows == []


def test_training_seeds_are_averaged_before_comparing():
    """Half right over two seeds is 0.5, and a test for 0/1 scores is not used."""
    rows = _compare(
        _samples(8),
        _scores("prompt", _floats([0] * 8)),
        _scores("lora", _floats([1] * 8), seed=0),
        _scores("lora", _floats([0] * 8), seed=1),
        variants=("prompt", "lora"),
    )
    assert (rows[0].value, rows[0].n, rows[0].test) == (0.5, 8, PERMUTATION)


def test_binary_scores_on_one_document_each_go_to_mcnemar_and_clustered_ones_do_not():
    """McNemar takes samples for independent; questions on one document are not."""
    prompt, rag = _floats([0, 1] * 10), _floats([1, 1, 0, 1] * 5)
    assert _compare(_samples(20), _scores("prompt", prompt), _scores("rag", rag))[0].test == MCNEMAR
    shared = _samples(20, documents=5)
    assert _compare(shared, _scores("prompt", prompt), _scores("rag", rag))[0].test == PERMUTATION
    graded = [0.5, *rag[1:]]
    assert _compare(_samples(20), _scores("prompt", prompt), _scores("rag", graded))[0].test == PERMUTATION


@pytest.mark.parametrize(("better", "worse"), [(9, 1), (1, 9), (12, 5), (30, 12), (6, 0)])
def test_mcnemar_mid_p_is_the_exact_p_less_the_observed_point(better, worse):
    """The exact p comes from statsmodels; the point's probability is binomial (Fagerland et al. 2013)."""
    exact = mcnemar([[0, better], [worse, 0]], exact=True).pvalue
    point = stats.binom.pmf(min(better, worse), better + worse, 0.5)
    assert mcnemar_mid_p(better, worse) == pytest.approx(exact - point)


def test_mcnemar_mid_p_of_a_tie():
    """As many each way: 1 less half the point, 1 - C(4,2) / 2^4 / 2; without any discordant sample 1."""
    assert mcnemar_mid_p(2, 2) == pytest.approx(1 - 6 / 16 / 2)
    assert mcnemar_mid_p(0, 0) == 1


def test_the_permutation_p_agrees_with_scipy():
    """Exactly where all flips are tried, within its error where they are drawn."""
    random = np.random.default_rng(1)
    for size in (5, 10, 14):
        sums = random.normal(0.4, 1, size)
        theirs = stats.permutation_test((sums,), np.sum, permutation_type="samples", n_resamples=np.inf)
        assert sign_flip_p(sums, seed=0) == pytest.approx(theirs.pvalue)
    sums = random.normal(0.3, 1, 60)
    theirs = stats.permutation_test((sums,), np.sum, permutation_type="samples", n_resamples=50_000, rng=1)
    assert 0.01 < theirs.pvalue < 0.2
    assert sign_flip_p(sums, seed=0) == pytest.approx(theirs.pvalue, abs=0.01)


def test_the_permutation_p_is_never_zero_and_knows_ties():
    """The observed order counts as one of the flips; equal differences tie although their sums round differently."""
    assert sign_flip_p(np.full(200, 0.1), seed=0) == 1 / 10_000
    assert sign_flip_p(np.full(6, 0.1), seed=0) == 2 / 2**6
    assert sign_flip_p(np.zeros(9), seed=0) == 1


def test_documents_that_do_not_differ_do_not_matter_to_the_permutation():
    """Flipping a zero changes nothing, so the exact p stays exact with hundreds of them."""
    sums = np.array([1.0, 2.0, -0.5, 1.5, 3.0, 0.7])
    assert sign_flip_p(np.concatenate([sums, np.zeros(500)]), seed=0) == sign_flip_p(sums, seed=0)


def test_holm_agrees_with_statsmodels():
    """For random p values in any order."""
    random = np.random.default_rng(2)
    for _ in range(20):
        p_values = random.random(6) ** 3
        expected = multipletests(p_values, method="holm")[1]
        assert holm(list(p_values), family=6) == pytest.approx(list(expected))


def test_holm_guards_over_the_pairs_that_were_declared():
    """Three variants are three pairs; a pair that could not be tested still counts."""
    assert holm([0.01, 0.03], family=3) == pytest.approx([0.03, 0.06])
    values = {"prompt": [0.0] * 40, "rag": [1.0] * 8 + [0.0] * 32, "lora": [1.0] * 16 + [0.0] * 24}
    scores = [_scores(name, part) for name, part in values.items()]
    rows = [row for row in _compare(_samples(40), *scores, variants=list(values)) if row.stratum is None]
    expected = multipletests([row.p_value for row in rows], method="holm")[1]
    assert [row.p_adjusted for row in rows] == pytest.approx(list(expected))


def test_the_interval_of_a_difference_agrees_with_scipys_paired_bootstrap():
    """Where each sample is its own cluster."""
    random = np.random.default_rng(3)
    ours, theirs = random.random(150), random.random(150) ** 2
    [row] = _compare(_samples(150), _scores("prompt", theirs), _scores("rag", ours))[:1]
    level = 1 - 2 * expanded_tail(0.95, 150)
    expected = stats.bootstrap(
        (ours, theirs),
        lambda a, b, axis: np.mean(a - b, axis=axis),
        paired=True,
        confidence_level=level,
        method="percentile",
        rng=1,
    ).confidence_interval
    assert (row.low, row.high) == pytest.approx((expected.low, expected.high), abs=0.005)


def test_the_clustered_error_is_that_of_document_means_when_documents_are_equal():
    """With five questions each: the standard error of the mean of 40 document means."""
    deltas = np.random.default_rng(4).normal(size=(40, 5))
    error = clustered_error(deltas.ravel(), np.repeat(np.arange(40), 5))
    assert error == pytest.approx(stats.sem(deltas.mean(axis=1)))
    assert clustered_error(deltas[0], np.zeros(5, dtype=int)) is None


def test_the_clustered_error_agrees_with_statsmodels_for_unequal_documents():
    """A regression on a constant with cluster-robust covariance, less its (n-1)/(n-k) factor, which is 1 here."""
    import statsmodels.api as sm

    random = np.random.default_rng(5)
    codes = np.sort(random.integers(0, 25, size=120))
    deltas = random.normal(size=120) + random.normal(size=25)[codes]
    fit = sm.OLS(deltas, np.ones(120)).fit(cov_type="cluster", cov_kwds={"groups": codes})
    assert clustered_error(deltas, codes) == pytest.approx(float(fit.bse[0]))


def test_a_difference_of_the_smallest_visible_size_is_found_about_four_times_in_five():
    """Simulated: 40 documents x 5 questions, graded scores, 300 evalsets (standard error 2.3 points)."""
    random, codes = np.random.default_rng(6), np.repeat(np.arange(40), 5)

    def deltas(shift: float):
        return shift + 0.2 * random.normal(size=40)[codes] + 0.3 * random.normal(size=200)

    shift = float(np.mean([smallest_visible(deltas(0), codes, confidence=0.95) for _ in range(100)]))
    found = sum(sign_flip_p(np.bincount(codes, deltas(shift)), seed=0, permutations=499) < 0.05 for _ in range(300))
    assert 0.72 < found / 300 < 0.88


def test_equal_variants_are_told_apart_about_as_rarely_as_promised():
    """True null, 40 documents x 5 questions: the permutation over documents rejects 5 %, McNemar far more.

    Two variants of the same quality, each with its own luck on each document; 400 evalsets. The standard error of 5 %
    is 1.1 points.
    """
    random, codes = np.random.default_rng(7), np.repeat(np.arange(40), 5)
    by_document = by_question = 0
    for _ in range(400):
        ours, theirs = (
            (random.random((2, 40, 5)) < random.beta(0.5, 0.5, size=(2, 40, 1))).astype(float).reshape(2, 200)
        )
        deltas = ours - theirs
        by_document += sign_flip_p(np.bincount(codes, deltas), seed=0, permutations=499) < 0.05
        by_question += mcnemar_mid_p(int((deltas > 0).sum()), int((deltas < 0).sum())) < 0.05
    assert 0.02 <= by_document / 400 <= 0.085
    assert by_question / 400 > 0.15


def test_variants_that_never_differ_have_no_smallest_visible_difference():
    """And their interval is what 30 documents can exclude at most, not 0 to 0."""
    values = _floats([1, 0] * 15)
    [row] = _compare(_samples(30), _scores("prompt", values), _scores("rag", values))[:1]
    unseen = stats.binomtest(0, 30).proportion_ci(0.95, method="exact").high
    assert (row.value, row.p_value, row.smallest_visible) == (0, 1, None)
    assert (row.low, row.high) == pytest.approx((-unseen, unseen))


def test_one_document_is_compared_without_a_test():
    """The means are shown; nothing is claimed."""
    [row] = _compare(_samples(5, documents=1), _scores("prompt", [0.0] * 5), _scores("rag", [1.0] * 5))[:1]
    assert (row.value, row.low, row.p_value, row.p_adjusted) == (1.0, None, None, None)
    assert row.verdict == "no clear difference"


def test_latency_is_compared_in_seconds_on_the_same_samples():
    """Slower is worse."""
    random = np.random.default_rng(8)
    quick = random.gamma(9, 0.02, size=60)
    rows = _compare(
        _samples(60), _scores("prompt", quick, scorer="latency_s"), _scores("rag", quick + 0.05, scorer="latency_s")
    )
    assert [(row.metric, row.verdict, row.unit) for row in rows] == [("latency_s", "worse", "s")]
    assert rows[0].value == pytest.approx(0.05)


def test_a_primary_metric_that_nobody_scored_is_the_users_error():
    """Named, with those that there are."""
    with pytest.raises(ConfigError, match="'bleu' is not scored in this run; choose from token_f1, refused, latency_s"):
        compare([], [], SCORERS, primary="bleu", variants=["prompt", "rag"], statistics=STATISTICS)
