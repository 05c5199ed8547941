"""Numbers as sentences, tables and terminals show them."""

from __future__ import annotations

import pytest

from ragvsft import text

SPACE, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"


def _shown(written: str) -> str:
    return written.replace(SPACE, " ").replace(MINUS, "-")


@pytest.mark.parametrize(
    ("value", "unit", "signed", "plain"),
    [
        (0.123, "share", "+12.3 points", "12.3 points"),
        (-0.123, "share", "-12.3 points", "12.3 points"),
        (-0.041, "s", "-41.0 ms", "41.0 ms"),
        (0.0, "share", "0.0 points", "0.0 points"),
        (None, "share", "unknown", "unknown"),
        (float("nan"), "share", "unknown", "unknown"),
    ],
)
def test_a_difference_has_a_sign_and_a_gap_has_none(value, unit, signed, plain):
    """A sentence that says "better by" or "may lose up to" needs no sign."""
    assert _shown(text.difference(value, unit)) == signed
    assert _shown(text.gap(value, unit)) == plain


def test_the_interval_of_a_difference_is_in_points():
    """With the digits of the difference; nothing where there is none."""
    assert _shown(text.difference_bounds(0.1, -0.06, 0.26, "share")) == "[-6.0, 26.0]"
    assert text.difference_bounds(0.1, None, None, "share") == ""


@pytest.mark.parametrize(
    ("value", "shown"), [(0.95, "95 %"), (0.975, "97.5 %"), (0.02, "2 %"), (1.0, "100 %"), (0.0025, "0.25 %")]
)
def test_a_share_that_somebody_set_is_shown_as_it_was_set(value, shown):
    """Rounded, 97.5 % would be another confidence."""
    assert _shown(text.set_share(value)) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0123, "p = 0.012"), (0.0004, "p < 0.001"), (1.0, "p = 1.000"), (None, "not tested")]
)
def test_a_p_value_in_a_sentence_says_what_it_is(value, shown):
    """And none is made up."""
    assert text.p_statement(value) == shown


@pytest.mark.parametrize(
    ("words", "said"),
    [([], "none"), (["rag"], "rag"), (["rag", "lora"], "rag and lora"), (["a", "b", "c"], "a, b and c")],
)
def test_words_are_listed_as_a_sentence_has_them(words, said):
    """One by itself has no "and"."""
    assert text.listing(words) == said
