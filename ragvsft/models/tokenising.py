"""Texts as token ids: what a tokenizer puts around a text, and what it reads into one that spells out a mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

LINE_END = "\n"


def ids_of(
    tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], *, special: bool, literal: bool = False
) -> list[list[int]]:
    """Return each text as token ids, never truncated.

    `special`: with the marks that the tokenizer puts around a text. `literal`: a special token's name in the text is
    letters like any others.
    """
    setting = {"split_special_tokens": True} if literal else {}
    made = tokenizer(list(texts), add_special_tokens=special, truncation=False, **setting)["input_ids"]
    return [list(ids) for ids in made]


def target_ids(tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], *, literal: bool = False) -> list[list[int]]:
    """Return each text as the token ids that a decoder should write."""
    setting = {"split_special_tokens": True} if literal else {}
    return [list(ids) for ids in tokenizer(text_target=list(texts), truncation=False, **setting)["input_ids"]]


def marks_of(tokenizer: PreTrainedTokenizerBase) -> frozenset[int]:
    """Return the special tokens, the one for unknown text apart."""
    added = tokenizer.added_tokens_decoder
    return frozenset(number for number, token in added.items() if token.special) - {tokenizer.unk_token_id}


def appended(tokenizer: PreTrainedTokenizerBase, *, special: bool) -> tuple[int, ...]:
    """Return the marks that the tokenizer puts after every text: what two texts without a common token end with."""
    one, other = ids_of(tokenizer, ["a", "7"], special=special)
    shared: list[int] = []
    for token, same in zip(reversed(one), reversed(other), strict=False):
        if token != same or token == tokenizer.unk_token_id:
            break
        shared.insert(0, token)
    return tuple(shared)


def without(rows: Sequence[list[int]], ending: tuple[int, ...]) -> list[list[int]]:
    """Return the rows, each without this ending where it has it."""
    count = len(ending)
    return [ids[:-count] if count and tuple(ids[-count:]) == ending else ids for ids in rows]


def continued(
    tokenizer: PreTrainedTokenizerBase,
    before: str,
    texts: Sequence[str],
    ending: tuple[int, ...],
    *,
    literal: bool = False,
) -> list[list[int]]:
    """Return each text as the token ids that go on from `before`, without the ending that the tokenizer appends.

    A text by itself is not always written so: many tokenizers put a blank before its first word.
    """
    made = without(ids_of(tokenizer, texts, special=False, literal=literal), ending)
    for context in (LINE_END, before):  # the first helps where the end of `before` would merge with the text
        joint = ids_of(tokenizer, [context, *(context + text for text in texts)], special=False, literal=literal)
        [begin, *rows] = without(joint, ending)
        pairs = zip(rows, made, strict=True)
        made = [row[len(begin) :] if row[: len(begin)] == begin else alone for row, alone in pairs]
    return made


def repeats(ids: Sequence[int], marks: Sequence[int | None]) -> int:
    """Return how often the first token is repeated, if it is one of these marks."""
    same = next((count for count, token in enumerate(ids) if token != ids[0]), len(ids))
    return same - 1 if same > 1 and ids[0] in marks else 0
