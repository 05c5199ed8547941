"""How the variants stand to each other, as the verdict asks for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ragvsft.config.root import Config
from ragvsft.findings import Difference, Metric, VariantCost
from ragvsft.names import TRIVIAL
from ragvsft.scoring.floor import best_rival
from ragvsft.scoring.metrics import by_variant, metric_of
from ragvsft.verdict.compare import Verdict
from ragvsft.verdict.cost import SERVING_LATENCY, SERVING_TOKENS, fixed_usd

MANY = 5  # comparisons that a verdict spells out one by one; of more, so many:
SPELT_OUT = 3

_OPPOSITE: dict[Verdict, Verdict] = {"better": "worse", "worse": "better"}  # the others say the same both ways


@dataclass(frozen=True, slots=True)
class Standing:
    """What was measured, as the verdict asks for it."""

    config: Config
    differences: tuple[Difference, ...]
    metrics: tuple[Metric, ...]
    costs: dict[str, VariantCost]
    asked_for: Literal["facts", "behaviour"] | None  # by most samples; None: it cannot be told

    @property
    def primary(self) -> str:
        """The metric that the decision rests on."""
        return self.config.primary

    @property
    def candidates(self) -> list[str]:
        """The variants that may be recommended, in the config's order: whatever is ranked is one of them."""
        return self.config.candidates

    @property
    def controls(self) -> list[str]:
        """The variants that only explain, in the config's order."""
        return self.config.controls

    @property
    def means(self) -> dict[str, Metric]:
        """The primary metric over all samples, of every variant and every trivial rival."""
        return by_variant(self.metrics, self.primary)

    @property
    def rival(self) -> str | None:
        """The trivial rival that the candidates were compared with; None in a run without one."""
        return best_rival(self.metrics, self.primary)

    def is_usable(self, variant: str) -> bool:
        """Return whether a candidate is clearly better than the best trivial rival, if there is one."""
        return self.rival is None or self.over(variant, self.rival).verdict == "better"

    def may_be_usable(self) -> list[str]:
        """Return the candidates of which the samples do not tell whether they beat the best trivial rival.

        At the good end of its interval each is better by more than what counts as little (`tolerable_loss`); of the
        others it is known that they are at most a little better.
        """
        if self.rival is None:
            return []
        little = self.config.statistics.tolerable_loss
        open_still = (name for name in self.candidates if self.over(name, self.rival).verdict == "no clear difference")
        return [name for name in open_still if possible_loss(self.over(self.rival, name)) > little]

    def others(self, variant: str) -> list[str]:
        """Return all candidates but this one."""
        return [name for name in self.candidates if name != variant]

    def rows(self) -> list[Difference]:
        """Return the differences on the primary metric, over all samples and by stratum."""
        return [row for row in self.differences if row.metric == self.primary]

    def over(self, variant: str, other: str) -> Difference:
        """Return the primary difference over all samples, `variant` minus `other`."""
        rows = (row for row in self.rows() if row.stratum is None)
        return next(found for found in (oriented(row, variant, other) for row in rows) if found)

    def obstacles(self) -> list[str]:
        """Return why the candidates cannot be compared on the primary metric, a sentence each."""
        silent = [name for name in self.candidates if name not in self.means]
        refused = [row for row in self.rows() if row.stratum is None and row.verdict == "refused"]
        return [f"{name} has no score." for name in silent] + [
            f"{row.variant} against {_called(row.other)}: {'; '.join(row.notes)}."
            for row in refused
            if row.variant not in self.controls and row.other not in self.controls
        ]

    def best(self) -> str:
        """Return the candidate with the best mean; the first in the config's order among equals."""
        return self.best_of(self.candidates)

    def best_of(self, names: Sequence[str]) -> str:
        """Return the variant with the best mean among these; the first among equals."""
        sign = 1 if self.means[names[0]].better == "higher" else -1
        return max(names, key=lambda name: sign * (self.means[name].value or 0.0))

    def nearest(self, names: Sequence[str]) -> list[str]:
        """Return those of `names` that a text spells out: all, or of many the ones with the best means, in order."""
        if len(names) <= MANY:
            return list(names)
        left = list(names)
        while len(left) > SPELT_OUT:
            left.remove(self.worst_of(left))
        return left

    def worst_of(self, names: Sequence[str]) -> str:
        """Return the variant with the worst mean among these; the last among equals."""
        sign = 1 if self.means[names[0]].better == "higher" else -1
        return min(reversed(names), key=lambda name: sign * (self.means[name].value or 0.0))

    def refused_share(self, variant: str) -> float:
        """Return the share of the answerable samples that a variant refused; 0 where that is not measured."""
        metric = metric_of(self.metrics, "refused", variant)
        return metric.value or 0.0 if metric else 0.0

    def clearly_cheapest(self, leaders: Sequence[str]) -> str | None:
        """Return the leader whose dearest estimate lies below every other leader's cheapest one, if there is one."""
        ranges = {name: self.months_range(name) for name in leaders}
        known = {name: found for name, found in ranges.items() if found is not None}
        if len(known) < len(leaders):
            return None
        cheapest = min(known, key=lambda name: known[name][1])
        clear = all(known[cheapest][1] < known[name][0] for name in leaders if name != cheapest)
        return cheapest if clear else None

    def risks_little(self, variant: str, leaders: Sequence[str]) -> bool:
        """Return whether `variant`, at the bad end of its intervals, loses to no leader more than is tolerable.

        "No clear difference" alone is no reason to take the cheaper one: a small evalset sees no difference anywhere.
        Nor is the best mean, which among equals is the place in the config.
        """
        return possible_loss(self.riskiest(variant, leaders)) <= self.config.statistics.tolerable_loss

    def riskiest(self, variant: str, leaders: Sequence[str]) -> Difference:
        """Return the comparison with the leader to which `variant` may lose most."""
        return max((self.over(variant, name) for name in leaders if name != variant), key=possible_loss)

    def months_range(self, variant: str) -> tuple[float, float] | None:
        """Return the cost over the months at both ends of the interval of what serving is paid by."""
        cost = self.costs.get(variant)
        if cost is None:
            return None
        fixed, serving, spread = fixed_usd(cost), cost.serving_usd, self._spread(cost)
        if fixed is None or serving is None or spread is None:
            return None
        return fixed + serving * spread[0], fixed + serving * spread[1]

    def _spread(self, cost: VariantCost) -> tuple[float, float] | None:
        """Return the ends of the interval of what serving is paid by, as multiples of the mean.

        Hours of hardware are the latency; of tokens, read and written ones, the ends that lie furthest out.
        """
        paid_by = (SERVING_LATENCY,) if cost.hardware is not None else SERVING_TOKENS
        found = [metric_of(self.metrics, name, cost.variant) for name in paid_by]
        ends = [
            (metric.low / metric.value, metric.high / metric.value)
            for metric in found
            if metric is not None and metric.value and metric.low is not None and metric.high is not None
        ]
        return (min(low for low, _ in ends), max(high for _, high in ends)) if len(ends) == len(paid_by) else None


def _called(name: str) -> str:
    return TRIVIAL[name].said if name in TRIVIAL else name


def oriented(row: Difference, variant: str, other: str) -> Difference | None:
    """Return a difference as `variant` minus `other`, None if it is between others."""
    if (row.variant, row.other) == (variant, other):
        return row
    if (row.variant, row.other) != (other, variant):
        return None
    return replace(
        row,
        variant=variant,
        other=other,
        value=None if row.value is None else -row.value,
        low=None if row.high is None else -row.high,
        high=None if row.low is None else -row.low,
        verdict=_OPPOSITE.get(row.verdict, row.verdict),
    )


def possible_loss(row: Difference) -> float:
    """Return what `row.variant` loses at the bad end of the interval: 0 if nothing, infinity without an interval."""
    if row.low is None or row.high is None:
        return math.inf
    return max(0.0, -row.low if row.better == "higher" else row.high)
