"""A secret stands in a config as the name of a variable, and nowhere else."""

from __future__ import annotations

from ragvsft.config.load import load_config, secrets_of
from ragvsft.config.secrets import reveal
from tests.config.written import MINIMAL, problems_of, written


def test_a_secret_in_the_clear_is_refused_and_a_reference_is_looked_up_late(tmp_path):
    """The config holds the name of the variable, never its value."""
    [problem] = problems_of(tmp_path, MINIMAL + "hub_token: hf_abc\n")
    assert "${ENV_NAME}" in problem
    config = load_config(written(tmp_path, MINIMAL + "hub_token: ${TOKEN}\n"), environ={"TOKEN": "s3cret"})
    assert "s3cret" not in config.model_dump_json()
    assert secrets_of(config) == ["TOKEN"]
    assert reveal(config.hub_token, {"TOKEN": "s3cret"}) == "s3cret"


def test_a_secret_whose_variable_is_not_set_is_named(tmp_path):
    """The remedy is the export that is missing."""
    [problem] = problems_of(tmp_path, MINIMAL + "hub_token: ${TOKEN}\n", environ={})
    assert "export TOKEN=" in problem
