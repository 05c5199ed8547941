"""What would change a verdict, in sentences: more samples, another volume, other questions, another training."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ragvsft.findings import Difference
from ragvsft.names import TRIVIAL
from ragvsft.text import gap, p_statement, quantity
from ragvsft.verdict.cost import break_even
from ragvsft.verdict.standing import Standing, oriented, possible_loss

_HOPELESS = 50  # times the samples there are: past that, more samples are no advice


def cheaper_but_risky(variant: str | None, leaders: Sequence[str], standing: Standing) -> Iterator[str]:
    """Yield what keeps the clearly cheapest leader from being recommended, where only its risk does."""
    cheapest = standing.clearly_cheapest(leaders) if variant is None and len(leaders) > 1 else None
    if cheapest is None:
        return
    row = standing.riskiest(cheapest, leaders)
    loss = possible_loss(row)
    now = f"it may lose up to {gap(loss, row.unit)}" if math.isfinite(loss) else "its loss is unbounded"
    yield (
        f"{cheapest} is clearly cheaper, and would be recommended if its interval bounded the loss to"
        f" {gap(standing.config.statistics.tolerable_loss, row.unit)} (statistics.tolerable_loss); now {now} against"
        f" {row.other}."
    )


def stronger(verdict: str, standing: Standing) -> Iterator[str]:
    """Yield what a candidate would have to do where none is usable."""
    if verdict != "none usable" or standing.rival is None:
        return
    unknown = standing.may_be_usable()
    for name in unknown:
        row = standing.over(name, standing.rival)
        if row.smallest_visible is not None and _is_ahead(row):
            yield f"More samples: {name} is ahead of {TRIVIAL[standing.rival].said}, and {_more_samples(row)}."
    floor = standing.means[standing.rival]
    smallest = standing.over(standing.best(), standing.rival).smallest_visible
    margin = "" if smallest is None else f", here by about {gap(smallest, floor.unit)}"
    yield (
        f"A variant that beats {TRIVIAL[standing.rival].said} ({quantity(floor.value, floor.unit)}) clearly{margin}:"
        " a stronger model, better training examples, or questions that the documents answer."
    )


def _is_ahead(row: Difference) -> bool:
    return row.value is not None and (row.value > 0 if row.better == "higher" else row.value < 0)


def sharper(best: str, rivals: Sequence[str], standing: Standing) -> Iterator[str]:
    """Yield what would tell the best from each variant that is not clearly worse; of many, from the nearest."""
    for row in (standing.over(best, name) for name in standing.nearest(rivals)):
        name = row.other
        if row.verdict == "better":
            continue
        if row.smallest_visible is None:
            yield f"{best} against {name}: samples on which the two differ; here there is no spread to learn from."
            continue
        seen = f"{best} against {name}: this evalset sees differences from {gap(row.smallest_visible, row.unit)} up"
        yield f"{seen}; {_more_samples(row)}."


def _more_samples(row: Difference) -> str:
    """Return how many samples would show the observed difference: the visible one shrinks with the root of n."""
    if not row.value or row.smallest_visible is None:
        return "none was observed, and more samples would not change that"
    observed = f"the observed {gap(row.value, row.unit)}"
    times = (row.smallest_visible / abs(row.value)) ** 2
    if times > _HOPELESS:
        return f"to show {observed} would take more than {_HOPELESS} times as many"
    missing = round(row.n * (times - 1))
    if missing <= 0:
        return f"{observed} are at its edge, and a repetition on new samples would settle it"
    return f"if {observed} are real, about {missing:,} more samples on other documents would show it"


def other_volume(variant: str | None, standing: Standing) -> Iterator[str]:
    """Yield the volumes at which another variant would be as cheap as the recommended one."""
    names = standing.others(variant) if variant else []
    for name in names:
        ours, theirs = standing.costs.get(variant or ""), standing.costs.get(name)
        requests = break_even(ours, theirs) if ours and theirs else None
        if ours is None or theirs is None or requests is None:
            continue
        above = variant if (ours.request_usd or 0.0) < (theirs.request_usd or 0.0) else name
        yield (
            f"{variant} and {name} cost the same at {requests:,.0f} requests a month; above that {above} is cheaper"
            f" (assumed: {ours.requests_per_month:,})."
        )


def other_strata(variant: str, standing: Standing) -> Iterator[str]:
    """Yield the strata on which another variant is clearly better."""
    rows = [row for row in standing.rows() if row.stratum is not None]
    for name in standing.others(variant):
        for found in (oriented(row, name, variant) for row in rows):
            if found and found.verdict == "better":
                seen = f"{gap(found.value, found.unit)} (n = {found.n:,}, {p_statement(found.p_value)}"
                yield (
                    f"If most questions were {found.stratum}: there {name} is better than {variant} by {seen}, outside"
                    " the declared comparison)."
                )


def other_seeds(standing: Standing) -> Iterator[str]:
    """Yield what is known of how much trainings differ."""
    for name in (name for name in standing.candidates if name in standing.config.trained):
        metric = standing.means[name]
        if len(metric.by_seed) < 2:
            yield f"Another training of {name}: it was trained once, and how much trainings differ was not measured."
        else:
            ends = " to ".join(quantity(end, metric.unit) for end in (min(metric.by_seed), max(metric.by_seed)))
            yield f"Another training of {name}: its {len(metric.by_seed)} seeds range from {ends}."
