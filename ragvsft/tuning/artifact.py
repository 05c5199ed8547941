"""An adapter as something that is built once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from ragvsft.building import TrainingRecord
from ragvsft.config.sections import EngineConfig, LoraConfig
from ragvsft.models.hardware import device_name
from ragvsft.progress import Progress
from ragvsft.store.artifacts import Artifact
from ragvsft.tuning.batches import TRAINING
from ragvsft.tuning.pairs import Pair
from ragvsft.tuning.train import TrainingProgress, train

if TYPE_CHECKING:
    from ragvsft.models.load import ModelSource


@dataclass(frozen=True, slots=True)
class AdapterArtifact:
    """The adapter of one seed; an unchanged one is never trained again."""

    kind: ClassVar[str] = "adapter"

    training: int  # the version of how pairs become weights
    model_sha256: str
    pairs: tuple[Pair, ...]  # the prompts hold instruction and schema as this version reads them
    settings: Mapping[str, object]  # the section lora without its seeds
    device: str  # as engine.device has it: other devices train other weights
    seed: int
    title: str = field(compare=False)
    source: ModelSource = field(compare=False, repr=False)
    lora: LoraConfig = field(compare=False, repr=False)
    threads: int = field(compare=False)
    progress: Progress = field(compare=False, repr=False)
    needs: tuple[Artifact, ...] = ()

    def make(self, folder: Path, scratch: Path) -> TrainingRecord:
        """Train the adapter, from the checkpoint in `scratch` on if there is one."""
        with self.progress.bar(f"{self.title}: train (seed {self.seed})", 1) as bar:
            done = 0

            def show(now: TrainingProgress) -> None:
                nonlocal done
                bar.resize(now.steps)
                dev = "" if now.dev_loss is None else f", dev loss {now.dev_loss:.2f}"
                bar.advance(now.step - done, f"epoch {now.epoch}/{now.epochs}, loss {now.train_loss:.2f}{dev}")
                done = now.step

            record = train(
                self.pairs,
                source=self.source,
                config=self.lora,
                seed=self.seed,
                device=self.device,
                folder=folder,
                checkpoints=scratch,
                on_progress=show,
                threads=self.threads,
            )
        return replace(record, device=device_name(record.device))


def adapter_artifact(
    title: str,
    pairs: tuple[Pair, ...],
    *,
    source: ModelSource,
    lora: LoraConfig,
    engine: EngineConfig,
    seed: int,
    progress: Progress,
) -> AdapterArtifact:
    """Return the adapter of one seed, to be trained on `pairs`."""
    return AdapterArtifact(
        training=TRAINING,
        model_sha256=source.sha256,
        pairs=pairs,
        settings=lora.model_dump(exclude={"seeds"}),
        device=engine.device,
        seed=seed,
        title=title,
        source=source,
        lora=lora,
        threads=engine.threads,
        progress=progress,
    )
