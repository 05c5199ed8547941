"""Characters that no file can hold (halves of surrogate pairs and NUL), and the signs that have many forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_BROKEN = re.compile("[\ud800-\udfff\x00]")
# quotes and dashes of every form, each as its plain one
PLAIN_SIGNS = {
    **{ord(sign): "'" for sign in "‘’‚‛′ʹʻʼʽ`´\uff07"},
    **{ord(sign): '"' for sign in "“”„‟″«»‹›「」『』《》〈〉【】〝〞\uff02"},
    **{ord(sign): "-" for sign in "‐‑‒–—―−﹣\uff0d⁃"},
}
REMEDY = "remove it where the text was made, or write the whole character"


def broken_character(value: Any) -> str | None:
    r"""Return what is wrong with the first such character in a JSON-able value, or None; keys count too."""
    waiting = [value]  # not by recursion: JSON may be nested as deep as the parser can read
    while waiting:
        part = waiting.pop()
        if isinstance(part, str) and (found := _BROKEN.search(part)):
            what = "a NUL character" if found[0] == "\x00" else "half a character"
            return f"\\u{ord(found[0]):04x}, {what}"
        if isinstance(part, Mapping):
            waiting += [*part.keys(), *part.values()]
        elif isinstance(part, list | tuple):
            waiting += part
    return None
