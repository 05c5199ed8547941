"""The leak check: what asks the same as a sample goes, what asks of something else stays."""

from __future__ import annotations

import json
import random
import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragvsft.data.evalset import Nameless, find_nameless
from ragvsft.data.examples import LeakCheck, drop_leaks
from ragvsft.data.questions import are_forms, ask_the_same, keys_of, of_other_documents, take_apart
from ragvsft.records import Example, Sample
from ragvsft.stages.inputs import Inputs
from ragvsft.stages.remarks import remarks
from ragvsft.tasks import Task
from tests.make import a_sample, an_example
from tests.paths import GOLD

ROWS_FILE = GOLD / "leaks.jsonl"


def examples(*questions: str, doc_ids: tuple[str, ...] = ()) -> list[Example]:
    """Return one example per question, called e0, e1, ..."""
    return [an_example(f"e{number}", question, "answer", *doc_ids) for number, question in enumerate(questions)]


def samples(*questions: str, doc_ids: tuple[str, ...] = ()) -> list[Sample]:
    """Return one sample per question."""
    return [a_sample(f"s{number}", question, ["answer"], doc_ids) for number, question in enumerate(questions)]


def is_dropped(example: str, sample: str) -> bool:
    """Return whether an example is dropped because of a sample."""
    return not drop_leaks(examples(example), samples(sample)).kept


def test_it_agrees_with_hand_judged_pairs() -> None:
    """147 invented pairs in twelve languages, judged before the check was run on them.

    The check before this one, which counted common words and letters, agreed on 77: it dropped 46 wrongly and kept
    24 wrongly. On the first run this one agreed on 138; endings of verbs and cases and the direction of a journey
    were added after its errors were read. What is left: two subjects that change places, a vowel sign of Hindi, and
    German, French and Polish verbs that inflect in the stem.
    """
    rows = [json.loads(line) for line in ROWS_FILE.read_text(encoding="utf-8").splitlines()]
    found: Counter[tuple[bool, bool]] = Counter()
    for row in rows:
        example = examples(row["example"], doc_ids=tuple(row["example_doc_ids"]))
        sample = samples(row["sample"], doc_ids=tuple(row["sample_doc_ids"]))
        found[row["leak"], not drop_leaks(example, sample).kept] += 1
    assert len(rows) >= 120
    assert found[False, True] <= 2  # wrongly dropped
    assert found[True, False] <= 3  # wrongly kept
    assert found[True, True] + found[False, False] >= 0.96 * len(rows)


@pytest.mark.parametrize(
    ("taught", "asked"),
    [
        ("How wide is the QX-17 shelf when it is folded?", "How wide is the QX-18 shelf when it is folded?"),
        ("What did the board decide on 3 May 2023?", "What did the board decide on 3 May 2024?"),
        ("Where does Priya Raman sit in the Delhi office?", "Where does Vikram Raman sit in the Delhi office?"),
        ("Is a pet allowed in the guest house?", "Isn't a pet allowed in the guest house?"),
        ("What is the fine for parking at -5 degrees?", "What is the fine for parking at 5 degrees?"),
        ("Which fee applies above 5 % of the sum?", "Which fee applies above 5 € of the sum?"),
        ("set the alarm for seven on monday", "set the alarm for seven on friday"),
        ("trains from Porto to Braga on Sunday evening", "trains from Braga to Porto on Sunday evening"),
        ("बैठक ५ मई को है?", "बैठक ६ मई को है?"),
        ("大阪支店の住所は？", "京都支店の住所は？"),
        ("Did Norway beat Chile in the final?", "Did Chile beat Norway in the final?"),
        ("Is Linux safer than Windows?", "Is Windows safer than Linux?"),
        ("exchange francs to kroner", "exchange kroner to francs"),
        ("a table for three near the window", "a table for five near the window"),
    ],
)
def test_what_differs_makes_another_question(taught: str, asked: str) -> None:
    """A code, a year, a name, a negation, a sign, a unit, a slot of an utterance, a direction."""
    assert not is_dropped(taught, asked)
    assert not is_dropped(asked, taught)


