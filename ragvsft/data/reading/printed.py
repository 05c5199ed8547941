"""A page as a grid of characters, in the order that a person reads it: columns one by one, tables row by row.

The grid is what pypdf's layout mode makes: a line per baseline, blanks where the page has room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import median
from unicodedata import east_asian_width

from ragvsft.data.reading.aligned import cells_of, table_end, table_of

_LEAST_COLUMN = 15  # characters that a line of a column has on average: less is a cell of a table
_LEAST_LINES = 4  # on both sides of a gutter before it counts as one
_DRAWN_OUT = 5  # words in a line, with equal room between them and most in small letters, that are prose
_LEADER = re.compile(r"\s*(?:\.\s*){4,}")  # of dots, from a heading to its page


def page_text(lines: Sequence[str]) -> str:
    """Return the text of a page: prose as paragraphs, tables as Markdown."""
    lines = [_LEADER.sub(" ... ", line) for line in lines]
    gap = _gap(lines)
    parts = [block if isinstance(block, str) else _flow(block, gap) for block in _bands(lines, gap)]
    return "\n\n".join(part for part in parts if part)


def _gap(lines: Sequence[str]) -> int:
    """Return how many blanks separate cells: three, more where words, too, are several blanks apart.

    Only words tell: on a page that is all table, numbers are never one blank apart.
    """
    between = [len(run) for line in lines for run in re.findall(r"(?<=[^\W\d]) {1,4}(?=[^\W\d])", line)]
    usual = round(median(between)) if between else 1
    return 3 if usual <= 1 else 2 * usual + 1


def _bands(lines: list[str], gap: int) -> Iterator[list[str] | str]:
    """Yield the page from top to bottom: lines that run over its width, and the text of columns in reading order."""
    waiting: list[str] = []
    place = 0
    while place < len(lines):
        end, gutter = _columns(lines, place, gap)
        if gutter is None:
            waiting.append(lines[place])
            place += 1
            continue
        start = _first_of(waiting, gutter)
        yield waiting[:start]
        place -= len(waiting) - start
        waiting = []
        cut = (gutter[0] + gutter[1]) // 2
        sides = [page_text([line[:cut].rstrip() for line in lines[place:end]])]
        sides.append(page_text(_dedented([line[cut:] for line in lines[place:end]])))
        yield _joined(sides)
        place = end
    yield waiting


def _first_of(above: Sequence[str], gutter: tuple[int, int]) -> int:
    """Return where the columns begin that were found below some lines: the right one may begin higher, alone."""
    first = len(above)
    for place in range(len(above) - 1, -1, -1):
        line = above[place]
        if line[gutter[0] : gutter[1]].strip():
            break
        indent = len(line) - len(line.lstrip())
        if line.strip() and gutter[1] <= indent + 1 <= gutter[1] + 2:
            first = place
    return first


def _joined(texts: Sequence[str]) -> str:
    """Return texts one after another; one that breaks off within a sentence goes on in the next line."""
    made = ""
    for text in filter(None, texts):
        goes_on = bool(made) and made[-1] not in ".!?:;|" and text[0].islower()
        made += ("\n" if goes_on else "\n\n") * bool(made) + text
    return made


def _dedented(lines: Sequence[str]) -> list[str]:
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line[indent:] for line in lines]


def _columns(lines: Sequence[str], start: int, gap: int) -> tuple[int, tuple[int, int] | None]:
    """Return where the columns that begin at line `start` end, and the gutter between the first two of them."""
    best: tuple[int, int, tuple[int, int] | None] = (0, start, None)
    for first in _inner_gaps(lines[start], gap):
        best = max(best, _followed(lines, start, first, gap), key=lambda found: found[0])
    return best[1], best[2]


def _followed(
    lines: Sequence[str], start: int, gutter: tuple[int, int], gap: int
) -> tuple[int, int, tuple[int, int] | None]:
    """Return (lines on both sides, end, gutter) of the columns around a gap; no gutter if they are not columns."""
    end, both, place = start, 0, start
    while place < len(lines):
        if not lines[place].strip():
            place += 1
            continue
        stop, narrowed = _free_until(lines, place, gutter, gap)
        block = lines[place:stop]
        kind = "column" if place == start else _kind(block, narrowed, gap)
        if stop == place or kind == "other":
            break
        gutter, place = narrowed, stop
        if kind == "column":  # a heading alone belongs to the columns only if more of them follows
            end = stop
            both += sum(bool(line[: gutter[0]].strip() and line[gutter[1] :].strip()) for line in block)
        if stop < len(lines) and lines[stop].strip():
            break
    found = both >= _LEAST_LINES and _is_prose(lines[start:end], gutter, gap)
    return (both, end, gutter) if found else (0, start, None)


def _free_until(lines: Sequence[str], start: int, gutter: tuple[int, int], gap: int) -> tuple[int, tuple[int, int]]:
    """Return where lines stop that leave a gutter free, at a blank one at the latest, and the gutter's rest."""
    for place in range(start, len(lines)):
        narrowed = _narrowed(gutter, lines[place], gap) if lines[place].strip() else None
        if narrowed is None:
            return place, gutter
        gutter = narrowed
    return len(lines), gutter


