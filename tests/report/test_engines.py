"""What the report says of models, engines and pace is what ran."""

from __future__ import annotations

from dataclasses import replace

from ragvsft.building import EngineIdentity
from ragvsft.evidence.run import Evidence
from ragvsft.report.engines import engines_of
from ragvsft.report.page import render
from tests.report.made import ENGINE, SKILL, Page, realistic

HOSTED = EngineIdentity("http", "large", concurrency=8)


def _with(**engines: EngineIdentity) -> Evidence:
    return replace(realistic(12), engines=engines)


def _text(evidence: Evidence) -> str:
    return Page(render(evidence)).text


def test_one_engine_for_all_is_said_with_model_device_and_precision(small_page: Page) -> None:
    """At the head, beside the numbers, and no table by variant."""
    text = small_page.text
    assert "Model bundled Device cpu, float32 Variants" in text
    assert "All variants answered the same 12 samples with the same model." in text
    assert "One request at a time, the variants in turn, retrieval inside the clock." in text
    assert "model, sampling and stopwatch are shared" in text
    assert "What answered" not in text


def test_several_engines_stand_in_a_table_by_variant() -> None:
    """Nothing says then that model or pace were the same."""
    page = Page(render(_with(prompt=HOSTED, rag=ENGINE, lora=ENGINE)))
    assert "Models large and bundled Device cpu, float32 ( by variant )" in page.text
    assert "They did not all have the same model" in page.text
    assert "1 to 8 requests at a time, by variant" in page.text
    assert "What answered Variant Model Engine Device Precision At a time Longest answer prompt large http" in page.text
    assert "the engines are those of the table below" in page.text
    for claim in ("with the same model", "One request at a time", "sampling and stopwatch are shared"):
        assert claim not in page.text
    assert "#engines" in page.attributes("href")


def test_one_model_in_several_engines_is_one_model() -> None:
    """The same weights in two precisions: one model, two engines."""
    engines = engines_of(_with(prompt=replace(ENGINE, dtype="bfloat16"), rag=ENGINE, lora=ENGINE))
    assert engines.shared is None
    assert engines.is_one_model
    assert engines.devices == "cpu, bfloat16 and cpu, float32"
    other = engines_of(_with(prompt=replace(ENGINE, model_sha256="34" * 32), rag=ENGINE, lora=ENGINE))
    assert not other.is_one_model


def test_pace_is_that_of_the_timed_variants() -> None:
    """A variant that was not timed has no say in it; one whose engine is unknown leaves it unknown."""
    assert engines_of(_with(**dict.fromkeys(SKILL, HOSTED))).pace == "8 requests at a time"
    assert engines_of(_with(prompt=ENGINE, rag=ENGINE)).pace is None
    untimed = replace(
        _with(prompt=HOSTED, rag=ENGINE, lora=ENGINE),
        predictions=tuple(p for p in realistic(12).predictions if p.purpose == "quality" or p.variant != "prompt"),
    )
    assert engines_of(untimed).pace == "one request at a time"


def test_an_engine_that_was_not_recorded_is_unknown() -> None:
    """The model is the configured one, and nothing is said of a shared one."""
    text = _text(replace(realistic(12), engines=None))
    assert "Model bundled, as configured Device unknown" in text
    assert "How many requests went at a time was not recorded" in text
    assert "which engine answered was not recorded" in text
    assert "with the same model" not in text
    partly = _text(_with(rag=ENGINE, lora=HOSTED))
    assert "What answered prompt was not recorded." in partly


def test_variants_that_were_timed_in_groups_did_not_all_take_turns(small_page: Page) -> None:
    """It is said once, with how many groups there were."""
    evidence = realistic(12)
    grouped = tuple(replace(p, group=1) if p.variant == "lora" else p for p in evidence.predictions)
    text = _text(replace(evidence, predictions=grouped))
    assert text.count("they were timed in 2 groups, one group after the other") == 1
    assert "the variants of a group took turns" in text
    assert "timed in" not in small_page.text
