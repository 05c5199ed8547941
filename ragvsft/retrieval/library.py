"""The corpus as retrievers see it: split into passages, with an encoder that reads them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ragvsft.config.sections import PassagesConfig
from ragvsft.data.passages import split
from ragvsft.data.scripts import check_readable
from ragvsft.errors import ConfigError
from ragvsft.progress import Progress
from ragvsft.records import Document, Passage

if TYPE_CHECKING:
    from ragvsft.retrieval.encoders import Encoder


class Encoders:
    """The encoders of a run, each loaded once however many splittings it reads."""

    def __init__(self) -> None:
        self._loaded: dict[tuple[str, str], Encoder] = {}

    def get(self, name: str, device: str) -> Encoder:
        """Return the encoder that retrieval.encoder names, on the device that engine.device names."""
        from ragvsft.models.hardware import pick_device
        from ragvsft.retrieval.encoders import load_encoder

        place = (name, pick_device(device))
        if place not in self._loaded:
            self._loaded[place] = load_encoder(name, device=place[1])
        return self._loaded[place]


class Library:
    """Everything that a retriever may use; what is slow to make is made on first use."""

    def __init__(
        self,
        documents: Sequence[Document],
        splitting: PassagesConfig,
        *,
        encoder: str,
        device: str,
        encoders: Encoders,
        progress: Progress,
    ) -> None:
        """Take the documents; `encoder` is named as in retrieval.encoder, `device` as in engine.device."""
        self.documents = tuple(documents)
        self.splitting = splitting
        self.progress = progress
        self._encoder, self._device, self._encoders = encoder, device, encoders

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder of passages and questions."""
        return self._encoders.get(self._encoder, self._device)

    @cached_property
    def passages(self) -> list[Passage]:
        """All passages of the corpus, in document order."""
        longest = self.encoder.max_tokens
        if self.splitting.tokens > longest:  # it would leave the rest of each passage unread, and not say so
            raise ConfigError(
                f"passages.tokens is {self.splitting.tokens}, but {self.encoder.name} reads {longest} at most; "
                f"set passages.tokens to {longest} or less, or retrieval.encoder to one that reads more"
            )
        for line in self.reading_notes:
            self.progress.say(f"note: {line}")
        return split(self.documents, self.splitting, self.encoder.count_tokens)

    @cached_property
    def reading_notes(self) -> list[str]:
        """What to know of how the encoder reads the corpus. Raises CorpusError where it cannot."""
        return check_readable(self.documents, self.encoder)
