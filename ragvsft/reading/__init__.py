"""Files to text: one module per format, each with `read(path, data) -> Reading`, imported on first use."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from ragvsft.reading.result import Reading


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
    ".md": Format("ragvsft.reading.markdown"),
    ".txt": Format("ragvsft.reading.text"),
    ".pdf": Format("ragvsft.reading.pdf", "pypdf"),
    ".docx": Format("ragvsft.reading.docx"),
    ".html": Format("ragvsft.reading.html"),
    ".htm": Format("ragvsft.reading.html"),
    ".markdown": Format("ragvsft.reading.markdown"),
    ".rst": Format("ragvsft.reading.rst", "docutils"),
    ".csv": Format("ragvsft.reading.delimited"),
    ".tsv": Format("ragvsft.reading.delimited"),
    ".xlsx": Format("ragvsft.reading.xlsx", "openpyxl"),
    ".pptx": Format("ragvsft.reading.pptx", "pptx"),
    ".eml": Format("ragvsft.reading.eml"),
    ".epub": Format("ragvsft.reading.epub"),
    ".ipynb": Format("ragvsft.reading.notebook"),
}
