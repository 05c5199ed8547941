"""Does a text decline to answer? Refused, answered, or unclear: never guessed.

A refusal is about not knowing or not finding. It is what the task told the model to say, a near copy of it, or a
sentence in which somebody does not know ("Ich weiß es nicht") or the context does not say ("The passages do not mention
a fee"). A negative fact is an answer ("The policy does not cover hail", "No information is shared"), and so is a
refusal with a guess after it ("I don't know, but probably 21 days"). Unclear is what may be either ("The contract does
not mention a deadline"), or a refusal with a plain statement after it. An empty text is no refusal: saying nothing may
be a broken model, and must not be rewarded as knowing one's limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import cache, lru_cache
from typing import Literal

from ragvsft.prompts import REFUSAL
from ragvsft.scoring.scorers.declining import Language
from ragvsft.scoring.scorers.declining.common import (
    CLAUSE,
    DATA,
    HEADING,
    IDLE,
    NOT_ONLY,
    ONLY,
    answers_nothing,
    before_report,
    denies_answer,
    denies_context,
)
from ragvsft.scoring.scorers.declining.copies import folded, is_copy

Stance = Literal["refused", "answered", "unclear"]
_Kind = Literal["refusal", "vague", "guess", "aside", "content", "silent"]
_Sentences = list[tuple[str, str]]  # each with the sign it ends with

_SENTENCE = re.compile(r"(.*?)(\?|[.!;]|。|$)(?:(?=[\s\u3040-\u9fff])|(?<=[。?!])|$)\s*", re.DOTALL)
# characters; who declines says so early, and a model that repeats itself must not hold a run up
_READ, _LONGEST = 4000, 400
_SUBJECT = 16  # within which the subject of a sentence begins
_AROUND = " ,.:;!、–—-'"


@lru_cache(maxsize=4096)  # nine scorers ask of each answer
def stance(text: str, refusal: str = REFUSAL) -> Stance:
    """Return whether a text declines to answer; `refusal` is what the task told the model to say then."""
    plain = folded(text)
    if is_copy(plain, refusal):
        return "refused"
    sentences = _SENTENCE.findall(IDLE.sub("", NOT_ONLY.sub(" ", plain[:_READ])))
    if all(_is_content(sentence, refusal) for sentence, _ in sentences):
        return "answered"
    readings = [_reading(sentences, refusal, grammar) for grammar in _grammars()]
    return max(readings, key=lambda reading: reading.understood).stance


def is_refusal(text: str, refusal: str = REFUSAL) -> bool:
    """Return whether a text declines to answer, and nothing else; what is unclear does not."""
    return stance(text, refusal) == "refused"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or what stands before or after a "but" in it."""

    text: str
    turned: bool  # after a "but"
    asked: bool  # a question


@dataclass(frozen=True, slots=True)
class _Grammar:
    """A language's words, ready to be searched for."""

    lead_in: re.Pattern[str]
    but: re.Pattern[str]
    guess: re.Pattern[str]
    guess_next: re.Pattern[str]  # after a comma: "I don't know, maybe 21"
    refusal: re.Pattern[str]
    whole: re.Pattern[str]
    context: re.Pattern[str]
    after_context: re.Pattern[str]
    text: re.Pattern[str]
    paper: re.Pattern[str]
    unsaid: re.Pattern[str]
    unheld: re.Pattern[str]
    lacking: re.Pattern[str]  # unsaid or unheld
    vague: re.Pattern[str]
    aside: re.Pattern[str]

    def kind(self, piece: _Piece) -> _Kind:
        """Return what a piece of a sentence does."""
        bare = self.bare(piece.text)
        if not bare or HEADING.fullmatch(bare):
            return "silent"
        found = self._declines(bare)
        if found is not None or self._context_is_silent(piece.text):
            return "guess" if self.guess_next.search(bare, found or 0) else "refusal"
        if self.guess.search(bare):
            return "guess"
        if self._is_vague(piece.text, bare):
            return "vague"
        if piece.asked or self._is_aside(bare):
            return "aside"
        return "guess" if piece.turned else "content"

    def _is_aside(self, bare: str) -> bool:
        """Return whether a piece tells what the context is about, or where to ask."""
        if self.aside.match(bare) or self.context.search(bare):
            return True
        told = self.text.search(bare)
        return told is not None and told.start() <= _SUBJECT and ONLY.search(bare) is not None

    def bare(self, piece: str) -> str:
        """Return a piece without "Answer:", "Sorry," and the like at its start."""
        while True:
            before, comma, last = piece.rpartition(",")
            ended = before if comma and self.lead_in.fullmatch(last) else piece
            found = self.lead_in.match(ended)
            shorter = ended[found.end() if found else 0 :].strip(_AROUND)
            if shorter == piece:
                return piece
            piece = shorter

    def _declines(self, bare: str) -> int | None:
        """Return where a clause that declines ends, None if none does."""
        if self.whole.fullmatch(bare):
            return len(bare)
        starts = [*_clauses(bare), *(found.end() for found in self.after_context.finditer(bare))]
        ends = [found.end() for start in starts if (found := self.refusal.match(bare, start))]
        return ends[0] if ends else None

    def _context_is_silent(self, piece: str) -> bool:
        head = before_report(piece)
        if self.unsaid.search(head):
            return bool(self.context.search(head) or self.text.search(head))
        named = self.context.search(head)
        if named and (self.unheld.search(head) or (named.start() <= _SUBJECT and answers_nothing(head))):
            return True
        return denies_context(head) or denies_answer(head)

    def _is_vague(self, piece: str, bare: str) -> bool:
        head = before_report(piece)
        unsaid, paper = self.unsaid.search(head), self.paper.search(head)
        if self.vague.search(bare) or (unsaid and paper and paper.start() <= unsaid.start()):
            return True
        return bool(self.unheld.search(head) and self.text.search(head))


