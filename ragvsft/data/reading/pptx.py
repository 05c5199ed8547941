"""PPTX, by python-pptx: every slide as a section, in the order that it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from ragvsft.data.reading.archives import broken, open_archive
from ragvsft.data.reading.formulas import lowered, raised
from ragvsft.data.reading.grid import grid_text
from ragvsft.data.reading.result import Dropped, Reading

if TYPE_CHECKING:
    from pptx.chart.chart import Chart
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide
    from pptx.table import Table, _Cell, _Row
    from pptx.text.text import TextFrame, _Paragraph

_LINE = 91_440  # EMU, a tenth of an inch: shapes whose tops differ by less are side by side


def read(path: Path, data: bytes) -> Reading:
    """Return the slides as Markdown: title, text, tables, chart values and speaker's notes. Raises CorpusError."""
    import pptx

    open_archive(path, data, "PPTX").close()
    seen: Counter[str] = Counter()
    try:
        slides = pptx.Presentation(BytesIO(data)).slides
        parts = [_slide(slide, number, seen) for number, slide in enumerate(slides, start=1)]
        hidden = [str(number) for number, slide in enumerate(slides, start=1) if slide.element.get("show") == "0"]
    except Exception as error:  # KeyError, ValueError, XMLSyntaxError, ...: as with DOCX
        raise broken(path, "PPTX", error) from error
    notes = (f"hidden slides are read too: {', '.join(hidden)}",) if hidden else ()
    dropped = tuple(Dropped(what, count, 0) for what, count in sorted(seen.items()))
    return Reading("\n\n".join(part for part in parts if part), dropped=dropped, notes=notes)


def _slide(slide: Slide, number: int, seen: Counter[str]) -> str:
    """Return one slide; "" for one that shows no text."""
    title = slide.shapes.title
    heading = " ".join(title.text_frame.text.split()) if title is not None else ""
    shapes = [shape for shape in _flat(slide.shapes) if title is None or shape.shape_id != title.shape_id]
    parts = [_shape(shape, seen) for shape in _in_order(shapes)]
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        said = slide.notes_slide.notes_text_frame.text.strip()
        parts.append(f"Notes: {_plain(said)}" if said else "")
    text = "\n\n".join(part for part in parts if part)
    return "\n\n".join(part for part in (f"## {heading or f'Slide {number}'}", text) if part) if heading or text else ""


def _flat(shapes: Iterable[BaseShape]) -> Iterator[BaseShape]:
    """Yield the shapes with groups opened: a group is where its first member is."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _flat(shape.shapes)
        else:
            yield shape


def _in_order(shapes: Sequence[BaseShape]) -> list[BaseShape]:
    """Return shapes line by line, and from left to right within one."""
    lines: list[list[BaseShape]] = []
    for shape in sorted(shapes, key=lambda shape: shape.top or 0):
        if lines and (shape.top or 0) - (lines[-1][0].top or 0) < _LINE:
            lines[-1].append(shape)
        else:
            lines.append([shape])
    return [shape for line in lines for shape in sorted(line, key=lambda shape: shape.left or 0)]


def _shape(shape: BaseShape, seen: Counter[str]) -> str:
    if getattr(shape, "has_table", False):
        return grid_text([[_cell(cell, shape.table, place) for place, cell in _cells(row)] for row in shape.table.rows])
    if getattr(shape, "has_chart", False):
        return _chart(shape.chart)
    if getattr(shape, "has_text_frame", False):
        return _paragraphs(shape.text_frame)
    if hasattr(shape, "image") or shape.element.tag.endswith("}pic"):
        seen["pictures"] += 1
    elif shape.element.tag.endswith("}graphicFrame"):
        seen["diagrams and embedded objects"] += 1
    return ""


def _cells(row: _Row) -> Iterator[tuple[int, _Cell]]:
    return enumerate(row.cells)


def _cell(cell: _Cell, table: Table, column: int) -> str:
    """Return a cell's text; one that a merged cell covers shows what that one does."""
    if not cell.is_spanned:
        return "\n".join(map(_text, cell.text_frame.paragraphs))
    for row in table.rows:
        for place, origin in _cells(row):
            if origin.is_merge_origin and _covers(origin, place, cell, column, table):
                return "\n".join(map(_text, origin.text_frame.paragraphs))
    return ""


def _covers(origin: _Cell, place: int, cell: _Cell, column: int, table: Table) -> bool:
    rows = [row._tr for row in table.rows]
    first, here = rows.index(origin._tc.getparent()), rows.index(cell._tc.getparent())
    within: bool = place <= column < place + origin.span_width and first <= here < first + origin.span_height
    return within


def _paragraphs(frame: TextFrame) -> str:
    """Return the text of a frame, deeper levels as a list."""
    lines = []
    for paragraph in frame.paragraphs:
        text = _plain(_text(paragraph))
        if text:
            lines.append(f"{'  ' * (paragraph.level - 1)}- {text}" if paragraph.level else text)
    return "\n".join(lines)


def _text(paragraph: _Paragraph) -> str:
    """Return the text of a paragraph, what is set higher or lower marked where it would be read as another number."""
    text = ""
    for part in paragraph._p.iterchildren("{*}r", "{*}br", "{*}fld"):
        if part.tag.endswith("}br"):
            text += "\v"
            continue
        shown = "".join(node.text or "" for node in part.iterchildren("{*}t"))
        baseline = next((node.get("baseline", "0") for node in part.iterchildren("{*}rPr")), "0")
        is_raised = baseline not in ("0", "0%") and not baseline.startswith("-") and text[-1:].isalnum()
        text += raised(shown) if is_raised else lowered(shown, text) if baseline.startswith("-") else shown
    return text


def _plain(text: str) -> str:
    """Return text with PowerPoint's line break, a vertical tab, as one."""
    return text.replace("\v", "\n").strip()


def _chart(chart: Chart) -> str:
    """Return what a chart draws as a table: categories down, series across."""
    title = chart.chart_title.text_frame.text if chart.has_title and chart.chart_title.has_text_frame else ""
    tables = []
    for plot in chart.plots:
        series = list(plot.series)
        columns = [list(one.values) for one in series]
        names = [str(name) for name in plot.categories] or [
            str(n + 1) for n in range(max(map(len, columns), default=0))
        ]
        rows = [[name, *(_value(column, n) for column in columns)] for n, name in enumerate(names)]
        tables.append(grid_text([["Category", *(str(one.name) for one in series)], *rows]))
    return "\n\n".join(part for part in (title, *tables) if part)


def _value(column: list[float | None], place: int) -> str:
    value = column[place] if place < len(column) else None
    return "" if value is None else f"{value:.15g}"
