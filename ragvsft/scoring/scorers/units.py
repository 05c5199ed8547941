"""The units, currencies and large numbers that may stand at a number, with the ways they are written."""

from __future__ import annotations

import re
from decimal import Decimal

from ragvsft.scoring.scorers.spelling import NO_BLANKS

# unit -> spellings; those of one or two letters, and those with capitals inside, keep their case
_UNITS = {
    "%": "%|percent|per cent|pct|pct.|Prozent|pour cent|pour-cent|por ciento|por cento|per cento|procent"
    "|процентов|процента|퍼센트|パーセント|प्रतिशत|เปอร์เซ็นต์|ร้อยละ|بالمئة|yüzde",
    "pp": "percentage point|percentage points|%-points|Prozentpunkte|Prozentpunkten",
    "‰": "‰|per mille|per mil",
    "ng": "ng|nanogram|nanograms",
    "ug": "μg|ug|mcg|microgram|micrograms|Mikrogramm",
    "mg": "mg|milligram|milligrams|milligramme|milligrammes|Milligramm|мг|毫克|มิลลิกรัม|มก.|ملغ|मिलीग्राम"
    "|миллиграмм|миллиграммов",
    "g": "g|gram|grams|gramme|grammes|Gramm|gr|г|克|グラム|грамм|граммов|กรัม|غرام|ग्राम|γραμμάρια",
    "kg": "kg|kgs|kilo|kilos|kilogram|kilograms|kilogramme|kilogrammes|Kilogramm|кг|公斤|千克|キロ|กิโลกรัม"
    "|كيلوغرام|किलोग्राम|किलो|килограмм|килограммов",
    "t": "t|tonne|tonnes|metric ton|metric tons|Tonnen|吨|トン",
    "lb": "lb|lbs",
    "oz": "oz|ounce|ounces",
    "nm": "nm|nanometre|nanometres|nanometer|nanometers",
    "um": "μm|um|micrometre|micrometres|micrometer|micrometers",
    "mm": "mm|millimetre|millimetres|millimeter|millimeters|Millimeter|millimètres|мм|毫米",
    "cm": "cm|centimetre|centimetres|centimeter|centimeters|Zentimeter|centimètres|centímetros|см|厘米",
    "m": "m|metre|metres|meter|meters|mètre|mètres|metro|metros|metri|м|米|メートル|метров|метра|เมตร|متر|मीटर|미터",
    "km": "km|kms|kilometre|kilometres|kilometer|kilometers|Kilometer|kilomètre|kilomètres|kilómetro|kilómetros"
    "|chilometri|quilômetros|км|公里|千米|กิโลเมตร|كيلومتر|किलोमीटर|километров|километра",
    "inch": "inch|inches",
    "ft": "ft|foot|feet",
    "yd": "yd|yard|yards",
    "mile": "mi|mile|miles",
    "m2": "m^2|m2|sqm|sq m|square metre|square metres|square meter|square meters|Quadratmeter|qm|平方米",
    "km2": "km^2|km2|sq km|square kilometre|square kilometres|square kilometer|square kilometers|平方公里",
    "ft2": "ft^2|ft2|sq ft|sqft|square foot|square feet",
    "ha": "ha|hectare|hectares|Hektar",
    "acre": "acre|acres",
    "ml": "ml|mL|millilitre|millilitres|milliliter|milliliters|Milliliter|мл|毫升",
    "cl": "cl|cL|centilitre|centilitres|centiliter|centiliters",
    "dl": "dl|dL|decilitre|decilitres|deciliter|deciliters",
    "l": "l|L|litre|litres|liter|liters|litro|litros|litri|Liter|升",
    "m3": "m^3|m3|cubic metre|cubic metres|cubic meter|cubic meters|Kubikmeter|立方米",
    "gal": "gal|gallon|gallons",
    "ms": "ms|msec|millisecond|milliseconds|Millisekunden",
    "s": "s|sec|secs|sec.|second|seconds|Sekunde|Sekunden|seconde|secondes|segundo|segundos|secondi|секунд|秒|초"
    "|sekund|วินาที|ثانية|ثواني|सेकंड|giây|saniye|detik",
    "min": "min|mins|min.|minute|minutes|Minute|Minuten|minuto|minutos|minuti|minuten|minut|минут|минуты|分钟"
    "|分鐘|分間|분|นาที|دقيقة|دقائق|मिनट|phút|dakika|menit|minuta|minuty|λεπτά|דקות",
    "h": "h|H|hr|hrs|hour|hours|Stunde|Stunden|heure|heures|hora|horas|ora|ore|uur|uren|timmar|godzin|час|часа"
    "|часов|小时|小時|時間|시간|timer|tuntia|ชั่วโมง|ساعة|ساعات|घंटे|घंटा|giờ|saat|jam|hodin|hodiny|ώρες|ώρα"
    "|שעות|שעה",
    "day": "d|day|days|Tag|Tage|Tagen|jour|jours|día|días|dia|dias|giorno|giorni|dag|dagen|dagar|dni|dzień|день"
    "|дня|дней|天|日間|일|dage|dager|päivää|วัน|يوم|يوما|أيام|ايام|दिन|ngày|gün|hari|dní|dny|ημέρες|ημέρα|μέρες"
    "|ימים|יום|ថ្ងៃ|ມື້|ရက်|napja",
    "week": "wk|wks|week|weeks|Woche|Wochen|semaine|semaines|semana|semanas|settimana|settimane|weken|vecka"
    "|veckor|tydzień|tygodnie|tygodni|неделя|недели|недель|周|週|星期|個星期|个星期|週間|주|주일|uger|uker"
    "|viikkoa|สัปดาห์|أسبوع|أسابيع|सप्ताह|हफ्ते|tuần|hafta|minggu|týdnů|týdny|εβδομάδες|שבועות|សប្តាហ៍",
    "month": "month|months|Monat|Monate|Monaten|mois|mes|meses|mês|mese|mesi|maand|maanden|månad|månader|miesiąc"
    "|miesiące|miesięcy|месяц|месяца|месяцев|个月|個月|ヶ月|ケ月|か月|カ月|ヵ月|箇月|개월|måneder|kuukautta"
    "|เดือน|شهر|شهرا|أشهر|شهور|महीने|महीना|माह|tháng|ay|bulan|měsíců|měsíce|μήνες|חודשים|ខែ|ເດືອນ",
    "year": "y|yr|yrs|year|years|Jahr|Jahre|Jahren|an|ans|année|années|año|años|anno|anni|ano|anos|jaar|år|rok"
    "|lata|lat|год|года|лет|年间|年間|vuotta|ปี|سنة|سنوات|साल|वर्ष|năm|yıl|tahun|let|roky|χρόνια|έτη|שנים|שנה"
    "|ឆ្នាំ|ປີ|年",
    "time": "time|times|mal|fois|veces|volte|vezes",
    "degC": "°C|degC|degrees Celsius|degree Celsius|degrees C|degrees centigrade|Grad Celsius|degrés Celsius|℃",
    "degF": "°F|degF|degrees Fahrenheit|degree Fahrenheit|degrees F|Grad Fahrenheit",
    "deg": "°|degree|degrees|Grad|度",
    "bit": "bit|bits",
    "B": "B|byte|bytes",
    "kB": "kB|KB|kilobyte|kilobytes",
    "MB": "MB|mb|megabyte|megabytes",
    "GB": "GB|gb|gigabyte|gigabytes",
    "TB": "TB|terabyte|terabytes",
    "PB": "PB|petabyte|petabytes",
    "KiB": "KiB",
    "MiB": "MiB",
    "GiB": "GiB",
    "TiB": "TiB",
    "kbit": "kbit|kilobit|kilobits",
    "Mbit": "Mb|Mbit|megabit|megabits",
    "Gbit": "Gb|Gbit|gigabit|gigabits",
    "kbit/s": "kbit/s|kbps|kb/s",
    "Mbit/s": "Mbit/s|Mbps|Mb/s|megabits per second",
    "Gbit/s": "Gbit/s|Gbps|Gb/s|gigabits per second",
    "kB/s": "kB/s|KB/s|kilobytes per second",
    "MB/s": "MB/s|MBps|megabytes per second",
    "GB/s": "GB/s|GBps|gigabytes per second",
    "mW": "mW|milliwatt|milliwatts",
    "W": "W|watt|watts|Watt",
    "kW": "kW|KW|kilowatt|kilowatts|Kilowatt",
    "MW": "MW|megawatt|megawatts|Megawatt",
    "GW": "GW|gigawatt|gigawatts",
    "Wh": "Wh",
    "kWh": "kWh|KWh|KWH|kilowatt hour|kilowatt hours|kilowatt-hours|Kilowattstunden",
    "MWh": "MWh",
    "mV": "mV|millivolt|millivolts",
    "V": "V|volt|volts|Volt",
    "kV": "kV|kilovolt|kilovolts",
    "mA": "mA|milliamp|milliamps",
    "amp": "amp|amps|ampere|amperes|Ampere",
    "mAh": "mAh",
    "Hz": "Hz|hertz",
    "kHz": "kHz|kilohertz",
    "MHz": "MHz|megahertz",
    "GHz": "GHz|gigahertz",
    "kcal": "kcal|kilocalories",
    "kJ": "kJ|kilojoule|kilojoules",
    "hPa": "hPa",
    "kPa": "kPa|kilopascal|kilopascals",
    "psi": "psi",
    "dB": "dB|decibel|decibels|Dezibel",
    "ppm": "ppm|parts per million",
    "rpm": "rpm",
    "km/h": "km/h|kmh|kph|km per hour|kilometres per hour|kilometers per hour|kilometres an hour"
    "|kilometers an hour|Kilometer pro Stunde|Stundenkilometer|公里每小时",
    "mph": "mph|miles per hour|miles an hour",
    "m/s": "m/s|metres per second|meters per second",
    "岁": "岁|歲",
    "人": "人",
    "个": "个|個",
}
_MONEY = {
    "usd": "$|US$|USD|US dollar|US dollars|U.S. dollars|dollar|dollars|bucks|Dollar|dólares|美元|ドル",
    "cad": "C$|CA$|CAD|Canadian dollar|Canadian dollars",
    "aud": "A$|AU$|AUD|Australian dollar|Australian dollars",
    "hkd": "HK$|HKD",
    "nzd": "NZ$|NZD",
    "sgd": "S$|SGD",
    "eur": "€|EUR|euro|euros|Euro|Euros|欧元|ユーロ|유로|евро",
    "gbp": "£|GBP|pound sterling|pounds sterling|British pounds",
    "pound": "pound|pounds",
    "jpy": "JPY|yen|円|日元",
    "cny": "CNY|RMB|yuan|renminbi|元|人民币|块",
    "yensign": "¥",
    "inr": "₹|INR|Rs|Rs.|rupee|rupees",
    "krw": "₩|KRW|원",
    "rub": "₽|RUB|rouble|roubles|ruble|rubles|рублей|руб|руб.",
    "brl": "R$|BRL|reais",
    "chf": "CHF|Swiss franc|Swiss francs|Fr.|Franken|SFr.",
    "sek": "SEK|Swedish kronor|kronor",
    "nok": "NOK",
    "dkk": "DKK",
    "krone": "kr|kr.|krone|kroner",
    "pln": "PLN|zł|złoty|złotych",
    "czk": "CZK|Kč",
    "try": "₺|TRY|Turkish lira|TL|lirası",
    "mxn": "MXN",
    "vnd": "₫|VND",
    "thb": "฿|THB|บาท|baht",
    "uah": "₴|UAH|грн|гривень|гривні|hryvnia|hryvnias",
    "ils": "₪|ILS",
    "btc": "₿|BTC|bitcoin|bitcoins",
    "cent": "cent|cents|¢|ct",
}
MONEY = frozenset(_MONEY)
_LARGE = {
    12: "dozen",
    100: "hundred",
    10**3: "thousand|thousands|k|K|Tsd.|Tsd|mil|mila|тысяч|тыс.",
    10**4: "万|萬|만",
    10**5: "lakh|lakhs",
    10**6: "million|millions|mn|mio|mio.|Million|Millionen|Mio.|Mio|millón|millones|milione|milioni|milhão"
    "|milhões|miljoen|миллион|миллиона|миллионов|млн|млн.",
    10**7: "crore|crores",
    10**8: "亿|億|억",
    10**9: "billion|billions|bn|Milliarde|Milliarden|Mrd.|Mrd|milliard|milliards|miliardo|miliardi|miljard"
    "|миллиардов|млрд",
    10**12: "trillion|trillions|tn|Billion|Billionen|Bio.",
}
# only with money: "5m" alone is a length
SHORT_LARGE = {"m": 10**6, "M": 10**6, "b": 10**9, "B": 10**9, "t": 10**12, "T": 10**12}