@lru_cache(maxsize=256)
def _clauses(bare: str) -> tuple[int, ...]:
    """Return where clauses begin, whatever the language."""
    return (0, *(found.end() for pattern in (CLAUSE, DATA) for found in pattern.finditer(bare)))


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text as one language understands it."""

    stance: Stance
    understood: tuple[bool, bool, int]  # declines, may decline, pieces that are more than content: the most is right


def _is_content(sentence: str, refusal: str) -> bool:
    """Return True only where in no language a sentence has a piece that declines or is vague.

    Asked of the words of all languages at once, which is cheaper than to ask each in turn; what has a "but", a lead-in
    or a word for the context is left to them.
    """
    piece, any_language = sentence.strip(" ,、")[:_LONGEST], _any_language()
    if not piece:
        return True
    head, bare = before_report(piece), piece.strip(_AROUND)
    return not (
        is_copy(piece, refusal)
        or any_language.but.search(sentence)
        or any_language.lacking.search(head)
        or denies_context(head)
        or denies_answer(head)
        or any_language.bare(piece) != bare
        or any_language.vague.search(bare)
        or any_language.context.search(bare)
        or any_language.whole.fullmatch(bare)
        or any(any_language.refusal.match(bare, start) for start in _clauses(bare))
    )


def _reading(sentences: _Sentences, refusal: str, grammar: _Grammar) -> _Reading:
    kinds: list[_Kind] = [
        "refusal" if is_copy(piece.text, refusal) else grammar.kind(piece) for piece in _pieces(sentences, grammar)
    ]
    more = sum(kind not in ("content", "silent") for kind in kinds)
    return _Reading(_together(kinds), ("refusal" in kinds, "vague" in kinds, more))


def _together(kinds: list[_Kind]) -> Stance:
    if "refusal" in kinds:
        if "guess" in kinds or "content" in kinds[: kinds.index("refusal")]:
            return "answered"
        return "unclear" if "content" in kinds else "refused"
    return "unclear" if "vague" in kinds and "content" not in kinds and "guess" not in kinds else "answered"


def _pieces(sentences: _Sentences, grammar: _Grammar) -> Iterator[_Piece]:
    """Yield the sentences of a text, cut again at each "but"."""
    for sentence, end in sentences:
        for number, piece in enumerate(grammar.but.split(sentence)):
            if piece.strip(" ,、"):
                yield _Piece(piece.strip(" ,、")[:_LONGEST], turned=number > 0, asked=end == "?")


@cache
def _grammars() -> tuple[_Grammar, ...]:
    return tuple(map(_grammar, _languages()))


@cache
def _any_language() -> _Grammar:
    words = zip(*map(astuple, _languages()), strict=True)
    return _grammar(Language(*("|".join(filter(None, of_each)) for of_each in words)))


def _languages() -> tuple[Language, ...]:
    from ragvsft.scoring.scorers.declining import english, further, germanic, others, romance

    return (
        english.ENGLISH, germanic.GERMAN, germanic.DUTCH, romance.FRENCH, romance.SPANISH, romance.ITALIAN,
        romance.PORTUGUESE, others.POLISH, others.CHINESE, others.JAPANESE, further.FURTHER,
    )  # fmt: skip


def _grammar(words: Language) -> _Grammar:
    """Return a language's patterns compiled; the words of a script with blanks are whole words."""

    def compiled(words: str, before: str = "", after: str = "") -> re.Pattern[str]:
        return re.compile(f"{before}(?:{words}){after}" if words else r"(?!)")

    edge = r"(?![a-z0-9])"
    return _Grammar(
        lead_in=compiled(words.lead_in, r"^[\s,.:;!、'-]*", edge),
        but=compiled(words.but, r"(?<![a-z0-9])", edge),
        guess=compiled(words.guess, r"(?<![a-z])", r"(?![a-z])"),
        guess_next=re.compile(
            rf"[,、]\s*(?:(?:\S+ ){{0,2}}[^\sa-z]{{0,12}}(?<![a-z])(?:{words.guess or '(?!)'})(?![a-z])|(?:\S+ )?\S?\d)"
        ),
        refusal=compiled(words.refusal),
        whole=compiled(words.whole),
        context=compiled(words.context, r"(?<![a-z0-9])", edge),
        after_context=compiled(words.context, r"(?<![a-z0-9])", edge + r"[\s,、]*"),
        text=compiled(words.text, r"(?<![a-z0-9])", edge),
        paper=compiled(words.paper, r"(?<![a-z0-9])", edge),
        unsaid=compiled(words.unsaid, r"(?<![a-z0-9])"),
        unheld=compiled(words.unheld, r"(?<![a-z0-9])"),
        lacking=compiled("|".join(filter(None, (words.unsaid, words.unheld))), r"(?<![a-z0-9])"),
        vague=compiled(words.vague, r"(?<![a-z0-9])"),
        aside=compiled(words.aside),
    )
