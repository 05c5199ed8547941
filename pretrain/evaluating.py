"""What the generator can do, on text it was not trained on: SQuAD articles, and JSON for schemas it never saw."""

from __future__ import annotations

import json
import random
import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pretrain.unseen_forms import unseen_forms
from ragvsft import prompts

CUT_CHARS = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """One answerable question of the test set."""

    text: str
    targets: tuple[str, ...]
    passage: str
    article: str


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure of the model card."""

    name: str
    value: float  # percent
    low: float  # 95 % interval, questions resampled by passage
    high: float
    n: int


class Generator:
    """A model folder, loaded as anyone would load it."""

    def __init__(self, folder: Path, *, device: str) -> None:
        from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModelForSeq2SeqLM.from_pretrained(folder).to(device).eval()
        self.device = device

    def complete(
        self, texts: Sequence[str], *, max_new_tokens: int = 32, batch_tokens: int = 8192, max_batch: int = 64
    ) -> list[str]:
        """Return the greedy completion of each prompt, in order; like lengths are batched together."""
        import torch

        encoded = self.tokenizer(list(texts)).input_ids
        order = sorted(range(len(texts)), key=lambda place: len(encoded[place]))
        done: dict[int, str] = {}
        with torch.inference_mode():
            for places in _batched(order, encoded, batch_tokens, max_batch):
                batch = self.tokenizer.pad({"input_ids": [encoded[place] for place in places]}, return_tensors="pt")
                made = self.model.generate(**batch.to(self.device), max_new_tokens=max_new_tokens, do_sample=False)
                done |= zip(places, self.tokenizer.batch_decode(made, skip_special_tokens=True), strict=True)
        return [done[place] for place in range(len(texts))]


def read_squad(path: Path, *, n: int, seed: int, skip: int = 0) -> list[Asked]:
    """Return n answerable questions of a SQuAD file in an order drawn by `seed`, after the first `skip`."""
    asked = [
        Asked(qa["question"], tuple(answer["text"] for answer in qa["answers"]), paragraph["context"], article["title"])
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
        if qa["answers"] and not qa.get("is_impossible")
    ]
    random.Random(seed).shuffle(asked)
    return asked[skip : skip + n]


def measure(generator: Generator, asked: Sequence[Asked], *, seed: int) -> list[Measured]:
    """Return every figure of the model card."""
    rng = random.Random(seed)
    passages = list(dict.fromkeys((one.passage, one.article) for one in asked))
    alone = [[one.passage] for one in asked]
    among = [_shuffled([one.passage, *_others(one, passages, rng, 3)], rng) for one in asked]
    short = [[_cut(text, one.targets, rng) for text in given] for one, given in zip(asked, among, strict=True)]
    swapped = [_others(one, passages, rng, 1) for one in asked]
    hard = [_others(one, passages, rng, 1, same_article=True) for one in asked]
    measured = _measure_answers("gold passage", asked, _answers(generator, asked, alone))
    measured += _measure_answers("gold and 3 others", asked, _answers(generator, asked, among))
    measured += _measure_answers(f"the four cut to {CUT_CHARS} characters", asked, _answers(generator, asked, short))
    measured += [
        _mean("refuses, passage of another article", asked, map(is_refusal, _answers(generator, asked, swapped))),
        _mean("refuses, other passage of the article", asked, map(is_refusal, _answers(generator, asked, hard))),
        _mean("refuses, no passage", asked, map(is_refusal, _answers(generator, asked, [[] for _ in asked]))),
    ]
    return measured + measure_json(generator, seed=seed, n=min(300, len(asked)))


def measure_json(generator: Generator, *, seed: int, n: int) -> list[Measured]:
    """Return how often the reply parses, has the schema's fields, and how many fields are right."""
    forms = unseen_forms(n, seed=seed)
    replies = [_parsed(text) for text in generator.complete([form.prompt for form in forms], max_new_tokens=64)]
    valid = [reply is not None for reply in replies]
    keys = [reply is not None and set(reply) == set(form.wanted) for form, reply in zip(forms, replies, strict=True)]
    right = [
        sum(_same((reply or {}).get(name), value) for name, value in form.wanted.items()) / len(form.wanted)
        for form, reply in zip(forms, replies, strict=True)
    ]
    named = (("JSON parses", valid), ("JSON has the fields", keys), ("JSON fields right", right))
    return [_mean(name, forms, values) for name, values in named]


