"""What an answer is worth does not hang on its case: models that write in lower case or in capitals are common.

Case is read only where it alone tells two values apart ("5 mW" and "5 MW", "5 m" and "5 M"). A text in one case
throughout then takes the case of the other text, if that has the same letters.
"""

from __future__ import annotations

import json

import pytest

from ragvsft.scoring.scorers.closeness import contains, exact_match
from ragvsft.scoring.scorers.values import read, same_value
from tests.paths import GOLD

ROWS = [json.loads(line) for line in (GOLD / "answers.jsonl").read_text("utf-8").splitlines()]
CASES = {"lower": str.lower, "upper": str.upper, "capitalize": str.capitalize}
# nobody can tell milliwatts from megawatts in lower case; a lone capital after a number is no unit: "5G", "8 M"
CHANGED_ANSWERS = {
    "lower": {("5 mW", "5 MW")},
    "upper": {("5 mW", "5 MW"), ("1000 g", "1 kg"), ("5,000 m", "5 km")},
    "capitalize": {("5 mW", "5 MW")},
}
CHANGED_TARGETS = {
    "lower": {("5 mW", "5 MW")},
    "upper": {("It has 8,848 metres.", "8848 m")},
    "capitalize": {("5 mW", "5 MW")},
}


def _accepted(answer: str, target: str) -> bool:
    return 1 in {exact_match(answer, target), contains(answer, target)}


@pytest.mark.parametrize("case", CASES)
def test_the_case_of_an_answer_changes_no_verdict(case):
    """In the whole gold table, but for the pairs named above."""
    recased = CASES[case]
    changed = {
        (row["answer"], row["target"])
        for row in ROWS
        if _accepted(recased(row["answer"]), row["target"]) != _accepted(row["answer"], row["target"])
    }
    assert changed == CHANGED_ANSWERS[case]


@pytest.mark.parametrize("case", CASES)
def test_the_case_of_a_target_changes_no_verdict(case):
    """Targets are written in lower case too, where a set was made from keywords."""
    recased = CASES[case]
    changed = {
        (row["answer"], row["target"])
        for row in ROWS
        if _accepted(row["answer"], recased(row["target"])) != _accepted(row["answer"], row["target"])
    }
    assert changed == CHANGED_TARGETS[case]


SAME = [
    *[("cad 40", "C$40"), ("hk$ 90", "HKD 90"), ("rs 750", "₹750"), ("RS. 750", "750 rupees"), ("$3t", "$3 trillion")],
    *[("try 600", "TRY 600"), ("TRY 3 TIMES", "Try 3 times"), ("14 uhr", "14 Uhr"), ("9h15", "9:15"), ("9H15", "9:15")],
    *[("7 O'CLOCK", "7:00"), ("18 H", "18 hours"), ("FROM 3 TO 4 KM", "3-4 km"), ("ZWISCHEN 3 UND 4 KM", "3-4 km")],
    *[("ONE AND A HALF DAYS", "1.5 days"), ("8 MG PER DAY", "8 mg daily"), ("8 MG DAILY", "8 mg/day")],
    *[
        ("2 OUT OF 3", "2/3"),
        ("11 IN", "11 inches"),
        ("1970'S", "1970s"),
        ("5 METRES PER SECOND", "5 m/s"),
        ("M.SC.", "MSc"),
        ("b. b. king", "B.B. King"),
    ],
    *[("henry viii", "Henry 8"), ("chapter xii", "Chapter 12"), ("o-", "O-"), ("b+", "B+"), ("a*", "A*")],
    *[("2019-03-08t00:00:00z", "8 March 2019"), ("between 3 and 8 may", "3-8 May"), ("MAY 8", "8 May")],
    *[("fr76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"), ("7 BILLION", "7 billion")],
    *[("3.400 personen", "3400 Personen"), ("3.400 PERSONEN", "3400 Personen"), ("7.250 kilometer", "7250 km")],
    *[("$7 Billion", "$7 billion"), ("1 billion euro", "1 Billion Euro"), ("1 Billion Euro", "1000 Milliarden Euro")],
    *[("EINUNDDREISSIG", "31"), ("einunddreißig", "31"), ("*BLUE*", "blue")],
]


