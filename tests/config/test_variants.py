"""Named variants: what each inherits, what it sets differently, and what is said of those that cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from ragvsft.config.load import load_config
from ragvsft.config.recorded import recalled, recorded, without_places
from ragvsft.config.root import INHERITED, Config, VariantConfig
from ragvsft.config.template import config_schema
from ragvsft.errors import ConfigError
from ragvsft.names import VARIANTS

FILES = "corpus: docs\nevalset: questions.jsonl\nexamples: examples.jsonl\n"
SEVERAL = """
retrieval: {k: 3}
lora: {r: 16, epochs: 4}
variants:
  - prompt
  - rag
  - {name: rag-1, like: rag, retrieval: {k: 1}}
  - {name: rag-5, like: rag, retrieval: {k: 5, encoder: packaged}}
  - {name: small-lora, like: lora, lora: {r: 4}}
  - {name: other, like: prompt, model: some/model, engine: {max_new_tokens: 8}}
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "ragvsft.yaml"
    path.write_text(FILES + text)
    return path


def _problems(folder: Path, text: str) -> list[str]:
    path = _write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    return [problem.removeprefix(f"{path}: ") for problem in caught.value.problems]


def _by_name(config: Config) -> dict[str, VariantConfig]:
    return {variant.name: variant for variant in config.variants}


def test_a_variant_inherits_what_it_does_not_set(tmp_path):
    """`rag-5` sets k and the encoder; the splitting, and of another variant the epochs, are the config's."""
    named = _by_name(load_config(_write(tmp_path, SEVERAL)))
    assert {name: variant.retrieval.k for name, variant in named.items() if "rag" in name} == {
        "rag": 3,
        "rag-1": 1,
        "rag-5": 5,
    }
    assert (named["rag-1"].retrieval.encoder, named["rag-5"].retrieval.encoder) == ("auto", "packaged")
    assert (named["small-lora"].lora.r, named["small-lora"].lora.epochs, named["rag"].lora.r) == (4, 4, 16)
    assert (named["other"].model, named["other"].engine.max_new_tokens) == ("some/model", 8)
    assert (named["prompt"].model, named["prompt"].engine.max_new_tokens) == ("bundled", 48)


def test_the_recipe_says_what_a_variant_is_made_of(tmp_path):
    """A variant is like the recipe it names, or the one of its own name."""
    config = load_config(_write(tmp_path, SEVERAL))
    assert config.names == ["prompt", "rag", "rag-1", "rag-5", "small-lora", "other"]
    assert config.retrieving == ["rag", "rag-1", "rag-5"]
    assert config.trained == config.learning == ["small-lora"]
    assert config.variant("small-lora").recipe == "lora"


def test_a_plain_list_of_names_works_as_before(tmp_path):
    """Also from a flag; without the key, prompt, rag and lora are compared."""
    assert load_config(_write(tmp_path, "variants: [rag, prompt]\n")).names == ["rag", "prompt"]
    assert load_config(_write(tmp_path, "")).names == ["prompt", "rag", "lora"]
    assert load_config(_write(tmp_path, ""), overrides={"variants": "[few-shot]"}).names == ["few-shot"]


def test_only_keeps_the_named_variants_with_their_settings(tmp_path):
    """A name that the config does not have is a recipe as it is."""
    config = load_config(_write(tmp_path, SEVERAL), only=["rag-5", "few-shot"])
    assert (config.names, config.variant("rag-5").retrieval.k) == (["rag-5", "few-shot"], 5)


def test_a_config_is_recorded_with_the_differences_only_and_recalled_whole(tmp_path):
    """So a reader of the manifest sees what a variant is about."""
    config = load_config(_write(tmp_path, SEVERAL))
    raw = recorded(config, tmp_path / "runs" / "one")
    assert raw["variants"][:3] == ["prompt", "rag", {"name": "rag-1", "like": "rag", "retrieval": {"k": 1}}]
    assert raw["variants"][4] == {"name": "small-lora", "like": "lora", "lora": {"r": 4}}
    assert recalled(json.loads(json.dumps(raw)), tmp_path / "runs" / "one", place="manifest.json") == config


