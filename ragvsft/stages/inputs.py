"""What a run starts from: corpus, evalset, examples and task, read and checked together."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ragvsft import prompts
from ragvsft.config.sections import Config, TaskConfig
from ragvsft.data.corpus import Corpus, read_folder
from ragvsft.data.evalset import Nameless, find_nameless, read_samples
from ragvsft.data.examples import LeakCheck, drop_leaks, read_examples
from ragvsft.data.problems import Problems
from ragvsft.data.rows import as_documents
from ragvsft.errors import ConfigError, UserError
from ragvsft.prompts import Task
from ragvsft.records import Document, Sample
from ragvsft.schemas.checking import read_schema
from ragvsft.schemas.matching import Matcher
from ragvsft.schemas.values import TooMuch
from ragvsft.scoring.measures import check_primary
from ragvsft.scoring.scorers.format import json_object
from ragvsft.scoring.scorers.instructed import refusal_in
from ragvsft.store.files import file_sha256, fingerprint
from ragvsft.verdict.prices import check_prices


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
    nothing is trained on, need not be there; without a corpus doc_ids are unchecked.
    """
    problems: list[str] = []
    place, lessons = corpus_of(config), examples_of(config)
    corpus: Corpus | None = _collect(problems, lambda: read_folder(place) if place else Corpus(()), None)
    known: dict[str, Any] = {**_known_files(corpus), "separator": config.separator}
    samples = _collect(problems, lambda: read_samples(config.evalset, **known), [])
    examples = _collect(problems, lambda: read_examples(lessons, **known) if lessons else [], [])
    task = _collect(problems, lambda: read_task(config.task), None)
    _collect(problems, lambda: check_primary(config.primary, config.task.kind), None)
    problems += _unfit_places(config, known["doc_ids"] or ())
    notes: list[str] = []
    _collect(problems, lambda: check_prices(config.cost.prices, config.cost.hardware), None)
    if config.task.kind == "json":
        problems += _targets_that_are_not_json(config, samples)
        if task is not None and task.schema is not None:
            notes += _collect(problems, lambda: _targets_off_the_schema(config, task.schema, samples), [])
    if problems or task is None or corpus is None:
        raise UserError(problems)
    chosen, leaks = choose(samples, limit, config.statistics.seed), drop_leaks(examples, samples)
    if config.trained and not leaks.kept:
        raise ConfigError(f"{config.examples}: no training example is left after the leak check; give other wordings")
    return Inputs(corpus.documents, tuple(chosen), leaks, task, find_nameless(samples), tuple(notes), corpus)


def _known_files(corpus: Corpus | None) -> dict[str, Any]:
    """Return what doc_ids are checked against."""
    if corpus is None or not corpus.documents:
        return {"doc_ids": None}
    return {
        "doc_ids": {document.doc_id for document in corpus.documents},
        "left_out": {one.path: one.cause for one in corpus.left_out},
    }


def _unfit_places(config: Config, doc_ids: Collection[str]) -> list[str]:
    """Return the problem of folders that cannot be made, and of files with the answers that retrieval would find."""
    problems = []
    for name, path in (("output", config.output), ("cache", config.cache)):
        there = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
        if not there.is_dir():
            problems.append(f"{name}: {path} cannot be made, since {there} is a file; name a folder")
    corpus = config.corpus.resolve() if config.corpus else None
    for name, file in (("evalset", config.evalset), ("examples", config.examples)):
        if corpus and file and file.resolve().is_relative_to(corpus):
            inside = file.resolve().relative_to(corpus).as_posix()
            if as_documents([inside])[0] in doc_ids:
                problems.append(
                    f"{name}: {file} lies in the corpus and is read as a document, so retrieval would find the answers"
                    " themselves; move it out of the folder"
                )
    return problems


def corpus_of(config: Config) -> Path | None:
    """Return the corpus to read; None where there is none and nothing retrieves from it."""
    return config.corpus if config.corpus and (config.retrieving or config.corpus.exists()) else None


