"""What a run starts from: corpus, evalset, examples and task, read and checked together."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ragvsft.codec import to_dict
from ragvsft.config.recorded import without_places
from ragvsft.config.root import Config
from ragvsft.config.secrets import reveal
from ragvsft.config.sections import TaskConfig
from ragvsft.data.corpus import Corpus, account, read_folder
from ragvsft.data.evalset import Nameless, find_nameless, read_samples
from ragvsft.data.examples import LeakCheck, drop_leaks, read_examples
from ragvsft.data.rows import as_documents
from ragvsft.errors import ConfigError, UserError
from ragvsft.evidence.manifest import CorpusFacts, EvalsetFacts, ExamplesFacts, InputFacts
from ragvsft.progress import Progress
from ragvsft.prompts import REFUSAL
from ragvsft.records import Document, Example, Sample
from ragvsft.schemas.checking import read_schema
from ragvsft.scoring.measures import check_primary
from ragvsft.scoring.scorers.instructed import refusal_in
from ragvsft.stages.targets import check_targets
from ragvsft.store.files import file_sha256, fingerprint
from ragvsft.tasks import TASKS, Task
from ragvsft.variants.bench import Bench
from ragvsft.verdict.prices import check_prices

T = TypeVar("T")
# of the inputs' facts: where they are, what readers of other versions see otherwise, what follows from the others
_UNHASHED = ("path", "left_out", "dropped", "notes", "asked_elsewhere", "kind")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a run reads, before any model is loaded."""

    documents: tuple[Document, ...]
    samples: tuple[Sample, ...]
    leaks: LeakCheck  # the training examples that remain, and what was dropped
    task: Task
    nameless: Nameless = field(default_factory=Nameless)  # among all samples of the evalset
    notes: tuple[str, ...] = ()  # what was seen on the way that a reader of the report should know
    corpus: Corpus = field(default=Corpus(()))  # the documents again, with what of the folder did not become text

    @property
    def corpus_sha256(self) -> str:
        """Hash of all documents with their names."""
        return fingerprint([[document.doc_id, document.sha256] for document in self.documents])


def read_inputs(config: Config, *, limit: int | None = None) -> Inputs:
    """Return what the config names, `limit` samples of it at most, chosen by the statistics seed.

    Raises UserError with the problems of all files at once. A corpus that nothing retrieves from, and examples that
    nothing learns from, need not be there; without a corpus doc_ids are unchecked.
    """
    problems: list[str] = []
    corpus = _collect(problems, lambda: _read_corpus(config))
    samples = _collect(problems, lambda: _read_samples(config, corpus))
    examples = _collect(problems, lambda: _read_examples(config, corpus))
    task = _collect(problems, lambda: read_task(config.task))
    _collect(problems, lambda: check_primary(config.primary, config.task.kind))
    _collect(problems, lambda: check_prices(config.cost.prices, config.cost.hardware))
    problems += _unfit_places(config, corpus)
    notes = _collect(problems, lambda: check_targets(config, task, samples or [])) or []
    leaks = None
    if samples is not None and examples is not None:
        leaks = _collect(problems, lambda: _without_leaks(config, examples, samples))
    if problems or corpus is None or samples is None or task is None or leaks is None:
        raise UserError(problems)
    chosen = tuple(choose(samples, limit, config.statistics.seed))
    return Inputs(corpus.documents, chosen, leaks, task, find_nameless(samples), tuple(notes), corpus)


def _collect(problems: list[str], read: Callable[[], T]) -> T | None:
    """Return what `read` returns; None where it raises, and its problems are kept."""
    try:
        return read()
    except UserError as error:
        problems += error.problems
        return None


def _read_corpus(config: Config) -> Corpus:
    place = corpus_of(config)
    return read_folder(place) if place else Corpus(())


def _read_samples(config: Config, corpus: Corpus | None) -> list[Sample]:
    return read_samples(
        config.evalset, doc_ids=_doc_ids(corpus), left_out=_left_out(corpus), separator=config.separator
    )


def _read_examples(config: Config, corpus: Corpus | None) -> list[Example]:
    place = examples_of(config)
    if place is None:
        return []
    return read_examples(place, doc_ids=_doc_ids(corpus), left_out=_left_out(corpus), separator=config.separator)


def _doc_ids(corpus: Corpus | None) -> set[str] | None:
    """Return what doc_ids are checked against; None where there is nothing to check them against."""
    return {document.doc_id for document in corpus.documents} if corpus and corpus.documents else None


def _left_out(corpus: Corpus | None) -> dict[str, str]:
    return {one.path: one.cause for one in corpus.left_out} if corpus else {}


def _without_leaks(config: Config, examples: Sequence[Example], samples: Sequence[Sample]) -> LeakCheck:
    """Return the examples that may be learnt from. Raises ConfigError where none is left for a variant that learns."""
    leaks = drop_leaks(examples, samples)
    if config.learning and not leaks.kept:
        raise ConfigError(
            f"{config.examples}: no training example is left after the leak check; add examples in other words"
        )
    return leaks