def test_another_setting_of_one_variant_is_another_run(tmp_path):
    """The fingerprint of a run holds what each variant sets."""
    config = load_config(_write(tmp_path, SEVERAL))
    other = load_config(_write(tmp_path, SEVERAL.replace("k: 5", "k: 4")))
    assert without_places(config) != without_places(other)


def test_a_folder_that_a_variant_names_is_meant_from_the_config_files_folder(tmp_path):
    """As the config's own model and encoder are."""
    for name in ("weights", "encoder"):
        (tmp_path / name).mkdir()
    text = "variants: [{name: a, like: rag, model: weights, retrieval: {encoder: encoder}}]\n"
    [variant] = load_config(_write(tmp_path, text)).variants
    assert (variant.model, variant.retrieval.encoder) == (str(tmp_path / "weights"), str(tmp_path / "encoder"))


def test_the_old_name_of_a_section_is_read_with_a_note(tmp_path):
    """In a file, in the environment and in a variant's manifest of before."""
    notes: list[str] = []
    path = _write(tmp_path, "rag: {k: 4}\nvariants: [rag]\n")
    assert load_config(path, say=notes.append).retrieval.k == 4
    assert notes == [f"{path}: rag is now called retrieval; rename it when convenient"]
    assert load_config(path, environ={"RAGVSFT_RAG__K": "7"}).variants[0].retrieval.k == 7
    assert recalled({"evalset": "e.jsonl", "corpus": "c", "variants": ["rag"], "rag": {"k": 2}}, tmp_path, place="m")
    assert load_config(_write(tmp_path, "retrieval: {k: 4}\n"), say=notes.append).retrieval.k == 4
    assert len(notes) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("variants: [rga]", "variants.rga: 'rga' is not a recipe; did you mean 'rag'? `ragvsft variants` lists them"),
        ("variants: [hosted]", "variants.hosted: 'hosted' is not a recipe; give it one with like: prompt, few-shot,"),
        ("variants: [{name: a, like: xyzzy}]", "variants.a: 'xyzzy' is not a recipe; choose from prompt, few-shot,"),
        ("variants: [rag, rag]", "variants.rag: 'rag' is listed twice; remove one, or give it another name"),
        ("variants: [{name: lead, like: rag}]", "variants.lead: 'lead' is what an answer without a model is called"),
        ("variants: [{like: rag}]", "variants.1.name: missing; it is required"),
        (
            "variants: [{name: a, like: rag, retrieval: {kk: 2}}]",
            "variants.a.retrieval.kk: unknown key; did you mean",
        ),
        ("variants: [{name: a, like: rag, retrieval: {k: 0}}]", "variants.a.retrieval.k: 0 cannot be used; write 1 or"),
        (
            "variants: [{name: a, like: rag, retrieval: {k: yes}}]",
            "variants.a.retrieval.k: true cannot be used; no",
        ),
        (
            "variants: [{name: a, like: rag, lora: {r: 4}}]",
            "variants.a.lora: a trains nothing, so this changes",
        ),
        ("variants: [{name: a, like: lora, retrieval: {k: 9}}]", "variants.a.retrieval: a retrieves nothing, so this"),
        ("variants: [{name: 'a b', like: rag}]", "variants.a b.name: 'a b' cannot be used; use only letters, digits"),
        (
            "variants: [prompt, 5]",
            "variants.2: 5 cannot be used; write the name of a recipe, or its keys (name,",
        ),
        ("variants: [{name: a, like: [rag]}]", "variants.a.like: ['rag'] cannot be used; write a text"),
        ("variants: [{name: a, like: rag, model: ''}]", "variants.a.model: is empty; write a text, or remove the key"),
        ("variants: rag", "variants: 'rag' cannot be used; write a list, such as [first, second]"),
        ("retrieval: {mode: desne}", "retrieval.mode: 'desne' is unknown; did you mean dense?"),
    ],
)
def test_what_is_wrong_with_a_variant_is_one_line_under_its_name(tmp_path, text, said):
    """With the recipe or the key that was probably meant."""
    [problem] = _problems(tmp_path, text + "\n")
    assert problem.startswith(said)


