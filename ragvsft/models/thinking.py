"""Thinking: what some models write before they answer. It is cut from the answer, and counted in tokens and time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# (what opens a block, what closes it), as the families of models that think mark it
THINKING = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("[THINK]", "[/THINK]"),
    ("<seed:think>", "</seed:think>"),
    ("<longcat_think>", "</longcat_think>"),
    ("◁think▷", "◁/think▷"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|channel|>analysis", "<|channel|>final<|message|>"),
    ("<|channel>thought", "<channel|>"),
)

QUOTES = ("`", '"', "'", "“", "‘", "«", "„", "(")
ENDS = ("`", '"', "'", "”", "’", "»", "“")


def without_thinking(text: str, *, opened: str | None, is_cut_off: bool) -> str:
    """Return the answer in what a model wrote, its thinking left out.

    `opened`: the mark that the prompt leaves open. A block that never closes, because the text begins with it or is
    cut off within it, leaves only what is before it. An answer may speak of the marks: one in quotes,
    or that is a word of a sentence, opens nothing.
    """
    text = (opened or "") + text
    for opening, closing in THINKING:
        if opening.casefold() not in text.casefold() and closing.casefold() not in text.casefold():
            continue
        begin, end = re.compile(re.escape(opening), re.IGNORECASE), re.compile(re.escape(closing), re.IGNORECASE)
        text = _without_blocks(text, begin, end)
        is_spoken_of = any(not _opens(text, found) for found in begin.finditer(text))
        closed = [found.end() for found in end.finditer(text) if _closes(text, found, alone=is_spoken_of)]
        text = text[max(closed, default=0) :]
        found = next((found for found in begin.finditer(text) if _opens(text, found)), None)
        if found and (is_cut_off or not text[: found.start()].strip()):
            text = text[: found.start()]
    return text


def _without_blocks(text: str, begin: re.Pattern[str], end: re.Pattern[str]) -> str:
    """Return a text without its closed blocks."""
    kept, place = "", 0
    while found := next((found for found in begin.finditer(text, place) if _opens(text, found)), None):
        closed = next((mark for mark in end.finditer(text, found.end()) if _closes(text, mark)), None)
        if closed is None:
            break
        kept, place = kept + text[place : found.start()], closed.end()
    return kept + text[place:]


def _opens(text: str, mark: re.Match[str]) -> bool:
    """Return whether a mark opens a block: it is neither quoted nor a word of a sentence, after another and a blank."""
    before = text[: mark.start()]
    return _begins_line(before) or not (before[-1].isspace() or before.endswith(QUOTES))


def _closes(text: str, mark: re.Match[str], *, alone: bool = False) -> bool:
    """Return whether a mark closes a block: it is not quoted, and where `alone` is wanted, it begins a line."""
    before = text[: mark.start()]
    return _begins_line(before) if alone else not (before.endswith(QUOTES) and text[mark.end() :].startswith(ENDS))


def _begins_line(before: str) -> bool:
    return not before.rpartition("\n")[2].strip()


def opened_by(prompt: str) -> str | None:
    """Return the mark of a thinking block that a prompt opens and leaves open."""
    return next((opening for opening, _ in THINKING if prompt.rstrip().endswith(opening)), None)


def shows_thinking(tokenizer: PreTrainedTokenizerBase) -> bool:
    """Return whether a thinking mark holds special tokens, which a plain decoding leaves out."""
    marks = [mark for pair in THINKING for mark in pair]
    return any(token in mark for token in tokenizer.all_special_tokens for mark in marks)


def without_special(text: str, tokenizer: PreTrainedTokenizerBase) -> str:
    """Return a text without the special tokens of its tokenizer."""
    for token in tokenizer.all_special_tokens:
        text = text.replace(token, "")
    return text
