"""Short texts are compared as values: what is written in another way is equal, what means something else is not."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragvsft.scoring.scorers.closeness import contains, exact_match, rouge_l, token_f1
from ragvsft.scoring.scorers.spelling import spell
from ragvsft.scoring.scorers.values import read, same_value
from tests.scoring.scorers.scored import score_of

EVERY = (token_f1, exact_match, contains, rouge_l)

SAME = {
    "numbers": [
        ["1,350", "1350", "1 350", "1'350", "1\u202f350", "１３５０", "١٣٥٠", "१३५०"],
        ["1350", "one thousand three hundred and fifty"],
        ["4.5", "4,5", "4.50", "４．５", "four and a half", "4½", "٤٫٥"],
        ["-8", "−8", "–8", "minus 8", "minus eight"],
        ["2,750,000", "2.750.000", "2.75 million", "2,75 Millionen", "275万", "2 750 000"],
        ["1.234,5", "1,234.5", "1 234,5"],
    ],
    "units": [
        ["3.2mg", "3.2 mg", "3,2 mg", "3.2 MG", "3.2 milligrams"],
        ["80 km/h", "80 kph", "80 kilometres per hour"],
        ["35 m²", "35 m2", "35 sqm", "35 square metres"],
        ["18 °C", "18°C", "18 degrees Celsius", "18 ℃"],
        ["45 min", "45 minutes", "forty-five minutes", "0.75 h"],
        ["6 mg per day", "6 mg/day", "6 mg a day", "6 mg daily"],
    ],
    "percent": [["7 %", "7%", "seven percent", "7 per cent", "7 Prozent", "7 pour cent", "百分之七", "７％"]],
    "currency": [
        ["$85", "85 USD", "USD 85", "US$85", "85 dollars", "eighty-five dollars", "$85.00"],
        ["€1,900", "1.900 €", "EUR 1900", "1900 Euro", "1 900 euros"],
        ["$3.4bn", "$3.4 billion", "3.4 billion dollars", "$3,400,000,000"],
    ],
    "number words": [
        ["seventy-eight", "78", "achtundsiebzig", "settantotto", "soixante-dix-huit", "setenta y ocho", "七十八"],
        ["three", "3", "drei", "trois", "tres", "três", "drie", "trzy", "три", "三"],
        ["6 weeks", "six weeks", "sechs Wochen", "six semaines", "seis semanas", "sei settimane"],
    ],
    "ordinals and fractions": [
        ["8th", "eighth", "8TH"],
        ["one quarter", "1/4", "¼", "0.25"],
        ["42nd", "forty-second"],
    ],
    "dates": [
        ["9 June 2023", "June 9th, 2023", "the 9th of June 2023", "2023-06-09"],
        ["2023-06-09", "09.06.2023", "9. Juni 2023", "9 juin 2023"],
        ["9 June 2023", "9 de junio de 2023", "9 giugno 2023"],
        ["9 June 2023", "2023年6月9日", "2023년 6월 9일", "2023/06/09", "9 czerwca 2023"],
        ["25 May", "May 25th", "25th of May", "25. Mai", "25 mai", "5月25日"],
        ["11/30/2022", "30/11/2022", "30 November 2022"],
    ],
    "times": [["4:45 pm", "16:45", "4.45 p.m.", "16h45", "16:45 Uhr", "下午4点45分"], ["8 am", "08:00", "8 Uhr"]],
    "ranges": [["5-7 days", "5–7 days", "5 to 7 days", "between 5 and 7 days", "five to seven days"]],
    "codes": [
        ["MX-480", "mx-480", "MX480", "MX 480"],
        ["v3.4.1", "3.4.1", "version 3.4.1", "V3.4.1"],
        ["FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"],
        ["https://docs.example.org/", "docs.example.org", "www.docs.example.org"],
        ["+33 1 70 18 99 00", "+33-1-70-18-99-00"],
    ],
    "names": [
        ["P&G", "P & G", "P and G"],
        ["E.U.", "EU", "e.u."],
        ["O’Hara", "O'Hara", "O´Hara"],
        ["long term", "long-term", "long‑term"],
        ["Zürich", "Zu\u0308rich", "Zurich", "ZÜRICH"],
        ["Zuerich", "Zürich"],
        ["Großmaß", "GROSSMASS", "grossmass"],
        ["eﬃcient", "efficient", "effi\u00adcient", "effi\u200bcient"],
        ["cœur", "coeur"],
        ["“Blue”", "'blue'", "«Blue»", "„Blue“", "Blue.", "**Blue**"],
    ],
}  # fmt: skip
DIFFERENT = [
    *[("3.2 mg", "32 mg"), ("0.4 ml", "04 ml"), ("1.75 g", "175 g"), ("6.0", "60"), ("7", "-7"), ("1.2", "1200")],
    *[("8 %", "8"), ("0.8 %", "8 %"), ("8 %", "8 percentage points"), ("$9", "€9"), ("$9", "9 cents"), ("£2m", "£2bn")],
    *[("C", "C#"), ("C#", "C++"), ("F#", "F"), (".NET", "net"), ("B+", "B"), ("O+", "O-"), ("A*", "A")],
    *[("MX-480", "MX-408"), ("ISO 9001", "ISO 9002"), ("v1.12", "v1.1.2"), ("Python 3.10", "Python 3.1")],
    *[("10.0.0.12", "10.0.0.1"), ("a@example.org", "a@example.com"), ("/var/log", "/var/logs"), ("10³", "103")],
    *[("3rd", "3"), ("1/3", "1/2"), ("3/4", "6/8"), ("9 June", "6 September"), ("9 June 2023", "9 June 2022")],
    *[("4 pm", "4 am"), ("16:45", "16:54"), ("5 mW", "5 MW"), ("5 kg", "5 g"), ("thirteen", "30"), ("dreizehn", "30")],
    *[("x >= 5", "x <= 5"), ("==", "="), ("007", "7"), ("三天", "十三天"), ("once", "11"), ("19 MB/s", "19 Mbit/s")],
]
GROUPS = [pytest.param(group, id=f"{kind}-{n}") for kind, groups in SAME.items() for n, group in enumerate(groups)]
TEXTS = st.one_of(
    st.text(max_size=12),
    st.lists(st.sampled_from([text for groups in SAME.values() for group in groups for text in group]), max_size=3).map(
        " ".join
    ),
)


@pytest.mark.parametrize("group", GROUPS)
def test_every_spelling_of_a_value_is_the_same_to_every_metric(group):
    """Each against each, both ways round."""
    for answer in group:
        for target in group:
            assert same_value(answer, target), (answer, target)
            assert [metric(answer, target) for metric in EVERY] == [1, 1, 1, pytest.approx(1)], (answer, target)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_looks_near_is_another_value(one, other):
    """Neither equal nor contained, alone and in a sentence."""
    for answer, target in ((one, other), (other, one)):
        assert not same_value(answer, target)
        assert exact_match(answer, target) == 0
        assert contains(answer, target) == 0
        assert contains(f"It is {answer}.", target) == 0


@pytest.mark.parametrize(("one", "other"), [pair for pair in DIFFERENT if pair[0][0].isdigit() and " " in pair[0]][:6])
def test_a_wrong_quantity_shares_nothing(one, other):
    """A ten-fold dose has the unit in common, which is worth nothing: the two are one value."""
    if "%" not in one:
        assert token_f1(one, other) == rouge_l(one, other) == 0


@pytest.mark.parametrize(
    ("answer", "target", "expected"),
    [
        ("15", "5", 0),
        ("2.5", "5", 0),
        ("exactly 5.", "5", 1),
        ("category", "cat", 0),
        ("12.5 mg", "2.5 mg", 0),
        ("125 mg", "25 mg", 0),
        ("take 25mg daily", "25 mg", 1),
        ("25 mg", "25", 1),  # the question named the unit
        ("25 %", "25", 0),  # but a share is another number
        ("5-7 days", "7 days", 0),
        ("9 June 2023", "9 June", 1),
        ("9 June 2023", "2023", 1),
        ("9 June 2023", "June 2023", 1),
        ("9 June", "9 June 2023", 0),
        ("TX-2000", "TX-200", 0),
        ("Guinea-Bissau", "Guinea", 0),
        ("位于北京市", "北京", 1),
        ("十五天", "五天", 0),
        ("アメリカン", "アメリカ", 0),
        ("เมืองหลวงคือกรุงเทพ", "กรุงเทพ", 1),
        ("서울입니다", "서울", 1),
        ("서울대학교", "서울", 0),
    ],
)
def test_contains_wants_a_whole_value_in_any_script(answer, target, expected):
    """In scripts without blanks: whole characters with their marks, whole numbers, whole runs of katakana."""
    assert contains(answer, target) == expected


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u00ad\n", "\ufeff"])
@pytest.mark.parametrize("other", ["", "A", "the", "5", "。", "\u200b"])
def test_an_empty_text_equals_nothing(text, other):
    """Not even another empty text, in any metric."""
    assert [metric(text, other) for metric in EVERY] == [0, 0, 0, 0]
    assert [metric(other, text) for metric in EVERY] == [0, 0, 0, 0]
    assert not same_value(text, other)


@pytest.mark.parametrize("letter", ["A", "B", "C", "D"])
@pytest.mark.parametrize(
    "answer",
    [
        "{}",
        "{}.",
        "({})",
        "{})",
        "**{}**",
        "The answer is {}",
        "Answer: {}",
        "Option {}",
        "{} is right.",
        "{}, of course",
    ],
)
def test_a_letter_of_a_choice_is_found(letter, answer):
    """The letter A too, though "a" before a word is an article."""
    assert contains(answer.format(letter), letter) == 1
    assert token_f1(answer.format(letter), letter) > 0
    assert rouge_l(answer.format(letter), letter) > 0


@pytest.mark.parametrize("answer", ["", "B", "A dog", "There is a mistake.", "an apple", "the"])
def test_an_article_is_no_choice(answer):
    """Nor is an empty answer."""
    assert [metric(answer, "A") for metric in (token_f1, exact_match, contains)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("one", "other"),
    [("03/04/2024", "3 April 2024"), ("03/04/2024", "March 4, 2024"), ("5 pounds", "£5"), ("5 pounds", "5 lb")],
)
def test_what_can_be_read_in_two_ways_equals_both(one, other):
    """The slashes of "03/04/2024" do not say which is the month; only one reading has to fit."""
    assert same_value(one, other)
    assert same_value(one, one)
    assert not same_value("03/04/2024", "04/03/2024")
    assert not same_value("3 April 2024", "4 March 2024")


@pytest.mark.parametrize(
    ("answer", "target"),
    [
        ("年假为二十一天。", "二十一天"),
        ("休暇は十日間です", "十日間"),
        ("ลาได้สิบวันต่อปี", "สิบวัน"),
        ("រាជធានីគឺភ្នំពេញ", "ភ្នំពេញ"),
        ("ນະຄອນຫຼວງແມ່ນວຽງຈັນ", "ວຽງຈັນ"),
    ],
)
def test_scripts_without_blanks_share_characters(answer, target):
    """A target in a longer answer: contained, a part of the F1, and nothing where the script's letters differ."""
    assert contains(answer, target) == 1
    assert 0 < token_f1(answer, target) < 1
    assert 0 < rouge_l(answer, target) < 1
    assert token_f1("Ω", target) == 0


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_any_two_texts_compare(one, other):
    """Scores lie in 0..1, equality is symmetric, a text with tokens equals itself in any Unicode form."""
    for metric in EVERY:
        assert 0 <= metric(one, other) <= 1 + 1e-9
    assert same_value(one, other) == same_value(other, one)
    assert same_value(one, one) == bool(read(one).kept)
    assert same_value(one, unicodedata.normalize("NFD", one)) == bool(read(one).kept)