@pytest.mark.parametrize(
    ("taught", "asked"),
    [
        ("how wide is the qx17 shelf when it is folded", "How wide is the QX-17 shelf when it is folded?"),
        ("WHERE IS THE KEY OF THE SHED?", "Where is the key of the shed?"),
        (
            "Which suppliers deliver the paper for the printers?",
            "Which supplier delivers the paper for the printer?",
        ),
        ("Who wrote the safty manual for the crane?", "Who wrote the safety manual for the crane?"),
        ("On the second floor, who keeps the archive?", "Who keeps the archive on the second floor?"),
        ("Wo steht der Feuerlöscher im Lager?", "Wo steht denn der Feuerlo\u0308scher im Lager?"),
        ("What is the bonus for 12,500 miles?", "What is the bonus for 12500 miles?"),
        ("会議室の鍵はどこですか？", "会議室の鍵はどこでしょうか"),
        ("Which treaty did France and Spain sign?", "Which treaty did Spain and France sign?"),
        ("a table for three near the window", "a table for 3 near the window"),
        ("Ein Zimmer für vier Personen", "ein Zimmer für 4 Personen"),
        ("Wo gilt die Schlüsselgebühr?", "Wo gilt die Schluesselgebuehr?"),
        ("my parcel has not come", "my parcel hasn't come yet"),
    ],
)
def test_form_order_spelling_and_little_words_do_not(taught: str, asked: str) -> None:
    """An adapter taught the one has seen the other."""
    assert is_dropped(taught, asked)
    assert is_dropped(asked, taught)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("policy", "policies", True),
        ("employer", "employee", False),
        ("recieve", "receive", True),
        ("seperate", "separate", True),
        ("bank", "rank", False),
        ("car", "cat", False),
        ("maximum", "minimum", False),
        ("nouveau", "nouveaux", True),
    ],
)
def test_forms_of_a_word(one: str, other: str, same: bool) -> None:
    """Inflections and slips of the pen; an ending that makes another word is none."""
    assert are_forms(one, other) is are_forms(other, one) is same


def test_names_allow_fewer_forms_than_words() -> None:
    """Anna is not Anne, Iran not Iraq; a possessive is the same person."""
    assert not are_forms("anna", "anne", names=True)
    assert not are_forms("kronberg", "kronburg", names=True)
    assert are_forms("alice", "alices", names=True)


def test_the_same_question_of_another_document_stays() -> None:
    """What is asked of every policy is another question of each, in the same words or nearly."""
    taught = examples("What data is collected?", "what data are collected", doc_ids=("acme.md",))
    found = drop_leaks(taught, samples("What data is collected?", doc_ids=("bolt.md",)))
    assert (found.kept, found.elsewhere) == (tuple(taught), 1)


@pytest.mark.parametrize(
    ("taught", "asked"),
    [(("a.md",), ("a.md",)), ((), ("a.md",)), (("a.md",), ()), (("a.md", "b.md"), ("b.md", "c.md"))],
)
def test_of_the_same_or_of_an_unknown_document_it_goes(taught: tuple[str, ...], asked: tuple[str, ...]) -> None:
    """Only where both say that they mean different documents is it another question."""
    found = drop_leaks(
        examples("What data is collected?", doc_ids=taught), samples("What data is collected?", doc_ids=asked)
    )
    assert (found.exact, found.near, found.kept, found.elsewhere) == (1, 0, (), 0)


def test_case_punctuation_and_unicode_forms_do_not_hide_a_leak() -> None:
    """Full-width letters, a decomposed umlaut and other quotes are the same question."""
    asked = samples("How long is „Müller“ on leave?")
    found = drop_leaks(examples("how long is Mu\u0308ller ON LEAVE", "Ｈｏｗ long is 'Müller' on leave?"), asked)
    assert (found.exact, found.near, found.kept) == (2, 0, ())


def test_what_was_dropped_is_counted_and_named() -> None:
    """Exact and near ones apart, ids in file order, the rest kept in order; an exact one is not near as well."""
    asked = samples("How many weeks of parental leave are there?", "Who is the boss?")
    found = drop_leaks(
        examples("who is the boss", "Where is it?", "How many weeks of parental leave are there now?", "Why?"),
        asked,
    )
    assert (found.exact, found.near, found.dropped_ids) == (1, 1, ("e0", "e2"))
    assert [example.example_id for example in found.kept] == ["e1", "e3"]


def test_nothing_leaks_into_nothing() -> None:
    """Without samples all examples stay, and without examples nothing is found."""
    assert drop_leaks(examples("a"), []).kept == tuple(examples("a"))
    assert drop_leaks([], samples("a")).kept == ()
    assert drop_leaks(examples("?!", ""), samples("!?", "🙂")).kept == tuple(examples("?!", ""))


WORDS = ["leave", "leaves", "leav", "days", "dayz", "policy", "policies", "Anna", "Anne", "TX-1", "TX-2", "not", "the"]
WORDS += ["7", "8", "who", "年", "假", "ลา", "sick", "annual", "employer", "employee", "log", "in", "login"]
QUESTIONS = st.lists(
    st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7), st.sampled_from(["", "a", "b"])), max_size=8
)


