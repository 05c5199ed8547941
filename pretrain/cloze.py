"""Questions made from plain text by rule: one phrase of a sentence is asked for, in far more text than is annotated."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from pretrain.documents import SENTENCE_END

NAME = r"[A-Z][\w'’.-]*[\w](?: (?:of |the |de |van |and )?[A-Z][\w'’-]*\w)*"
PHRASES = {
    "when": re.compile(r"\b(?:[Ii]n|[Oo]n|[Bb]y|[Ss]ince|[Uu]ntil) ((?:[A-Z][a-z]+ )?(?:\d{1,2},? )?[12]\d{3})\b"),
    "how many": re.compile(r"\b(\d[\d,.]*\d|two|three|four|five|six|seven|eight|nine|ten|\d)(?= [a-z]+s\b)"),
    "where": re.compile(rf"\b(?:in|at|from|near) ({NAME})"),
    "who": re.compile(rf"\b(?:by|with|for|to) ({NAME})"),
    "name": re.compile(rf"(?<![.?!] )(?<!^)\b({NAME})"),
    "what": re.compile(
        r"\b((?:a|an|the) [a-z]+(?: [a-z]+){0,2})(?=[,.;]| (?:of|in|and|by|for|to|that|which|is|was)\b)"
    ),
}
SUBJECT = re.compile(
    rf"^((?:The |A |An )?{NAME}|The [a-z]+(?: [a-z]+)?) "
    r"((?:was|is|were|are|had|has|became|can|will|would|may|could|did)\b|[a-z]+ed\b|[a-z]+s\b)"
)
FRONTED = {"when": ("when", "in what year"), "where": ("where", "in what place"), "how many": ("how many",)}


@dataclass(frozen=True, slots=True)
class Cloze:
    """A question made by rule, with its answer."""

    question: str
    answer: str


def draw(paragraph: str, rng: random.Random) -> Cloze | None:
    """Return a question on one sentence of the paragraph, or None where no rule fits."""
    sentences = [part for part in SENTENCE_END.split(paragraph) if 40 <= len(part) <= 260]
    if not sentences:
        return None
    sentence = re.sub(r" ?\([^)]*\)", "", rng.choice(sentences)).rstrip(".?! ")
    return _subject(sentence, rng) if rng.random() < 0.4 else _inside(sentence, rng)


def _subject(sentence: str, rng: random.Random) -> Cloze | None:
    """Return a question for the subject: 'Lincoln bought a store' gives 'Who bought a store?'."""
    found = SUBJECT.match(sentence)
    if not found or found[1] in {"It", "He", "She", "They", "This", "These", "There", "We", "I", "In", "As"}:
        return None
    asks = rng.choice(("Who", "What", "Which")) if found[1][:4] != "The " else rng.choice(("What", "Which"))
    rest = sentence[found.end(1) :].strip()
    return Cloze(f"{asks} {_shortened(rest, rng)}?", found[1])


def _inside(sentence: str, rng: random.Random) -> Cloze | None:
    """Return a question for a phrase within: 'Lincoln came in 1832' gives 'When did Lincoln come?', but rougher."""
    kinds = list(PHRASES)
    rng.shuffle(kinds)
    for kind in kinds:
        finds = list(PHRASES[kind].finditer(sentence))
        if finds:
            return _ask(sentence, rng.choice(finds), kind, rng)
    return None


def _ask(sentence: str, found: re.Match[str], kind: str, rng: random.Random) -> Cloze:
    answer = found[1]
    asks = {"name": rng.choice(("who", "what", "which")), "who": rng.choice(("who", "whom", "what"))}.get(kind, kind)
    if kind in ("when", "where") and rng.random() < 0.7:
        rest = f"{sentence[: found.start()]}{sentence[found.end() :]}".strip(" ,")
        return Cloze(f"{rng.choice(FRONTED[kind]).capitalize()} {_verb_first(rest)}?".replace(" ,", ","), answer)
    before, after = sentence[: found.start(1)], sentence[found.end(1) :]
    if rng.random() < 0.5:
        return Cloze(f"{before}{asks}{after}?", answer)
    return Cloze(f"{asks.capitalize()}{after} {before.strip()}?".replace(" ,", ","), answer)


def _verb_first(text: str) -> str:
    """Return 'was the battle fought' for 'the battle was fought'; without such a verb, 'did' is put in front."""
    found = re.search(r"^(.{3,60}?) (was|is|were|are|has|had|can|will) (.*)", text)
    if found:
        return f"{found[2]} {found[1]} {found[3]}"
    return f"did {text}"


def _shortened(text: str, rng: random.Random) -> str:
    """Return the text up to a comma, half the time, where enough is left to ask for."""
    head = text.split(",")[0]
    return head if len(head) > 40 and rng.random() < 0.6 else text
