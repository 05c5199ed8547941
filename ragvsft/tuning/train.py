"""Fine-tuning: training pairs become a LoRA adapter, with a record of how it came to be.

A training is a function of its pairs, model, settings and seed: order and dropout are drawn per (seed, epoch) and
(seed, step), so one that was killed and resumed ends, on the same machine, with the very weights of an undisturbed one.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ragvsft.building import CurvePoint, TrainingRecord
from ragvsft.clock import measure, now
from ragvsft.codec import from_dict, to_dict
from ragvsft.errors import ConfigError, ExamplesError, ModelError
from ragvsft.models.hardware import pick_device, training_dtype, use_threads
from ragvsft.models.load import Loaded, load_model
from ragvsft.store.files import fingerprint
from ragvsft.tuning.adapting import use_dropout, with_lora, write_adapter
from ragvsft.tuning.batches import (
    TRAINING,
    Batch,
    TokenPair,
    check_lengths,
    make_batch,
    plan_batches,
    split_dev,
    token_pairs,
)
from ragvsft.tuning.checkpoints import Checkpoint, Checkpoints
from ragvsft.tuning.loss import loss_of
from ragvsft.tuning.targets import reached_weights, weights_to_reach
from ragvsft.tuning.weights import TunedWeights

if TYPE_CHECKING:
    from ragvsft.config.sections import LoraConfig
    from ragvsft.models.load import ModelSource

WARMUP_SHARE = 0.06
CHECKPOINT_EVERY_S = 20.0


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """Where a training is."""

    epoch: int  # from 1
    epochs: int
    step: int  # optimiser steps so far
    steps: int  # if training does not stop early
    train_loss: float  # of this epoch so far, nats per answer token
    dev_loss: float | None  # of the epoch before


def train(
    pairs: Sequence[tuple[str, str]],
    *,
    source: ModelSource,
    config: LoraConfig,
    seed: int,
    device: str,
    folder: Path,
    checkpoints: Path,
    on_progress: Callable[[TrainingProgress], None],
    threads: int = 0,
) -> TrainingRecord:
    """Write the adapter to `folder` and return how it came to be; continue from `checkpoints` if they are ours.

    `pairs` are (prompt, answer). Raises ExamplesError where there are none or one is longer than the model reads.
    """
    import torch

    use_threads(threads)
    place = pick_device(device)
    with torch.random.fork_rng(), measure(place) as cost:
        torch.manual_seed(seed)
        loaded = load_model(source, device=place, dtype=training_dtype(place))
        training = Training(pairs, loaded, config=config, seed=seed)
        made_of = fingerprint(
            TRAINING, list(pairs), source.sha256, config.model_dump(), seed, loaded.device, loaded.dtype
        )
        training.run(Checkpoints(checkpoints, made_of), on_progress)
        training.write_adapter(folder, base=source.name)
    record = training.record(peak_memory_bytes=cost.peak_memory_bytes)
    del training, loaded
    _free_memory(place)
    return record


def _free_memory(device: str) -> None:
    """Let go of the trained model now: peft's reference cycles would keep it beside the one that is loaded next."""
    import gc

    import torch

    gc.collect()
    if device != "cpu":
        torch.cuda.empty_cache()


@dataclass(slots=True)
class State:
    """How far a training is: all of a checkpoint but the tensors."""

    step: int = 0  # optimiser steps done
    epoch: int = 1  # the one under way
    batch: int = 0  # batches of it that are done
    loss_sum: float = 0.0  # over the answer tokens of this epoch
    loss_tokens: int = 0
    tokens: int = 0  # read in training so far
    seconds: float = 0.0
    best_epoch: int = 0
    curve: tuple[CurvePoint, ...] = ()

    @property
    def train_loss(self) -> float:
        """Return this epoch's mean loss so far."""
        return self.loss_sum / self.loss_tokens if self.loss_tokens else math.nan