_READ_AS = {"pound": ("gbp", "lb"), "yensign": ("jpy", "cny"), "krone": ("sek", "nok", "dkk"), "deg": ("degC", "degF")}
_SCALES: tuple[dict[str, str], ...] = (
    {"ng": "0.000000001", "ug": "0.000001", "mg": "0.001", "g": "1", "kg": "1000", "t": "1000000"},
    {"nm": "0.000000001", "um": "0.000001", "mm": "0.001", "cm": "0.01", "m": "1", "km": "1000"},
    {"ml": "0.001", "cl": "0.01", "dl": "0.1", "l": "1", "m3": "1000"},
    {"s": "1", "min": "60", "h": "3600", "day": "86400", "week": "604800"},
    {"month": "1", "year": "12"},
)
_ENGLISH = """
    percent milligram milligrams gram grams kilogram kilograms tonne tonnes ounce ounces millimetre millimetres
    millimeter millimeters centimetre centimetres centimeter centimeters metre metres meter meters kilometre
    kilometres kilometer
    kilometers inch inches feet mile miles yards hectare hectares acre acres millilitre millilitres litre litres liter
    liters gallon gallons seconds minute minutes hour hours week weeks month months year years days degrees
    bytes kilobytes megabyte megabytes gigabyte gigabytes terabyte terabytes watt watts kilowatt kilowatts volt volts
    dollar dollars euro euros rupee rupees rouble roubles ruble rubles cents
"""


