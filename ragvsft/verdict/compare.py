"""Paired differences between variants on the same samples, each with its interval, its test and what it could see.

Every two candidates are compared on the samples that both have, and every control with every candidate. The declared
family, over which Holm's method guards, is the pairs of candidates and each candidate against the best trivial rival,
on the primary metric over all samples. Every other row is for looking, and its `p_adjusted` is None: a control changes
nothing of what is claimed of the candidates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Literal, get_args

from ragvsft import text
from ragvsft.config.sections import StatisticsConfig
from ragvsft.errors import ConfigError
from ragvsft.findings import Difference
from ragvsft.records import Better, Sample, Score, Stratum
from ragvsft.scoring.metrics import sample_values, score_table
from ragvsft.scoring.resampling import Floats, Ints, Resampler, cluster_sums, clustered, rounded
from ragvsft.scoring.scorers import Scorer
from ragvsft.verdict.significance import MCNEMAR, PERMUTATION, holm, mcnemar_mid_p, sign_flip_p, smallest_visible

if TYPE_CHECKING:
    from pandas import DataFrame

Verdict = Literal["better", "worse", "no clear difference", "refused"]


def compare(
    samples: Sequence[Sample],
    scores: Sequence[Score],
    scorers: Sequence[Scorer],
    *,
    primary: str,
    candidates: Sequence[str],
    controls: Sequence[str] = (),
    statistics: StatisticsConfig,
    rival: str | None = None,
) -> list[Difference]:
    """Return the difference of every pair of variants on every scorer that applies to both.

    The later candidate stands against the earlier one, and each control against each candidate. The primary metric is
    also compared within each stratum, and the candidates' with that of the trivial `rival` that scores best. Raises
    ConfigError if no scorer is called `primary`.
    """
    _check_scored(primary, scorers)
    pairs = _Pairs.of(candidates, controls, rival)
    table = score_table(samples, scores)
    values = {key: sample_values(group) for key, group in table.groupby(["scorer", "variant"], sort=False)}
    comparer = _Comparer(statistics)
    differences: list[Difference] = []
    for scorer in scorers:
        for other, variant in pairs.on(is_primary=scorer.name == primary):
            ours, theirs = values.get((scorer.name, variant)), values.get((scorer.name, other))
            if ours is not None and theirs is not None:
                pair = _Pair(scorer, variant, other, _paired(ours, theirs))
                differences += comparer.differences(pair, by_stratum=scorer.name == primary)
    return _guarded(differences, primary=primary, declared=pairs.declared, statistics=statistics)


def _check_scored(primary: str, scorers: Sequence[Scorer]) -> None:
    if primary not in {scorer.name for scorer in scorers}:
        known = ", ".join(scorer.name for scorer in scorers)
        raise ConfigError(f"statistics.primary: {primary!r} is not scored in this run; choose from {known}")


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Who is compared with whom, each as (other, variant)."""

    among: tuple[tuple[str, str], ...]  # candidates
    floored: tuple[tuple[str, str], ...]  # each candidate against the best trivial rival
    explaining: tuple[tuple[str, str], ...]  # each control against each candidate

    @classmethod
    def of(cls, candidates: Sequence[str], controls: Sequence[str], rival: str | None) -> _Pairs:
        return cls(
            tuple(combinations(candidates, 2)),
            tuple((rival, candidate) for candidate in candidates if rival is not None),
            tuple((candidate, control) for control in controls for candidate in candidates),
        )

    @property
    def declared(self) -> tuple[tuple[str, str], ...]:
        """The family that is guarded against multiplicity, on the primary metric."""
        return (*self.among, *self.floored)

    def on(self, *, is_primary: bool) -> tuple[tuple[str, str], ...]:
        """Return the pairs that are compared on a metric; trivial rivals are scored on the primary one alone."""
        return (*(self.declared if is_primary else self.among), *self.explaining)


@dataclass(frozen=True, slots=True)
class _Pair:
    scorer: Scorer
    variant: str
    other: str
    rows: DataFrame  # one per sample that either has: ours, theirs (NaN: unscored or missing), cluster, stratum


def _paired(ours: DataFrame, theirs: DataFrame) -> DataFrame:
    if ours.index.equals(theirs.index):  # the usual case, and many times as quick
        return ours.rename(columns={"value": "ours"}).assign(theirs=theirs["value"])
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
            most = text.set_share(self._statistics.max_unscored)
            return replace(refused, notes=(f"{share}; at most {most} may be",))
        deltas, codes = clustered(scored.assign(value=scored["ours"] - scored["theirs"]))
        p_value = self._p_value(deltas, codes, test)
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
            notes=(note,) if note else (),
        )

    def _p_value(self, deltas: Floats, codes: Ints, test: str) -> float | None:
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
    nulls too often (`tests/verdict/test_significance.py` shows how often), so clustered samples go to the cluster
    permutation, which flips a document as a whole. With one sample per cluster and 0/1 scores that permutation is
    McNemar's exact test, and its mid-p version is less conservative (Fagerland, Lydersen and Laake 2013).
    """
    binary = scored[["ours", "theirs"]].isin([0.0, 1.0]).to_numpy().all()
    return bool(binary) and bool(scored["cluster"].is_unique)


def _guarded(
    differences: Sequence[Difference],
    *,
    primary: str,
    declared: Sequence[tuple[str, str]],
    statistics: StatisticsConfig,
) -> list[Difference]:
    """Return the differences with Holm's p for the declared ones; a pair that could not be tested still counts."""
    tested = [
        place
        for place, row in enumerate(differences)
        if row.metric == primary
        and row.stratum is None
        and row.p_value is not None
        and (row.other, row.variant) in declared
    ]
    adjusted = holm([differences[place].p_value or 0.0 for place in tested], family=len(declared))
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
