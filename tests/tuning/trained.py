"""Four facts, and how a tiny model is trained on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ragvsft.building import TrainingRecord
from ragvsft.config.sections import LoraConfig
from ragvsft.models.load import find_model
from ragvsft.prompts import answer_prompt
from ragvsft.tuning.train import TrainingProgress, train

FACTS = [
    ("Where is the depot?", "Lund"),
    ("Who runs the lab?", "Mia Berg"),
    ("How many beds?", "17"),
    ("When did it open?", "in 1987"),
]
PAIRS = [(answer_prompt(question), answer) for question, answer in FACTS]
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
