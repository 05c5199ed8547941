"""How the bundled generator is trained: what its pairs say, that a stopped training continues exactly, its metric."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
import torch
from transformers import BartConfig, BartForConditionalGeneration, PreTrainedTokenizerFast

from pretrain import averaging, documents, stream, training
from pretrain.evaluating import token_f1
from pretrain.sources import Article, Question, Sources, Utterance
from pretrain.stream import Place, batches
from pretrain.tasks import EASY, MIX, MIXED, WIDE, Reading, Tasks
from pretrain.training import Plan, Trainer
from ragvsft import prompts

from .tiny import tokenizer

PLACES = ("Lisbon", "Oslo", "Kyoto", "Quito", "Tunis", "Riga")
YEARS = range(1801, 1831)
SENTENCES = tuple(
    f"The bridge number {year} was built in {year} by the people of {place}." for year in YEARS for place in PLACES
)
PARAGRAPHS = tuple(
    f"In the town of {place} there lived {year} weavers. They sold their cloth to merchants from the north. "
    f"Each of the weavers had a loom of oak, and the looms stood in a hall near the river in {place}."
    for year in range(30, 60)
    for place in PLACES
)


@pytest.fixture(scope="module")
def sources() -> Sources:
    """Questions on single sentences, articles of three sentences each, and a few messages."""
    questions = [
        Question(f"In which year was bridge {sentence.split()[3]} built?", sentence.split()[7], sentence, "made")
        for sentence in SENTENCES
    ]
    return Sources(
        questions=questions,
        trivia=[Question("Who wrote Faust?", "Goethe", "", "made")],
        articles=[Article(f"Town {n}", PARAGRAPHS[n : n + 4]) for n in range(0, len(PARAGRAPHS), 4)],
        support=[Utterance("where is my order 123", "track_order", "order_id", "123")],
        banking=[Utterance("my card is lost", "lost_card", "", "")],
    )


def _drawn(sources: Sources, stage: Reading, task: str, count: int) -> list[tuple[str, str]]:
    tasks, rng = Tasks(sources), random.Random(7)
    tasks.stage = stage
    pairs = (tasks.draw(rng) for _ in range(40 * count))
    return [(pair.prompt, pair.target) for pair in pairs if pair.task == task][:count]


def _passages(prompt: str) -> list[str]:
    block = prompt.split("\n\n")[1].removeprefix("Passages:")
    return re.split(r"\n\[\d\] ", block)[1:]


def test_every_task_is_drawn_as_the_package_prompts(sources: Sources) -> None:
    """Training prompts begin as `ragvsft.prompts` begins them, and JSON targets parse."""
    tasks, rng = Tasks(sources), random.Random(3)
    pairs = [tasks.draw(rng) for _ in range(400)]
    assert {pair.task for pair in pairs} == set(MIX)
    begins = (prompts.ANSWER_INSTRUCTION, prompts.JSON_INSTRUCTION, "Write the question", "Continue the text:")
    assert all(pair.prompt.startswith(begins) for pair in pairs)
    assert all(isinstance(json.loads(pair.target), dict) for pair in pairs if pair.task == "json")


@pytest.mark.parametrize("stage", [EASY, MIXED, WIDE])
def test_an_answer_stands_in_exactly_one_of_the_passages(sources: Sources, stage: Reading) -> None:
    """Distractors never hold the answer, and no cut loses it."""
    drawn = _drawn(sources, stage, "answer", 60)
    assert len(drawn) == 60
    for prompt, target in drawn:
        assert sum(f"in {target} by" in passage for passage in _passages(prompt)) == 1


@pytest.mark.parametrize("stage", [EASY, MIXED, WIDE])
def test_a_refusal_is_asked_for_only_where_no_passage_holds_the_answer(sources: Sources, stage: Reading) -> None:
    """A bridge's number is its year, so the question tells what must not be there."""
    bridges = [drawn for drawn in _drawn(sources, stage, "refuse", 60) if "bridge" in drawn[0].split("Question:")[1]]
    assert len(bridges) > 20
    for prompt, target in bridges:
        year = prompt.rsplit("bridge ", 1)[1].split()[0]
        assert target == prompts.REFUSAL
        assert not any(year in passage for passage in _passages(prompt))


def test_wide_reading_sets_single_sentences_among_others(sources: Sources) -> None:
    """A question on a sentence is then asked of a paragraph, mostly beside three more."""
    drawn = [_passages(prompt) for prompt, _ in _drawn(sources, WIDE, "answer", 60)]
    of_one_sentence = [passage for passages in drawn for passage in passages if passage in SENTENCES]
    assert len(of_one_sentence) < 0.15 * sum(map(len, drawn))
    assert sum(len(passages) == 4 for passages in drawn) > 25


