"""Comparison + cost -> what the evidence says to do, why, and what would change it.

Quality first: a candidate that is clearly better than every other is recommended. Otherwise, of those that are not
clearly worse than the best, the clearly cheapest one, if its interval bounds what may be lost. Otherwise there is no
clear difference, and it is said. A candidate that leads by refusing to answer decides nothing, and where none is
clearly better than the best answer that costs nothing (`floor`), none is usable, whoever leads. Controls explain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from ragvsft.config.root import Config
from ragvsft.findings import Decision, Difference, Metric, VariantCost
from ragvsft.records import Sample
from ragvsft.tasks import TASKS
from ragvsft.text import listing
from ragvsft.verdict.changes import cheaper_but_risky, other_seeds, other_strata, other_volume, sharper, stronger
from ragvsft.verdict.reasons import (
    case_reasons,
    control_reasons,
    cost_reasons,
    floor_reasons,
    none_usable,
    prior_reasons,
    quality_reasons,
    refusal_reason,
    risk_reasons,
    unscored,
)
from ragvsft.verdict.standing import Standing

MOST_REFUSED = 0.5  # of the answerable samples: who refuses more does not answer, whatever it scores


def decide(
    differences: Sequence[Difference],
    metrics: Sequence[Metric],
    costs: Sequence[VariantCost],
    config: Config,
    *,
    samples: Sequence[Sample] = (),
    stamps: Sequence[str] = (),
) -> Decision:
    """Return the decision on the primary metric.

    `samples` tell whether facts or behaviour were asked for; `stamps` say why the run is not for decisions and travel
    along.
    """
    by_variant = {cost.variant: cost for cost in costs}
    standing = Standing(config, tuple(differences), tuple(metrics), by_variant, asked_for(samples, config.task.kind))
    return replace(_decide(standing), stamps=tuple(stamps))


def asked_for(samples: Sequence[Sample], kind: str) -> Literal["facts", "behaviour"] | None:
    """Return what most samples ask for; None where they are tied to no document, so it cannot be told.

    Some kinds of task ask for behaviour by nature: of JSON, the message holds the facts. So do samples of the stratum
    of that name.
    """
    if asks := TASKS[kind].asks_for:
        return asks
    if 2 * sum(sample.stratum == "behaviour" for sample in samples) > len(samples):
        return "behaviour"
    answerable = [sample for sample in samples if sample.stratum != "unanswerable"]
    return None if 2 * sum(not sample.doc_ids for sample in answerable) > len(answerable) else "facts"


def _decide(standing: Standing) -> Decision:
    if not standing.candidates:
        return _without_candidates(standing)
    obstacles = standing.obstacles()
    if obstacles:
        return _refused(obstacles, standing)
    if len(standing.candidates) == 1:
        return _alone(standing)
    best = standing.best()
    if not any(map(standing.is_usable, standing.candidates)):
        return _decision("none usable", None, none_usable(standing), standing, ())
    silent = standing.refused_share(best)
    if silent > MOST_REFUSED:
        headline = f"No decision: {best} scores highest by saying that it does not know."
        return _decision("refused", None, headline, standing, standing.others(best), lead=refusal_reason(best, silent))
    return _among_leaders(standing, best)


def _without_candidates(standing: Standing) -> Decision:
    headline = "No decision: only controls were run, and a control is never recommended."
    remedy = "A variant in the config that may be recommended, such as prompt."
    return Decision("refused", None, headline, tuple(control_reasons(standing)), (remedy,), ())


def _refused(obstacles: Sequence[str], standing: Standing) -> Decision:
    headline = f"No decision: {standing.primary} cannot be compared."
    remedy = (
        "A run in which these samples are scored; predictions.jsonl names the cause of each failure,"
        " and `ragvsft run --resume` asks again what a passing trouble stopped."
    )
    return Decision("refused", None, headline, tuple(obstacles), (remedy,), ())


def _alone(standing: Standing) -> Decision:
    [only] = standing.candidates
    if not standing.is_usable(only):
        return _decision("none usable", None, none_usable(standing), standing, ())
    alone = f"{only} is the only candidate" if standing.controls else f"Only {only} was run"
    headline = f"{alone}: there is nothing to compare it with."
    reasons = (*floor_reasons(only, [], standing), *control_reasons(standing), *case_reasons(standing))
    return Decision("no clear difference", None, headline, reasons, ("A second candidate in the config.",), ())


def _among_leaders(standing: Standing, best: str) -> Decision:
    rivals = [name for name in standing.candidates if name != best and standing.over(best, name).verdict != "better"]
    if not rivals and standing.is_usable(best):
        headline = f"Use {best}: clearly better than {listing(standing.others(best))} on {standing.primary}."
        return _decision("recommended", best, headline, standing, rivals)
    leaders = [best, *rivals]
    cheapest = standing.clearly_cheapest(leaders)
    if cheapest and standing.risks_little(cheapest, leaders) and standing.is_usable(cheapest):
        equals = listing([name for name in leaders if name != cheapest])
        headline = f"Use {cheapest}: no clear difference to {equals} on {standing.primary}, and clearly cheaper."
        return _decision("recommended", cheapest, headline, standing, rivals)
    headline = f"No clear difference between {listing(leaders)} on {standing.primary}."
    return _decision("no clear difference", None, headline, standing, rivals)


def _decision(
    verdict: Literal["recommended", "no clear difference", "none usable", "refused"],
    variant: str | None,
    headline: str,
    standing: Standing,
    rivals: Sequence[str],
    *,
    lead: str = "",
) -> Decision:
    best = standing.best()
    reasons = [
        *([lead] if lead else []),
        *floor_reasons(variant or best, [] if variant else rivals, standing),
        *case_reasons(standing),
        *quality_reasons(best, standing),
        *control_reasons(standing),
        *risk_reasons(variant, best, standing),
        *cost_reasons(standing),
        *([] if lead or verdict == "none usable" else prior_reasons(standing)),  # silence and noise settle no rule
    ]
    changes = [
        *stronger(verdict, standing),
        *cheaper_but_risky(variant, [best, *rivals], standing),
        *sharper(best, rivals, standing),
        *other_volume(variant, standing),
        *other_strata(variant or best, standing),
        *other_seeds(standing),
        *unscored(standing),
    ]
    return Decision(verdict, variant, headline, tuple(reasons), tuple(changes), ())
