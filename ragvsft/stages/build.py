"""Build what the variants need: each index once, one adapter per training seed; the unchanged is not built again."""

from __future__ import annotations

from collections.abc import Collection

from ragvsft.building import Builds, LegBuild
from ragvsft.clock import now
from ragvsft.stages.run import Run
from ragvsft.store.artifacts import Artifact, with_needs
from ragvsft.variants.bench import Parts


def do(run: Run) -> None:
    """Build all artifacts, and write down how each came to be and which leg uses which."""
    with run.stage("build") as work:
        bench, begun = run.bench, now()
        parts = {
            (variant.name, seed): bench.parts(variant, seed)
            for variant in run.config.variants
            for seed in variant.seeds
        }
        records = {key: bench.store.build(artifact) for key, artifact in _by_key(parts.values()).items()}
        work.model_s = now() - begun
    legs = tuple(LegBuild(name, seed, tuple(leg_parts.all)) for (name, seed), leg_parts in parts.items())
    run.folder.write_json("builds", Builds(records, legs))


def _by_key(parts: Collection[Parts]) -> dict[str, Artifact]:
    """Return each artifact once; what retrievers search first, for that takes minutes where training takes hours."""
    retrieval = [artifact for leg in parts for artifact in leg.retrieval]
    adapters = [leg.adapter for leg in parts if leg.adapter is not None]
    return with_needs([*retrieval, *adapters])
