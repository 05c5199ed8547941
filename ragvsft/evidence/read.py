"""A run folder read to Evidence, whatever format it has that is known here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from ragvsft.building import Builds, EngineIdentity
from ragvsft.codec import from_dict
from ragvsft.config.recorded import recalled
from ragvsft.config.root import Config
from ragvsft.errors import ArtifactError, RunError
from ragvsft.evidence import older
from ragvsft.evidence.manifest import FORMAT, Manifest
from ragvsft.evidence.run import Evidence, StageRow, StageTime
from ragvsft.findings import CostSheet, Decision, Difference, Metric
from ragvsft.names import FileName
from ragvsft.records import Prediction, Sample, Score, TrivialAnswer
from ragvsft.store.runs import RunFolder

T = TypeVar("T")
Rows = list[dict[str, Any]]
Upgrade = Callable[[Any], Any]  # what a file holds, as JSON knows it
_READABLE = (1, FORMAT)
_DONE_ANEW = ("score", "report")  # their time is that of the last time they were done


def read_manifest(folder: RunFolder) -> Manifest:
    """Return the manifest. Raises RunError if it has no format, or one that this version does not read."""
    plain = folder.read_json("manifest")
    if not isinstance(plain, dict) or "format" not in plain:
        raise RunError(
            f"{folder.file('manifest')}: has no format: another tool wrote it, or it was altered; `ragvsft runs` lists"
            " the runs"
        )
    found = plain["format"]
    if found not in _READABLE:
        known = " and ".join(map(str, _READABLE))
        raise RunError(
            f"{folder.file('manifest')}: format is {found!r}, and this version of ragvsft reads {known}; use the"
            " version that wrote it, or a newer one"
        )
    try:
        today = older.older_manifest(plain) if found == 1 else plain
    except (AttributeError, KeyError, TypeError):
        raise folder.altered("manifest") from None
    return _decoded(folder, "manifest", Manifest, today)


def read_config(folder: RunFolder, manifest: Manifest) -> Config:
    """Return the config that a run was started with."""
    return recalled(manifest.config, folder.path, place=str(folder.file("manifest")))


def read_evidence(
    folder: RunFolder, manifest: Manifest, config: Config, *, without: Collection[FileName] = ()
) -> Evidence:
    """Return everything that a run has left so far, but for the journals that are named: long ones take long to read.

    Raises ArtifactError where a file is not as it was written.
    """
    reader = _Reader(folder, manifest, config, frozenset(without))
    stages = reader.journal("stages", StageRow)
    return Evidence(
        manifest=manifest,
        config=config,
        samples=tuple(reader.samples()),
        predictions=tuple(reader.predictions()),
        trivial=tuple(reader.trivial()),
        builds=reader.record("builds", Builds),
        engines=_engines(stages),
        scores=tuple(reader.journal("scores", Score)),
        metrics=tuple(reader.records("metrics", Metric)),
        differences=tuple(reader.records("comparison", Difference)),
        sheet=reader.record("cost", CostSheet),
        decision=reader.record("decision", Decision),
        stages=tuple(stage_times(stages)),
    )


def stage_times(rows: Iterable[StageRow]) -> list[StageTime]:
    """Return the stages of a run in the order they were first done; scoring and reporting as they were last done."""
    times: dict[str, StageTime] = {}
    for row in rows:
        before = times.get(row.stage)
        if before is None or row.stage in _DONE_ANEW:
            before = StageTime(row.stage, 0.0, 0.0)
        times[row.stage] = StageTime(row.stage, before.seconds + row.seconds, before.model_s + row.model_s)
    return list(times.values())


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the files of one run, each brought to the present format first."""

    folder: RunFolder
    manifest: Manifest
    config: Config
    without: frozenset[FileName]

    def samples(self) -> list[Sample]:
        """Return the samples. Raises ArtifactError where there are not as many as the run began with."""
        samples = self.journal("samples", Sample)
        if "samples" not in self.without and len(samples) != self.manifest.evalset.samples:
            raise self.folder.altered("samples")
        return samples

    def trivial(self) -> list[TrivialAnswer]:
        """Return what the trivial rivals say; nothing in a run of before they were written down."""
        if self.manifest.format == FORMAT and not self.folder.has("trivial"):
            raise self.folder.altered("trivial")
        return self.journal("trivial", TrivialAnswer)

    def predictions(self) -> Iterable[Prediction]:
        """Return the predictions of both passes; of a request that failed and was asked again, the later one."""
        names: tuple[FileName, FileName] = ("predictions", "latency")
        for name in names:
            yield from {row.key: row for row in self.journal(name, Prediction)}.values()

    def journal(self, name: FileName, kind: type[T]) -> list[T]:
        """Return the rows of a journal as records."""
        if name in self.without:
            return []
        return self.folder.journal(name).read_as(kind, lambda rows: self._of_today(name, rows))

    def record(self, name: FileName, kind: type[T]) -> T | None:
        """Return the record that a file holds, None where there is no file: the run did not come so far."""
        if not self.folder.has(name):
            return None
        return _decoded(self.folder, name, kind, self._of_today(name, self.folder.read_json(name)))

    def records(self, name: FileName, kind: type[T]) -> list[T]:
        """Return the records that a file holds, none where there is no file."""
        if not self.folder.has(name):
            return []
        rows = self.folder.read_json(name)
        if not isinstance(rows, list):
            raise self.folder.altered(name)
        return [_decoded(self.folder, name, kind, row) for row in self._of_today(name, rows)]

    def _of_today(self, name: FileName, plain: Any) -> Any:
        """Return what a file holds in the present format."""
        if self.manifest.format == FORMAT:
            return plain
        try:
            return self._upgrades().get(name, lambda same: same)(plain)
        except (AttributeError, KeyError, TypeError, ValueError):  # not what a run of format 1 holds
            raise self.folder.altered(name) from None

    def _upgrades(self) -> dict[FileName, Upgrade]:
        """Return what brings the files of a run of format 1 to the present format."""
        trained, retrieving = self.config.trained, self.config.retrieving
        parts = {variant.name: (variant.row.retrieves, variant.row.trains) for variant in self.config.variants}

        def predictions(rows: Rows) -> Rows:
            return older.older_hits(older.older_predictions(rows, trained=trained), retrieving=retrieving)

        return {
            "predictions": predictions,
            "latency": predictions,
            "scores": lambda rows: older.older_scores(rows, trained=trained),
            "stages": lambda rows: older.older_stages(rows, self.config.names),
            "metrics": older.older_metrics,
            "comparison": older.older_comparison,
            "builds": lambda plain: older.older_builds(plain, parts),
            "cost": older.older_costs,
        }


def _engines(stages: Iterable[StageRow]) -> dict[str, EngineIdentity] | None:
    """Return by variant what answered it last."""
    uses = [use for row in stages for use in row.engines]
    return {use.variant: use.identity for use in uses} or None


def _decoded(folder: RunFolder, name: FileName, kind: type[T], plain: Any) -> T:
    try:
        return from_dict(kind, plain)
    except ArtifactError as error:
        raise ArtifactError(f"{folder.file(name)}: {error}") from error
