"""A config file, changed by the environment and then by flags, as a Config: all problems at once.

A flag overrides the environment (`RAGVSFT_ENGINE__DEVICE=cpu`), which overrides the file.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ragvsft.config.mistakes import empty_texts, is_inherited, mistakes_of, truth_values, unknown_name
from ragvsft.config.places import anchor_paths
from ragvsft.config.root import Config
from ragvsft.config.secrets import SECRET, unfit_texts
from ragvsft.config.sections import Section
from ragvsft.config.strict import StrictLoader, read_yaml
from ragvsft.config.variants import misleading_names
from ragvsft.errors import ConfigError
from ragvsft.masking import HIDDEN, is_secret_key, names_a_secret
from ragvsft.names import VARIANTS

ENVIRONMENT_PREFIX = "RAGVSFT_"
_RENAMED = {"rag": "retrieval"}  # sections, by what they were called


def load_config(
    path: Path,
    *,
    overrides: Mapping[str, str] | None = None,
    only: Sequence[str] | None = None,
    environ: Mapping[str, str] | None = None,
    say: Callable[[str], None] = lambda note: None,
) -> Config:
    """Return the config of `path`, changed by `RAGVSFT_*` in `environ`, then by `overrides` ("engine.device": "cpu").

    `only` names the variants to keep, those of the file or recipes. Relative paths are meant from the config file's
    folder, in overrides from the current one. `say` gets a note for each key that has another name by now.
    Raises ConfigError with one line per problem.
    """
    raw = read_yaml(path)
    for old, new in renamed(raw, place=str(path)):
        say(f"{path}: {old} is now called {new}; rename it when convenient")
    raw = _without_empty_sections(raw)
    empty = empty_texts(raw)  # now: an empty path is the folder once it is anchored
    for key in empty:
        _remove(raw, key.split("."))
    anchor_paths(raw, path.parent)
    changes = list(_override_items(overrides or {}, environ or {}))
    for place, key, text in changes:
        _put(raw, _key_of_today(key), _parse_value(text, f"{place} {key}"), f"{place} {key}")
    if only is not None:
        raw["variants"] = _chosen(only, raw.get("variants"))
    changed = f" (changed by {', '.join(f'{place} {key}' for place, key, _ in changes)})" if changes else ""
    place = f"{path}{changed}"
    unfit = [f"{place}: {key}: {trouble}" for key, trouble in unfit_texts(raw)]
    if unfit:
        raise ConfigError(unfit)
    replaced = {".".join(_key_of_today(key)) for _, key, _ in changes}
    found = {key: text for key, text in empty.items() if key not in replaced} | empty_texts(raw)
    config = parse_config(raw, place=place, found={**found, **dict(misleading_names(raw.get("variants")))})
    missing = [name for name in secrets_of(config) if environ is not None and name not in environ]
    if missing:
        raise ConfigError([f"{path}: ${{{name}}} is not set; export {name}=... first" for name in missing])
    return config


def parse_config(raw: Mapping[str, Any], *, place: str, found: Mapping[str, str] | None = None) -> Config:
    """Return the config that `raw` holds; `place` begins each problem, `found` are those known before, by key.

    Raises ConfigError.
    """
    named = copy.deepcopy(dict(raw))
    renamed(named, place=place)
    truths = truth_values(named)
    # what pydantic says of a truth value helps less
    mistakes = {**truths, **_mistakes_in(named), **truths}
    mistakes |= {key: f"{key}: {text}" for key, text in (found or {}).items()}
    if mistakes:
        raise ConfigError([f"{place}: {mistake}" for mistake in mistakes.values()])
    return Config.model_validate(named)


def renamed(raw: dict[str, Any], *, place: str) -> list[tuple[str, str]]:
    """Give the sections of `raw` their present names; return each old name that was there with the present one.

    Raises ConfigError where both are there: which of them counts would be a guess.
    """
    found = [(old, new) for old, new in _RENAMED.items() if old in raw]
    for old, new in found:
        if new in raw:
            raise ConfigError(f"{place}: {old} is the old name of {new}, and both are there; keep {new}")
        raw[new] = raw.pop(old)
    return found


def _key_of_today(key: str) -> list[str]:
    """Return the parts of a key ("rag.k"), its section under its present name."""
    section, *keys = key.split(".")
    return [_RENAMED.get(section, section), *keys]


def _mistakes_in(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return all that is wrong, by key: pydantic holds the keys against each other only where each by itself is right.

    So what is wrong by itself is left out, and the rest looked at again.
    """
    mistakes: dict[str, str] = {}
    rest = copy.deepcopy(dict(raw))
    while True:
        try:
            Config.model_validate(rest)
        except ValidationError as error:
            found = mistakes_of(error, rest, Config)
            mistakes |= {key: text for key, text in found.items() if key not in mistakes}
            own = [line for line in error.errors() if not is_inherited(line["loc"], rest, Config)]
            if not [line for line in own if _leave_out(rest, line["loc"], line["type"])]:
                return mistakes
        else:
            return mistakes


