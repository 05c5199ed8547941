"""How the variants of a config come about: each inherits what it does not set, and all of them are checked together."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from pydantic import BaseModel

from ragvsft.names import TRIVIAL, VARIANTS, VariantRow

DEFAULT_VARIANTS = ("prompt", "rag", "lora")
_OWN = ("name", "like")  # of a variant; everything else it inherits
# of a recipe that lacks a part, why a section that concerns it has no effect
_WITHOUT = {"passages": "retrieves nothing", "shots": "shows no examples", "adapter": "trains nothing"}


class Mistakes(ValueError):
    """Several things that are wrong with a config, by key, each "what is wrong; what would be right"."""

    def __init__(self, by_key: Mapping[str, str]) -> None:
        self.by_key = dict(by_key)
        super().__init__("; ".join(self.by_key.values()))


class Named(Protocol):
    """A variant of a config, as its checks need it."""

    @property
    def name(self) -> str:
        """Its own name."""
        ...

    @property
    def recipe(self) -> str:
        """What it is like."""
        ...


def inherited(variant: type[BaseModel]) -> tuple[str, ...]:
    """Return the keys that a variant may set differently from the rest of the config."""
    return tuple(key for key in variant.model_fields if key not in _OWN)


def with_inherited(raw: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """Return a config with every variant as a mapping that holds all of these keys, its own or the config's."""
    given = raw.get("variants", DEFAULT_VARIANTS)
    if not isinstance(given, list | tuple):
        return dict(raw)
    return {**raw, "variants": [_inheriting(variant, raw, keys) for variant in given]}


def _inheriting(variant: Any, raw: Mapping[str, Any], keys: Sequence[str]) -> Any:
    if not isinstance(variant, str | Mapping):
        return variant  # pydantic says what is wrong with it
    own = _as_mapping(variant)
    made = dict(own)
    for key in keys:
        base, set_here = _plain(raw.get(key)), _plain(own.get(key))
        if isinstance(base, Mapping) and (set_here is None or isinstance(set_here, Mapping)):
            made[key] = {**base, **(set_here or {})}
        elif set_here is None and base is not None:
            made[key] = base
    return made


def _plain(value: Any) -> Any:
    return value.model_dump(exclude_unset=True) if isinstance(value, BaseModel) else value


def only_different(raw: Mapping[str, Any]) -> list[Any]:
    """Return the variants of a whole config with what each sets differently; just its name where it is nothing."""
    return [_only_different(variant, raw) for variant in raw["variants"]]


def _only_different(variant: Mapping[str, Any], raw: Mapping[str, Any]) -> Any:
    made: dict[str, Any] = {"name": variant["name"]}
    if variant.get("like"):
        made["like"] = variant["like"]
    for key in (key for key in variant if key not in _OWN):
        own, base = variant[key], raw[key]
        if isinstance(own, Mapping):
            own = {name: value for name, value in own.items() if value != base[name]}
        if own and own != base:
            made[key] = own
    return made["name"] if made.keys() == {"name"} else made


def check_variants(variants: Sequence[Named]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the variants, each with its key: names, recipes, settings without effect."""
    for name, count in Counter(variant.name for variant in variants).items():
        if count > 1:
            yield f"variants.{name}", f"{name!r} is listed twice; remove one, or give it another name (name, like)"
        if name in TRIVIAL:
            yield f"variants.{name}", f"{name!r} is what an answer without a model is called; choose another name"
    for variant in variants:
        if variant.recipe not in VARIANTS:
            yield f"variants.{variant.name}", f"{variant.recipe!r} is not a recipe; {_nearest_recipe(variant)}"


def misleading_names(variants: Any) -> Iterator[tuple[str, str]]:
    """Yield which names of a config's variants a reader of the report would take for something else, each with its key.

    Only new configs are held to this: a stored run must not become unreadable because a recipe of that name came since.
    """
    given = variants if isinstance(variants, list) else ()
    named = [(own["name"], own.get("like")) for own in map(_as_mapping, given) if isinstance(own.get("name"), str)]
    first: dict[str, str] = {}
    for name, like in named:
        before = first.setdefault(name.lower(), name)
        if before != name:
            yield f"variants.{name}", f"{name!r} and {before!r} differ only in capitals; choose another name for one"
        if name.lower() in VARIANTS and like not in (None, name.lower()):
            yield f"variants.{name}", f"{name!r} is the name of a recipe, but this is like {like}; choose another name"
        if name.lower() == "floor":
            yield (
                f"variants.{name}",
                f"{name!r} is what reports call the best answer without a model; rename it",
            )


def _as_mapping(variant: Any) -> Mapping[str, Any]:
    if isinstance(variant, Mapping):
        return variant
    return {"name": variant}


def without_effect(name: str, row: VariantRow, parts: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """Yield which of the keys that a variant sets itself, each with the part it concerns, change nothing here."""
    for key, part in parts.items():
        if part and not getattr(row, part):
            yield f"variants.{name}.{key}", f"{name} {_WITHOUT[part]}, so this changes nothing; remove it"


def _nearest_recipe(variant: Named) -> str:
    close = difflib.get_close_matches(variant.recipe.lower(), VARIANTS, n=1)
    if close:
        return f"did you mean {close[0]!r}? `ragvsft variants` lists them"
    if variant.recipe == variant.name:
        return f"give it one with like: {', '.join(VARIANTS)}; `ragvsft variants` explains them"
    return f"choose from {', '.join(VARIANTS)}; `ragvsft variants` explains them"
