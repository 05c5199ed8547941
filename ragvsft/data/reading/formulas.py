"""Formulas in a line of text: MathML and Office Math, raised and lowered letters."""

from __future__ import annotations

import re
from collections.abc import Callable

from ragvsft.data.reading.tree import Element

_DEEPEST = 60  # a formula nested deeper is read as its plain letters
_EXPONENT = re.compile(r"[+\-−–]?\d+([.,/]\d+)?|[+\-−]|[nxyijkm]|[nm][+\-−]\d")
_TEX = ("application/x-tex", "TeX", "latex")


def raised(text: str) -> str:
    """Return a superscript as plain text has it: "10" and "6" are not 106, but "1st" is one word."""
    inner = text.strip()
    return f"^{inner}" if _EXPONENT.fullmatch(inner) else text


def lowered(text: str, before: str) -> str:
    """Return a subscript as plain text has it: H2O, but 5_2 behind a digit."""
    return f"_{text}" if before[-1:].isdigit() and text[:1].isdigit() else text


def formula(element: Element) -> str:
    """Return the text of a `math` or `oMath` element: its TeX where it has one, else a line such as (a)/(b)."""
    for annotation in element.iter("{*}annotation"):
        if annotation.get("encoding") in _TEX and annotation.text:
            return " ".join(annotation.text.split())
    return " ".join(_text(element, 0).split())


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: Element, depth: int) -> str:
    name = _name(element)
    if name in ("annotation", "annotation-xml", "") or name.endswith("Pr"):
        return "".join(element.get("{*}chr", "")) if name == "chr" else ""
    if depth > _DEEPEST:
        return "".join(element.itertext())
    own = (element.text or "").strip() if name in ("mi", "mn", "mo", "mtext", "ms", "t", "math", "mrow") else ""
    parts = [_text(child, depth + 1) + (child.tail or "").strip() for child in element if _name(child)]
    parts = [part for part in parts if part]
    return own + (_SHAPES[name](parts) if name in _SHAPES and parts else "".join(parts))


def _grouped(text: str) -> str:
    return text if re.fullmatch(r"\w*|\d+[.,]\d+|\(.*\)", text) else f"({text})"


def _scripts(parts: list[str], marks: str) -> str:
    return parts[0] + "".join(f"{mark}{_grouped(part)}" for mark, part in zip(marks, parts[1:], strict=False))


def _fraction(parts: list[str]) -> str:
    return "/".join(map(_grouped, parts))


def _fenced(parts: list[str]) -> str:
    return f"({', '.join(parts)})"


def _root(parts: list[str]) -> str:
    return f"√({parts[-1]})" if len(parts) == 1 else f"root({', '.join(parts)})"


_SHAPES: dict[str, Callable[[list[str]], str]] = {
    "mfrac": _fraction,
    "f": _fraction,
    "msup": lambda parts: _scripts(parts, "^"),
    "sSup": lambda parts: _scripts(parts, "^"),
    "msub": lambda parts: _scripts(parts, "_"),
    "sSub": lambda parts: _scripts(parts, "_"),
    "msubsup": lambda parts: _scripts(parts, "_^"),
    "sSubSup": lambda parts: _scripts(parts, "_^"),
    "munder": lambda parts: _scripts(parts, "_"),
    "mover": lambda parts: _scripts(parts, "^"),
    "munderover": lambda parts: _scripts(parts, "_^"),
    "msqrt": lambda parts: f"√({''.join(parts)})",
    "mroot": lambda parts: f"root({', '.join(parts)})",
    "rad": _root,
    "mfenced": _fenced,
    "d": _fenced,
    "mtr": lambda parts: ", ".join(parts) + "; ",
    "mr": lambda parts: ", ".join(parts) + "; ",
    "mo": lambda parts: "".join(parts),
}
