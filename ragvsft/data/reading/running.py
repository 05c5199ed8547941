"""What belongs to the pages and not to the text: running heads and feet, page numbers, words cut at line ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

_EDGE = 4  # lines at the top and at the bottom of a page that may be running ones
_LEAST_PAGES = 3  # that must have a line
_SHARE = 0.4  # of all pages; odd and even pages often have heads of their own
_NUMBERED = re.compile(r"\W*page\W*\d+(\W*(of|/)?\W*\d+)?\W*", re.IGNORECASE)
# A number that may be the page's: first or last in its line, or before "of 12"
_PAGE_NUMBER = re.compile(r"^\W*(\d{1,5})\b(?![.,]\d)|(?<![\d.,])(\d{1,5})(?=\s*(?:of|/|von|de|sur|di)\s*\d+\W*$|\W*$)")
_ROMAN = re.compile(r"\W*[ivxl]{1,7}\W*")
_CUT = re.compile(r"(?<=[^\W\d_])(?:-|\N{HYPHEN}|\N{SOFT HYPHEN})\n(?=[^\W\d_])")
_BROKEN = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)(-|\N{HYPHEN}|\N{SOFT HYPHEN})\n([^\W\d_]+)")
_COMPOUNDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
# first parts that are usually followed by a hyphen that is meant
_KEPT_FIRST = re.compile(
    "all|cross|day|decision|end|ex|first|five|four|full|half|high|long|low|mid|month|multi|non|off|part|real|second|"
    "self|semi|short|six|so|state|ten|then|third|three|two|up|well|year"
)


def without_running(pages: Sequence[Sequence[str]]) -> tuple[list[list[str]], list[str]]:
    """Return the pages' lines without heads, feet and page numbers, and the lines that went, in order."""
    sides = ([list(page) for page in pages], [list(page[::-1]) for page in pages])
    known = [_repeated(side) for side in sides]
    kept, gone = [], []
    for number, page in enumerate(pages):
        top = _running(page, known[0], number)
        foot = _running(page[::-1], known[1], number) if top < len(page) else 0
        gone += [*page[:top], *page[len(page) - foot :]]
        kept.append(list(page[top : len(page) - foot]))
    return kept, [" ".join(line.split()) for line in gone if line.strip()]


def _keys(line: str, number: int) -> set[str]:
    """Return what a line is compared by between pages: itself, and itself with a page number as its distance from it.

    So "Annual review 12" on the 14th page is like "Annual review 13" on the 15th, but "Chapter 2" is not "Chapter 3"
    unless each chapter is a page. The distance of a last number is a key by itself: heads change with the chapter.
    """
    plain = " ".join(line.split()).casefold()
    if _ROMAN.fullmatch(plain):
        return {"roman"}
    found = _PAGE_NUMBER.search(plain)
    if not found:
        return {plain}
    distance = f"#{int(found.group(1) or found.group(2)) - number}"
    keys = {plain, plain[: found.start()] + distance + plain[found.end() :]}
    return keys | {distance} if found.group(2) else keys  # "2 Methods" on page 2 is a heading


def _repeated(pages: Sequence[Sequence[str]]) -> set[str]:
    """Return the keys that enough pages have within the lines at their edge."""
    counts: Counter[str] = Counter()
    for number, page in enumerate(pages):
        edge = [line for line in page if line.strip()][:_EDGE]
        counts.update({key for line in edge for key in _keys(line, number)})
    return {key for key, count in counts.items() if count >= max(_LEAST_PAGES, _SHARE * len(pages))}


def _running(lines: Sequence[str], repeated: Collection[str], number: int) -> int:
    """Return how many lines from the edge on are running ones.

    They are set apart from the text: whole groups between blank lines, or else one line. The head of a table that goes
    on over many pages is none.
    """
    end = 0
    for start, stop in list(_groups(lines))[:_EDGE]:
        running = [_is_running(line, repeated, number) for line in lines[start:stop]]
        if all(running) and len(running) <= _EDGE and stop < len(lines):
            end = stop
            continue
        if end == 0 and running[0]:
            end = start + 1
        break
    return end


def _groups(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where the stretches between blank lines begin and end."""
    start = None
    for place, line in enumerate([*lines, ""]):
        if line.strip() and start is None:
            start = place
        elif not line.strip() and start is not None:
            yield start, place
            start = None


def _is_running(line: str, repeated: Collection[str], number: int) -> bool:
    if _NUMBERED.fullmatch(line):
        return True
    return not _keys(line, number).isdisjoint(repeated) and len(re.split(r"\s{3,}", line.strip())) <= 3


def words_in(pages: Sequence[str]) -> tuple[set[str], set[str]]:
    """Return all words that are somewhere in one line, and all compounds with a hyphen that do."""
    text = "\n".join(_CUT.sub("\n", page) for page in pages).casefold()
    return set(re.findall(r"[^\W\d_]+", text)), set(_COMPOUNDS.findall(text))


def rejoined(text: str, words: Collection[str], compounds: Collection[str]) -> str:
    """Return text with words that were cut at a line end whole again; hyphens that are meant stay."""

    def whole(found: re.Match[str]) -> str:
        first, mark, second = found.groups()
        return first + ("-" if _is_meant(first, mark, second, words, compounds) else "") + second

    return _BROKEN.sub(whole, text)


def _is_meant(first: str, mark: str, second: str, words: Collection[str], compounds: Collection[str]) -> bool:
    if mark == "\N{SOFT HYPHEN}":
        return False
    low, high = first.casefold(), second.casefold()
    if f"{low}-{high}" in compounds:
        return True
    if low + high in words:
        return False
    return not second.islower() or "-" in first or _KEPT_FIRST.fullmatch(low) is not None


def across_pages(pages: Sequence[str]) -> Iterator[str]:
    """Yield the pages with a word that is cut by the turn of a page whole on the first of the two."""
    rest = list(pages)
    for number, page in enumerate(rest):
        following = rest[number + 1] if number + 1 < len(rest) else ""
        moved = re.match(r"[a-z\u00df-\u00ff]+[,.;:!?]?(?:\s|$)", following)
        if moved and re.search(r"[^\W\d_][-\N{HYPHEN}\N{SOFT HYPHEN}]$", page):
            yield f"{page}\n{moved.group().strip()}"
            rest[number + 1] = following[moved.end() :].lstrip()
        else:
            yield page
