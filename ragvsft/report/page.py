"""The report as one HTML file: no network, strict content security policy, the same bytes for the same evidence."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from ragvsft import text as format
from ragvsft.characters import clean
from ragvsft.evidence.run import Evidence
from ragvsft.findings import Difference
from ragvsft.masking import without_secrets
from ragvsft.names import TRIVIAL
from ragvsft.report import builds, engines, matrix, palette, quality, spending, view, words
from ragvsft.report.charts.drawing import Chart
from ragvsft.report.charts.marks import Cast
from ragvsft.report.charts.quality import difference_chart, quality_chart, strata_chart
from ragvsft.report.charts.spending import latency_chart, trade_chart
from ragvsft.report.charts.training import training_chart
from ragvsft.scoring import measures

T = TypeVar("T")

_LONGEST_WHOLE = 20  # characters of a name that is kept on one line: as many fit on a telephone


@dataclass(frozen=True, slots=True)
class Pictures:
    """The charts of a report; None where there is nothing to draw."""

    quality: Chart | None
    differences: Chart | None
    strata: Chart | None
    latency: Chart | None
    cost: Chart | None
    time: Chart | None
    training: Chart | None


def render(evidence: Evidence) -> str:
    """Return report.html. Parts that the run lacks are named as missing."""
    variants = view.variants_of(evidence)
    slots = palette.slots(variants)
    style, script = _style(max(slots.values(), default=0) + 1), _template_text("report.js")
    page = (
        _environment()
        .get_template("report.html.jinja")
        .render(
            run=evidence,
            variants=variants,
            controls=view.controls_of(evidence),
            meanings={variant: words.variant_meaning(evidence.config, variant) for variant in variants},
            slots=slots,
            stamps=view.stamps_of(evidence),
            engines=engines.engines_of(evidence),
            glances=spending.glances(evidence),
            quality=quality.quality_of(evidence),
            strata=quality.strata_rows(evidence),
            latency=spending.latency_rows(evidence),
            costs=spending.costs_of(evidence),
            built=builds.built_of(evidence),
            matrix=matrix.matrix_of(evidence),
            pictures=_pictures(evidence),
            hashes=_hashes(evidence),
            stages=[stage for stage in evidence.stages if stage.title != "report"],  # it cannot know how long it takes
            config_text=_config_text(evidence.manifest.config),
            policy=_policy(style, script),
            style=Markup(style),  # noqa: S704  (our own file)
            script=Markup(script),  # noqa: S704  (our own file)
        )
    )
    return page.strip() + "\n"


def _pictures(evidence: Evidence) -> Pictures:
    cast = Cast(view.variants_of(evidence), view.controls_of(evidence))
    found, floor = quality.quality_of(evidence), quality.floor_of(evidence)
    primary = next((row for row in found.rows if row.name == evidence.primary), None)
    months = f"Cost over {evidence.config.cost.months} months, USD"
    return Pictures(
        quality=quality_chart(cast, primary, floor) if primary else None,
        differences=difference_chart(found.comparisons.drawn),
        strata=strata_chart(cast, quality.strata_rows(evidence)),
        latency=latency_chart(cast, spending.latencies(evidence), spending.latency_rows(evidence)),
        cost=trade_chart(cast, spending.cost_places(evidence), months, floor),
        time=trade_chart(cast, spending.time_places(evidence), "Time of half of the requests", floor),
        training=training_chart(cast, builds.built_of(evidence).adapters),
    )


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
        "metric_title": measures.metric_title,
        "metric_meaning": measures.metric_meaning,
        "sentence": _sentence,
        "with_whole": _with_whole,
        "svg": Markup,  # chart text is escaped where it is drawn
    }
    environment.globals |= {
        "bounds": format.bounds,
        "difference": format.difference,
        "difference_bounds": _difference_bounds,
        "difference_unit": format.difference_unit,
        "plural": format.plural,
        "STRATA": words.STRATA,
        "TRIVIAL": TRIVIAL,
        "GLOSSARY": words.GLOSSARY,
        "footnotes": view.footnotes,
        "cell_footnotes": lambda rows: view.footnotes(cell for row in rows for cell in row.cells),
        "SMALL_N": view.SMALL_N,
        "MANY": quality.MANY,
        "RIGHT": matrix.RIGHT,
    }
    return environment


def _finalize(value: T) -> T | str:
    """Write out hidden characters in everything that a template prints, unless it is markup already."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return clean(value)
    return value


def _sentence(text: str) -> str:
    """Return the text with a capital at its start."""
    return text[:1].upper() + text[1:]


def _with_whole(text: str, names: Sequence[str]) -> Markup:
    """Return the text as HTML in which no line ends at a hyphen within one of the names."""
    said = escape(clean(text))
    hyphened = sorted((name for name in names if "-" in name and len(name) <= _LONGEST_WHOLE), key=len, reverse=True)
    if not hyphened:
        return said
    named = rf"(?<![\w.-])(?:{'|'.join(map(re.escape, hyphened))})(?![\w-])"
    return Markup(re.sub(named, r'<span class="whole">\g<0></span>', str(said)))  # noqa: S704  (escaped above)


def _difference_bounds(row: Difference) -> str:
    return format.difference_bounds(row.value, row.low, row.high, row.unit)


def _hashes(evidence: Evidence) -> list[tuple[str, str]]:
    """Return (what, sha256) of everything that the run was made of."""
    manifest = evidence.manifest
    models = {engine.model: engine.model_sha256 for engine in (evidence.engines or {}).values()}
    named = [
        ("corpus", manifest.corpus and manifest.corpus.sha256),
        ("evalset", manifest.evalset.sha256),
        ("examples", manifest.examples and manifest.examples.sha256),
        *(("model" if len(models) == 1 else f"model {model}", sha256) for model, sha256 in models.items()),
        ("inputs together", manifest.inputs_sha256),
    ]
    return [(name, sha256) for name, sha256 in named if sha256]


def _template_text(name: str) -> str:
    return (files("ragvsft.report") / "templates" / name).read_text(encoding="utf-8")


@cache
def _style(slots: int) -> str:
    return f"{_template_text('report.css')}{palette.css(slots)}\n"


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
