"""ragvsft.yaml as one validated, frozen config: all problems at once, unknown keys are errors.

A flag overrides the environment (`RAGVSFT_ENGINE__DEVICE=cpu`), which overrides the file. A secret stands in the file
only as `${ENV_NAME}` and is never written to a run. YAML aliases are refused: they hide what a run really used.
"""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from ragvsft.characters import broken_character
from ragvsft.errors import ConfigError
from ragvsft.masking import HIDDEN, holds_a_key, is_secret_key, masked, names_a_secret
from ragvsft.mistakes import mistakes_of, truth_values
from ragvsft.names import VARIANTS

ENVIRONMENT_PREFIX = "RAGVSFT_"
_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
_SECRET = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def _only_a_reference(value: str) -> str:
    if not _SECRET.fullmatch(value):
        raise ValueError("a secret stands here only as ${ENV_NAME}, so that no file or run ever holds it")
    return value


Secret = Annotated[str, AfterValidator(_only_a_reference)]
Note = Annotated[str, AfterValidator(masked)]
PositiveInt = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]  # what torch, numpy and Python all take


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class TaskConfig(_Section):
    """What the model is asked to do with each question."""

    kind: Literal["answer", "json"] = Field("answer", description="answer: a short text; json: JSON of `schema_file`")
    instruction: str | None = Field(None, description="replaces the shared instruction, for all variants alike")
    schema_file: Path | None = Field(None, description="JSON Schema of type object; needed for kind: json")
    refusal: str | None = Field(
        None, description="what the model is told to say where it does not know; none: as found in the instruction"
    )

    @model_validator(mode="after")
    def _json_has_a_schema(self) -> TaskConfig:
        if self.kind == "json" and self.schema_file is None:
            raise ValueError("kind is json; name the JSON Schema in schema_file")
        return self

    @model_validator(mode="after")
    def _a_refusal_says_something(self) -> TaskConfig:
        if self.refusal is not None and (self.kind == "json" or not re.search(r"\w", self.refusal)):
            raise ValueError(
                f'refusal is {self.refusal!r}; write a text such as "I don\'t know", and only with kind: answer'
            )
        return self


class PassagesConfig(_Section):
    """How documents are split."""

    tokens: Annotated[int, Field(ge=16, le=4096)] = Field(112, description="longest passage, in the encoder's tokens")
    overlap: Annotated[int, Field(ge=0)] = Field(16, description="tokens that neighbouring passages share")

    @model_validator(mode="after")
    def _overlap_is_smaller(self) -> PassagesConfig:
        if self.overlap >= self.tokens:
            raise ValueError(f"overlap is {self.overlap}; it must be below tokens ({self.tokens})")
        return self


class RagConfig(_Section):
    """How passages are found."""

    k: PositiveInt = Field(3, description="passages put in the prompt")
    encoder: str = Field("auto", description="auto, packaged, a hub id or a folder of a sentence-transformers model")


class LoraConfig(_Section):
    """How an adapter is trained."""

    r: PositiveInt = Field(16, description="rank")
    alpha: PositiveInt = Field(32, description="scale; the update is multiplied by alpha / r")
    dropout: Share = Field(0.0, description="on the adapter's input; costs a third of the training time on a CPU")
    target_modules: str | list[str] = Field("auto", description="auto: every linear layer but the output layer")
    epochs: PositiveInt = Field(20, description="at most; early stopping may end sooner")
    learning_rate: Annotated[float, Field(gt=0)] = Field(1e-3, description="peak; linear warm-up, then linear decay")
    batch_tokens: PositiveInt = Field(
        512, description="prompt and answer tokens in one optimiser step, padding included"
    )
    dev_share: Annotated[float, Field(ge=0.0, lt=0.5)] = Field(
        0.1, description="examples kept from training to stop on"
    )
    patience: PositiveInt = Field(3, description="epochs without a better dev loss before training stops")
    seeds: list[Seed] = Field([0], min_length=1, description="one adapter each; a decision wants at least three")

    @model_validator(mode="after")
    def _seeds_differ(self) -> LoraConfig:
        if len(set(self.seeds)) < len(self.seeds):
            raise ValueError(f"seeds: {self.seeds} holds one twice; the same seed gives the same adapter")
        return self


