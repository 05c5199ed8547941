"""Thinking: what some models write before they answer. It is cut from the answer, and counted in tokens and time."""

from __future__ import annotations

import re
from typing import Any

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


def without_thinking(text: str, *, opened: str | None, is_cut_off: bool) -> str:
    """Return the answer in what a model wrote, its thinking left out.

    `opened`: the mark that the prompt leaves open. A block that never closes, because the text begins with it or is
    cut off within it, leaves only what stands before it.
    """
    text = (opened or "") + text
    for opening, closing in THINKING:
        if opening.casefold() not in text.casefold() and closing.casefold() not in text.casefold():
            continue
        begin, end = re.escape(opening), re.escape(closing)
        text = re.sub(f"{begin}.*?{end}", "", text, flags=re.DOTALL | re.IGNORECASE)
        text = re.split(end, text, flags=re.IGNORECASE)[-1]
        found = re.search(begin, text, flags=re.IGNORECASE)
        if found and (is_cut_off or not text[: found.start()].strip()):
            text = text[: found.start()]
    return text


def opened_by(prompt: str) -> str | None:
    """Return the mark of a thinking block that a prompt opens and leaves open."""
    return next((opening for opening, _ in THINKING if prompt.rstrip().endswith(opening)), None)


def shows_thinking(tokenizer: Any) -> bool:
    """Return whether a thinking mark holds special tokens, which a plain decoding leaves out."""
    marks = [mark for pair in THINKING for mark in pair]
    return any(token in mark for token in tokenizer.all_special_tokens for mark in marks)


def without_special(text: str, tokenizer: Any) -> str:
    """Return a text without the special tokens of its tokenizer."""
    for token in tokenizer.all_special_tokens:
        text = text.replace(token, "")
    return text
