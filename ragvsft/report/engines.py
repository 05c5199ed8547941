"""What answered: which engine each variant had, and what may be said of all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ragvsft.building import EngineIdentity
from ragvsft.evidence.run import Evidence
from ragvsft.report.view import variants_of
from ragvsft.text import listing


@dataclass(frozen=True, slots=True)
class EngineRow:
    """The engine of one variant."""

    variant: str
    engine: EngineIdentity


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines of a run."""

    rows: tuple[EngineRow, ...]  # in the order of the variants; one whose engine was not recorded is not among them
    variants: tuple[str, ...]  # of the run
    timed: tuple[str, ...]  # the variants of the latency pass
    groups: int  # into which the variants of the latency pass were put; 1: each took turns with all others

    @property
    def shared(self) -> EngineIdentity | None:
        """The one engine of all variants, None if they differ or one was not recorded."""
        found = self._different()
        return found[0] if len(found) == 1 and len(self.rows) == len(self.variants) else None

    @property
    def models(self) -> str:
        """The models by name, each once: "bundled", or "unknown" where none was recorded."""
        return _named(engine.model for engine in self._different())

    @property
    def devices(self) -> str:
        """The devices with their precision, each once."""
        return _named(map(_device, self._different()))

    @property
    def is_one_model(self) -> bool:
        """Whether all variants had the same weights, in whatever engine."""
        weights = {(engine.model, engine.model_sha256) for engine in self._different()}
        return len(weights) == 1 and len(self.rows) == len(self.variants)

    @property
    def pace(self) -> str | None:
        """How many requests went at a time in the latency pass, None if that was not recorded of every variant."""
        found = {row.variant: row.engine.concurrency for row in self.rows if row.variant in self.timed}
        if not found or len(found) < len(self.timed):
            return None
        numbers = sorted(set(found.values()))
        if numbers == [1]:
            return "one request at a time"
        if len(numbers) == 1:
            return f"{numbers[0]} requests at a time"
        return f"{numbers[0]} to {numbers[-1]} requests at a time, by variant"

    def _different(self) -> list[EngineIdentity]:
        return list(dict.fromkeys(row.engine for row in self.rows))


def engines_of(evidence: Evidence) -> Engines:
    """Return what answered each variant."""
    found = evidence.engines or {}
    variants = variants_of(evidence)
    rows = tuple(EngineRow(variant, found[variant]) for variant in variants if variant in found)
    asked = {p.variant for p in evidence.predictions if p.purpose == "latency"}
    return Engines(rows, variants, tuple(variant for variant in variants if variant in asked), _timing_groups(evidence))


def _timing_groups(evidence: Evidence) -> int:
    """Return in how many groups the variants were timed, one group after another."""
    return 1 + max((p.group for p in evidence.predictions if p.purpose == "latency"), default=0)


def _device(engine: EngineIdentity) -> str:
    return ", ".join(filter(None, [engine.device_name or engine.device, engine.dtype]))


def _named(words: Iterable[str]) -> str:
    known = list(dict.fromkeys(filter(None, words)))
    return listing(known) if known else "unknown"
