"""The floor: answers that cost nothing, chosen without a look at the evalset."""

from __future__ import annotations

import csv
import json
import random
from itertools import pairwise

import numpy as np
import pytest

from ragvsft.findings import Metric
from ragvsft.names import TRIVIAL
from ragvsft.records import Hit, Prediction, Sample
from ragvsft.scoring.floor import (
    as_predictions,
    best_constant,
    best_rival,
    best_sentence,
    first_hit_answers,
    lead,
    nearest_answers,
    trivial_answers,
)
from ragvsft.scoring.measures import parse
from ragvsft.scoring.metrics import score_all, summarise
from ragvsft.tasks import TASKS
from ragvsft.verdict.compare import compare
from ragvsft.verdict.decide import decide
from tests.make import (
    a_config,
    a_hit,
    a_metric,
    a_prediction,
    a_sample,
    an_example,
    some_examples,
    some_samples,
    some_scores,
)
from tests.paths import SHARED

F1, EXACT = parse("token_f1"), parse("exact_match")
DATA = SHARED / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not beside the checkout")
POLICY = [
    "we may use your personal information", "we may share your personal information with partners",
    "your information may be used by us", "we may collect information that you give us", "cookies",
    "we keep your personal information for two years", "advertisers", "you may opt out", "your e-mail address",
    "we use personal information to improve our service",
]  # fmt: skip


def _found(*texts: str) -> tuple[Hit, ...]:
    return tuple(a_hit("d", number, text) for number, text in enumerate(texts))


def test_the_best_constant_is_what_trying_every_answer_on_every_example_finds():
    """By brute force, on graded scores and on 0/1 ones, where it is the most frequent answer."""
    examples = some_examples(POLICY)
    brute = max(
        POLICY,
        key=lambda text: sum(F1.score(a_sample(targets=[example.answer]), a_prediction(text)) for example in examples),
    )
    assert best_constant(examples, F1) == brute == "we may use your personal information"
    assert best_constant(some_examples(["refund", "card", "card", "fees", "card", "refund"]), EXACT) == "card"


def test_a_frequent_answer_is_found_among_many_rare_ones():
    """Of 5,000 examples every tenth is labelled alike; only 2,000 are surveyed and 250 scored."""
    answers = [f"unique-{number}" for number in range(5000)]
    answers[::10] = ["card_arrival"] * 500
    random.Random(0).shuffle(answers)
    assert best_constant(some_examples(answers), EXACT) == "card_arrival"


@pytest.mark.parametrize("answers", [["C++", "C#", "C++"], ["€", "€", "$"], ["是", "否", "是"]])
def test_answers_without_letters_are_answers(answers):
    """A vocabulary of words alone would be empty."""
    assert best_constant(some_examples(answers), EXACT) == answers[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann: hi\n\n Ben: hello \nAnn: bye", "Ann: hi\nBen: hello"),
        ("First point. Second one! Third?", "First point. Second one!"),
        ("Costs 2.5 mg. Daily. More.", "Costs 2.5 mg. Daily."),
        ("第一句。第二句。第三句。", "第一句。 第二句。"),
        ("One question only?", "One question only?"),
        ("", ""),
    ],
)
def test_the_lead_is_two_lines_or_two_sentences(text, expected):
    """As copying the beginning of a dialogue or of an article does."""
    assert lead(text) == expected


def test_the_nearest_example_gives_its_answer():
    """By likeness of letters, so an inflection or another script does not matter."""
    examples = [
        an_example("e1", "My card has not arrived yet", "card_arrival"),
        an_example("e2", "How do I get a refund?", "refund"),
        an_example("e3", "Wie lange gilt mein Urlaub?", "leave"),
        an_example("e4", "我的卡在哪里", "card_arrival_zh"),
    ]
    questions = ["still waiting for cards to arrive", "I want refunding", "Gilt Urlaub ein Jahr lang?", "卡在哪里?"]
    assert nearest_answers(questions, examples) == ["card_arrival", "refund", "leave", "card_arrival_zh"]


