"""The walk through a page: each element to the text it shows."""

from __future__ import annotations

from ragvsft.data.reading.counting import STYLES
from ragvsft.data.reading.elements import (
    APART,
    AROUND,
    PICTURE_FILE,
    is_apart,
    is_block,
    is_raised,
    level_of,
    number_of,
    parent_tag,
    tag_of,
)
from ragvsft.data.reading.flow import Flow
from ragvsft.data.reading.formulas import formula, lowered, raised
from ragvsft.data.reading.furniture import Furniture
from ragvsft.data.reading.layout import Table, lays_out
from ragvsft.data.reading.tables import one_line
from ragvsft.data.reading.tree import Element

_SHORT = 24  # characters of a superscript; a longer one is text like any other
_EMBEDDED = "embedded images"


class Page:
    """One page's elements, read in order; `left_out` holds (elements, characters) by kind, once `text` was called."""

    def __init__(self, root: Element, *, is_plain: bool = False) -> None:
        """Take the root element; a plain page's navigation is text like any other."""
        self.left_out: dict[str, tuple[int, int]] = {}
        self._root = root
        self._furniture = Furniture(root, is_plain=is_plain)
        self._flows = [Flow()]
        self._tables: list[Table | None] = []  # None: a table that only lays out
        self._lists: list[tuple[str | None, int, int]] = []  # style (None: bullets), number of the next item, step
        self._has_term = False  # a dt is waiting for its dd

    def text(self) -> str:
        """Return what the page shows."""
        from lxml import etree

        walk = etree.iterwalk(self._root, events=("start", "end"))
        skipped = None
        for event, element in walk:
            if event == "start":
                if self._leaves_out(element) or self._is_whole(element):
                    skipped = element
                    walk.skip_subtree()
                    continue
                self._start(element, tag_of(element))
                self._flow.text(element.text)
            else:
                if skipped is element:
                    skipped = None
                else:
                    self._end(element, tag_of(element))
                self._flow.text(element.tail)
        return str(self._flows[0]).strip()

    @property
    def _flow(self) -> Flow:
        return self._flows[-1]

    def _count(self, kind: str, characters: int) -> None:
        elements, before = self.left_out.get(kind, (0, 0))
        self.left_out[kind] = (elements + 1, before + characters)

    def _leaves_out(self, element: Element) -> bool:
        kind = self._furniture.kind_of(element)
        if kind:
            self._count(kind, len("".join(element.itertext())))
        if kind and is_block(element, tag_of(element)):
            self._flow.line()
        return kind is not None or element.tag in ("title", "rp", "rtc")

    def _is_whole(self, element: Element) -> bool:
        """Write an element that is read as a whole, and return whether it was one."""
        write = _WHOLES.get("sup" if is_raised(element) else element.tag)
        return write is not None and write(self, element)

    def _sup(self, element: Element) -> bool:
        text = "".join(element.itertext()).strip()
        if len(text) > _SHORT or element.find(".//img") is not None:
            return False
        is_note = element.tag == "a" or any(link.get("href", "").startswith("#") for link in element.iter("a"))
        self._flow.text(f"[{text.strip('[]')}]" if is_note and text else raised(text))
        return True

    def _sub(self, element: Element) -> bool:
        text = "".join(element.itertext()).strip()
        if len(text) <= _SHORT:
            self._flow.text(lowered(text, self._flow.last))
        return len(text) <= _SHORT

    def _math(self, element: Element) -> bool:
        self._flow.text(formula(element) or element.get("alttext"))
        return True

    def _svg(self, element: Element) -> bool:
        for part in element.iter("title", "text", "foreignobject"):
            self._flow.text(f" {''.join(part.itertext())} ")
        return True

    def _start(self, element: Element, tag: str) -> None:
        if is_block(element, tag):
            self._flow.paragraph()
        elif tag in APART or is_apart(element, self._flow.last):
            self._flow.blank()
        if tag in AROUND:
            self._flow.text(AROUND[tag][0])
        start = _STARTS.get(tag)
        if start:
            start(self, element)
        elif level_of(element, tag):
            self._flow.paragraph()
            if not self._flow.is_cell:
                self._flow.lead("#" * level_of(element, tag) + " ")
            self._flow.keep_line(on=True)

    def _end(self, element: Element, tag: str) -> None:
        if tag in AROUND:
            self._flow.text(AROUND[tag][1])
        end = _ENDS.get(tag)
        if end:
            end(self, element)
        elif level_of(element, tag):
            self._flow.keep_line(on=False)
            self._flow.forget_lead()
            self._flow.paragraph()
        if is_block(element, tag):
            self._flow.paragraph()
        elif tag in APART:
            self._flow.blank()

    def _break_line(self, element: Element) -> None:
        self._flow.line_break()

    def _image(self, element: Element) -> None:
        source = element.get("src", "")
        if source.lstrip()[:5].lower() == "data:":
            self._count(_EMBEDDED, len(source))
        alt = element.get("alt") or (element.get("aria-label") if element.tag != "img" else "") or ""
        if not PICTURE_FILE.fullmatch(alt.strip()):
            self._flow.text(alt)

    def _input(self, element: Element) -> None:
        kind = element.get("type", "text").lower()
        if kind in ("checkbox", "radio"):
            self._flow.text("[ ] " if element.get("checked") is None else "[x] ")
        elif element.get("readonly") is not None:
            self._flow.text(element.get("value"))

    def _option(self, element: Element) -> None:
        is_first = element.getprevious() is None and parent_tag(element) != "optgroup"
        if not (is_first and self._flow.is_broken):  # a list without a name does not continue what is above it
            self._flow.join((" " if self._flow.last.endswith(":") else ": ") if is_first else ", ")

    def _start_list(self, element: Element) -> None:
        self._flow.line() if self._lists else self._flow.paragraph()
        number, step = number_of(element.get("start"), 1), 1
        if element.get("reversed") is not None:
            number, step = number_of(element.get("start"), len(element.findall("li"))), -1
        style = element.get("type", "1") if tag_of(element) == "ol" else None
        self._lists.append((style, number, step))

    def _end_list(self, element: Element) -> None:
        if self._lists:
            self._lists.pop()
        self._flow.line() if self._lists else self._flow.paragraph()

    def _start_item(self, element: Element) -> None:
        style, number, step = self._lists[-1] if self._lists else (None, 1, 1)
        number = number_of(element.get("value"), number)
        if self._lists:
            self._lists[-1] = (style, number + step, step)
        self._flow.lead("- " if style is None else f"{STYLES.get(style, str)(number)}. ")
        self._flow.indent += "  "

    def _end_item(self, element: Element) -> None:
        self._flow.indent = self._flow.indent[:-2]
        self._flow.forget_lead()
        self._flow.line()

    def _start_term(self, element: Element) -> None:
        # lxml does not end a term where the next one begins
        is_next = self._has_term or parent_tag(element) == "dt"
        self._flow.join(", ") if is_next else self._flow.line()

    def _end_term(self, element: Element) -> None:
        self._has_term = True

    def _start_definition(self, element: Element) -> None:
        if self._has_term:
            self._flow.join(" " if self._flow.last[-1:] in (":", "?", "!") else ": ")
        else:
            self._flow.line()
        self._has_term = False

    def _end_definition(self, element: Element) -> None:
        self._flow.forget_lead()
        self._flow.line()

    def _end_definitions(self, element: Element) -> None:
        self._has_term = False

    def _end_summary(self, element: Element) -> None:
        self._flow.line()

    def _start_code(self, element: Element) -> None:
        self._flows.append(Flow(is_pre=True))

    def _end_code(self, element: Element) -> None:
        text = str(self._flows.pop()).strip("\n").rstrip()
        if not text or self._flow.is_cell or self._flow.is_pre:
            self._flow.raw(text)
            return
        fence = "```" if "```" not in text else "~~~~"
        self._flow.forget_lead()
        self._flow.paragraph()
        self._flow.raw(f"{fence}\n{text}\n{fence}".replace("\n", "\n" + self._flow.indent))

    def _start_table(self, element: Element) -> None:
        self._tables.append(None if lays_out(element) else Table())

    def _end_table(self, element: Element) -> None:
        table = self._tables.pop() if self._tables else None
        if table and self._flow.is_cell:
            self._flow.raw(table.line())
        elif table and table.text():
            self._flow.forget_lead()
            self._flow.paragraph()
            self._flow.raw(table.text())

    @property
    def _table(self) -> Table | None:
        return self._tables[-1] if self._tables else None

    def _start_caption(self, element: Element) -> None:
        if self._table:
            self._flows.append(Flow(is_cell=True))

    def _end_caption(self, element: Element) -> None:
        if self._table:
            self._table.caption = one_line(str(self._flows.pop()))

    def _start_row(self, element: Element) -> None:
        if self._table:
            self._table.begin_row()
        else:
            self._flow.line()

    def _end_head(self, element: Element) -> None:
        if self._table:
            self._table.end_head()

    def _start_body(self, element: Element) -> None:
        if self._table:
            self._table.begin_body()

    def _start_foot(self, element: Element) -> None:
        if self._table:
            self._table.begin_foot()

    def _start_cell(self, element: Element) -> None:
        if self._table:
            before = element.getprevious()
            if parent_tag(element) == "table" and (before is None or before.tag not in ("td", "th")):
                self._table.begin_row()  # a cell without its row
            self._flows.append(Flow(is_cell=True))
        else:
            self._flow.paragraph()

    def _end_cell(self, element: Element) -> None:
        if self._table:
            text = one_line(str(self._flows.pop()))
            spans = number_of(element.get("rowspan"), 1), number_of(element.get("colspan"), 1)
            self._table.add(text, *spans, is_head=tag_of(element) == "th")
        else:
            self._flow.paragraph()


_WHOLES = {"sup": Page._sup, "sub": Page._sub, "math": Page._math, "svg": Page._svg}
_STARTS = {
    "br": Page._break_line, "img": Page._image, "input": Page._input, "option": Page._option,
    "ul": Page._start_list, "ol": Page._start_list, "li": Page._start_item, "dt": Page._start_term,
    "dd": Page._start_definition, "pre": Page._start_code, "listing": Page._start_code, "table": Page._start_table,
    "caption": Page._start_caption, "tr": Page._start_row, "tfoot": Page._start_foot, "tbody": Page._start_body,
    "td": Page._start_cell, "th": Page._start_cell,
}  # fmt: skip
_ENDS = {
    "ul": Page._end_list, "ol": Page._end_list, "li": Page._end_item, "dt": Page._end_term,
    "dd": Page._end_definition, "dl": Page._end_definitions, "summary": Page._end_summary, "pre": Page._end_code,
    "listing": Page._end_code, "table": Page._end_table, "caption": Page._end_caption, "thead": Page._end_head,
    "td": Page._end_cell, "th": Page._end_cell,
}  # fmt: skip
