"""Passages as documents have them and Wikipedia's text never does: headings, lists and tables in Markdown."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SENTENCE_END = re.compile(r"(?<=[a-z\d)]{2}[.?!]) (?=[A-Z])")
HEADING_SHARE, LIST_SHARE = 0.25, 0.15
NAME_MARK = "{name}"

MONTHS = ("January", "March", "April", "May", "June", "August", "October", "December")
SHEET_NAMES = ("", " - data sheet", " at a glance", ": overview", " (terms)", ", in figures")
ROW_HEADS = ("Item", "Name", "Place", "Type", "Model", "Department", "Line", "Plan")
CELL_QUESTIONS = (
    "What is the {column} of {row}?",
    "What {column} does {row} have?",
    "{row}: which {column}?",
    "What does the table give as the {column} of {row}?",
    "For {row}, what is the {column}?",
    "I need the {column} of {row}.",
)
VALUE_QUESTIONS = (
    "What is the {column}?",
    "What is the {column} of {row}?",
    "{row}: what {column}?",
    "Which {column} is given for {row}?",
    "Tell me the {column}.",
)


def _number(rng: random.Random) -> str:
    return f"{rng.choice((rng.randint(1, 20), rng.randint(10, 400), 50 * rng.randint(2, 400))):,}"


def _with(*units: str) -> Callable[[random.Random], str]:
    return lambda rng: f"{_number(rng)} {rng.choice(units)}"


def _name(rng: random.Random) -> str:
    return NAME_MARK  # put in from the titles at hand


def _money(rng: random.Random) -> str:
    return f"{rng.choice(('EUR ', 'USD ', '$', '£'))}{_number(rng)}"


def _decimal(*units: str) -> Callable[[random.Random], str]:
    return lambda rng: f"{rng.randint(0, 60)}.{rng.randint(1, 9)} {rng.choice(units)}"


def _date(rng: random.Random) -> str:
    return f"{rng.randint(1, 28)} {rng.choice(MONTHS)}" + rng.choice(("", f" {rng.randint(1990, 2030)}"))


def _hour(rng: random.Random) -> str:
    return f"{rng.randint(6, 22):02}:{rng.choice(('00', '15', '30', '45'))}"


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something a document gives for a thing: how its value looks, how it is said, and how people ask for it."""

    name: str
    value: Callable[[random.Random], str]
    said: tuple[str, ...] = ()  # {x} the thing, {v} the value; the question's words are other ones
    asked: tuple[str, ...] = ()


