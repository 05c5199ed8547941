"""What an encoder cannot read of a corpus, by script: found before a vector is made."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ragvsft.errors import CorpusError
from ragvsft.records import Document
from ragvsft.units import part_unread_words

if TYPE_CHECKING:
    from ragvsft.encoders import Encoder

# Share of a document's letters and digits that stand in unknown tokens. By all-MiniLM-L6-v2: 0 % of a sentence in any
# language of Latin, Greek, Cyrillic, Hebrew or Arabic letters, 1 % in Urdu; 17 % in Hindi, 24 % in Korean, 27 % in
# Japanese, 66 % in Chinese, 64 to 100 % in Armenian, Georgian, Tamil, Telugu, Thai, Lao, Khmer, Burmese, Amharic.
UNREAD_LIMIT = 0.10
SPELT_LIMIT = 0.50  # share that is read letter by letter, past which it is said
_MULTILINGUAL = (
    "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
    "intfloat/multilingual-e5-small",
)
_SCRIPTS = {  # first words of Unicode names that are no names of scripts, or that few know
    "CJK": "Chinese characters",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "MYANMAR": "Burmese",
    "ETHIOPIC": "Ethiopic (Amharic)",
    "DEVANAGARI": "Devanagari (Hindi)",
}
_NAMED = 3  # documents in one message


@dataclass(frozen=True, slots=True)
class WordReading:
    """How an encoder reads one word."""

    letters: int  # and digits
    unread: str  # of them those in unknown tokens
    spelt: bool  # a token for each letter: an alphabet that the encoder knows, and none of its words


@dataclass(frozen=True, slots=True)
class _Reading:
    doc_id: str
    share: float  # of its letters and digits
    script: str  # of most of that share


def check_readable(documents: Sequence[Document], encoder: Encoder) -> list[str]:
    """Return what to know of how `encoder` reads the documents.

    Raises CorpusError where it cannot read more than `UNREAD_LIMIT` of a document's letters and digits.
    """
    words = [Counter(part_unread_words(document.text, encoder.count_tokens).split()) for document in documents]
    distinct = sorted(set().union(*words))
    known = dict(zip(distinct, encoder.read_words(distinct), strict=True))
    unread, spelt = [], []
    for document, counts in zip(documents, words, strict=True):
        letters = sum(known[word].letters * n for word, n in counts.items()) or 1
        hidden = _scripts({word: n for word, n in counts.items() if known[word].unread}, known)
        if hidden.total() > UNREAD_LIMIT * letters:
            unread.append(_Reading(document.doc_id, hidden.total() / letters, hidden.most_common(1)[0][0]))
        lettered = _scripts({word: n for word, n in counts.items() if known[word].spelt}, None)
        if lettered.total() > SPELT_LIMIT * letters:
            spelt.append(_Reading(document.doc_id, lettered.total() / letters, lettered.most_common(1)[0][0]))
    others = " or ".join(name for name in _MULTILINGUAL if name != encoder.name)
    if unread:
        raise CorpusError(
            f"{_named(unread)}: the encoder {encoder.name} cannot read {unread[0].share:.0%} of the letters"
            f" ({unread[0].script}; {UNREAD_LIMIT:.0%} is the limit); set rag.encoder to one that can, such as {others}"
        )
    return [
        f"{_named(spelt)}: the encoder {encoder.name} reads {spelt[0].share:.0%} letter by letter ({spelt[0].script}):"
        f" it knows no words of that language, so passages will be found badly; consider rag.encoder: {others}"
    ] if spelt else []  # fmt: skip


def reading_of(word: str, *, tokens: int, unread: str) -> WordReading:
    """Return how a word of so many tokens, some letters of which stand in unknown ones, is read."""
    letters = sum(map(str.isalnum, word))
    alphabetic = not any(unicodedata.name(letter, "").startswith("CJK") for letter in word)
    spelt = not unread and letters >= 4 and tokens >= 0.8 * letters and word.isalpha() and alphabetic  # noqa: PLR2004
    return WordReading(letters, "".join(filter(str.isalnum, unread)), spelt)


def _scripts(counts: dict[str, int], known: dict[str, WordReading] | None) -> Counter[str]:
    """Return how many letters of which script the words hold, or what of them is unread."""
    found: Counter[str] = Counter()
    for word, n in counts.items():
        for letter in known[word].unread if known else filter(str.isalnum, word):
            found[_script(letter)] += n
    return found


def _script(letter: str) -> str:
    first = unicodedata.name(letter, "UNNAMED").partition(" ")[0]
    return _SCRIPTS.get(first, first.capitalize())


def _named(readings: Sequence[_Reading]) -> str:
    more = len(readings) - _NAMED
    names = ", ".join(reading.doc_id for reading in readings[:_NAMED])
    return f"{names} and {more} more documents" if more > 0 else names
