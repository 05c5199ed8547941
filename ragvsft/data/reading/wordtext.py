"""The text of a DOCX as Word shows it: paragraphs, tables, and what runs within them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ragvsft.data.reading.formulas import formula, lowered, raised
from ragvsft.data.reading.symbols import is_symbol_font, sign
from ragvsft.data.reading.tables import Cell, one_line, table_line, table_text
from ragvsft.data.reading.tree import Element
from ragvsft.data.reading.wordstyles import Numbering, Styles
from ragvsft.data.reading.wordxml import (
    WRAPPERS,
    child,
    chosen,
    font_of,
    form_text,
    is_on,
    lifted,
    local,
    number,
    parts_of,
    value,
)

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PLAIN = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_UNSEEN = dict.fromkeys(map(ord, "\xad\u200b\ufeff\u2060")) | {ord("\xa0"): " ", ord("\n"): " ", ord("\r"): " "}


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a table."""

    text: str
    is_item: bool = False


def joined(blocks: list[Block]) -> str:
    """Return blocks as paragraphs, the items of a list one below the other."""
    text = ""
    for place, block in enumerate(blocks):
        together = block.is_item and place > 0 and blocks[place - 1].is_item
        text += ("" if not place else "\n" if together else "\n\n") + block.text
    return text


class WordText:
    """Reads the parts of one document in order; what it left out is counted in `dropped`."""

    def __init__(self, styles: Styles, numbering: Numbering, notes: Callable[[str, str], Element | None]) -> None:
        """Take how a note is found: by "footnote" or "endnote" and its id."""
        self.dropped: Counter[str] = Counter()
        self.asides: list[Element] = []  # elements that are in other parts: charts, diagrams, chunks
        self._styles = styles
        self._numbering = numbering
        self._find_note = notes
        self._noted: dict[tuple[str, str], str] = {}  # marks of notes, by kind and id
        self._counts: Counter[str] = Counter()
        self._fields: list[bool] = []  # of the fields that are open: whether the result has begun
        self._boxes: list[Block] = []
        self._notes: list[Block] = []
        self._depth = 0  # of tables
        self._carried = ""  # a paragraph whose end was deleted: it goes on in the next one

    def blocks(self, container: Iterable[Element]) -> list[Block]:
        """Return the paragraphs and tables of a body, cell, note, header or text box."""
        found: list[Block] = []
        for part in container:
            name = local(part)
            if name == "p":
                found += self._paragraph(part)
            elif name == "tbl":
                found += self._table(part)
            elif name in WRAPPERS:
                found += self.blocks(part)
            elif name == "AlternateContent":
                found += self.blocks(chosen(part))
            elif name == "altChunk":
                self.asides.append(part)
        return found

    def _paragraph(self, paragraph: Element) -> list[Block]:
        mark = self._numbering.mark(paragraph)
        text = self._carried + self.inline(paragraph)
        end = child(paragraph, "pPr", "rPr")
        self._carried = ""
        if child(end, "del") is not None or child(end, "moveFrom") is not None:
            self._carried = text
            return []
        boxes, self._boxes = self._boxes, []
        notes: list[Block] = []
        if not self._depth:
            notes, self._notes = self._notes, []
        return [*self._block(paragraph, text.strip("\n").rstrip(), mark), *boxes, *notes]

    def _block(self, paragraph: Element, text: str, mark: tuple[str, int] | None) -> list[Block]:
        if not text.strip():
            return []
        level = 0 if self._depth else self._styles.level(paragraph)
        if level:
            title = " ".join(f"{mark[0] if mark and mark[0] != '-' else ''} {text}".split())
            return [Block(f"{'#' * level} {title}")]
        if mark and mark[0]:
            indent = "  " * mark[1]
            return [Block(f"{indent}{mark[0]} " + text.strip().replace("\n", f"\n{indent}  "), is_item=True)]
        return [Block(text)]

    def inline(self, container: Iterable[Element] | None) -> str:
        """Return the text of what runs within a paragraph."""
        text = ""
        for part in () if container is None else container:
            name = local(part)
            if name == "r":
                text += self._run(part, text)
            elif name in WRAPPERS:
                text += self.inline(part)
            elif name == "AlternateContent":
                text += self.inline(chosen(part))
            elif name == "oMath":
                text += formula(part)
            elif name == "p":  # a text box may be where a run can be
                text += "\n" + self.inline(part)
        return text

    def _run(self, run: Element, before: str) -> str:
        properties = child(run, "rPr")
        if self._is_hidden(run, properties):
            return ""
        text = "".join(self._pieces(run, font_of(properties)))
        place = value(child(properties, "vertAlign")) or lifted(properties)
        if place == "superscript" and before[-1:].isalnum():
            return raised(text) if not text.startswith("[") else text
        if place == "subscript":
            return lowered(text, before)
        is_struck = is_on(child(properties, "strike")) or is_on(child(properties, "dstrike"))
        return f"~~{text}~~" if is_struck and text.strip() else text

    def _is_hidden(self, run: Element, properties: Element | None) -> bool:
        own = child(properties, "vanish")
        if own is None:
            own = self._styles.found(value(child(properties, "rStyle")), "rPr", "vanish")
        if own is None:
            above = next((part for part in run.iterancestors() if local(part) == "p"), None)
            own = self._styles.found(value(child(above, "pPr", "pStyle")), "rPr", "vanish")
        if is_on(own):
            self.dropped["hidden texts"] += 1
        return is_on(own)

    def _pieces(self, run: Iterable[Element], font: str) -> Iterator[str]:
        for part in run:
            if local(part) == "fldChar":
                yield self._field(part)
            elif all(self._fields):
                yield self._piece(part, font)

    def _piece(self, part: Element, font: str) -> str:
        name = local(part)
        if name == "t":
            return self._letters(part, font)
        if name == "sym":
            return self._sign(int(value(part, "char") or "0", 16), value(part, "font") or font)
        if name in ("footnoteReference", "endnoteReference"):
            return self._note(name.removesuffix("Reference"), value(part, "id") or "")
        if name == "ruby":
            return f"{self.inline(child(part, 'rubyBase'))}({self.inline(child(part, 'rt'))})"
        if name == "AlternateContent":
            return "".join(self._pieces(chosen(part), font))
        if name in ("drawing", "pict", "object"):
            self._drawing(part)
        return _PLAIN.get(name, "")

    def _letters(self, part: Element, font: str) -> str:
        text = part.text or ""
        text = text if part.get(_SPACE) == "preserve" else text.strip(" \t\r\n")
        if is_symbol_font(font):
            return "".join(self._sign(ord(letter), font) for letter in text)
        return text.translate(_UNSEEN)

    def _sign(self, code: int, font: str) -> str:
        shown = sign(code, font) if code != ord(" ") else " "
        if shown is None:
            self.dropped["unknown symbols"] += 1
        return shown or ""

    def _field(self, part: Element) -> str:
        kind = value(part, "fldCharType")
        if kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()
        elif kind == "begin":
            shown = form_text(child(part, "ffData")) if all(self._fields) else ""
            self._fields.append(False)
            return shown
        return ""

    def _note(self, kind: str, note_id: str) -> str:
        if (kind, note_id) in self._noted:
            return self._noted[kind, note_id]
        note = self._find_note(kind, note_id)
        if note is None:
            return ""
        self._counts[kind] += 1
        count = self._counts[kind]
        mark = self._noted[kind, note_id] = f"[{count}]" if kind == "footnote" else f"[e{count}]"
        fields, self._fields = self._fields, []
        self._depth += 1  # what it holds is not a heading, and its own notes wait
        self._notes.append(Block(f"{mark} {' '.join(joined(self.blocks(note)).split())}"))
        self._depth -= 1
        self._fields = fields
        return mark

    def _drawing(self, drawing: Iterable[Element]) -> None:
        """Keep the text boxes of a drawing for the paragraph's end; count what has no text."""
        for part in drawing:
            name = local(part)
            if name == "txbxContent":
                fields, self._fields = self._fields, []
                self._boxes += self.blocks(part)
                self._fields = fields
            elif name == "AlternateContent":
                self._drawing(chosen(part))
            else:
                if name in ("pic", "imagedata"):
                    self.dropped["pictures"] += 1
                elif name == "OLEObject":
                    self.dropped["embedded objects"] += 1
                elif name in ("chart", "relIds"):
                    self.asides.append(part)
                self._drawing(part)

    def _table(self, table: Element) -> list[Block]:
        rows = [row for row in parts_of(table, "tr") if child(row, "trPr", "del") is None]
        cells = [list(parts_of(row, "tc")) for row in rows]
        if len(rows) == 1 or all(len(row) <= 1 for row in cells):
            return [block for row in cells for cell in row for block in self.blocks(cell)]
        heads = [is_on(child(row, "trPr", "tblHeader")) for row in rows]
        head_rows = heads.index(False) if False in heads else 0
        self._depth += 1
        grid = self._grid(rows)
        self._depth -= 1
        if self._depth:
            return [Block(table_line(grid, head_rows or None))]
        notes, self._notes = self._notes, []
        text = table_text(grid, head_rows or None)
        return [*([Block(text)] if text else []), *notes]

    def _grid(self, rows: list[Element]) -> list[list[Cell]]:
        grid: list[list[list[Any]]] = []  # of text, rows, columns: spans grow while rows are read
        open_cells: dict[int, list[Any]] = {}  # by column: the cell that a merged one below goes on with
        for row in rows:
            column = number(child(row, "trPr", "gridBefore"), 0)
            line: list[list[Any]] = [["", 1, column]] if column else []
            for cell in parts_of(row, "tc"):
                width = max(number(child(cell, "tcPr", "gridSpan"), 1), 1)
                merge = child(cell, "tcPr", "vMerge")
                if merge is not None and value(merge) != "restart" and column in open_cells:
                    open_cells[column][1] += 1
                elif value(child(cell, "tcPr", "hMerge")) == "continue" and line:
                    line[-1][2] += width
                else:
                    line.append([one_line(joined(self.blocks(cell))), 1, width])
                    open_cells[column] = line[-1]
                column += width
            grid.append(line)
        return [[Cell(text, height, width) for text, height, width in line] for line in grid]
