"""CONTRIBUTING.md followed to the letter: a variant is a row, a retriever and an engine are a row and a file.

A run of 40 samples asks for the weight of a part each, and a model that reads is in for all variants. `tuned-search`
competes: it retrieves and trains. `told` is a control: it is given the right passages, which nobody can have.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ragvsft.cli.main import main
from ragvsft.config.load import load_config
from ragvsft.errors import ConfigError
from ragvsft.evidence.read import read_config, read_evidence, read_manifest
from ragvsft.evidence.run import Evidence
from ragvsft.findings import Metric
from ragvsft.names import ENGINES, RETRIEVERS, VARIANTS, EngineRow, RetrieverRow, VariantRow
from ragvsft.scoring.metrics import metric_of
from ragvsft.store.runs import RunFolder
from ragvsft.tuning.pairs import PAIRS
from tests import tiny
from tests.projects import write_jsonl

PARTS = range(1, 41)
FAILING = 7  # the part of which no question is answered

# finds the passage of the part that is asked for, but of every fifth one nothing
NUMBERED = '''
"""`numbered`: the passages that have the number of the question."""

import re

from ragvsft.records import Hit


class Numbered:
    def __init__(self, passages, step):
        self.passages, self.step = passages, step

    def search(self, sample, k):
        """Return them in document order."""
        number = int(re.search(r"[0-9]+", sample.question)[0])
        if self.step and number % self.step == 0:
            return []
        found = [passage for passage in self.passages if f"Part {number} " in passage.text]
        return [Hit(one.passage_id, one.doc_id, one.text, 1.0, one.page) for one in found[:k]]


def artifacts(library, settings):
    """Return nothing: nothing is built."""
    return ()


def load(library, settings, folders):
    """Return the retriever."""
    return Numbered(library.passages, 5)
'''
GIVEN = NUMBERED.replace("library.passages, 5", "library.passages, 0")

READER = f'''
"""The engine that reads: it says what the passages say of the part that is asked for."""

import re

from ragvsft.building import EngineIdentity
from ragvsft.engines.scripted import ScriptedEngine, completion
from ragvsft.records import Failure


def say(request):
    asked = re.search("Question: How heavy is part ([0-9]+)", request.prompt)[1]
    if asked == "{FAILING}":
        return Failure("too-long", "this one never fits")
    read = re.search(f"Part {{asked}} weighs ([0-9]+ grams)", request.prompt)
    return completion(request.prompt, read[1] if read else "Lund")


def check_settings(settings, source):
    """Accept all."""


def load(settings, source):
    """Return the engine."""
    return ScriptedEngine(say)
'''

ROWS = {
    "tuned-search": VariantRow(
        "An adapter is asked with what the search found.", passages="retrieved", adapter="closed-book"
    ),
    "told": VariantRow("The right passages are put in the prompt.", passages="told_passages", role="control"),
}


def project(folder: Path, variants: str) -> Path:
    """Write a project of 40 parts whose variants are asked by the engine that reads; return the config."""
    (folder / "docs").mkdir(parents=True)
    for part in PARTS:
        (folder / "docs" / f"part-{part}.md").write_text(f"Part {part} weighs {part + 100} grams.\n")
    samples = [
        {"sample_id": f"s{part}", "question": f"How heavy is part {part}?", "targets": [f"{part + 100} grams"],
         "doc_ids": [f"part-{part}.md"], "stratum": "rephrased"}
        for part in PARTS
    ]  # fmt: skip
    write_jsonl(folder / "samples.jsonl", samples)
    pairs = [("What of part 900?", "EUR 900"), ("And what of part 901?", "EUR 901")]
    write_jsonl(
        folder / "examples.jsonl",
        [{"example_id": question, "question": question, "answer": answer} for question, answer in pairs],
    )
    tiny.seq2seq(folder / "model")
    config = folder / "ragvsft.yaml"
    config.write_text(
        f"corpus: docs\nevalset: samples.jsonl\nexamples: examples.jsonl\nmodel: model\nvariants: {variants}\n"
        "retrieval: {mode: numbered, k: 1, encoder: packaged}\nlora: {epochs: 1, r: 2, dev_share: 0}\n"
        "engine: {kind: reader}\nlatency: {requests: 2, warmup: 0}\nstatistics: {resamples: 200, max_unscored: 0.05}\n"
    )
    return config


def ragvsft(*arguments: str) -> Result:
    """Return what the command line makes of these arguments."""
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(scope="module")
def patched() -> pytest.MonkeyPatch:
    """Yield what changes tables for all tests of this module."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def recipes(tmp_path_factory: pytest.TempPathFactory, patched: pytest.MonkeyPatch) -> None:
    """Write the modules, and add the rows that name them."""
    folder = tmp_path_factory.mktemp("modules")
    for name, text in (("numbered", NUMBERED), ("told_passages", GIVEN), ("reading_engine", READER)):
        (folder / f"{name}_of_a_recipe.py").write_text(text)
    patched.syspath_prepend(folder)
    patched.setitem(RETRIEVERS, "numbered", RetrieverRow("numbered_of_a_recipe", "by the number in the question"))
    patched.setitem(RETRIEVERS, "told_passages", RetrieverRow("told_passages_of_a_recipe"))
    patched.setitem(ENGINES, "reader", EngineRow("reading_engine_of_a_recipe", needs_model=False))
    for name, row in ROWS.items():
        patched.setitem(VARIANTS, name, row)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, recipes: None) -> Path:
    """Return the folder of a finished run, the control named first."""
    variants = "[told, prompt, tuned-search, {name: tuned-5, like: tuned-search, retrieval: {k: 5}, lora: {r: 1}}]"
    config = project(tmp_path_factory.mktemp("recipes") / "parts", variants)
    done = ragvsft("run", "-q", "-c", str(config))
    assert done.exit_code == 0, done.output
    [run] = (config.parent / "reports").iterdir()
    return run


