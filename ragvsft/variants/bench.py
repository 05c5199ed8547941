"""The bench that variants are built on: one corpus, one model, one place for artifacts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ragvsft.config.sections import Config
from ragvsft.data.passages import SPLITTING, split
from ragvsft.data.scripts import check_readable
from ragvsft.errors import ConfigError
from ragvsft.progress import Progress
from ragvsft.prompts import Task
from ragvsft.records import Document, Example, Passage
from ragvsft.store.artifacts import Store
from ragvsft.store.files import fingerprint
from ragvsft.tuning.batches import TRAINING

if TYPE_CHECKING:
    from ragvsft.models.load import ModelSource
    from ragvsft.retrieval.encoders import Encoder


class Workshop:
    """Everything that a build may use; what is slow to make is made on first use."""

    def __init__(
        self,
        config: Config,
        *,
        task: Task,
        source: ModelSource | None,
        documents: Sequence[Document],
        examples: Sequence[Example],
        progress: Progress,
    ) -> None:
        self.config = config
        self.task = task
        self._source = source
        self.documents = tuple(documents)
        self.examples = tuple(examples)  # after the leak check
        self.progress = progress
        self.store = Store(config.cache)

    @property
    def source(self) -> ModelSource:
        """The model that adapters are trained on. A run that trains none may have no model."""
        assert self._source is not None  # stages.model: a run that trains has one
        return self._source

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder of passages and questions."""
        from ragvsft.models.hardware import pick_device
        from ragvsft.retrieval.encoders import load_encoder

        return load_encoder(self.config.rag.encoder, device=pick_device(self.config.engine.device))

    @cached_property
    def passages(self) -> list[Passage]:
        """All passages of the corpus, in document order."""
        longest = self.encoder.max_tokens
        if self.config.passages.tokens > longest:  # it would leave the rest of each passage unread, and not say so
            raise ConfigError(
                f"passages.tokens is {self.config.passages.tokens}, but {self.encoder.name} reads {longest} at most; "
                f"set passages.tokens to {longest} or less, or rag.encoder to one that reads more"
            )
        for line in self.reading_notes:
            self.progress.say(f"note: {line}")
        return split(self.documents, self.config.passages, self.encoder.count_tokens)

    @cached_property
    def reading_notes(self) -> list[str]:
        """What to know of how the encoder reads the corpus. Raises CorpusError where it cannot."""
        return check_readable(self.documents, self.encoder)

    @property
    def index_key(self) -> str:
        """Hash of everything that makes the index."""
        return fingerprint(
            "index",
            [[document.doc_id, document.text, document.pages] for document in self.documents],  # as this version reads
            [SPLITTING, self.config.passages.model_dump()],
            [self.encoder.name, self.encoder.revision],
        )

    def adapter_key(self, seed: int) -> str:
        """Hash of everything that makes the adapter of one seed; the prompts hold instruction and schema as read."""
        return fingerprint(
            "adapter",
            TRAINING,
            self.source.sha256,
            [[self.task.prompt(example.question), example.answer] for example in self.examples],
            self.config.lora.model_dump(exclude={"seeds"}),
            self.config.engine.device,
            seed,
        )