def test_a_mistake_of_the_config_is_not_said_again_for_each_variant(tmp_path):
    """All variants inherit it, also one that sets something else in the same section."""
    text = "lora: {r: -1}\nvariants: [lora, {name: a, like: lora, lora: {alpha: 3}}]\n"
    assert _problems(tmp_path, text) == ["lora.r: -1 cannot be used; write 1 or more"]


def test_all_problems_come_at_once_those_of_single_keys_and_those_between_keys(tmp_path):
    """A wrong key hides neither an unknown recipe nor a missing file."""
    path = tmp_path / "ragvsft.yaml"
    path.write_text(
        "evalset: 5\nlatency: {requests: -1}\n"
        "variants: [rga, {name: a, like: rag, retrieval: {k: 0}}, {name: b, like: lora, lora: {r: x}}]\n"
    )
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    keys = [problem.removeprefix(f"{path}: ").partition(":")[0] for problem in caught.value.problems]
    assert sorted(keys) == [
        "corpus",
        "evalset",
        "examples",
        "latency.requests",
        "variants.a.retrieval.k",
        "variants.b.lora.r",
        "variants.rga",
    ]


def test_editors_accept_names_and_named_variants(tmp_path):
    """The JSON Schema knows the recipes and what a variant may set."""
    schema = json.loads(config_schema())
    jsonschema.validate(yaml.safe_load(FILES + SEVERAL), schema)
    for wrong in ("rga", {"like": "rag"}, {"name": "a", "like": "rag", "retrieval": {"kk": 1}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"evalset": "e.jsonl", "variants": [wrong]}, schema)


def test_whatever_a_variant_may_set_the_config_has_too() -> None:
    """With the same section, so that it is inherited; a section concerns a part that rows have."""
    for key in INHERITED:
        assert Config.model_fields[key].annotation == VariantConfig.model_fields[key].annotation
        concerns = getattr(Config.model_fields[key].default, "concerns", None)
        assert concerns is None or hasattr(VARIANTS["prompt"], concerns)


def test_a_key_that_has_its_default_changes_no_hash(tmp_path: Path) -> None:
    """So a key that a later version adds leaves runs of before as they were."""
    plain, spelled = Config(evalset=Path("q"), variants=["prompt"]), {"retrieval": {"k": 3}, "lora": {"dropout": 0.0}}
    assert without_places(plain) == {"evalset": "q", "variants": ["prompt"]}
    assert without_places(Config(evalset=Path("q"), variants=["prompt"], **spelled)) == without_places(plain)
    other = Config(evalset=Path("q"), variants=["prompt"], retrieval={"k": 4}, latency={"requests": 0})
    assert without_places(other) == {**without_places(plain), "retrieval": {"k": 4}, "latency": {"requests": 0}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("variants: [{name: rag, like: lora}]", "variants.rag: 'rag' is the name of a recipe, but this is like lora;"),
        ("variants: [{name: Rag, like: lora}]", "variants.Rag: 'Rag' is the name of a recipe, but this is like lora;"),
        (
            "variants: [rag, {name: RAG, like: rag, retrieval: {k: 9}}]",
            "variants.RAG: 'RAG' and 'rag' differ only in capitals; choose another name for one",
        ),
        ("variants: [{name: floor, like: rag}]", "variants.floor: 'floor' is what reports call the best answer"),
    ],
)
def test_a_name_that_would_mislead_is_refused(tmp_path, text, said):
    """A row of the report called rag is rag, and the floor is the floor."""
    [problem] = _problems(tmp_path, text + "\n")
    assert problem.startswith(said)


def test_a_stored_run_is_read_though_a_recipe_of_a_variants_name_came_since(tmp_path):
    """What was stored stays readable; only new configs are held to names that do not mislead."""
    raw = {"evalset": "e.jsonl", "examples": "x.jsonl", "variants": [{"name": "few-shot", "like": "lora"}]}
    assert recalled(raw, tmp_path, place="m").trained == ["few-shot"]


