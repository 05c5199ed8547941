"""What a config can name: dicts of name -> module path, imported on first use. A new one is one file and one row."""

from __future__ import annotations

VARIANTS: dict[str, str] = {  # modules that are a variants.VariantModule
    "prompt": "ragvsft.variants.prompt",
    "rag": "ragvsft.variants.rag",
    "lora": "ragvsft.variants.lora",
}

ENGINES: dict[str, str] = {  # modules with `load(config) -> Engine`
    "transformers": "ragvsft.engines.transformers",
    "scripted": "ragvsft.engines.scripted",
}
