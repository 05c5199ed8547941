"""What pydantic finds wrong with a config, as its writer reads it: the key, the value, and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from ragvsft.config.variants import Mistakes, inherited
from ragvsft.masking import HIDDEN, is_secret_key, without_secrets

_BRANCHES = ("str", "list[str]")
_NO_TRUTH_VALUE = "no key takes yes or no; write a number, or a text in quotes"
_REMEDIES = {  # by pydantic's name of what is wrong
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number, such as 0.5",
    "float_parsing": "write a number, such as 0.5",
    "finite_number": "write a finite number",
    "string_type": "write a text, in quotes if it looks like a number or a date",
    "string_too_short": "write at least one character",
    "string_pattern_mismatch": "use only letters, digits, dots, - and _, at most 64, with a letter or digit first",
    "list_type": "write a list, such as [first, second]",
    "too_short": "name at least one",
    "model_type": "write its keys below it, indented",
    "path_type": "write the path of a file or folder",
    "literal_error": "choose from {expected}",
    "greater_than_equal": "write {ge} or more",
    "greater_than": "write more than {gt}",
    "less_than_equal": "write {le} or less",
    "less_than": "write less than {lt}",
}
_OTHER_NAMES = {  # what other tools call our keys
    "rank": "r", "lora_r": "r", "lora_alpha": "alpha", "lora_dropout": "dropout", "top_k": "k", "n_results": "k",
    "lr": "learning_rate", "num_train_epochs": "epochs", "batch_size": "batch_tokens", "chunk_size": "tokens",
    "chunk_overlap": "overlap", "chunks": "passages", "retriever": "retrieval", "embedding": "encoder",
    "embedding_model": "encoder", "max_tokens": "max_new_tokens", "documents": "corpus", "docs": "corpus",
    "questions": "evalset", "dataset": "evalset", "train": "examples", "base_model": "model", "schema": "schema_file",
    "output_dir": "output", "metric": "primary", "prompt": "instruction", "methods": "variants",
}  # fmt: skip


def truth_values(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong by key where YAML read yes, no, on or off as true or false, which would pass for 1 or 0."""
    return {
        key: f"{key}: {str(value).lower()} cannot be used; {_NO_TRUTH_VALUE}"
        for key, value in _values(raw)
        if isinstance(value, bool)
    }


