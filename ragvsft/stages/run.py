"""One run as its stages work on it: the folder, what it was started with, and the bench its variants are made on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property

from ragvsft.clock import now
from ragvsft.config.root import Config
from ragvsft.errors import OutputError, RunError
from ragvsft.evidence.manifest import FORMAT
from ragvsft.evidence.read import read_config, read_evidence, read_manifest
from ragvsft.evidence.run import EngineUse, Evidence, StageRow
from ragvsft.names import STAGES, FileName
from ragvsft.progress import Progress
from ragvsft.stages.inputs import bench_of, describe, inputs_sha256, read_inputs
from ragvsft.store.runs import RunFolder
from ragvsft.variants.bench import Bench


@dataclass(slots=True)
class Work:
    """What a stage says of itself while it is timed."""

    model_s: float = 0.0  # model, encoder and index work
    engines: tuple[EngineUse, ...] = ()


class Run:
    """One run folder with the config it was started with."""

    def __init__(self, folder: RunFolder, progress: Progress, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.progress = progress
        self.manifest = read_manifest(folder)
        self.config: Config = read_config(folder, self.manifest)
        self._environ = environ

    def evidence(self, *, without: Collection[FileName] = ()) -> Evidence:
        """Return everything that the run has left so far, read anew, but for the files that are named."""
        return read_evidence(self.folder, self.manifest, self.config, without=without)

    def require(self, name: FileName) -> None:
        """Raise RunError unless the run came as far as this file."""
        if not self.folder.has(name):
            done = next(stage.done for stage in STAGES.values() if name in stage.leaves)
            raise RunError(f"{self.folder.path}: not {done} yet; {self.remedy}")

    @property
    def remedy(self) -> str:
        """What continues the run, for the end of a message."""
        return f"continue it with: ragvsft run --resume {self.folder.path}"

    @cached_property
    def bench(self) -> Bench:
        """What variants are made on, from the inputs as they are now.

        Raises RunError if they changed since the run began, or if an older version began it.
        """
        if self.manifest.format != FORMAT:
            raise RunError(
                f"{self.folder.path}: an older version of ragvsft began this run; it can be scored and reported, but"
                " not continued: start a new run"
            )
        inputs = read_inputs(self.config, limit=self.manifest.limit)
        if self.manifest.inputs_sha256 != inputs_sha256(self.config, describe(self.config, inputs)):
            raise RunError(
                f"{self.folder.path}: corpus, evalset, examples or task changed since this run began; start a new run"
            )
        return bench_of(self.config, inputs, progress=self.progress, environ=self._environ)

    @contextmanager
    def stage(self, title: str) -> Iterator[Work]:
        """Time a block, and write down how much of it was model, encoder and index work; also where it fails."""
        work, begun = Work(), now()
        try:
            yield work
        except BaseException:
            with suppress(OutputError):  # what stopped the stage is the news
                self._note(title, begun, work, failed=True)
            raise
        self._note(title, begun, work, failed=False)

    def _note(self, title: str, begun: float, work: Work, *, failed: bool) -> None:
        row = StageRow(title, now() - begun, work.model_s, work.engines, failed)
        with self.folder.journal("stages") as journal:
            journal.append([row])
