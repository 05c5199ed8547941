"""What listens in while a model writes: for scores that break, for a text that ends an answer, for each token."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from ragvsft.models.load import Loaded


class ScoreWatch:
    """A logits processor that changes nothing: it notes at which token a row's scores ceased to be finite.

    The largest score of a row tells: NaN wins over every number, and minus infinity is right for all tokens but one.
    """

    def __init__(self) -> None:
        self._finite: list[Tensor] = []  # per token (n,) bool

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Return the scores as they are."""
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


class EndText:
    """A stopping criterion: a row ends with the text that ends its answer."""

    def __init__(self, loaded: Loaded, skipped: int) -> None:
        self._loaded, self._skipped = loaded, skipped
        self._end = loaded.frame.end.text or ""

    def __call__(self, input_ids: Tensor, scores: Tensor, **_: object) -> Tensor:
        """Return which rows are done, (n,) bool."""
        import torch

        rows = input_ids[:, self._skipped :].tolist()
        return torch.tensor([self._is_ended(row) for row in rows], device=input_ids.device)

    def _is_ended(self, row: list[int]) -> bool:
        decode, frame = self._loaded.tokenizer.decode, self._loaded.frame
        if self._end not in decode(row[-len(self._end) - 1 :]):  # a token has a character or more
            return False
        return frame.up_to_end_text(decode(row, skip_special_tokens=not frame.is_raw)) is not None


class TokenListener:
    """A stopping criterion that never stops: it reports each token of the batch."""

    def __init__(self, on_token: Callable[[], None] | None, device: str) -> None:
        self.on_token = on_token
        self.failed = False  # on_token itself raised: that is not the model's failure
        self._device = device

    def __call__(self, input_ids: Tensor, scores: Tensor, **_: object) -> Tensor:
        """Return that no row is done, (n,) bool."""
        import torch

        if self._device != "cpu":
            torch.cuda.synchronize(self._device)  # the token is only there when the GPU has computed it
        self.failed = True
        if self.on_token:
            self.on_token()
        self.failed = False
        return torch.zeros(len(input_ids), dtype=torch.bool, device=input_ids.device)
