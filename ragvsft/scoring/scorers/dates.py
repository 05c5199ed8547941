"""Dates and times of day as values: "March 31st, 2024" is "2024-03-31", "5 p.m." is "17:00"."""

from __future__ import annotations

import re
from datetime import date

from ragvsft.scoring.scorers.tokens import Split, Token, rule

_MONTHS = (
    "January|Jan|Januar|Jänner|janvier|enero|gennaio|janeiro|januari|stycznia|января|січня|ledna|Ocak",
    "February|Feb|Februar|février|febrero|febbraio|fevereiro|februari|lutego|февраля|лютого|února|Şubat",
    "March|Mar|März|Mrz|mars|marzo|março|maart|marca|марта|березня|března|Mart",
    "April|Apr|avril|abril|aprile|kwietnia|апреля|квітня|dubna|Nisan",
    "May|Mai|mayo|maggio|maio|mei|maja|мая|травня|května|Mayıs|maj",
    "June|Jun|Juni|juin|junio|giugno|junho|czerwca|июня|червня|června|Haziran",
    "July|Jul|Juli|juillet|julio|luglio|julho|lipca|июля|липня|července|Temmuz",
    "August|Aug|août|agosto|augustus|augusti|sierpnia|августа|серпня|srpna|Ağustos",
    "September|Sept|Sep|septembre|septiembre|settembre|setembro|września|сентября|вересня|září|Eylül",
    "October|Oct|Oktober|Okt|octobre|octubre|ottobre|outubro|października|октября|жовтня|října|Ekim",
    "November|Nov|novembre|noviembre|novembro|listopada|ноября|листопада|Kasım",
    "December|Dec|Dezember|Dez|décembre|diciembre|dicembre|dezembro|grudnia|декабря|грудня|prosince|Aralık",
)
_NUMBERS = {name.casefold(): number for number, names in enumerate(_MONTHS, start=1) for name in names.split("|")}
MONTH_WORDS = {name: f"m{number:02}" for name, number in _NUMBERS.items() if len(name) > 3 or name in {"may", "mai"}}
_MONTH = "(?P<month>" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")(?!\w)\.?"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?P<year>1\d{3}|2\d{3})(?!\d|[.,]\d)"
_OF = r"(?:de |del |do |d')?"

_DAY_FIRST = re.compile(
    rf"(?<![\w.,])(?:the )?{_DAY}(?:st|nd|rd|th|er|°|\.)?[ -](?:of )?(?:day of )?{_OF}{_MONTH}"
    rf"(?:,? (?:of )?{_OF}{_YEAR}|-{_YEAR.replace('year', 'year2')})?(?:(?<=\d) (?:г|года|р|року|r|roku)\b\.?)?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w){_MONTH} (?:the )?{_DAY}(?:st|nd|rd|th)?(?![\w:])(?![.,]\d)(?:,? {_YEAR})?", re.IGNORECASE
)
_MONTH_YEAR = re.compile(rf"(?<!\w){_MONTH},? (?:of )?{_OF}{_YEAR}", re.IGNORECASE)
_ISO = re.compile(r"(?<![\w./-])(?P<year>\d{4})([-/.])(?P<month>\d\d?)\2(?P<day>\d\d?)(?![\w/-]|\.\d)")
_ISO_MONTH = re.compile(r"(?<![\w./-])(?P<year>1\d{3}|20\d\d)-(?P<month>0[1-9]|1[0-2])(?![\w/-]|\.\d)")
_NUMERIC = re.compile(r"(?<![\w./-])(?P<a>\d\d?)([-/.]) ?(?P<b>\d\d?)\2 ?(?P<year>\d{4}|\d\d)(?![\w/-]|\.\d)")
_EASTERN = re.compile(
    r"(?:(?P<year>\d{4}) ?[年년] ?)?(?P<month>\d\d?) ?[月월] ?(?P<day>\d\d?) ?(?:[日号號]|일)"
    r"|(?P<year2>\d{4}) ?[年년] ?(?P<month2>\d\d?) ?[月월]"
)
_WITH_HALF = re.compile(
    r"(?<![\w:.,])(?P<hour>\d\d?)(?:[:.](?P<minute>[0-5]\d)(?::[0-5]\d)?)? ?(?P<half>[ap]\.? ?m\b\.?)(?!\w)",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\w:.,])(?P<hour>[01]?\d|2[0-4])(?::(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?: ?(?:Uhr|hrs|hours|h)\b)?"
    r"| ?h ?(?P<minute2>[0-5]\d)|[.](?P<minute3>[0-5]\d) ?Uhr\b| ?(?P<clock>Uhr\b|o'clock\b))(?![\w:])",
    re.IGNORECASE,
)
_EASTERN_TIME = re.compile(
    r"(?P<half>上午|下午|午前|午後|早上|晚上|오전|오후) ?(?P<hour>\d\d?) ?[点點時时시](?:钟|鐘)?"
    r"(?: ?(?P<minute>\d\d?) ?[分분]| ?(?P<thirty>半))?"
)
_LATE_HALVES = {"下午", "午後", "晚上", "오후"}
# words that may be no months, where no year follows; and what stands beside them where they are
_VERB = re.compile(r"\d+ (?:may|march)|(?:may|march) \d+", re.IGNORECASE)
_NOUN = re.compile(r"(?:mars|mar) \d+", re.IGNORECASE)
_DATED_AFTER = re.compile(
    r"$|[^\w ]| [^\w ]| \d\d?:| (?:at|and|or|to|until|till|through|in|is|was|by|for|from|on|of|with|because|as|each"
    r"|every|this|next|last|und|bis|um|et|à|y|e)\b",
    re.IGNORECASE,
)
_DATED_BEFORE = re.compile(
    r"\b(?:on|by|until|till|since|before|after|from|dated|due|date|is|was|am|bis|vom|le|du|au|il|dal|el|op) $",
    re.IGNORECASE,
)


