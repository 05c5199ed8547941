"""What other languages than English say for the numbers from 0 to 999."""

from __future__ import annotations

from collections.abc import Iterator

# language -> what is said for 0, 1, 2, ...; a dash where the word is an article or has another common meaning
_COUNTED = {
    "de": "null - zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn"
    " siebzehn achtzehn neunzehn zwanzig",
    "fr": "- - deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix+sept"
    " dix+huit dix+neuf vingt",
    "es": "cero - dos tres cuatro cinco seis siete ocho nueve diez - doce trece catorce quince dieciséis"
    " diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis"
    " veintisiete veintiocho veintinueve",
    "it": "- uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici"
    " sedici diciassette diciotto diciannove venti",
    "pt": "- - dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete"
    " dezoito dezenove vinte",
    "nl": "nul - twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien"
    " zeventien achttien negentien twintig",
    "sv": "noll - två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton"
    " nitton tjugo",
    "pl": "- jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście - - piętnaście"
    " - - - - dwadzieścia",
    "ru": "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать"
    " четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать",
    "tr": "sıfır - iki üç dört beş altı yedi sekiz dokuz",
    "vi": "không một hai ba bốn năm sáu bảy tám chín mười",
}
_MORE = {
    "veintiún": 21, "duas": 2, "dezasseis": 16, "dezassete": 17, "dezanove": 19, "две": 2, "dwie": 2, "dreissig": 30,
    "ein hundert": 100, "hundert": 100, "tausend": 1000, "cien": 100, "cento": 100, "cem": 100, "cent": 100,
    "mille": 1000, "mil": 1000, "honderd": 100, "duizend": 1000, "trettio": 30, "fyrtio": 40, "femtio": 50,
    "тридцать": 30, "сорок": 40, "пятьдесят": 50, "сто": 100, "тысяча": 1000,
    "шестьдесят": 60, "семьдесят": 70, "восемьдесят": 80, "девяносто": 90, "trzydzieści": 30, "czterdzieści": 40,
    "pięćdziesiąt": 50, "sześćdziesiąt": 60, "siedemdziesiąt": 70, "osiemdziesiąt": 80, "dziewięćdziesiąt": 90,
    "yirmi": 20, "otuz": 30, "kırk": 40, "elli": 50, "altmış": 60, "yetmiş": 70, "seksen": 80, "doksan": 90, "yüz": 100,
}  # fmt: skip


def spoken() -> Iterator[tuple[str, int]]:
    """Yield what eleven languages say for small numbers, with the values; a plus or a blank parts the words."""
    counted = {language: dict(enumerate(words.split())) for language, words in _COUNTED.items()}
    for words in counted.values():
        yield from ((word, value) for value, word in words.items() if word != "-")
    yield from _MORE.items()
    yield from _german(
        counted["de"], "und", "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig", "ein", "hundert"
    )
    yield from _german(
        counted["nl"], "en", "twintig dertig veertig vijftig zestig zeventig tachtig negentig", "een", "honderd"
    )
    yield from _french(counted["fr"])
    yield from _italian(counted["it"])
    tens = {"es": "treinta cuarenta cincuenta sesenta setenta ochenta noventa", "pt": "trinta quarenta"
    " cinquenta sessenta"
            " setenta oitenta noventa"}  # fmt: skip
    for language, joint, first in (("es", "y", 30), ("pt", "e", 20)):
        for ten, word in enumerate(tens[language].split(), start=3):
            yield word, 10 * ten
        for ten, word in enumerate((["vinte"] if first == 20 else []) + tens[language].split(), start=first // 10):
            for unit in range(1, 10):
                one = {"es": "uno", "pt": "um"}[language] if unit == 1 else counted[language][unit]
                yield f"{word} {joint} {one}", 10 * ten + unit


def _german(counted: dict[int, str], joint: str, tens: str, one: str, hundred: str) -> Iterator[tuple[str, int]]:
    below = {value: word for value, word in counted.items() if word != "-" and value}
    for ten, word in enumerate(tens.split(), start=2):
        below[10 * ten] = word
        for unit in range(1, 10):
            said = one if unit == 1 else counted[unit]
            umlaut = "ën" if joint == "en" and said.endswith("e") else joint
            below[10 * ten + unit] = f"{said}{umlaut}{word}"
    yield from ((word, value) for value, word in below.items())
    for hundreds in range(1, 10):
        said = "" if hundreds == 1 else counted[hundreds]
        yield f"{said}{hundred}", 100 * hundreds
        yield from ((f"{said}{hundred}{word}", 100 * hundreds + value) for value, word in below.items())
        yield f"{said or one}{'tausend' if hundred == 'hundert' else 'duizend'}", 1000 * hundreds
    yield f"{one}{hundred}", 100


def _french(counted: dict[int, str]) -> Iterator[tuple[str, int]]:
    tens = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre vingt"}
    for ten, word in tens.items():
        yield (word, ten)
        for unit in range(1, 20 if ten in {60, 80} else 10):
            joint = " et " if unit in {1, 11} and ten != 80 else " "
            yield f"{word}{joint}{'un' if unit == 1 else counted[unit]}", ten + unit
    yield from (("quatre vingts", 80), ("soixante dix", 70), ("septante", 70), ("nonante", 90))
    yield from ((f"{counted[n]} cents", 100 * n) for n in range(2, 10))


def _italian(counted: dict[int, str]) -> Iterator[tuple[str, int]]:
    tens = "venti trenta quaranta cinquanta sessanta settanta ottanta novanta"
    for ten, word in enumerate(tens.split(), start=2):
        yield word, 10 * ten
        for unit in range(1, 10):
            stem = word[:-1] if unit in {1, 8} else word
            yield f"{stem}{'tré' if unit == 3 else counted[unit]}", 10 * ten + unit
    yield from ((f"{counted[n]}cento", 100 * n) for n in range(2, 10))
