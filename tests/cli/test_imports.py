"""`ragvsft import`: a source is what its module says, and the command line adds nothing of its own."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import click
import pytest
import yaml
from click.testing import CliRunner

from ragvsft.cli.main import main
from ragvsft.data.importers.frame import Imported, files
from ragvsft.data.importers.source import Places, Source
from ragvsft.names import IMPORTERS
from ragvsft.records import Sample
from ragvsft.store.files import write_new


def take(places: Places, *, title: str) -> Imported:
    """Import a list of made-up questions.

    Each line is a question that is its own answer.
    """
    lines = places.test.read_text().splitlines()
    samples = [Sample(f"{title}-{n}", line, (line,), ("all.txt",), "rephrased") for n, line in enumerate(lines)]
    write_new(places.corpus, {"all.txt": "\n".join(lines)}, files(places.evalset, samples, None, []))
    return Imported(1, len(samples), 0, (), (), {"latency.requests": 0})


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offer a source of one module and one row."""
    module = ModuleType("made_up_lines")
    title = click.Option(["--title"], default="line", help="What ids begin with.")
    vars(module)["SOURCE"] = Source(take, (title,))
    monkeypatch.setitem(sys.modules, "made_up_lines", module)
    monkeypatch.setitem(IMPORTERS, "lines", "made_up_lines")


@pytest.mark.usefixtures("lines")
def test_a_source_is_one_module_and_one_row(tmp_path: Path) -> None:
    """Its command, its help, its option and the keys that it sets in the config follow from these."""
    (tmp_path / "q.txt").write_text("What is a bay?\nWho owns it?\n")
    listed, described = (CliRunner().invoke(main, ["import", *words]).output for words in (["-h"], ["lines", "-h"]))
    assert "lines       Import a list of made-up questions." in listed
    assert "SOURCE OUT" in described
    assert "What ids begin with." in described
    out = tmp_path / "out"
    done = CliRunner().invoke(main, ["import", "lines", str(tmp_path / "q.txt"), str(out), "--title", "bay"])
    assert done.exit_code == 0, done.output
    said = done.output.replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith(f"{out}: 1 document, 2 samples, 0 training examples; 0 records skipped")
    config = yaml.safe_load((out / "ragvsft.yaml").read_text())
    assert (config["variants"], config["latency"]["requests"]) == (["prompt", "rag"], 0)


@pytest.mark.parametrize("name", IMPORTERS)
def test_every_source_describes_itself_and_its_options(name: str) -> None:
    """The first line of the help is a sentence that fits into the list of commands; each option has a text."""
    source: Source = import_module(IMPORTERS[name]).SOURCE
    first = (source.take.__doc__ or "").splitlines()[0]
    assert first.startswith("Import ")
    assert first.endswith(".")
    assert len(first) <= 60
    assert all(option.help for option in source.options)


def test_an_unknown_source_is_a_usage_error() -> None:
    """With exit code 2, as every mistake on the command line."""
    done = CliRunner().invoke(main, ["import", "bear", "a", "b"])
    assert done.exit_code == 2
    assert "No such command 'bear'" in done.output
