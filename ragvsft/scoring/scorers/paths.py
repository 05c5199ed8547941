"""A place in JSON as a name on one line, and back: what stands in the parentheses of `field(lines/[]/count)`."""

from __future__ import annotations

import re

from ragvsft.schemas.values import ITEM, Path

_ESCAPED = re.compile(r"~(?P<code>[0-9a-f]*);")


def name_of(path: Path) -> str:
    """Return a path as a name on one line: `ship_to/city`, `lines/[]/count` for the count of any line.

    What would be misread is written as its code, such as ~2f; for a slash in a key.
    """
    return "/".join("[]" if step is ITEM else _escaped(step) for step in path)


def path_of(name: str) -> Path:
    """Return the path of a name, so that `path_of(name_of(path))` is the path."""
    return tuple(ITEM if step == "[]" else _ESCAPED.sub(_character, step) for step in name.split("/"))


def _character(escaped: re.Match[str]) -> str:
    return chr(int(escaped["code"], 16)) if escaped["code"] else ""


def _escaped(step: str) -> str:
    if step == "[]":
        return "~5b;]"
    return "~;" if not step else "".join(f"~{ord(c):x};" if c in "~/" or not c.isprintable() else c for c in step)