def _spellings(table: dict[str, str]) -> dict[str, str]:
    return {spelling: unit for unit, row in table.items() for spelling in row.split("|")}


_EXACT = {**_spellings(_UNITS), **_spellings(_MONEY)}
# what is written in no known case: the unit listed first, but bytes and megawatts rather than bits and milliwatts
_FOLDED = {spelling.casefold(): unit for spelling, unit in reversed(_EXACT.items())} | {
    "in": "inch",
    "kb/s": "kB/s",
    "mb/s": "MB/s",
    "gb/s": "GB/s",
    "mw": "MW",
}
WORDY_CODES = frozenset({"TRY", "ILS", "RUB"})  # which are words in lower case: "try 5", "ils 5"
_UNITS_BY_FOLDED: dict[str, set[str]] = {}
for _spelling, _unit in _EXACT.items():
    _UNITS_BY_FOLDED.setdefault(_spelling.casefold(), set()).add(_unit)
_CLASHES = [spelling for spelling in _EXACT if len(_UNITS_BY_FOLDED[spelling.casefold()]) > 1]
# words that mean something else in another case
CASED = frozenset({*(spelling.partition("/")[0] for spelling in _CLASHES), *WORDY_CODES, "Billion"})
_MULTIPLES = {word: value for value, row in _LARGE.items() for word in row.split("|")}
_FOLDED_MULTIPLES = {
    word.casefold(): value for word, value in reversed(_MULTIPLES.items()) if word not in {"Billion", "K", "k"}
}
STANDING_ALONE = {word: _FOLDED[word] for word in (*_ENGLISH.split(), "day")}
_FOREIGN = """
    tag tage tagen woche wochen monat monate monaten jahr jahre jahren stunde stunden minute minuten mal
    jour jours mois an ans année années semaine semaines heure heures minutes fois
    día días semana semanas mes meses año años hora horas minuto minutos veces
    giorno giorni settimana settimane mese mesi anno anni ora ore minuti volte
    dia dias mês ano anos vezes dag dagen dagar week weken maand maanden jaar uur euro euros kilometer
"""
FOREIGN_UNITS = frozenset(_FOREIGN.split())