@pytest.fixture(scope="module")
def evidence(folder: Path) -> Evidence:
    """Return what the run left."""
    with RunFolder.open(folder, locked=False) as opened:
        manifest = read_manifest(opened)
        return read_evidence(opened, manifest, read_config(opened, manifest))


def mean(evidence: Evidence, name: str, variant: str) -> Metric:
    """Return a metric over all samples."""
    found = metric_of(evidence.metrics, name, variant)
    assert found is not None
    return found


def test_a_row_is_a_variant(evidence: Evidence) -> None:
    """It retrieves, or is given passages, and trains, as its row says, with the settings of its own."""
    by_variant = {p.variant: p for p in evidence.predictions if p.sample_id == "s1" and p.purpose == "quality"}
    assert {name: p.hits is not None for name, p in by_variant.items()} == {
        "told": True, "prompt": False, "tuned-search": True, "tuned-5": True,
    }  # fmt: skip
    assert {name: p.seed for name, p in by_variant.items()} == {
        "told": None, "prompt": None, "tuned-search": 0, "tuned-5": 0,
    }  # fmt: skip
    assert evidence.builds is not None
    [rank_2], [rank_1] = (evidence.builds.trainings(name) for name in ("tuned-search", "tuned-5"))
    assert rank_2.trainable_parameters == 2 * rank_1.trainable_parameters
    assert evidence.config.variant("tuned-5").retrieval.k == 5


def test_a_control_that_scores_best_is_not_recommended(evidence: Evidence) -> None:
    """It is right on all 39 samples that are answered, the search on the 31 for which it finds something."""
    assert mean(evidence, "token_f1", "told").value == 1
    assert mean(evidence, "token_f1", "tuned-search").value == pytest.approx(31 / 39)
    assert mean(evidence, "token_f1", "prompt").value == 0
    assert evidence.decision is not None
    assert (evidence.decision.verdict, evidence.decision.variant) != ("recommended", "told")
    assert "told" not in evidence.decision.headline
    assert any(reason.startswith("told, a control, scores 100.0") for reason in evidence.decision.reasons)


def test_of_candidates_that_beat_the_floor_one_can_be_recommended(evidence: Evidence) -> None:
    """The two searches are equally good, and both better than the prompt: told does not stand in their way."""
    assert evidence.decision is not None
    assert evidence.decision.verdict in ("recommended", "no clear difference")
    assert "tuned-search" in evidence.decision.headline
    assert "tuned-5" in evidence.decision.headline


def test_the_floor_knows_nothing_of_what_a_control_was_given(evidence: Evidence) -> None:
    """Every fifth part has no first hit: told was given its passage, but no search found it."""
    values = {score.sample_id: score.value for score in evidence.scores if score.variant == "first-hit"}
    assert values["s5"] == 0
    assert 0 < values["s4"] < 1  # a sentence that holds the answer


def test_the_words_of_a_row_reach_the_report_and_the_list(folder: Path, evidence: Evidence) -> None:
    """And a named variant says what it sets differently."""
    report, listed = (folder / "report.html").read_text(), ragvsft("variants").stdout
    for name, row in ROWS.items():
        assert row.says in report
        assert f"{name}: {row.says}" in listed
    assert "told: The right passages are put in the prompt. A control." in listed
    assert "Like tuned-search, with retrieval.k 5, lora.r 1" in report


def test_where_a_retriever_finds_nothing_recall_is_0(evidence: Evidence) -> None:
    """It has a recall, which counts: of 40 samples the search finds something for 32."""
    nothing = next(p for p in evidence.predictions if (p.variant, p.sample_id) == ("tuned-search", "s5"))
    assert nothing.hits == ()
    recall = mean(evidence, "recall_at(1)", "tuned-search")
    assert (recall.value, recall.n, recall.n_unscored) == (32 / 40, 40, 0)
    assert mean(evidence, "recall_at(1)", "told").value == 1
    assert metric_of(evidence.metrics, "recall_at(1)", "prompt") is None


def test_a_failed_generation_leaves_recall_scored(evidence: Evidence) -> None:
    """The passage was found, whatever the model made of it; its answer is unscored with the cause."""
    scores = {
        score.scorer: score
        for score in evidence.scores
        if (score.variant, score.sample_id) == ("tuned-search", f"s{FAILING}")
    }
    assert scores["recall_at(1)"].value == 1
    assert (scores["token_f1"].value, scores["token_f1"].cause) == (None, "too-long")
    answers = mean(evidence, "token_f1", "tuned-search")
    assert (answers.n, answers.n_unscored) == (39, 1)


@pytest.mark.usefixtures("recipes")
def test_what_is_given_cannot_be_chosen(tmp_path: Path) -> None:
    """A candidate that is told the right passages would win by what no user has."""
    config = tmp_path / "ragvsft.yaml"
    config.write_text("corpus: .\nevalset: q.jsonl\nvariants: [rag]\nretrieval: {mode: told_passages}\n")
    with pytest.raises(ConfigError, match="'told_passages' is unknown; choose from dense, numbered"):
        load_config(config)


def test_every_row_names_what_is_there() -> None:
    """Retrievers and training pairs, by their names."""
    for row in VARIANTS.values():
        assert row.passages is None or row.passages == "retrieved" or row.passages in RETRIEVERS
        assert row.adapter is None or row.adapter in PAIRS
