"""Characters that no file can hold, that no screen should show as they are, and signs that have many forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_BROKEN = re.compile("[\ud800-\udfff\x00]")  # halves of surrogate pairs, and NUL
# Control characters, bidirectional overrides, invisible marks, tag characters and lone surrogates. Tab and line feed
# stay; so do U+200C and U+200D, which Persian, Hindi and emoji are written with.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
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


def clean(text: str) -> str:
    """Return the text with every character that could hide or reorder others written out: "‹U+202E›"."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HIDDEN.sub(lambda found: f"‹U+{ord(found[0]):04X}›", plain)
