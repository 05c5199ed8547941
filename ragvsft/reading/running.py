"""What belongs to the pages and not to the text: running heads and feet, page numbers, words cut at line ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

_EDGE = 4  # lines at the top and at the bottom of a page that may be running ones
_LEAST_PAGES = 3  # that a line must stand on
_SHARE = 0.4  # of all pages; odd and even pages often have heads of their own
_NUMBERED = re.compile(r"\W*page\W*#(\W*(of|/)?\W*#)?\W*|\W*#\W*(of|/)\W*#\W*", re.IGNORECASE)
_CUT = re.compile(r"(?<=[^\W\d_])(?:-|\N{HYPHEN}|\N{SOFT HYPHEN})\n(?=[^\W\d_])")
_BROKEN = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)(-|\N{HYPHEN}|\N{SOFT HYPHEN})\n([^\W\d_]+)")
_COMPOUNDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
# first parts that are usually followed by a hyphen that is meant
_KEPT_FIRST = set(
    "well self ex all half cross full long short high low end real state decision up so non then mid multi part semi "
    "two three four five six ten first second third year day month on in off by".split()
)


def without_running(pages: Sequence[Sequence[str]]) -> tuple[list[list[str]], list[str]]:
    """Return the pages' lines without heads, feet and page numbers, and the lines that went, in order."""
    tops = _repeated([_keys(page) for page in pages])
    feet = _repeated([_keys(page[::-1]) for page in pages])
    kept, gone = [], []
    for page in pages:
        top = _running(page, tops)
        foot = _running(page[::-1], feet) if top < len(page) else 0
        gone += [*page[:top], *page[len(page) - foot :]]
        kept.append(list(page[top : len(page) - foot]))
    return kept, [" ".join(line.split()) for line in gone if line.strip()]


def _keys(page: Sequence[str]) -> list[str]:
    return [_key(line) for line in page if line.strip()][:_EDGE]


def _key(line: str) -> str:
    """Return a line as it is compared between pages: without its numbers, which count the pages."""
    return re.sub(r"\d+", "#", " ".join(line.split())).casefold()


def _repeated(pages: Sequence[Sequence[str]]) -> set[str]:
    counts = Counter(key for page in pages for key in set(page))
    least = max(_LEAST_PAGES, _SHARE * len(pages))
    return {key for key, count in counts.items() if count >= least or _NUMBERED.fullmatch(key)}


def _running(lines: Sequence[str], repeated: Collection[str]) -> int:
    """Return how many lines from the edge on are running ones; the heads of a table over many pages are none."""
    end, seen = 0, 0
    for place, line in enumerate(lines):
        if not line.strip():
            continue
        if seen == _EDGE or _key(line) not in repeated or len(re.split(r"\s{3,}", line.strip())) > 3:
            break
        end, seen = place + 1, seen + 1
    return end


def words_in(pages: Sequence[str]) -> tuple[set[str], set[str]]:
    """Return all words that stand somewhere in one line, and all compounds with a hyphen that do."""
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
    return not second.islower() or "-" in first or low in _KEPT_FIRST


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