def test_misleading_names_come_with_all_other_problems(tmp_path):
    """One round of mending is enough."""
    text = "latency: {requests: -1}\nvariants: [{name: rag, like: lora}, {name: a, like: rga}]\n"
    keys = [problem.partition(":")[0] for problem in _problems(tmp_path, text)]
    assert sorted(keys) == ["latency.requests", "variants.a", "variants.rag"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("variants: [prompt, yes]", "variants.2: true cannot be used; no key takes yes or no"),
        ("variants: [{name: on, like: rag}]", "variants.1.name: true cannot be used; no key takes yes or no"),
        ("variants: [null]", "variants.1: null cannot be used; write the name of a recipe, or its keys"),
        ("variants: null", "variants: null cannot be used; write a list"),
        (
            "variants: [{name: a, like: rag, latency: {requests: 3}}]",
            "variants.a.latency: is the same for all variants",
        ),
        ("variants: [{name: a, like: rag, retreival: {k: 3}}]", "variants.a.retreival: unknown key; did you mean"),
    ],
)
def test_what_yaml_made_of_a_variant_is_said_as_its_writer_wrote_it(tmp_path, text, said):
    """`yes` is true to YAML, and nothing is null: neither is True or None."""
    [problem] = _problems(tmp_path, text + "\n")
    assert problem.startswith(said)


def test_an_override_under_the_old_name_overrides_the_section_of_today(tmp_path):
    """Before, the file's own retrieval.k won over `-s rag.k=1` without a word."""
    path = _write(tmp_path, "retrieval: {k: 5}\nvariants: [rag]\n")
    assert load_config(path, overrides={"rag.k": "1"}).variants[0].retrieval.k == 1
    assert load_config(path, environ={"RAGVSFT_RAG__K": "2"}).retrieval.k == 2
    assert load_config(path, environ={"RAGVSFT_RAG__K": "2"}, overrides={"retrieval.k": "3"}).retrieval.k == 3


def test_a_section_under_its_old_and_its_new_name_is_refused(tmp_path):
    """Which of the two counts would be a guess."""
    assert _problems(tmp_path, "rag: {k: 1}\nretrieval: {k: 5}\n") == [
        "rag is the old name of retrieval, and both are there; keep retrieval"
    ]
    assert load_config(_write(tmp_path, "rag:\nvariants: [rag]\n")).retrieval.k == 3  # nothing but comments below it


@pytest.mark.parametrize(
    ("only", "said"),
    [
        (["rag5"], "--variants: 'rag5' is unknown; did you mean rag-5?"),
        (["xyzzy", "rag-1"], "--variants: 'xyzzy' is unknown; choose from prompt, few-shot, rag, lora, rag-1, rag-5,"),
        ([""], "--variants names none; choose from prompt, few-shot,"),
    ],
)
def test_what_is_chosen_must_be_there(tmp_path, only, said):
    """An empty choice is no choice of all: `--variants $NOT_SET` would run for hours."""
    path = _write(tmp_path, SEVERAL)
    with pytest.raises(ConfigError) as caught:
        load_config(path, only=only)
    assert caught.value.problems[0].startswith(said)
    assert load_config(path, only=["rag-5", ""]).names == ["rag-5"]  # as in "rag-5,"


def test_a_flag_for_a_key_inside_a_list_or_a_value_says_what_can_be_set(tmp_path):
    """Variants are a list: a flag replaces the whole of it."""
    path = _write(tmp_path, SEVERAL)
    for key, said in {
        "variants.rag-5.retrieval.k": "variants holds a list; set the whole of it, as in variants='[first, second]'",
        "evalset.x": "evalset holds a single value, so there is nothing below it; set evalset itself",
    }.items():
        with pytest.raises(ConfigError) as caught:
            load_config(path, overrides={key: "2"})
        assert caught.value.problems == (f"flag {key}: {said}",)
