"""Text that is written piece by piece, as a browser lays it out: blanks collapse, blocks are set apart."""

from __future__ import annotations

import re

_BLANK = re.compile(r"[ \t\n\r\f\xa0]+")
_UNSEEN = dict.fromkeys(map(ord, "\xad\u200b\ufeff\u2060"))  # where a word may be broken


class Flow:
    """A text that grows; what separates two pieces is settled only when the second one comes."""

    def __init__(self, *, is_cell: bool = False, is_pre: bool = False) -> None:
        """Take whether this is a cell, in which a line break is a blank, or code, in which all blanks are kept."""
        self.is_cell = is_cell
        self.is_pre = is_pre
        self.indent = ""
        self._parts: list[str] = []
        self._breaks = 0  # line feeds due before the next piece
        self._blank = False  # a blank is due
        self._lead = ""  # due before the next piece and after the breaks: "- ", "## ", ": "
        self._in_line = 0

    def __str__(self) -> str:
        return "".join(self._parts)

    @property
    def last(self) -> str:
        """The last piece written, "" where none is."""
        return self._parts[-1] if self._parts else ""

    @property
    def is_broken(self) -> bool:
        """Whether what comes next begins a line."""
        return self._breaks > 0

    def text(self, text: str | None) -> None:
        """Write text as the markup has it."""
        if not text:
            return
        text = text.translate(_UNSEEN)
        if self.is_pre:
            self.raw(text if text.strip() or not self._breaks else "")
            return
        text = _BLANK.sub(" ", text)
        self._blank = self._blank or text[:1] == " "
        if text.strip(" "):
            self._settle()
            self._parts.append(text.strip(" "))
            self._blank = text[-1] == " "

    def raw(self, text: str) -> None:
        """Write text with its blanks and line feeds."""
        if text:
            self._settle()
            self._parts.append(text)

    def blank(self) -> None:
        """Set what follows apart in the same line."""
        self._blank = not self.is_pre

    def line(self) -> None:
        """Let what follows begin a line."""
        self._break(1)

    def paragraph(self) -> None:
        """Let what follows begin a paragraph."""
        self._break(1 if self.is_pre else 2)

    def line_break(self) -> None:
        """Break the line; twice is a paragraph."""
        if self.is_pre:
            self.raw("\n")
        elif self.is_cell:
            self._blank = True
        else:
            self._break(min(self._breaks + 1, 2))

    def lead(self, mark: str) -> None:
        """Let what follows begin a line with a mark, such as a list item's."""
        self._lead = ""
        self._break(1)
        self._lead = "" if self._in_line else self.indent + mark

    def join(self, mark: str) -> None:
        """Let what follows go on in this line, behind a mark."""
        if self._parts:
            self._breaks, self._blank, self._lead = 0, False, mark

    def forget_lead(self) -> None:
        """Drop a mark that nothing followed."""
        self._lead = ""

    def keep_line(self, *, on: bool) -> None:
        """Let breaks be blanks, as within a heading, until it is switched off."""
        self._in_line += 1 if on else -1

    def _break(self, count: int) -> None:
        if self._in_line:
            self._blank = True
        elif not self._lead:  # what a mark leads is beside it, even a paragraph
            self._breaks, self._blank = max(self._breaks, count), False

    def _settle(self) -> None:
        if self._parts:
            if self._breaks:
                self._parts.append("\n" * self._breaks + ("" if self._lead else self.indent))
            elif self._blank and not self._lead:
                self._parts.append(" ")
        if self._lead:
            self._parts.append(self._lead)
        self._breaks, self._blank, self._lead = 0, False, ""