def empty_texts(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong by key where a text is empty: as a path it would be the folder that it is meant from."""
    return {
        key: "is empty; write a text, or remove the key"
        for key, value in _values(raw)
        if isinstance(value, str) and not value.strip()
    }


def mistakes_of(error: ValidationError, raw: Mapping[str, Any], model: type[BaseModel]) -> dict[str, str]:
    """Return what is wrong by key, each "key.path: what is wrong; what would be right".

    `raw` is what was validated: a mistake that a variant only inherits is said once, where it was made.
    """
    found: dict[str, str] = {}
    for line in error.errors():
        if isinstance(cause := line.get("ctx", {}).get("error"), Mistakes):
            found |= {key: f"{key}: {text}" for key, text in cause.by_key.items()}
        elif not _is_other_branch(line) and not is_inherited(line["loc"], raw, model):
            found[_key(line, raw)] = _mistake(line, raw, model)
    return found


def unknown_name(name: str, known: Collection[str]) -> str:
    """Return what is wrong with a name that is none of `known`: the one that was meant, or else all of them."""
    close = difflib.get_close_matches(name.lower(), known, n=1)
    remedy = f"did you mean {close[0]}?" if close else f"choose from {', '.join(known)}"
    return f"{name!r} is unknown; {remedy}"


def is_inherited(loc: tuple[int | str, ...], raw: Mapping[str, Any], model: type[BaseModel]) -> bool:
    """Return whether a variant has a mistake only because the config has it, which all variants inherit."""
    variant = _section_in(model.model_fields["variants"].annotation)
    if len(loc) < 3 or loc[0] != "variants" or variant is None or loc[2] not in inherited(variant):
        return False
    own = raw["variants"][loc[1]] if "variants" in raw else {}
    section = own.get(loc[2]) if isinstance(own, Mapping) else None
    return section is None or (len(loc) > 3 and isinstance(section, Mapping) and loc[3] not in section)


def _mistake(line: Any, raw: Mapping[str, Any], model: type[BaseModel]) -> str:
    """Return one pydantic error as "key.path: what is wrong; what would be right"."""
    keys = [str(part) for part in line["loc"]]
    place = _key(line, raw)
    if line["type"] == "extra_forbidden":
        return f"{place}: {_why_unknown(keys, model)}"
    if line["type"] == "missing":
        return f"{place}: missing; it is required"
    message = line["msg"].removeprefix("Value error, ")
    if line["type"] == "value_error":
        return f"{place}: {message}" if place else message
    hidden = any(map(is_secret_key, keys))
    shown = HIDDEN if hidden else _written(without_secrets(line["input"]))
    remedy = _REMEDIES.get(line["type"])
    if line["type"] == "model_type" and keys[0] == "variants" and len(keys) == 2:
        remedy = "write the name of a recipe, or its keys (name, like, ...) below each other"
    if remedy is None:
        return f"{place}: {shown}: {message[0].lower()}{message[1:]}"
    return f"{place}: {shown} cannot be used; {remedy.format(**line.get('ctx', {}))}"


def _written(value: Any) -> str:
    """Return a value as a config's writer would write it, as far as they would not know it by Python's word."""
    return "null" if value is None else repr(value)


def _key(line: Any, raw: Mapping[str, Any]) -> str:
    """Return the key that a pydantic error is about, without the names of the types that it tried.

    A variant is called by its name where it has one, else by its place from 1.
    """
    parts = [part for part in line["loc"] if part not in _BRANCHES]
    if parts[:1] == ["variants"] and len(parts) > 1:
        parts[1] = _called(parts[1], raw)
    return ".".join(map(str, parts))


def _called(place: int, raw: Mapping[str, Any]) -> str:
    given = raw.get("variants")
    variant = given[place] if isinstance(given, list | tuple) else None
    name = variant.get("name") if isinstance(variant, Mapping) else variant
    return name if isinstance(name, str) else str(place + 1)


def _is_other_branch(line: Any) -> bool:
    """Return whether an error comes of trying a list as a text, or a single value as a list."""
    return ("str" in line["loc"] and isinstance(line["input"], list)) or line["loc"][-1:] == ("list[str]",)


def _values(raw: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value that is no section, with its key; of variants those of their sections, too."""
    for name, value in raw.items():
        if isinstance(value, Mapping):
            yield from _values(value, f"{before}{name}.")
        elif name == "variants" and isinstance(value, list):
            for place, variant in enumerate(value):
                if isinstance(variant, Mapping):
                    yield from _values(variant, f"variants.{_called(place, raw)}.")
                elif isinstance(variant, bool):
                    yield f"variants.{place + 1}", variant
        else:
            yield f"{before}{name}", value


def _why_unknown(keys: list[str], model: type[BaseModel]) -> str:
    if keys[0] == "variants" and len(keys) == 3 and keys[2] in model.model_fields:
        return "is the same for all variants; set it outside of them"
    return f"unknown key{_did_you_mean(keys, model)}"


def _did_you_mean(keys: list[str], model: type[BaseModel]) -> str:
    section = model
    for key in (key for key in keys[:-1] if not key.isdigit()):
        inside = _section_in(section.model_fields[key].annotation) if key in section.model_fields else None
        if inside is None:
            return ""
        section = inside
    names = {name: name for name in section.model_fields}
    names |= {other: name for other, name in _OTHER_NAMES.items() if name in names}
    close = difflib.get_close_matches(keys[-1].lower(), names, n=1)
    return f"; did you mean {names[close[0]]}?" if close else f"; the keys here are {', '.join(section.model_fields)}"


def _section_in(annotation: Any) -> type[BaseModel] | None:
    """Return the section that a key holds, or a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _section_in(part))), None)
