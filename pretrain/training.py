"""The training loop: constant learning rate, then linear decay; any moment can be stopped, and continued exactly."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import cross_entropy, pad
from transformers import BartForConditionalGeneration, PreTrainedTokenizerFast
from transformers.models.bart.modeling_bart import shift_tokens_right

from pretrain.assemble import assemble
from pretrain.stream import Batch, Place, batches
from pretrain.tasks import Tasks
from ragvsft.store.files import jsonl

PRETRAINED_LR, NEW_LR = 1.5e-4, 5e-4  # encoder and embedding; decoder
WARMUP_STEPS = 200
AVERAGE_EVERY, AVERAGE_KEEPS = 4, 0.985  # an exponential average over about 270 steps,
AVERAGE_KEEPS_DECAYING = 0.9  # over 40 once the learning rate decays, which averages by itself


@dataclass(slots=True)
class Progress:
    """How far the training has come, over all its sittings."""

    step: int = 0
    block: int = 0
    batch: int = 0
    pairs: int = 0
    tokens: int = 0  # read by the encoder, padding included
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train in this sitting."""

    seed: int
    batch_tokens: int
    minutes: float  # stop after that much time, 0: never
    decay: bool  # decay the learning rate to zero over these minutes; else hold it
    save_every_s: float
    device: str
    bf16: bool
    scale_lr: float = 1.0


