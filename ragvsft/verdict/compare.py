"""Paired differences between variants on the same samples, each with its interval, its test and what it could see.

Every pair of variants is compared on the samples that both have. The declared family, over which Holm's method guards,
is those pairs and each variant against the best trivial rival, on the primary metric over all samples; every other row
is for looking, and its `p_adjusted` is None.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from ragvsft.config.sections import StatisticsConfig
from ragvsft.errors import ConfigError
from ragvsft.records import Better, Difference, Sample, Score, Stratum
from ragvsft.scoring.metrics import sample_values, score_table
from ragvsft.scoring.resampling import Floats, Ints, Resampler, cluster_sums, clustered, rounded
from ragvsft.scoring.scorers import Scorer

if TYPE_CHECKING:
    from pandas import DataFrame

MCNEMAR = "McNemar mid-p"
PERMUTATION = "paired cluster permutation"
POWER = 0.8
_PERMUTATIONS = 9_999  # p is known to 0.0001
_EXACT_CLUSTERS = 16  # up to here all sign flips are tried

Verdict = Literal["better", "worse", "no clear difference", "refused"]


def compare(
    samples: Sequence[Sample],
    scores: Sequence[Score],
    scorers: Sequence[Scorer],
    *,
    primary: str,
    variants: Sequence[str],
    statistics: StatisticsConfig,
    rival: str | None = None,
) -> list[Difference]:
    """Return the difference of every pair of variants on every scorer that applies to both.

    The later variant stands against the earlier one. The primary metric is also compared within each stratum, and with
    the trivial `rival` that scores best. Raises ConfigError if no scorer is called `primary`.
    """
    if primary not in {scorer.name for scorer in scorers}:
        known = ", ".join(scorer.name for scorer in scorers)
        raise ConfigError(f"statistics.primary: {primary!r} is not scored in this run; choose from {known}")
    table = score_table(samples, scores)
    values = {key: sample_values(group) for key, group in table.groupby(["scorer", "variant"], sort=False)}
    comparer = _Comparer(statistics)
    differences: list[Difference] = []
    for scorer in scorers:
        against_rival = [(rival, variant) for variant in variants if rival is not None and scorer.name == primary]
        for other, variant in [*combinations(variants, 2), *against_rival]:
            ours, theirs = values.get((scorer.name, variant)), values.get((scorer.name, other))
            if ours is not None and theirs is not None:
                pair = _Pair(scorer, variant, other, _paired(ours, theirs))
                differences += comparer.differences(pair, by_stratum=scorer.name == primary)
    family = math.comb(len(variants), 2) + (len(variants) if rival is not None else 0)
    return _adjusted(differences, primary=primary, family=family, statistics=statistics)


@dataclass(frozen=True, slots=True)
class _Pair:
    scorer: Scorer
    variant: str
    other: str
    rows: DataFrame  # one per sample that either has: ours, theirs (NaN: unscored or missing), cluster, stratum


def _paired(ours: DataFrame, theirs: DataFrame) -> DataFrame:
    both = ours[["value"]].join(theirs[["value"]], lsuffix="_ours", rsuffix="_theirs", how="outer", sort=False)
    both.columns = ["ours", "theirs"]
    known = ours.combine_first(theirs)
    both["cluster"], both["stratum"] = known["cluster"], known["stratum"]
    return both


class _Comparer:
    def __init__(self, statistics: StatisticsConfig) -> None:
        self._statistics = statistics
        self._resampler = Resampler(statistics)

    def differences(self, pair: _Pair, *, by_stratum: bool) -> Iterator[Difference]:
        """Yield the difference over all samples, then within each stratum."""
        yield self._difference(pair, None, pair.rows)
        present = set(pair.rows["stratum"]) if by_stratum else set()
        for stratum in (name for name in get_args(Stratum) if name in present):
            yield self._difference(pair, stratum, pair.rows[pair.rows["stratum"] == stratum])

    def _difference(self, pair: _Pair, stratum: str | None, rows: DataFrame) -> Difference:
        scored = rows.dropna(subset=["ours", "theirs"])
        unscored = len(rows) - len(scored)
        test = MCNEMAR if _mcnemar_holds(scored) else PERMUTATION
        refused = _empty_difference(pair, stratum, rows, scored, test)
        if scored.empty or unscored > self._statistics.max_unscored * len(rows):
            share = f"{unscored} of {len(rows)} samples are unscored"
            return replace(refused, note=f"{share}; at most {self._statistics.max_unscored:.0%} may be")
        deltas, codes = clustered(scored.assign(value=scored["ours"] - scored["theirs"]))
        p_value = self._p_value(scored, deltas, codes, test)
        bounds = (-1.0, 1.0) if pair.scorer.unit == "share" else None
        (low, high), note = self._resampler.mean_interval(deltas, codes, bounds=bounds)
        value = rounded(deltas.mean())
        return replace(
            refused,
            value=value,
            low=low,
            high=high,
            p_value=p_value,
            smallest_visible=smallest_visible(deltas, codes, confidence=self._statistics.confidence),
            verdict=_verdict(value, p_value, pair.scorer.better, self._statistics),
            note=note,
        )

    def _p_value(self, scored: DataFrame, deltas: Floats, codes: Ints, test: str) -> float | None:
        if codes.max() == 0:
            return None
        if test == MCNEMAR:
            return mcnemar_mid_p(int((deltas > 0).sum()), int((deltas < 0).sum()))
        return sign_flip_p(cluster_sums(deltas, codes)[0], seed=self._statistics.seed)


def _empty_difference(pair: _Pair, stratum: str | None, rows: DataFrame, scored: DataFrame, test: str) -> Difference:
    return Difference(
        metric=pair.scorer.name,
        variant=pair.variant,
        other=pair.other,
        stratum=stratum,
        value=None,
        low=None,
        high=None,
        p_value=None,
        p_adjusted=None,
        test=test,
        n=len(scored),
        n_clusters=int(scored["cluster"].nunique()),
        n_unscored=len(rows) - len(scored),
        smallest_visible=None,
        verdict="refused",
        unit=pair.scorer.unit,
        better=pair.scorer.better,
    )


def _mcnemar_holds(scored: DataFrame) -> bool:
    """Return whether McNemar's test may be used: every score is 0 or 1, and every cluster is one sample.

    McNemar takes the discordant samples for independent. Questions on one document are not, and then it rejects true
    nulls too often (`tests/test_compare.py` shows how often), so clustered samples go to the cluster permutation,
    which flips a document as a whole. With one sample per cluster and 0/1 scores that permutation is McNemar's exact
    test, and the mid-p version of it is less conservative (Fagerland, Lydersen and Laake 2013).
    """
    binary = scored[["ours", "theirs"]].isin([0.0, 1.0]).to_numpy().all()
    return bool(binary) and bool(scored["cluster"].is_unique)


def mcnemar_mid_p(better: int, worse: int) -> float:
    """Return the two-sided mid-p value of McNemar's test, from the discordant samples each way.

    Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91: twice the binomial tail with half of
    the observed point in it.
    """
    from scipy import stats

    least, total = min(better, worse), better + worse
    if total == 0:
        return 1.0
    point = float(stats.binom.pmf(least, total, 0.5))
    if better == worse:
        return rounded(1 - point / 2)
    return rounded(2 * float(stats.binom.cdf(least, total, 0.5)) - point)


def sign_flip_p(sums: Floats, *, seed: int, permutations: int = _PERMUTATIONS) -> float:
    """Return the two-sided p value of a paired permutation that flips the sign of each cluster's summed difference.

    If two variants are the same, each cluster's sum is as likely to have either sign. All flips are tried where few
    clusters differ at all; otherwise 9,999 random ones and the observed one (Phipson and Smyth 2010: p is never 0).
    """
    sums = sums[np.abs(sums) > 1e-12]
    if len(sums) == 0:
        return 1.0
    reach = abs(float(sums.sum())) - 1e-9 * float(np.abs(sums).sum())  # rounding must not break a tie
    if len(sums) <= _EXACT_CLUSTERS:
        places = np.arange(2 ** len(sums))[:, None] >> np.arange(len(sums))
        return float(np.mean(np.abs(_flipped(places & 1, sums)) >= reach))
    random = np.random.default_rng([seed, len(sums)])
    rows = max(1, 4_000_000 // len(sums))
    count = 0
    for start in range(0, permutations, rows):
        flips = random.integers(0, 2, size=(min(rows, permutations - start), len(sums)), dtype=np.uint8)
        count += int((np.abs(_flipped(flips, sums)) >= reach).sum())
    return (count + 1) / (permutations + 1)


def _flipped(flips: np.ndarray[Any, Any], sums: Floats) -> Floats:
    """Return the sum under each row of `flips` (1: the cluster keeps its sign)."""
    return np.asarray(2 * (flips.astype(np.float64) @ sums) - sums.sum(), dtype=np.float64)


def smallest_visible(deltas: Floats, codes: Ints, *, confidence: float) -> float | None:
    """Return the smallest true difference that a test at 1 - confidence finds with 80 % power, or None without spread.

    (t(1 - alpha/2) + t(0.8)) times the standard error of the mean difference, clusters as the unit (Bloom 1995; Duflo,
    Glennerster and Kremer 2007, section 4.1). One comparison by itself: Holm's guard over several asks for more.
    """
    from scipy import stats

    error = clustered_error(deltas, codes)
    if error is None or error < 1e-12:
        return None
    freedom = int(codes.max())
    alpha = 1 - confidence
    return rounded((stats.t.ppf(1 - alpha / 2, freedom) + stats.t.ppf(POWER, freedom)) * error)


def clustered_error(deltas: Floats, codes: Ints) -> float | None:
    """Return the standard error of the mean with clusters as the unit, or None for a single cluster.

    Linearised ratio of the clusters' sums to their sizes, with the n/(n-1) correction (Cochran 1977, section 9A.2).
    """
    sums, sizes = cluster_sums(deltas, codes)
    if len(sums) < 2:
        return None
    residuals = sums - sizes * deltas.mean()
    return math.sqrt(len(sums) / (len(sums) - 1) * float(residuals @ residuals)) / len(deltas)


def holm(p_values: Sequence[float], *, family: int) -> list[float]:
    """Return Holm's adjusted p values (Holm 1979), in the order given.

    `family` is how many comparisons were declared; those that could not be tested still count.
    """
    adjusted = np.empty(len(p_values))
    highest = 0.0
    for place, index in enumerate(np.argsort(p_values, kind="stable")):
        highest = max(highest, min(1.0, (family - place) * p_values[index]))
        adjusted[index] = highest
    return [rounded(value) for value in adjusted]


def _adjusted(
    differences: Sequence[Difference], *, primary: str, family: int, statistics: StatisticsConfig
) -> list[Difference]:
    tested = [
        place
        for place, row in enumerate(differences)
        if row.metric == primary and row.stratum is None and row.p_value is not None
    ]
    adjusted = holm([differences[place].p_value or 0.0 for place in tested], family=family)
    rows = list(differences)
    for place, p_value in zip(tested, adjusted, strict=True):
        row = rows[place]
        verdict = _verdict(row.value, p_value, row.better, statistics)
        rows[place] = replace(row, p_adjusted=p_value, verdict=verdict)
    return rows


def _verdict(value: float | None, p_value: float | None, better: Better, statistics: StatisticsConfig) -> Verdict:
    if value is None:
        return "refused"
    if p_value is None or p_value >= 1 - statistics.confidence or value == 0:
        return "no clear difference"
    return "better" if (value > 0) == (better == "higher") else "worse"