def examples_of(config: Config) -> Path | None:
    """Return the examples to read; None where there are none and nothing is trained on them."""
    return config.examples if config.examples and (config.trained or config.examples.exists()) else None


def _targets_that_are_not_json(config: Config, samples: Sequence[Sample]) -> list[str]:
    """Return the problem of samples that no answer could be held against, before they are asked of every variant."""
    problems = Problems()
    for sample in samples:
        if not any(json_object(target) is not None for target in sample.targets):
            text = "has no target that is a JSON object with every key once; task.kind: json needs one"
            problems.add(f"{config.evalset}: sample {sample.sample_id!r}", text)
    return problems.lines


def _targets_off_the_schema(config: Config, schema: Mapping[str, Any], samples: Sequence[Sample]) -> list[str]:
    """Return a note on the samples whose targets do not fit the schema: the right answer to them counts as a mismatch.

    It is a note, since real data has such targets and fields are scored all the same. Raises ConfigError for a schema
    that takes too long on a target: it would on every answer.
    """
    matcher = Matcher(schema)
    off = []
    for sample in samples:
        targets = [target for target in map(json_object, sample.targets) if target is not None]
        try:
            fits = any(matcher.fits(target) for target in targets)
        except TooMuch as error:
            raise ConfigError(
                f"{config.task.schema_file}: cannot be held against the target of sample {sample.sample_id!r}:"
                f" {error.cause}; write patterns without repeats inside repeats, and fewer alternatives"
            ) from None
        if targets and not fits:
            off.append(sample.sample_id)
    if not off:
        return []
    first = ", ".join(map(repr, off[:3]))
    return [
        f"{len(off)} of {len(samples)} samples have no target that fits {config.task.schema_file.name} ({first}"  # type: ignore[union-attr]
        f"{', ...' if len(off) > 3 else ''}): on them an answer equal to the target counts as no schema match."
    ]


def read_task(config: TaskConfig) -> Task:
    """Return the task with its schema. Raises ConfigError if the schema cannot be used."""
    if config.kind == "answer":
        refusal = config.refusal or refusal_in(config.instruction or "") or prompts.REFUSAL
        return Task(config.instruction or prompts.answer_instruction(refusal), refusal=refusal)
    assert config.schema_file is not None  # the config's own check
    return Task(config.instruction or prompts.JSON_INSTRUCTION, read_schema(config.schema_file))


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


def describe(config: Config, inputs: Inputs) -> dict[str, Any]:
    """Return counts and hashes of the inputs, as the manifest holds them."""
    leaks, corpus, examples = inputs.leaks, corpus_of(config), examples_of(config)
    return {
        "corpus": None
        if corpus is None
        else {
            "path": str(corpus),
            "documents": len(inputs.documents),
            "characters": sum(len(document.text) for document in inputs.documents),
            "sha256": inputs.corpus_sha256,
        },
        "evalset": {
            "path": str(config.evalset),
            "samples": len(inputs.samples),
            "by_stratum": dict(sorted(Counter(sample.stratum for sample in inputs.samples).items())),
            "clusters": len({sample.cluster for sample in inputs.samples}),
            "sha256": file_sha256(config.evalset),
        },
        "examples": None
        if examples is None
        else {
            "path": str(examples),
            "kept": len(leaks.kept),
            "dropped_exact": leaks.exact,
            "dropped_near": leaks.near,
            "dropped_ids": list(leaks.dropped_ids),
            "asked_elsewhere": leaks.elsewhere,
            "sha256": file_sha256(examples),
        },
        "task": {
            "instruction": inputs.task.instruction,
            "schema": inputs.task.schema,
            "refusal": inputs.task.refusal,
        },
    }


def _collect(problems: list[str], read: Any, otherwise: Any) -> Any:
    try:
        return read()
    except UserError as error:
        problems += error.problems
        return otherwise
