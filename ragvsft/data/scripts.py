"""What an encoder cannot read of a corpus, by script: found before a vector is made."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ragvsft.data.units import part_unread_words
from ragvsft.errors import CorpusError
from ragvsft.records import Document
from ragvsft.text import whole_share

# Share of a document's letters and digits that are in unknown tokens. By all-MiniLM-L6-v2: 0 % of a sentence in any
# language of Latin, Greek, Cyrillic, Hebrew or Arabic letters, 1 % in Urdu; 17 % in Hindi, 24 % in Korean, 27 % in
# Japanese, 66 % in Chinese, 64 to 100 % in Armenian, Georgian, Tamil, Telugu, Thai, Lao, Khmer, Burmese, Amharic.
UNREAD_LIMIT = 0.80  # past it the encoder does not read the document, and retrieval is lost before it begins
UNREAD_NOTED = 0.10  # past it what it misses is said
SPELT_LIMIT = 0.50  # share that is read letter by letter, past which it is said
_MULTILINGUAL = (
    "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
    "intfloat/multilingual-e5-small",
)
_SCRIPTS = {  # first words of Unicode names that are not names of scripts, or that few know
    "CJK": "Chinese characters",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "MYANMAR": "Burmese",
    "ETHIOPIC": "Ethiopic (Amharic)",
    "DEVANAGARI": "Devanagari (Hindi)",
}
_SPELT_WORD = 4  # letters: shorter words say little about an alphabet
_SPELT_TOKENS = 0.8  # for each letter: marks may have none
_NAMED = 3  # documents in one message


@dataclass(frozen=True, slots=True)
class WordReading:
    """How an encoder reads one word."""

    letters: int  # and digits
    unread: str  # of them those in unknown tokens
    spelt: bool  # a token for each letter: an alphabet that the encoder knows, and none of its words


class Reader(Protocol):
    """What there is to know of an encoder here."""

    name: str

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has."""
        ...

    def read_words(self, words: Sequence[str]) -> list[WordReading]:
        """Return how each word is read."""
        ...


@dataclass(frozen=True, slots=True)
class _Reading:
    doc_id: str
    share: float  # of its letters and digits
    script: str  # of most of that share


def check_readable(documents: Sequence[Document], encoder: Reader) -> list[str]:
    """Return what to know of how `encoder` reads the documents.

    Raises CorpusError where it cannot read more than `UNREAD_LIMIT` of a document's letters and digits.
    """
    words = [Counter(part_unread_words(document.text, encoder.count_tokens).split()) for document in documents]
    distinct = sorted(set().union(*words))
    known = dict(zip(distinct, encoder.read_words(distinct), strict=True))
    hidden = {word: reading.unread for word, reading in known.items() if reading.unread}
    spelt = {word: "".join(filter(str.isalnum, word)) for word, reading in known.items() if reading.spelt}
    letters = [sum(known[word].letters * n for word, n in counts.items()) for counts in words]
    ids = [document.doc_id for document in documents]
    others = " or ".join(name for name in _MULTILINGUAL if name != encoder.name)
    if bad := _past(UNREAD_LIMIT, ids, words, letters, hidden):
        raise CorpusError(
            f"{_named(bad)}: the encoder {encoder.name} does not know {whole_share(bad[0].share)} of the letters"
            f" ({bad[0].script}), and at most {whole_share(UNREAD_LIMIT)} may be unknown; set retrieval.encoder to"
            f" one that knows them, such as {others}"
        )
    notes = []
    if poor := _past(UNREAD_NOTED, ids, words, letters, hidden):
        worst = max(poor, key=lambda reading: reading.share)
        notes.append(
            f"{_named(poor)}: the encoder {encoder.name} does not know up to {whole_share(worst.share)} of the letters"
            f" ({worst.script}), so retrieval will be poor; consider retrieval.encoder: {others}"
        )
    if bad := _past(SPELT_LIMIT, ids, words, letters, spelt):
        notes.append(
            f"{_named(bad)}: the encoder {encoder.name} reads {whole_share(bad[0].share)} letter by letter"
            f" ({bad[0].script}): it knows no words of that language, so retrieval will be poor;"
            f" consider retrieval.encoder: {others}"
        )
    return notes


def reading_of(word: str, *, tokens: int, unread: str) -> WordReading:
    """Return how a word of so many tokens, some letters of which are in unknown ones, is read."""
    letters = "".join(filter(str.isalnum, word))
    is_alphabetic = letters.isalpha() and not any(unicodedata.name(c, "").startswith("CJK") for c in letters)
    is_spelt = is_alphabetic and not unread and len(letters) >= _SPELT_WORD and tokens >= _SPELT_TOKENS * len(letters)
    return WordReading(len(letters), "".join(filter(str.isalnum, unread)), is_spelt)


def _past(
    limit: float,
    ids: Sequence[str],
    words: Sequence[Counter[str]],
    letters: Sequence[int],
    marked: Mapping[str, str],
) -> list[_Reading]:
    """Return the documents of whose letters more than `limit` are marked, by word."""
    made = []
    for doc_id, counts, total in zip(ids, words, letters, strict=True):
        scripts: Counter[str] = Counter()
        for word in counts.keys() & marked.keys():
            for letter in marked[word]:
                scripts[_script(letter)] += counts[word]
        if scripts.total() > limit * total:
            made.append(_Reading(doc_id, scripts.total() / total, max(scripts, key=lambda name: (scripts[name], name))))
    return made


def _script(letter: str) -> str:
    first = unicodedata.name(letter, "UNNAMED").partition(" ")[0]
    return _SCRIPTS.get(first, first.capitalize())


def _named(readings: Sequence[_Reading]) -> str:
    more = len(readings) - _NAMED
    names = ", ".join(reading.doc_id for reading in readings[:_NAMED])
    return f"{names} and {more} more documents" if more > 0 else names