class Training:
    """One adapter in the making."""

    def __init__(self, pairs: Sequence[tuple[str, str]], loaded: Loaded, *, config: LoraConfig, seed: int) -> None:
        train_at, dev_at = split_dev([answer for _, answer in pairs], share=config.dev_share, seed=seed)
        if not train_at:
            raise ExamplesError("there are no training examples; give at least one, or leave the variant lora out")
        tokens = token_pairs(pairs, loaded)
        check_lengths(tokens, loaded)
        self._pairs, self._dev = [tokens[i] for i in train_at], [tokens[i] for i in dev_at]
        self._loaded, self._config, self._seed = loaded, config, seed
        to_reach = weights_to_reach(loaded.model)
        self._model = with_lora(loaded.model, config)
        self._reached_share = reached_weights(self._model) / to_reach
        self._weights = TunedWeights(self._model, config.learning_rate)
        self._steps = sum(len(self._plan(epoch)) for epoch in range(1, config.epochs + 1))
        self._begun = now()
        self.state = State()

    def run(self, checkpoints: Checkpoints, on_progress: Callable[[TrainingProgress], None]) -> None:
        """Train to the end, from the newest checkpoint on."""
        self._restore(checkpoints.newest())
        saved_at = now()
        while not self._is_over():
            for batch in self._plan(self.state.epoch)[self.state.batch :]:
                if now() - saved_at > CHECKPOINT_EVERY_S:
                    checkpoints.save(self.state.step, self._checkpoint())
                    saved_at = now()
                self._learn(batch)
                on_progress(self._progress())
            self._end_epoch()
            checkpoints.save(self.state.step, self._checkpoint())
            saved_at = now()

    def write_adapter(self, folder: Path, *, base: str) -> None:
        """Write the best epoch's weights and what peft needs to know of them."""
        self._weights.use_best()
        write_adapter(self._model, folder, base=base)

    def record(self, *, peak_memory_bytes: int) -> TrainingRecord:
        """Return how the adapter came to be."""
        return TrainingRecord(
            seed=self._seed,
            examples=len(self._pairs),
            dev_examples=len(self._dev),
            curve=self.state.curve,
            best_epoch=self.state.best_epoch,
            stopped="early" if self.state.epoch <= self._config.epochs else "all epochs",
            trainable_parameters=len(self._weights),
            total_parameters=sum(weight.numel() for weight in self._model.parameters()),
            tokens=self.state.tokens,
            seconds=self.state.seconds,
            device=self._loaded.device,
            dtype=self._loaded.dtype,
            peak_memory_bytes=peak_memory_bytes,
            reached_share=self._reached_share,
            dropout=self._model.peft_config["default"].lora_dropout,
        )

    def _plan(self, epoch: int) -> list[list[int]]:
        order = random.Random(f"order {self._seed} {epoch}")  # noqa: S311  (an order, not a secret)
        return plan_batches(self._pairs, batch_tokens=self._config.batch_tokens, shuffle=order)

    def _is_over(self) -> bool:
        epochs_without_better = len(self.state.curve) - self.state.best_epoch
        return self.state.epoch > self._config.epochs or epochs_without_better >= self._config.patience

    def _learn(self, positions: Sequence[int]) -> None:
        """Take one optimiser step on the pairs at `positions`."""
        import torch

        torch.manual_seed((self._seed << 32) + self.state.step)  # dropout needs no memory of earlier steps
        use_dropout(self._model, True)
        batch = self._batch([self._pairs[i] for i in positions])
        loss = loss_of(self._model, batch, self._loaded)
        loss.backward()
        self._weights.step(self._config.learning_rate * rate(self.state.step, self._steps))
        self._count(batch, float(loss.item()))

    def _count(self, batch: Batch, loss: float) -> None:
        if not math.isfinite(loss) and self.state.step == 0:  # a fresh adapter changes nothing
            raise ModelError(
                f"the model's own loss on the first training examples is not finite in {self._loaded.dtype}; "
                "check its weights, or train on another device"
            )
        if not math.isfinite(loss):
            raise ConfigError(
                f"lora.learning_rate is {self._config.learning_rate}: training diverged at step {self.state.step + 1}; "
                "choose a smaller one"
            )
        self.state.loss_sum += loss * batch.answer_tokens
        self.state.loss_tokens += batch.answer_tokens
        self.state.tokens += batch.tokens
        self.state.step += 1
        self.state.batch += 1

    def _end_epoch(self) -> None:
        """Note the epoch on the curve, keep its weights if they are the best so far, and open the next."""
        state = self.state
        dev_loss = self._dev_loss()
        best = min((p.dev_loss for p in state.curve if p.dev_loss is not None), default=math.inf)
        if dev_loss is None or dev_loss < best:
            state.best_epoch = state.epoch
            self._weights.keep_as_best()
        state.curve += (CurvePoint(state.epoch, state.step, state.train_loss, dev_loss),)
        state.epoch += 1
        state.batch, state.loss_sum, state.loss_tokens = 0, 0.0, 0

    def _dev_loss(self) -> float | None:
        """Return the mean loss per answer token of the dev pairs; None where there are none."""
        import torch

        if not self._dev:
            return None
        use_dropout(self._model, False)
        total = tokens = 0.0
        with torch.inference_mode():
            for positions in plan_batches(self._dev, batch_tokens=self._config.batch_tokens, shuffle=None):
                batch = self._batch([self._dev[i] for i in positions])
                total += float(loss_of(self._model, batch, self._loaded).item()) * batch.answer_tokens
                tokens += batch.answer_tokens
        return total / tokens

    def _batch(self, pairs: Sequence[TokenPair]) -> Batch:
        return make_batch(pairs, kind=self._loaded.kind, pad_id=self._loaded.pad_id, device=self._loaded.device)

    def _progress(self) -> TrainingProgress:
        state = self.state
        dev_loss = state.curve[-1].dev_loss if state.curve else None
        return TrainingProgress(state.epoch, self._config.epochs, state.step, self._steps, state.train_loss, dev_loss)

    def _checkpoint(self) -> Checkpoint:
        self.state.seconds = now() - self._begun
        return Checkpoint(self._weights.tensors(), to_dict(self.state))

    def _restore(self, checkpoint: Checkpoint | None) -> None:
        """Take up a checkpoint; the clock goes on from its seconds."""
        self._begun = now()
        if checkpoint is None:
            return
        self.state = from_dict(State, checkpoint.state)
        self._begun -= self.state.seconds
        self._weights.restore(checkpoint.tensors, device=self._loaded.device)


def rate(step: int, steps: int) -> float:
    """Return the share of the peak learning rate at a step (from 0): linear up over 6 % of all, then linear down."""
    warmup = max(1, round(WARMUP_SHARE * steps))
    return (step + 1) / warmup if step < warmup else (steps - step) / max(1, steps - warmup)
