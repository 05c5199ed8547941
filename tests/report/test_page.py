"""The report: what stands in it, that it is safe to open, and that missing parts are named."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ragvsft import text as format
from ragvsft.evidence.manifest import DroppedFacts, LeftOutFacts, NotesFacts
from ragvsft.evidence.run import Evidence
from ragvsft.findings import CostSheet
from ragvsft.report import page as html_report
from ragvsft.report import words
from ragvsft.report.page import render
from ragvsft.report.quality import quality_of
from ragvsft.scoring.measures import measures
from tests.make import a_config, a_metric, a_training, some_builds
from tests.report.made import HOSTILE, Page, config_of, realistic


def test_report_of_200_samples_and_3_variants_is_small(page: Page) -> None:
    """The report of 200 samples and 3 variants has at most 1.5 MB and shows every sample."""
    assert len(page.source.encode()) <= 1_500_000
    assert len([1 for tag, attributes in page.tags if tag == "tr" and "data-f" in attributes]) == 200


@pytest.mark.parametrize(("share", "said"), [(0.08, 1), (0.99, 0), (None, 0)])
def test_an_adapter_that_reaches_little_is_remarked_on(share: float | None, said: int) -> None:
    """In one line below the adapters, with its variant and its seed."""
    builds = some_builds({"lora": [a_training(reached_share=share)]})
    page = Page(render(replace(realistic(12), builds=builds)))
    assert page.text.count("The adapter of lora, seed 0, reaches 8 % of the model's weights") == said


def test_seconds_per_sample_are_quality_and_tokens_per_request_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has a value per sample stands among the metrics; what the latency pass times does not, whatever its unit."""
    of_sample = replace(measures()["prompt_tokens"], name="thinking_s", unit="s")
    of_request = replace(measures()["latency_s"], name="speed", unit="tokens")
    for measure in (of_sample, of_request):
        monkeypatch.setitem(measures(), measure.name, measure)
    added = [a_metric(measure.name, "rag", 3.0, unit=measure.unit) for measure in (of_sample, of_request)]
    evidence = realistic(12)
    rows = [row.name for row in quality_of(replace(evidence, metrics=(*evidence.metrics, *added))).rows]
    assert "thinking_s" in rows
    assert not {"speed", "latency_s"} & set(rows)


def test_no_line_of_the_verdict_ends_within_the_name_of_a_variant() -> None:
    """Each name with a hyphen stands in a span of its own, the longest that fits; what only holds it does not."""
    named = [{"name": name, "like": "rag"} for name in ("rag-1", "rag-1-wide", "rag-" + "x" * 30)]
    evidence = realistic(12)
    headline = f"Use rag-1: rag-1-wide, my-rag-1 and {named[2]['name']} are <b>worse</b>."
    decision = replace(evidence.decision, headline=headline, reasons=("rag-1 leads",), would_change=("not rag-1.",))
    source = render(replace(evidence, config=a_config("prompt", *named), decision=decision))
    whole = re.findall(r'<span class="whole">(.*?)</span>', source)
    assert whole == ["rag-1", "rag-1-wide", "rag-1", "rag-1"]
    assert "are &lt;b&gt;worse&lt;/b&gt;." in source
    assert 'class="whole"' not in render(evidence)


def test_the_same_evidence_makes_the_same_bytes(small_page: Page) -> None:
    """Another process, with another hash seed, writes the same bytes."""
    program = (
        "from ragvsft.report.page import render; from tests.report.made import realistic;"
        " print(render(realistic(12)), end='')"
    )
    environ = os.environ | {"PYTHONHASHSEED": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, check=True)
    assert done.stdout == small_page.source.encode()


