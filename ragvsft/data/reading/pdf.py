"""PDF, by pypdf: page by page, in its layout mode where that keeps the whole text of the page."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from ragvsft.data.reading.aligned import continued
from ragvsft.data.reading.printed import page_text
from ragvsft.data.reading.raised import Raised
from ragvsft.data.reading.result import Dropped, Reading
from ragvsft.data.reading.running import across_pages, rejoined, without_running, words_in
from ragvsft.errors import CorpusError, first_line

LONGEST_S = 300.0  # for one document; a 10-K of 300 pages takes a tenth of it
MOST_CHARACTERS = 100_000_000  # of one document; more is a file that unpacks without end
_LEAST_KEPT = 0.97  # of a page's letters; layout mode does not see what forms within the page draw
_LEAST_WORDS = 0.9  # of a page's words; layout mode sometimes writes words without the blank between them
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")  # layout mode writes it backwards
_TURNED = {90: "0 -1 1 0", 180: "-1 0 0 -1", 270: "0 1 -1 0"}  # clockwise; where the page then lies does not matter
_MOST_LINES = 2_000  # of a page; more is not a page for people, and columns are not looked for
_NAMED = 20  # pages in a note
_LIGATURES = {chr(0xFB00 + n): text for n, text in enumerate(("ff", "fi", "fl", "ffi", "ffl", "ft", "st"))}
_PLAIN = str.maketrans({**_LIGATURES, "\N{NO-BREAK SPACE}": " ", "\0": None, "\f": "\n", "\t": "    "})


def read(path: Path, data: bytes) -> Reading:
    """Return the text of all pages: columns in order, tables as rows, no running heads. Raises CorpusError."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs what we raise
    return _within_limit(path, lambda: _reading(path, data))


def _reading(path: Path, data: bytes) -> Reading:
    pages = _pages(path, data)
    empty = [number for number, page in enumerate(pages, start=1) if not any(line.strip() for line in page.lines)]
    if len(empty) == len(pages):
        raise CorpusError(f"{path}: {len(pages)} pages without text (scanned?); run OCR on it or remove it")
    kept, gone = without_running([page.lines for page in pages])
    texts = [page_text(lines) if page.is_grid else _lines(lines) for page, lines in zip(pages, kept, strict=True)]
    texts = continued(texts)
    words, compounds = words_in(texts)
    whole = [rejoined(text, words, compounds) for text in across_pages(texts)]
    text, starts = _bound(whole)
    dropped = (Dropped("running headers, footers and page numbers", len(gone), sum(map(len, gone))),) if gone else ()
    return Reading(text, starts, dropped, _notes(empty, gone))


class _Page:
    """The lines of a page, as a grid or as plain text."""

    def __init__(self, lines: list[str], *, is_grid: bool) -> None:
        self.lines = lines
        self.is_grid = is_grid


