"""Runs that an older version left are reported like those of today."""

from __future__ import annotations

import pytest

from ragvsft.evidence.read import read_config, read_evidence, read_manifest
from ragvsft.report.page import render
from ragvsft.store.runs import RunFolder
from tests.paths import ROOT
from tests.report.made import Page

RUNS = ROOT / "tests" / "runs"


@pytest.mark.parametrize(("name", "seeds"), [("marrowick-facts", "0, 1"), ("marrowick-tickets", "0")])
def test_a_run_of_format_1_has_a_whole_report(name: str, seeds: str) -> None:
    """Its one engine, its index and its adapters with the variant that they are for; nothing is missing."""
    [path] = RUNS.glob(f"*_{name}_*")
    folder = RunFolder.open(path, locked=False)
    manifest = read_manifest(folder)
    page = Page(render(read_evidence(folder, manifest, read_config(folder, manifest))))
    assert manifest.format == 1
    for said in (
        "Model bundled Device cpu, float32",
        "with the same model",
        "One request at a time, the variants in turn, retrieval inside the clock.",
        "lora, seed 0",
        "Searched by rag",
        f"Training seeds lora: {seeds} ",
    ):
        assert said in page.text
    assert "not recorded" not in page.text.casefold()