def test_importing_the_report_imports_nothing_heavy() -> None:
    """Importing the report loads neither torch nor pandas nor altair."""
    program = "import sys, ragvsft.report.page; print({'torch', 'pandas', 'altair', 'transformers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_hostile_text_is_only_ever_text(page: Page) -> None:
    """No sample, answer or passage adds a tag, a handler or a link; hidden characters are written out."""
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert "img" not in {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in page.text
    assert "‹U+202E›gnp.exe‹U+202C› ‹U+0000›‹U+001B›[31m" in page.text
    assert not set(page.source) & {"\u202e", "\x00", "\x1b"}


def test_hostile_names_of_files_fields_and_notes_are_only_ever_text(small_page: Page) -> None:
    """What was left out, dropped and noted, the fields of JSON, and a trivial rival's floor; fields have no meaning."""
    evidence = realistic(12)
    corpus = replace(
        evidence.manifest.corpus,
        left_out=LeftOutFacts(1, {HOSTILE: 1}, ((HOSTILE, HOSTILE),)),
        dropped=(DroppedFacts(HOSTILE, 1, 9, 1),),
        notes=NotesFacts(1, (HOSTILE,)),
    )
    field = a_metric(f"field({HOSTILE})", "rag", 0.5, n=12)
    floor = replace(field, name="token_f1", variant="lead", value=0.1, low=0.0, high=0.2)
    manifest = replace(evidence.manifest, corpus=corpus, notes=(HOSTILE,))
    page = Page(render(replace(evidence, manifest=manifest, metrics=(*evidence.metrics, field, floor))))
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not {"img"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert not set(page.source) & {"\u202e", "\x00", "\x1b"}
    before = small_page.text.count("<script>alert(1)</script>")
    # cause twice, path, what was dropped, two notes, the field once
    assert page.text.count("<script>alert(1)</script>") == before + 7
    assert "Without training examples there is no constant" in page.text


def test_nothing_is_fetched_and_only_our_own_code_runs(page: Page) -> None:
    """The policy admits nothing but the one style and the one script by their sha256; links stay within the page."""
    policy = next(a["content"] for tag, a in page.tags if tag == "meta" and "http-equiv" in a) or ""
    for tag in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256("".join(page.inside[tag]).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not page.attributes("style")
    assert not page.attributes("src")
    assert {(link or "")[:1] for link in page.attributes("href")} == {"#"}
    assert "url(" not in page.source


def test_ids_are_unique_and_every_link_has_its_target(page: Page) -> None:
    """No id stands twice, and each link in the page leads to one."""
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    assert {(link or "")[1:] for link in page.attributes("href")} <= set(ids)


def test_tables_and_pictures_can_be_read_aloud(page: Page) -> None:
    """Every table has a caption, every header cell a scope, every picture a role and a name."""
    tags = [tag for tag, _ in page.tags]
    assert tags.count("table") == tags.count("caption") > 0
    assert {attributes.get("scope") for tag, attributes in page.tags if tag == "th"} == {"row", "col"}
    pictures = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert len(pictures) == 14
    assert all(picture["role"] == "img" and picture["aria-label"] for picture in pictures)


def test_every_metric_stands_there_with_interval_and_n(page: Page) -> None:
    """Each metric over all samples is printed with its unit and interval."""
    for metric in realistic().metrics:
        if metric.name != "retrieval_s" and (metric.name, metric.aggregate) != ("first_token_s", "p95"):
            shown = format.measured(metric.value, metric.low, metric.high, metric.unit).replace(
                "\N{NO-BREAK SPACE}", " "
            )
            assert shown in page.text, metric


def test_the_report_keeps_to_the_glossary(page: Page) -> None:
    """None of the words that the glossary rules out is used."""
    folder = Path(html_report.__file__).parent / "templates"
    template = " ".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.jinja")))
    banned = r"\b(baselines?|methods?|experiments?|categor(y|ies)|chunks?|gold)\b"
    assert not re.search(banned, f"{template} {words.GLOSSARY} {words.STRATA}", re.IGNORECASE)


def test_a_secret_never_stands_in_the_report() -> None:
    """A secret that got into the config is left out; the name of its variable and other keys stay."""
    shown = html_report._config_text(
        {"hub_token": "hf_abc", "other_token": "${NAME}", "batch_tokens": 2048, "api_key": None}
    )
    assert "hf_abc" not in shown
    assert "(not shown)" in shown
    assert "${NAME}" in shown
    assert "batch_tokens: 2048" in shown


def _unscored(evidence: Evidence) -> Evidence:
    scores = [replace(score, value=None, cause="out-of-memory") for score in evidence.scores]
    metrics = [
        replace(m, value=None, low=None, high=None, n=0, n_unscored=12, notes=("nothing could be scored",))
        for m in evidence.metrics
    ]
    refused = [
        replace(d, value=None, low=None, high=None, p_value=None, verdict="refused") for d in evidence.differences
    ]
    return replace(evidence, scores=tuple(scores), metrics=tuple(metrics), differences=tuple(refused))


def _only(evidence: Evidence, variant: str) -> Evidence:
    return replace(
        evidence,
        config=config_of(variant),
        predictions=tuple(p for p in evidence.predictions if p.variant == variant),
        scores=tuple(s for s in evidence.scores if s.variant == variant),
        metrics=tuple(m for m in evidence.metrics if m.variant == variant),
        sheet=CostSheet("2026-11-01", (), tuple(c for c in evidence.costs if c.variant == variant)),
        differences=(),
        builds=None,
    )


WITHHELD = "withheld: p95 needs 200 requests, there are 40"


def _with_few_requests(evidence: Evidence) -> Evidence:
    metrics = [
        replace(m, value=None, low=None, high=None, notes=(WITHHELD,)) if m.aggregate == "p95" else m
        for m in evidence.metrics
    ]
    return replace(evidence, metrics=tuple(metrics))


def _without_latency(evidence: Evidence) -> Evidence:
    return replace(
        evidence,
        predictions=tuple(p for p in evidence.predictions if p.purpose == "quality"),
        metrics=tuple(m for m in evidence.metrics if m.unit != "s"),
        sheet=None,
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_unscored, ["The primary metric has no value", "nothing could be scored", "out-of-memory: 12", "refused"]),
        (
            lambda evidence: _only(evidence, "prompt"),
            ["Nothing was trained", "No index was built", "No comparison: it takes two"],
        ),
        (
            lambda evidence: _with_few_requests(_only(evidence, "lora")),
            ["Cost or quality is unknown, so not drawn here: lora", WITHHELD],
        ),
        (
            lambda evidence: Evidence(evidence.manifest, evidence.config, ()),
            ["Nothing was scored", "This run has no samples", "This run was not decided", "bundled, as configured"],
        ),
        (_without_latency, ["No latency pass was run", "not timed", "No cost was computed"]),
    ],
    ids=["all unscored", "one variant", "cost unknown and p95 withheld", "nothing", "no latency"],
)
def test_missing_parts_are_named(change: Callable[[Evidence], Evidence], said: list[str]) -> None:
    """What a run lacks is said in words, and no number is made up for it."""
    page = Page(render(change(realistic(12))))
    assert all(sentence in page.text for sentence in said)
    assert not re.search(r"\b(nan|inf|None)\b", page.text)


def test_which_way_is_better_follows_the_metric(small_page: Page) -> None:
    """Up, or down where less is better."""
    evidence = realistic(12)
    lower = tuple(replace(metric, better="lower") for metric in evidence.metrics)
    assert "Up is better; left is cheaper" in small_page.text
    assert "Down is better; left is cheaper" in Page(render(replace(evidence, metrics=lower))).text


def test_one_sample_is_enough_for_a_report() -> None:
    """A run of one sample is reported, and its n is flagged as small."""
    page = Page(render(realistic(1)))
    assert "n 1, few" in page.text
    assert "1 sample " in page.text
