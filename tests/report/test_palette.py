"""Colours and shapes: one per variant however many there are, to be read in both themes and without colours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ragvsft.report import page, palette

MANY = [f"mine-{number}" for number in range(25)]
FIRST = ["#5f6b78", "#8a6400", "#0067a5", "#bf4a0a", "#8d4a86", "#00755c", "#7a3b2e", "#3d4fb0", "#a3265f"]
CSS = (Path(page.__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")


def test_a_known_variant_has_one_look_in_every_run() -> None:
    """Whichever others run beside it, and no two share one."""
    assert palette.slots(["lora"])["lora"] == palette.slots(["prompt", "mine", "rag", "lora"])["lora"] == 3
    places = palette.slots(["mine", "prompt", "rag", "lora", "yours"])
    assert places == {"prompt": 0, "mine": 1, "rag": 2, "lora": 3, "yours": 4}


def test_25_variants_have_25_looks() -> None:
    """Different slots, and in both themes different colours, none of them a grey of the page."""
    places = palette.slots(["prompt", *MANY[:23], "raft"])
    shown = palette.looks(25)
    assert sorted(places.values()) == list(range(25))
    assert len({look.light for look in shown} - {palette.INK, palette.MUTED, palette.LINE, palette.BAND}) == 25
    assert len({look.dark for look in shown}) == 25


def test_the_first_nine_colours_stay() -> None:
    """A variant of an old report looks the same in a new one."""
    assert [look.light for look in palette.looks(25)[:9]] == FIRST


def test_contrast_is_that_of_wcag() -> None:
    """Black on white is 21:1, a colour on itself 1:1, and #767676 the lightest grey of at least 4.5:1 on white."""
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.contrast("#0067a5", "#0067a5") == 1
    assert palette.contrast("#767676", "#ffffff") >= 4.5 > palette.contrast("#777777", "#ffffff")


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_colours_can_be_read_on_their_ground(theme: int) -> None:
    """Each of 60 variants' colours has a contrast of at least 4.5 on the page and on a card, in both themes."""
    grounds = [re.findall(rf"--{name}: (#\w+)", CSS)[theme] for name in ("ground", "card")]
    text = [re.findall(rf"--{name}: (#\w+)", CSS)[theme] for name in ("ink", "muted", "good", "bad")]
    for colour in [(look.light, look.dark)[theme] for look in palette.looks(60)] + text:
        for ground in grounds:
            assert palette.contrast(colour, ground) >= 4.5, (colour, ground)


def test_who_sees_no_colour_sees_shapes() -> None:
    """Neighbouring slots never share a shape, and eight in a row have eight; the page has the same ones."""
    shapes = [look.shape for look in palette.looks(25)]
    assert all(len(set(shapes[first : first + 8])) == 8 for first in range(17))
    assert ".v24.dot" not in palette.css(25)  # a disc again
    assert ".v23.dot,.v23 .eyebrow::before{border-radius:0;clip-path:polygon(" in palette.css(25)


def test_the_stylesheet_has_as_many_colours_as_the_run_has_variants() -> None:
    """Each of them in both themes, and mapped from the drawing."""
    css = palette.css(25)
    for slot, look in enumerate(palette.looks(25)):
        assert f"--v{slot}:{look.light};" in css
        assert f"--v{slot}:{look.dark};" in css
        assert f'svg [fill="{look.light}"]{{fill:var(--v{slot})}}' in css
    assert "--v25" not in css
