"""`lora`: the question alone, answered by the model with an adapter trained on examples of the corpus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ragvsft.codec import from_dict, to_dict
from ragvsft.errors import ArtifactError
from ragvsft.models.hardware import device_name
from ragvsft.records import Request, Sample, TrainingRecord
from ragvsft.tasks import Task
from ragvsft.tuning.train import TrainingProgress, train
from ragvsft.variants.bench import Workshop


@dataclass(frozen=True, slots=True)
class LoraVariant:
    """Asks the question as it is, of the tuned model."""

    task: Task
    adapter: Path
    name: str = "lora"

    def request(self, sample: Sample) -> Request:
        """Return the instruction, the question and the adapter."""
        return Request(sample.sample_id, self.task.prompt(sample.question), adapter=self.adapter)


def build(workshop: Workshop, seed: int) -> TrainingRecord:
    """Train the adapter of one seed and store it; an unchanged adapter is never trained again."""
    key = workshop.adapter_key(seed)
    workshop.store.obtain(
        "adapter", key, lambda folder, scratch: to_dict(_train(workshop, seed, folder=folder, checkpoints=scratch))
    )
    return from_dict(TrainingRecord, workshop.store.facts("adapter", key))


def load(workshop: Workshop, seed: int, fits: Callable[[str], bool]) -> LoraVariant:
    """Return the variant with the stored adapter. Raises ArtifactError if it is not built or was altered."""
    folder = workshop.store.open("adapter", workshop.adapter_key(seed))
    if folder is None:
        raise ArtifactError(
            f"{workshop.store.root}: the adapter of seed {seed} is not trained; run `ragvsft build` first"
        )
    return LoraVariant(workshop.task, folder)


def _train(workshop: Workshop, seed: int, *, folder: Path, checkpoints: Path) -> TrainingRecord:
    with workshop.progress.bar(f"lora: train (seed {seed})", 1) as bar:
        done = 0

        def show(now: TrainingProgress) -> None:
            nonlocal done
            bar.resize(now.steps)
            dev = "" if now.dev_loss is None else f", dev loss {now.dev_loss:.2f}"
            bar.advance(now.step - done, f"epoch {now.epoch}/{now.epochs}, loss {now.train_loss:.2f}{dev}")
            done = now.step

        record = train(
            [(workshop.task.prompt(example.question), example.answer) for example in workshop.examples],
            source=workshop.source,
            config=workshop.config.lora,
            seed=seed,
            device=workshop.config.engine.device,
            folder=folder,
            checkpoints=checkpoints,
            on_progress=show,
            threads=workshop.config.engine.threads,
        )
    return replace(record, device=device_name(record.device))
