"""The stages of a run, each from what the run folder holds: start, build, answer, score, report."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ragvsft.answering.latency import Plan, answer_for_latency
from ragvsft.answering.legs import Leg, Shares
from ragvsft.answering.quality import answer_for_quality
from ragvsft.clock import now, utc_stamp
from ragvsft.codec import from_dict, to_dict
from ragvsft.config.recorded import recalled, recorded, without_places
from ragvsft.config.sections import Config
from ragvsft.data.corpus import account, said
from ragvsft.engines import engine_module
from ragvsft.engines.pool import EnginePool
from ragvsft.errors import RunError
from ragvsft.evidence.older import older_engine, older_predictions, older_scores
from ragvsft.models.installed import versions
from ragvsft.names import ENGINES, VARIANTS
from ragvsft.prompts import Task
from ragvsft.records import (
    Decision,
    Difference,
    EngineIdentity,
    Failure,
    IndexRecord,
    Metric,
    Prediction,
    Sample,
    Score,
    TrainingRecord,
    TrivialAnswer,
    VariantCost,
)
from ragvsft.report.view import RunFacts
from ragvsft.scoring.floor import as_predictions, best_rival, first_hit_answers, trivial_answers
from ragvsft.scoring.metrics import score_all, summarise
from ragvsft.scoring.scorers import Scorer, default_scorers, is_detail, parse
from ragvsft.stages.inputs import Inputs, describe, read_inputs
from ragvsft.stages.model import model_source
from ragvsft.stages.remarks import remarks
from ragvsft.store.files import fingerprint
from ragvsft.store.runs import FileName, RunFolder
from ragvsft.variants import variant_module
from ragvsft.variants.bench import Workshop
from ragvsft.verdict.compare import compare
from ragvsft.verdict.cost import costs
from ragvsft.verdict.decide import decide
from ragvsft.verdict.prices import PriceBook, load_prices

if TYPE_CHECKING:
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
                    record = module.build(workshop, seed or 0)
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
            engine = EnginePool().get(self.config.engine, model_source(self.config, self.environ))
            facts = to_dict(engine.identity)
            self._check_same_engine(facts)
            legs = [
                Leg(variant_module(name).load(workshop, seed or 0, engine.fits), seed, engine)
                for name in self.config.variants
                for seed in self._seeds(name)
            ]
            work["model_s"], work["facts"] = now() - begun, facts
        self._pass("predictions", "answer: quality", lambda **io: answer_for_quality(legs, self.samples, **io))
        first_legs = [leg for leg in legs if leg.seed == self._seeds(leg.variant.name)[0]]
        settings = self.config.latency
        seed = self.config.statistics.seed
        plan = Plan.of(self.samples, requests=settings.requests, warmup=settings.warmup, seed=seed)
        self._pass("latency", "answer: latency", lambda **io: answer_for_latency(first_legs, plan, **io))

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
                variants=config.variants,
                statistics=config.statistics,
                rival=best_rival(metrics, config.primary),
            )
            prices = load_prices(config.cost.prices)
            device = str(self._engine_facts().get("device_name", "unknown"))
            priced = costs(config, metrics, self._builds(), device=device, prices=prices)
            decision = decide(differences, metrics, priced, config, samples=samples, stamps=self.manifest["stamps"])
            self.folder.write_text("scores", "".join(f"{json.dumps(to_dict(score))}\n" for score in scores))
            self.folder.write_json("metrics", metrics)
            self.folder.write_json("comparison", differences)
            self.folder.write_json("cost", {"prices": self._price_facts(prices, device), "variants": priced})
            self.folder.write_json("decision", decision)

    def report(self) -> None:
        """Write report.html from what was scored; asks no model, and imports none."""
        from ragvsft.report.page import render

        self._needs("metrics", "scored")
        with self._stage("report"):
            self.folder.write_text("report", render(self.facts()))

    def facts(self) -> RunFacts:
        """Return everything that a report is made of."""
        builds, cost = self.folder.read_json("builds"), self.folder.read_json("cost")
        more = {"engine": self._engine_facts(), "prices": cost["prices"]}
        return RunFacts(
            manifest={**self.manifest, "name": self.config.name, **more},
            samples=self.samples,
            predictions=self._predictions(),
            scores=[
                from_dict(Score, row)
                for row in older_scores(self.folder.journal("scores").read(), trained=self.config.trained)
            ],
            metrics=self._read("metrics", Metric),
            differences=self._read("comparison", Difference),
            costs=[from_dict(VariantCost, row) for row in cost["variants"]],
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
        return [p for name in JOURNALS for p in {p.key: p for p in self._journalled(name)}.values()]

    def _journalled(self, name: FileName) -> list[Prediction]:
        rows = older_predictions(self.folder.journal(name).read(), trained=self.config.trained)
        return [from_dict(Prediction, row) for row in rows]

    def _scorers(self) -> list[Scorer]:
        kind, k, task = self.config.task.kind, self.config.rag.k, self.task
        return default_scorers(kind, k=k, schema=task.schema, refusal=task.refusal, samples=self.samples)

    def _trivial_answers(self, predictions: Sequence[Prediction]) -> list[TrivialAnswer]:
        """Return what the trivial rivals say; nothing in a run of before they were written down at its start."""
        known = self.folder.journal("trivial").read_as(TrivialAnswer)
        if not known or self.config.task.kind == "json":  # no sentence of a passage is JSON
            return known
        return [*known, *first_hit_answers(self.samples, predictions)]

    def _builds(self) -> dict[str, list[IndexRecord | TrainingRecord]]:
        """Return what each variant built; one that builds nothing has an empty list."""
        builds = self.folder.read_json("builds")
        trainings = [from_dict(TrainingRecord, row) for row in builds["trainings"]]
        index = [from_dict(IndexRecord, builds["index"])] if builds["index"] else []
        return {
            name: [*(index if VARIANTS[name].retrieves else ()), *(trainings if VARIANTS[name].trains else ())]
            for name in self.config.variants
        }

    def _engine_facts(self) -> dict[str, Any]:
        """Return the engine's facts as of the last time that requests were answered."""
        rows = [row["facts"] for row in self.folder.journal("stages").read() if row["facts"]]
        return to_dict(from_dict(EngineIdentity, older_engine(rows[-1]))) if rows else {}

    def _price_facts(self, prices: PriceBook, device: str) -> dict[str, Any]:
        row = prices.hardware_row(self.config.cost.hardware, device)
        found = prices.hardware[row].model_dump(mode="json") if row else None
        return {"as_of": str(prices.as_of), "hardware": row, "row": found}

    @property
    def samples(self) -> list[Sample]:
        """The samples of this run."""
        return self.folder.journal("samples").read_as(Sample)

    @property
    def task(self) -> Task:
        """The task as it was when the run began."""
        return Task(**self.manifest["task"])

    def _seeds(self, variant: str) -> Sequence[int | None]:
        return self.config.lora.seeds if VARIANTS[variant].trains else [None]

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
            source=model_source(self.config, self.environ),
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

    def _pass(self, journal_name: FileName, title: str, answer: Callable[..., Shares]) -> None:
        with self._stage(title) as work, self.folder.journal(journal_name) as journal:
            answered = {p.key for p in self._journalled(journal_name) if not _is_worth_another_try(p)}
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
    inputs = read_inputs(config, limit=limit)
    source = model_source(config, environ)  # one that cannot be used leaves no run
    engine_module(config.engine.kind).check_settings(config.engine, source)  # it is loaded when all is built
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
    refusal = task.refusal if config.task.kind == "answer" else None
    return trivial_answers(inputs.samples, inputs.leaks.kept, primary=primary, refusal=refusal)


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
    elif ENGINES[config.engine.kind].needs_model and config.model == "bundled":
        stamps.append("the bundled demonstration model: repeat with the model you would deploy")
    return stamps