def test_the_sentence_that_shares_most_words_with_the_question_is_taken():
    """The first among equals; a passage without text gives none."""
    passage = "# Leave\nUnused days lapse on 31 March. Everybody has 27 days. Ask your lead."
    assert best_sentence("When do unused days lapse?", passage) == "Unused days lapse on 31 March."
    assert best_sentence("Who?", passage) == "Unused days lapse on 31 March."
    assert best_sentence("Who?", " ") == ""


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        ("# Part 3\nPart 3 costs 6 euros. It is red.", "Part 3 costs 6 euros."),
        ("Part 3\nPart 3 costs 6 euros. It is red.", "Part 3 costs 6 euros."),
        ("Parts\n## What part 3 does cost\nIt is 6 euros.", "It is 6 euros."),
        ("Part 3 costs 6 euros.\nIt is red.", "Part 3 costs 6 euros."),
        ("What part 3 costs", "What part 3 costs"),  # it has nothing else
        ("# What part 3 costs", "# What part 3 costs"),
    ],
)
def test_a_heading_is_no_answer(passage, expected):
    """It repeats the words of the question more than the sentence that answers it."""
    assert best_sentence("What does part 3 cost?", passage) == expected


def test_the_first_hit_is_the_first_retrieving_variants():
    """A sample for which it found nothing gets an empty answer; where no variant retrieves there are none."""
    samples = [a_sample("s0", "price of tea"), a_sample("s1", "who")]
    predictions = [
        a_prediction("x", "prompt", "s0"),
        a_prediction("x", "prompt", "s1"),
        a_prediction("x", "rag", "s0", hits=_found("Coffee is 3 EUR. Tea is 2 EUR.", "other")),
        a_prediction("x", "rag", "s1", hits=()),
        a_prediction("x", "rag-2", "s0", hits=_found("Not this.")),
    ]
    assert [answer.text for answer in first_hit_answers(samples, predictions)] == ["Tea is 2 EUR.", ""]
    assert first_hit_answers(samples, predictions[:2]) == []


def test_a_task_whose_answers_are_json_has_no_lead_and_no_refusal():
    """Its constant and its nearest example are JSON like all its answers."""
    examples = [an_example("e1", "cancel", '{"intent": "cancel"}'), an_example("e2", "pay", '{"intent": "pay"}')]
    answers = trivial_answers(
        [a_sample(question="please cancel")],
        examples,
        primary=parse("field_f1"),
        rivals=TASKS["json"].rivals,
        refusal="",
    )
    assert {answer.rival for answer in answers} == {"best-constant", "nearest-example"}
    assert [answer.text for answer in answers if answer.rival == "nearest-example"] == ['{"intent": "cancel"}']
    assert {
        a.rival
        for a in trivial_answers([a_sample()], [], primary=F1, rivals=TASKS["answer"].rivals, refusal="I don't know")
    } == {
        "lead",
        "always-refuse",
    }


def test_the_best_rival_is_chosen_by_the_metrics_direction():
    """Over all samples, of those that have a value."""

    def metric(variant: str, value: float | None, better: str = "higher", stratum: str | None = None) -> Metric:
        return a_metric("m", variant, value, stratum=stratum, better=better)

    rows = [metric("rag", 0.9), metric("lead", 0.2), metric("best-constant", 0.4), metric("first-hit", None)]
    assert best_rival([*rows, metric("lead", 0.8, stratum="rephrased")], "m") == "best-constant"
    assert best_rival([metric("lead", 0.2, "lower"), metric("best-constant", 0.4, "lower")], "m") == "lead"
    assert best_rival([metric("rag", 0.9)], "m") is None


def test_the_best_constant_of_json_is_made_of_the_most_frequent_values():
    """No example says all three at once, and each of them is right in two of three."""
    rows = [{"a": 1, "b": 1, "c": 9}, {"a": 1, "b": 9, "c": 1}, {"a": 9, "b": 1, "c": 1}] * 9
    constant = best_constant(some_examples([json.dumps(row) for row in rows]), parse("field_f1"))
    assert json.loads(constant) == {"a": 1, "b": 1, "c": 1}
    mixed = [json.dumps(row) for row in rows] + ["no JSON"]  # the answers are texts, then
    assert best_constant(some_examples(mixed), parse("field_f1")) in mixed


class _Counting:
    """Token F1 that counts how often it was asked."""

    measure, name, unit, better = F1.measure, F1.name, F1.unit, F1.better

    def __init__(self) -> None:
        self.asked = 0

    def score(self, sample: Sample, prediction: Prediction):
        self.asked += 1
        return F1.score(sample, prediction)


@pytest.mark.parametrize(("length", "most"), [(1, 40 * 50 + 8 * 250), (400, 40 * 10 + 8 * 50)])
def test_a_constant_is_chosen_in_bounded_work(length, most):
    """Fewer comparisons where answers are long: 300 invoices of a hundred lines took minutes before anything began."""
    numbers = random.Random(0)
    words = [f"w{number}" for number in range(40)]
    answers = [" ".join(numbers.choices(words, k=3 * length)) for _ in range(400)]
    scorer = _Counting()
    assert best_constant(some_examples(answers), scorer) in answers
    assert 0 < scorer.asked <= most