def _any_of(spellings: list[str]) -> str:
    return "|".join(re.escape(spelling) for spelling in sorted(spellings, key=len, reverse=True))


# after a number: spellings end where a word ends, those of scripts without blanks anywhere
_WITHOUT_END = [spelling for spelling in _EXACT if re.match(f"[{NO_BLANKS}]", spelling)]
_WITH_END = [spelling for spelling in _EXACT if spelling not in set(_WITHOUT_END)]
_PARTICLE = "(?:입니다|이에요|이다|이며|이고|은|는|이|가|을|를|의|에|간|동안|까지|부터|로|으로)?"
UNIT = rf"(?:(?i:{_any_of(_WITH_END)}){_PARTICLE}(?!\w)|(?:{_any_of(_WITHOUT_END)})|(?i:in)(?=\.?$|[,;)]))"
RATE = (
    rf"(?:(?: ?/ ?| (?i:per|an?|pro|par|por|al?) )(?P<rate>{UNIT})"
    r"| (?P<adverb>(?i:daily|weekly|monthly|yearly|annually|hourly))\b)"
)

MULTIPLE = rf"(?:(?i:{_any_of([w for w in _MULTIPLES if w[-1] < '一'])})(?!\w)|[万萬亿億만억])"
_SIGNS = [sign for sign in _spellings(_MONEY) if not sign.isalpha() or (sign.isupper() and len(sign) == 3)]
_IN_ANY_CASE = [*(sign for sign in _SIGNS if sign not in WORDY_CODES), "Rs", "RMB"]
SIGN = f"(?:(?i:{_any_of(_IN_ANY_CASE)})|{_any_of(sorted(WORDY_CODES))})"
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year", "hourly": "h"}
_ENDING = re.compile(f"{_PARTICLE}$")