class EngineConfig(_Section):
    """What completes prompts, the same for all variants."""

    kind: Literal["transformers", "scripted"] = "transformers"
    device: str = Field("auto", description="auto, cpu, cuda or cuda:N")
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    max_new_tokens: PositiveInt = Field(48, description="longest answer")
    token_budget: PositiveInt = Field(8192, description="prompt tokens in one batch, padding included")
    threads: Annotated[int, Field(ge=0)] = Field(0, description="CPU threads; 0: one per physical core")
    adapters: Literal["merged", "unmerged"] = Field("merged", description="whether an adapter is added to the weights")


class LatencyConfig(_Section):
    """The latency pass: one request at a time, variants interleaved."""

    requests: Annotated[int, Field(ge=0)] = Field(200, description="per variant; below 200 p95 is withheld; 0: no pass")
    warmup: Annotated[int, Field(ge=0)] = Field(5, description="requests per variant that are not counted")


class StatisticsConfig(_Section):
    """How sure a number must be."""

    primary: str | None = Field(
        None, description="the metric a decision rests on; token_f1 for answers, field_f1 for json"
    )
    resamples: Annotated[int, Field(ge=100)] = 2000
    confidence: Annotated[float, Field(gt=0.5, lt=1.0)] = 0.95
    seed: Seed = 0
    tolerable_loss: Annotated[float, Field(ge=0.0)] = Field(
        0.05, description="of the primary metric: what a cheaper variant may lose by its interval and still be chosen"
    )
    max_unscored: Share = Field(0.02, description="share of unscored samples past which a comparison refuses")


class CostConfig(_Section):
    """What the 12-month view assumes."""

    prices: Path | None = Field(None, description="a price book that replaces the packaged one")
    hardware: str = Field("auto", description="a row of the price book's hardware; auto: by the device of the run")
    requests_per_month: PositiveInt = 100_000
    months: PositiveInt = 12
    retrainings_per_year: Annotated[float, Field(ge=0)] = Field(
        4.0, description="how often the corpus changes enough to build again"
    )


class Config(_Section):
    """Everything a run needs to know."""

    name: str = Field("run", pattern=_NAME, description="part of the run folder's name")
    corpus: Path | None = Field(None, description="a folder of documents; needed where a variant retrieves")
    evalset: Path = Field(description="a JSONL file of samples")
    examples: Path | None = Field(None, description="a JSONL file of training examples; needed for lora")
    separator: str | None = Field(
        None, min_length=1, description='parts several targets or doc_ids in a cell of a .csv, as in "|"; null: never'
    )
    model: str = Field("bundled", description="bundled, a hub id or a folder")
    hub_token: Secret | None = Field(None, description="for gated hub models, as ${HF_TOKEN}")
    variants: list[str] = Field(["prompt", "rag", "lora"], min_length=1)
    task: TaskConfig = TaskConfig()
    passages: PassagesConfig = PassagesConfig()
    rag: RagConfig = RagConfig()
    lora: LoraConfig = LoraConfig()
    engine: EngineConfig = EngineConfig()
    latency: LatencyConfig = LatencyConfig()
    statistics: StatisticsConfig = StatisticsConfig()
    cost: CostConfig = CostConfig()
    notes: list[Note] = Field([], description="lines for the report: what this evalset can and cannot show")
    output: Path = Field(Path("reports"), description="where run folders go")
    cache: Path = Field(Path(".ragvsft"), description="where indexes and adapters are kept between runs")

    @model_validator(mode="after")
    def _variants_are_known(self) -> Config:
        unknown = [name for name in self.variants if name not in VARIANTS]
        if unknown:
            raise ValueError(f"variants: {', '.join(unknown)} is unknown; choose from {', '.join(VARIANTS)}")
        if len(set(self.variants)) < len(self.variants):
            raise ValueError("variants: a name is listed twice")
        if self.retrieving and self.corpus is None:
            raise ValueError(f"corpus: the variant {self.retrieving[0]} needs a folder of documents to retrieve from")
        if self.trained and self.examples is None:
            raise ValueError(f"examples: the variant {self.trained[0]} needs a file of training examples")
        return self

    @model_validator(mode="after")
    def _output_is_outside_the_corpus(self) -> Config:
        if self.corpus is None:
            return self
        corpus, cache = self.corpus.resolve(), self.cache.resolve()
        if self.output.resolve().is_relative_to(corpus):
            raise ValueError(
                f"output: {self.output} lies in the corpus, so the next run would read this one's report, with all"
                " answers, as a document; choose a folder outside, or move the documents into one of their own"
            )
        # hidden folders, such as the default, are not read
        if cache.is_relative_to(corpus) and not any(name.startswith(".") for name in cache.relative_to(corpus).parts):
            raise ValueError(
                f"cache: {self.cache} lies in the corpus, so the next run would read what this one keeps as documents;"
                " choose a folder outside"
            )
        return self

    @property
    def trained(self) -> list[str]:
        """The variants that need adapters."""
        return [name for name in self.variants if VARIANTS[name].trains]

    @property
    def retrieving(self) -> list[str]:
        """The variants that need a corpus."""
        return [name for name in self.variants if VARIANTS[name].retrieves]

    @property
    def primary(self) -> str:
        """The metric that a decision rests on."""
        return self.statistics.primary or ("token_f1" if self.task.kind == "answer" else "field_f1")


