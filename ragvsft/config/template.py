"""What helps to write a config: a commented template, the JSON Schema for editors, a name that a run may have."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ragvsft.config.root import Config
from ragvsft.config.sections import Section
from ragvsft.config.variants import DEFAULT_VARIANTS
from ragvsft.names import VARIANTS

_EXAMPLE = {
    "corpus": "documents",
    "evalset": "questions.jsonl",
    "examples": "examples.jsonl",
    "variants": DEFAULT_VARIANTS,
}


def run_name(text: str) -> str:
    """Return a text as the name of a run may be: "my data (new)" is my-data-new."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-._")[:64] or "run"


def config_schema() -> str:
    """Return the JSON Schema of ragvsft.yaml, for editors."""
    schema = Config.model_json_schema()
    variants = schema["properties"]["variants"]
    plain = {"type": "string", "enum": list(VARIANTS), "description": "a recipe as it is"}
    variants |= {"items": {"anyOf": [plain, variants["items"]]}, "default": list(DEFAULT_VARIANTS)}
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, indent=2)


def config_template(values: Mapping[str, Any] | None = None) -> str:
    """Return a commented ragvsft.yaml with every key and its default, or what `values` holds ("task.kind": "json")."""
    chosen = {**_EXAMPLE, **(values or {})}
    lines = ["# ragvsft.yaml: one comparison. Paths are relative to this file's folder.", ""]
    for name, field in Config.model_fields.items():
        if isinstance(field.default, Section):
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
