"""The command line as a newcomer meets it: init, doctor, import, a dry run, the list of runs."""

from __future__ import annotations

import json

import pytest
import yaml
from click.testing import CliRunner

from ragvsft.cli import main as cli
from ragvsft.config.load import load_config
from tests.projects import small_project

SQUAD = {
    "data": [
        {
            "title": "Pumps",
            "paragraphs": [
                {
                    "context": "The Beck pump weighs 210 grams.",
                    "qas": [
                        {"id": "a", "question": "How heavy is the Beck?", "answers": [{"text": "210 grams"}]},
                        {"id": "b", "question": "Who made it?", "answers": [], "is_impossible": True},
                    ],
                }
            ],
        }
    ]
}


def _call(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli.main, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout.replace("\N{NO-BREAK SPACE}", " "), result.stderr


@pytest.mark.parametrize("command", [[], *([name] for name in cli.main.commands), ["import", "squad"]])
def test_every_command_explains_itself(command):
    """`--help` exits with 0 and says more than its usage."""
    code, out, _ = _call(*command, "--help")
    assert code == 0
    assert len(out.splitlines()) > 4


def test_init_writes_a_config_once(tmp_path):
    """The second time it names the file instead of replacing it."""
    path = tmp_path / "ragvsft.yaml"
    assert _call("init", path)[0] == 0
    load_config(path)
    code, _, err = _call("init", path)
    assert code == 2
    assert "already exists" in err


def test_schema_prints_json_schema():
    """And nothing else."""
    code, out, _ = _call("schema")
    assert code == 0
    assert json.loads(out)["properties"]["corpus"]


def test_an_imported_set_is_ready_to_run(tmp_path):
    """SQuAD JSON becomes a corpus, an evalset and a config whose paths exist; without examples there is no lora."""
    source, out = tmp_path / "squad.json", tmp_path / "pumps"
    source.write_text(json.dumps(SQUAD))
    code, said, err = _call("import", "squad", source, out, "--examples-share", "0")
    assert (code, err) == (0, "")
    assert "1 document, 2 samples, 0 training examples; 0 records skipped" in said
    config = load_config(out / "ragvsft.yaml")
    assert config.names == ["prompt", "rag"]
    assert config.corpus.is_dir()
    assert config.evalset.is_file()
    assert yaml.safe_load((out / "ragvsft.yaml").read_text())["notes"] == []  # it only has SQuAD's format


def test_a_broken_source_leaves_nothing_half_imported(tmp_path):
    """The place is named, and the folder is not there."""
    source, out = tmp_path / "squad.json", tmp_path / "pumps"
    source.write_text(json.dumps({"data": [{"title": "x", "paragraphs": [{"qas": []}]}]}))
    code, _, err = _call("import", "squad", source, out)
    assert code == 2
    assert "context" in err
    assert not (out / "corpus").exists()
    assert not (out / "ragvsft.yaml").exists()


def test_runs_of_an_empty_folder_say_how_to_start_one(tmp_path):
    """No table without rows."""
    code, out, _ = _call("runs", "-o", tmp_path)
    assert code == 0
    assert "ragvsft run" in out


def test_a_dry_run_counts_and_writes_nothing(tmp_path):
    """3 variants on 6 samples, 4 timed requests each, and no run folder."""
    config = small_project(tmp_path)
    code, out, _ = _call("run", "-c", config, "--dry-run", "--json")
    assert code == 0
    estimate = json.loads(out)
    assert estimate["requests"] == {"quality": 18, "latency": 12}
    assert (estimate["documents"], estimate["examples"]) == (3, 2)
    assert min(estimate["seconds"].values()) > 0
    assert not (tmp_path / "reports").exists()
