"""DOCX whole, as Word shows it: insertions in, deletions out, controls, text boxes, notes, headers once; by lxml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ragvsft.data.reading.cleaning import without_embedded
from ragvsft.data.reading.package import Package
from ragvsft.data.reading.result import Dropped, Reading
from ragvsft.data.reading.tree import Element
from ragvsft.data.reading.wordstyles import Numbering, Styles
from ragvsft.data.reading.wordtext import WordText, joined
from ragvsft.data.reading.wordxml import child, is_on, local, value
from ragvsft.errors import CorpusError

_LONGEST_NUMBER = 60  # characters of "Page 3 of 17" and its like
_PAGE_NUMBER = re.compile(
    r"[\W\d_]*(?:page|seite|página|pagina|strona|side|sida|p)?[\W\d_]*(?:of|von|de|di|van|z|sur)?[\W\d_]*",
    re.IGNORECASE,
)


def read(path: Path, data: bytes) -> Reading:
    """Return the text as Markdown, `dropped` saying what Word shows and text cannot. Raises CorpusError."""
    try:
        return _Docx(Package(path, data)).reading()
    except CorpusError:
        raise
    except Exception as error:  # BadZipFile, KeyError, XMLSyntaxError, RecursionError, ...: as with PDF
        raise CorpusError(f"{path} is a broken DOCX ({type(error).__name__}); save it again or remove it") from error


class _Docx:
    def __init__(self, package: Package) -> None:
        self._package = package
        main = [name for kind, name in package.relations("").values() if kind == "officeDocument"]
        self._part = main[0] if main else "word/document.xml"
        self._relations = package.relations(self._part)
        styles = Styles(self._xml("styles"))
        self._notes = {
            (kind, value(note, "id")): note for kind in ("footnote", "endnote") for note in self._listed(f"{kind}s")
        }
        self._words = WordText(styles, Numbering(self._xml("numbering"), styles), self._note)

    def _xml(self, kind: str) -> Element | None:
        return self._package.xml(next((name for found, name in self._relations.values() if found == kind), None))

    def _listed(self, kind: str) -> Iterable[Element]:
        root = self._xml(kind)
        return () if root is None else root

    def _note(self, kind: str, note_id: str) -> Element | None:
        return self._notes.get((kind, note_id))

    def reading(self) -> Reading:
        root = self._package.xml(self._part)
        body = child(root, "body") if root is not None else None
        if root is None or body is None:
            raise KeyError(self._part)
        blocks = self._words.blocks(body)
        text = "\n\n".join(filter(None, [joined(blocks), *self._diagrams(), *self._margins(root)]))
        text, embedded = without_embedded(text)
        counts = {what: (count, 0) for what, count in self._words.dropped.items()} | self._chunks()
        return Reading(text, dropped=(*(Dropped(what, *count) for what, count in counts.items()), *embedded))

    def _margins(self, root: Element) -> Iterator[str]:
        """Yield the headers and footers that pages show, each once; a page number says nothing."""
        settings = self._xml("settings")
        has_even = is_on(child(settings, "evenAndOddHeaders"))
        seen = set()
        for section in root.iter("{*}sectPr"):
            shown = {
                "default",
                *(["first"] if is_on(child(section, "titlePg")) else []),
                *(["even"] if has_even else []),
            }
            for reference in section:
                kind = {"headerReference": "Page header", "footerReference": "Page footer"}.get(local(reference))
                if kind is None or (value(reference, "type") or "default") not in shown:
                    continue
                part = self._package.xml(self._relations.get(value(reference, "id") or "", ("", None))[1])
                text = " ".join(joined(self._words.blocks(part)).split()) if part is not None else ""
                if text and (kind, text) not in seen and not _PAGE_NUMBER.fullmatch(text[:_LONGEST_NUMBER]):
                    seen.add((kind, text))
                    yield f"{kind}: {text}"

    def _diagrams(self) -> Iterator[str]:
        """Yield the words of each SmartArt diagram."""
        for aside in self._words.asides:
            data = self._relations.get(value(aside, "dm") or "", ("", None))[1]
            part = self._package.xml(data) if local(aside) == "relIds" else None
            points = () if part is None else part.iter("{*}pt")
            lines = ("".join(letter.text or "" for letter in point.iter("{*}t")) for point in points)
            yield "\n".join(f"- {line}" for line in lines if line.strip())

    def _chunks(self) -> dict[str, tuple[int, int]]:
        """Return how many charts and embedded documents were left out, and their sizes."""
        found: dict[str, tuple[int, int]] = {}
        for aside in self._words.asides:
            what = {"chart": "charts", "altChunk": "embedded documents (altChunk)"}.get(local(aside))
            if what:
                count, size = found.get(what, (0, 0))
                part = self._relations.get(value(aside, "id") or "", ("", None))[1]
                found[what] = (count + 1, size + self._package.size(part))
        return found
