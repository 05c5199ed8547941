"""The transformers engine: one loaded model completes the prompts of all variants, greedily."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ragvsft.engines.adapters import ADAPTERS, Adapters
from ragvsft.errors import ModelError
from ragvsft.models.hardware import use_threads
from ragvsft.models.load import Loaded, load_model, outline_model
from ragvsft.models.thinking import without_special, without_thinking
from ragvsft.records import Completion, Failure, Request

if TYPE_CHECKING:
    from torch import Tensor

    from ragvsft.config.sections import Config
    from ragvsft.models.load import ModelSource


class TransformersEngine:
    """Completes prompts with one causal or sequence-to-sequence model, on a CPU or a GPU."""

    def __init__(self, loaded: Loaded, *, max_new_tokens: int, token_budget: int, adapters: str = "merged") -> None:
        """`token_budget`: prompt tokens in one batch, padding included; `adapters`: "merged" or "unmerged"."""
        self._loaded = loaded
        self._max_new_tokens = max_new_tokens
        self._token_budget = token_budget
        self._adapters: Adapters = ADAPTERS[adapters](loaded.model)
        self._lengths: dict[str, int] = {}
        self._longest = _longest_prompt(loaded, max_new_tokens)
        self.facts: dict[str, str | int | float | None] = {
            "engine": "transformers",
            "kind": loaded.kind,
            "device": loaded.device,
            "dtype": loaded.dtype,
            "adapters": adapters,
            "max_new_tokens": max_new_tokens,
            "token_budget": token_budget,
        }

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
        listener = _Listener(on_token, self._loaded.device)
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

    def _generated(self, prompts: list[list[int]], listener: _Listener) -> list[Completion | Failure]:
        import torch
        from transformers import LogitsProcessorList, StoppingCriteriaList

        ids, mask = padded(prompts, self._loaded)
        skipped = 1 if self._loaded.kind == "seq2seq" else ids.shape[1]  # the decoder's start, or the prompt
        watch, stops = _Watch(), [_EndText(self._loaded, skipped)] if self._loaded.frame.end.text else []
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
        completion = self._completion(prompt_tokens, row)
        if broken_at is None or broken_at >= completion.completion_tokens:  # what follows an answer harms nobody
            return completion
        return Failure(
            "non-finite-logits",
            f"the model's scores for token {broken_at + 1} are not finite in {self._loaded.dtype}; "
            "set engine.dtype to float32 or bfloat16, or check the weights",
        )

    def _completion(self, prompt_tokens: int, row: list[int]) -> Completion:
        ends = set(self._loaded.end_ids)
        stop = next((place for place, token in enumerate(row) if token in ends), None)
        text = self._text(row[:stop])
        ended = self._loaded.frame.up_to_end_text(text)
        if ended is not None:
            written = len(row[:stop]) - _padding(row[:stop], self._loaded.pad_id)
            return Completion(self._answer(ended, is_cut_off=False), prompt_tokens, written, "stop")
        answer = self._answer(text, is_cut_off=stop is None)
        if stop is None:
            return Completion(answer, prompt_tokens, len(row), "length")
        return Completion(answer, prompt_tokens, stop + 1, "stop")  # the end mark was written, too

    def _text(self, ids: list[int]) -> str:
        return str(self._loaded.tokenizer.decode(ids, skip_special_tokens=not self._loaded.frame.is_raw))

    def _answer(self, text: str, *, is_cut_off: bool) -> str:
        """Return the answer in what the model wrote."""
        frame = self._loaded.frame
        answer = without_thinking(text, opened=frame.opened, is_cut_off=is_cut_off)
        return (without_special(answer, frame.tokenizer) if frame.is_raw else answer).strip()


def load(config: Config, source: ModelSource) -> TransformersEngine:
    """Return the engine of a config, with its model loaded."""
    settings = config.engine
    threads = use_threads(settings.threads)
    engine = TransformersEngine(
        load_model(source, device=settings.device, dtype=settings.dtype),
        max_new_tokens=settings.max_new_tokens,
        token_budget=settings.token_budget,
        adapters=settings.adapters,
    )
    engine.facts |= {"model": source.name, "model_sha256": source.sha256, "threads": threads}
    return engine


def check_settings(config: Config, source: ModelSource) -> None:
    """Raise ModelError where a config asks for what this machine or the model has not; loads no weights."""
    settings = config.engine
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


class _Watch:
    """A logits processor that changes nothing: it notes at which token a row's scores ceased to be finite.

    The largest score of a row tells: NaN wins over every number, and minus infinity is right for all tokens but one.
    """

    def __init__(self) -> None:
        self._finite: list[Tensor] = []  # per token (n,) bool

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        self._finite.append(scores.amax(dim=-1).isfinite())
        return scores

    def broken_at(self, rows: int) -> list[int | None]:
        """Return the first token, from 0, whose scores are not finite, row by row; None where all are."""
        import torch

        if not self._finite:
            return [None] * rows
        finite = torch.stack(self._finite, dim=1)  # read once at the end: a GPU need not wait for each token
        if bool(finite.all()):
            return [None] * rows
        return [row.index(False) if False in row else None for row in finite.tolist()]


class _EndText:
    """A stopping criterion: a row ends with the text that ends its answer."""

    def __init__(self, loaded: Loaded, skipped: int) -> None:
        self._loaded, self._skipped = loaded, skipped
        self._end = loaded.frame.end.text or ""

    def __call__(self, input_ids: Tensor, scores: Any, **_: Any) -> Tensor:
        import torch

        rows = input_ids[:, self._skipped :].tolist()
        return torch.tensor([self._is_ended(row) for row in rows], device=input_ids.device)

    def _is_ended(self, row: list[int]) -> bool:
        decode, frame = self._loaded.tokenizer.decode, self._loaded.frame
        if self._end not in decode(row[-len(self._end) - 1 :]):  # a token has a character or more
            return False
        return frame.up_to_end_text(decode(row, skip_special_tokens=not frame.is_raw)) is not None


class _Listener:
    """A stopping criterion that never stops: it reports each token of the batch."""

    def __init__(self, on_token: Callable[[], None] | None, device: str) -> None:
        self.on_token = on_token
        self.failed = False  # on_token itself raised: that is not the model's failure
        self._device = device

    def __call__(self, input_ids: Tensor, scores: Any, **_: Any) -> Tensor:
        import torch

        if self._device != "cpu":
            torch.cuda.synchronize(self._device)  # the token is only there when the GPU has computed it
        self.failed = True
        if self.on_token:
            self.on_token()
        self.failed = False
        return torch.zeros(len(input_ids), dtype=torch.bool, device=input_ids.device)


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