# Keys whose values are paths: relative ones are meant from the folder of the config file.
_PATHS = (
    ("corpus",), ("evalset",), ("examples",), ("output",), ("cache",), ("task", "schema_file"), ("cost", "prices"),
)  # fmt: skip


def load_config(
    path: Path, *, overrides: Mapping[str, str] | None = None, environ: Mapping[str, str] | None = None
) -> Config:
    """Return the config of `path`, changed by `RAGVSFT_*` in `environ`, then by `overrides` ("engine.device": "cpu").

    Relative paths are meant from the config file's folder, in overrides from the current one.
    Raises ConfigError with one line per problem.
    """
    raw = _without_empty_sections(_read_yaml(path))
    _anchor_paths(raw, path.parent)
    changes = list(_override_items(overrides or {}, environ or {}))
    for place, key, text in changes:
        _put(raw, key.split("."), _parse_value(text, f"{place} {key}"), place)
    changed = f" (changed by {', '.join(f'{place} {key}' for place, key, _ in changes)})" if changes else ""
    place = f"{path}{changed}"
    unfit = [f"{place}: {key}: {trouble}" for key, trouble in _unfit_texts(raw)]
    if unfit:
        raise ConfigError(unfit)
    config = parse_config(raw, place=place)
    missing = [name for name in secrets_of(config) if environ is not None and name not in environ]
    if missing:
        raise ConfigError([f"{path}: ${{{name}}} is not set; export {name}=... first" for name in missing])
    return config


def recorded(config: Config, folder: Path) -> dict[str, Any]:
    """Return the config as JSON-able values for a file in `folder`; `recalled` returns it, wherever it is called.

    Paths that were given relative to the current folder are relative to `folder` then; absolute ones stay.
    """
    raw: dict[str, Any] = json.loads(config.model_dump_json())
    for section, name in _places(raw, Path()):
        if not os.path.isabs(section[name]):
            section[name] = os.path.relpath(Path(section[name]).resolve(), folder.resolve())
    return raw


def recalled(raw: Mapping[str, Any], folder: Path, *, place: str) -> Config:
    """Return the config of which `recorded` made `raw`. Raises ConfigError."""
    anchored = copy.deepcopy(dict(raw))
    _anchor_paths(anchored, folder.resolve())
    return parse_config(anchored, place=place)


