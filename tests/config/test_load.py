"""The config: one file, validated whole, changed by environment and flags."""

from __future__ import annotations

import pytest

from ragvsft.config.load import load_config
from ragvsft.errors import ConfigError
from ragvsft.names import VARIANTS
from tests.config.written import MINIMAL, problems_of, written


def test_relative_paths_are_meant_from_the_config_files_folder(tmp_path):
    """A config works from whatever folder it is called."""
    config = load_config(written(tmp_path, MINIMAL))
    assert config.corpus == tmp_path / "docs"
    assert config.output == tmp_path / "reports"


def test_a_flag_overrides_the_environment_which_overrides_the_file(tmp_path):
    """The nearer to the user's fingers, the stronger."""
    path = written(tmp_path, MINIMAL + "retrieval: {k: 2}\nlora: {r: 2}\nengine: {device: cuda}\n")
    environ = {"RAGVSFT_RAG__K": "3", "RAGVSFT_LORA__R": "3", "HOME": "/"}
    config = load_config(path, overrides={"retrieval.k": "4"}, environ=environ)
    assert (config.retrieval.k, config.lora.r, config.engine.device) == (4, 3, "cuda")


def test_a_wrong_override_is_named_with_where_it_came_from(tmp_path):
    """The file is right; the mistake is in the environment."""
    [problem] = problems_of(tmp_path, MINIMAL, environ={"RAGVSFT_FOO": "1"})
    assert "changed by environment foo" in problem
    assert "foo: unknown key" in problem


def test_yaml_aliases_are_refused(tmp_path):
    """What a run used must stand there in full."""
    [problem] = problems_of(tmp_path, MINIMAL + "rag: &a {k: 2}\nlora: *a\n")
    assert "alias *a" in problem
    assert "line 5" in problem


def test_a_key_that_is_listed_twice_is_refused(tmp_path):
    """YAML itself would silently take the second."""
    [problem] = problems_of(tmp_path, MINIMAL + "corpus: other\n")
    assert "corpus is listed twice" in problem


def test_lora_without_examples_is_refused(tmp_path):
    """The adapter must be trained on something."""
    [problem] = problems_of(tmp_path, "corpus: d\nevalset: e\nvariants: [lora]\n")
    assert "needs a file of training examples" in problem


def test_a_missing_config_names_the_command_that_writes_one(tmp_path):
    """The remedy is in the error."""
    with pytest.raises(ConfigError, match="ragvsft init"):
        load_config(tmp_path / "none.yaml")


def test_a_config_that_is_no_text_says_what_to_do(tmp_path):
    """A folder, or an encoding that a spreadsheet or an old editor wrote: in words, not those of the system."""
    (tmp_path / "latin.yaml").write_bytes(b"name: caf\xe9\n")
    with pytest.raises(ConfigError, match=r"latin.yaml: byte 9 \(0xe9\) is not UTF-8; save the file as UTF-8$"):
        load_config(tmp_path / "latin.yaml")
    with pytest.raises(ConfigError, match=r": is a folder; name a file in it$"):
        load_config(tmp_path)


def test_an_encoder_in_a_folder_is_meant_from_the_config_files_folder(tmp_path):
    """As a model is; a hub id and the words auto and packaged stay what they are."""
    (tmp_path / "encoder").mkdir()
    (tmp_path / "packaged").mkdir()
    config = load_config(written(tmp_path, MINIMAL + "retrieval: {encoder: encoder}\n"))
    assert config.retrieval.encoder == str(tmp_path / "encoder")
    assert load_config(written(tmp_path, MINIMAL + "retrieval: {encoder: packaged}\n")).retrieval.encoder == "packaged"


def test_a_section_whose_lines_are_all_commented_out_has_its_defaults(tmp_path):
    """YAML reads it as null."""
    config = load_config(written(tmp_path, MINIMAL + "lora:\n  # epochs: 3\n"), overrides={"lora.r": "4"})
    assert (config.lora.r, config.lora.epochs) == (4, 20)