def _date(year: str | None, month: str | int, day: str | None) -> Token | None:
    number = int(month) if str(month).isdigit() else _NUMBERS[str(month).casefold()]
    if not 1 <= number <= 12:
        return None
    in_year, of_year = f"m{number:02}", f"{year}-{number:02}"
    if day is None:
        parts = (in_year, year or "")
        return Token(of_year, (), tuple(Split(parts, frozenset({key})) for key in parts))
    try:
        date(int(year or 2024), number, int(day))
    except ValueError:
        return None
    month_day = f"{number:02}-{int(day):02}"
    if year is None:
        return Token(month_day, (), (Split((in_year, str(int(day))), frozenset({in_year})),))
    finer = (((of_year, str(int(day))), of_year), ((in_year, str(int(day)), year), in_year))
    splits = [Split((month_day, year), frozenset({month_day})), Split((month_day, year), frozenset({year}))]
    return Token(f"{year}-{month_day}", (), (*splits, *(Split(parts, frozenset({key})) for parts, key in finer)))


def _named(match: re.Match[str]) -> Token | None:
    found = match.groupdict()
    if _is_verb(match):
        return None
    return _date(found.get("year") or found.get("year2"), found["month"], found.get("day"))


def _is_verb(match: re.Match[str]) -> bool:
    """Return whether a month without its capital is another word: "up to 5 may attend", "troops march 5 km"."""
    month = match["month"]
    as_verb = _VERB.fullmatch(match[0])
    if month.istitle() or not (as_verb or _NOUN.fullmatch(match[0])):
        return False
    text, start = match.string, match.start()
    is_dated = _DATED_AFTER.match(text, match.end()) or (
        as_verb and _DATED_BEFORE.search(text[max(0, start - 12) : start])
    )
    return not is_dated


def _eastern(match: re.Match[str]) -> Token | None:
    return _date(match["year"] or match["year2"], match["month"] or match["month2"], match["day"])


def _numeric(match: re.Match[str]) -> Token | None:
    """Day and month as the dots of "31.03.2024" say, else as only one reading allows, else both ways."""
    first, mark, second, year = match["a"], match[2], match["b"], match["year"]
    if len(year) == 2:
        year = f"{'20' if int(year) < 69 else '19'}{year}"
    by_day, by_month = _date(year, second, first), _date(year, first, second)
    if not (by_day and by_month) or mark == "." or by_day == by_month:
        return by_day or by_month
    text = f"{int(first)}/{int(second)}/{year}"
    return Token(text, (by_day.text, by_month.text), (Split((text.rpartition("/")[0], year), frozenset({year})),))


def _time(hour: str, minute: str | None, *, half: str = "", second: str | None = None) -> Token | None:
    hours = int(hour)
    if half and not 1 <= hours <= 12:
        return None
    if half:
        hours = hours % 12 + (12 if half == "p" else 0)
    return Token(f"{hours:02}:{int(minute or 0):02}" + (f":{second}" if second and second != "00" else ""))


def _with_half(match: re.Match[str]) -> Token | None:
    return _time(match["hour"], match["minute"], half=match["half"][0].lower())


def _clock(match: re.Match[str]) -> Token | None:
    found = match.groupdict()
    minute = found["minute"] or found["minute2"] or found["minute3"]
    token = _time(match["hour"], minute, second=found["second"])
    if token and (found["clock"] or "").lower() == "o'clock" and int(match["hour"]) < 13:
        later = _time(match["hour"], None, half="p")
        return Token(token.text, (later.text,)) if later else token
    return token


def _eastern_time(match: re.Match[str]) -> Token | None:
    minute = "30" if match["thirty"] else match["minute"]
    return _time(match["hour"], minute, half="p" if match["half"] in _LATE_HALVES else "a") or _time(
        match["hour"], minute
    )


RULES = (
    rule(_EASTERN, _eastern, "月월"),
    rule(_ISO, _named, "-/."),
    rule(_NUMERIC, _numeric, "-/."),
    rule(_DAY_FIRST, _named, _NUMBERS),
    rule(_MONTH_FIRST, _named, _NUMBERS),
    rule(_MONTH_YEAR, _named, _NUMBERS),
    rule(_ISO_MONTH, _named, "-"),
    rule(_EASTERN_TIME, _eastern_time, "午早晚오"),
    rule(_WITH_HALF, _with_half, ["am", "pm", "m"]),
    rule(_CLOCK, _clock, [":", "uhr", "clock", "h"]),
)
