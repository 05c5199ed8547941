"""Numbers with what belongs to them: "2.5mg", "$1.2bn", "1 200", "5 per cent" and "½" as values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from math import gcd

from ragvsft.scoring.scorers.identifiers import version
from ragvsft.scoring.scorers.tokens import Split, Token
from ragvsft.scoring.scorers.units import (
    MONEY,
    MULTIPLE,
    RATE,
    SHORT_LARGE,
    SIGN,
    UNIT,
    WORDY_CODES,
    multiple_of,
    rate_of,
    read_as,
    unit_of,
)

_INTEGRAL = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}|\d{1,2}(?:,\d{2})+,\d{3}"
    r"|\d{1,3}(?:'\d{3})+(?:[.,]\d+)?|\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?(?! ?\d)|\d+[.,]\d+|\.\d+|\d+"
)
_FRACTION = r"(?:(?P<whole>\d{1,9}) )?(?P<top>\d{1,9})(?: ?/ ?| (?i:out of) )(?P<bottom>\d{1,9})(?![/\d])"
LEAD = 5  # characters of sign and currency before the first digit
_QUANTITY = re.compile(
    rf"(?=\D{{0,{LEAD}}}\d)(?P<sign>(?<![^\s(\[\"'=:<>~])[-+])?(?<!\w)(?<!\d[.,:/])(?<![^\W\d]-)"
    rf"(?:(?P<before>{SIGN}) ?)?(?P<minus>(?<![\d ])-)?"
    rf"(?:{_FRACTION}|(?P<number>{_INTEGRAL}))(?!\d)(?![.,]\d)"
    rf"(?: ?(?P<large>{MULTIPLE})(?i: de| d'|))?(?: ?(?P<short>[mMbBtT])(?![\w^/]))?"
    rf"(?:[ -]?(?P<unit>{UNIT})|(?!\w)(?!-[^\W\d]))(?:{RATE})?"
)
# languages that set a comma before decimals and a dot between thousands
_COMMA_WORDS = re.compile(
    r"\b(?:(?i:der|die|das|und|ist|beträgt|etwa|rund|über|von|Einwohner|Personen|Menschen|Mitarbeiter|Stück|euros?|Tage"
    r"|Jahre|habitants|habitantes|abitanti|inwoners|personas|pessoas|persone|personnes|della|circa|aproximadamente"
    r"|cerca|environ|ongeveer|het|een)|los|las|LOS|LAS|Kilometer|Meter)\b"
)
_METRES = re.compile(r"\b(?:kilometer|meter)\b", re.IGNORECASE)  # German, or English without its capitals
_ENGLISH = re.compile(r"\b(?:the|an?|is|of|it|its|are|about|at|from|for)\b", re.IGNORECASE)
# after these a number names a version or a place in a text, so that 3.10 is not 3.1
_NUMBERED = re.compile(
    r"(?:\b(?i:python|java|ubuntu|debian|django|node|php|ruby|perl|go|rust|kotlin|swift|postgres|postgresql|mysql|numpy"
    r"|tls|ssl|usb|http|bluetooth|windows|macos|ios|android|kubernetes|release|build|section|chapter|clause|article"
    r"|paragraph|table|figure|page|part|rule|annex|schedule)|ragvsft) ?$"
)
_NAMED = re.compile(r"(?<=[^.!?:] )[A-Z][\w+#]* ?$")  # a name, but for a text in capitals


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in digits, and the unit at it."""

    number: str
    unit: str | None


def token(number: str, unit: str | None, readings: tuple[str, ...] = ()) -> Token:
    """Return a number with its unit as one token, which falls apart against a bare number only."""
    if unit is None:
        return Token(number, readings)
    return Token(
        f"{number} {unit}", readings, (Split((number, unit), frozenset({number}), loose=unit in {"%", "pp", "‰"}),)
    )


def read(match: re.Match[str]) -> tuple[list[Token], Quantity | None]:
    """Return the tokens of what `PATTERN` matched; the quantity where they are one."""
    unit, value, rest = _unit(match), _value(match), []
    if match["unit"] and unit is None:
        return [], None  # "5G" is a name
    if match["short"]:
        if unit in MONEY:
            value = value * SHORT_LARGE[match["short"]] if isinstance(value, Decimal) else value
        elif unit is None and match["short"] == "M" and isinstance(value, Decimal):
            value *= SHORT_LARGE["M"]
        elif unit is None and unit_of(match["short"]):
            unit = unit_of(match["short"])
        else:
            rest = [Token(match["short"].lower())]
    sign = "-" if "-" in (match["sign"] or "") + (match["minus"] or "") else ""
    number = sign + (value if isinstance(value, str) else plain(value))
    readings = _readings(match, number, value, unit)
    if match["before"] in WORDY_CODES and unit and unit not in MONEY:  # "TRY 5 TIMES"
        return [Token(match["before"].lower()), token(number, unit, readings), *rest], None
    rate = rate_of(match)
    if rate:
        return _rated(token(number, unit, readings), rate, rest), Quantity(number, f"{unit}/{rate}" if unit else rate)
    return [token(number, unit, readings), *rest], Quantity(number, unit)


