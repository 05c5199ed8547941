"""One training pair at a time: each task draws a source record and renders it as `ragvsft.prompts` will at run time."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pretrain import cloze, documents, forms
from pretrain.sources import Article, Question, Sources
from ragvsft import prompts

# what share of the pairs each task gets
MIX = {
    "answer": 0.46,
    "answer_cloze": 0.12,
    "answer_document": 0.10,
    "refuse": 0.12,
    "closed_book": 0.03,
    "write_question": 0.06,
    "json": 0.09,
    "continue": 0.02,
}
PARAGRAPH_CHARS = 1100
SHORT_TITLE_CHARS = 24
SENTENCE_CHARS = 300  # a passage up to this size may be set among the sentences of a paragraph
TRIES = 30  # to find a passage without the answer; a few pairs get fewer passages than they ask for


@dataclass(frozen=True, slots=True)
class Reading:
    """How much there is to read in a prompt."""

    long_share: float  # passages of a whole paragraph; the others are cut to a window, which trains faster
    distractors: tuple[int, int, int, int]  # weights of 0, 1, 2 and 3
    window_chars: tuple[int, int] = (100, 360)
    set_share: float = 0.0  # passages of a sentence that are set into a paragraph
    wide_share: float = 0.0  # prompts read as WIDE, whatever the rest says
    dress_share: float = 0.0  # passages that may get a heading or become a list


EASY = Reading(long_share=0.08, distractors=(80, 12, 4, 4))
FULL = Reading(long_share=0.2, distractors=(70, 14, 8, 8))
MIXED = Reading(
    long_share=0.2,
    distractors=(62, 14, 10, 14),
    window_chars=(120, 520),
    set_share=0.5,
    wide_share=0.35,
    dress_share=0.8,
)
WIDE = Reading(long_share=1.0, distractors=(5, 8, 17, 70), set_share=0.95, dress_share=0.8)


@dataclass(frozen=True, slots=True)
class Pair:
    """A prompt and the text that should follow it."""

    task: str
    prompt: str
    target: str


class Tasks:
    """Draws pairs from the sources in the proportions of MIX; a seeded `rng` makes the draw repeatable."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.passages = list(dict.fromkeys(question.passage for question in sources.questions))
        self.place = {passage: place for place, passage in enumerate(self.passages)}
        self.titles = {paragraph: article.title for article in sources.articles for paragraph in article.paragraphs}
        self.short_titles = [article.title for article in sources.articles if len(article.title) <= SHORT_TITLE_CHARS]
        self.by_source = _spread(sources.questions)
        self.stage = self.reading = FULL

    def draw(self, rng: random.Random) -> Pair:
        """Return one pair of a task drawn from MIX."""
        task = rng.choices(list(MIX), weights=list(MIX.values()))[0]
        self.reading = WIDE if rng.random() < self.stage.wide_share else self.stage
        makers: dict[str, Callable[[random.Random], tuple[str, str]]] = {
            "answer": self._answer,
            "answer_cloze": self._answer_cloze,
            "answer_document": self._answer_document,
            "refuse": self._refuse,
            "closed_book": self._closed_book,
            "write_question": self._write_question,
            "json": lambda rng: forms.draw(rng, self.sources),
            "continue": self._continue,
        }
        return Pair(task, *makers[task](rng))

    def _answer(self, rng: random.Random) -> tuple[str, str]:
        question = self._question(rng)
        passages = [self._excerpt(question.passage, question.answer, rng)]
        passages += self._distractors(question, rng, count=self._how_many(rng))
        rng.shuffle(passages)
        return prompts.answer_prompt(question.text, passages), question.answer

    def _answer_cloze(self, rng: random.Random) -> tuple[str, str]:
        article, paragraph, made = self._cloze(rng)
        passages = [self._excerpt(paragraph, made.answer, rng)]
        passages += self._near(article, made.answer, rng, count=self._how_many(rng))
        rng.shuffle(passages)
        return prompts.answer_prompt(made.question, passages), made.answer

    def _answer_document(self, rng: random.Random) -> tuple[str, str]:
        """Return a question on a table or statements, one in seven of which they do not answer."""
        made = documents.document_question(self.short_titles, rng, answerable=rng.random() < 0.86)
        others = (self._document(rng) if rng.random() < 0.5 else self._anywhere(rng) for _ in range(TRIES))
        passage = made.passage if "|" in made.passage else self._in_paragraph(made.passage, made.answer, rng)
        passages = [passage, *self._without(made.answer or "", others, rng, count=self._how_many(rng))]
        rng.shuffle(passages)
        return prompts.answer_prompt(made.question, passages), made.answer or prompts.REFUSAL

    def _document(self, rng: random.Random) -> str:
        return documents.document_question(self.short_titles, rng, answerable=True).passage

    def _refuse(self, rng: random.Random) -> tuple[str, str]:
        count = 1 + self._how_many(rng)
        if rng.random() < 0.35:
            article, _, made = self._cloze(rng)
            passages = self._near(article, made.answer, rng, count=count)
            text = made.question
        else:
            question = self._question(rng)
            passages = self._distractors(question, rng, count=count)
            text = question.text
        return prompts.answer_prompt(text, passages), prompts.REFUSAL

    def _closed_book(self, rng: random.Random) -> tuple[str, str]:
        """Return trivia, or, a third of the time, a question about a passage that is not there: nobody can know."""
        if rng.random() < 0.33:
            return prompts.answer_prompt(self._question(rng).text), prompts.REFUSAL
        question = rng.choice(self.sources.trivia)
        return prompts.answer_prompt(question.text), question.answer

    def _write_question(self, rng: random.Random) -> tuple[str, str]:
        question = self._question(rng)
        passage = self._excerpt(question.passage, question.answer, rng)
        return prompts.question_prompt(passage, question.answer), question.text

    def _continue(self, rng: random.Random) -> tuple[str, str]:
        words = rng.choice(rng.choice(self.sources.articles).paragraphs).split()
        start = rng.randrange(max(1, len(words) - 60))
        cut = max(start + 1, min(start + rng.randint(12, 40), len(words) - 8))
        return prompts.continue_prompt(" ".join(words[start:cut])), " ".join(words[cut : cut + 16])

    def _how_many(self, rng: random.Random) -> int:
        """Return how many distractors to add."""
        return rng.choices((0, 1, 2, 3), weights=self.reading.distractors)[0]

    def _question(self, rng: random.Random) -> Question:
        return rng.choice(rng.choices(self.by_source.questions, weights=self.by_source.weights)[0])

    def _cloze(self, rng: random.Random) -> tuple[Article, str, cloze.Cloze]:
        while True:
            article = rng.choice(self.sources.articles)
            paragraph = rng.choice(article.paragraphs)[:PARAGRAPH_CHARS]
            made = cloze.draw(paragraph, rng)
            if made:
                return article, paragraph, made

    def _distractors(self, question: Question, rng: random.Random, *, count: int) -> list[str]:
        """Return passages that do not hold the answer: half from nearby in the same source, half from anywhere."""
        drawn = (self._nearby(question, rng) if rng.random() < 0.5 else self._anywhere(rng) for _ in range(TRIES))
        return self._without(question.answer, drawn, rng, count=count)

    def _near(self, article: Article, answer: str, rng: random.Random, *, count: int) -> list[str]:
        """Return passages that do not hold the answer, from the article as far as it has them."""
        of_article = rng.sample(article.paragraphs, len(article.paragraphs))
        drawn = itertools.chain(of_article, (self._anywhere(rng) for _ in range(TRIES)))
        return self._without(answer, drawn, rng, count=count)

    def _nearby(self, question: Question, rng: random.Random) -> str:
        place = self.place[question.passage] + rng.choice((-3, -2, -1, 1, 2, 3))
        return self.passages[place % len(self.passages)]

    def _anywhere(self, rng: random.Random) -> str:
        if rng.random() < 0.5 or self.reading is WIDE:
            return self._paragraph(rng)
        return rng.choice(self.passages)

    def _without(self, answer: str, passages: Iterable[str], rng: random.Random, *, count: int) -> list[str]:
        """Return excerpts of the first `count` different passages that do not hold the answer."""
        clean = (passage for passage in passages if not (answer and _holds(passage, answer)))
        chosen = itertools.islice(unique(clean), count)
        return [self._excerpt(passage, None, rng) for passage in chosen]

    def _excerpt(self, passage: str, answer: str | None, rng: random.Random) -> str:
        """Return the passage or a window of it around the answer, at times as a document would have it."""
        title = self.titles.get(passage)
        window = self._window(passage, answer, rng)
        return documents.dressed(window, title, rng) if rng.random() < self.reading.dress_share else window

    def _window(self, passage: str, answer: str | None, rng: random.Random) -> str:
        """Return the whole passage, or mostly a window of it around the answer, cut between words."""
        passage = self._in_paragraph(passage, answer, rng)
        size = PARAGRAPH_CHARS if rng.random() < self.reading.long_share else rng.randint(*self.reading.window_chars)
        if len(passage) <= size:
            return passage
        found = passage.lower().find(answer.lower()) if answer else rng.randrange(len(passage))
        if answer and found < 0:  # a free-form answer: no window is known to hold it
            return passage[:PARAGRAPH_CHARS]
        spare = max(0, size - len(answer or ""))
        start = min(max(0, found - rng.randint(0, spare)), len(passage) - size)
        return _whole_words(passage, start, start + size)

    def _in_paragraph(self, passage: str, answer: str | None, rng: random.Random) -> str:
        """Return a short passage set between the sentences of some paragraph, as often as the reading asks for.

        A third of the questions have a single sentence as their passage; nothing would be searched for in it.
        """
        if len(passage) > SENTENCE_CHARS or rng.random() >= self.reading.set_share:
            return passage
        paragraph = max((self._paragraph(rng) for _ in range(2)), key=len)[: PARAGRAPH_CHARS - SENTENCE_CHARS]
        if answer and _holds(paragraph, answer):
            return passage
        sentences = documents.SENTENCE_END.split(paragraph)
        sentences.insert(rng.randint(0, len(sentences)), passage)
        return " ".join(sentences)

    def _paragraph(self, rng: random.Random) -> str:
        return rng.choice(rng.choice(self.sources.articles).paragraphs)


@dataclass(frozen=True, slots=True)
class _BySource:
    questions: list[list[Question]]
    weights: list[float]


def _spread(questions: Sequence[Question]) -> _BySource:
    """Group questions by source, weighing a source by the root of its number of passages times its questions.

    qamr has 36 questions on each of 978 sentences: drawn by count, they would crowd out all other text.
    """
    groups: dict[str, list[Question]] = {}
    for question in questions:
        groups.setdefault(question.source, []).append(question)
    weights = [(len(group) * len({one.passage for one in group})) ** 0.5 for group in groups.values()]
    return _BySource(list(groups.values()), weights)


def unique(texts: Iterable[str]) -> Iterator[str]:
    """Yield each text once."""
    seen: set[str] = set()
    for text in texts:
        if text not in seen:
            seen.add(text)
            yield text


def _holds(passage: str, answer: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(answer.lower())}(?!\w)", passage.lower()) is not None


def _whole_words(text: str, start: int, stop: int) -> str:
    """Return text[start:stop], widened to word borders."""
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = text.find(" ", stop)
    return text[start : end if end >= 0 else len(text)].strip()
