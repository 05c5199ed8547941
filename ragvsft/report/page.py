"""The report as one HTML file: no network, strict content security policy, the same bytes for the same facts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ragvsft import text as format
from ragvsft.characters import clean
from ragvsft.masking import without_secrets
from ragvsft.names import TRIVIAL
from ragvsft.records import Difference
from ragvsft.report import charts, matrix, view, words
from ragvsft.report.view import RunFacts


def render(facts: RunFacts) -> str:
    """Return report.html. Parts that the run lacks are named as missing."""
    style, script = _style(), _template_text("report.js")
    page = (
        _environment()
        .get_template("report.html.jinja")
        .render(
            facts=facts,
            manifest=view.Section(facts.manifest),
            decision=facts.decision,
            policy=_policy(style, script),
            style=Markup(style),  # noqa: S704  (our own file)
            script=Markup(script),  # noqa: S704  (our own file)
            **_rows(facts),
            **_pictures(facts),
        )
    )
    return page.strip() + "\n"


def _rows(facts: RunFacts) -> dict[str, Any]:
    variants = view.variants_of(facts)
    return {
        "variants": variants,
        "slots": charts.slots(variants),
        "glance": view.glance(facts),
        "metric_rows": view.metric_rows(facts),
        "field_rows": view.field_rows(facts),
        "reading_rows": view.reading_rows(facts),
        "primary_differences": view.primary_differences(facts),
        "variant_differences": view.variant_differences(facts),
        "other_differences": view.other_differences(facts),
        "trivial": view.trivial_metrics(facts),
        "strata": view.stratum_rows(facts),
        "few": any(cell and cell.n < view.SMALL_N for row in view.stratum_rows(facts) for cell in row.cells),
        "latency": view.latency_rows(facts),
        "costs": facts.costs,
        "cost_notes": view.cost_notes(facts.costs),
        "causes": view.unscored_causes(facts),
        "matrix": matrix.matrix(facts),
        "unplaced": [v for v in variants if v not in {place.variant for place in view.cost_places(facts)}],
        "one_test": view.only_test(facts),
        "hashes": view.hashes(facts),
        "machine": view.machine(facts),
        "seeds": view.training_seeds(facts),
        "config_text": _config_text(facts.part("config")),
    }


def _pictures(facts: RunFacts) -> dict[str, charts.Chart | None]:
    painter = charts.Painter(view.variants_of(facts))
    primary = [row for row in view.metric_rows(facts) if row.name == facts.primary]
    quantiles = {row.variant: [m for m in (row.p50, row.p95) if m] for row in view.latency_rows(facts)}
    months = facts.costs[0].months if facts.costs else 12
    floor = view.floor_of(facts)
    return {
        "quality_chart": painter.quality(primary[0], floor) if primary else None,
        "difference_chart": painter.differences(view.variant_differences(facts)),
        "strata_chart": painter.strata(view.stratum_rows(facts)),
        "latency_chart": painter.latency(view.latencies(facts), quantiles),
        "cost_chart": painter.trade(view.cost_places(facts), f"Cost over {months} months, USD", floor),
        "time_chart": painter.trade(view.time_places(facts), "Time of half of the requests", floor),
        "training_chart": painter.training(facts.trainings),
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ragvsft.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters |= {
        "quantity": format.quantity,
        "whole_share": format.whole_share,
        "count": format.count,
        "duration": format.duration,
        "size": format.size,
        "moment": format.moment,
        "listing": format.listing,
        "p_value": format.p_value,
        "metric_title": words.metric_title,
        "metric_meaning": words.metric_meaning,
        "sentence": _sentence,
        "svg": Markup,  # chart text is escaped where it is drawn
    }
    environment.globals |= {
        "bounds": format.bounds,
        "difference": format.difference,
        "difference_bounds": _difference_bounds,
        "difference_unit": format.difference_unit,
        "plural": format.plural,
        "STRATA": words.STRATA,
        "VARIANTS": words.VARIANTS,
        "TRIVIAL": TRIVIAL,
        "GLOSSARY": words.GLOSSARY,
        "footnotes": view.footnotes,
        "notes_of": view.notes_of,
        "cell_footnotes": lambda rows: view.footnotes(cell for row in rows for cell in row.cells),
        "SMALL_N": view.SMALL_N,
        "RIGHT": matrix.RIGHT,
    }
    return environment


def _finalize(value: Any) -> Any:
    """Write out hidden characters in everything that a template prints, unless it is markup already."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return clean(value)
    return value


def _sentence(text: str) -> str:
    """Return the text with a capital at its start."""
    return text[:1].upper() + text[1:]


def _difference_bounds(row: Difference) -> str:
    return format.difference_bounds(row.value, row.low, row.high, row.unit)


def _template_text(name: str) -> str:
    return (files("ragvsft.report") / "templates" / name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    light = "".join(f"--v{slot}:{colour};" for slot, (colour, _) in enumerate(charts.PALETTE))
    dark = "".join(f"--v{slot}:{colour};" for slot, (_, colour) in enumerate(charts.PALETTE))
    names = {
        charts.INK: "ink",
        charts.MUTED: "muted",
        charts.LINE: "line",
        charts.BAND: "band",
        charts.GROUND: "ground",
    }
    names |= {colour: f"v{slot}" for slot, (colour, _) in enumerate(charts.PALETTE)}
    rules = [f":root{{{light}}}", f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"]
    rules += [f".v{slot}{{--variant:var(--v{slot})}}" for slot in range(len(charts.PALETTE))]
    for colour, name in names.items():
        rules += [f'svg [{property}="{colour}"]{{{property}:var(--{name})}}' for property in ("fill", "stroke")]
    return _template_text("report.css") + "\n".join(rules) + "\n"


def _policy(style: str, script: str) -> str:
    """Return a content security policy under which only our own style and script run, and nothing is fetched."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _config_text(config: Mapping[str, Any]) -> str:
    """Return the config as YAML; a secret stands there as the name of its variable, or not at all."""
    return yaml.safe_dump(without_secrets(config), sort_keys=False, allow_unicode=True, width=100) if config else ""