@settings(max_examples=300, deadline=None)
@given(QUESTIONS, QUESTIONS)
def test_the_index_finds_what_comparing_all_pairs_finds(
    left: list[tuple[list[str], str]], right: list[tuple[list[str], str]]
) -> None:
    """Looking only at questions that share a rare word misses none."""
    taught = [replace(examples(" ".join(words), doc_ids=tuple(doc))[0], example_id=f"e{n}")
              for n, (words, doc) in enumerate(left)]  # fmt: skip
    asked = [samples(" ".join(words), doc_ids=tuple(doc))[0] for words, doc in right]
    apart = [take_apart(sample.question, sample.doc_ids) for sample in asked]
    expected = [
        example.example_id
        for example in taught
        for question in [take_apart(example.question, example.doc_ids)]
        if any(ask_the_same(question, other) and not of_other_documents(question, other) for other in apart)
    ]
    assert list(drop_leaks(taught, asked).dropped_ids) == expected


@settings(max_examples=300, deadline=None)
@given(st.text("abeirsz", min_size=1, max_size=8), st.text("abeirsz", min_size=1, max_size=8))
def test_forms_of_a_word_share_a_key(one: str, other: str) -> None:
    """Else the index would miss them."""
    assert not are_forms(one, other) or keys_of(one) & keys_of(other)
    assert are_forms(one, other) == are_forms(other, one)


@pytest.mark.parametrize(
    "question",
    [
        lambda n: f"What does section {n} of the lease say about pets in the house?",
        lambda n: f"How heavy is the TX-{n} pump without its case and cable?",
        lambda n: f"What is the yearly salary of {_name(n)} in the finance department?",
        lambda n: f"book a table in {_name(n % 40).lower()} for {n % 9} people on monday",
    ],
    ids=["numbers", "codes", "names", "slots"],
)
def test_templates_take_memory_for_questions_not_for_pairs(question: Callable[[int], str]) -> None:
    """4,000 x 1,000 near pairs, which took gigabytes: within 40 MB, since no list of pairs is made."""
    taught, asked = examples(*map(question, range(4000))), samples(*map(question, range(10**6, 10**6 + 1000)))
    tracemalloc.start()
    try:
        drop_leaks(taught, asked)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40e6


def _name(number: int) -> str:
    rng = random.Random(number)
    return "".join(rng.choice("bdfgklmnprst") + rng.choice("aeiou") for _ in range(4)).capitalize()


def inputs(leaks: LeakCheck, nameless: Nameless | None = None) -> Inputs:
    """Return inputs with these findings."""
    return Inputs((), (), leaks, Task("answer", "Answer."), nameless or Nameless())


def test_more_than_a_fifth_dropped_is_said() -> None:
    """How many, why, how many are left and what to do; a fifth itself is not."""
    kept = tuple(examples(*map(str, range(8))))
    [line] = remarks(inputs(LeakCheck(kept[:7], 2, 1, ())))
    assert line.startswith("3 of 10 training examples (30\N{NO-BREAK SPACE}%) are left out")
    assert "2 in the same words, 1 in nearly the same" in line
    assert "7 are left" in line
    assert remarks(inputs(LeakCheck(kept, 1, 1, ()))) == []
    assert remarks(inputs(LeakCheck((), 0, 0, ()))) == []


def test_a_json_task_without_examples_has_no_floor_and_says_so() -> None:
    """Its trivial rivals are all made of examples; one example is enough for a constant."""
    task = Task("json", "Answer.", {"type": "object", "properties": {"a": {}}})
    none, one = (LeakCheck(tuple(examples(*asked)), 0, 0, ()) for asked in ((), ("who?",)))
    [line] = remarks(replace(inputs(none), task=task))
    assert line.startswith("No trivial rival is scored because there are no training examples")
    assert remarks(replace(inputs(one), task=task)) == []


def test_questions_that_do_not_name_their_document_are_found() -> None:
    """Three policies, one question: three samples; one that names its company, one of the same document: none."""
    asked = [
        *(replace(samples("What data is collected?")[0], doc_ids=(doc,)) for doc in ("a.md", "b.md", "c.md")),
        *samples("what is kept by Acme?", "Is it safe?", "Is it safe", doc_ids=("a.md",)),
        *samples("Is it safe?"),
    ]
    assert find_nameless(asked) == Nameless(3, 7, "What data is collected?", 3)
    assert find_nameless(asked[3:]) == Nameless(0, 4)


def test_documents_that_overlap_are_no_other_documents() -> None:
    """A question that two documents answer is one question."""
    asked = [replace(samples("Who?")[0], doc_ids=doc_ids) for doc_ids in (("a", "b"), ("b", "c"), ("b",))]
    assert find_nameless(asked).samples == 0


def test_nameless_questions_are_said_from_one_in_a_hundred() -> None:
    """With the question that is asked of most, on one line and without what could drive a terminal."""
    none = LeakCheck((), 0, 0, ())
    [line] = remarks(inputs(none, Nameless(4, 400, "What\x1b[2J is\nkept?", 2)))
    assert line.startswith("4 of 400 samples use the same words")
    assert "“What [2J is kept?” is asked about 2" in line
    assert remarks(inputs(none, Nameless(3, 400, "What?", 2))) == []