def _leave_out(raw: dict[str, Any], loc: tuple[int | str, ...], kind: str) -> bool:
    """Take what is wrong out of `raw`, or put in what is missing; return whether there was anything to do."""
    if kind == "missing" and loc == ("evalset",):
        raw["evalset"] = "missing"
        return True
    if loc[:1] == ("variants",):
        return _leave_out_of_variants(raw, loc)
    section = raw.get(str(loc[0])) if loc else None
    if len(loc) > 1 and isinstance(section, dict):
        return section.pop(str(loc[1]), None) is not None
    return bool(loc) and raw.pop(str(loc[0]), None) is not None


def _leave_out_of_variants(raw: dict[str, Any], loc: tuple[int | str, ...]) -> bool:
    given = raw.get("variants")
    if len(loc) == 1 or not isinstance(given, list):
        raw["variants"] = ["prompt"]  # needs nothing, so nothing follows from it
        return given != ["prompt"]
    place, *keys = loc[1:]
    variant = given[int(place)]
    section = variant.get(keys[0]) if isinstance(variant, dict) and keys else None
    if isinstance(section, dict) and len(keys) > 1:
        return section.pop(keys[1], None) is not None
    if isinstance(variant, dict) and keys and keys[0] not in ("name", "like"):
        return variant.pop(keys[0], None) is not None
    stand_in = {"name": f"variant-{place}", "like": "prompt"}
    given[int(place)] = stand_in
    return bool(variant != stand_in)


def _chosen(only: Sequence[str], variants: Any) -> list[Any]:
    """Return the variants of these names as a config has them, or recipes as they are. Raises ConfigError."""
    own = [item for item in variants or () if isinstance(item, dict) and isinstance(item.get("name"), str)]
    known: dict[str, Any] = {**{name: name for name in VARIANTS}, **{item["name"]: item for item in own}}
    wanted = [name for name in only if name]
    if not wanted:
        raise ConfigError(f"--variants names none; choose from {', '.join(known)}")
    if unknown := [name for name in wanted if name not in known]:
        raise ConfigError([f"--variants: {unknown_name(name, known)}" for name in unknown])
    return [known[name] for name in wanted]


def _without_empty_sections(raw: dict[str, Any]) -> dict[str, Any]:
    """Return what a file says; a section of which every line is commented out says nothing."""
    sections = {name for name, field in Config.model_fields.items() if isinstance(field.default, Section)}
    return {key: value for key, value in raw.items() if not (value is None and key in sections)}


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
        inner = raw.setdefault(key, {})
        if isinstance(inner, list):
            raise ConfigError(f"{place}: {key} holds a list; set the whole of it, as in {key}='[first, second]'")
        if not isinstance(inner, dict):
            raise ConfigError(f"{place}: {key} holds a single value, so there is nothing below it; set {key} itself")
        raw = inner
    raw[keys[-1]] = value


def _remove(raw: dict[str, Any], keys: list[str]) -> None:
    """Take a key out, so that nothing follows from its value; one of a variant stays, for it inherits no path."""
    *sections, name = keys
    for section in sections:
        raw = raw.get(section, {}) if isinstance(raw, dict) else {}
    if isinstance(raw, dict):
        raw.pop(name, None)


def secrets_of(config: Config) -> list[str]:
    """Return the names of the environment variables that the config refers to."""
    return [match.group(1) for match in SECRET.finditer(config.hub_token or "")]
