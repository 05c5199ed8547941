"""All measures by name: what a name says, and the scorer that it prints as."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import import_module
from pkgutil import resolve_name
from typing import cast

from ragvsft.errors import ConfigError
from ragvsft.names import SCORERS
from ragvsft.records import Sample
from ragvsft.scoring.scorers import Scorer, ScorerModule, resources, retrieval
from ragvsft.scoring.scorers.measure import Measure, ScorerSettings
from ragvsft.tasks import TASKS

_PLAIN = ScorerSettings()
_WITH_ARGUMENT = re.compile(r"(?P<stem>\w+)\((?P<argument>.+)\)", re.DOTALL)
_ARGUMENTS = {"k": re.compile(r"[1-9]\d*"), "path": re.compile(r".+", re.DOTALL)}


@cache
def measures() -> dict[str, Measure]:
    """Return all measures by name; what stands in parentheses is still missing where one takes it."""
    modules = [cast(ScorerModule, import_module(name)) for name in SCORERS]
    return {measure.name: measure for module in modules for measure in module.MEASURES}


def measure_of(name: str) -> Measure | None:
    """Return the measure that is called so, such as `recall_at(5)`; None where there is none."""
    known = measures()
    if name in known:
        return known[name] if known[name].takes is None else None
    found = _WITH_ARGUMENT.fullmatch(name)
    measure = known.get(found["stem"]) if found else None
    if found is None or measure is None or measure.takes is None:
        return None
    return measure.at(found["argument"]) if _ARGUMENTS[measure.takes].fullmatch(found["argument"]) else None


def parse(name: str, settings: ScorerSettings = _PLAIN) -> Scorer:
    """Return the scorer that prints as `name`.

    Raises ConfigError for a name that is none, or where the settings lack what the scorer needs.
    """
    measure = measure_of(name)
    if measure is None:
        offered = [f"{m.name}(5)" if m.takes == "k" else m.name for m in measures().values() if m.detail_of is None]
        raise ConfigError(f"scorer {name!r} is unknown; choose from {', '.join(offered)}")
    return measure.make(measure, settings)


def scorers_of(names: Iterable[str], settings: ScorerSettings) -> list[Scorer]:
    """Return the scorers of these names, in their order; raises ConfigError as `parse` does."""
    return [parse(name, settings) for name in names]


def detail_of(name: str) -> str | None:
    """Return the measure that this one is a part of, such as field_f1 for `field(lines/[]/count)`; None for a whole."""
    measure = measure_of(name)
    return None if measure is None else measure.detail_of


def is_of_requests(name: str) -> bool:
    """Return whether each request has a value of this measure, not each sample; False for an unknown one."""
    measure = measure_of(name)
    return measure is not None and measure.item == "request"


def metric_title(name: str) -> str:
    """Return a measure's title: "Recall at 3" for "recall_at(3)"; an unknown one keeps its name."""
    measure = measure_of(name)
    return name if measure is None else measure.title


def metric_meaning(name: str) -> str:
    """Return what a measure says, in a few words; "" for an unknown one."""
    measure = measure_of(name)
    return "" if measure is None else measure.meaning


def default_scorers(
    kind: str,
    settings: ScorerSettings = _PLAIN,
    *,
    ks: Sequence[int] = (),
    samples: Sequence[Sample] = (),
) -> list[Scorer]:
    """Return what a task of this kind, a name of TASKS, is scored by, the metric a decision rests on first.

    Retrieval is cut at each of `ks` documents; the scorers that do not apply to a variant leave it out by themselves.
    The details of a metric that have a figure of their own are those of most of the `samples`.
    """
    task = TASKS[kind]
    ranks = [name for measure in retrieval.MEASURES for name in _cut_at(ks, measure)] if ks else []
    names = [*task.scorers, *task.beside, *ranks, *(measure.name for measure in resources.MEASURES)]
    if task.details:
        parts: Callable[[Sequence[Sample]], list[str]] = resolve_name(task.details)
        names += parts(samples)
    return scorers_of(names, settings)


def _cut_at(ks: Sequence[int], measure: Measure) -> list[str]:
    return [f"{measure.name}({k})" for k in ks] if measure.takes == "k" else [measure.name]


def check_primary(name: str, kind: str) -> None:
    """Raise ConfigError unless a decision on a task of this kind can rest on the metric `name`.

    Retrieval and resources are scored too, but a variant is not right for being quick or for finding a document.
    """
    known = TASKS[kind].scorers
    if name not in known:
        choices = ", ".join(known)
        raise ConfigError(f"statistics.primary: {name!r} cannot decide a task of kind {kind}; choose from {choices}")
