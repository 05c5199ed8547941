"""A secret is written in a config only as `${ENV_NAME}` and looked up where it is used, so that no run holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from ragvsft.characters import broken_character
from ragvsft.masking import HIDDEN, holds_a_key, is_secret_key, masked

SECRET = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def only_a_reference(value: str) -> str:
    """Return the value. Raises ValueError unless it is `${ENV_NAME}`."""
    if not SECRET.fullmatch(value):
        raise ValueError("write a secret as ${ENV_NAME} only, so that no file or run ever holds it")
    return value


Secret = Annotated[str, AfterValidator(only_a_reference)]


def reveal(secret: str | None, environ: Mapping[str, str]) -> str | None:
    """Return the value of `${ENV_NAME}`; the only place where a secret is ever in the clear."""
    match = SECRET.fullmatch(secret or "")
    return environ.get(match.group(1)) if match else None


def unfit_texts(value: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield the key of each text that holds a password or a character that no file can hold, and what is wrong."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from unfit_texts(inner, (*keys, str(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from unfit_texts(inner, keys)
    elif isinstance(value, str) and (broken := broken_character(value)):
        yield ".".join(keys), f"holds {broken}; remove it"
    elif isinstance(value, str) and not is_secret_key(keys[-1] if keys else "") and _holds_secret(value, keys):
        remedy = "export it as an environment variable and write its name under hub_token, as in ${HF_TOKEN}"
        yield ".".join(keys), f"holds what looks like a key or a password {HIDDEN}; {remedy}"


def _holds_secret(text: str, keys: tuple[str, ...]) -> bool:
    if keys == ("notes",):
        return False  # they are masked
    # in prose and in paths a long random run may be a hash
    is_name = "/" not in text and keys != ("task", "instruction")
    return holds_a_key(text) or (is_name and masked(text) != text)