@pytest.mark.parametrize(("answer", "target"), SAME)
def test_a_value_is_the_same_in_any_case(answer, target):
    """Both ways round."""
    assert same_value(answer, target)
    assert same_value(target, answer)


@pytest.mark.parametrize(
    ("answer", "target", "expected"),
    [
        ("20 mb", "20 Mb", True),
        ("20 mb", "20 MB", True),
        ("20 mb/s", "20 Mb/s", True),
        ("20 mb/s", "20 MB/s", True),
        ("20 mb/s", "20 Mbit/s", False),  # other letters: "mb" is bytes, as it is mostly meant
        ("20 mb/s", "20 megabytes per second", True),
        ("20 MB/S", "20 Mbit/s", False),
        ("20 mbps", "20 Mbit/s", True),
        ("9 mw", "9 MW", True),
        ("9 mw", "9 mW", True),
        ("9 mw", "9 megawatts", True),
        ("9 mw", "9 milliwatts", False),
        ("9 MW", "9 mW", False),  # a unit alone is no text in capitals
        ("THE PLANT HAS 9 MW", "9 mW", True),
        ("The plant has 9 MW", "9 mW", False),
        ("4 m", "4 M", True),
        ("It is 4 m", "4 M", True),
        ("On Monday it was 4 m", "4 M", False),
        ("5g", "5G", True),
        ("it runs on foo 3.1", "It is Foo 3.10", False),
    ],
)
def test_units_that_differ_by_case_alone_get_the_benefit_of_the_doubt(answer, target, expected):
    """Where the answer is in one case throughout and the target has the same letters."""
    assert _accepted(answer, target) == expected
    assert _accepted(target, answer) == expected or len(answer.split()) > 2


@pytest.mark.parametrize("letter", ["A", "B", "C", "D"])
@pytest.mark.parametrize(
    "answer", ["{}", "{}.", "({})", "{} is correct", "option {} fits best", "choice {} is it", "it is {}", "{} because"]
)
@pytest.mark.parametrize("case", CASES.values())
def test_a_letter_of_a_choice_is_found_in_any_case(letter, answer, case):
    """The letter A too, where a verb follows or it is called a choice."""
    assert contains(case(answer.format(letter)), letter) == 1
    assert contains(case(f"{letter} and D"), f"{letter} and D") == 1


@pytest.mark.parametrize(
    "answer", ["a dog", "A DOG", "there is a mistake.", "THERE IS A MISTAKE.", "an apple a day", "a*"]
)
def test_an_article_is_no_choice_in_any_case(answer):
    """Nor is a grade with a star the plain one."""
    assert not _accepted(answer, "A")


@pytest.mark.parametrize(
    ("answer", "target"),
    [
        ("you may 5 times", "5 times"),
        ("troops march 5 km", "5 km"),
        ("up to 5 may attend", "5"),
        ("on mars 5 rovers landed", "5 rovers"),
    ],
)
def test_words_that_are_also_months_are_no_dates(answer, target):
    """In lower case and in capitals: the number after them is its own."""
    for said in (answer, answer.upper(), answer.capitalize()):
        assert contains(said, target) == 1
        assert read(said).texts.isdisjoint({"05-05", "03-05"})


@pytest.mark.parametrize(
    "answer", ["on may 5", "by 5 may at noon", "may 5", "may 5, 17:00", "5 may or later", "due 5 may"]
)
def test_months_in_lower_case_are_dates(answer):
    """Where a sentence ends or a word follows that no verb has after it, or one stands before that dates have."""
    for said in (answer, answer.upper(), answer.capitalize()):
        assert contains(said, "May 5") == 1
