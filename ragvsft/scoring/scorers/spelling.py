"""One spelling for texts that look alike: Unicode forms, quotes, dashes, digits and invisible characters."""

from __future__ import annotations

import re
import unicodedata

from ragvsft.characters import PLAIN_SIGNS

# scripts that set no blanks between words: Thai, Lao, Burmese, Khmer; kana, bopomofo, Han
NO_BLANKS = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\ua9ff\uaa60-\uaa7f"
    "\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
HANGUL = "\uac00-\ud7a3"

# before NFKC, which would make "10²" 102, "2½" 21/2, "Word™" WordTM and "5´" a blank
_EARLY = {
    **{ord(sign): None for sign in "™®©℠\u0640"},  # the last one stretches Arabic words
    **PLAIN_SIGNS,
    ord("º"): "\u00b0",
    ord("ª"): "\u00b0",
    ord("⁄"): "/",
    ord("×"): "x",
    ord("œ"): "oe",
    ord("Œ"): "OE",
    ord("æ"): "ae",
    ord("Æ"): "AE",
}
_LATE = str.maketrans({"。": ". ", "、": ", ", "،": ", ", "।": ". ", "٫": ".", "٬": ",", "٪": "%", "؟": "?", "・": " "})
_RAISED = re.compile("(?<=[^\\W_])([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_VULGAR = re.compile("(?<=\\d)(?=[¼½¾⅐-⅞])")
# vowel points that Hebrew and Arabic may leave out, and the selectors of emoji forms
_POINTS = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0652\u0670\ufe00-\ufe0f]")
_SEAM = re.compile(
    f"(?<=[{NO_BLANKS}])(?=[^{NO_BLANKS}\\s])|(?<=[^{NO_BLANKS}\\s])(?=[{NO_BLANKS}])|(?<=\\d)(?=[{HANGUL}])"
)
_BLANKS = re.compile(r"\s+")
_WONT, _CANNOT = re.compile(r"\bwon't\b", re.IGNORECASE), re.compile(r"(?<=\bc)an't\b", re.IGNORECASE)
_NOT = re.compile(r"\b(are|is|was|were|do|does|did|has|have|had|would|should|could|must|need)n't\b", re.IGNORECASE)
_TIMES = re.compile(r"(?<=[1-9]) ?x ?(?=\d)|(?<=\d0) ?x ?(?=\d)")  # and not "0x1F"
# as Turkish writes it, and Thai says it
_PERCENT_FIRST = re.compile(r"(?:(?<![\w%])%|(?<!\w)[Yy]üzde |ร้อยละ ?)(\d[\d.,]*\d|\d)(?!\w)")
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i", "ħ": "h", "ŧ": "t", "ð": "d", "þ": "th"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def spell(text: str) -> str:
    """Return the text in the one spelling that all comparisons read, case kept.

    NFKC; quotes, apostrophes and dashes in their ASCII form; digits of any script in ASCII; exponents as "^2"; no
    invisible characters, no points of Hebrew and Arabic; a blank where a script without blanks meets another one.
    """
    if text.isascii():
        return _BLANKS.sub(" ", _plainer(text)).strip()
    text = "".join(map(_visible, unicodedata.normalize("NFC", text)))
    text = _VULGAR.sub(" ", _RAISED.sub(r"^\1", text.translate(_EARLY)))
    text = unicodedata.normalize("NFKC", text).translate(_EARLY).translate(_LATE)
    return _BLANKS.sub(" ", _SEAM.sub(" ", _POINTS.sub("", _plainer(text)))).strip()


def _plainer(text: str) -> str:
    """Return a text with "not" for "n't", "10 x 20" for "10x20" and "20%" for "%20"."""
    if "n't" in text or "N'T" in text:
        text = _CANNOT.sub("annot", _NOT.sub(r"\1 not", _WONT.sub("will not", text)))
    if "%" in text or "üzde " in text or "ร้อยละ" in text:
        text = _PERCENT_FIRST.sub(r"\1%", text)
    return _TIMES.sub(" x ", text) if "x" in text else text


def fold(text: str) -> str:
    """Return spelled text without its case, in NFC."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text.casefold())


def bare(word: str) -> tuple[str, ...]:
    """Return how a folded word is written where its accents are left out: "müller" as "muller" and "mueller"."""
    if word.isascii():
        return ()
    stripped = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    forms = (stripped.translate(_LETTERS), word.translate(_UMLAUTS))
    return tuple(dict.fromkeys(form for form in forms if form != word))


def _visible(character: str) -> str:
    if character.isascii():
        return character
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return "" if category in {"Cf", "Cs"} else character
