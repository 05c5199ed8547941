"""How fast the generator answers on this machine: number formats, threads, batches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import torch

from pretrain.evaluating import Asked, Generator
from ragvsft import prompts

PASSAGE_CHARS = 400
PLAIN = "float32"


@dataclass(slots=True)
class Speed:
    """What one setting took, round by round."""

    setting: str
    batch: int  # prompts at once, at most
    threads: int
    closed_book: list[float] = field(default_factory=list)  # answers per second
    three_passages: list[float] = field(default_factory=list)
    equal: float = 0.0  # share of the texts that float32 one by one writes, too

    def line(self) -> str:
        """Return the row of the table."""
        rates = (f"{median(rates):.1f}" for rates in (self.closed_book, self.three_passages))
        return f"| {self.setting}, {self.batch} | {self.threads} | {' | '.join(rates)} | {self.equal:.0%} |"


def _plain(model: Any) -> Any:
    return model


def _bfloat16(model: Any) -> Any:
    return model.to(torch.bfloat16)


def _int8(model: Any) -> Any:
    """Only the linear layers, with weights quantised beforehand and activations on the fly."""
    return torch.ao.quantization.quantize_dynamic(model, {torch.nn.Linear}, dtype=torch.qint8)


def _compiled(model: Any) -> Any:
    model.model.encoder.compile(dynamic=True)
    return model


SETTINGS: dict[str, Callable[[Any], Any]] = {
    PLAIN: _plain,
    "bfloat16": _bfloat16,
    "int8 dynamic": _int8,
    "float32, encoder compiled": _compiled,
}
HEAD = ("| setting, batch | threads | closed-book/s | three passages/s | texts as float32's |", "|---" * 5 + "|")


def measure_speed(
    folder: Path, asked: Sequence[Asked], *, settings: Sequence[str], threads: Sequence[int], rounds: int
) -> Iterator[Speed]:
    """Yield each setting's answers per second; they take turns, so that a busy machine slows all alike."""
    closed = [prompts.answer_prompt(one.text) for one in asked]
    opened = [prompts.answer_prompt(one.text, given) for one, given in zip(asked, _passages(asked), strict=True)]
    generators = {setting: Generator(folder, device="cpu") for setting in dict.fromkeys([PLAIN, *settings])}
    for setting, generator in generators.items():
        generator.model = SETTINGS[setting](generator.model)
    plain = generators[PLAIN].complete([*closed, *opened], max_batch=1)
    for count in threads:
        torch.set_num_threads(count)
        seen = [Speed(setting, batch, count) for setting in settings for batch in (1, 32)]
        for speed in seen:  # the warm-up is where the texts are compared
            texts = generators[speed.setting].complete([*closed, *opened], max_batch=speed.batch)
            speed.equal = sum(map(str.__eq__, texts, plain)) / len(plain)
        for speed in seen * rounds:
            generator = generators[speed.setting]
            speed.closed_book.append(_rate(generator, closed, speed.batch))
            speed.three_passages.append(_rate(generator, opened, speed.batch))
        yield from seen


def _passages(asked: Sequence[Asked]) -> Iterator[tuple[str, ...]]:
    """Yield three passages for each question, its own among them."""
    cut = [one.passage[:PASSAGE_CHARS] for one in asked]
    return zip(cut, cut[1:] + cut[:1], cut[2:] + cut[:2], strict=True)


def _rate(generator: Generator, texts: list[str], batch: int) -> float:
    began = time.perf_counter()
    generator.complete(texts, max_batch=batch)
    return len(texts) / (time.perf_counter() - began)
