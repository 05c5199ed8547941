"""The stages of a run, each from what the run folder holds: start, build, answer, score, report."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ragvsft.answering.runner import Leg, Shares, answer_for_latency, answer_for_quality
from ragvsft.clock import now, utc_stamp
from ragvsft.codec import from_dict, to_dict
from ragvsft.config.recorded import recalled, recorded, without_places
from ragvsft.config.secrets import reveal
from ragvsft.config.sections import Config
from ragvsft.data.corpus import account, said
from ragvsft.errors import RunError
from ragvsft.evidence.older import older_comparison, older_costs
from ragvsft.models.hardware import device_name
from ragvsft.models.installed import versions
from ragvsft.names import ENGINES, VARIANTS
from ragvsft.prompts import Task
from ragvsft.records import (
    BuildRecord,
    Builds,
    CostSheet,
    Decision,
    Difference,
    Failure,
    IndexRecord,
    LegBuild,
    Metric,
    Prediction,
    Sample,
    Score,
    TrainingRecord,
    TrivialAnswer,
)
from ragvsft.report.view import RunFacts
from ragvsft.scoring.floor import as_predictions, best_rival, first_hit_answers, trivial_answers
from ragvsft.scoring.metrics import score_all, summarise
from ragvsft.scoring.scorers import Scorer, default_scorers, is_detail, parse
from ragvsft.stages.inputs import Inputs, describe, read_inputs
from ragvsft.stages.remarks import remarks
from ragvsft.store.files import fingerprint
from ragvsft.store.runs import FileName, RunFolder
from ragvsft.variants import variant_module
from ragvsft.variants.bench import Workshop
from ragvsft.verdict.compare import compare
from ragvsft.verdict.cost import costs
from ragvsft.verdict.decide import decide
from ragvsft.verdict.prices import load_prices

if TYPE_CHECKING:
    from ragvsft.engines import Engine
    from ragvsft.models.load import ModelSource
    from ragvsft.progress import Progress

T = TypeVar("T")
JOURNALS: tuple[FileName, FileName] = ("predictions", "latency")
_DECISION_SEEDS = 3
_UNHASHED = ("path", "asked_elsewhere")  # of the inputs' facts: where they are, and what follows from the others
_DECISION_REQUESTS = 200


class Run:
    """One run folder with the config it was started with; its methods are the stages."""

    def __init__(self, folder: RunFolder, progress: Progress, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.progress = progress
        self.environ = environ
        self.manifest: dict[str, Any] = folder.read_json("manifest")
        self.config = recalled(self.manifest["config"], folder.path, place=str(folder.file("manifest")))

    def all_stages(self) -> None:
        """Build, answer, score and report; what is there already is not done again."""
        if self._missing() or any(map(_is_worth_another_try, self._predictions())):
            self.build()  # quick where the cache holds everything, and right where it was emptied meanwhile
            self.answer()
        self.score()
        self.report()

    def build(self) -> None:
        """Build what the variants need: the index once, one adapter per training seed."""
        with self._stage("build") as work:
            workshop, begun = self._workshop, now()
            index, trainings = None, []
            # what retrieves first: a corpus that the encoder cannot read is found before hours of training
            for name in sorted(self.config.variants, key=lambda name: not VARIANTS[name].retrieves):
                module = variant_module(name)
                for seed in self._seeds(name):
                    record = module.build(workshop, seed)
                    if isinstance(record, IndexRecord):
                        index = record
                    if isinstance(record, TrainingRecord):
                        trainings.append(record)
            work["model_s"] = now() - begun
        self.folder.write_json("builds", {"index": index, "trainings": trainings})

    def answer(self) -> None:
        """Answer every sample with every variant, then time them; what was answered before is not asked again."""
        self._needs("builds", "built")
        with self._stage("load") as work:
            workshop, begun = self._workshop, now()
            engine = self._engine(workshop.source)
            facts = {**engine.facts, "device_name": device_name(str(engine.facts.get("device", "")))}
            self._check_same_engine(facts)
            legs = [
                Leg(variant_module(name).load(workshop, seed, engine.fits), seed)
                for name in self.config.variants
                for seed in self._seeds(name)
            ]
            work["model_s"], work["facts"] = now() - begun, facts
        self._pass("predictions", "answer: quality", lambda **io: answer_for_quality(legs, self.samples, engine, **io))
        first_legs = [leg for leg in legs if leg.seed == self._seeds(leg.variant.name)[0]]
        settings = self.config.latency
        self._pass(
            "latency",
            "answer: latency",
            lambda **io: answer_for_latency(
                first_legs,
                self.samples,
                engine,
                requests=settings.requests,
                warmup=settings.warmup,
                seed=self.config.statistics.seed,
                **io,
            ),
        )

    def score(self) -> None:
        """Score what was answered: scores, metrics, comparison, cost, decision. Asks no model."""
        self._check_all_answered()
        with self._stage("score"):
            samples, config = self.samples, self.config
            scorers = self._scorers()
            predictions = self._predictions()
            primary = next(scorer for scorer in scorers if scorer.name == config.primary)
            trivial = as_predictions(self._trivial_answers(predictions))
            scores = [*score_all(samples, predictions, scorers), *score_all(samples, trivial, [primary])]
            metrics = summarise(samples, scores, scorers, statistics=config.statistics)
            differences = compare(
                samples,
                scores,
                [scorer for scorer in scorers if not is_detail(scorer.name)],
                primary=config.primary,
                candidates=config.candidates,
                controls=[name for name in config.names if name not in config.candidates],
                statistics=config.statistics,
                rival=best_rival(metrics, config.primary),
            )
            prices = load_prices(config.cost.prices)
            ran_on = self._engine_facts().get("device_name")
            sheet = costs(
                config,
                metrics,
                self._builds(),
                devices=dict.fromkeys(config.names, ran_on) if ran_on else {},
                models=dict.fromkeys(config.names, config.model),
                prices=prices,
            )
            decision = decide(
                differences, metrics, sheet.variants, config, samples=samples, stamps=self.manifest["stamps"]
            )
            self.folder.write_text("scores", "".join(f"{json.dumps(to_dict(score))}\n" for score in scores))
            self.folder.write_json("metrics", metrics)
            self.folder.write_json("comparison", differences)
            self.folder.write_json("cost", sheet)
            self.folder.write_json("decision", decision)

    def report(self) -> None:
        """Write report.html from what was scored; asks no model, and imports none."""
        from ragvsft.report.page import render

        self._needs("metrics", "scored")
        with self._stage("report"):
            self.folder.write_text("report", render(self.facts()))

    def facts(self) -> RunFacts:
        """Return everything that a report is made of."""
        builds, sheet = self.folder.read_json("builds"), cost_sheet(self.folder)
        return RunFacts(
            manifest={**self.manifest, "name": self.config.name, "engine": self._engine_facts()},
            samples=self.samples,
            predictions=self._predictions(),
            scores=self.folder.journal("scores").read_as(Score),
            metrics=self._read("metrics", Metric),
            differences=[from_dict(Difference, row) for row in older_comparison(self.folder.read_json("comparison"))],
            costs=sheet.variants,
            prices_as_of=sheet.prices_as_of,
            prices=sheet.prices,
            decision=from_dict(Decision, self.folder.read_json("decision")),
            trainings=[from_dict(TrainingRecord, row) for row in builds["trainings"]],
            index=from_dict(IndexRecord, builds["index"]) if builds["index"] else None,
            # the report cannot know how long it took
            stage_seconds={row.title: row.seconds for row in stage_times(self.folder) if row.title != "report"},
            primary=self.config.primary,
        )

    def _read(self, name: FileName, kind: type[T]) -> list[T]:
        return [from_dict(kind, row) for row in self.folder.read_json(name)]

    def _predictions(self) -> list[Prediction]:
        """Return the predictions of both passes; of a request that failed and was asked again, the later one."""
        return [
            p for name in JOURNALS for p in {p.key: p for p in self.folder.journal(name).read_as(Prediction)}.values()
        ]

    def _scorers(self) -> list[Scorer]:
        kind, k, task = self.config.task.kind, self.config.rag.k, self.task
        return default_scorers(kind, k=k, schema=task.schema, refusal=task.refusal, samples=self.samples)

    def _trivial_answers(self, predictions: Sequence[Prediction]) -> list[TrivialAnswer]:
        """Return what the trivial rivals say; nothing in a run of before they were written down at its start."""
        known = self.folder.journal("trivial").read_as(TrivialAnswer)
        if not known or self.config.task.kind == "json":  # no sentence of a passage is JSON
            return known
        return [*known, *first_hit_answers(self.samples, predictions)]

    def _builds(self) -> Builds:
        """Return what was built: the index is every retrieving variant's, an adapter the trained ones' of its seed."""
        stored = self.folder.read_json("builds")
        records: dict[str, BuildRecord] = {}
        if stored["index"]:
            records["index"] = from_dict(IndexRecord, stored["index"])
        for row in stored["trainings"]:
            records[f"training of seed {row['seed']}"] = from_dict(TrainingRecord, row)
        legs = [
            LegBuild(name, seed, tuple(key for key in self._artifacts(name, seed) if key in records))
            for name in self.config.names
            for seed in self._seeds(name)
        ]
        return Builds(records, tuple(legs))

    def _artifacts(self, name: str, seed: int) -> list[str]:
        index = ["index"] if name in self.config.retrieving else []
        return [*index, f"training of seed {seed}"] if name in self.config.trained else index

    def _engine_facts(self) -> dict[str, Any]:
        """Return the engine's facts as of the last time that requests were answered."""
        rows = [row["facts"] for row in self.folder.journal("stages").read() if row["facts"]]
        return rows[-1] if rows else {}

    @property
    def samples(self) -> list[Sample]:
        """The samples of this run."""
        return self.folder.journal("samples").read_as(Sample)

    @property
    def task(self) -> Task:
        """The task as it was when the run began."""
        return Task(**self.manifest["task"])

    def _seeds(self, variant: str) -> list[int]:
        return self.config.lora.seeds if VARIANTS[variant].trains else [0]

    def _needs(self, name: FileName, done: str) -> None:
        if not self.folder.has(name):
            remedy = f"continue it with: ragvsft run --resume {self.folder.path}"
            raise RunError(f"{self.folder.path}: not {done} yet; {remedy}")

    def _check_all_answered(self) -> None:
        """Raise RunError unless both passes are complete: a score of half a run would look like one of the whole."""
        missing = self._missing()
        if missing:
            raise RunError(
                f"{self.folder.path}: {missing} predictions are missing;"
                f" continue it with: ragvsft run --resume {self.folder.path}"
            )

    def _missing(self) -> int:
        """Return how many predictions are still to be made."""
        legs = sum(len(self._seeds(name)) for name in self.config.variants)
        wanted = legs * len(self.samples) + len(self.config.variants) * self.config.latency.requests
        return wanted - len(self._predictions())

    def _check_same_engine(self, facts: Mapping[str, Any]) -> None:
        """Raise RunError where a run that has answers is continued with other weights or on another device."""
        before = self._engine_facts()
        for key in ("model_sha256", "device_name", "dtype") if before and self.folder.has("predictions") else ():
            if before.get(key) != facts.get(key):
                raise RunError(
                    f"{self.folder.path}: {key} was {before.get(key)}, now it is {facts.get(key)}; answers of both in"
                    " one run cannot be compared, so continue it as it began, or start a new run"
                )

    @cached_property
    def _workshop(self) -> Workshop:
        inputs = read_inputs(self.config, limit=self.manifest["limit"])
        self._check_unchanged(inputs)
        return Workshop(
            self.config,
            task=inputs.task,
            source=self._source(),
            documents=inputs.documents,
            examples=inputs.leaks.kept,
            progress=self.progress,
        )

    def _check_unchanged(self, inputs: Inputs) -> None:
        was, is_now = self.manifest["inputs_sha256"], _inputs_sha256(self.config, inputs)
        if was != is_now:
            raise RunError(
                f"{self.folder.path}: corpus, evalset, examples or task changed since this run began; start a new run"
            )

    def _source(self) -> ModelSource:
        from ragvsft.models.load import find_model

        return find_model(self.config.model, token=reveal(self.config.hub_token, self.environ))

    def _engine(self, source: ModelSource) -> Engine:
        module = import_module(ENGINES[self.config.engine.kind])
        engine: Engine = module.load(self.config, source)
        return engine

    def _pass(self, journal_name: FileName, title: str, answer: Callable[..., Shares]) -> None:
        with self._stage(title) as work, self.folder.journal(journal_name) as journal:
            answered = {p.key for p in journal.read_as(Prediction) if not _is_worth_another_try(p)}
            shares = answer(
                answered=answered,
                record=lambda predictions: journal.append([to_dict(p) for p in predictions]),
                progress=self.progress,
            )
            work["model_s"] = shares.engine_s + shares.retrieval_s

    @contextmanager
    def _stage(self, title: str) -> Iterator[dict[str, Any]]:
        """Time one stage, and write down how much of it was model, encoder and index work."""
        work: dict[str, Any] = {"begun": now(), "model_s": 0.0, "facts": None}
        yield work
        row = {"stage": title, "seconds": now() - work["begun"], "model_s": work["model_s"], "facts": work["facts"]}
        with self.folder.journal("stages") as journal:
            journal.append([row])


