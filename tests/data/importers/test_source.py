"""What every import does: all or nothing, and a config that is valid wherever it lies."""

from __future__ import annotations

import json
import os
from pathlib import Path

from click.testing import CliRunner

from ragvsft.cli import main as cli
from ragvsft.config.load import load_config
from tests.data.importers.written import question, squad


def test_the_config_of_an_import_is_valid_wherever_it_lies(tmp_path: Path) -> None:
    """A folder with a blank in its name still gives a run a name."""
    (tmp_path / "s.json").write_text(json.dumps(squad(question("q1", "France"))))
    out = tmp_path / "my data (new)"
    done = CliRunner().invoke(
        cli.main, ["import", "squad", str(tmp_path / "s.json"), str(out), "--examples-share", "0"]
    )
    assert done.exit_code == 0
    assert load_config(out / "ragvsft.yaml").name == "my-data-new"


def test_an_import_replaces_no_config(tmp_path: Path) -> None:
    """Whoever imports into the folder of a config keeps it, and nothing else is written either."""
    (tmp_path / "s.json").write_text(json.dumps(squad(question("q1", "France"))))
    out = tmp_path / "out"
    out.mkdir()
    (out / "ragvsft.yaml").write_text("mine")
    done = CliRunner().invoke(cli.main, ["import", "squad", str(tmp_path / "s.json"), str(out)])
    assert (done.exit_code, os.listdir(out)) == (2, ["ragvsft.yaml"])
    assert (out / "ragvsft.yaml").read_text() == "mine"