def unit_of(spelling: str) -> str | None:
    """Return the unit that a spelling matched by UNIT or SIGN stands for; None for "5G", which is no gram."""
    for candidate in (spelling, _ENDING.sub("", spelling)):
        unit = _EXACT.get(candidate) or _FOLDED.get(candidate.casefold())
        if unit and not (len(candidate) == 1 and candidate.isupper() and candidate not in _EXACT):
            return unit
    return None


def rate_of(match: re.Match[str]) -> str | None:
    """Return the unit that RATE names: "day" for "per day" and for "daily"."""
    return _ADVERBS[match["adverb"].lower()] if match["adverb"] else match["rate"] and unit_of(match["rate"])


def multiple_of(spelling: str, *, may_be_german: bool = True) -> int:
    """Return the number that a spelling matched by MULTIPLE stands for: 1,000,000 for "Mio.".

    "Billion" with a capital is 10**12 where it may be German.
    """
    if spelling == "Billion" and not may_be_german:
        return 10**9
    return _MULTIPLES.get(spelling) or _FOLDED_MULTIPLES.get(spelling.casefold(), 1000)


def read_as(number: Decimal, unit: str) -> list[tuple[Decimal, str]]:
    """Return the same quantity in other units: 90 min as 1.5 h, 5 "pounds" as 5 GBP and as 5 lb."""
    others = [(number, other) for other in _READ_AS.get(unit, ())]
    if unit == "cent":
        others += [(number / 100, "usd"), (number / 100, "eur")]
    for scale in _SCALES:
        if unit in scale:
            size = number * Decimal(scale[unit])
            others += [(size / Decimal(factor), other) for other, factor in scale.items() if other != unit]
    return others
