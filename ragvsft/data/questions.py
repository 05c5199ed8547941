"""A question taken apart, and whether two of them ask the same.

Compared is what differs. Another number, code or name, a negation, a word in place of another one: another question.
Order, case, spelling, inflection, little words: the same. An adapter that was taught the second kind has seen the test;
of the first kind it has seen a neighbour, which is what examples are for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that may come, go or change while a question stays the same, and words that turn it round, of ten languages,
# without accents. Words that ask (who, when, where ...) are in neither.
_LITTLE = _listed(
    """
    a an the this that these those it its there here of in on at to for by from as and or if is are was were be been am
    do does did has have had will would can could i we you me my our your us please now currently exactly just so
    then yet already
    der die das den dem des ein eine einen einem einer eines ist sind war waren wird werden wurde hat haben hatte kann
    konnen ich wir sie es man mir mich uns mein meine ihr ihre im am an in auf zu zum zur von vom fur bei mit und oder
    denn bitte jetzt schon
    le la les l un une des du de d au aux en dans sur pour par est sont etait ont a ai avoir etre ce cette ces c s que
    qu je j on nous vous mon ma mes notre votre t m et ou il elle y peut
    el los las lo una unos unas del al y o es son esta estan era ha han hay se me mi su sus nos por para con
    il i gli uno della dello dei delle degli nel nella al alla ai e ed sono era ho hanno si ci mi di da per
    os as um uma do da dos das no na nos nas ao aos foi eu meu minha em com
    het een van op te aan is zijn was heeft hebben kan ik we mijn ons onze en of er
    w we z ze na do i oraz jest sa byl byla ma maja sie czy mi moj nasz dla od po
    и в во на о об у к с со из за для это этот эта эти есть был была были мне мой наш ли же бы по
    的 了 吗 呢 吧 啊 嘛 嗎
    है हैं था थे का की के को में से पर और क्या यह
    في من على إلى عن هو هي هل و
    """
)
_NEGATIONS = _listed(
    """
    not no non never without neither nor cannot nicht kein keine keinen keinem keiner keines nie niemals ohne
    ne n pas jamais sans aucun aucune nunca sin ningun ninguna nao sem nenhum nenhuma senza nessun nessuna
    niet geen nooit zonder nie bez zaden zadna не нет без никогда
    不 没 沒 无 無 非 未 别 नहीं न لا ليس غير بدون لم لن
    """
)
_NEGATING = re.compile("ない|ません|なかった|ไม่|않|없")  # where no blanks separate words
_ASKING = re.compile("だれ|どこ|いつ|なに|なぜ|どう|いくら|いくつ|どれ|どの")
_WAYS = _listed("from to into von nach de a da van naar из в z do から まで")
_GOALS = frozenset(("to", "into", "nach", "naar"))
_COUNTED = {  # words for numbers that are nothing else in another of the languages, as "once" and "due" are
    word: str(number)
    for number, words in enumerate(
        (
            "two zwei deux dos", "three drei trois tres", "four vier quatre cuatro", "five funf fünf cinq cinco",
            "six sechs seis", "seven sieben siete", "eight acht huit ocho", "nine neun nueve", "ten zehn diez",
            "eleven onze", "twelve zwölf douze doce",
        ),
        start=2,
    )
    for word in words.split()
}  # fmt: skip
_SAME = {"which": "what", "wont": "will", "whats": "what"}

_CONTRACTED = re.compile(r"(?<=[a-z])n['’ʼ]t\b", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d)[,.'’\u00a0\u202f](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SIGN = re.compile(r"(?<!\S)[-−](?=\d)")
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
_ENDINGS = _listed(  # of nouns, adjectives and verbs of the languages above
    """
    s es e ed d ing y ies ied en n em m er t te st a o as os i
    owi om ow ami ach emu ym ego ej ы и а у е ю ом ам ах ами ого ому ым ых ий ые ый ая ую ет ют ит ят
    """
)
_NAME_ENDINGS = frozenset(("s", "es", "n", "en", "e"))
_STEM = 4  # letters that inflected forms of a word share
_LONGEST_ENDING = 3
_SPELLABLE = 5  # letters: in a shorter word, one letter more or less makes another word
_ONE_SIDED = 0.80  # share of the longer question's words that the shorter must hold


@dataclass(frozen=True, slots=True)
class Question:
    """What a wording is compared by."""

    wording: str  # words and numbers separated by one blank, without case, punctuation and Unicode variants
    solid: str  # the same without blanks and accents: "log in" is "login"
    words: frozenset[str]  # that carry meaning, without accents
    strict: frozenset[str]  # of them names and parts of codes
    signature: tuple[str, ...]  # what must be equal: numbers, symbols, negation, words that ask
    ways: frozenset[tuple[str, str]]  # words with the "from" or "to" before them
    doc_ids: frozenset[str]
    order: tuple[str, ...] = ()  # the words, in order


@dataclass(frozen=True, slots=True)
class _Word:
    text: str  # folded
    strict: bool


@cache
def _kind(character: str) -> str:
    """Return what a character is to a wording: "letter", "digit", "alone" (a word of its own), "symbol", or ""."""
    category = unicodedata.category(character)
    if category == "Nd":
        return "digit"
    if category[0] in "LMN":
        return "alone" if unicodedata.name(character, "").startswith(_UNSPACED) and category[0] == "L" else "letter"
    return "symbol" if category in ("Sc", "Sm") or character in "%#" else ""


def take_apart(text: str, doc_ids: Sequence[str] = ()) -> Question:
    """Return a question as it is compared with others."""
    words, numbers, symbols = _words(_normal(text))
    wording = " ".join([word.text for word in words])
    folded = {_plain(word.text): word for word in words if _kind(word.text[0]) in ("letter", "alone")}
    told = [name for name, word in folded.items() if word.strict or not _is_little(name)]
    meant = frozenset(_SAME.get(name, name) for name in told or folded)
    negated = bool(_NEGATIONS & folded.keys()) or _NEGATING.search(text) is not None
    return Question(
        wording=wording or text.strip(),
        solid=_plain(wording).replace(" ", "") or text.strip(),
        words=meant,
        strict=frozenset(name for name in meant if name in folded and folded[name].strict),
        signature=(*sorted(numbers), *sorted(symbols), *sorted(_ASKING.findall(text)), *["not"] * negated),
        ways=frozenset((_plain(word.text), way.text) for way, word in pairwise(words) if way.text in _WAYS),
        doc_ids=frozenset(doc_ids),
        order=tuple(name for word in words if (name := _SAME.get(_plain(word.text), _plain(word.text))) in meant),
    )


def _is_little(word: str) -> bool:
    """Return whether a word says nothing about what is asked; in Japanese that is written in other letters."""
    hiragana = len(word) == 1 and unicodedata.name(word, "").startswith("HIRAGANA")
    return hiragana or word in _LITTLE or word in _NEGATIONS


def ask_the_same(one: Question, other: Question) -> bool:
    """Return whether two questions are the same or nearly, whatever documents they are asked of."""
    if one.wording == other.wording or one.solid == other.solid:
        return True
    if one.signature != other.signature or _are_swapped(one.ways, other.ways) or _change_roles(one, other):
        return False
    left, right = one.words - other.words, other.words - one.words
    strict = one.strict | other.strict
    for word in sorted(left):
        match = next((w for w in sorted(right) if are_forms(word, w, names=word in strict or w in strict)), None)
        if match is not None:
            left, right = left - {word}, right - {match}
    if (left and right) or (left | right) & strict:
        return False
    return max(len(left), len(right)) <= (1 - _ONE_SIDED) * max(len(one.words), len(other.words)) + 1e-9


def _are_swapped(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> bool:
    """Return whether two questions go the same way in opposite directions: from Lyon to Milan, from Milan to Lyon."""
    return sum(word == again and way != back for word, way in one for again, back in other) > 1


def _change_roles(one: Question, other: Question) -> bool:
    """Return whether two names, or the start and the goal of a change, have changed places in the same words.

    Germany beat Brazil is not Brazil beat Germany; Anna and Ben are Ben and Anna, since no word is between them.
    """
    if len(one.order) != len(other.order) or one.words != other.words:
        return False
    moved = [at for at, (a, b) in enumerate(zip(one.order, other.order, strict=True)) if a != b]
    if len(moved) != 2:
        return False
    goals = [{word for word, way in question.ways if way in _GOALS} for question in (one, other)]
    pair = {one.order[at] for at in moved}
    apart = moved[1] - moved[0] > 1 and pair <= one.strict | other.strict
    return apart or (len(pair) == 2 and all(len(pair & goal) == 1 for goal in goals) and goals[0] != goals[1])


def of_other_documents(one: Question, other: Question) -> bool:
    """Return whether two questions are asked of different documents, both of which are known."""
    return bool(one.doc_ids and other.doc_ids) and one.doc_ids.isdisjoint(other.doc_ids)


def are_forms(one: str, other: str, *, names: bool = False) -> bool:
    """Return whether two words are inflections or spellings of one; of names and codes only a case or a possessive."""
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    if len(short) < _STEM - 1 or len(long) - len(short) > _LONGEST_ENDING:
        return False
    shared = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    endings = (short[shared:], long[shared:])
    if shared == len(short) and (endings[1] == "s" or len(short) >= _STEM):
        return endings[1] in _NAME_ENDINGS if names else True
    if len(short) > _SPELLABLE and _without_umlauts(short) == _without_umlauts(long):
        return True
    if names:
        return set(endings) == {"s", "es"} or (len(short) > _SPELLABLE and _is_swapped(short, long, shared))
    if shared >= _STEM and _ENDINGS.issuperset(endings):
        return True
    return len(short) >= _SPELLABLE and (_is_swapped(short, long, shared) or _is_misspelt(short, long, shared))


def keys_of(word: str) -> set[str]:
    """Return keys such that two words that are forms of one have a key in common."""
    edited = {word[:at] + word[at + 1 :] for at in range(len(word))} if len(word) >= _STEM else set()
    return {word, _without_umlauts(word), *edited, *([f"{word[:_STEM]}-"] if len(word) >= _STEM else [])}


def _without_umlauts(word: str) -> str:
    """Return a word with ae, oe and ue as a, o and u, which is what is left of an umlaut without its dots."""
    return re.sub("(?<=[aou])e", "", word)


def _is_swapped(short: str, long: str, shared: int) -> bool:
    """Return whether two neighbouring letters changed places."""
    swapped = short[shared : shared + 2][::-1] + short[shared + 2 :]
    return len(short) == len(long) and swapped == long[shared:]


def _is_misspelt(short: str, long: str, shared: int) -> bool:
    """Return whether one letter is missing or different; not the last one, which may be an ending with a meaning."""
    if len(short) < len(long):
        return short[shared:] == long[shared + 1 :]
    nasal = {short[-1], long[-1]} == {"m", "n"}
    return short[shared + 1 :] == long[shared + 1 :] and (0 < shared < len(short) - 1 or nasal)


def _normal(text: str) -> str:
    text = unicodedata.normalize("NFKC", _THOUSANDS.sub("", text))
    text = "".join(character for character in text if unicodedata.category(character) != "Cf" and character != "\u0640")
    text = "".join(str(unicodedata.decimal(c)) if not c.isascii() and c.isdecimal() else c for c in text)
    return _SIGN.sub("− ", _CONTRACTED.sub(" not", text))


def _words(text: str) -> tuple[list[_Word], list[str], list[str]]:
    """Return the words of a text in order, numbers and symbols among them; and those apart."""
    words: list[_Word] = []
    numbers, symbols = [], []
    shouted = not any(character.islower() for character in text)
    for place, chunk in enumerate(text.split()):
        coded = any(map(str.isdigit, chunk))
        for kind, part in _parts(chunk):
            if kind == "digit":
                numbers.append(part)
            elif kind == "symbol":
                symbols.append(part)
            elif part.casefold() in _COUNTED:
                part = _COUNTED[part.casefold()]
                numbers.append(part)
            is_name = part[0].isupper() and place > 0 and not shouted and part != "I"
            is_acronym = len(part) > 1 and part.isupper() and not shouted
            words.append(_Word(part.casefold(), kind == "letter" and (coded or is_name or is_acronym)))
    return words, numbers, symbols


def _parts(chunk: str) -> list[tuple[str, str]]:
    """Return the words, numbers, symbols and lone letters of a text without blanks."""
    made: list[tuple[str, str]] = []
    at = 0
    while at < len(chunk):
        kind = _kind(chunk[at])
        if number := _NUMBER.match(chunk, at) if kind == "digit" else None:
            made.append((kind, number[0].replace(",", ".")))
            at = number.end()
            continue
        end = at + 1
        while end < len(chunk) and (
            unicodedata.category(chunk[end])[0] == "M" or (kind == "letter" == _kind(chunk[end]))
        ):
            end += 1
        if kind:
            made.append((kind, chunk[at:end]))
        at = end
    return made


@cache
def _plain(text: str) -> str:
    """Return a text without accents. Marks of other scripts are letters and stay."""
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", text))
