"""Begin a run: inputs read and checked, manifest and samples written, nothing built yet; or take one up again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ragvsft.clock import utc_stamp
from ragvsft.config.recorded import recorded
from ragvsft.config.root import Config
from ragvsft.data.corpus import account, said
from ragvsft.engines import engine_module
from ragvsft.errors import UserError
from ragvsft.evidence.manifest import FORMAT, InputFacts, Manifest
from ragvsft.models.installed import versions
from ragvsft.names import ENGINES
from ragvsft.progress import Progress
from ragvsft.records import TrivialAnswer
from ragvsft.scoring.floor import trivial_answers
from ragvsft.scoring.measures import parse
from ragvsft.scoring.metrics import P95_ITEMS
from ragvsft.scoring.scorers.measure import ScorerSettings
from ragvsft.stages.inputs import Inputs, bench_of, describe, inputs_sha256, read_inputs
from ragvsft.stages.remarks import remarks
from ragvsft.stages.run import Run
from ragvsft.store.runs import RunFolder
from ragvsft.tasks import TASKS
from ragvsft.text import plural

_DECISION_SEEDS = 3


def start(config: Config, *, limit: int | None, progress: Progress, environ: Mapping[str, str]) -> Run:
    """Return a new run. What cannot be used leaves no folder."""
    inputs = read_inputs(config, limit=limit)
    _check_engines(config, inputs, progress, environ)
    for line in said(account(inputs.corpus)):
        progress.say(line)
    for remark in remarks(inputs):
        progress.say(f"note: {remark}")
    trivial = _trivial(config, inputs)
    facts = describe(config, inputs)
    folder = RunFolder.create(config.output, config.name, utc_stamp(), inputs_sha256(config, facts)[:8])
    with folder.journal("samples") as journal:
        journal.append(inputs.samples)
    with folder.journal("trivial") as journal:
        journal.append(trivial)
    folder.write_json("manifest", _manifest(config, inputs, facts, limit, folder.path))
    return Run(folder, progress, environ)


def resume(path: Path, *, progress: Progress, environ: Mapping[str, str]) -> Run:
    """Return the run of an existing folder, locked for this process."""
    return Run(RunFolder.open(path), progress, environ)


def _check_engines(config: Config, inputs: Inputs, progress: Progress, environ: Mapping[str, str]) -> None:
    """Raise UserError where a model or an engine cannot be used: they are loaded only when all is built.

    Where variants differ in them, each problem says which variant has it, and all problems come at once.
    """
    bench = bench_of(config, inputs, progress=progress, environ=environ)
    # an engine that needs no model of this machine is given one where a variant tunes it
    different = {(variant.model, variant.engine, variant.row.trains): variant for variant in config.variants}
    models = {(variant.model, variant.engine) for variant in config.variants}
    problems: dict[str, None] = {}
    for variant in different.values():
        try:
            engine_module(variant.engine.kind).check_settings(variant.engine, bench.source(variant))
        except UserError as error:
            place = f"variants.{variant.name}: " if len(models) > 1 else ""
            problems |= dict.fromkeys(f"{place}{problem}" for problem in error.problems)
    if problems:
        raise UserError(list(problems))


def _trivial(config: Config, inputs: Inputs) -> list[TrivialAnswer]:
    task = inputs.task
    primary = parse(config.primary, ScorerSettings(task.schema, task.refusal))
    rivals = TASKS[task.kind].rivals
    return trivial_answers(inputs.samples, inputs.leaks.kept, primary=primary, rivals=rivals, refusal=task.refusal)


def _manifest(config: Config, inputs: Inputs, facts: InputFacts, limit: int | None, folder: Path) -> Manifest:
    return Manifest(
        format=FORMAT,
        created=utc_stamp(),
        limit=limit,
        config=recorded(config, folder),
        corpus=facts.corpus,
        evalset=facts.evalset,
        examples=facts.examples,
        task=facts.task,
        inputs_sha256=inputs_sha256(config, facts),
        versions=versions(),
        stamps=tuple(_stamps(config, limit)),
        notes=(*config.notes, *remarks(inputs)),
    )


def _stamps(config: Config, limit: int | None) -> Iterator[str]:
    """Yield why this run is not for decisions."""
    if limit is not None:
        yield f"--limit {limit}: a part of the evalset"
    fewest = min((len(variant.seeds) for variant in config.variants if variant.row.trains), default=_DECISION_SEEDS)
    if fewest < _DECISION_SEEDS:
        yield f"{plural(fewest, 'training seed')}: a decision needs at least {_DECISION_SEEDS}"
    if config.latency.requests < P95_ITEMS:
        yield f"{config.latency.requests} timed requests: p95 needs at least {P95_ITEMS}"
    yield from dict.fromkeys(stamp for variant in config.variants if (stamp := ENGINES[variant.engine.kind].stamp))
    if any(variant.model == "bundled" and ENGINES[variant.engine.kind].needs_model for variant in config.variants):
        yield "the bundled demonstration model: repeat with the model you would deploy"
