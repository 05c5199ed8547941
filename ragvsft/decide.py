"""Comparison + cost -> what the evidence says to do, why, and what would change it.

Quality first: a variant that is clearly better than every other is recommended. Otherwise, of those that are not
clearly worse than the best, the clearly cheapest one, if its interval bounds what may be lost. Otherwise there is no
clear difference, and it is said. A variant that leads by refusing to answer decides nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ragvsft.config import Config
from ragvsft.cost import SERVING_LATENCY, break_even
from ragvsft.metrics import by_variant
from ragvsft.records import Decision, Difference, Metric, VariantCost

# facts want retrieval, behaviour wants tuning: what is expected of a task until it is measured
_EXPECTED: dict[str, tuple[str, str, str]] = {
    "answer": ("rag", "lora", "facts want retrieval"),
    "json": ("lora", "rag", "behaviour wants tuning"),
}
_OPPOSITE = {"better": "worse", "worse": "better", "no clear difference": "no clear difference", "refused": "refused"}
_HOPELESS = 50  # times the samples there are: past that, more samples are no advice
MOST_REFUSED = 0.5  # of the answerable samples: who refuses more does not answer, whatever it scores


def decide(
    differences: Sequence[Difference],
    metrics: Sequence[Metric],
    costs: Sequence[VariantCost],
    config: Config,
    *,
    stamps: Sequence[str] = (),
) -> Decision:
    """Return the decision on the primary metric; `stamps` say why the run is not for decisions and travel along."""
    evidence = _Evidence(config, tuple(differences), tuple(metrics), {cost.variant: cost for cost in costs})
    return replace(_decide(evidence), stamps=tuple(stamps))


def _decide(evidence: _Evidence) -> Decision:
    if len(evidence.variants) < 2:
        headline = f"Only {evidence.variants[0]} was run: there is nothing to compare it with."
        return Decision("no clear difference", None, headline, (), ("A second variant in the config.",), ())
    obstacles = evidence.obstacles()
    if obstacles:
        headline = f"No decision: {evidence.primary} cannot be compared."
        remedy = (
            "A run in which these samples are scored; predictions.jsonl names the cause of each failure,"
            " and `ragvsft run --resume` asks again what a passing trouble stopped."
        )
        return Decision("refused", None, headline, tuple(obstacles), (remedy,), ())
    best = evidence.best()
    silent = evidence.refused_share(best)
    if silent > MOST_REFUSED:
        headline = f"No decision: {best} scores highest by saying that it does not know."
        return _decision("refused", None, headline, evidence, evidence.others(best), lead=_refusal_reason(best, silent))
    rivals = [name for name in evidence.variants if name != best and evidence.over(best, name).verdict != "better"]
    if not rivals:
        headline = f"Use {best}: clearly better than {_listed(evidence.others(best))} on {evidence.primary}."
        return _decision("recommended", best, headline, evidence, rivals)
    leaders = [best, *rivals]
    cheapest = evidence.clearly_cheapest(leaders)
    if cheapest and evidence.risks_little(cheapest, leaders):
        equals = _listed([name for name in leaders if name != cheapest])
        headline = f"Use {cheapest}: no clear difference to {equals} on {evidence.primary}, and clearly cheaper."
        return _decision("recommended", cheapest, headline, evidence, rivals)
    headline = f"No clear difference between {_listed(leaders)} on {evidence.primary}."
    return _decision("no clear difference", None, headline, evidence, rivals)


@dataclass(frozen=True, slots=True)
class _Evidence:
    config: Config
    differences: tuple[Difference, ...]
    metrics: tuple[Metric, ...]
    costs: dict[str, VariantCost]

    @property
    def primary(self) -> str:
        return self.config.primary

    @property
    def variants(self) -> list[str]:
        return self.config.variants

    @property
    def means(self) -> dict[str, Metric]:
        return by_variant(self.metrics, self.primary)

    def others(self, variant: str) -> list[str]:
        return [name for name in self.variants if name != variant]

    def rows(self) -> list[Difference]:
        return [row for row in self.differences if row.metric == self.primary]

    def over(self, variant: str, other: str) -> Difference:
        """Return the primary difference over all samples, `variant` minus `other`."""
        rows = (row for row in self.rows() if row.stratum is None)
        return next(found for found in (_oriented(row, variant, other) for row in rows) if found)

    def obstacles(self) -> list[str]:
        """Return why the primary metric cannot be compared, a sentence each."""
        silent = [name for name in self.variants if name not in self.means]
        refused = [row for row in self.rows() if row.stratum is None and row.verdict == "refused"]
        return [f"{name} has no score." for name in silent] + [
            f"{row.variant} against {row.other}: {row.note}." for row in refused
        ]

    def best(self) -> str:
        """Return the variant with the best mean; the first in the config's order among equals."""
        sign = 1 if next(iter(self.means.values())).better == "higher" else -1
        return max(self.variants, key=lambda name: sign * (self.means[name].value or 0.0))

    def refused_share(self, variant: str) -> float:
        """Return the share of the answerable samples that a variant refused; 0 where that is not measured."""
        metric = by_variant(self.metrics, "refused").get(variant)
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
        return _possible_loss(self.riskiest(variant, leaders)) <= self.config.statistics.tolerable_loss

    def riskiest(self, variant: str, leaders: Sequence[str]) -> Difference:
        """Return the comparison with the leader to which `variant` may lose most."""
        return max((self.over(variant, name) for name in leaders if name != variant), key=_possible_loss)

    def months_range(self, variant: str) -> tuple[float, float] | None:
        """Return the cost over the months at both ends of the interval of the mean latency, which serving rests on."""
        cost, latency = self.costs.get(variant), by_variant(self.metrics, SERVING_LATENCY).get(variant)
        if cost is None or cost.months_usd is None or latency is None or not latency.value:
            return None
        if latency.low is None or latency.high is None:
            return None
        serving = dict(cost.parts)["serving"] or 0.0
        fixed = cost.months_usd - serving
        return fixed + serving * latency.low / latency.value, fixed + serving * latency.high / latency.value


