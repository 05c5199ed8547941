"""A config file, changed by the environment and then by flags, as a Config: all problems at once.

A flag overrides the environment (`RAGVSFT_ENGINE__DEVICE=cpu`), which overrides the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ragvsft.config.mistakes import mistakes_of, truth_values
from ragvsft.config.places import anchor_paths
from ragvsft.config.secrets import SECRET, unfit_texts
from ragvsft.config.sections import Config, Section
from ragvsft.config.strict import StrictLoader, read_yaml
from ragvsft.errors import ConfigError
from ragvsft.masking import HIDDEN, is_secret_key, names_a_secret

ENVIRONMENT_PREFIX = "RAGVSFT_"


def load_config(
    path: Path, *, overrides: Mapping[str, str] | None = None, environ: Mapping[str, str] | None = None
) -> Config:
    """Return the config of `path`, changed by `RAGVSFT_*` in `environ`, then by `overrides` ("engine.device": "cpu").

    Relative paths are meant from the config file's folder, in overrides from the current one.
    Raises ConfigError with one line per problem.
    """
    raw = _without_empty_sections(read_yaml(path))
    anchor_paths(raw, path.parent)
    changes = list(_override_items(overrides or {}, environ or {}))
    for place, key, text in changes:
        _put(raw, key.split("."), _parse_value(text, f"{place} {key}"), place)
    changed = f" (changed by {', '.join(f'{place} {key}' for place, key, _ in changes)})" if changes else ""
    place = f"{path}{changed}"
    unfit = [f"{place}: {key}: {trouble}" for key, trouble in unfit_texts(raw)]
    if unfit:
        raise ConfigError(unfit)
    config = parse_config(raw, place=place)
    missing = [name for name in secrets_of(config) if environ is not None and name not in environ]
    if missing:
        raise ConfigError([f"{path}: ${{{name}}} is not set; export {name}=... first" for name in missing])
    return config


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
        raw = raw.setdefault(key, {})
        if not isinstance(raw, dict):
            raise ConfigError(f"{place}: {'.'.join(keys)} is not a key; {key} holds a single value")
    raw[keys[-1]] = value


def secrets_of(config: Config) -> list[str]:
    """Return the names of the environment variables that the config refers to."""
    return [match.group(1) for match in SECRET.finditer(config.hub_token or "")]
