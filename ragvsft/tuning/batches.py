"""Training pairs as batches: which pairs are kept for the dev loss, their order, and the loss mask."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ragvsft.errors import ExamplesError

if TYPE_CHECKING:
    from torch import Tensor

    from ragvsft.models.frames import Kind
    from ragvsft.models.load import Loaded

IGNORED = -100  # a label that costs nothing
TRAINING = 3  # counted up whenever the same pairs and settings train something else: other tokens, other weights


@dataclass(frozen=True, slots=True)
class TokenPair:
    """A training pair as token ids; the answer ends with the end mark."""

    prompt: list[int]
    answer: list[int]

    @property
    def tokens(self) -> int:
        """Return how many tokens a model reads and writes for this pair."""
        return len(self.prompt) + len(self.answer)


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs of like length, padded; all (n, width) int64."""

    input_ids: Tensor
    attention_mask: Tensor
    labels: Tensor  # the answers' tokens only, IGNORED elsewhere; causal: for the last columns of the input
    tokens: int  # of prompts and answers, padding excluded
    answer_tokens: int


def token_pairs(pairs: Sequence[tuple[str, str]], loaded: Loaded) -> list[TokenPair]:
    """Return the pairs as the model reads and writes them."""
    prompts = loaded.prompt_ids([prompt for prompt, _ in pairs])
    answers = loaded.answer_ids([answer for _, answer in pairs])
    return [TokenPair(prompt, answer) for prompt, answer in zip(prompts, answers, strict=True)]


def check_lengths(pairs: Sequence[TokenPair], loaded: Loaded) -> None:
    """Raise ExamplesError, for all at once, if a pair is longer than the model reads or writes."""
    context = loaded.context
    if context is None:
        return
    problems = [
        f"training example {number}: {tokens} tokens with its prompt, but the model reads at most {context}; shorten it"
        for number, pair in enumerate(pairs, start=1)
        if (tokens := pair.tokens if loaded.kind == "causal" else max(len(pair.prompt), len(pair.answer))) > context
    ]
    if problems:
        raise ExamplesError(problems)


def split_dev(answers: Sequence[str], *, share: float, seed: int) -> tuple[list[int], list[int]]:
    """Return the positions of the training pairs and of the dev pairs, each in ascending order.

    Where most answers occur three times or more (several wordings of one fact), dev gets one wording of an answer at
    most: a fact of which training knows nothing could only raise the dev loss. Otherwise any pair may go to dev.
    """
    wanted = round(share * len(answers)) or int(share > 0 and len(answers) > 1)
    rng = random.Random(f"dev {seed}")  # noqa: S311  (a choice, not a secret)
    by_answer: defaultdict[str, list[int]] = defaultdict(list)
    for position, answer in enumerate(answers):
        by_answer[answer].append(position)
    repeated = [group for group in by_answer.values() if len(group) >= 3]
    if sum(map(len, repeated)) >= len(answers) / 2:
        candidates = [rng.choice(group) for group in repeated]
    else:
        candidates = list(range(len(answers)))
    dev = set(rng.sample(candidates, min(wanted, len(candidates))))
    return [i for i in range(len(answers)) if i not in dev], sorted(dev)


def plan_batches(pairs: Sequence[TokenPair], *, batch_tokens: int, shuffle: random.Random | None) -> list[list[int]]:
    """Return the positions of all pairs as batches of at most `batch_tokens`, padding included, if a pair fits at all.

    With `shuffle`, pairs of like length come in random order, and so do the batches.
    """
    order = list(range(len(pairs)))
    if shuffle:
        shuffle.shuffle(order)
    order.sort(key=lambda i: (len(pairs[i].prompt) // 16, len(pairs[i].answer) // 2, len(pairs[i].prompt) // 2))
    made: list[list[int]] = []
    prompt_width = answer_width = 0
    for i in order:
        prompt_width, answer_width = max(prompt_width, len(pairs[i].prompt)), max(answer_width, len(pairs[i].answer))
        if not made or (len(made[-1]) + 1) * (prompt_width + answer_width) > batch_tokens:
            made.append([])
            prompt_width, answer_width = len(pairs[i].prompt), len(pairs[i].answer)
        made[-1].append(i)
    if shuffle:
        shuffle.shuffle(made)
    return made


def make_batch(pairs: Sequence[TokenPair], *, kind: Kind, pad_id: int, device: str = "cpu") -> Batch:
    """Return the pairs as one batch.

    seq2seq: prompts and labels side by side, both padded right. Causal: prompt and answer in one row, padded left, so
    that all answers end in the last column; each label is where the token before it is read.
    """
    import torch

    causal = kind == "causal"
    rows = [pair.prompt + pair.answer[:-1] if causal else pair.prompt for pair in pairs]
    input_ids = _rectangle(rows, pad_id, left=causal)
    mask = _rectangle([[1] * len(row) for row in rows], 0, left=causal)
    labels = _rectangle([pair.answer for pair in pairs], IGNORED, left=causal)
    return Batch(
        torch.tensor(input_ids, device=device),
        torch.tensor(mask, device=device),
        torch.tensor(labels, device=device),
        tokens=sum(pair.tokens for pair in pairs),
        answer_tokens=sum(len(pair.answer) for pair in pairs),
    )


def _rectangle(rows: Sequence[list[int]], fill: int, *, left: bool) -> list[list[int]]:
    width = max(map(len, rows))
    blanks = [[fill] * (width - len(row)) for row in rows]
    return [blank + row if left else row + blank for blank, row in zip(blanks, rows, strict=True)]
