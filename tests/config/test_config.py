"""The config: one file, validated whole, changed by environment and flags."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from ragvsft.config.load import load_config, secrets_of
from ragvsft.config.recorded import recalled, recorded, without_places
from ragvsft.config.root import Config
from ragvsft.config.secrets import reveal
from ragvsft.config.template import config_schema, config_template
from ragvsft.errors import ConfigError

MINIMAL = "corpus: docs\nevalset: questions.jsonl\nvariants: [prompt, rag]\n"


def _write(folder: Path, text: str) -> Path:
    path = folder / "ragvsft.yaml"
    path.write_text(text)
    return path


def _problems(folder: Path, text: str, **more) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_config(_write(folder, text), **more)
    return list(caught.value.problems)


def test_relative_paths_are_meant_from_the_config_files_folder(tmp_path):
    """A config works from whatever folder it is called."""
    config = load_config(_write(tmp_path, MINIMAL))
    assert config.corpus == tmp_path / "docs"
    assert config.output == tmp_path / "reports"


def test_all_problems_of_a_file_come_at_once_with_their_keys(tmp_path):
    """Three mistakes give three lines, each with the path of its key."""
    problems = _problems(tmp_path, MINIMAL + "engin: 1\nrag: {k: 0}\nengine: {devize: cpu}\n")
    assert len(problems) == 3
    assert any("retrieval.k: 0" in line for line in problems)
    assert any("engine.devize: unknown key; did you mean device?" in line for line in problems)
    assert any("engin: unknown key; did you mean engine?" in line for line in problems)


def test_a_flag_overrides_the_environment_which_overrides_the_file(tmp_path):
    """The nearer to the user's fingers, the stronger."""
    path = _write(tmp_path, MINIMAL + "retrieval: {k: 2}\nlora: {r: 2}\nengine: {device: cuda}\n")
    environ = {"RAGVSFT_RAG__K": "3", "RAGVSFT_LORA__R": "3", "HOME": "/"}
    config = load_config(path, overrides={"retrieval.k": "4"}, environ=environ)
    assert (config.retrieval.k, config.lora.r, config.engine.device) == (4, 3, "cuda")


def test_a_wrong_override_is_named_with_where_it_came_from(tmp_path):
    """The file is right; the mistake is in the environment."""
    [problem] = _problems(tmp_path, MINIMAL, environ={"RAGVSFT_FOO": "1"})
    assert "changed by environment foo" in problem
    assert "foo: unknown key" in problem


def test_yaml_aliases_are_refused(tmp_path):
    """What a run used must stand there in full."""
    [problem] = _problems(tmp_path, MINIMAL + "rag: &a {k: 2}\nlora: *a\n")
    assert "alias *a" in problem
    assert "line 5" in problem


def test_a_key_that_is_listed_twice_is_refused(tmp_path):
    """YAML itself would silently take the second."""
    [problem] = _problems(tmp_path, MINIMAL + "corpus: other\n")
    assert "corpus is listed twice" in problem


def test_a_secret_in_the_clear_is_refused_and_a_reference_is_looked_up_late(tmp_path):
    """The config holds the name of the variable, never its value."""
    [problem] = _problems(tmp_path, MINIMAL + "hub_token: hf_abc\n")
    assert "${ENV_NAME}" in problem
    config = load_config(_write(tmp_path, MINIMAL + "hub_token: ${TOKEN}\n"), environ={"TOKEN": "s3cret"})
    assert "s3cret" not in config.model_dump_json()
    assert secrets_of(config) == ["TOKEN"]
    assert reveal(config.hub_token, {"TOKEN": "s3cret"}) == "s3cret"


def test_a_secret_whose_variable_is_not_set_is_named(tmp_path):
    """The remedy is the export that is missing."""
    [problem] = _problems(tmp_path, MINIMAL + "hub_token: ${TOKEN}\n", environ={})
    assert "export TOKEN=" in problem


def test_lora_without_examples_is_refused(tmp_path):
    """The adapter must be trained on something."""
    [problem] = _problems(tmp_path, "corpus: d\nevalset: e\nvariants: [lora]\n")
    assert "needs a file of training examples" in problem


def test_the_template_is_a_config_with_every_default(tmp_path):
    """`ragvsft init` writes what leaving everything out would mean."""
    template = config_template()
    config = load_config(_write(tmp_path, template))
    assert config.engine == Config.model_fields["engine"].default
    assert set(yaml.safe_load(template)) == set(Config.model_fields)


def test_the_schema_accepts_the_template_and_refuses_an_unknown_key():
    """An editor that follows the schema agrees with us."""
    schema = json.loads(config_schema())
    raw = yaml.safe_load(config_template())
    jsonschema.validate(raw, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**raw, "engin": 1}, schema)


def test_a_missing_config_names_the_command_that_writes_one(tmp_path):
    """The remedy is in the error."""
    with pytest.raises(ConfigError, match="ragvsft init"):
        load_config(tmp_path / "none.yaml")


def test_an_encoder_in_a_folder_is_meant_from_the_config_files_folder(tmp_path):
    """As a model is; a hub id and the words auto and packaged stay what they are."""
    (tmp_path / "encoder").mkdir()
    (tmp_path / "packaged").mkdir()
    config = load_config(_write(tmp_path, MINIMAL + "retrieval: {encoder: encoder}\n"))
    assert config.retrieval.encoder == str(tmp_path / "encoder")
    assert load_config(_write(tmp_path, MINIMAL + "retrieval: {encoder: packaged}\n")).retrieval.encoder == "packaged"


def test_a_section_whose_lines_are_all_commented_out_has_its_defaults(tmp_path):
    """YAML reads it as null."""
    config = load_config(_write(tmp_path, MINIMAL + "lora:\n  # epochs: 3\n"), overrides={"lora.r": "4"})
    assert (config.lora.r, config.lora.epochs) == (4, 20)


