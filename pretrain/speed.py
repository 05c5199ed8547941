"""How fast the generator answers on this machine: number formats, threads, batches."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from pretrain.evaluating import Asked, Generator
from ragvsft import prompts


@dataclass(frozen=True, slots=True)
class Speed:
    """Answers per second in one setting."""

    setting: str
    threads: int
    closed_book: float
    three_passages: float


def _plain(model: Any) -> Any:
    return model


def _bfloat16(model: Any) -> Any:
    return model.to(torch.bfloat16)


def _int8(model: Any) -> Any:
    """Only the linear layers, with weights quantised beforehand and activations on the fly."""
    return torch.ao.quantization.quantize_dynamic(model, {torch.nn.Linear}, dtype=torch.qint8)


def _compiled(model: Any) -> Any:
    model.model.encoder = torch.compile(model.model.encoder, dynamic=True)
    return model


SETTINGS: dict[str, tuple[Callable[[Any], Any], int]] = {  # how the model is changed, prompts per batch
    "float32, one by one": (_plain, 1),
    "float32, batches of 32": (_plain, 32),
    "bfloat16, one by one": (_bfloat16, 1),
    "bfloat16, batches of 32": (_bfloat16, 32),
    "int8 dynamic, one by one": (_int8, 1),
    "int8 dynamic, batches of 32": (_int8, 32),
    "float32 compiled, batches of 32": (_compiled, 32),
}


def measure_speed(folder: Path, asked: list[Asked], *, setting: str, threads: int) -> Speed:
    """Return the answers per second: the best of two passes after a warm-up, since other work only ever slows."""
    torch.set_num_threads(threads)
    change, batch = SETTINGS[setting]
    generator = Generator(folder, device="cpu")
    generator.model = change(generator.model)
    closed = [prompts.answer_prompt(one.text) for one in asked]
    passages = [one.passage[:400] for one in asked]
    turned = zip(asked, passages, passages[1:] + passages[:1], passages[2:] + passages[:2], strict=True)
    opened = [prompts.answer_prompt(one.text, given) for one, *given in turned]
    return Speed(setting, threads, _rate(generator, closed, batch), _rate(generator, opened, batch))


def _rate(generator: Generator, texts: list[str], batch: int) -> float:
    generator.complete(texts[: 2 * batch], max_batch=batch)
    took: list[float] = []
    for _ in range(2):
        began = time.perf_counter()
        generator.complete(texts, max_batch=batch)
        took.append(time.perf_counter() - began)
    return round(len(texts) / min(took), 1)