@pytest.mark.parametrize(
    "text", ["1" * 6000 + "th", "1" * 6000 + "/7", "one hundred " * 2000, "1-" * 4000, "二十" * 4000, "a." * 4000]
)
def test_hostile_answers_are_read(text):
    """A model that repeats itself costs neither an error nor minutes."""
    assert token_f1(text, "5") == 0


def test_long_numbers_are_compared_to_the_last_digit():
    """No rounding on the way."""
    assert not same_value("1" * 40, "1" * 39 + "2")
    assert not same_value("0." + "1" * 40, "0." + "1" * 39 + "2")


def test_the_spelling_keeps_case_and_drops_what_is_not_seen():
    """What all rules read: NFKC, ASCII quotes and dashes, no invisible characters."""
    assert spell("ﬁ\u00adne\u00a0“Ａ１”—２\u200d½ m²\n") == 'fine "A1"-2 1/2 m^2'


DOSES = ["2.5", "0.5", "1.25", "7.5", "3.2", "4.8", "12.75", "0.05"]
CONTACTS = ["Café Müller", "Ångström GmbH", "José Peña", "Đặng Thái", "Kraków Łódź", "São João", "Nguyễn Huế", "Žižek"]
LEAVE = ["二十一天", "六个月", "百分之一百五十", "上午九点到下午六点", "一小时", "每月五日", "三十天"]


