"""A zipped package of XML parts (DOCX and its like), read within a stated size."""

from __future__ import annotations

import posixpath
import zipfile
from io import BytesIO
from pathlib import Path

from ragvsft.data.reading.tree import Element
from ragvsft.errors import CorpusError

LARGEST = 256_000_000  # bytes of XML once unpacked; a manual of 3,000 pages has a tenth
_LOCKED = b"\xd0\xcf\x11\xe0"  # an OLE container: encrypted, or of the format before DOCX


class Package:
    """The parts of one file. What is not a part of it is None."""

    def __init__(self, path: Path, data: bytes) -> None:
        """Open a file. Raises CorpusError where it is locked, BadZipFile where it is not a package."""
        if data.startswith(_LOCKED):
            raise CorpusError(f"{path} is password-protected or in an old format; save it as DOCX without a password")
        self._path = path
        self._archive = zipfile.ZipFile(BytesIO(data))
        self._names = set(self._archive.namelist())
        self._read = 0

    def size(self, name: str | None) -> int:
        """Return how large a part is once unpacked, 0 where there is none."""
        return self._archive.getinfo(name).file_size if name in self._names else 0

    def xml(self, name: str | None) -> Element | None:
        """Return the root element of a part. Raises CorpusError where more is unpacked than a document may have."""
        from lxml import etree

        if name is None or name not in self._names:
            return None
        self._read += self.size(name)
        if self._read > LARGEST:
            raise CorpusError(
                f"{self._path}: its text unpacks to more than {LARGEST // 1_000_000} MB; split it or remove it"
            )
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        root: Element = etree.fromstring(self._archive.read(name), parser)
        return root

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part refers to, by id: the last word of its type and the name of the part."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        return {
            relation.get("Id", ""): (
                relation.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/"),
            )
            for relation in (() if root is None else root)
        }
