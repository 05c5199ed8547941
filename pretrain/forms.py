"""JSON pairs: a customer message and a random schema, so that the form is known but no user's schema is."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

from pretrain.sources import Sources, Utterance
from ragvsft import prompts

INTENT_NAMES = ("intent", "label", "topic", "category", "request", "kind", "action")
ENTITY_NAMES = {
    "order_id": ("order_id", "order", "order_number", "purchase", "reference"),
    "invoice_id": ("invoice_id", "invoice", "bill", "document"),
    "refund_amount": ("amount", "refund_amount", "sum", "money"),
    "account_type": ("account_type", "account", "plan", "tier"),
    "person_name": ("person", "customer", "name", "person_name"),
    "delivery_city": ("city", "place", "destination"),
    "delivery_country": ("country", "place", "destination"),
    "date": ("date", "day", "when"),
    "time": ("time", "hour"),
    "email": ("email", "contact", "address"),
    "product": ("product", "item", "article"),
}
PRODUCTS = ("laptop", "kettle", "desk lamp", "running shoes", "phone case", "backpack", "coffee maker", "headphones")
URGENT = ("It is urgent.", "I need this today!", "Please hurry.", "asap please", "This can't wait.", "urgent!")
CALM = ("", "", "", "Thanks.", "No rush.", "Thank you very much.", "Hello,")


def draw(rng: random.Random, sources: Sources) -> tuple[str, str]:
    """Return a prompt with message and schema, and the JSON that the message calls for."""
    banking = rng.random() < 0.4
    pool = sources.banking if banking else sources.support
    said = _with_details(rng.choice(pool), rng)
    fields: dict[str, tuple[dict[str, Any], Any]] = {}
    _add_intent(fields, said.utterance, pool, rng)
    _add_entities(fields, said.entities, rng)
    if rng.random() < 0.5:
        fields[rng.choice(("urgent", "is_urgent", "priority"))] = ({"type": "boolean"}, said.urgent)
    names = list(fields)
    rng.shuffle(names)
    schema = {"type": "object", "properties": {name: fields[name][0] for name in names}}
    target = json.dumps({name: fields[name][1] for name in names}, ensure_ascii=False)
    return prompts.json_prompt(said.text, schema), target


class _Said:
    def __init__(self, text: str, utterance: Utterance, entities: Mapping[str, str], urgent: bool) -> None:
        self.text, self.utterance, self.entities, self.urgent = text, utterance, entities, urgent


def _with_details(utterance: Utterance, rng: random.Random) -> _Said:
    """Return the message with, at times, a made-up detail and a tone added."""
    text, entities = utterance.text, {}
    if utterance.entity_type:
        value = _new_id(rng) if utterance.entity_type in ("order_id", "invoice_id") else utterance.entity
        text, entities = text.replace(utterance.entity, value), {utterance.entity_type: value}
    if rng.random() < 0.4:
        kind, value, phrase = _detail(rng)
        text, entities = f"{text} {phrase}", entities | {kind: value}
    urgent = rng.random() < 0.35
    text = " ".join([text, rng.choice(URGENT if urgent else CALM)]).strip()
    return _Said(text, utterance, entities, urgent)


def _detail(rng: random.Random) -> tuple[str, str, str]:
    kind = rng.choice(("date", "time", "email", "product", "order_id", "refund_amount"))
    value = {
        "date": lambda: f"{rng.randint(2019, 2029)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "time": lambda: f"{rng.randint(0, 23)}:{rng.randint(0, 59):02}",
        "email": lambda: f"{rng.choice(('ana', 'j.doe', 'mia', 'help', 'k_ito'))}@{rng.choice(('mail', 'firm'))}.com",
        "product": lambda: rng.choice(PRODUCTS),
        "order_id": lambda: _new_id(rng),
        "refund_amount": lambda: f"{rng.randint(3, 900)}.{rng.randint(0, 99):02}",
    }[kind]()
    phrase = {
        "date": ("It was on {}.", "since {}", "on {}"),
        "time": ("at {}", "around {}.", "It was {}."),
        "email": ("My email is {}.", "write to {}", "contact: {}"),
        "product": ("It is about the {}.", "for my {}", "The {} that I bought."),
        "order_id": ("Order {}.", "my order is {}", "(order {})"),
        "refund_amount": ("It cost ${}.", "I paid {}.", "{} dollars"),
    }[kind]
    return kind, value, rng.choice(phrase).format(value)


def _new_id(rng: random.Random) -> str:
    letters = "".join(rng.choices("ABCDEFGHKLMNPRSTWXZ", k=rng.randint(1, 3)))
    digits = str(rng.randint(100, 10 ** rng.randint(3, 7)))
    return rng.choice((f"{letters}-{digits}", f"{letters}{digits}", digits, f"#{digits}", f"{digits}-{letters}"))


def _add_intent(
    fields: dict[str, tuple[dict[str, Any], Any]], utterance: Utterance, pool: list[Utterance], rng: random.Random
) -> None:
    others = {rng.choice(pool).intent for _ in range(rng.randint(1, 7))} - {utterance.intent}
    values = [utterance.intent, *sorted(others)]
    if rng.random() < 0.3:
        values = [value.replace("_", " ") for value in values]
    answer = values[0]
    rng.shuffle(values)
    fields[rng.choice(INTENT_NAMES)] = ({"type": "string", "enum": values}, answer)


def _add_entities(
    fields: dict[str, tuple[dict[str, Any], Any]], entities: Mapping[str, str], rng: random.Random
) -> None:
    """Ask for most of what the message names, and at times for something it does not."""
    asked = {kind for kind in entities if rng.random() < 0.85}
    asked |= {rng.choice(list(ENTITY_NAMES)) for _ in range(rng.choices((0, 1, 2), weights=(4, 4, 2))[0])}
    for kind in sorted(asked):
        fields.setdefault(rng.choice(ENTITY_NAMES[kind]), ({"type": ["string", "null"]}, entities.get(kind)))
