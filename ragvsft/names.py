"""What a config can name, with the module that does it, imported on first use. A new one is one file and one row."""

from __future__ import annotations

from dataclasses import dataclass

from ragvsft.records import Role


@dataclass(frozen=True, slots=True)
class VariantRow:
    """What others must know of a variant before its module is imported."""

    module: str  # a variants.VariantModule
    retrieves: bool = False  # it needs the index
    trains: bool = False  # it needs adapters: each training seed gives a variant of its own
    role: Role = "candidate"


@dataclass(frozen=True, slots=True)
class RivalRow:
    """A trivial rival of `scoring.floor`: what anybody can answer without building anything."""

    said: str  # as sentences call it
    instead: str  # what somebody could use instead of a variant that does not beat it


VARIANTS: dict[str, VariantRow] = {
    "prompt": VariantRow("ragvsft.variants.prompt"),
    "rag": VariantRow("ragvsft.variants.rag", retrieves=True),
    "lora": VariantRow("ragvsft.variants.lora", trains=True),
}

TRIVIAL: dict[str, RivalRow] = {
    "best-constant": RivalRow("the best constant answer", "A fixed text would do at least as well."),
    "nearest-example": RivalRow(
        "the answer of the nearest training example",
        "Looking up the nearest training example would do at least as well, without any model.",
    ),
    "lead": RivalRow("the beginning of the input", "Copying the beginning of the input would do at least as well."),
    "first-hit": RivalRow(
        "the best sentence of the first passage found",
        "A search that shows the best sentence it finds would do at least as well, without any model.",
    ),
    "always-refuse": RivalRow("always refusing", "Saying nothing would do at least as well."),
}

ENGINES: dict[str, str] = {  # modules with `load(config, source) -> Engine` and `check_settings(config, source)`
    "transformers": "ragvsft.engines.transformers",
    "scripted": "ragvsft.engines.scripted",
}