def without_places(config: Config) -> dict[str, Any]:
    """Return what a run depends on besides its files' contents, the same wherever those files lie."""
    # a separator that is not there changes nothing, so runs of before there was one keep their hash
    left_out = {"output", "cache", "name"} | (set() if config.separator else {"separator"})
    raw: dict[str, Any] = json.loads(config.model_dump_json(exclude=left_out))
    for section, name in _places(raw, Path()):
        section[name] = Path(section[name]).name
    return raw


def parse_config(raw: Mapping[str, Any], *, place: str) -> Config:
    """Return the config that `raw` holds; `place` begins each problem. Raises ConfigError."""
    mistakes = truth_values(raw)
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        mistakes |= mistakes_of(error, Config)
        config = None
    if config is None or mistakes:
        raise ConfigError([f"{place}: {mistake}" for mistake in mistakes.values()])
    return config


def reveal(secret: str | None, environ: Mapping[str, str]) -> str | None:
    """Return what stands behind `${ENV_NAME}`; the only place where a secret is ever in the clear."""
    match = _SECRET.fullmatch(secret or "")
    return environ.get(match.group(1)) if match else None


def secrets_of(config: Config) -> list[str]:
    """Return the names of the environment variables that the config refers to."""
    return [match.group(1) for match in _SECRET.finditer(config.hub_token or "")]