def _rated(amount: Token, rate: str, rest: list[Token]) -> list[Token]:
    """Return "5 mg per day" as one token, which falls apart against "5 mg"; "5 per day" stays three."""
    if not amount.splits or rest:
        return [amount, *rest, Token("per"), Token(rate)]
    keys = frozenset({amount.text})
    splits = (
        Split((amount.text, f"/{rate}"), keys),
        *(Split((*s.parts, f"/{rate}"), s.keys, s.loose) for s in amount.splits),
    )
    return [Token(f"{amount.text}/{rate}", tuple(f"{other}/{rate}" for other in amount.readings), splits)]


def plain(value: Decimal) -> str:
    """Return a number in digits, without an exponent and without zeros that say nothing."""
    digits = format(value, "f")  # not normalize(), which rounds to 28 digits
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return digits if value else "0"


def _unit(match: re.Match[str]) -> str | None:
    before = unit_of(match["before"]) if match["before"] else None
    after = unit_of(match["unit"]) if match["unit"] else None
    if after and match["before"] in WORDY_CODES and after not in MONEY:
        return after
    return after if before in {None, after} or (before == "usd" and after in MONEY) else before


def _value(match: re.Match[str]) -> Decimal | str:
    """Return the value; a fraction that is none in lowest terms, or a code with leading zeros, as it is written."""
    if match["bottom"]:
        return _fraction(match["whole"], int(match["top"]), int(match["bottom"]), with_unit=bool(match["unit"]))
    written: str = match["number"]
    if _is_code(match, written):
        return written
    if "." in written and not match["unit"] and not match["before"] and not match["large"] and _is_version(match):
        return version(written)
    value = _decimal(written, with_commas=_reads_commas(match, written))
    return value * _multiple(match, value) if match["large"] else value


def _multiple(match: re.Match[str], value: Decimal) -> int:
    """Return the large number at a value; a German "Billion" follows a one and no sign, as others are "Billionen"."""
    in_english = match["before"] or (match["unit"] or "").endswith("s")
    return multiple_of(match["large"], may_be_german=value == 1 and not in_english)


def _is_code(match: re.Match[str], written: str) -> bool:
    if not written.isdigit() or match["unit"] or match["before"]:
        return False
    return len(written) > (2 if written.startswith("0") else 20)


def _is_version(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 40) : match.start()]
    if not match["number"].endswith("0"):
        return False
    return bool(_NUMBERED.search(before) or (_NAMED.search(before) and not match.string.isupper()))


def _fraction(whole: str | None, top: int, bottom: int, *, with_unit: bool) -> Decimal | str:
    finite = bottom and not 10**12 % bottom
    if finite and (whole or with_unit) and gcd(top, bottom) == 1:
        return int(whole or 0) + Decimal(top) / Decimal(bottom)
    return f"{int(whole or 0) * bottom + top}/{bottom}"


def _reads_commas(match: re.Match[str], written: str) -> bool:
    """Return whether "1.200" stands for 1200 and "1,200" for 1.2: with money the former, in some languages both."""
    if not re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", written):
        return False
    if _unit(match) in MONEY:  # which has no thousandths
        return "." in written
    text = match.string
    return bool(_COMMA_WORDS.search(text) or (_METRES.search(text) and not _ENGLISH.search(text)))


def _decimal(written: str, *, with_commas: bool) -> Decimal:
    if written.count(".") == 1 and "," not in written and " " not in written and "'" not in written:
        return Decimal(written.replace(".", "") if with_commas else written)
    if written.count(",") == 1 and re.fullmatch(r"[1-9]\d{0,2},\d{3}", written):
        return Decimal(written.replace(",", "." if with_commas and "," in written else ""))
    last = max(written.rfind("."), written.rfind(","))
    groups = re.split(r"[.,' ]", written)
    # one mark alone stands before decimals; two kinds: the last does; several of one kind: all between thousands
    kinds = {mark for mark in written if mark in ".,"}
    decimals = last >= 0 and (len(kinds) == 2 or (written.count(written[last]) == 1 and len(groups[-1]) != 3))
    if not decimals and last >= 0 and len(groups) == 2 and written[0] == "0":
        decimals = True
    if not decimals:
        return Decimal("".join(groups))
    return Decimal(f"{''.join(groups[:-1])}.{groups[-1]}")


def _readings(match: re.Match[str], number: str, value: Decimal | str, unit: str | None) -> tuple[str, ...]:
    if isinstance(value, str):
        top, _, bottom = value.partition("/")
        if bottom and int(bottom) and gcd(int(top), int(bottom)) == 1 and not 10**12 % int(bottom):
            return (plain(Decimal(top) / Decimal(bottom)),)
        return ()
    signed = -value if number.startswith("-") else value
    if unit:
        clock = (f"{int(signed):02}:00",) if unit == "h" and signed in range(25) else ()  # "17 h" in French
        return (*(f"{plain(other)} {name}" for other, name in read_as(signed, unit)), *clock)
    written = match["number"] or ""
    if re.fullmatch(r"\d+\.\d*0", written):
        return (version(written), *_moments(written))
    return (written,) if written.startswith("0") and written.isdigit() else _moments(written)


def _moments(written: str) -> tuple[str, ...]:
    """Return the time and the day that "17.30" or "24.12" may be, where the other text has one."""
    found = re.fullmatch(r"(\d\d?)\.(\d\d)", written)
    if not found:
        return ()
    first, second = int(found[1]), int(found[2])
    time = (f"{first:02}:{second:02}",) if first < 25 and second < 60 else ()
    return (*time, f"{second:02}-{first:02}") if 0 < first < 32 and 0 < second < 13 else time


PATTERN = _QUANTITY
