"""YAML without surprises: no aliases, which hide what a run really used, no repeated keys, no impossible dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from ragvsft.errors import ConfigError
from ragvsft.masking import names_a_secret


class StrictLoader(yaml.SafeLoader):
    """Safe YAML without aliases, repeated keys and impossible dates."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Return the next node; an alias is an error."""
        if self.check_event(yaml.AliasEvent):
            peek: Callable[[], Any] = self.peek_event  # whose stub has no types
            event = peek()
            problem = f"the alias *{event.anchor} is not allowed; write out its value"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return a mapping; a key that is listed twice, or that is not a text, is an error."""
        seen: set[str] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(
                    problem="a key is not a text; if {{ and }} belong to a text, put it in quotes",
                    problem_mark=key_node.start_mark,
                )
            if key_node.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"{key_node.value} is listed twice; keep one", problem_mark=key_node.start_mark
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)

    def construct_day(self, node: yaml.ScalarNode) -> date:
        """Return a date; an impossible one is an error."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError as error:
            raise yaml.MarkedYAMLError(
                problem=f"{node.value} is not a date ({error}); write one such as 2026-11-09",
                problem_mark=node.start_mark,
            ) from None


StrictLoader.add_constructor("tag:yaml.org,2002:timestamp", StrictLoader.construct_day)


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping that a file holds. Raises ConfigError with the line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; write one with `ragvsft init`") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {unreadable(error)}") from None
    try:
        raw = yaml.load(text, Loader=StrictLoader)  # noqa: S506  (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f" line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigError(f"{path}{line}: {read_problem(error, text)}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a date such as 2026-13-45
        raise ConfigError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(raw, dict):
        held = "is empty" if raw is None else "has no keys and values"
        raise ConfigError(f"{path}: {held}; start from what `ragvsft init` writes")
    return raw


def unreadable(error: OSError | UnicodeDecodeError) -> str:
    """Return why a file gives no text, and what to do about it."""
    if isinstance(error, IsADirectoryError):
        return "is a folder; name a file in it"
    if isinstance(error, UnicodeDecodeError):
        byte = error.object[error.start]
        return f"byte {error.start} (0x{byte:02x}) is not UTF-8; save the file as UTF-8"
    return f"cannot be read ({error.strerror}); name a file that can be"


def read_problem(error: yaml.MarkedYAMLError, text: str) -> str:
    """Return what is wrong with a YAML text, without a quotation of the line if that holds a secret."""
    number = error.problem_mark.line if error.problem_mark else 0
    lines = ["", *re.split(r"\r\n|[\r\n\x85\u2028\u2029]", text), ""]  # where YAML sees lines end
    before, line = lines[number : number + 2]
    if names_a_secret(line) or (before.rstrip().endswith(":") and names_a_secret(before)):
        return "not valid YAML; write a secret as ${ENV_NAME} only"
    if "'\\t'" in str(error.problem):
        return "a line is indented with a tab; indent with spaces"
    return str(error.problem)