def _kind(block: Sequence[str], gutter: tuple[int, int], gap: int) -> str:
    """Return what lines below columns are: more of a "column", a "heading" that may be in one, or "other"."""
    sides = [[side.strip() for side in halves if side.strip()] for halves in zip(*_halves(block, gutter), strict=True)]
    if any(len(cells_of(text, gap)) > 1 for side in sides for text in side) and not _is_prose(block, gutter, gap):
        return "other"
    if all(sides):
        return "column" if len(block) < 3 or _is_prose(block, gutter, gap) else "other"
    alone = sides[0] or sides[1]
    long = sum(map(len, alone)) / len(alone) > gutter[0] / 2
    return "column" if len(alone) > 1 and long else "heading"


def _halves(block: Sequence[str], gutter: tuple[int, int]) -> list[tuple[str, str]]:
    return [(line[: gutter[0]], line[gutter[1] :]) for line in block]


def _is_prose(block: Sequence[str], gutter: tuple[int, int], gap: int) -> bool:
    """Return whether both sides of a gutter are filled with words rather than with cells."""
    for cut in (slice(None, gutter[0]), slice(gutter[1], None)):
        side = [line[cut].strip() for line in block if line[cut].strip()]
        if not side or sum(len(line) + _wide(line) for line in side) / len(side) < _LEAST_COLUMN:
            return False
        words = sum(len(line.split()) + _wide(line) // 2 for line in side)
        if words / len(side) < 3 or _share_of_digits(side) > 0.25:
            return False
        if sum(len(cells_of(line, gap)) > 1 for line in side) > len(side) / 3 and not _has_columns(side, gap):
            return False
    return True


def _wide(line: str) -> int:
    """Return how many characters are of scripts that write no blanks: two of them are a word, and as wide as four."""
    return 0 if line.isascii() else sum(east_asian_width(character) in "WF" for character in line)


def _has_columns(side: Sequence[str], gap: int) -> bool:
    """Return whether a side is made of columns itself: a page may have three."""
    return any(_columns(side, place, gap)[1] is not None for place in range(min(3, len(side))))


def _share_of_digits(lines: Sequence[str]) -> float:
    text = "".join(lines).replace(" ", "")
    return sum(map(str.isdigit, text)) / len(text)


def _inner_gaps(line: str, gap: int) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(rf"(?<=\S) {{{gap},}}(?=\S)", line)]


def _narrowed(gutter: tuple[int, int], line: str, gap: int) -> tuple[int, int] | None:
    """Return the part of a gutter that a line, too, leaves free; None if it is written over."""
    begin = len(line) - len(line.lstrip())
    free = [(0, begin), *_inner_gaps(line, 2), (len(line), 10_000)]
    shared = [(max(gutter[0], low), min(gutter[1], high)) for low, high in free]
    widest = max(shared, key=lambda span: span[1] - span[0])
    return widest if widest[1] - widest[0] >= min(2, gap - 1) else None


def _flow(lines: Sequence[str], gap: int) -> str:
    """Return lines of one column: tables as Markdown, other lines without the blanks that place them."""
    lines = _unjustified(lines)
    made: list[str] = []
    place = 0
    while place < len(lines):
        end = table_end(lines, place, gap)
        if end > place:
            made += ["", table_of(lines[place:end], gap), ""]
            place = end
        else:
            made.append(re.sub(" +", " ", lines[place]).strip())
            place += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(made)).strip()


def _unjustified(lines: Sequence[str]) -> list[str]:
    """Return lines, those of prose that were drawn out to the margin without their blanks, all of which are as wide."""
    near = [set[int](), *(_starts(line, around=1) for line in lines), set[int]()]
    made = []
    for place, line in enumerate(lines):
        words, starts = line.split(), _starts(line) - {len(line) - len(line.lstrip())}
        is_aligned = any(2 * len(starts & other) > len(starts) for other in (near[place], near[place + 2]))
        made.append(" ".join(words) if not is_aligned and _is_drawn_out(line, words) else line)
    return made


def _is_drawn_out(line: str, words: Sequence[str]) -> bool:
    blanks = [len(run) for run in re.findall(r"(?<=\S) +(?=\S)", line)]
    if len(words) < _DRAWN_OUT or min(blanks) < 2 or max(blanks) - min(blanks) > 1:
        return False
    return 2 * sum(word[0].islower() for word in words) > len(words)


def _starts(line: str, around: int = 0) -> set[int]:
    """Return where the words of a line begin, and as many places on either side."""
    return {found.start() + near for found in re.finditer(r"(?<!\S)\S", line) for near in range(-around, around + 1)}