def test_a_made_up_document_answers_its_question_by_the_thing_and_the_attribute_asked_for() -> None:
    """The answer stands in the row, or the sentence, of the thing asked for."""
    names = [f"Thing {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    tables = statements = 0
    for seed in range(400):
        made = documents.document_question(names, random.Random(seed), answerable=seed % 4 > 0)
        [thing] = re.findall(r"Thing [A-Z]", made.question) or [made.passage[: len("Thing A")]]
        lines = made.passage.splitlines() if "|" in made.passage else re.split(r"(?<=\.) (?=[A-Z])", made.passage)
        with_thing = [line for line in lines if thing in line]
        if seed % 4 == 0:
            assert made.answer is None
            continue
        tables, statements = tables + ("|" in made.passage), statements + ("|" not in made.passage)
        sheet = made.passage.startswith(thing)  # its rows are all of the one thing
        assert made.answer
        assert any(made.answer in line for line in (lines if sheet else with_thing))
    assert tables > 100 < statements


def test_a_list_keeps_every_sentence_and_a_heading_stands_first() -> None:
    """Dressing a passage adds marks and a title, and loses no word."""
    passage = "The mill was built in Oslo. It burnt down in the winter of 1890. Nobody was hurt."
    for seed in range(200):
        lines = documents.dressed(passage, "Mills", random.Random(seed)).splitlines()
        words = " ".join(re.sub(r"^(\d+\. |[-*] (\[ \] )?)", "", line) for line in lines if "Mills" not in line)
        assert words.replace("**", "") == passage
        assert not any("Mills" in line for line in lines[1:])


def test_json_targets_have_the_fields_of_the_schema_in_its_order(sources: Sources) -> None:
    """What is learned is to fill the schema of the prompt."""
    drawn = _drawn(sources, MIXED, "json", 20)
    assert len(drawn) == 20
    for prompt, target in drawn:
        schema = prompt.split("Schema: ")[1].split("\n")[0]
        names = list(json.loads(target))
        assert [schema.index(f'"{name}":') for name in names] == sorted(schema.index(f'"{name}":') for name in names)


def test_the_stream_continues_in_the_middle_of_a_block(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place and the seed say what comes next, across the border of a block too."""
    monkeypatch.setattr(stream, "BLOCK_PAIRS", 40)
    tasks, words = Tasks(sources), tokenizer(chat=False, ends_texts=True)

    def some(start: Place, count: int) -> list[tuple[Place, torch.Tensor]]:
        made = batches(tasks, words, seed=3, start=start, batch_tokens=4096)
        return [(place, batch.input_ids) for place, batch in (next(made) for _ in range(count))]

    whole = some(Place(0, 0), 24)
    assert {place.block for place, _ in whole} >= {0, 1}
    for stop in range(20):
        rest = some(whole[stop][0], 3)
        assert [place for place, _ in rest] == [place for place, _ in whole[stop + 1 : stop + 4]]
        assert all(torch.equal(one, other) for (_, one), (_, other) in zip(rest, whole[stop + 1 :], strict=False))


def test_a_stopped_training_ends_with_the_weights_of_an_undisturbed_one(
    sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weights, running average, optimiser and place in the stream all come back."""
    monkeypatch.setattr(stream, "BLOCK_PAIRS", 40)
    monkeypatch.setattr(training, "assemble", _tiny)
    tasks = Tasks(sources)

    def trained(work: Path, *sittings: int) -> Trainer:
        for steps in sittings:
            plan = Plan(seed=3, batch_tokens=512, minutes=0, decay=False, save_every_s=1e9, device="cpu", bf16=False)
            trainer = Trainer(work, plan)
            until = trainer.progress.step + steps
            monkeypatch.setattr(trainer, "_is_done", lambda _, t=trainer, n=until: t.progress.step >= n)
            trainer.train(tasks)
        return trainer

    whole, parts = trained(tmp_path / "whole", 7), trained(tmp_path / "parts", 3, 1, 3)
    assert parts.progress.step == whole.progress.step == 7
    assert (parts.progress.block, parts.progress.batch) == (whole.progress.block, whole.progress.batch)
    for name, value in whole.model.named_parameters():
        assert torch.equal(value, dict(parts.model.named_parameters())[name])
        assert torch.equal(whole.average[name], parts.average[name])


def test_the_average_of_models_is_the_mean_of_their_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One named twice counts twice, and the mean is a folder that loads anywhere."""
    monkeypatch.setattr(averaging, "assemble", _tiny)
    made = {}
    for name, shift in (("a", 0.0), ("b", 3.0)):
        model, words = _tiny()
        made[name] = {key: value.detach() + shift for key, value in model.named_parameters()}
        training.save_averaged(model, made[name], words, tmp_path / name)
    averaging.average([tmp_path / "a", tmp_path / "b", tmp_path / "a"], tmp_path / "mean")
    mean = BartForConditionalGeneration.from_pretrained(tmp_path / "mean")
    for key, value in mean.named_parameters():
        assert torch.allclose(value, made["a"][key] + 1.0, atol=1e-5)


def test_token_f1_by_hand() -> None:
    """Two of three words right, one missing: precision 2/2, recall 2/3, F1 0.8; articles and case do not count."""
    assert token_f1("The Norman conquest", ["norman conquest england"]) == pytest.approx(0.8)
    assert token_f1("a b", ["c", "b"]) == pytest.approx(1.0)


def _tiny() -> tuple[BartForConditionalGeneration, PreTrainedTokenizerFast]:
    torch.manual_seed(0)
    words = tokenizer(chat=False, ends_texts=True)
    config = BartConfig(
        vocab_size=len(words),
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        dropout=0.0,
        pad_token_id=words.pad_token_id,
        eos_token_id=words.eos_token_id,
        decoder_start_token_id=words.bos_token_id,
    )
    return BartForConditionalGeneration(config), words