def _oriented(row: Difference, variant: str, other: str) -> Difference | None:
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
        verdict=_OPPOSITE[row.verdict],  # type: ignore[arg-type]
    )


def _refusal_reason(variant: str, share: float) -> str:
    return (
        f"{variant} refused {share:.0%} of the questions that the corpus answers; its score comes from the"
        " unanswerable ones, which reward silence. Compare the strata, or give those samples a run of their own."
    )


def _decision(
    verdict: Literal["recommended", "no clear difference", "refused"],
    variant: str | None,
    headline: str,
    evidence: _Evidence,
    rivals: Sequence[str],
    *,
    lead: str = "",
) -> Decision:
    best = evidence.best()
    reasons = [
        *([lead] if lead else []),
        *(_quality_reason(evidence.over(best, name), evidence) for name in evidence.others(best)),
        *_risk_reasons(variant, best, evidence),
        *_cost_reasons(evidence),
        *([] if lead else _prior_reasons(evidence)),  # silence neither agrees with a rule of thumb nor refutes it
    ]
    changes = [
        *_cheaper_but_risky(variant, [best, *rivals], evidence),
        *_sharper(best, rivals, evidence),
        *_other_volume(variant, evidence),
        *_other_strata(variant or best, evidence),
        *_other_seeds(evidence),
        *_unscored(evidence),
    ]
    return Decision(verdict, variant, headline, tuple(reasons), tuple(changes), ())


def _quality_reason(row: Difference, evidence: _Evidence) -> str:
    ours, theirs = evidence.means[row.variant], evidence.means[row.other]
    clusters = f" in {row.n_clusters:,} clusters" if row.n_clusters < row.n else ""
    p = _p(row.p_value) if row.p_adjusted is None else f"{_p(row.p_adjusted)} after Holm"
    return (
        f"{row.variant} scores {_amount(ours.value, row.unit)} on {row.metric}, {row.other}"
        f" {_amount(theirs.value, row.unit)}: {row.verdict} ({_gap(row.value, row.unit)}, {_interval(row, evidence)}"
        f"n = {row.n:,} samples{clusters}, {p})."
    )


def _risk_reasons(variant: str | None, best: str, evidence: _Evidence) -> Iterator[str]:
    """Yield what may be lost where the recommended variant is not the one with the best mean."""
    if variant is None or variant == best:
        return
    row = evidence.over(variant, best)
    yield f"The price of choosing {variant}: it may be up to {_gap(_possible_loss(row), row.unit)} worse than {best}."


def _cost_reasons(evidence: _Evidence) -> Iterator[str]:
    costs = [evidence.costs[name] for name in evidence.variants if name in evidence.costs]
    known = [f"{cost.variant} {cost.months_usd:,.2f} USD" for cost in costs if cost.months_usd is not None]
    if known:
        volume = f"{costs[0].months} months at {costs[0].requests_per_month:,} requests a month"
        bound = " (upper bounds: one request at a time)" if any("upper bound" in (c.note or "") for c in costs) else ""
        yield f"Over {volume}: {', '.join(known)}{bound}."
    for cost in costs:
        if cost.months_usd is None:
            yield f"The cost of {cost.variant} is unknown: {cost.note or 'something in it has no price'}."


def _prior_reasons(evidence: _Evidence) -> Iterator[str]:
    """Yield whether the rule of thumb held, where both of its sides were run."""
    expected, rival, rule = _EXPECTED[evidence.config.task.kind]
    if not {expected, rival} <= set(evidence.variants):
        return
    verdict = evidence.over(expected, rival).verdict
    finding = {"better": "agrees", "worse": "says the opposite"}.get(verdict, "does not settle it")
    yield f"The rule of thumb that {rule} would put {expected} before {rival}; the measurement {finding}."


