"""Texts of others, made fit to be shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ragvsft.characters import clean


@given(st.text(st.characters(categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Ll"))))
def test_cleaned_text_can_be_written_and_hides_nothing(text: str) -> None:
    """A cleaned text is UTF-8 and holds no control, override, separator or surrogate character."""
    cleaned = clean(text)
    cleaned.encode()
    assert not set(cleaned) & {"\x00", "\x1b", "\r", "\u202e", "\u2066", "\u2028", "\ufeff", "\U000e0041"}
