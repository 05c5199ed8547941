"""How much faster the batched quality pass is than a one-by-one `generate` loop: python benchmarks/batching.py.

Both take turns on the same prompts in one process, so that a busy machine slows both; what counts is their ratio.
Closed-book prompts hold a question, three-passage prompts three stretches of the corpus besides.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from ragvsft.clock import measure
from ragvsft.config.sections import EngineConfig
from ragvsft.engines.transformers import TransformersEngine
from ragvsft.models.hardware import use_threads
from ragvsft.models.load import Loaded, find_model, load_model
from ragvsft.prompts import answer_prompt
from ragvsft.records import Completion, Request
from ragvsft.store.files import read_jsonl

ROOT = Path(__file__).parent.parent
PASSAGE_WORDS = 75  # about what 112 tokens hold
TARGET = 4.0


def main() -> None:
    """Print answers per second and their ratio, for each kind of prompt."""
    options = _options()
    threads = use_threads(options.threads)
    loaded = load_model(find_model(options.model), device=options.device)
    settings = EngineConfig(token_budget=options.token_budget) if options.token_budget else EngineConfig()
    engine = TransformersEngine(loaded, max_new_tokens=settings.max_new_tokens, token_budget=settings.token_budget)
    print(
        f"{options.model} on {loaded.device}, {loaded.dtype}, {threads} threads, budget {settings.token_budget} tokens"
    )
    for kind, requests in (
        ("closed-book", _requests(options.requests, passages=0)),
        ("three passages", _requests(options.requests, passages=3)),
    ):
        _compare(kind, requests, engine, loaded, settings.max_new_tokens, rounds=options.rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="bundled")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--token-budget", type=int, default=0)
    return parser.parse_args()


def _compare(
    kind: str, requests: Sequence[Request], engine: TransformersEngine, loaded: Loaded, new_tokens: int, *, rounds: int
) -> None:
    _plain_loop(requests[:3], loaded, new_tokens)  # warm-up
    ratios: list[float] = []
    for number in range(rounds):
        plain_s, plain = _timed(lambda: _plain_loop(requests, loaded, new_tokens))
        batched_s, batched = _timed(lambda: _batched(requests, engine))
        ratios.append(plain_s / batched_s)
        same = sum(one == other for one, other in zip(plain, batched, strict=True))
        print(
            f"{kind}, round {number + 1}: one by one {len(requests) / plain_s:.1f}/s, "
            f"batched {len(requests) / batched_s:.1f}/s, ratio {ratios[-1]:.1f}; {same} of {len(requests)} texts equal"
        )
    verdict = "reached" if median(ratios) >= TARGET else "MISSED"
    print(f"{kind}: median ratio {median(ratios):.1f} (target {TARGET:.0f}: {verdict})")


def _timed(work: Callable[[], list[str]]) -> tuple[float, list[str]]:
    with measure() as cost:
        texts = work()
    return cost.seconds, texts


def _plain_loop(requests: Sequence[Request], loaded: Loaded, new_tokens: int) -> list[str]:
    """Return the answers of the loop that one would write without an engine."""
    import torch

    texts: list[str] = []
    for request in requests:
        ids = torch.tensor(loaded.prompt_ids([request.prompt]), device=loaded.device)
        with torch.inference_mode():
            written = loaded.model.generate(
                input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=new_tokens
            )[0]
        new = written[ids.shape[1] :] if loaded.kind == "causal" else written
        texts.append(str(loaded.tokenizer.decode(new, skip_special_tokens=True)).strip())
    return texts


def _batched(requests: Sequence[Request], engine: TransformersEngine) -> list[str]:
    texts = [""] * len(requests)
    for batch in engine.batches(requests):
        for place, outcome in zip(batch, engine.generate([requests[i] for i in batch]), strict=True):
            texts[place] = outcome.text if isinstance(outcome, Completion) else f"({outcome.cause})"
    return texts


def _requests(count: int, *, passages: int) -> list[Request]:
    questions = [row["question"] for row in read_jsonl(ROOT / "evalsets/marrowick-facts.jsonl")]
    stretches = _stretches(sorted((ROOT / "corpora/marrowick").rglob("*.md")))
    return [
        Request(
            f"q{number}",
            answer_prompt(
                questions[number % len(questions)],
                [stretches[(number * passages + k) % len(stretches)] for k in range(passages)],
            ),
        )
        for number in range(count)
    ]


def _stretches(files: Sequence[Path]) -> list[str]:
    words = [word for file in files for word in file.read_text(encoding="utf-8").split()]
    return [" ".join(words[first : first + PASSAGE_WORDS]) for first in range(0, len(words), PASSAGE_WORDS)]


if __name__ == "__main__":
    main()
