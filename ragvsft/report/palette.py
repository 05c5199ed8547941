"""What a variant looks like in every picture and table: one colour per theme, and a shape for those who see no colour.

The first nine are chosen by hand; further ones are made by turning the hue, as many as there are variants.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count

INK, MUTED, LINE, BAND, GROUND = "#1c2126", "#59636e", "#e3e6ea", "#e8ebee", "#f7f7f5"
_GREYS = {INK: "ink", MUTED: "muted", LINE: "line", BAND: "band", GROUND: "ground"}

# (light, dark), after Okabe and Ito's palette, each at least 4.5:1 on its ground
_CHOSEN = (
    ("#5f6b78", "#a9b4c0"),
    ("#8a6400", "#dcb53f"),
    ("#0067a5", "#63b3f0"),
    ("#bf4a0a", "#f5975a"),
    ("#8d4a86", "#d79ad0"),
    ("#00755c", "#4cc9a6"),
    ("#7a3b2e", "#d8a294"),
    ("#3d4fb0", "#a3aff5"),
    ("#a3265f", "#f48db8"),
)
_KNOWN = ("prompt", "few-shot", "rag", "lora", "lora-rag", "raft", "oracle", "wrong-corpus", "rag-parity")

# (Vega's name, the same as a CSS clip-path; None: a disc)
_SHAPES = (
    ("circle", None),
    ("square", "inset(6%)"),
    ("diamond", "polygon(50% 0,100% 50%,50% 100%,0 50%)"),
    ("triangle-up", "polygon(50% 0,100% 94%,0 94%)"),
    ("triangle-down", "polygon(0 6%,100% 6%,50% 100%)"),
    ("cross", "polygon(33% 0,67% 0,67% 33%,100% 33%,100% 67%,67% 67%,67% 100%,33% 100%,33% 67%,0 67%,0 33%,33% 33%)"),
    ("triangle-right", "polygon(6% 0,100% 50%,6% 100%)"),
    ("triangle-left", "polygon(94% 0,94% 100%,0 50%)"),
)

_GROUNDS = ("#f7f7f5", "#1c2024")  # the harder one of page and card in each theme
_CONTRASTS = (4.8, 7.0, 5.8)  # in turn, so that neighbouring hues differ in lightness too
_SATURATIONS = (0.85, 0.55)
_TURN = 0.618033988749895  # of the circle; the golden section never comes back to a hue
_FIRST_HUE = 0.30  # a green that the chosen ones leave out
_FINENESS = 500  # steps of lightness


@dataclass(frozen=True, slots=True)
class Look:
    """How one slot is drawn."""

    light: str  # "#rrggbb"
    dark: str
    shape: str  # Vega's name
    clip: str | None  # the same shape as a CSS clip-path; None: a disc


def slots(variants: Sequence[str]) -> dict[str, int]:
    """Return each variant's slot: a known name always has the same, others take what is free, no two share one."""
    taken = {variant: _KNOWN.index(variant) for variant in variants if variant in _KNOWN}
    free = (slot for slot in count() if slot not in taken.values())
    return taken | {variant: next(free) for variant in variants if variant not in taken}


def looks(slots: int) -> list[Look]:
    """Return how the first slots are drawn, at least those that are chosen by hand."""
    colours = [*_CHOSEN, *(_made(number) for number in range(slots - len(_CHOSEN)))]
    return [Look(light, dark, *_SHAPES[slot % len(_SHAPES)]) for slot, (light, dark) in enumerate(colours)]


def contrast(colour: str, ground: str) -> float:
    """Return the WCAG 2 contrast of two colours, 1 to 21."""
    darker, lighter = sorted((_luminance(colour), _luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


def css(slots: int) -> str:
    """Return the rules that give each slot its colour and shape, and a drawing the colours of the theme."""
    shown = looks(slots)
    light = "".join(f"--v{slot}:{look.light};" for slot, look in enumerate(shown))
    dark = "".join(f"--v{slot}:{look.dark};" for slot, look in enumerate(shown))
    rules = [f":root{{{light}}}", f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"]
    rules += [f".v{slot}{{--variant:var(--v{slot})}}" for slot in range(len(shown))]
    rules += [_clip(slot, look.clip) for slot, look in enumerate(shown) if look.clip]
    names = _GREYS | {look.light: f"v{slot}" for slot, look in enumerate(shown)}
    for colour, name in names.items():
        rules += [f'svg [{property}="{colour}"]{{{property}:var(--{name})}}' for property in ("fill", "stroke")]
    return "\n".join(rules)


def _clip(slot: int, clip: str) -> str:
    return f".v{slot}.dot,.v{slot} .eyebrow::before{{border-radius:0;clip-path:{clip}}}"


@cache
def _made(number: int) -> tuple[str, str]:
    """Return the colours of a slot past the chosen ones: one hue, each just readable on its ground."""
    hue = (_FIRST_HUE + number * _TURN) % 1.0
    saturation = _SATURATIONS[number % len(_SATURATIONS)]
    wanted = _CONTRASTS[number % len(_CONTRASTS)]

    def of_lightness(lightness: float) -> str:
        red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
        return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"

    lightest = [1 - step / _FINENESS for step in range(_FINENESS)]
    darkest = [step / _FINENESS for step in range(_FINENESS)]
    return _first(of_lightness, lightest, wanted, _GROUNDS[0]), _first(of_lightness, darkest, wanted, _GROUNDS[1])


def _first(of_lightness: Callable[[float], str], lightnesses: Sequence[float], wanted: float, ground: str) -> str:
    """Return the first colour that stands out enough from a ground."""
    return next(colour for colour in map(of_lightness, lightnesses) if contrast(colour, ground) >= wanted)


def _luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
