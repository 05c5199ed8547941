"""The transformers engine: one loaded model completes the prompts of all variants, greedily."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ragvsft.building import EngineIdentity
from ragvsft.engines.adapters import ADAPTERS, Adapters
from ragvsft.engines.watching import EndText, ScoreWatch, TokenListener
from ragvsft.errors import ModelError
from ragvsft.models.hardware import device_name, free_memory, use_threads
from ragvsft.models.load import Loaded, load_model, outline_model
from ragvsft.models.thinking import without_special, without_thinking
from ragvsft.records import Completion, Failure, Request

if TYPE_CHECKING:
    from torch import Tensor

    from ragvsft.config.sections import EngineConfig
    from ragvsft.models.load import ModelSource

ADAPTERS_SHARE = 0.8  # of the free memory; answering needs the rest
ROOM_UNKNOWN = 2  # adapters held at once where nobody says how much memory is free


class TransformersEngine:
    """Completes prompts with one causal or sequence-to-sequence model, on a CPU or a GPU."""

    def __init__(
        self,
        loaded: Loaded,
        *,
        max_new_tokens: int,
        token_budget: int,
        adapters: str = "merged",
        adapter_memory: int | None = None,
    ) -> None:
        """`token_budget`: prompt tokens in one batch, padding included; `adapters`: "merged" or "unmerged".

        `adapter_memory`: bytes that prepared adapters may take; None: a share of what is free on the device.
        """
        self._loaded = loaded
        self._max_new_tokens = max_new_tokens
        self._token_budget = token_budget
        self._adapters: Adapters = ADAPTERS[adapters](loaded.model)
        self._adapter_memory = adapter_memory
        self._lengths: dict[str, int] = {}
        self._longest = _longest_prompt(loaded, max_new_tokens)
        known = _identity_of(loaded)
        self.identity = replace(known, adapters=adapters, max_new_tokens=max_new_tokens, token_budget=token_budget)

    def batches(self, requests: Sequence[Request]) -> list[list[int]]:
        """Return all positions, grouped by adapter and by length, the longest first, under the token budget."""
        lengths = self._prompt_tokens([request.prompt for request in requests])
        order = sorted(range(len(requests)), key=lambda i: (str(requests[i].adapter or ""), -lengths[i], i))
        made: list[list[int]] = []
        for i in order:
            first = made[-1][0] if made else i
            same = made and requests[first].adapter == requests[i].adapter
            if same and (len(made[-1]) + 1) * lengths[first] <= self._token_budget:
                made[-1].append(i)
            else:
                made.append([i])
        return made

    def generate(
        self, requests: Sequence[Request], *, on_token: Callable[[], None] | None = None
    ) -> list[Completion | Failure]:
        """Complete each request, in order; one that fails gets a Failure and harms no other."""
        prompts = self._loaded.prompt_ids([request.prompt for request in requests])
        outcomes: dict[int, Completion | Failure] = {
            i: Failure("too-long", f"the prompt has {len(ids)} tokens; the model reads {self._longest}")
            for i, ids in enumerate(prompts)
            if not self._reads(len(ids))
        }
        for adapter in dict.fromkeys(request.adapter for request in requests):
            group = [i for i, request in enumerate(requests) if request.adapter == adapter and i not in outcomes]
            self._adapters.use(adapter)
            outcomes.update(zip(group, self._complete([prompts[i] for i in group], on_token), strict=True))
        return [outcomes[i] for i in range(len(requests))]

    def fits(self, prompt: str) -> bool:
        """Return whether the model can read the whole prompt and still write its longest answer."""
        [ids] = self._loaded.prompt_ids([prompt])  # counted anew: the latency pass must pay for it each time
        self._lengths[prompt] = len(ids)
        return self._reads(len(ids))

    def room(self, adapters: Sequence[Path]) -> int:
        """Return how many of the adapters, from the first on, the free memory holds; one is tried in any case."""
        memory = self._memory()
        if memory is None:
            return min(ROOM_UNKNOWN, len(adapters))
        taken = accumulate(map(self._adapters.bytes_of, adapters))
        return min(max(1, sum(total <= memory for total in taken)), len(adapters))

    def prepare(self, adapters: Sequence[Path]) -> None:
        """Load the adapters and, where they are to be merged, merge them."""
        self._adapters.prepare(adapters)

    def _memory(self) -> int | None:
        """Return the bytes that adapters may take beside those that are held now; None: nobody says."""
        if self._adapter_memory is not None:
            return self._adapter_memory
        free = free_memory(self._loaded.device)
        return None if free is None else int(ADAPTERS_SHARE * free)

    def _reads(self, tokens: int) -> bool:
        return self._longest is None or tokens <= self._longest

    def _prompt_tokens(self, prompts: Sequence[str]) -> list[int]:
        new = list(dict.fromkeys(prompt for prompt in prompts if prompt not in self._lengths))
        self._lengths.update(zip(new, map(len, self._loaded.prompt_ids(new) if new else []), strict=True))
        return [self._lengths[prompt] for prompt in prompts]

    def _complete(self, prompts: list[list[int]], on_token: Callable[[], None] | None) -> list[Completion | Failure]:
        """Complete one batch under the adapter in use; where it fails, in smaller batches, at last one by one."""
        import torch

        if not prompts:
            return []
        listener = TokenListener(on_token, self._loaded.device)
        try:
            return self._generated(prompts, listener)
        except Exception as error:  # whatever model code raises concerns this batch alone
            if listener.failed:
                raise
            cause = "out-of-memory" if _is_out_of_memory(error) else "engine-error"
            detail = f"{type(error).__name__}: {error}"
        if len(prompts) == 1:
            return [Failure(cause, " ".join(detail.split()))]
        if cause == "out-of-memory" and self._loaded.device != "cpu":
            torch.cuda.empty_cache()
        size = (len(prompts) + 1) // 2 if cause == "out-of-memory" else 1
        parts = [prompts[first : first + size] for first in range(0, len(prompts), size)]
        return [outcome for part in parts for outcome in self._complete(part, on_token)]

    def _generated(self, prompts: list[list[int]], listener: TokenListener) -> list[Completion | Failure]:
        import torch
        from transformers import LogitsProcessorList, StoppingCriteriaList

        ids, mask = padded(prompts, self._loaded)
        skipped = 1 if self._loaded.kind == "seq2seq" else ids.shape[1]  # the decoder's start, or the prompt
        watch, stops = ScoreWatch(), [EndText(self._loaded, skipped)] if self._loaded.frame.end.text else []
        with torch.inference_mode():
            written = self._loaded.model.generate(
                input_ids=ids,
                attention_mask=mask,
                max_new_tokens=self._max_new_tokens,
                logits_processor=LogitsProcessorList([watch]),
                stopping_criteria=StoppingCriteriaList([*stops, *([listener] if listener.on_token else [])]),
            )
        rows: list[list[int]] = written[:, skipped:].tolist()
        return [
            self._outcome(len(prompt), row, broken_at)
            for prompt, row, broken_at in zip(prompts, rows, watch.broken_at(len(rows)), strict=True)
        ]

    def _outcome(self, prompt_tokens: int, row: list[int], broken_at: int | None) -> Completion | Failure:
        answer, written, finish = self._read(row)
        if broken_at is None or broken_at >= written:  # what follows an answer harms nobody
            return Completion(answer, prompt_tokens, written, finish)
        return Failure(
            "non-finite-logits",
            f"the model's scores for token {broken_at + 1} are not finite in {self._loaded.dtype}; "
            "set engine.dtype to float32 or bfloat16, or check the weights",
        )

    def _read(self, row: list[int]) -> tuple[str, int, Literal["stop", "length"]]:
        """Return the answer in a row of new tokens, how many tokens it took, and why it ends."""
        ends = set(self._loaded.end_ids)
        stop = next((place for place, token in enumerate(row) if token in ends), None)
        text = self._text(row[:stop])
        ended = self._loaded.frame.up_to_end_text(text)
        if ended is not None:
            written = len(row[:stop]) - _padding(row[:stop], self._loaded.pad_id)
            return self._answer(ended, is_cut_off=False), written, "stop"
        answer = self._answer(text, is_cut_off=stop is None)
        if stop is None:
            return answer, len(row), "length"
        return answer, stop + 1, "stop"  # the end mark was written, too

    def _text(self, ids: list[int]) -> str:
        return str(self._loaded.tokenizer.decode(ids, skip_special_tokens=not self._loaded.frame.is_raw))

    def _answer(self, text: str, *, is_cut_off: bool) -> str:
        """Return the answer in what the model wrote."""
        frame = self._loaded.frame
        answer = without_thinking(text, opened=frame.opened, is_cut_off=is_cut_off)
        return (without_special(answer, frame.tokenizer) if frame.is_raw else answer).strip()


def load(settings: EngineConfig, source: ModelSource | None) -> TransformersEngine:
    """Return the engine with its model loaded."""
    assert source is not None  # names.ENGINES: it needs one
    use_threads(settings.threads)
    return TransformersEngine(
        load_model(source, device=settings.device, dtype=settings.dtype),
        max_new_tokens=settings.max_new_tokens,
        token_budget=settings.token_budget,
        adapters=settings.adapters,
    )


def check_settings(settings: EngineConfig, source: ModelSource | None) -> None:
    """Raise ModelError where the settings ask for what this machine or the model has not; loads no weights."""
    assert source is not None  # names.ENGINES: it needs one
    _longest_prompt(outline_model(source, device=settings.device, dtype=settings.dtype), settings.max_new_tokens)


def padded(prompts: Sequence[Sequence[int]], loaded: Loaded) -> tuple[Tensor, Tensor]:
    """Return ids and attention mask, (n, longest) int64 each: padded left for a causal model, else right."""
    import torch

    width = max(map(len, prompts))
    ids = torch.full((len(prompts), width), loaded.pad_id)
    mask = torch.zeros((len(prompts), width), dtype=torch.long)
    for row, prompt in enumerate(prompts):
        place = slice(width - len(prompt), width) if loaded.kind == "causal" else slice(0, len(prompt))
        ids[row, place] = torch.tensor(prompt)
        mask[row, place] = 1
    return ids.to(loaded.device), mask.to(loaded.device)


def _padding(row: Sequence[int], pad_id: int) -> int:
    """Return how many padding tokens end the row: others of its batch wrote on."""
    return next((count for count, token in enumerate(reversed(row)) if token != pad_id), len(row))


def _identity_of(loaded: Loaded) -> EngineIdentity:
    """Return what is known of a model on its device, before anything is set."""
    import torch

    return EngineIdentity(
        engine="transformers",
        model=loaded.source.name,
        model_sha256=loaded.source.sha256,
        architecture=loaded.kind,
        device=loaded.device,
        device_name=device_name(loaded.device),
        dtype=loaded.dtype,
        threads=int(torch.get_num_threads()),
    )


def _longest_prompt(loaded: Loaded, max_new_tokens: int) -> int | None:
    """Return how many prompt tokens the model reads if it shall write `max_new_tokens` more; None: any number."""
    context = loaded.context
    if context is None:
        return None
    if max_new_tokens >= context:
        raise ModelError(
            f"engine.max_new_tokens is {max_new_tokens}, but the model holds {context} tokens; write fewer"
        )
    return context - max_new_tokens if loaded.kind == "causal" else context


def _is_out_of_memory(error: Exception) -> bool:
    import torch

    on_cpu = isinstance(error, RuntimeError) and "allocate memory" in str(error)  # DefaultCPUAllocator's words
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or on_cpu