@pytest.mark.parametrize("name", ["token_f1", "exact_match", "contains", "rouge_l"])
def test_a_dose_without_its_point_scores_zero(name):
    """And with it 1, glued or not, in a sentence or alone."""
    for dose in DOSES:
        assert score_of(name, f"{dose} mg", f"{dose.replace('.', '')} mg") == 0
        assert score_of(name, f"{dose} mg", f"{dose}mg") == pytest.approx(1)
        assert score_of("contains", f"{dose} mg", f"The daily dose is {dose} mg.") == 1


@pytest.mark.parametrize("name", ["token_f1", "exact_match", "contains", "rouge_l"])
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_names_in_any_unicode_form_are_right(name, form):
    """As a Mac's files and some models write them."""
    for contact in CONTACTS:
        assert score_of(name, contact, unicodedata.normalize(form, contact)) == pytest.approx(1)


def test_chinese_answers_around_the_target_score():
    """Partly by F1, wholly by contains; an unrelated answer not at all."""
    for target in LEAVE:
        answer = f"公司规定为{target}。"
        assert score_of("contains", target, answer) == 1
        assert 0 < score_of("token_f1", target, answer) < 1
        assert 0 < score_of("rouge_l", target, answer) < 1
        assert score_of("token_f1", target, "没有写明") == score_of("contains", target, "没有写明") == 0


@pytest.mark.parametrize(
    ("answer", "target"),
    [("没有规定。", "二十一天。"), ("no .", "yes ."), ("- left", "- right"), ("右！", "左！")],
)
def test_punctuation_is_nothing_in_common(answer, target):
    """Also where blanks stand around it, as scripts without blanks have it."""
    assert token_f1(answer, target) == rouge_l(answer, target) == 0


@pytest.mark.parametrize(
    ("answer", "target"), [("toys & games", "toys"), ("Tom & Jerry", "Jerry"), ("salt and pepper", "pepper")]
)
def test_members_joined_by_and_are_contained(answer, target):
    """Unlike the letters of "R&D", which is one name."""
    assert contains(answer, target) == 1
    assert contains("R&D", "R") == 0


def test_lists_keep_the_number_of_their_members_and_not_their_order():
    """A multiset, as before."""
    colours = ["red", "green", "blue", "red"]
    random.Random(4).shuffle(colours)
    assert token_f1(", ".join(colours), "red, red, green and blue") == pytest.approx(2 * 4 / (4 + 5))
    assert token_f1("red", "red red") == pytest.approx(2 / 3)