ATTRIBUTES = (
    Attribute(
        "weight",
        _decimal("kg", "g", "t"),
        ("{x} weighs {v}", "With its packaging, {x} comes to {v} on the scales"),
        ("How heavy is {x}?", "What does {x} weigh?"),
    ),
    Attribute(
        "length",
        _decimal("m", "mm", "km"),
        ("{x} measures {v} from end to end", "The length of {x} is {v}"),
        ("How long is {x}?", "What length does {x} have?"),
    ),
    Attribute(
        "height",
        _with("m", "cm", "mm"),
        ("{x} stands {v} tall", "{x} has a height of {v}"),
        ("How tall is {x}?", "How high is {x}?"),
    ),
    Attribute(
        "price",
        _money,
        ("{x} costs {v}", "{x} is sold at {v}, tax not included", "The list price of {x} is {v}"),
        ("How much is {x}?", "What do I pay for {x}?", "What does {x} cost?", "How expensive is {x}?"),
    ),
    Attribute(
        "fee",
        _money,
        ("A fee of {v} is charged for {x}", "For {x} we bill {v}"),
        ("How much do you want for {x}?", "What is charged for {x}?", "How much money do you take for {x}?"),
    ),
    Attribute(
        "budget",
        _money,
        ("{v} has been set aside for {x}", "The budget for {x} is {v}"),
        ("How much money is planned for {x}?", "How much may we spend on {x}?", "How much is there for {x}?"),
    ),
    Attribute(
        "limit",
        _money,
        ("Up to {v} is paid back for {x}", "Claims for {x} end at {v}"),
        ("How much can I claim for {x}?", "What is the most I get back for {x}?", "How much may I spend on {x}?"),
    ),
    Attribute(
        "discount",
        lambda rng: f"{rng.randint(1, 60)} %",
        ("{x} is reduced by {v}", "Orders of {x} are given {v} off"),
        ("By how much is {x} cheaper?", "What rebate is there on {x}?", "How many per cent off is {x}?"),
    ),
    Attribute("share", lambda rng: f"{rng.randint(1, 99)} %", ("{x} makes up {v} of the total",), ("How big is {x}?",)),
    Attribute(
        "deadline",
        _date,
        ("Everything on {x} has to be handed in by {v}", "{x} closes on {v}"),
        ("When is {x} due?", "Until when can I send in {x}?", "What is the last day for {x}?"),
    ),
    Attribute(
        "start",
        _date,
        ("{x} begins on {v}", "From {v} on, {x} is in force"),
        ("When does {x} start?", "From which day does {x} count?", "On what date was {x} begun?"),
    ),
    Attribute(
        "opening time",
        _hour,
        ("{x} opens at {v}", "The doors of {x} are unlocked at {v}"),
        ("From what time can I get into {x}?", "When does {x} open?", "How early is {x} open?"),
    ),
    Attribute(
        "closing time",
        _hour,
        ("{x} shuts at {v}", "Nobody is let into {x} after {v}"),
        ("How late is {x} open?", "When does {x} close?", "Until what time can I go to {x}?"),
    ),
    Attribute(
        "delivery time",
        _with("days", "weeks", "working days"),
        ("{x} is delivered within {v}", "Allow {v} for {x} to arrive"),
        ("How long does {x} take to come?", "How long must I wait for {x}?", "How fast do I get {x}?"),
    ),
    Attribute(
        "notice period",
        _with("days", "weeks", "months"),
        ("{x} must be announced {v} ahead", "Leave {v} of notice before {x}"),
        ("How early must I tell you about {x}?", "How long in advance is {x} to be asked for?"),
    ),
    Attribute(
        "warranty",
        _with("months", "years"),
        ("{x} is under warranty for {v}", "Faults of {x} are repaired free of charge for {v}"),
        ("How long is the guarantee on {x}?", "For how long is {x} mended for nothing?"),
    ),
    Attribute(
        "response time",
        _with("hours", "minutes"),
        ("We answer calls about {x} within {v}", "On {x} you hear from us in {v}"),
        ("How quickly do you react to {x}?", "How long until somebody replies about {x}?"),
    ),
    Attribute(
        "interval",
        _with("hours", "minutes", "days", "weeks"),
        ("{x} is checked every {v}", "{x} repeats after {v}"),
        ("How often is {x} looked at?", "How frequent is {x}?", "After how long does {x} come again?"),
    ),
    Attribute(
        "range",
        _with("m", "km"),
        ("{x} reaches {v} in the open", "The signal of {x} carries over {v}"),
        ("How far away can {x} be?", "From what distance does {x} work?", "How far does {x} go?"),
    ),
    Attribute(
        "capacity",
        _with("litres", "people", "pieces", "pallets"),
        ("{x} holds {v}", "There is room for {v} in {x}"),
        ("How much fits into {x}?", "How much does {x} take?", "What is the most that {x} can hold?"),
    ),
    Attribute(
        "temperature",
        lambda rng: f"{rng.randint(-20, 80)} °C",
        ("{x} is kept at {v}", "{x} must not get warmer than {v}"),
        ("How warm may {x} be?", "How hot can {x} get?", "How cold is {x}?"),
    ),
    Attribute(
        "number of employees",
        _number,
        ("{x} employs {v} people", "A staff of {v} works for {x}"),
        ("How many people work at {x}?", "How big is the workforce of {x}?"),
    ),
    Attribute("population", _number, ("{x} has {v} inhabitants",), ("How many people live in {x}?",)),
    Attribute(
        "version",
        lambda rng: f"{rng.randint(1, 9)}.{rng.randint(0, 20)}" + rng.choice(("", f".{rng.randint(0, 9)}")),
        ("{x} runs version {v}", "Since the last update, {x} is at {v}"),
        ("Which release does {x} have?", "What is the newest version of {x}?"),
    ),
    Attribute(
        "extension",
        lambda rng: str(rng.randint(100, 9999)),
        ("For {x}, dial {v}", "{x} is reached on extension {v}"),
        ("What number do I ring for {x}?", "Under which number do I get {x}?", "Whom do I call about {x}?"),
    ),
    Attribute(
        "form",
        lambda rng: f"{rng.choice('ABFKPRT')}-{rng.randint(1, 99)}",
        ("{x} needs a signed {v}", "Fill in form {v} for {x}"),
        ("Which form do I need for {x}?", "What paper has to be filled in for {x}?"),
    ),
    Attribute(
        "room",
        lambda rng: f"{rng.choice('ABCDEFGH')}{rng.randint(1, 40)}",
        ("{x} takes place in room {v}", "You find {x} in {v}"),
        ("Where do I find {x}?", "In which room is {x}?", "Where is {x}?"),
    ),
    Attribute(
        "colour",
        lambda rng: rng.choice(("red", "green", "grey", "blue", "black", "white", "yellow", "orange")),
        ("{x} is painted {v}", "{x} comes in {v} only"),
        ("What does {x} look like?", "Which colour is {x}?", "What colour does {x} have?"),
    ),
    Attribute(
        "status",
        lambda rng: rng.choice(("open", "closed", "planned", "in use", "ordered", "retired", "on hold")),
        ("{x} is {v} at the moment",),
        ("What has become of {x}?", "How far is {x}?", "What state is {x} in?"),
    ),
    Attribute(
        "material",
        lambda rng: rng.choice(("steel", "oak", "glass", "brass", "polycarbonate", "rubber", "aluminium")),
        ("{x} is made of {v}", "The housing of {x} is {v}"),
        ("What is {x} built from?", "Out of what is {x} made?"),
    ),
    # what follows has names as values
    Attribute(
        "owner", _name, ("{x} belongs to {v}", "{v} looks after {x}"), ("Who is in charge of {x}?", "Whose is {x}?")
    ),
    Attribute(
        "supplier",
        _name,
        ("We buy {x} from {v}", "{v} makes {x} for us"),
        ("Who sells us {x}?", "Where does {x} come from?"),
    ),
    Attribute(
        "contact",
        _name,
        ("Questions on {x} go to {v}", "{v} knows about {x}"),
        ("Whom do I ask about {x}?", "Who can help me with {x}?"),
    ),
    Attribute(
        "manager", _name, ("{x} is led by {v}", "{v} runs {x}"), ("Who is the head of {x}?", "Who is the boss of {x}?")
    ),
    Attribute(
        "site", _name, ("{x} is housed in {v}", "{x} moved to {v}"), ("Where is {x} now?", "At which place is {x}?")
    ),
    Attribute(
        "replacement",
        _name,
        ("{v} has taken the place of {x}", "Use {v} instead of {x}"),
        ("What came after {x}?", "What do I use now that {x} is gone?"),
    ),
)


