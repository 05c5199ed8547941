"""The endless stream of training batches: a function of (seed, place), so a run resumes where it stopped."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from transformers import PreTrainedTokenizerFast

from pretrain.tasks import EASY, FULL, MIXED, Reading, Tasks

BLOCK_PAIRS = 4096  # pairs drawn and sorted by length together
Encoded = tuple[list[int], list[int]]  # the pieces of a prompt and of its target

EASY_BLOCKS, FULL_BLOCKS = 16, 8  # short prompts first: copying is learned at a fraction of the price
MAX_PROMPT_TOKENS = 1000
MAX_TARGET_TOKENS = 64


@dataclass(frozen=True, slots=True)
class Batch:
    """What one training step reads."""

    input_ids: torch.Tensor  # (n, prompt) int64
    attention_mask: torch.Tensor  # (n, prompt) int64
    labels: torch.Tensor  # (n, target) int64, -100 where padded


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the stream a batch lies."""

    block: int
    batch: int


def batches(
    tasks: Tasks, tokenizer: PreTrainedTokenizerFast, *, seed: int, start: Place, batch_tokens: int
) -> Iterator[tuple[Place, Batch]]:
    """Yield batches from `start` on, each with the place of the batch after it."""
    block, skip = start.block, start.batch
    while True:
        tasks.stage = _reading(block)
        made = _block(tasks, tokenizer, random.Random(f"{seed} {block}"), batch_tokens)
        for number, pairs in enumerate(made[skip:], start=skip + 1):
            yield Place(block, number), _padded(pairs, int(tokenizer.pad_token_id))
        block, skip = block + 1, 0


def _reading(block: int) -> Reading:
    if block < EASY_BLOCKS:
        return EASY
    return FULL if block < EASY_BLOCKS + FULL_BLOCKS else MIXED


def _block(
    tasks: Tasks, tokenizer: PreTrainedTokenizerFast, rng: random.Random, batch_tokens: int
) -> list[list[Encoded]]:
    """Return one block's batches: pairs of like length together, the batches in random order."""
    drawn = [tasks.draw(rng) for _ in range(BLOCK_PAIRS)]
    prompts = tokenizer([pair.prompt for pair in drawn]).input_ids
    targets = tokenizer(text_target=[pair.target for pair in drawn]).input_ids
    fitting = [
        pair
        for pair in zip(prompts, targets, strict=True)
        if len(pair[0]) <= MAX_PROMPT_TOKENS and len(pair[1]) <= MAX_TARGET_TOKENS
    ]
    made = _grouped(fitting, batch_tokens)
    rng.shuffle(made)
    return made


def _grouped(pairs: list[Encoded], batch_tokens: int) -> list[list[Encoded]]:
    """Return batches of like length, of few shapes: oneDNN compiles its kernels anew for every shape it meets."""
    made: list[list[Encoded]] = []
    waiting: list[Encoded] = []
    by_width: dict[int, list[Encoded]] = {}
    for pair in pairs:
        by_width.setdefault(_width(len(pair[0])), []).append(pair)
    for width, group in sorted(by_width.items()):
        waiting = sorted(waiting + group, key=lambda pair: len(pair[1]))
        count = max(1, batch_tokens // width // 4 * 4)
        while len(waiting) >= count:
            made.append(waiting[:count])
            waiting = waiting[count:]
    return [*made, waiting] if waiting else made


def _width(tokens: int) -> int:
    """Return the padded width of a prompt: a multiple of 16, of 64 from 256 tokens on."""
    step = 16 if tokens <= 256 else 64
    return -(-tokens // step) * step


def _padded(pairs: list[Encoded], pad: int) -> Batch:
    prompts = _rectangle([prompt for prompt, _ in pairs], pad, _width(max(len(prompt) for prompt, _ in pairs)))
    targets = [target for _, target in pairs]
    return Batch(prompts, (prompts != pad).long(), _rectangle(targets, -100, -(-max(map(len, targets)) // 8) * 8))


def _rectangle(lines: list[list[int]], fill: int, width: int) -> torch.Tensor:
    return torch.tensor([line + [fill] * (width - len(line)) for line in lines])