def cost_sheet(folder: RunFolder) -> CostSheet:
    """Return what the variants of a scored run cost."""
    return from_dict(CostSheet, older_costs(folder.read_json("cost")))


def _is_worth_another_try(prediction: Prediction) -> bool:
    """Return whether a resumed run asks again: what ran out of memory may find more of it now."""
    return isinstance(prediction.outcome, Failure) and not prediction.outcome.is_lasting


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long one stage took, over all resumptions."""

    title: str
    seconds: float
    model_s: float  # of it: model, encoder and index work; the rest is the harness


def stage_times(folder: RunFolder) -> list[StageTime]:
    """Return the stages of a run in the order they were first done; scoring and reporting as they were last done."""
    times: dict[str, StageTime] = {}
    for row in folder.journal("stages").read():
        title = row["stage"]
        before = times.get(title)
        if before is None or title in ("score", "report"):
            before = StageTime(title, 0.0, 0.0)
        times[title] = StageTime(title, before.seconds + row["seconds"], before.model_s + row["model_s"])
    return list(times.values())


def start(config: Config, *, limit: int | None, progress: Progress, environ: Mapping[str, str]) -> Run:
    """Return a new run: inputs read and checked, manifest and samples written, nothing built yet."""
    from ragvsft.models.load import find_model

    inputs = read_inputs(config, limit=limit)
    source = find_model(config.model, token=reveal(config.hub_token, environ))  # one that cannot be used leaves no run
    import_module(ENGINES[config.engine.kind]).check_settings(config, source)  # it is loaded when all is built
    for line in said(account(inputs.corpus)):
        progress.say(line)
    for remark in remarks(inputs):
        progress.say(f"note: {remark}")
    trivial = _trivial(config, inputs)
    inputs_sha256 = _inputs_sha256(config, inputs)
    folder = RunFolder.create(config.output, config.name, utc_stamp(), inputs_sha256[:8])
    with folder.journal("samples") as journal:
        journal.append([to_dict(sample) for sample in inputs.samples])
    with folder.journal("trivial") as journal:
        journal.append([to_dict(answer) for answer in trivial])
    manifest = _manifest(config, inputs, limit, inputs_sha256)
    folder.write_json("manifest", {**manifest, "config": recorded(config, folder.path)})
    return Run(folder, progress, environ)


def _trivial(config: Config, inputs: Inputs) -> list[TrivialAnswer]:
    task = inputs.task
    primary = parse(config.primary, schema=task.schema, refusal=task.refusal)
    in_words = config.task.kind == "answer"  # JSON is neither a refusal nor copied from the input
    return trivial_answers(
        inputs.samples,
        inputs.leaks.kept,
        primary=primary,
        refusal=task.refusal if in_words else None,
        copies=in_words,
    )


def resume(path: Path, *, progress: Progress, environ: Mapping[str, str]) -> Run:
    """Return the run of an existing folder, locked for this process."""
    return Run(RunFolder.open(path), progress, environ)


def _inputs_sha256(config: Config, inputs: Inputs) -> str:
    described = describe(config, inputs)
    contents = [{k: v for k, v in (facts or {}).items() if k not in _UNHASHED} for facts in described.values()]
    return fingerprint(contents, without_places(config))


def _manifest(config: Config, inputs: Inputs, limit: int | None, inputs_sha256: str) -> dict[str, Any]:
    described = describe(config, inputs)
    return {
        "format": 1,
        "created": utc_stamp(),
        "limit": limit,
        **described,
        "corpus": described["corpus"] and {**described["corpus"], **account(inputs.corpus)},  # unhashed: readers change
        "inputs_sha256": inputs_sha256,
        "versions": versions(),
        "stamps": _stamps(config, limit),
        "notes": [*config.notes, *remarks(inputs)],
    }


def _stamps(config: Config, limit: int | None) -> list[str]:
    """Return why this run is not for decisions."""
    stamps = []
    if limit is not None:
        stamps.append(f"--limit {limit}: a part of the evalset")
    if config.trained and len(config.lora.seeds) < _DECISION_SEEDS:
        count = len(config.lora.seeds)
        stamps.append(f"{count} training seed{'s' if count > 1 else ''}: a decision wants at least {_DECISION_SEEDS}")
    if config.latency.requests < _DECISION_REQUESTS:
        stamps.append(f"{config.latency.requests} timed requests: p95 wants at least {_DECISION_REQUESTS}")
    if config.engine.kind == "scripted":
        stamps.append("the scripted engine: it repeats the question, no model was asked")
    elif config.model == "bundled":
        stamps.append("the bundled demonstration model: repeat with the model you would deploy")
    return stamps
