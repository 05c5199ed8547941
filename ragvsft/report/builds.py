"""What was built: every adapter and every index once, with the variants that use it."""

from __future__ import annotations

from dataclasses import dataclass

from ragvsft.building import LOW_REACH, IndexRecord, TrainingRecord
from ragvsft.evidence.run import Evidence
from ragvsft.text import listing, whole_share


@dataclass(frozen=True, slots=True)
class Adapter:
    """One training, with the variants that answer with it."""

    variants: tuple[str, ...]
    record: TrainingRecord

    @property
    def name(self) -> str:
        """What the report calls it: "lora, seed 0"."""
        return f"{listing(self.variants)}, seed {self.record.seed}"

    @property
    def remark(self) -> str | None:
        """What to know of an adapter that reaches little of its model; None where there is nothing to say."""
        share = self.record.reached_share
        if share is None or share >= LOW_REACH:
            return None
        return (
            f"the adapter of {self.name}, reaches {whole_share(share)} of the model's weights (embeddings not counted),"
            " so tuning may do less here than it could"
        )


@dataclass(frozen=True, slots=True)
class Index:
    """One index, with the variants that search it."""

    variants: tuple[str, ...]
    record: IndexRecord


@dataclass(frozen=True, slots=True)
class Built:
    """Everything that was built for a run."""

    adapters: tuple[Adapter, ...] = ()
    indexes: tuple[Index, ...] = ()

    @property
    def trained(self) -> tuple[str, ...]:
        """The variants of which curves are drawn: of those that share an adapter, the first."""
        return tuple(dict.fromkeys(adapter.variants[0] for adapter in self.adapters))

    @property
    def index_notes(self) -> tuple[str, ...]:
        """What a reader should know of how the indexes were made, each remark once; of several, with their variants."""
        several = len(self.indexes) > 1
        notes = [(index, note) for index in self.indexes for note in index.record.notes]
        return tuple(dict.fromkeys(f"{listing(i.variants)}: {note}" if several else note for i, note in notes))

    @property
    def seeds(self) -> tuple[str, ...]:
        """The seeds of each variant's adapters: "lora: 0, 1, 2"."""
        seeds: dict[str, list[str]] = {}
        for adapter in self.adapters:
            seeds.setdefault(listing(adapter.variants), []).append(str(adapter.record.seed))
        return tuple(f"{variants}: {', '.join(of_variants)}" for variants, of_variants in seeds.items())


def built_of(evidence: Evidence) -> Built:
    """Return what was built, in the order in which the legs use it; nothing in a run that did not come so far."""
    if evidence.builds is None:
        return Built()
    users: dict[str, dict[str, None]] = {}
    for leg in evidence.builds.legs:
        for key in leg.artifacts:
            users.setdefault(key, {})[leg.variant] = None
    used = [(tuple(variants), evidence.builds.records[key]) for key, variants in users.items()]
    return Built(
        tuple(Adapter(variants, record) for variants, record in used if isinstance(record, TrainingRecord)),
        tuple(Index(variants, record) for variants, record in used if isinstance(record, IndexRecord)),
    )
