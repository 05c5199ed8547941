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

SCORERS: tuple[str, ...] = (  # modules with MEASURES, a row for each measure that they compute
    "ragvsft.scoring.scorers.answer",
    "ragvsft.scoring.scorers.format",
    "ragvsft.scoring.scorers.retrieval",
    "ragvsft.scoring.scorers.resources",
)

ENGINES: dict[str, str] = {  # modules with `load(config, source) -> Engine` and `check_settings(config, source)`
    "transformers": "ragvsft.engines.transformers",
    "scripted": "ragvsft.engines.scripted",
}
