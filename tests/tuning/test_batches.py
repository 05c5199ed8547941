"""What is learnt of a pair, which pairs are held back, and how they share batches."""

from __future__ import annotations

import random

from ragvsft.tuning.batches import IGNORED, TokenPair, make_batch, plan_batches, split_dev


def test_a_causal_row_is_prompt_and_answer_and_only_the_answer_counts() -> None:
    """Two pairs by hand: 5 6 7 -> 8 9 and 5 -> 3; label k stands where the token before it is read."""
    batch = make_batch([TokenPair([5, 6, 7], [8, 9]), TokenPair([5], [3])], kind="causal", pad_id=0)
    assert batch.input_ids.tolist() == [[5, 6, 7, 8], [0, 0, 0, 5]]
    assert batch.attention_mask.tolist() == [[1, 1, 1, 1], [0, 0, 0, 1]]
    assert batch.labels.tolist() == [[8, 9], [IGNORED, 3]]
    assert (batch.tokens, batch.answer_tokens) == (7, 3)


def test_seq2seq_prompts_and_answers_are_padded_on_the_right() -> None:
    """The same two pairs, side by side."""
    batch = make_batch([TokenPair([5, 6, 7], [8, 9]), TokenPair([5], [3])], kind="seq2seq", pad_id=0)
    assert batch.input_ids.tolist() == [[5, 6, 7], [5, 0, 0]]
    assert batch.attention_mask.tolist() == [[1, 1, 1], [1, 0, 0]]
    assert batch.labels.tolist() == [[8, 9], [3, IGNORED]]


def test_of_a_fact_with_three_wordings_dev_gets_one_at_most() -> None:
    """Training always knows the fact; pairs without a second wording all stay in training."""
    answers = [fact for fact in "abcdefgh" for _ in range(3)] + ["once", "twice", "twice"]
    train_at, dev_at = split_dev(answers, share=0.4, seed=1)
    assert sorted(train_at + dev_at) == list(range(27))
    assert sorted(answers[i] for i in dev_at) == sorted("abcdefgh")


def test_where_answers_are_all_different_any_pair_may_go_to_dev() -> None:
    """Ten JSON answers, a fifth of them for dev."""
    train_at, dev_at = split_dev([f'{{"id": {number}}}' for number in range(10)], share=0.2, seed=1)
    assert (len(train_at), len(dev_at)) == (8, 2)


def test_the_dev_split_depends_on_the_seed_alone() -> None:
    """The same seed splits alike; some other seed does not."""
    answers = [str(number) for number in range(30)]
    splits = [split_dev(answers, share=0.2, seed=seed)[1] for seed in (1, 1, 2)]
    assert splits[0] == splits[1] != splits[2]


def test_batches_hold_every_pair_once_under_the_budget() -> None:
    """Padding counts; a pair above the budget gets a batch of its own."""
    draw = random.Random(3)
    pairs = [TokenPair([1] * draw.randint(1, 90), [1] * draw.randint(1, 20)) for _ in range(300)]
    batches = plan_batches(pairs, batch_tokens=100, shuffle=random.Random(0))
    assert sorted(i for batch in batches for i in batch) == list(range(300))
    for batch in batches:
        area = len(batch) * (max(len(pairs[i].prompt) for i in batch) + max(len(pairs[i].answer) for i in batch))
        assert area <= 100 or len(batch) == 1


def test_like_lengths_share_batches() -> None:
    """Of a thousand pairs of 20 to 60 tokens, less than a tenth of what is computed is padding."""
    draw = random.Random(3)
    pairs = [TokenPair([1] * draw.randint(18, 50), [1] * draw.randint(2, 10)) for _ in range(1000)]
    batches = plan_batches(pairs, batch_tokens=1024, shuffle=random.Random(0))
    area = sum(
        len(batch) * (max(len(pairs[i].prompt) for i in batch) + max(len(pairs[i].answer) for i in batch))
        for batch in batches
    )
    assert sum(pair.tokens for pair in pairs) / area > 0.9
