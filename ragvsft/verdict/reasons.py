"""Why a verdict is what it is, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ragvsft.findings import Difference, VariantCost
from ragvsft.names import TRIVIAL
from ragvsft.scoring.metrics import metric_of
from ragvsft.text import (
    difference,
    difference_bounds,
    gap,
    listing,
    p_statement,
    plural,
    quantity,
    set_share,
    whole_share,
)
from ragvsft.verdict.standing import Standing, possible_loss

_MUCH_BY_CASE = 0.10  # of schema_match or field_f1


def refusal_reason(variant: str, share: float) -> str:
    """Return why a variant that leads by refusing decides nothing."""
    return (
        f"{variant} refused {whole_share(share)} of the questions that the corpus answers; its score comes from the"
        " unanswerable ones, which reward silence. Compare the strata, or give those samples a run of their own."
    )


def none_usable(standing: Standing) -> str:
    """Return the headline where no variant clearly beats the best trivial rival: none does, or it cannot be told."""
    unknown, alone = standing.may_be_usable(), len(standing.candidates) == 1
    rival = TRIVIAL[standing.rival or ""].said
    if unknown:
        n = max(standing.over(name, standing.rival or "").n for name in unknown)
        who = f"{unknown[0]} is not shown to be usable" if alone else "None is usable yet"
        one = "it" if alone else listing(unknown)
        return f"{who}: {n:,} samples are too few to tell whether {one} would beat {rival}."
    if alone:
        return f"{standing.candidates[0]} is not usable: it is not clearly better than {rival}."
    return f"None is usable: no variant is clearly better than {rival}."


def floor_reasons(variant: str, rivals: Sequence[str], standing: Standing) -> Iterator[str]:
    """Yield how a variant stands against the best answer that costs nothing, where such answers were scored.

    `rivals` are the variants that are not clearly worse than it: those that stand below the floor are named.
    """
    if standing.rival is None:
        return
    row, rival = standing.over(variant, standing.rival), standing.means[standing.rival]
    finding = {"better": "clearly better", "worse": "clearly worse"}.get(row.verdict, "not clearly better")
    yield (
        f"The floor is {TRIVIAL[standing.rival].said}, {quantity(rival.value, row.unit)}: {variant} is {finding}"
        f" ({_seen(row, standing)}, {_tested(row)})."
    )
    unknown = standing.may_be_usable()
    if variant in unknown:
        yield _too_few(row, standing)
    below = [name for name in rivals if not standing.is_usable(name)] if standing.is_usable(variant) else []
    if below:
        yield f"{listing(below)} {'is' if len(below) == 1 else 'are'} not clearly better than the floor."
    if not unknown and not any(map(standing.is_usable, standing.candidates)):
        yield TRIVIAL[standing.rival].instead


def _too_few(row: Difference, standing: Standing) -> str:
    """Return that a variant may well be better than the floor, though it is not shown."""
    gain = possible_loss(standing.over(row.other, row.variant))
    may = f"{row.variant} may be up to {gap(gain, row.unit)} better" if math.isfinite(gain) else "there is no interval"
    if row.smallest_visible is None:
        return f"That does not make {row.variant} useless: {may}, and these samples have no spread to tell by."
    seen = gap(row.smallest_visible, row.unit)
    return f"That does not make {row.variant} useless: {may}, and these samples show differences from {seen} up."


def case_reasons(standing: Standing) -> Iterator[str]:
    """Yield which variants lose much by case alone: nothing else would say why valid JSON scores nothing."""
    for name in standing.candidates:
        for metric in ("schema_match", "field_f1"):
            strict, folded = (metric_of(standing.metrics, which, name) for which in (metric, f"{metric}_folded"))
            gain = (folded.value or 0.0) - (strict.value or 0.0) if strict and folded else 0.0
            if strict and folded and gain >= _MUCH_BY_CASE:
                yield (
                    f"{name} writes keys or enum values in another case than the schema: its {metric}"
                    f" is {quantity(strict.value, 'share')}, and {quantity(folded.value, 'share')} where case does not"
                    " count."
                )
                break


def quality_reasons(best: str, standing: Standing) -> Iterator[str]:
    """Yield how the best candidate compares with each other one; of many, only the nearest in full."""
    others = standing.others(best)
    near = standing.nearest(others)
    yield from (_comparison(standing.over(best, name), standing, called=best) for name in near)
    verdicts = {name: standing.over(best, name).verdict for name in others if name not in near}
    for verdict in dict.fromkeys(verdicts.values()):
        alike = [name for name, found in verdicts.items() if found == verdict]
        yield f"{best} against {listing(alike)}: {verdict}; the report has the figures."


def control_reasons(standing: Standing) -> Iterator[str]:
    """Yield what each control scores beside the best candidate: it explains, and decides nothing."""
    means = standing.means
    scored = [name for name in standing.candidates if name in means]
    best = standing.best_of(scored) if scored else None
    for name in standing.controls:
        row = standing.over(name, best) if best is not None and name in means else None
        if row is not None and row.value is not None:
            yield _comparison(row, standing, called=f"{name}, a control,")
        elif name in means:
            said = f"{name}, a control, scores {quantity(means[name].value, means[name].unit)} on {standing.primary}"
            yield f"{said}; {'; '.join(row.notes)}." if row is not None else f"{said}."
        else:
            yield f"{name}, a control, has no score."


def _comparison(row: Difference, standing: Standing, *, called: str) -> str:
    ours, theirs = standing.means[row.variant], standing.means[row.other]
    clusters = f" in {row.n_clusters:,} clusters" if row.n_clusters < row.n else ""
    return (
        f"{called} scores {quantity(ours.value, row.unit)} on {row.metric}, {row.other}"
        f" {quantity(theirs.value, row.unit)}: {row.verdict} ({_seen(row, standing)},"
        f" n = {plural(row.n, 'sample')}{clusters}, {_tested(row)})."
    )


def risk_reasons(variant: str | None, best: str, standing: Standing) -> Iterator[str]:
    """Yield what may be lost where the recommended variant is not the one with the best mean."""
    if variant is None or variant == best:
        return
    row = standing.over(variant, best)
    yield f"The price of choosing {variant}: it may be up to {gap(possible_loss(row), row.unit)} worse than {best}."


def cost_reasons(standing: Standing) -> Iterator[str]:
    """Yield what each candidate costs over the months, and why a cost is unknown."""
    costs = [standing.costs[name] for name in standing.candidates if name in standing.costs]
    known = [cost for cost in costs if cost.months_usd is not None]
    if known:
        volume = f"{plural(known[0].months, 'month')} at {known[0].requests_per_month:,} requests a month"
        said = ", ".join(f"{cost.variant} {quantity(cost.months_usd, 'USD')}" for cost in known)
        yield f"Over {volume}: {said}{_bounded(known)}."
    for cost in costs:
        if cost.months_usd is None:
            yield f"The cost of {cost.variant} is unknown: {'; '.join(cost.notes) or 'something in it has no price'}."


def _bounded(costs: Sequence[VariantCost]) -> str:
    """Return which of the costs are upper bounds, to be added to them: hardware by the hour is, tokens are not."""
    bounded = [cost.variant for cost in costs if cost.is_upper_bound]
    if not bounded:
        return ""
    whose = "" if len(bounded) == len(costs) else f" for {listing(bounded)}"
    if len(bounded) == 1:
        return f" (upper bound{whose}: batching lowers it)"
    return f" (upper bounds{whose}: batching lowers them)"


def prior_reasons(standing: Standing) -> Iterator[str]:
    """Yield whether the rule of thumb held, where both of its sides were run.

    Facts want retrieval, behaviour wants tuning. A candidate stands for one side if it does that and not the other; the
    best of each side are held against each other.
    """
    retrieving, trained = standing.config.retrieving, standing.config.trained
    only_retrieving = [name for name in standing.candidates if name in retrieving and name not in trained]
    only_trained = [name for name in standing.candidates if name in trained and name not in retrieving]
    if standing.asked_for is None or not only_retrieving or not only_trained:
        return
    expected, rival = standing.best_of(only_retrieving), standing.best_of(only_trained)
    rule = "facts want retrieval"
    if standing.asked_for == "behaviour":
        expected, rival, rule = rival, expected, "behaviour wants tuning"
    verdict = standing.over(expected, rival).verdict
    finding = {"better": "agrees", "worse": "says the opposite"}.get(verdict, "does not settle it")
    yield f"The rule of thumb that {rule} would put {expected} before {rival}; the measurement {finding}."


def unscored(standing: Standing) -> Iterator[str]:
    """Yield how many samples of each candidate have no score."""
    for name in standing.candidates:
        metric = standing.means[name]
        if metric.n_unscored:
            of = plural(metric.n + metric.n_unscored, "sample")
            yield f"{metric.n_unscored:,} of {of} of {name} are unscored."


def _seen(row: Difference, standing: Standing) -> str:
    """Return a difference with its interval: "+12.3 points, 95 % interval [6.0, 18.6]"."""
    interval = difference_bounds(row.value, row.low, row.high, row.unit)
    confidence = set_share(standing.config.statistics.confidence)
    return f"{difference(row.value, row.unit)}, {f'{confidence} interval {interval}' if interval else 'no interval'}"


def _tested(row: Difference) -> str:
    if row.p_adjusted is not None:
        return f"{p_statement(row.p_adjusted)} after Holm"
    said = p_statement(row.p_value)
    return said if row.p_value is None else f"{said}, outside the declared comparison"
