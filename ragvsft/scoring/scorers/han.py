"""Chinese and Japanese numerals become digits: "二十一天" as "21 天", "120万" as "1200000", "百分之五" as "5%"."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_NUMERAL = "零〇一二两兩三四五六七八九十百千万萬亿億兆"
_RUN = re.compile(rf"(?:\d[\d,.]* ?)?[{_NUMERAL}](?:[{_NUMERAL}]| ?\d[\d,.]* ?(?=[{_NUMERAL}]))*")
# what is counted, or makes a date or a time: before it a single numeral is a number and no part of a word
_COUNTER = re.compile(
    " ?[天日月年岁歳歲小时時点點分秒个個箇ヶケか名位人元块円圆公里米次周週星期号號倍种種件台张張条條章节節"
    "度级級层層楼頁页本歩杯つ%]"
)
_WORDS = re.compile("万一|千万(?!人|元|円)|十分(?![之钟鐘])|一(?:般|些|定|起|样|樣|直|切|致|方面|旦)|统一|唯一")
_SHARE = re.compile(rf"([\d{_NUMERAL}.]{{1,20}}) ?分之 ?([\d{_NUMERAL}.]{{1,20}})")
_PERCENT = re.compile(rf"百分之 ?([\d{_NUMERAL}点點.]+)")


def digits(text: str) -> str:
    """Return the text with numerals of Han script as digits; words that only contain one keep it."""
    if "分之" in text:
        text = _PERCENT.sub(lambda match: f" {_read(match[1]) or match[1]}% ", text)
        text = _SHARE.sub(lambda match: f" {_read(match[2]) or match[2]}/{_read(match[1]) or match[1]} ", text)
    kept = {at for match in _WORDS.finditer(text) for at in range(*match.span())}
    return _RUN.sub(lambda match: _written(match, kept), text)


def _written(match: re.Match[str], kept: set[int]) -> str:
    run, text = match[0], match.string
    if not kept.isdisjoint(range(*match.span())):
        return run
    lonely = len(run) == 1 and run in _DIGITS
    ordinal = text[match.start() - 1 : match.start()] == "第"
    if lonely and not (ordinal or _COUNTER.match(text, match.end()) or text.strip(" .") == run):
        return run
    value = _read(run)
    return run if value is None else f" {value} "


def _read(run: str) -> str | None:
    """Return what a run of numerals says, in digits; None if it says no number."""
    run = run.replace(" ", "").replace(",", "")
    whole, point, decimals = re.sub("[点點]", "|", run).partition("|")
    if point:
        units, tenths = _read(whole), _spelled(decimals)
        return f"{units}.{tenths}" if units and tenths else None
    if not any(character in _SMALL or character in _LARGE for character in run):
        return _spelled(run)
    total, section, number = Decimal(0), Decimal(0), Decimal(0)
    for part in re.findall(r"[\d.]+|.", run):
        if part in _LARGE:
            total, section, number = total + (section + number or 1) * _LARGE[part], Decimal(0), Decimal(0)
        elif part in _SMALL:
            section, number = section + (number or 1) * _SMALL[part], Decimal(0)
        else:
            try:
                number = Decimal(_DIGITS.get(part, part))
            except InvalidOperation:
                return None
    return format((total + section + number).normalize(), "f")


def _spelled(run: str) -> str | None:
    """Return digits that are said one by one, as in "二〇二四"; two of them alone mean "about"."""
    if not run or (len(run) == 2 and "〇" not in run and "零" not in run and not run.isascii()):
        return None
    written = "".join(str(_DIGITS.get(character, character)) for character in run)
    return written if re.fullmatch(r"\d+(?:\.\d+)?", written) else None
