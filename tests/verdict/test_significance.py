"""Tests of significance against independent libraries, and how often they cry wolf."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from ragvsft.verdict.significance import clustered_error, holm, mcnemar_mid_p, sign_flip_p, smallest_visible


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
