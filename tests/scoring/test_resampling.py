"""Intervals by resampling: against scipy's bootstrap, against numpy, and against the truth that they are to cover."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ragvsft.config.sections import StatisticsConfig
from ragvsft.scoring.resampling import Resampler, expanded_tail, weighted_quantile

STATISTICS = StatisticsConfig(resamples=2000)


def test_the_interval_of_a_quantile_agrees_with_scipys_bootstrap():
    """Also for the 95th percentile of 300 requests."""
    values = np.random.default_rng(4).gamma(4, 0.1, size=300)
    (low, high), note = Resampler(STATISTICS).quantile_interval(values, np.arange(300), 0.95)
    level = 1 - 2 * expanded_tail(0.95, 300)
    theirs = stats.bootstrap(
        (values,), lambda x, axis: np.quantile(x, 0.95, axis=axis), confidence_level=level, method="percentile", rng=1
    )
    assert (low, high) == pytest.approx(tuple(theirs.confidence_interval), abs=0.03)
    assert note is None


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_resampled_quantiles_are_those_of_the_repeated_values(share):
    """A document drawn twice counts twice: checked against numpy on the values written out."""
    random = np.random.default_rng(5)
    ordered, weights = np.sort(random.random(9)), random.integers(0, 3, size=(50, 9)).astype(float)
    written_out = [np.quantile(np.repeat(ordered, row.astype(int)), share) for row in weights]
    assert weighted_quantile(ordered, weights, share) == pytest.approx(np.array(written_out))


@pytest.mark.parametrize(("documents", "per_document"), [(40, 5), (12, 4)])
def test_intervals_cover_the_truth_about_as_often_as_they_say(documents, per_document):
    """Right-or-wrong answers that go together within a document; 95 % intervals, simulated 400 times.

    The standard error of a coverage of 95 % over 400 runs is 1.1 points, so 91.7 % is three of them away.
    """
    random = np.random.default_rng(7)
    resampler, codes = Resampler(StatisticsConfig(resamples=500)), np.repeat(np.arange(documents), per_document)
    covered = 0
    for _ in range(400):
        ease = random.beta(1.5, 1.0, size=documents)  # of each document: mean 0.6
        values = (random.random((documents, per_document)) < ease[:, None]).astype(float).ravel()
        (low, high), _ = resampler.mean_interval(values, codes, bounds=(0, 1))
        covered += low <= 0.6 <= high
    assert covered / 400 > 0.917