def test_braces_that_make_a_key_of_a_mapping_are_one_line(tmp_path):
    """`corpus: {{docs}}` is a template that nobody filled in."""
    [problem] = _problems(tmp_path, "corpus: {{docs}}\nevalset: e\n")
    assert "line 1" in problem


def test_seeds_differ_and_are_what_every_library_takes(tmp_path):
    """The same seed twice is one training; numpy takes no negative one, and says so after the last answer."""
    assert "is listed twice" in _problems(tmp_path, MINIMAL + "lora: {seeds: [1, 2, 1]}\n")[0]
    assert len(_problems(tmp_path, MINIMAL + "lora: {seeds: [-1, 4294967296]}\nstatistics: {seed: -1}\n")) == 3


def test_reports_may_not_lie_in_the_corpus(tmp_path):
    """The next run would retrieve its answers from the report of this one."""
    [problem] = _problems(tmp_path, "corpus: .\nevalset: e\nvariants: [rag]\n")
    assert "lies inside the corpus" in problem


def test_a_separator_that_is_not_there_leaves_the_hash_of_a_run_as_it_was(tmp_path):
    """Runs of before there was one can still be continued; one that is there counts."""
    path = _write(tmp_path, MINIMAL)
    assert "separator" not in without_places(load_config(path))
    assert without_places(load_config(path, overrides={"separator": "'|'"}))["separator"] == "|"


def test_a_config_without_a_corpus_is_recorded_and_recalled(tmp_path):
    """And one of a run folder from before `separator` is read too."""
    config = load_config(_write(tmp_path, "evalset: e\nvariants: [prompt]\nnotes: [a, b]\n"))
    raw = recorded(config, tmp_path / "reports")
    assert recalled(raw, tmp_path / "reports", place="x") == config
    raw.pop("separator")
    assert recalled(raw, tmp_path / "reports", place="x") == config


def test_a_note_is_masked_once_and_for_all(tmp_path):
    """What is recorded and what is recalled have the same hash."""
    config = load_config(_write(tmp_path, MINIMAL + "notes: [commit 9e107d9d372bb6826bd81d3542a419d6]\n"))
    assert config.notes == ["commit (not shown)"]
    again = recalled(recorded(config, tmp_path), tmp_path, place="x")
    assert without_places(again) == without_places(config)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("retrieval: {k: three}", "retrieval.k: 'three' cannot be used; write a whole number"),
        ("retrieval: {k: 2.5}", "retrieval.k: 2.5 cannot be used; write a whole number"),
        (
            "retrieval: {k: yes}",
            "retrieval.k: true cannot be used; no key takes yes or no; write a number, or a text in quotes",
        ),
        ("lora: {dropout: on}", "lora.dropout: true cannot be used; no key takes yes or no; write a number, or"),
        ("lora: {learning_rate: .inf}", "lora.learning_rate: inf cannot be used; write a finite number"),
        ("statistics: {tolerable_loss: .inf}", "statistics.tolerable_loss: inf cannot be used; write a finite number"),
        ("statistics: {confidence: 95}", "statistics.confidence: 95 cannot be used; write less than 1"),
        ("lora: {dropout: -1}", "lora.dropout: -1 cannot be used; write 0.0 or more"),
        ("retrieval: 3", "retrieval: 3 cannot be used; write its keys below it, indented"),
        ("notes: rag", "notes: 'rag' cannot be used; write a list, such as [first, second]"),
        ("lora: {seeds: []}", "lora.seeds: [] cannot be used; name at least one"),
        ("engine: {dtype: fp16}", "engine.dtype: 'fp16' cannot be used; choose from 'auto', 'float32', 'bfloat16' or"),
        ("name: 2026-11-25", "name: '2026-11-25' cannot be used; write a text, in quotes if it looks like a number"),
        ("name: my run", "name: 'my run' cannot be used; use only letters, digits, dots, - and _"),
        ("lora: {target_modules: [q_proj, 3]}", "lora.target_modules.1: 3 cannot be used; write a text"),
        ("lora: {target_modules: 3}", "lora.target_modules: 3 cannot be used; write a text"),
        ("output: [a]", "output: ['a'] cannot be used; write the path of a file or folder"),
        ("lora: {rank: 8}", "lora.rank: unknown key; did you mean r?"),
        ("retrieval: {top_k: 5}", "retrieval.top_k: unknown key; did you mean k?"),
        ("retreival: {k: 5}", "retreival: unknown key; did you mean retrieval?"),
        ("base_modle: x", "base_modle: unknown key; did you mean model?"),
        ("rag:\n\tk: 3", "line 5: a line is indented with a tab; indent with spaces"),
        ("cache: docs/kept", "docs/kept lies inside the corpus, so the next run would read what this one keeps"),
    ],
)
def test_each_mistake_is_one_line_with_the_value_and_the_remedy(tmp_path, text, said):
    """In words that need no knowledge of Python or of the library that checks."""
    [problem] = _problems(tmp_path, MINIMAL + text + "\n")
    assert said in problem


def test_a_hidden_cache_may_lie_in_the_corpus(tmp_path):
    """Hidden folders are not read."""
    assert load_config(_write(tmp_path, MINIMAL + "cache: docs/.kept\n")).cache == tmp_path / "docs" / ".kept"


@pytest.mark.parametrize(
    ("text", "said"), [("", "is empty"), ("# only a comment\n", "is empty"), ("- a\n", "keys and")]
)
def test_a_file_without_keys_says_where_to_start(tmp_path, text, said):
    """An empty file, and a list."""
    [problem] = _problems(tmp_path, text)
    assert said in problem
    assert problem.endswith("start from what `ragvsft init` writes")