@dataclass(frozen=True, slots=True)
class DocumentQuestion:
    """A passage that gives some figures, and a question on one of them."""

    passage: str
    question: str
    answer: str | None  # None: the passage does not say


def document_question(names: Sequence[str], rng: random.Random, *, answerable: bool) -> DocumentQuestion:
    """Return a question on a made-up table or statement; `names` are titles for the things and people in it."""
    made = rng.choices((_grid, _sheet, _statements), weights=(3, 2, 5))[0]
    return made(rng.sample(names, 24), rng, answerable)


def _grid(names: list[str], rng: random.Random, answerable: bool) -> DocumentQuestion:
    """Ask for the column of a row; unanswerable: for a column or a row that is not there."""
    columns, spare = _attributes(rng, rng.randint(1, 3))
    rows = [names.pop() for _ in range(rng.randint(2, 6))]
    values = {row: [_value(column, names, rng) for column in columns] for row in rows}
    lines = [_line([rng.choice(ROW_HEADS), *(_titled(column.name) for column in columns)])]
    lines += [_rule(len(columns) + 1, rng), *(_line([row, *values[row]]) for row in rows)]
    row, place = rng.choice(rows), rng.randrange(len(columns))
    column, answer = columns[place], values[row][place]
    if not answerable:
        row, column = (names.pop(), column) if rng.random() < 0.5 else (row, spare)
    text = _question(column, row, CELL_QUESTIONS, rng)
    return DocumentQuestion("\n".join([names.pop(), *lines]), text, answer if answerable else None)


