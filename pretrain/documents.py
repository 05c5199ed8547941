"""Passages as documents have them and Wikipedia's text never does: headings, lists and tables in Markdown."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SENTENCE_END = re.compile(r"(?<=[a-z\d)]{2}[.?!]) (?=[A-Z])")
HEADING_SHARE, LIST_SHARE = 0.25, 0.15

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


def _money(rng: random.Random) -> str:
    return f"{rng.choice(('EUR ', 'USD ', '$', '£'))}{_number(rng)}"


def _decimal(*units: str) -> Callable[[random.Random], str]:
    return lambda rng: f"{rng.randint(0, 60)}.{rng.randint(1, 9)} {rng.choice(units)}"


def _date(rng: random.Random) -> str:
    return f"{rng.randint(1, 28)} {rng.choice(MONTHS)}" + rng.choice(("", f" {rng.randint(1990, 2030)}"))


def _hour(rng: random.Random) -> str:
    return f"{rng.randint(6, 22):02}:{rng.choice(('00', '15', '30', '45'))}"


COLUMNS: dict[str, Callable[[random.Random], str]] = {
    "weight": _decimal("kg", "g", "t"),
    "length": _decimal("m", "mm", "km"),
    "height": _with("m", "cm", "mm"),
    "price": _money,
    "cost": _money,
    "fee": _money,
    "budget": _money,
    "limit": _money,
    "discount": lambda rng: f"{rng.randint(1, 60)} %",
    "share": lambda rng: f"{rng.randint(1, 99)} %",
    "deadline": _date,
    "start": _date,
    "review date": _date,
    "opening time": _hour,
    "closing time": _hour,
    "delivery time": _with("days", "weeks", "working days"),
    "notice period": _with("days", "weeks", "months"),
    "warranty": _with("months", "years"),
    "response time": _with("hours", "minutes"),
    "range": _with("m", "km"),
    "power": _with("W", "kW"),
    "supply": lambda rng: f"{rng.choice((12, 24, 110, 230))} V",
    "capacity": _with("litres", "people", "pieces", "pallets"),
    "temperature": lambda rng: f"{rng.randint(-20, 80)} °C",
    "number of employees": _number,
    "pieces per box": _number,
    "population": _number,
    "version": lambda rng: f"{rng.randint(1, 9)}.{rng.randint(0, 20)}",
    "extension": lambda rng: str(rng.randint(100, 9999)),
    "room": lambda rng: f"{rng.choice('ABCDEFGH')}{rng.randint(1, 40)}",
    "colour": lambda rng: rng.choice(("red", "green", "grey", "blue", "black", "white", "yellow", "orange")),
    "status": lambda rng: rng.choice(("open", "closed", "planned", "in use", "ordered", "retired", "on hold")),
    "material": lambda rng: rng.choice(("steel", "oak", "glass", "brass", "polycarbonate", "rubber", "aluminium")),
}
NAMED = ("owner", "supplier", "contact", "town", "site", "team", "manager", "replacement")  # their values are titles


@dataclass(frozen=True, slots=True)
class TableQuestion:
    """A table as a passage, and a question on one of its cells."""

    passage: str
    question: str
    answer: str | None  # None: the table does not say


def table_question(names: Sequence[str], rng: random.Random, *, answerable: bool) -> TableQuestion:
    """Return a question on a made-up table; `names` are short titles for its rows and its named cells."""
    made = _grid if rng.random() < 0.6 else _sheet
    return made(rng.sample(names, 24), rng, answerable)


def _grid(names: list[str], rng: random.Random, answerable: bool) -> TableQuestion:
    """Ask for the column of a row; unanswerable: for a column or a row that is not there."""
    columns, spare = _columns(rng, rng.randint(1, 3))
    rows = [names.pop() for _ in range(rng.randint(2, 6))]
    values = {row: [_value(column, names, rng) for column in columns] for row in rows}
    lines = [_line([rng.choice(ROW_HEADS), *map(_titled, columns)]), _rule(len(columns) + 1, rng)]
    lines += [_line([row, *values[row]]) for row in rows]
    row, place = rng.choice(rows), rng.randrange(len(columns))
    column, answer = columns[place], values[row][place]
    if not answerable:
        row, column = (names.pop(), column) if rng.random() < 0.5 else (row, spare)
    text = rng.choice(CELL_QUESTIONS).format(column=column, row=row)
    return TableQuestion("\n".join([names.pop(), *lines]), text, answer if answerable else None)


def _sheet(names: list[str], rng: random.Random, answerable: bool) -> TableQuestion:
    """Ask for one property of a thing whose properties are the rows."""
    thing = names.pop()
    properties, spare = _columns(rng, rng.randint(3, 7))
    values = [_value(name, names, rng) for name in properties]
    head = rng.choice((["Item", "Value"], ["Property", thing], ["What", "How much"], ["Rule", "Figure"]))
    rows = [_line([_titled(name), value]) for name, value in zip(properties, values, strict=True)]
    place = rng.randrange(len(properties))
    asked = properties[place] if answerable else spare
    text = rng.choice(VALUE_QUESTIONS).format(column=asked, row=thing)
    lines = [f"{thing}{rng.choice(SHEET_NAMES)}", _line(head), _rule(2, rng), *rows]
    return TableQuestion("\n".join(lines), text, values[place] if answerable else None)


def _columns(rng: random.Random, count: int) -> tuple[list[str], str]:
    """Return `count` column names and one more that is none of them."""
    *columns, spare = rng.sample([*COLUMNS, *NAMED], count + 1)
    return columns, spare


def _value(column: str, names: list[str], rng: random.Random) -> str:
    return COLUMNS[column](rng) if column in COLUMNS else rng.choice(names)


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