def _within_limit(path: Path, work: Callable[[], Reading]) -> Reading:
    """Return what work returns. Raises CorpusError if it takes longer than a document may.

    pypdf cannot be stopped from outside; the thread is left behind, and ends with the process that the error ends.
    """
    done: list[Reading | BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001  (raised again below, in the thread that asked)
            done.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(LONGEST_S)
    if not done:
        raise CorpusError(f"{path}: reading took more than {LONGEST_S:.0f} s; export the PDF again or remove it")
    if isinstance(done[0], BaseException):
        raise done[0]
    return done[0]


def _pages(path: Path, data: bytes) -> list[_Page]:
    from pypdf import PdfReader

    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise CorpusError(f"{path} is a locked PDF; save it without its password or remove it")
        pages, characters = [], 0
        for page in reader.pages:
            pages.append(_page(page))
            characters += sum(map(len, pages[-1].lines))
            if characters > MOST_CHARACTERS:
                raise CorpusError(f"{path}: more than {MOST_CHARACTERS:,} characters; split the PDF or remove it")
    except CorpusError:
        raise
    except Exception as error:  # a broken PDF breaks pypdf in any way it likes: KeyError, RecursionError, ...
        raise CorpusError(
            f"{path} is a broken or locked PDF ({first_line(error)}); export it again or remove it"
        ) from error
    return pages


def _page(page: Any) -> _Page:
    """Return a page as a grid, or as plain text where the grid would lose some of it."""
    page = _upright(page)
    raised = Raised()
    plain = raised.marked(page.extract_text(visitor_text=raised.see).translate(_PLAIN))
    if not plain.strip():
        return _Page([], is_grid=False)
    turned = page.extract_text(orientations=(90, 180, 270)).translate(_PLAIN)
    if len(plain.splitlines()) > _MOST_LINES or len(_RIGHT_TO_LEFT.findall(plain)) > _letters(plain) / 10:
        return _Page(plain.splitlines(), is_grid=False)
    grid = _unglued(raised.marked(_grid(page)), plain)
    whole = _letters(grid) + _letters(turned) >= _LEAST_KEPT * _letters(plain)
    if not whole or len(grid.split()) + len(turned.split()) < _LEAST_WORDS * len(plain.split()):
        return _Page(plain.splitlines(), is_grid=False)
    return _Page([*grid.splitlines(), *_below(turned)], is_grid=True)


def _upright(page: Any) -> Any:
    """Return a page as layout mode needs it: what is shown turned with its content turned likewise.

    Layout mode passes over a transformation before the first saved state, so all content is put within
    one. The numbers are exact: pypdf's own turning leaves sines of 1e-17, which layout mode takes for turned text.
    """
    from pypdf.generic import DecodedStreamObject, NameObject

    contents = page.get_contents()
    if contents is None:
        return page
    matrix = _TURNED.get(page.rotation % 360, "1 0 0 1")
    whole = DecodedStreamObject()  # what get_contents returns would take the codes of letters for text
    whole.set_data(f"q\n{matrix} 0 0 cm\n".encode() + contents.get_data() + b"\nQ\n")
    page[NameObject("/Contents")] = whole
    return page


def _grid(page: Any) -> str:
    """Return a page in layout mode; "" where pypdf fails at that."""
    try:
        return str(page.extract_text(extraction_mode="layout")).translate(_PLAIN)
    except Exception:  # noqa: BLE001  (fonts without widths and the like; plain mode has read the page by now)
        return ""


def _unglued(grid: str, plain: str) -> str:
    """Return a grid with a blank within what plain mode reads as two words."""
    words = set(plain.split())

    def split_apart(found: re.Match[str]) -> str:
        word = found.group()
        cuts = (n for n in range(2, len(word) - 1) if word[:n] in words and word[n:] in words)
        cut = None if word in words else next(cuts, None)
        return word if cut is None else f"{word[:cut]} {word[cut:]}"

    return re.sub(r"\S{4,80}", split_apart, grid)


def _below(turned: str) -> list[str]:
    lines = [line for line in turned.splitlines() if line.strip()]
    return ["", *lines] if lines else []


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _lines(lines: Sequence[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(" ".join(line.split()) for line in lines)).strip()


def _bound(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """Return the pages as one text, and where in it each begins; a sentence goes on over the turn of a page."""
    text, starts = "", []
    for page in pages:
        if text and page:
            text += "\n" if text[-1] not in ".!?:;|" and page[0].islower() else "\n\n"
        starts.append(len(text))
        text += page
    return text, tuple(starts)


def _notes(empty: Sequence[int], gone: Sequence[str]) -> tuple[str, ...]:
    notes = []
    if empty:
        named = ", ".join(map(str, empty[:_NAMED])) + (
            f" and {len(empty) - _NAMED} more" if len(empty) > _NAMED else ""
        )
        notes.append(f"page{'s' * (len(empty) > 1)} {named} without text (scanned?); run OCR to have it read")
    heads = list(dict.fromkeys(line for line in gone if re.search(r"[^\W\d_]{3}", line)))
    if heads:
        shown = "; ".join(repr(line[:80]) for line in heads[:3])
        notes.append(f"running lines left out: {shown}{' ...' * (len(heads) > 3)}")
    return tuple(notes)