def _sheet(names: list[str], rng: random.Random, answerable: bool) -> DocumentQuestion:
    """Ask for one property of a thing whose properties are the rows."""
    thing = names.pop()
    properties, spare = _attributes(rng, rng.randint(3, 7))
    values = [_value(one, names, rng) for one in properties]
    head = rng.choice((["Item", "Value"], ["Property", thing], ["What", "How much"], ["Rule", "Figure"]))
    rows = [_line([_titled(one.name), value]) for one, value in zip(properties, values, strict=True)]
    place = rng.randrange(len(properties))
    text = _question(properties[place] if answerable else spare, thing, VALUE_QUESTIONS, rng)
    lines = [f"{thing}{rng.choice(SHEET_NAMES)}", _line(head), _rule(2, rng), *rows]
    return DocumentQuestion("\n".join(lines), text, values[place] if answerable else None)


def _statements(names: list[str], rng: random.Random, answerable: bool) -> DocumentQuestion:
    """Ask in other words for what one of some statements says; unanswerable: for what none of them says."""
    chosen, spare = _attributes(rng, rng.randint(2, 6))
    things = [names.pop() for _ in chosen]
    values = [_value(one, names, rng) for one in chosen]
    said = [
        f"{_titled(rng.choice(one.said).format(x=thing, v=value))}."
        for one, thing, value in zip(chosen, things, values, strict=True)
    ]
    place = rng.randrange(len(chosen))
    asked, thing = chosen[place], things[place]
    if not answerable:
        asked, thing = (asked, names.pop()) if rng.random() < 0.5 else (spare, thing)
    return DocumentQuestion(
        " ".join(said), rng.choice(asked.asked).format(x=thing), values[place] if answerable else None
    )


def _question(attribute: Attribute, thing: str, plain: Sequence[str], rng: random.Random) -> str:
    if rng.random() < 0.5:
        return rng.choice(attribute.asked).format(x=thing)
    return rng.choice(plain).format(column=attribute.name, row=thing)


def _attributes(rng: random.Random, count: int) -> tuple[list[Attribute], Attribute]:
    """Return `count` attributes and one more that is none of them."""
    *chosen, spare = rng.sample(ATTRIBUTES, count + 1)
    return chosen, spare


def _value(attribute: Attribute, names: list[str], rng: random.Random) -> str:
    return attribute.value(rng).replace(NAME_MARK, rng.choice(names))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(count: int, rng: random.Random) -> str:
    return _line(["---"] * count) if rng.random() < 0.7 else f"|{'---|' * count}"


def _titled(name: str) -> str:
    return name[0].upper() + name[1:]


def dressed(passage: str, title: str | None, rng: random.Random) -> str:
    """Return the passage with, at times, its article's title as a heading, or its sentences as a list."""
    if rng.random() < LIST_SHARE:
        passage = _as_list(SENTENCE_END.split(passage), rng)
    if title and rng.random() < HEADING_SHARE:
        return f"{rng.choice(('', '# ', '## '))}{title}\n{passage}"
    return passage


def _as_list(sentences: Sequence[str], rng: random.Random) -> str:
    marks = rng.choice(("- ", "* ", "- [ ] ", "number"))
    lines = [
        f"{f'{number}. ' if marks == 'number' else marks}{_bold(sentence, rng)}"
        for number, sentence in enumerate(sentences, start=1)
    ]
    return "\n".join(lines)


def _bold(sentence: str, rng: random.Random) -> str:
    """Return the sentence with its first words in bold, at times."""
    words = sentence.split(" ")
    if len(words) < 6 or rng.random() > 0.2:
        return sentence
    count = rng.randint(1, 4)
    return f"**{' '.join(words[:count])}** {' '.join(words[count:])}"