def _verdict(ours: dict[str, list[float]], primary: str = "token_f1") -> str:
    samples = some_samples(len(next(iter(ours.values()))))
    scores = [score for variant, values in ours.items() for score in some_scores(variant, values, scorer=primary)]
    config = a_config(statistics={"resamples": 100})
    metrics = summarise(samples, scores, [F1], statistics=config.statistics)
    rows = compare(
        samples, scores, [F1], primary=primary, candidates=config.candidates, statistics=config.statistics,
        rival=best_rival(metrics, primary),
    )  # fmt: skip
    return decide(rows, metrics, [], config, samples=samples).verdict


def test_a_clear_winner_below_a_constant_is_no_winner():
    """The privacy policies of a real run: lora far above the others, and below what one sentence scores."""
    random_state = np.random.default_rng(0)
    noise = lambda mean: np.clip(random_state.normal(mean, 0.05, 200), 0, 1).tolist()  # noqa: E731
    ours = {"prompt": noise(0.02), "rag": noise(0.03), "lora": noise(0.10)}
    assert _verdict(ours) == "recommended"
    assert _verdict({**ours, "best-constant": noise(0.13)}) == "none usable"
    assert _verdict({**ours, "best-constant": noise(0.04)}) == "recommended"


def test_who_only_equals_the_floor_is_recommended_in_at_most_one_run_of_twenty():
    """60 runs in which lora beats the rest and truly equals the constant: 3 expected at the most, and some slack."""
    random_state = np.random.default_rng(1)
    draw = lambda share: random_state.binomial(1, share, 60).astype(float).tolist()  # noqa: E731
    verdicts = [
        _verdict({"prompt": draw(0.0), "rag": draw(0.1), "lora": draw(0.6), "best-constant": draw(0.6)})
        for _ in range(60)
    ]
    assert verdicts.count("recommended") <= 5


def test_the_floor_has_a_name_for_every_rival():
    """In a sentence, without a capital; the report relies on it."""
    answers = trivial_answers(
        [a_sample()], some_examples(POLICY), primary=F1, rivals=TASKS["answer"].rivals, refusal="I don't know"
    )
    rivals = {prediction.variant for prediction in as_predictions(answers)} | {"first-hit"}
    assert rivals == set(TRIVIAL)
    assert all(row.said[0].islower() and row.instead.endswith(".") for row in TRIVIAL.values())


@needs_data
def test_one_sentence_scores_an_eighth_on_privacy_policies():
    """As a run on this public set showed: the constant reached 12.9 % token F1, and the recommended variant 10.7 %."""
    questions = [
        (qa["question"], [answer["text"] for answer in qa["answers"]])
        for article in json.loads((DATA / "policyqa" / "dev.json").read_text())["data"]
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    ]
    random.Random(0).shuffle(questions)
    test, train = questions[:300], questions[300:2000]
    samples = [a_sample(f"s{i}", q, targets) for i, (q, targets) in enumerate(test)]
    examples = [an_example(f"e{i}", q, targets[0]) for i, (q, targets) in enumerate(train)]
    answers = trivial_answers(samples, examples, primary=F1, rivals=TASKS["answer"].rivals, refusal="I don't know")
    scores = list(score_all(samples, as_predictions(a for a in answers if a.rival == "best-constant"), [F1]))
    assert sum(score.value or 0.0 for score in scores) / len(scores) > 0.11


@needs_data
def test_three_of_four_bank_messages_are_labelled_as_the_nearest_example():
    """Banking77, 500 messages against 3,000 others: what any classifier has to beat."""
    rows = list(csv.reader((DATA / "banking77" / "train.csv").read_text().splitlines()))[1:]
    random.Random(0).shuffle(rows)
    test, train = rows[:500], rows[500:3500]
    found = nearest_answers(
        [row[0] for row in test], [an_example(f"e{i}", row[0], row[1]) for i, row in enumerate(train)]
    )
    assert sum(label == row[1] for label, row in zip(found, test, strict=True)) / 500 > 0.72


def test_a_rival_is_never_chosen_on_the_evalset():
    """The same examples give the same constant whatever is asked."""
    examples, rivals = some_examples(POLICY), ("best-constant",)
    constants = [
        {a.text for a in trivial_answers([a_sample(targets=[target])], examples, primary=F1, rivals=rivals, refusal="")}
        for target in ("cookies", "advertisers", "you may opt out")
    ]
    assert len(constants[0]) == 1
    assert all(one == other for one, other in pairwise(constants))
