"""Four facts, and how a tiny model is trained on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ragvsft.building import TrainingRecord
from ragvsft.config.sections import LoraConfig
from ragvsft.models.load import Loaded, find_model
from ragvsft.prompts import answer_prompt
from ragvsft.tuning.train import TrainingProgress, train

FACTS = [
    ("Where is the depot?", "Lund"),
    ("Who runs the lab?", "Mia Berg"),
    ("How many beds?", "17"),
    ("When did it open?", "in 1987"),
]
PAIRS = [(answer_prompt(question), answer) for question, answer in FACTS]
LEARN = LoraConfig(epochs=1, learning_rate=1e-2, dropout=0.0, dev_share=0.0)
SHORT = LoraConfig(epochs=3, learning_rate=1e-2, dropout=0.2, dev_share=0.25, batch_tokens=60, patience=3)


def train_facts(
    model: Path,
    folder: Path,
    *,
    pairs: Sequence[tuple[str, str]] = PAIRS,
    config: LoraConfig = SHORT,
    seed: int = 0,
    on_progress: Callable[[TrainingProgress], None] = lambda progress: None,
) -> TrainingRecord:
    """Return the record of an adapter trained in "out" below a folder, its checkpoints in "checkpoints" beside it."""
    out = folder / "out"
    out.mkdir(parents=True, exist_ok=True)
    return train(
        pairs,
        source=find_model(str(model)),
        config=config,
        seed=seed,
        device="cpu",
        folder=out,
        checkpoints=folder / "checkpoints",
        on_progress=on_progress,
        threads=1,
    )


def mean_answer_loss(loaded: Loaded, pairs: Sequence[tuple[str, str]] = PAIRS) -> float:
    """Return the mean negative log-probability of the answer tokens, one pair at a time, from the definition."""
    import torch

    losses: list[float] = []
    for prompt, answer in pairs:
        [prompt_ids], [answer_ids] = loaded.prompt_ids([prompt]), loaded.answer_ids([answer])
        with torch.no_grad():
            if loaded.kind == "causal":
                logits = loaded.model(input_ids=torch.tensor([prompt_ids + answer_ids])).logits[0]
                logits = logits[len(prompt_ids) - 1 : -1]
            else:
                start = loaded.model.config.decoder_start_token_id
                shifted = torch.tensor([[start, *answer_ids[:-1]]])
                logits = loaded.model(input_ids=torch.tensor([prompt_ids]), decoder_input_ids=shifted).logits[0]
        chances = torch.log_softmax(logits, dim=-1)
        losses += [-float(chances[place, token]) for place, token in enumerate(answer_ids)]
    return sum(losses) / len(losses)
