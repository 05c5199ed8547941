"""The scripted engine: answers come from a table or a function, for tests and dry runs. No model is loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ragvsft.building import EngineIdentity
from ragvsft.records import Completion, Failure, Request

if TYPE_CHECKING:
    from ragvsft.config.sections import EngineConfig
    from ragvsft.models.load import ModelSource

BATCH = 8
Script = Callable[[Request], Completion | Failure]


class ScriptedEngine:
    """Completes each prompt as its script says; a word counts as a token."""

    def __init__(
        self, answers: Script | Mapping[str, str], *, longest_prompt: int | None = None, holds: int | None = None
    ) -> None:
        """`answers` is a function of the request, or the answer by prompt; a prompt without one is a Failure.

        `longest_prompt` is in words; a longer one does not fit and fails as "too-long". `holds`: how many adapters can
        be prepared at once; None: any number.
        """
        self._script: Script = answers if callable(answers) else _from_table(answers)
        self._longest = longest_prompt
        self._holds = holds
        self.identity = EngineIdentity("scripted", "scripted", device="cpu", device_name="cpu")
        self.prepared: tuple[Path, ...] = ()

    def batches(self, requests: Sequence[Request]) -> list[list[int]]:
        """Return the positions in their order, eight to a batch."""
        return [list(range(first, min(first + BATCH, len(requests)))) for first in range(0, len(requests), BATCH)]

    def generate(
        self, requests: Sequence[Request], *, on_token: Callable[[], None] | None = None
    ) -> list[Completion | Failure]:
        """Return what the script says to each request, in order."""
        outcomes = [self._one(request) for request in requests]
        if on_token is not None:
            for _ in range(max((len(o.text.split()) for o in outcomes if isinstance(o, Completion)), default=0)):
                on_token()
        return outcomes

    def fits(self, prompt: str) -> bool:
        """Return whether the prompt has no more words than the script allows."""
        return self._longest is None or len(prompt.split()) <= self._longest

    def room(self, adapters: Sequence[Path]) -> int:
        """Return how many of the adapters can be held at once."""
        return len(adapters) if self._holds is None else min(len(adapters), self._holds)

    def prepare(self, adapters: Sequence[Path]) -> None:
        """Note the adapters: a script has nothing to load."""
        self.prepared = tuple(adapters)

    def _one(self, request: Request) -> Completion | Failure:
        if self.fits(request.prompt):
            return self._script(request)
        return Failure("too-long", f"the prompt has {len(request.prompt.split())} words; {self._longest} fit")


def check_settings(settings: EngineConfig, source: ModelSource | None) -> None:
    """Accept all settings: there is nothing that a script could not do."""


def load(settings: EngineConfig, source: ModelSource | None) -> ScriptedEngine:
    """Return an engine that answers with the last line of each prompt: what a dry run needs."""
    return ScriptedEngine(_echo)


def completion(prompt: str, text: str) -> Completion:
    """Return `text` as the complete answer to `prompt`, words counted as tokens."""
    return Completion(text, len(prompt.split()), len(text.split()), "stop")


def _echo(request: Request) -> Completion:
    return completion(request.prompt, request.prompt.strip().rpartition("\n")[2])


def _from_table(answers: Mapping[str, str]) -> Script:
    def look_up(request: Request) -> Completion | Failure:
        if request.prompt in answers:
            return completion(request.prompt, answers[request.prompt])
        return Failure("engine-error", "the script has no answer to this prompt")

    return look_up
