"""What a run folder holds of a config gives that config back."""

from __future__ import annotations

from ragvsft.config.load import load_config
from ragvsft.config.recorded import recalled, recorded, without_places
from tests.config.written import MINIMAL, written


def test_a_separator_that_is_not_there_leaves_the_hash_of_a_run_as_it_was(tmp_path):
    """Runs of before there was one can still be continued; one that is there counts."""
    path = written(tmp_path, MINIMAL)
    assert "separator" not in without_places(load_config(path))
    assert without_places(load_config(path, overrides={"separator": "'|'"}))["separator"] == "|"


def test_a_config_without_a_corpus_is_recorded_and_recalled(tmp_path):
    """And one of a run folder from before `separator` is read too."""
    config = load_config(written(tmp_path, "evalset: e\nvariants: [prompt]\nnotes: [a, b]\n"))
    raw = recorded(config, tmp_path / "reports")
    assert recalled(raw, tmp_path / "reports", place="x") == config
    raw.pop("separator")
    assert recalled(raw, tmp_path / "reports", place="x") == config


def test_a_note_is_masked_once_and_for_all(tmp_path):
    """What is recorded and what is recalled have the same hash."""
    config = load_config(written(tmp_path, MINIMAL + "notes: [commit 9e107d9d372bb6826bd81d3542a419d6]\n"))
    assert config.notes == ["commit (not shown)"]
    again = recalled(recorded(config, tmp_path), tmp_path, place="x")
    assert without_places(again) == without_places(config)