def run_name(text: str) -> str:
    """Return a text as the name of a run may be: "my data (new)" is my-data-new."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-._")[:64] or "run"


def config_schema() -> str:
    """Return the JSON Schema of ragvsft.yaml, for editors."""
    schema = Config.model_json_schema()
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, indent=2)


def config_template(values: Mapping[str, Any] | None = None) -> str:
    """Return a commented ragvsft.yaml with every key and its default, or what `values` holds ("task.kind": "json")."""
    chosen = {"corpus": "documents", "evalset": "questions.jsonl", "examples": "examples.jsonl", **(values or {})}
    lines = ["# ragvsft.yaml: one comparison. Paths are meant from this file's folder.", ""]
    for name, field in Config.model_fields.items():
        if isinstance(field.default, _Section):
            lines += ["", f"{name}:  # {(type(field.default).__doc__ or '').strip()}"]
            lines += [
                f"  {_template_line(key, chosen.get(f'{name}.{key}', inner.default), inner.description)}"
                for key, inner in type(field.default).model_fields.items()
            ]
            lines += [""] if name == "cost" else []
        else:
            lines.append(_template_line(name, chosen.get(name, field.default), field.description))
    return "\n".join(lines) + "\n"


def _template_line(name: str, value: Any, description: str | None) -> str:
    text = str(value) if isinstance(value, Path) else value
    return f"{name}: {json.dumps(text, ensure_ascii=False)}" + (f"  # {description}" if description else "")


class StrictLoader(yaml.SafeLoader):
    """Safe YAML without aliases, without a key that is listed twice, and without days that no calendar has."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Return the next node; an alias is an error."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem=f"alias *{event.anchor}; write the value out", problem_mark=event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Return a mapping; a key that is listed twice, or that is not a text, is an error."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(
                    problem="a key is not a text; write {{ and }} in quotes", problem_mark=key_node.start_mark
                )
            if key_node.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"{key_node.value} is listed twice; keep one", problem_mark=key_node.start_mark
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)

    def construct_day(self, node: Any) -> Any:
        """Return a date; a day that no calendar has is an error."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError as error:
            raise yaml.MarkedYAMLError(
                problem=f"{node.value} is not a date ({error}); write one such as 2026-11-09",
                problem_mark=node.start_mark,
            ) from None


StrictLoader.add_constructor("tag:yaml.org,2002:timestamp", StrictLoader.construct_day)


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; write one with `ragvsft init`") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as UTF-8 text: {error}") from None
    try:
        raw = yaml.load(text, Loader=StrictLoader)  # noqa: S506  (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f" line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigError(f"{path}{line}: {read_problem(error, text)}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a date such as 2026-13-45
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(raw, dict):
        held = "is empty" if raw is None else "does not hold keys and values"
        raise ConfigError(f"{path}: {held}; start from what `ragvsft init` writes")
    return raw


def read_problem(error: yaml.MarkedYAMLError, text: str) -> str:
    """Return what is wrong with a YAML text, without a quotation of the line if that holds a secret."""
    number = error.problem_mark.line if error.problem_mark else 0
    lines = ["", *re.split(r"\r\n|[\r\n\x85\u2028\u2029]", text), ""]  # where YAML sees lines end
    before, line = lines[number : number + 2]
    if names_a_secret(line) or (before.rstrip().endswith(":") and names_a_secret(before)):
        return "not YAML; a secret stands here only as ${ENV_NAME}"
    if "'\\t'" in str(error.problem):
        return "a tab stands before a key; indent with spaces"
    return str(error.problem)


def _unfit_texts(value: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield the key of each text that holds a password or a character that no file can hold, and what is wrong."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _unfit_texts(inner, (*keys, str(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from _unfit_texts(inner, keys)
    elif isinstance(value, str) and (broken := broken_character(value)):
        yield ".".join(keys), f"holds {broken}; remove it"
    elif isinstance(value, str) and not is_secret_key(keys[-1] if keys else "") and _holds_secret(value, keys):
        remedy = "export it as a variable, and write its name under hub_token, as in ${HF_TOKEN}"
        yield ".".join(keys), f"holds what looks like a key or a password {HIDDEN}; {remedy}"


def _holds_secret(text: str, keys: tuple[str, ...]) -> bool:
    if keys == ("notes",):
        return False  # they are masked
    # in prose and in paths a long random run may be a hash
    is_name = "/" not in text and keys != ("task", "instruction")
    return holds_a_key(text) or (is_name and masked(text) != text)


def _without_empty_sections(raw: dict[str, Any]) -> dict[str, Any]:
    """Return what a file says; a section of which every line is commented out says nothing."""
    sections = {name for name, field in Config.model_fields.items() if isinstance(field.default, _Section)}
    return {key: value for key, value in raw.items() if not (value is None and key in sections)}


def _anchor_paths(raw: dict[str, Any], folder: Path) -> None:
    raw.setdefault("output", "reports")
    raw.setdefault("cache", ".ragvsft")
    for section, name in _places(raw, folder):
        section[name] = os.path.normpath(folder / Path(section[name]).expanduser())


def _places(raw: dict[str, Any], folder: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each section with the name of a key in it that holds a path."""
    for *sections, name in _PATHS:
        section: Any = raw
        for key in sections:
            section = section.get(key) if isinstance(section, dict) else None
        if isinstance(section, dict) and isinstance(section.get(name), str):
            yield section, name
    for section, name in ((raw, "model"), (raw.get("rag"), "encoder")):
        if isinstance(section, dict) and _is_folder(folder, section.get(name)):
            yield section, name


def _is_folder(folder: Path, name: Any) -> bool:
    """Return whether a model or an encoder is named by a folder, not by its own word or its hub id."""
    return isinstance(name, str) and name not in ("bundled", "auto", "packaged") and (folder / name).is_dir()


def _override_items(overrides: Mapping[str, str], environ: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in sorted(environ):
        if name.startswith(ENVIRONMENT_PREFIX):
            yield "environment", name.removeprefix(ENVIRONMENT_PREFIX).lower().replace("__", "."), environ[name]
    for key, text in overrides.items():
        yield "flag", key, text


def _parse_value(text: str, place: str) -> Any:
    try:
        return yaml.load(text, Loader=StrictLoader)  # noqa: S506  (a SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        shown = HIDDEN if is_secret_key(place) or names_a_secret(text) else repr(text)
        raise ConfigError(f"{place}: {shown} is not a YAML value") from None


def _put(raw: dict[str, Any], keys: list[str], value: Any, place: str) -> None:
    for key in keys[:-1]:
        raw = raw.setdefault(key, {})
        if not isinstance(raw, dict):
            raise ConfigError(f"{place}: {'.'.join(keys)} is not a key; {key} holds a single value")
    raw[keys[-1]] = value
