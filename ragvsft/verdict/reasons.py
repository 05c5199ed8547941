"""Why a verdict is what it is and what would change it, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ragvsft.names import TRIVIAL
from ragvsft.records import Difference
from ragvsft.scoring.metrics import metric_of
from ragvsft.verdict.cost import break_even
from ragvsft.verdict.standing import Standing, oriented, possible_loss

# facts want retrieval, behaviour wants tuning: what is expected of a set until it is measured
_EXPECTED: dict[str, tuple[str, str, str]] = {
    "facts": ("rag", "lora", "facts want retrieval"),
    "behaviour": ("lora", "rag", "behaviour wants tuning"),
}
_INSTEAD = {  # what somebody could use who takes the floor for the answer
    "best-constant": "A fixed text would do at least as well.",
    "nearest-example": "Looking up the nearest training example would do at least as well, without any model.",
    "lead": "Copying the beginning of the input would do at least as well.",
    "first-hit": "A search that shows the best sentence it finds would do at least as well, without any model.",
    "always-refuse": "Saying nothing would do at least as well.",
}
_MUCH_BY_CASE = 0.10  # of schema_match or field_f1
_HOPELESS = 50  # times the samples there are: past that, more samples are no advice


def refusal_reason(variant: str, share: float) -> str:
    """Return why a variant that leads by refusing decides nothing."""
    return (
        f"{variant} refused {share:.0%} of the questions that the corpus answers; its score comes from the"
        " unanswerable ones, which reward silence. Compare the strata, or give those samples a run of their own."
    )


def none_usable(standing: Standing) -> str:
    """Return the headline where no variant clearly beats the best trivial rival: none does, or it cannot be told."""
    rival, unknown, alone = TRIVIAL[standing.rival or ""], standing.may_be_usable(), len(standing.variants) == 1
    if unknown:
        n = max(standing.over(name, standing.rival or "").n for name in unknown)
        who = f"{unknown[0]} is not shown to be usable" if alone else "None is usable yet"
        one = "it" if alone else listed(unknown)
        return f"{who}: {n:,} samples are too few to tell whether {one} would beat {rival}."
    if alone:
        return f"{standing.variants[0]} is not usable: it is not clearly better than {rival}."
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
        f"The floor is {TRIVIAL[standing.rival]}, {_amount(rival.value, row.unit)}: {variant} is {finding}"
        f" ({_gap(row.value, row.unit)}, {_interval(row, standing)}{_tested(row)})."
    )
    unknown = standing.may_be_usable()
    if variant in unknown:
        yield _too_few(row, standing)
    below = [name for name in rivals if not standing.is_usable(name)] if standing.is_usable(variant) else []
    if below:
        yield f"{listed(below)} {'is' if len(below) == 1 else 'are'} not clearly better than the floor."
    if not unknown and not any(map(standing.is_usable, standing.variants)):
        yield _INSTEAD[standing.rival]


def _too_few(row: Difference, standing: Standing) -> str:
    """Return that a variant may well be better than the floor, though it is not shown."""
    gain = possible_loss(standing.over(row.other, row.variant))
    may = f"{row.variant} may be up to {_gap(gain, row.unit)} better" if math.isfinite(gain) else "there is no interval"
    if row.smallest_visible is None:
        return f"That does not make {row.variant} useless: {may}, and these samples have no spread to tell by."
    seen = _gap(row.smallest_visible, row.unit)
    return f"That does not make {row.variant} useless: {may}, and these samples show differences from {seen} up."


def case_reasons(standing: Standing) -> Iterator[str]:
    """Yield which variants lose much by case alone: nothing else would say why valid JSON scores nothing."""
    for name in standing.variants:
        for metric in ("schema_match", "field_f1"):
            strict, folded = (metric_of(standing.metrics, which, name) for which in (metric, f"{metric}_folded"))
            gain = (folded.value or 0.0) - (strict.value or 0.0) if strict and folded else 0.0
            if strict and folded and gain >= _MUCH_BY_CASE:
                yield (
                    f"{name} writes keys or enum values in another case than the schema: its {metric}"
                    f" is {_amount(strict.value, 'share')}, and {_amount(folded.value, 'share')} where case does not"
                    " count."
                )
                break


def quality_reason(row: Difference, standing: Standing) -> str:
    """Return one comparison on the primary metric, with its interval, its n and its test."""
    ours, theirs = standing.means[row.variant], standing.means[row.other]
    clusters = f" in {row.n_clusters:,} clusters" if row.n_clusters < row.n else ""
    return (
        f"{row.variant} scores {_amount(ours.value, row.unit)} on {row.metric}, {row.other}"
        f" {_amount(theirs.value, row.unit)}: {row.verdict} ({_gap(row.value, row.unit)}, {_interval(row, standing)}"
        f"n = {row.n:,} samples{clusters}, {_tested(row)})."
    )


def risk_reasons(variant: str | None, best: str, standing: Standing) -> Iterator[str]:
    """Yield what may be lost where the recommended variant is not the one with the best mean."""
    if variant is None or variant == best:
        return
    row = standing.over(variant, best)
    yield f"The price of choosing {variant}: it may be up to {_gap(possible_loss(row), row.unit)} worse than {best}."


def cost_reasons(standing: Standing) -> Iterator[str]:
    """Yield what each variant costs over the months, and why a cost is unknown."""
    costs = [standing.costs[name] for name in standing.variants if name in standing.costs]
    known = [f"{cost.variant} {cost.months_usd:,.2f} USD" for cost in costs if cost.months_usd is not None]
    if known:
        volume = f"{costs[0].months} months at {costs[0].requests_per_month:,} requests a month"
        bound = " (upper bounds: one request at a time)" if any("upper bound" in (c.note or "") for c in costs) else ""
        yield f"Over {volume}: {', '.join(known)}{bound}."
    for cost in costs:
        if cost.months_usd is None:
            yield f"The cost of {cost.variant} is unknown: {cost.note or 'something in it has no price'}."


def prior_reasons(standing: Standing) -> Iterator[str]:
    """Yield whether the rule of thumb held, where both of its sides were run."""
    if standing.asked_for is None:
        return
    expected, rival, rule = _EXPECTED[standing.asked_for]
    if not {expected, rival} <= set(standing.variants):
        return
    verdict = standing.over(expected, rival).verdict
    finding = {"better": "agrees", "worse": "says the opposite"}.get(verdict, "does not settle it")
    yield f"The rule of thumb that {rule} would put {expected} before {rival}; the measurement {finding}."


def cheaper_but_risky(variant: str | None, leaders: Sequence[str], standing: Standing) -> Iterator[str]:
    """Yield what keeps the clearly cheapest leader from being recommended, where only its risk does."""
    cheapest = standing.clearly_cheapest(leaders) if variant is None and len(leaders) > 1 else None
    if cheapest is None:
        return
    row = standing.riskiest(cheapest, leaders)
    loss = possible_loss(row)
    now = f"it may lose up to {_gap(loss, row.unit)}" if math.isfinite(loss) else "its loss is unbounded"
    yield (
        f"{cheapest} is clearly cheaper, and would be recommended if its interval bounded the loss to"
        f" {_gap(standing.config.statistics.tolerable_loss, row.unit)} (statistics.tolerable_loss); now {now} against"
        f" {row.other}."
    )


def stronger(verdict: str, standing: Standing) -> Iterator[str]:
    """Yield what a variant would have to do where none is usable."""
    if verdict != "none usable" or standing.rival is None:
        return
    unknown = standing.may_be_usable()
    for name in unknown:
        row = standing.over(name, standing.rival)
        if row.smallest_visible is not None and _is_ahead(row):
            yield f"More samples: {name} is ahead of {TRIVIAL[standing.rival]}, and {_more_samples(row)}."
    floor = standing.means[standing.rival]
    smallest = standing.over(standing.best(), standing.rival).smallest_visible
    margin = "" if smallest is None else f", here by about {_gap(smallest, floor.unit)}"
    yield (
        f"A variant that beats {TRIVIAL[standing.rival]} ({_amount(floor.value, floor.unit)}) clearly{margin}:"
        " a stronger model, better training examples, or questions that the documents answer."
    )


def _is_ahead(row: Difference) -> bool:
    return row.value is not None and (row.value > 0 if row.better == "higher" else row.value < 0)


def sharper(best: str, rivals: Sequence[str], standing: Standing) -> Iterator[str]:
    """Yield what would part the best from each variant that is not clearly worse."""
    for row in (standing.over(best, name) for name in rivals):
        name = row.other
        if row.verdict == "better":
            continue
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
                yield (
                    f"If most questions were {found.stratum}: there {name} is better than {variant} by"
                    f" {_gap(found.value, found.unit)} (n = {found.n:,}, {_p(found.p_value)}, outside the declared"
                    " comparison)."
                )


def other_seeds(standing: Standing) -> Iterator[str]:
    """Yield what is known of how much trainings differ."""
    for name in (name for name in standing.variants if name in standing.config.trained):
        metric = standing.means[name]
        if len(metric.by_seed) < 2:
            yield f"Another training of {name}: it was trained once, and how much trainings differ was not measured."
        else:
            ends = " to ".join(_amount(end, metric.unit) for end in (min(metric.by_seed), max(metric.by_seed)))
            yield f"Another training of {name}: its {len(metric.by_seed)} seeds range from {ends}."


def unscored(standing: Standing) -> Iterator[str]:
    """Yield how many samples of each variant have no score."""
    for name in standing.variants:
        metric = standing.means[name]
        if metric.n_unscored:
            yield f"{metric.n_unscored:,} of {metric.n + metric.n_unscored:,} samples of {name} are unscored."


def _interval(row: Difference, standing: Standing) -> str:
    if row.low is None or row.high is None:
        return ""
    confidence = f"{standing.config.statistics.confidence:.0%}"
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


def _tested(row: Difference) -> str:
    return _p(row.p_value) if row.p_adjusted is None else f"{_p(row.p_adjusted)} after Holm"


def _p(p_value: float | None) -> str:
    if p_value is None:
        return "untested"
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"


def listed(names: Sequence[str]) -> str:
    """Return the names as a sentence lists them: "rag, lora and prompt"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