def _unfit_places(config: Config, corpus: Corpus | None) -> list[str]:
    """Return the problem of folders that cannot be made, and of files with the answers that retrieval would find."""
    return [*_unfit_folders(config), *_answers_among_documents(config, _doc_ids(corpus) or ())]


def _unfit_folders(config: Config) -> Iterator[str]:
    for name, path in (("output", config.output), ("cache", config.cache)):
        there = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
        if not there.is_dir():
            yield f"{name}: {path} cannot be made, since {there} is a file; name a folder"


def _answers_among_documents(config: Config, doc_ids: Collection[str]) -> Iterator[str]:
    corpus = config.corpus.resolve() if config.corpus else None
    for name, file in (("evalset", config.evalset), ("examples", config.examples)):
        if corpus and file and file.resolve().is_relative_to(corpus):
            inside = file.resolve().relative_to(corpus).as_posix()
            if as_documents([inside])[0] in doc_ids:
                yield (
                    f"{name}: {file} lies in the corpus and is read as a document, so retrieval would find the answers"
                    " themselves; move it out of the folder"
                )


def corpus_of(config: Config) -> Path | None:
    """Return the corpus to read; None where there is none and nothing retrieves from it."""
    return config.corpus if config.corpus and (config.retrieving or config.corpus.exists()) else None


def examples_of(config: Config) -> Path | None:
    """Return the examples to read; None where there are none and nothing learns from them."""
    return config.examples if config.examples and (config.learning or config.examples.exists()) else None


def read_task(config: TaskConfig) -> Task:
    """Return the task with its schema. Raises ConfigError if the schema cannot be used."""
    kind, refusal = TASKS[config.kind], REFUSAL
    if kind.may_refuse:
        refusal = config.refusal or refusal_in(config.instruction or "") or REFUSAL
    schema = read_schema(config.schema_file) if kind.needs_schema and config.schema_file else None
    return Task(kind.name, config.instruction or kind.default_instruction(refusal), schema, refusal)


def choose(samples: list[Sample], limit: int | None, seed: int) -> list[Sample]:
    """Return at most `limit` samples, every stratum in proportion, in the evalset's order."""
    if limit is None or limit >= len(samples):
        return samples
    shuffled = random.Random(seed).sample(samples, len(samples))  # noqa: S311  (a choice, not a secret)
    rank_in_stratum: Counter[str] = Counter()
    size = Counter(sample.stratum for sample in samples)
    depth: dict[str, float] = {}
    for sample in shuffled:
        depth[sample.sample_id] = (rank_in_stratum[sample.stratum] + 0.5) / size[sample.stratum]
        rank_in_stratum[sample.stratum] += 1
    kept = set(sorted(depth, key=lambda sample_id: (depth[sample_id], sample_id))[:limit])
    return [sample for sample in samples if sample.sample_id in kept]


def bench_of(config: Config, inputs: Inputs, *, progress: Progress, environ: Mapping[str, str]) -> Bench:
    """Return what variants are made on, over these inputs."""
    return Bench(
        config,
        task=inputs.task,
        documents=inputs.documents,
        examples=inputs.leaks.kept,
        progress=progress,
        token=reveal(config.hub_token, environ),
    )


def describe(config: Config, inputs: Inputs) -> InputFacts:
    """Return counts and hashes of the inputs, as the manifest holds them."""
    return InputFacts(
        _corpus_facts(config, inputs), _evalset_facts(config, inputs), _examples_facts(config, inputs), inputs.task
    )


def _corpus_facts(config: Config, inputs: Inputs) -> CorpusFacts | None:
    place, counted = corpus_of(config), account(inputs.corpus)
    if place is None:
        return None
    return CorpusFacts(
        path=str(place),
        documents=len(inputs.documents),
        characters=sum(len(document.text) for document in inputs.documents),
        sha256=inputs.corpus_sha256,
        left_out=counted.left_out,
        dropped=counted.dropped,
        notes=counted.notes,
    )


def _evalset_facts(config: Config, inputs: Inputs) -> EvalsetFacts:
    return EvalsetFacts(
        path=str(config.evalset),
        samples=len(inputs.samples),
        by_stratum=dict(sorted(Counter(sample.stratum for sample in inputs.samples).items())),
        clusters=len({sample.cluster for sample in inputs.samples}),
        sha256=file_sha256(config.evalset),
    )


def _examples_facts(config: Config, inputs: Inputs) -> ExamplesFacts | None:
    place, leaks = examples_of(config), inputs.leaks
    if place is None:
        return None
    return ExamplesFacts(
        path=str(place),
        kept=len(leaks.kept),
        dropped_exact=leaks.exact,
        dropped_near=leaks.near,
        dropped_ids=leaks.dropped_ids,
        sha256=file_sha256(place),
        asked_elsewhere=leaks.elsewhere,
    )


def inputs_sha256(config: Config, facts: InputFacts) -> str:
    """Hash of everything that a run starts from: the same wherever its files lie, in whichever format it is kept."""
    parts = [facts.corpus, facts.evalset, facts.examples, facts.task]
    plain: list[dict[str, Any]] = [to_dict(part) if part else {} for part in parts]
    return fingerprint(
        [{key: value for key, value in one.items() if key not in _UNHASHED} for one in plain], without_places(config)
    )
