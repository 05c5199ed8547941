"""The exceptions of ragvsft.

RagvsftError
├── UserError                 the user can fix it: one line, exit code 2
│   ├── ConfigError           ragvsft.yaml, an environment override or a flag
│   ├── CorpusError           a folder of documents, or one document
│   ├── EvalsetError          a file of samples
│   ├── ExamplesError         a file of training examples
│   ├── ModelError            a model, encoder or adapter that cannot be loaded
│   ├── ArtifactError         a stored file that is missing, altered or of another version
│   ├── RunError              a run folder that is in use, incomplete or of another config
│   ├── PriceError            a price book that cannot be read
│   ├── OutputError           a disk that is full or a folder that cannot be written
│   └── MissingExtra          an optional dependency that is not installed
└── IndexMismatch             vectors of another dimension than the index: our bug

Anything that is not a UserError is our bug and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Sequence

from ragvsft.masking import masked


class RagvsftError(Exception):
    """Every exception that ragvsft raises on purpose."""


class UserError(RagvsftError):
    """Something the user can fix; its message names the place, the value and the remedy.

    `problems` holds one line per problem, all problems of one file at once. What looks like a key or a password in
    them is hidden: this is where a value in the wrong place would be echoed.
    """

    def __init__(self, problems: str | Sequence[str]) -> None:
        self.problems = tuple(map(masked, (problems,) if isinstance(problems, str) else problems))
        super().__init__("\n".join(self.problems))


class ConfigError(UserError):
    """The configuration is wrong."""


class CorpusError(UserError):
    """A corpus or one of its documents cannot be used."""


class EvalsetError(UserError):
    """An evalset cannot be used."""


class ExamplesError(UserError):
    """A file of training examples cannot be used."""


class ModelError(UserError):
    """A model, encoder or adapter cannot be loaded."""


class ArtifactError(UserError):
    """A stored file is missing, altered or was written by another version."""


class RunError(UserError):
    """A run folder is in use, incomplete or belongs to another config."""


class PriceError(UserError):
    """A price book cannot be used."""


class OutputError(UserError):
    """Nothing more can be written: the disk is full or the folder is read-only."""


class MissingExtra(UserError):
    """An optional dependency is not installed; the message holds the command that installs it."""


class IndexMismatch(RagvsftError):
    """Query vectors have another dimension than the index's."""


def first_line(error: Exception) -> str:
    """Return the first line of an exception's message; its type where it has none."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__).strip().rstrip(".")