def _cheaper_but_risky(variant: str | None, leaders: Sequence[str], evidence: _Evidence) -> Iterator[str]:
    """Yield what keeps the clearly cheapest leader from being recommended, where only its risk does."""
    cheapest = evidence.clearly_cheapest(leaders) if variant is None else None
    if cheapest is None:
        return
    row = evidence.riskiest(cheapest, leaders)
    loss = _possible_loss(row)
    now = f"it may lose up to {_gap(loss, row.unit)}" if math.isfinite(loss) else "its loss is unbounded"
    yield (
        f"{cheapest} is clearly cheaper, and would be recommended if its interval bounded the loss to"
        f" {_gap(evidence.config.statistics.tolerable_loss, row.unit)} (statistics.tolerable_loss); now {now} against"
        f" {row.other}."
    )


def _possible_loss(row: Difference) -> float:
    """Return what `row.variant` loses at the bad end of the interval: 0 if nothing, infinity without an interval."""
    if row.low is None or row.high is None:
        return math.inf
    return max(0.0, -row.low if row.better == "higher" else row.high)


def _sharper(best: str, rivals: Sequence[str], evidence: _Evidence) -> Iterator[str]:
    for name in rivals:
        row = evidence.over(best, name)
        if row.smallest_visible is None:
            yield f"{best} against {name}: samples on which the two differ; here there is no spread to learn from."
            continue
        seen = f"{best} against {name}: this evalset sees differences from {_gap(row.smallest_visible, row.unit)} up"
        yield f"{seen}; {_more_samples(row)}."


def _more_samples(row: Difference) -> str:
    """Return how many samples would show the observed difference: the visible one shrinks with the root of n."""
    if not row.value or row.smallest_visible is None:
        return "none was observed, and more samples would not change that"
    gap = _gap(abs(row.value), row.unit)
    times = (row.smallest_visible / abs(row.value)) ** 2
    if times > _HOPELESS:
        return f"to show the observed {gap} would take more than {_HOPELESS} times as many"
    missing = round(row.n * (times - 1))
    if missing <= 0:
        return f"the observed {gap} are at its edge, and a repetition on new samples would settle it"
    return f"if the observed {gap} are real, about {missing:,} more samples on other documents would show it"


def _other_volume(variant: str | None, evidence: _Evidence) -> Iterator[str]:
    names = evidence.others(variant) if variant else []
    for name in names:
        ours, theirs = evidence.costs.get(variant or ""), evidence.costs.get(name)
        requests = break_even(ours, theirs) if ours and theirs else None
        if ours is None or theirs is None or requests is None:
            continue
        above = variant if (ours.request_usd or 0.0) < (theirs.request_usd or 0.0) else name
        yield (
            f"{variant} and {name} cost the same at {requests:,.0f} requests a month; above that {above} is cheaper"
            f" (assumed: {ours.requests_per_month:,})."
        )


def _other_strata(variant: str, evidence: _Evidence) -> Iterator[str]:
    rows = [row for row in evidence.rows() if row.stratum is not None]
    for name in evidence.others(variant):
        for found in (_oriented(row, name, variant) for row in rows):
            if found and found.verdict == "better":
                yield (
                    f"If most questions were {found.stratum}: there {name} is better than {variant} by"
                    f" {_gap(found.value, found.unit)} (n = {found.n:,}, {_p(found.p_value)}, outside the declared"
                    " comparison)."
                )


def _other_seeds(evidence: _Evidence) -> Iterator[str]:
    for name in (name for name in evidence.variants if name in evidence.config.trained):
        metric = evidence.means[name]
        if len(metric.by_seed) < 2:
            yield f"Another training of {name}: it was trained once, and how much trainings differ was not measured."
        else:
            ends = " to ".join(_amount(end, metric.unit) for end in (min(metric.by_seed), max(metric.by_seed)))
            yield f"Another training of {name}: its {len(metric.by_seed)} seeds range from {ends}."


def _unscored(evidence: _Evidence) -> Iterator[str]:
    for name in evidence.variants:
        metric = evidence.means[name]
        if metric.n_unscored:
            yield f"{metric.n_unscored:,} of {metric.n + metric.n_unscored:,} samples of {name} are unscored."


def _interval(row: Difference, evidence: _Evidence) -> str:
    if row.low is None or row.high is None:
        return ""
    confidence = f"{evidence.config.statistics.confidence:.0%}"
    return f"{confidence} interval {_plain(row.low, row.unit)} to {_plain(row.high, row.unit)}, "


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return "unknown"
    return f"{100 * value:.1f} %" if unit == "share" else f"{value:.3g} {unit}"


def _gap(value: float | None, unit: str) -> str:
    return f"{_plain(value, unit)} {'points' if unit == 'share' else unit}"


def _plain(value: float | None, unit: str) -> str:
    if value is None:
        return "unknown"
    return f"{100 * value:z.1f}" if unit == "share" else f"{value:.3g}"


def _p(p_value: float | None) -> str:
    if p_value is None:
        return "untested"
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
