"""Messages and schemas of domains that no training source has: bookings, workshops and room climate."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any

from ragvsft import prompts

TEXT = {"type": ["string", "null"]}
SCHEMAS: dict[str, dict[str, dict[str, Any]]] = {
    "booking": {"action": {"type": "string", "enum": ["book_table", "cancel_table", "ask_menu"]}, "guests": TEXT},
    "workshop": {"wish": {"type": "string", "enum": ["join", "leave", "move"]}, "course": TEXT, "member": TEXT},
    "climate": {"command": {"type": "string", "enum": ["warmer", "cooler", "off"]}, "room": TEXT, "at": TEXT},
}
WORDINGS: dict[tuple[str, str], tuple[str, ...]] = {
    ("booking", "book_table"): ("We would like a table for {guests} people.", "Please book dinner for {guests}."),
    ("booking", "cancel_table"): ("Cancel our table for {guests} please.", "We can't come, drop the table."),
    ("booking", "ask_menu"): ("What is on the menu this week?", "Do you have vegan dishes for {guests}?"),
    ("workshop", "join"): ("Sign me up for {course}.", "I want to join {course}, my number is {member}."),
    ("workshop", "leave"): ("Take me off the {course} list.", "{member} here, I am leaving {course}."),
    ("workshop", "move"): ("Can {member} move to {course}?", "I would rather switch to {course}."),
    ("climate", "warmer"): ("Make the {room} warmer.", "It is freezing in the {room}, heat it at {at}."),
    ("climate", "cooler"): ("Cool down the {room} please.", "The {room} is too hot from {at} on."),
    ("climate", "off"): ("Turn the heating in the {room} off.", "Switch everything off at {at}."),
}
VALUES = {
    "guests": ("two", "six", "12", "four"),
    "course": ("pottery", "bread baking", "sewing", "violin"),
    "member": ("KT-204", "m7741", "B-19", "X52-8"),
    "room": ("kitchen", "attic", "guest room", "office"),
    "at": ("7:30", "22:00", "6 am", "noon"),
}


@dataclass(frozen=True, slots=True)
class Form:
    """A prompt for JSON and what should come of it."""

    prompt: str
    wanted: dict[str, Any]


def unseen_forms(n: int, *, seed: int) -> list[Form]:
    """Return n prompts, each with the JSON it calls for."""
    rng = random.Random(seed)
    return [_form(rng) for _ in range(n)]


def _form(rng: random.Random) -> Form:
    domain, choice = rng.choice(list(WORDINGS))
    wording = rng.choice(WORDINGS[domain, choice])
    details = {name: rng.choice(values) for name, values in VALUES.items() if f"{{{name}}}" in wording}
    properties = SCHEMAS[domain]
    wanted = {name: choice if "enum" in rule else details.get(name) for name, rule in properties.items()}
    schema = {"type": "object", "properties": properties}
    return Form(prompts.json_prompt(wording.format(**details), schema), json.loads(json.dumps(wanted)))
