"""What `ragvsft init` writes and what editors are told agree with what is read."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from ragvsft.config.load import load_config
from ragvsft.config.root import Config
from ragvsft.config.template import config_schema, config_template
from tests.config.written import written


def test_the_template_is_a_config_with_every_default(tmp_path):
    """`ragvsft init` writes what leaving everything out would mean."""
    template = config_template()
    config = load_config(written(tmp_path, template))
    assert config.engine == Config.model_fields["engine"].default
    assert set(yaml.safe_load(template)) == set(Config.model_fields)


def test_the_schema_accepts_the_template_and_refuses_an_unknown_key():
    """An editor that follows the schema agrees with us."""
    schema = json.loads(config_schema())
    raw = yaml.safe_load(config_template())
    jsonschema.validate(raw, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**raw, "engin": 1}, schema)