def test_braces_that_make_a_key_of_a_mapping_are_one_line(tmp_path):
    """`corpus: {{docs}}` is a template that nobody filled in."""
    [problem] = problems_of(tmp_path, "corpus: {{docs}}\nevalset: e\n")
    assert "line 1" in problem


def test_seeds_differ_and_are_what_every_library_takes(tmp_path):
    """The same seed twice is one training; numpy takes no negative one, and says so after the last answer."""
    assert "is listed twice" in problems_of(tmp_path, MINIMAL + "lora: {seeds: [1, 2, 1]}\n")[0]
    assert len(problems_of(tmp_path, MINIMAL + "lora: {seeds: [-1, 4294967296]}\nstatistics: {seed: -1}\n")) == 3


def test_reports_may_not_lie_in_the_corpus(tmp_path):
    """The next run would retrieve its answers from the report of this one."""
    [problem] = problems_of(tmp_path, "corpus: .\nevalset: e\nvariants: [rag]\n")
    assert "lies inside the corpus" in problem


def test_a_hidden_cache_may_lie_in_the_corpus(tmp_path):
    """Hidden folders are not read."""
    assert load_config(written(tmp_path, MINIMAL + "cache: docs/.kept\n")).cache == tmp_path / "docs" / ".kept"


@pytest.mark.parametrize(
    ("text", "said"), [("", "is empty"), ("# only a comment\n", "is empty"), ("- a\n", "keys and")]
)
def test_a_file_without_keys_says_where_to_start(tmp_path, text, said):
    """An empty file, and a list."""
    [problem] = problems_of(tmp_path, text)
    assert said in problem
    assert problem.endswith("start from what `ragvsft init` writes")


def test_only_takes_the_place_of_the_list_in_its_own_order(tmp_path):
    """Names of the file keep what they set, other names are recipes; what is neither is told like any other mistake."""
    text = MINIMAL.replace("[prompt, rag]", "[prompt, {name: mine, like: rag, retrieval: {k: 2}}]")
    config = load_config(written(tmp_path, text), only=["mine", "few-shot", "prompt"], overrides={"examples": "e"})
    assert config.names == ["mine", "few-shot", "prompt"]
    assert (config.variant("mine").retrieval.k, config.variant("few-shot").row) == (2, VARIANTS["few-shot"])
    assert load_config(tmp_path / "ragvsft.yaml").names == ["prompt", "mine"]  # the file is what it was


@pytest.mark.parametrize(
    ("only", "said"), [(["mini"], "did you mean mine?"), (["prompt", "prompt"], "'prompt' is listed twice")]
)
def test_a_wrong_only_is_one_line(tmp_path, only, said):
    """As if the list had been written into the file."""
    text = MINIMAL.replace("[prompt, rag]", "[prompt, {name: mine, like: rag}]")
    [problem] = problems_of(tmp_path, text, only=only)
    assert said in problem


@pytest.mark.parametrize("key", ["corpus", "evalset", "examples", "model", "output", "cache", "retrieval.encoder"])
def test_an_empty_text_is_refused_wherever_it_stands(tmp_path, key):
    """As a path it would be the config's folder, as a model's name the current one; a flag that replaces it counts."""
    section, _, name = key.partition(".")
    lines = {"corpus": "docs", "evalset": "questions.jsonl", "examples": "examples.jsonl"}
    text = "".join(f"{known}: {value}\n" for known, value in lines.items() if known != key)
    path = tmp_path / "ragvsft.yaml"
    path.write_text(text + (f"{section}: {{{name}: ' '}}\n" if name else f"{section}: ''\n"))
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert caught.value.problems == (f"{path}: {key}: is empty; write a text, or remove the key",)
    assert load_config(path, overrides={key: "given"})
    with pytest.raises(ConfigError, match=f"flag {key}.* is empty"):
        load_config(path, overrides={key: "''"})