class Trainer:
    """A model under training, with its optimiser, its running average and its place in the stream."""

    def __init__(self, work: Path, plan: Plan) -> None:
        self.work, self.plan = work, plan
        self.model, self.tokenizer = assemble()
        self.model.to(plan.device).train()
        self.average = {name: value.detach().clone() for name, value in self.model.named_parameters()}
        self.optimizer = torch.optim.AdamW(_groups(self.model), weight_decay=0.01, betas=(0.9, 0.98), fused=True)
        self.progress = Progress()
        torch.manual_seed(plan.seed)
        if (work / "latest.pt").exists():
            self._resume()

    def train(self, tasks: Tasks) -> Progress:
        """Train until the plan's end; save on the way and at the end; return the progress made in all."""
        self.work.mkdir(parents=True, exist_ok=True)
        began = last_save = time.monotonic()
        first, base_s = self.progress.step, self.progress.seconds
        for place, batch in self._batches(tasks):
            loss = self._step(batch, time.monotonic() - began)
            self._count(place, batch, base_s + time.monotonic() - began)
            if self.progress.step % 20 == 0:
                self._log(loss)
            early = self.progress.step == first + 20  # proves within a minute that saving works
            if early or time.monotonic() - last_save > self.plan.save_every_s:
                self.save()
                last_save = time.monotonic()
            if self._is_done(time.monotonic() - began):
                break
        self.save()
        return self.progress

    def save(self) -> None:
        """Write the checkpoint and, beside it, the averaged model as a folder that loads anywhere."""
        state = {
            "model": self.model.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "progress": asdict(self.progress),
            "rng": torch.get_rng_state(),
        }
        _write(self.work / "latest.pt", state)
        save_averaged(self.model, self.average, self.tokenizer, self.work / "averaged")

    def _resume(self) -> None:
        state = torch.load(self.work / "latest.pt", map_location=self.plan.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.progress = Progress(**state["progress"])
        torch.set_rng_state(state["rng"].cpu())

    def _batches(self, tasks: Tasks) -> Iterator[tuple[Place, Batch]]:
        start = Place(self.progress.block, self.progress.batch)
        plan = self.plan
        return batches(tasks, self.tokenizer, seed=plan.seed, start=start, batch_tokens=plan.batch_tokens)

    def _step(self, batch: Batch, elapsed_s: float) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = group["full_lr"] * self.plan.scale_lr * self._share_of_lr(elapsed_s)
        device = torch.device(self.plan.device)
        with torch.autocast(device.type, torch.bfloat16) if self.plan.bf16 else nullcontext():
            loss = pair_loss(self.model, batch, device)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        if self.progress.step % AVERAGE_EVERY == 0:
            self._average()
        return float(loss.detach())

    def _share_of_lr(self, elapsed_s: float) -> float:
        if self.plan.decay:
            return max(0.0, 1 - elapsed_s / (60 * self.plan.minutes))
        return min(1.0, (self.progress.step + 1) / WARMUP_STEPS)

    def _average(self) -> None:
        most = AVERAGE_KEEPS_DECAYING if self.plan.decay else AVERAGE_KEEPS
        keeps = min(most, self.progress.step / (self.progress.step + 40))
        names, values = zip(*self.model.named_parameters(), strict=True)
        with torch.no_grad():
            torch._foreach_lerp_([self.average[name] for name in names], list(values), 1 - keeps)

    def _count(self, place: Place, batch: Batch, seconds: float) -> None:
        done = self.progress
        done.step, done.block, done.batch = done.step + 1, place.block, place.batch
        done.pairs += len(batch.input_ids)
        done.tokens += batch.input_ids.numel()
        done.seconds = seconds

    def _log(self, loss: float) -> None:
        done = self.progress
        line = asdict(done) | {"loss": round(loss, 3), "lr": self.optimizer.param_groups[0]["lr"]}
        with (self.work / "log.jsonl").open("a") as log:
            log.write(jsonl([line]))
        print(f"step {done.step} pairs {done.pairs} loss {loss:.3f} {done.tokens / done.seconds:.0f} tok/s", flush=True)

    def _is_done(self, elapsed_s: float) -> bool:
        return bool(self.plan.minutes) and elapsed_s > 60 * self.plan.minutes


def pair_loss(model: BartForConditionalGeneration, batch: Batch, device: torch.device) -> torch.Tensor:
    """Return the cross-entropy over target tokens, each weighted by 1 / sqrt(tokens of its target).

    Summed plainly, a JSON target of 40 tokens would count ten times an answer of four. Logits are made only where
    there is a label: the vocabulary is the widest matrix of the model.
    """
    labels = batch.labels.to(device)
    config = model.config
    states = model.model(
        input_ids=batch.input_ids.to(device),
        attention_mask=batch.attention_mask.to(device),
        decoder_input_ids=shift_tokens_right(labels, config.pad_token_id, config.decoder_start_token_id),
        use_cache=False,
    ).last_hidden_state  # (n, target, 384)
    labelled = labels != -100
    weights = (labelled / labelled.sum(1, keepdim=True).sqrt())[labelled]
    chosen, wanted = _rounded(states[labelled], labels[labelled])
    losses = cross_entropy(model.lm_head(chosen).float(), wanted, ignore_index=-100, reduction="none")
    return (losses[: len(weights)] * weights).sum() / weights.sum()


def _rounded(states: torch.Tensor, labels: torch.Tensor, multiple: int = 64) -> tuple[torch.Tensor, torch.Tensor]:
    """Return both padded to a multiple of rows: few shapes, see `pretrain.stream`."""
    extra = -len(labels) % multiple
    return pad(states, (0, 0, 0, extra)), pad(labels, (0, extra), value=-100)


def save_averaged(
    model: BartForConditionalGeneration,
    average: dict[str, torch.Tensor],
    tokenizer: PreTrainedTokenizerFast,
    folder: Path,
) -> None:
    """Save the averaged weights as a model folder."""
    state = {name: average.get(name, value) for name, value in model.state_dict().items()}
    for tied in ("model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight"):
        state[tied] = average["model.shared.weight"]
    model.save_pretrained(folder, state_dict=state)
    tokenizer.save_pretrained(folder)


def _groups(model: BartForConditionalGeneration) -> list[dict[str, Any]]:
    decoder = [value for name, value in model.named_parameters() if name.startswith("model.decoder.")]
    others = [value for name, value in model.named_parameters() if not name.startswith("model.decoder.")]
    return [
        {"params": others, "lr": PRETRAINED_LR, "full_lr": PRETRAINED_LR},
        {"params": decoder, "lr": NEW_LR, "full_lr": NEW_LR},
    ]


def _write(path: Path, state: dict[str, Any]) -> None:
    temporary = path.with_suffix(f".{os.getpid()}.{random.getrandbits(32):08x}.tmp")
    with temporary.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
