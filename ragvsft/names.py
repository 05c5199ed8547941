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


VARIANTS: dict[str, VariantRow] = {
    "prompt": VariantRow("ragvsft.variants.prompt"),
    "rag": VariantRow("ragvsft.variants.rag", retrieves=True),
    "lora": VariantRow("ragvsft.variants.lora", trains=True),
}

TRIVIAL: dict[str, str] = {  # the trivial rivals of `floor`, as sentences call them
    "best-constant": "the best constant answer",
    "nearest-example": "the answer of the nearest training example",
    "lead": "the beginning of the input",
    "first-hit": "the best sentence of the first passage found",
    "always-refuse": "always refusing",
}


@dataclass(frozen=True, slots=True)
class EngineRow:
    """What others must know of an engine before its module is imported."""

    module: str  # an engines.EngineModule
    needs_model: bool = True  # it runs a model of this machine, which is found and checked first


ENGINES: dict[str, EngineRow] = {
    "transformers": EngineRow("ragvsft.engines.transformers"),
    "scripted": EngineRow("ragvsft.engines.scripted", needs_model=False),
}
