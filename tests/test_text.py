"""Numbers as sentences, tables and terminals show them."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (text.measured(0.6127, 0.55, 0.674, "share"), "61.3 % [55.0, 67.4]"),
        (text.measured(0.0412, 0.04, 0.0431, "s"), "41.2 ms [40.0, 43.1]"),
        (text.measured(1.234, 1.1, 1.4, "s"), "1.23 s [1.10, 1.40]"),
        (text.measured(None, None, None, "share"), "unknown"),
        (text.quantity(0.0000031, "USD"), "USD 0.0000031"),
        (text.quantity(1e-9, "USD"), "< USD 0.0000001"),
        (text.quantity(5.625, "USD"), "USD 5.62"),
        (text.quantity(12345.6, "USD"), "USD 12,346"),
        (text.quantity(None, "USD"), "unknown"),
        (text.quantity(0.0, "USD"), "USD 0"),
        (text.quantity(371.4, "tokens"), "371 tokens"),
        (text.difference(0.123, "share"), "+12.3 points"),
        (text.difference(-0.0412, "s"), "−41.2 ms"),
        (text.difference(-0.0001, "share"), "0.0 points"),
        (text.p_value(0.0004), "< 0.001"),
        (text.p_value(None), "not tested"),
        (text.duration(245), "4 min 05 s"),
        (text.duration(3600 * 2 + 7 * 60), "2 h 07 min"),
        (text.duration(59.96), "60.0 s"),
        (text.size(1_940_000_000), "1.94 GB"),
        (text.moment("20261122T053000Z"), "22 November 2026, 05:30 UTC"),
        (text.moment("2026-11-22T07:30:00+02:00"), "22 November 2026, 05:30 UTC"),
        (text.moment("yesterday"), "yesterday"),
        (text.plural(1, "sample"), "1 sample"),
        (text.listing(["prompt", "rag", "lora"]), "prompt, rag and lora"),
    ],
)
def test_numbers_as_text(shown: str, wanted: str) -> None:
    """Numbers are written with their unit and as many digits as they deserve."""
    assert shown.replace(SPACE, " ") == wanted


@example(1.797693134862316e306, "share")
@given(st.floats(), st.sampled_from(["share", "s", "tokens", "USD", ""]))
def test_no_number_is_ever_nan(value: float, unit: str) -> None:
    """Whatever float comes, no text says nan or inf."""
    texts = [text.quantity(value, unit), text.difference(value, unit), text.bounds(value, value, value, unit)]
    texts += [text.duration(abs(value)), text.size(abs(value)), text.p_value(value), text.count(value)]
    assert not re.search("nan|inf", " ".join(texts))
