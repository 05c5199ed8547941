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
_READABLE = (1, FORMAT)
_DONE_ANEW = ("score", "report")  # their time is that of the last time they were done


def read_manifest(folder: RunFolder) -> Manifest:
    """Return the manifest. Raises RunError if the run has a format that this version does not read."""
    plain = folder.read_json("manifest")
    found = plain.get("format") if isinstance(plain, dict) else None
    if found not in _READABLE:
        known = " and ".join(map(str, _READABLE))
        raise RunError(
            f"{folder.file('manifest')}: format is {found!r}, and this version of ragvsft reads {known}; use the"
            " version that wrote it, or a newer one"
        )
    return _decoded(folder, "manifest", Manifest, older.older_manifest(plain) if found == 1 else plain)


def read_config(folder: RunFolder, manifest: Manifest) -> Config:
    """Return the config that a run was started with."""
    return recalled(manifest.config, folder.path, place=str(folder.file("manifest")))


def read_evidence(
    folder: RunFolder, manifest: Manifest, config: Config, *, without: Collection[FileName] = ()
) -> Evidence:
    """Return everything that a run has left so far, but for the files that are named: long ones take long to read."""
    reader = _Reader(folder, manifest, config, frozenset(without))
    stages = reader.stages()
    return Evidence(
        manifest=manifest,
        config=config,
        samples=tuple(reader.rows("samples", Sample)),
        predictions=tuple(reader.predictions()),
        trivial=tuple(reader.rows("trivial", TrivialAnswer)),
        builds=reader.builds(),
        engines=_engines(stages),
        scores=tuple(reader.rows("scores", Score)),
        metrics=tuple(reader.records("metrics", Metric)),
        differences=tuple(reader.records("comparison", Difference)),
        sheet=reader.sheet(),
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

    def upgrade(self, name: FileName) -> Callable[[Rows], Rows]:
        """Return what brings the rows of a file to the present format."""
        if self.manifest.format == FORMAT:
            return lambda rows: rows
        trained, retrieving = self.config.trained, self.config.retrieving
        upgrades: dict[FileName, Callable[[Rows], Rows]] = {
            "predictions": lambda rows: older.older_hits(
                older.older_predictions(rows, trained=trained), retrieving=retrieving
            ),
            "latency": lambda rows: older.older_hits(
                older.older_predictions(rows, trained=trained), retrieving=retrieving
            ),
            "scores": lambda rows: older.older_scores(rows, trained=trained),
            "stages": lambda rows: older.older_stages(rows, self.config.names),
            "metrics": older.older_metrics,
            "comparison": older.older_comparison,
        }
        return upgrades.get(name, list)

    def predictions(self) -> Iterable[Prediction]:
        """Return the predictions of both passes; of a request that failed and was asked again, the later one."""
        names: tuple[FileName, FileName] = ("predictions", "latency")
        for name in names:
            yield from {row.key: row for row in self.rows(name, Prediction)}.values()

    def rows(self, name: FileName, kind: type[T]) -> list[T]:
        """Return the rows of a journal, none where there is none."""
        return [] if name in self.without else self.folder.journal(name).read_as(kind, self.upgrade(name))

    def stages(self) -> list[StageRow]:
        """Return the rows of stages.jsonl."""
        return self.rows("stages", StageRow)

    def builds(self) -> Builds | None:
        """Return what was built, None in a run that did not come so far."""
        if not self.folder.has("builds"):
            return None
        plain = self.folder.read_json("builds")
        if self.manifest.format != FORMAT:
            plain = older.older_builds(plain, {v.name: (v.row.retrieves, v.row.trains) for v in self.config.variants})
        return _decoded(self.folder, "builds", Builds, plain)

    def sheet(self) -> CostSheet | None:
        """Return what the variants cost, None in a run that did not come so far."""
        if not self.folder.has("cost"):
            return None
        plain = self.folder.read_json("cost")
        today = plain if self.manifest.format == FORMAT else older.older_costs(plain)
        return _decoded(self.folder, "cost", CostSheet, today)

    def record(self, name: FileName, kind: type[T]) -> T | None:
        """Return the record that a file holds, None where there is no file."""
        return _decoded(self.folder, name, kind, self.folder.read_json(name)) if self.folder.has(name) else None

    def records(self, name: FileName, kind: type[T]) -> list[T]:
        """Return the records that a file holds, none where there is no file."""
        if not self.folder.has(name):
            return []
        return [_decoded(self.folder, name, kind, row) for row in self.upgrade(name)(self.folder.read_json(name))]


def _engines(stages: Iterable[StageRow]) -> dict[str, EngineIdentity] | None:
    """Return by variant what answered it last."""
    uses = [use for row in stages for use in row.engines]
    return {use.variant: use.identity for use in uses} or None


def _decoded(folder: RunFolder, name: FileName, kind: type[T], plain: Any) -> T:
    try:
        return from_dict(kind, plain)
    except ArtifactError as error:
        raise ArtifactError(f"{folder.file(name)}: {error}") from error
