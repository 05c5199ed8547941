"""Jupyter notebooks, which are JSON: text and code in order, and what the code printed."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from ragvsft.data.reading import markdown
from ragvsft.data.reading.decoding import decoded, without_surrogates
from ragvsft.data.reading.html import page_text
from ragvsft.data.reading.result import Dropped, Reading
from ragvsft.errors import CorpusError

_STAND_IN = re.compile(r"<[^<>]*\bobject(?: at 0x[0-9a-f]+)?>")  # <IPython.core.display.HTML object>
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def read(path: Path, data: bytes) -> Reading:
    """Return the cells as Markdown; pictures and other outputs that are not text are dropped. Raises CorpusError."""
    source = decoded(path, data)
    try:
        notebook = json.loads(source)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        language = str(notebook.get("metadata", {}).get("kernelspec", {}).get("language", "python"))
        dropped: Counter[str] = Counter()
        characters: Counter[str] = Counter()
        parts = [part for cell in cells for part in _cell(cell, language, dropped, characters)]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise CorpusError(
            f"{path} is a broken notebook ({type(error).__name__}); save it again or remove it"
        ) from error
    whole = without_surrogates("\n\n".join(part for part in parts if part.strip()))
    reading = markdown.cleaned(whole)
    kinds = tuple(Dropped(what, count, characters[what]) for what, count in sorted(dropped.items()))
    return Reading(reading.text, dropped=(*reading.dropped, *kinds), notes=reading.notes)


def _cell(cell: dict[str, Any], language: str, dropped: Counter[str], characters: Counter[str]) -> list[str]:
    source = _joined(cell.get("source", cell.get("input", "")))
    match cell["cell_type"]:
        case "code":
            outputs = [_shown(output, dropped, characters) for output in cell.get("outputs", ())]
            return [_fenced(source, language), *outputs]
        case "heading":  # of format 3
            return [f"{'#' * int(cell.get('level', 1))} {source}"]
    return [source]


def _shown(output: dict[str, Any], dropped: Counter[str], characters: Counter[str]) -> str:
    """Return an output as Markdown: what is written for people as text, all else as it was printed."""
    data = output.get("data", output)
    plain = _joined(data.get("text/plain", ""))
    if not plain.strip() or _STAND_IN.fullmatch(plain.strip()):
        for kind in ("text/markdown", "text/latex"):
            if kind in data:
                return _joined(data[kind])
        if "text/html" in data:
            return page_text(_joined(data["text/html"])).text
        if "application/json" in data:
            return _fenced(json.dumps(data["application/json"], ensure_ascii=False, indent=1), "json")
    return _fenced(_output(output, dropped, characters), "")


def _output(output: dict[str, Any], dropped: Counter[str], characters: Counter[str]) -> str:
    """Return what an output shows as text; "" for a picture, which is counted."""
    if output.get("output_type") in ("error", "pyerr"):
        return f"{output.get('ename', 'Error')}: {output.get('evalue', '')}"
    shown = output.get("data", output)
    for kind, content in shown.items():
        if kind.startswith("image/") or kind in ("png", "jpeg", "svg"):
            dropped["pictures"] += 1
            characters["pictures"] += len(_joined(content))
    plain = _joined(shown.get("text/plain", output.get("text", "")))
    has_picture = any(kind.startswith("image/") for kind in shown)
    return "" if has_picture and re.fullmatch(r"<[^>]*>", plain.strip()) else _COLOURS.sub("", plain)


def _joined(lines: str | list[str]) -> str:
    return lines if isinstance(lines, str) else "".join(lines)


def _fenced(content: str, language: str) -> str:
    """Return a code block, fenced by more backticks than it holds."""
    if not content.strip():
        return ""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", content) or [""]))
    return f"{fence}{language}\n{content.strip(chr(10))}\n{fence}"
