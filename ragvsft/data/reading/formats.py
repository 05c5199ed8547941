"""Files to text: one module per format, each with `read(path, data) -> Reading`, imported on first use."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from ragvsft.data.reading.result import Reading


@dataclass(frozen=True, slots=True)
class Format:
    """How the files of one suffix are read."""

    module: str
    needs: str | None = None  # a package of the `docs` extra

    def read(self, path: Path, data: bytes) -> Reading:
        """Return what a person sees of a file. Raises CorpusError."""
        reading: Reading = import_module(self.module).read(path, data)
        return reading


FORMATS: dict[str, Format] = {
    ".md": Format("ragvsft.data.reading.markdown"),
    ".txt": Format("ragvsft.data.reading.text"),
    ".pdf": Format("ragvsft.data.reading.pdf", "pypdf"),
    ".docx": Format("ragvsft.data.reading.docx"),
    ".html": Format("ragvsft.data.reading.html"),
    ".htm": Format("ragvsft.data.reading.html"),
    ".markdown": Format("ragvsft.data.reading.markdown"),
    ".rst": Format("ragvsft.data.reading.rst", "docutils"),
    ".csv": Format("ragvsft.data.reading.delimited"),
    ".tsv": Format("ragvsft.data.reading.delimited"),
    ".xlsx": Format("ragvsft.data.reading.xlsx", "openpyxl"),
    ".pptx": Format("ragvsft.data.reading.pptx", "pptx"),
    ".eml": Format("ragvsft.data.reading.eml"),
    ".epub": Format("ragvsft.data.reading.epub"),
    ".ipynb": Format("ragvsft.data.reading.notebook"),
}


def packages() -> tuple[str, ...]:
    """Return the packages of the `docs` extra, by the names that they are imported by."""
    return tuple(dict.fromkeys(form.needs for form in FORMATS.values() if form.needs))