def is_refusal(text: str) -> bool:
    """Return whether the text says that the answer is not known."""
    return normalised(text).startswith(normalised(prompts.REFUSAL))


def token_f1(text: str, targets: Iterable[str]) -> float:
    """Return SQuAD's token F1 of the text against the nearest target."""
    return max(_f1(normalised(text).split(), normalised(target).split()) for target in targets)


def normalised(text: str) -> str:
    """Return SQuAD's normal form: lower case, no punctuation, no articles."""
    bare = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def _f1(said: list[str], wanted: list[str]) -> float:
    common = sum((Counter(said) & Counter(wanted)).values())
    return 2 * common / (len(said) + len(wanted)) if common else 0.0


def _answers(generator: Generator, asked: Sequence[Asked], passages: list[list[str]]) -> list[str]:
    texts = [prompts.answer_prompt(one.text, given) for one, given in zip(asked, passages, strict=True)]
    return generator.complete(texts)


def _measure_answers(name: str, asked: Sequence[Asked], said: list[str]) -> list[Measured]:
    pairs = list(zip(asked, said, strict=True))
    exact = [normalised(text) in {normalised(target) for target in one.targets} for one, text in pairs]
    return [
        _mean(f"F1, {name}", asked, [token_f1(text, one.targets) for one, text in pairs]),
        _mean(f"EM, {name}", asked, exact),
        _mean(f"refuses, {name}", asked, map(is_refusal, said)),
    ]


def _others(
    one: Asked, passages: Sequence[tuple[str, str]], rng: random.Random, count: int, *, same_article: bool = False
) -> list[str]:
    """Return passages of other articles, or of the same, that hold none of the targets."""
    fitting = [
        text
        for text, article in passages
        if (article == one.article) == same_article
        and text != one.passage
        and not any(target.lower() in text.lower() for target in one.targets)
    ]
    return rng.sample(fitting, min(count, len(fitting)))


def _cut(passage: str, targets: Sequence[str], rng: random.Random) -> str:
    """Return CUT_CHARS of the passage, those around a target where it holds one: the size of ragvsft's own passages."""
    found = max(passage.find(targets[0]), 0)
    start = max(0, min(found - rng.randrange(CUT_CHARS // 2), len(passage) - CUT_CHARS))
    return passage[start : start + CUT_CHARS]


def _shuffled(texts: list[str], rng: random.Random) -> list[str]:
    return rng.sample(texts, len(texts))


def _mean(name: str, of: Sequence[Any], values: Iterable[float]) -> Measured:
    """Return the mean in percent with its 95 % interval, resampling passages (or, without one, records)."""
    groups: dict[Any, list[float]] = {}
    for number, (record, value) in enumerate(zip(of, values, strict=True)):
        groups.setdefault(getattr(record, "passage", number), []).append(float(value))
    sums = np.array([[sum(group), len(group)] for group in groups.values()])  # (n_groups, 2)
    drawn = np.random.default_rng(0).integers(len(sums), size=(2000, len(sums)))
    totals = sums[drawn].sum(1)
    low, high = np.percentile(100 * totals[:, 0] / totals[:, 1], [2.5, 97.5])
    value = 100 * sums[:, 0].sum() / sums[:, 1].sum()
    return Measured(name, round(value, 1), round(float(low), 1), round(float(high), 1), int(sums[:, 1].sum()))


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        parsed = json.loads(text)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def _same(said: Any, wanted: Any) -> bool:
    return said == wanted or (isinstance(said, str) and isinstance(wanted, str) and said.lower() == wanted.lower())


def _batched(
    order: Sequence[int], encoded: Sequence[list[int]], batch_tokens: int, max_batch: int
) -> Iterable[list[int]]:
    batch: list[int] = []
    for place in order:
        if batch and ((len(batch) + 1) * len(encoded[place]) > batch_tokens or len(batch) == max_batch):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def as_table(measured: Sequence[Measured]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| figure | % | 95 % interval | n |", "| --- | --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {m.name} | {m.value} | {m.low} to {m.high} | {m.n} |" for m in measured)])


def as_json(measured: Sequence[Measured]) -> str:
    """Return the figures as a JSON document."""
    return json.dumps([asdict(one) for one in measured], indent=1)
