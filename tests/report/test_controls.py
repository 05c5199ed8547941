"""Controls stand apart from candidates: they explain, and never compete."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ragvsft import names
from ragvsft.evidence.run import Evidence
from ragvsft.report.page import render
from ragvsft.report.quality import quality_of
from ragvsft.report.view import variants_of
from tests.report.made import Page, realistic


@pytest.fixture
def controlled(monkeypatch: pytest.MonkeyPatch) -> Evidence:
    """Return the realistic run with its rag as a control."""
    monkeypatch.setitem(names.VARIANTS, "rag", replace(names.VARIANTS["rag"], role="control"))
    return realistic(12)


def _table(source: str, title: str) -> str:
    [found] = re.findall(rf'<table [^>]*>\s*<caption id="{title}">.*?</table>', source, re.DOTALL)
    return Page(found).text


def test_a_control_never_stands_among_the_candidates(controlled: Evidence) -> None:
    """It comes last, in a table of its own, marked, with a sentence that says what it is for."""
    assert variants_of(controlled) == ("prompt", "lora", "rag")
    source = render(controlled)
    assert "rag" not in _table(source, "glance-title")
    assert "rag control" in _table(source, "controls-title")
    assert "A control explains why the others do as they do. It does not compete" in Page(source).text
    assert "A hollow mark is a control." in Page(source).text


def test_a_comparison_with_a_control_is_not_one_the_verdict_rests_on(controlled: Evidence) -> None:
    """Neither in the table nor in the picture; it stands in a table of its own."""
    comparisons = quality_of(controlled).comparisons
    assert [(row.variant, row.other) for row in comparisons.candidates] == [("lora", "prompt")]
    assert {row.variant for row in comparisons.explaining} == {"rag", "lora"}
    assert "What the controls explain" in Page(render(controlled)).text


def test_without_controls_nothing_speaks_of_them(small_page: Page) -> None:
    """But the words of the report."""
    assert small_page.text.casefold().count("control") == 1  # in the glossary
