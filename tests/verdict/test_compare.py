"""Comparisons: which pairs, by which test, in which family, and when one is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from ragvsft.config.sections import StatisticsConfig
from ragvsft.errors import ConfigError
from ragvsft.findings import Difference
from ragvsft.scoring.measures import parse
from ragvsft.scoring.resampling import expanded_tail
from ragvsft.verdict.compare import compare
from ragvsft.verdict.significance import MCNEMAR, PERMUTATION, holm
from tests.make import some_samples, some_scores

STATISTICS = StatisticsConfig()
SCORERS = [parse("token_f1"), parse("refused"), parse("latency_s")]


def _compare(samples, *scores, candidates=("prompt", "rag"), controls=(), rival=None) -> list[Difference]:
    rows = [score for part in scores for score in part]
    return compare(
        samples, rows, SCORERS, primary="token_f1", candidates=candidates, controls=controls, statistics=STATISTICS,
        rival=rival,
    )  # fmt: skip


def _floats(values) -> list[float]:
    return [float(value) for value in values]


def test_a_difference_is_the_later_variant_minus_the_earlier_on_the_same_samples():
    """By hand: (1-0 + 1-1 + 0-0 + 1-0) / 4."""
    [row] = _compare(some_samples(4), some_scores("prompt", [0.0, 1, 0, 0]), some_scores("rag", [1.0, 1, 0, 1]))[:1]
    assert (row.variant, row.other, row.stratum, row.value, row.n, row.n_clusters) == ("rag", "prompt", None, 0.5, 4, 4)


def test_a_clear_difference_is_better_or_worse_by_the_scorers_direction():
    """Refusing more is worse, scoring more is better; strata are compared on the primary metric only."""
    low, high = [0.0] * 30, [1.0] * 28 + [0.0] * 2
    rows = _compare(
        some_samples(30, strata=("rephrased", "multi-hop")),
        some_scores("prompt", low),
        some_scores("rag", high),
        some_scores("prompt", low, scorer="refused"),
        some_scores("rag", high, scorer="refused"),
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
    [row, _] = _compare(some_samples(20), some_scores("prompt", values), some_scores("rag", [1.0, 1.0, *values[2:]]))
    assert row.value == 0.05
    assert row.verdict == "no clear difference"
    assert row.smallest_visible > row.value


def test_too_many_unscored_samples_refuse_the_comparison():
    """A crash on the hard questions must not lift the mean of those that are left."""
    values = _floats([1] * 100)
    for failed, verdict in ((2, "no clear difference"), (3, "refused")):
        [row, _] = _compare(
            some_samples(100), some_scores("prompt", values), some_scores("rag", [None] * failed + values[failed:])
        )
        assert (row.verdict, row.n, row.n_unscored) == (verdict, 100 - failed, failed)
    assert (row.value, row.low, row.p_value, row.smallest_visible) == (None, None, None, None)
    assert row.notes == ("3 of 100 samples are unscored; at most 2\N{NO-BREAK SPACE}% may be",)


def test_a_sample_that_one_variant_never_answered_counts_as_unscored():
    """What is missing is not left unsaid."""
    [row, _] = _compare(
        some_samples(20), some_scores("prompt", _floats([1] * 20)), some_scores("rag", _floats([1] * 15))
    )
    assert (row.n, row.n_unscored, row.verdict) == (15, 5, "refused")


def test_a_scorer_that_applies_to_one_variant_is_not_compared():
    """Recall of a variant that retrieves nothing does not exist."""
    rows = _compare(some_samples(5), some_scores("prompt", _floats([1] * 5)))
    assert rows == []


def test_training_seeds_are_averaged_before_comparing():
    """Half right over two seeds is 0.5, and a test for 0/1 scores is not used."""
    rows = _compare(
        some_samples(8),
        some_scores("prompt", _floats([0] * 8)),
        some_scores("lora", _floats([1] * 8), seed=0),
        some_scores("lora", _floats([0] * 8), seed=1),
        candidates=("prompt", "lora"),
    )
    assert (rows[0].value, rows[0].n, rows[0].test) == (0.5, 8, PERMUTATION)


def test_binary_scores_on_one_document_each_go_to_mcnemar_and_clustered_ones_do_not():
    """McNemar takes samples for independent; questions on one document are not."""
    prompt, rag = _floats([0, 1] * 10), _floats([1, 1, 0, 1] * 5)
    assert _compare(some_samples(20), some_scores("prompt", prompt), some_scores("rag", rag))[0].test == MCNEMAR
    shared = some_samples(20, documents=5)
    assert _compare(shared, some_scores("prompt", prompt), some_scores("rag", rag))[0].test == PERMUTATION
    graded = [0.5, *rag[1:]]
    assert _compare(some_samples(20), some_scores("prompt", prompt), some_scores("rag", graded))[0].test == PERMUTATION


def test_holm_guards_over_the_pairs_that_were_declared():
    """Three variants are three pairs; a pair that could not be tested still counts."""
    assert holm([0.01, 0.03], family=3) == pytest.approx([0.03, 0.06])
    values = {"prompt": [0.0] * 40, "rag": [1.0] * 8 + [0.0] * 32, "lora": [1.0] * 16 + [0.0] * 24}
    scores = [some_scores(name, part) for name, part in values.items()]
    rows = [row for row in _compare(some_samples(40), *scores, candidates=list(values)) if row.stratum is None]
    expected = multipletests([row.p_value for row in rows], method="holm")[1]
    assert [row.p_adjusted for row in rows] == pytest.approx(list(expected))


def test_the_interval_of_a_difference_agrees_with_scipys_paired_bootstrap():
    """Where each sample is its own cluster."""
    random = np.random.default_rng(3)
    ours, theirs = random.random(150), random.random(150) ** 2
    [row] = _compare(some_samples(150), some_scores("prompt", theirs), some_scores("rag", ours))[:1]
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


def test_variants_that_never_differ_have_no_smallest_visible_difference():
    """And their interval is what 30 documents can exclude at most, not 0 to 0."""
    values = _floats([1, 0] * 15)
    [row] = _compare(some_samples(30), some_scores("prompt", values), some_scores("rag", values))[:1]
    unseen = stats.binomtest(0, 30).proportion_ci(0.95, method="exact").high
    assert (row.value, row.p_value, row.smallest_visible) == (0, 1, None)
    assert (row.low, row.high) == pytest.approx((-unseen, unseen))


def test_one_document_is_compared_without_a_test():
    """The means are shown; nothing is claimed."""
    [row] = _compare(some_samples(5, documents=1), some_scores("prompt", [0.0] * 5), some_scores("rag", [1.0] * 5))[:1]
    assert (row.value, row.low, row.p_value, row.p_adjusted) == (1.0, None, None, None)
    assert row.verdict == "no clear difference"


def test_latency_is_compared_in_seconds_on_the_same_samples():
    """Slower is worse."""
    random = np.random.default_rng(8)
    quick = random.gamma(9, 0.02, size=60)
    rows = _compare(
        some_samples(60),
        some_scores("prompt", quick, scorer="latency_s"),
        some_scores("rag", quick + 0.05, scorer="latency_s"),
    )
    assert [(row.metric, row.verdict, row.unit) for row in rows] == [("latency_s", "worse", "s")]
    assert rows[0].value == pytest.approx(0.05)


def test_a_primary_metric_that_nobody_scored_is_the_users_error():
    """Named, with those that there are."""
    with pytest.raises(ConfigError, match="'bleu' is not scored in this run; choose from token_f1, refused, latency_s"):
        compare([], [], SCORERS, primary="bleu", candidates=["prompt", "rag"], statistics=STATISTICS)


OUTCOMES = {"prompt": [0.0] * 40, "rag": [1.0] * 8 + [0.0] * 32, "lora": [1.0] * 16 + [0.0] * 24}
LOOK_UP = some_scores("lead", [1.0] * 3 + [0.0] * 37)


def test_a_control_changes_nothing_that_is_claimed_of_the_candidates():
    """Not one figure, p value or verdict of theirs, with a rival and without one."""
    scores = [*(some_scores(name, part) for name, part in OUTCOMES.items()), LOOK_UP]
    controls = [some_scores("oracle", [1.0] * 40), some_scores("wrong-corpus", [1.0] + [0.0] * 39)]
    for rival in (None, "lead"):
        alone = _compare(some_samples(40), *scores, candidates=list(OUTCOMES), rival=rival)
        explained = _compare(
            some_samples(40),
            *scores,
            *controls,
            candidates=list(OUTCOMES),
            controls=["oracle", "wrong-corpus"],
            rival=rival,
        )
        assert [row for row in explained if row.variant not in ("oracle", "wrong-corpus")] == alone
        assert {row.p_adjusted is None for row in alone if row.stratum is None} == {False}


def test_a_control_is_compared_with_every_candidate_outside_the_family():
    """Control minus candidate, on all samples and by stratum; neither with another control nor with the rival."""
    scores = [*(some_scores(name, part) for name, part in OUTCOMES.items()), LOOK_UP, some_scores("oracle", [1.0] * 40)]
    rows = _compare(
        some_samples(40), *scores, some_scores("given", [1.0] * 40),
        candidates=list(OUTCOMES), controls=["oracle", "given"], rival="lead",
    )  # fmt: skip
    explaining = [row for row in rows if row.variant in ("oracle", "given")]
    assert [(row.variant, row.other) for row in explaining if row.stratum is None] == [
        (control, name) for control in ("oracle", "given") for name in OUTCOMES
    ]
    assert {row.p_adjusted for row in explaining} == {None}
    assert [row.value for row in explaining if row.stratum is None][:3] == [1.0, 0.8, 0.6]
    assert explaining[0].verdict == "better"


def test_a_run_of_controls_alone_has_nothing_to_compare():
    """No family, no row."""
    assert (
        _compare(some_samples(5), some_scores("oracle", [1.0] * 5), candidates=(), controls=["oracle"], rival="lead")
        == []
    )
