"""What a text says in plain letters, and whether that is what the task told the model to say."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from ragvsft.scoring.scorers.declining.common import FILLER

_QUOTES = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
        **dict.fromkeys('“”„‟«»「」『』*_#>"', " "),
        **dict.fromkeys("\u200b\u200c\u2060\ufeff\u00ad"),
        "ł": "l",
        "،": ",",
        "؛": ";",
        "؟": "?",
        **dict.fromkeys("।۔", "."),
    }
)
_TAG = re.compile(r"<(think|thinking)>.*?</\1>|</?[a-z_]+>", re.IGNORECASE | re.DOTALL)  # "</think>", "<answer>"
_PARAGRAPH = re.compile(r"(?<![.!?:;,])\s*\n\s*\n\s*")
_LATIN_ACCENTS = re.compile("[\u0300-\u036f]")  # and not the voicing marks of Japanese
_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?:です|でした|でございます|ます|よ|呢|啊|了)$")


def folded(text: str) -> str:
    """Return a text in lower case without accents, quotation marks and emphasis, every form of Unicode alike."""
    plain = unicodedata.normalize("NFKC", _TAG.sub(" ", text)).casefold()
    plain = _LATIN_ACCENTS.sub("", unicodedata.normalize("NFD", plain))
    plain = unicodedata.normalize("NFC", plain).translate(_QUOTES)
    return " ".join(_PARAGRAPH.sub(". ", plain.strip()).split())


@lru_cache(maxsize=256)  # ten languages ask of each sentence
def is_copy(plain: str, refusal: str) -> bool:
    """Return whether a folded text says what it was told to, give or take "Answer:", "sorry" and punctuation."""
    wanted = _wanted(refusal)
    said = _words(plain)
    if not wanted:
        return plain == folded(refusal) != ""
    missing, added = Counter(wanted) - Counter(said), Counter(said) - Counter(wanted)
    if len(wanted) > 2 and not missing:  # in another order: "Det vet jag inte" for "Jag vet inte"
        return all(FILLER.fullmatch(word) or (word in wanted and _is_repeated(said, wanted)) for word in added)
    return _is_repeated(said, wanted)


def _is_repeated(said: Sequence[str], wanted: Sequence[str]) -> bool:
    """Return whether words are said in their order, once or more often, with nothing but fillers beside them."""
    at = 0
    for word in said:
        if word == wanted[at % len(wanted)]:
            at += 1
        elif not FILLER.fullmatch(word):
            return False
    return at > 0 and at % len(wanted) == 0


@lru_cache(maxsize=16)
def _wanted(refusal: str) -> tuple[str, ...]:
    return tuple(_words(folded(refusal)))


def _words(plain: str) -> list[str]:
    return _WORD.findall(_ENDING.sub("", plain.strip(" .!。")).replace("'", ""))
