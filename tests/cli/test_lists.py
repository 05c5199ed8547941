"""What the terminal says of what is there: what was built, and the recipes."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from ragvsft.building import Builds, IndexRecord, LegBuild, TrainingRecord
from ragvsft.cli.lists import summarise_builds
from ragvsft.cli.main import main
from ragvsft.names import VARIANTS

BUILDS = Builds(
    {
        "a": IndexRecord(3, 7, 384, "minilm", "flat inner product", 9, 48, 0.1, "cpu", 1),
        "b": TrainingRecord(1, 20, 2, (), 1, "early", 9, 90, 100, 1.0, "cpu", "float32", 1),
    },
    (LegBuild("rag", None, ("a",)), LegBuild("rag-5", None, ("a",)), LegBuild("lora", 1, ("b",))),
)


def test_what_was_built_is_said_with_who_uses_it(capsys):
    """In words, and not as Python would print the records."""
    summarise_builds(BUILDS, Path("reports/one")).show()
    said = " ".join(capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "index 7 passages of 3 documents rag, rag-5" in said
    assert "adapter, seed 1 20 examples, 0 epochs lora" in said
    assert said.endswith("next: ragvsft answer reports/one")
    assert "{" not in said


def test_json_of_what_was_built_holds_the_records_and_the_legs():
    """As builds.json does."""
    data = summarise_builds(BUILDS, Path("reports/one")).data
    assert (data["run"], list(data["records"]), len(data["legs"])) == ("reports/one", ["a", "b"], 3)


def test_a_program_reads_the_role_of_a_recipe_and_no_sentence():
    """Words are for people."""
    rows = json.loads(CliRunner().invoke(main, ["variants", "--json"]).output)
    assert [(row["name"], row["role"]) for row in rows] == [(name, row.role) for name, row in VARIANTS.items()]
