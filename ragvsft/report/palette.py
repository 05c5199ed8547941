"""What a variant looks like in every picture and table: one colour per theme, and a shape for those who see no colour.

The first nine are chosen by hand; further ones are found, as many as there are variants.
"""

from __future__ import annotations

import colorsys
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, product

from ragvsft.names import VARIANTS

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
# what further colours are chosen among
_HUES = 36  # at least; there are several colours of each
_SATURATIONS = (0.9, 0.6, 0.4)
_CONTRASTS = (4.6, 6.2, 8.5)
_LIGHTNESSES = range(1000)


@dataclass(frozen=True, slots=True)
class Look:
    """How one slot is drawn."""

    light: str  # "#rrggbb"
    dark: str
    shape: str  # Vega's name
    clip: str | None  # the same shape as a CSS clip-path; None: a disc


def slots(variants: Sequence[str]) -> dict[str, int]:
    """Return each variant's slot: a recipe's name always has the same, others take what is free, no two share one."""
    recipes = list(VARIANTS)
    taken = {variant: recipes.index(variant) for variant in variants if variant in recipes}
    free = (slot for slot in count() if slot not in taken.values())
    return taken | {variant: next(free) for variant in variants if variant not in taken}


def looks(slots: int) -> list[Look]:
    """Return how the first slots are drawn, at least those that are chosen by hand."""
    colours = [*_CHOSEN, *_further(max(0, slots - len(_CHOSEN)))]
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
def _further(number: int) -> list[tuple[str, str]]:
    """Return the colours of the slots past the chosen ones: each as unlike all before it as there is one."""
    if number == 0:
        return []
    hues = max(_HUES, number)
    pool = [
        (_at_contrast(hue / hues, saturation, wanted, 0), _at_contrast(hue / hues, saturation, wanted, 1))
        for hue, saturation, wanted in product(range(hues), _SATURATIONS, _CONTRASTS)
    ]
    nearest = {pair: min(_unlikeness(pair, chosen) for chosen in _CHOSEN) for pair in pool}
    found: list[tuple[str, str]] = []
    for _ in range(number):
        found.append(max(nearest, key=nearest.__getitem__))
        nearest = {pair: min(distance, _unlikeness(pair, found[-1])) for pair, distance in nearest.items()}
    return found


def _at_contrast(hue: float, saturation: float, wanted: float, theme: int) -> str:
    """Return the colour of this hue that just stands out enough from the ground of a theme: 0 light, 1 dark."""
    order = _LIGHTNESSES[::-1] if theme == 0 else _LIGHTNESSES

    def colour(step: int) -> str:
        return _hex(hue, step / len(order), saturation)

    return colour(order[bisect_left(order, wanted, key=lambda step: contrast(colour(step), _GROUNDS[theme]))])


def _hex(hue: float, lightness: float, saturation: float) -> str:
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in colorsys.hls_to_rgb(hue, lightness, saturation))


def _unlikeness(pair: tuple[str, str], other: tuple[str, str]) -> int:
    """Return how unlike two pairs look in the theme where they look more alike; whole numbers, the same everywhere."""
    return min(_distance(ours, theirs) for ours, theirs in zip(pair, other, strict=True))


def _distance(colour: str, other: str) -> int:
    red, green, blue = (ours - theirs for ours, theirs in zip(_channels(colour), _channels(other), strict=True))
    return 2 * red**2 + 4 * green**2 + 3 * blue**2  # as an eye weighs them, roughly


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    channels = (channel / 255 for channel in _channels(colour))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
