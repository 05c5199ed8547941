"""EPUB, by the standard library's ZIP and XML: the chapters in reading order, each read as HTML."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree
from zipfile import ZipFile

from ragvsft.data.reading.archives import broken, open_archive
from ragvsft.data.reading.result import Dropped, Reading
from ragvsft.errors import CorpusError

_MARKUP = ("application/xhtml+xml", "text/html")


def read(path: Path, data: bytes) -> Reading:
    """Return the book's title and its chapters. Raises CorpusError."""
    from ragvsft.data.reading import html

    with open_archive(path, data, "EPUB") as archive:
        try:
            package, place = _package(archive)
            chapters = [(name, archive.read(name)) for name in _spine(package, place)]
        except (KeyError, StopIteration, ElementTree.ParseError, RuntimeError, ValueError, OSError) as error:
            raise broken(path, "EPUB", error) from error
        if _is_locked(archive, {name for name, _ in chapters}):
            raise CorpusError(f"{path} is a copy-protected EPUB; export it without protection or remove it")
        pictures = sum(name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".svg")) for name in archive.namelist())
    counts: Counter[str] = Counter({"pictures": pictures} if pictures else {})
    characters: Counter[str] = Counter()
    title = next((node.text.strip() for node in _all(package, "title") if node.text and node.text.strip()), "")
    parts = [f"# {title}"] if title else []
    for name, chapter in chapters:
        reading = html.read(path / name, chapter)
        parts.append(reading.text.strip())
        for one in reading.dropped:
            counts[one.what] += one.count
            characters[one.what] += one.characters
    dropped = tuple(Dropped(what, count, characters[what]) for what, count in sorted(counts.items()))
    return Reading("\n\n".join(part for part in parts if part), dropped=dropped)


def _package(archive: ZipFile) -> tuple[ElementTree.Element, str]:
    """Return the package document and the folder that its names are relative to."""
    container = _xml(archive.read("META-INF/container.xml"))
    name = next(_all(container, "rootfile")).attrib["full-path"]
    return _xml(archive.read(name)), posixpath.dirname(name)


def _spine(package: ElementTree.Element, place: str) -> Iterator[str]:
    """Yield the chapters' names in reading order; the table of contents is not one."""
    items = {item.attrib["id"]: item.attrib for item in _all(package, "item")}
    for entry in _all(package, "itemref"):
        item = items[entry.attrib["idref"]]
        if item.get("media-type") in _MARKUP and "nav" not in item.get("properties", "").split():
            yield posixpath.normpath(posixpath.join(place, unquote(item["href"])))


def _is_locked(archive: ZipFile, chapters: set[str]) -> bool:
    """Return whether chapters are encrypted: fonts often are, and need no reading."""
    if "META-INF/encryption.xml" not in archive.namelist():
        return False
    encryption = _xml(archive.read("META-INF/encryption.xml"))
    return any(unquote(node.attrib.get("URI", "")) in chapters for node in _all(encryption, "CipherReference"))


def _xml(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(data)  # noqa: S314  (expat bounds what entities grow to since 2.4.1)


def _all(tree: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Yield the elements of a name, whatever their namespace."""
    return (node for node in tree.iter() if isinstance(node.tag, str) and node.tag.rpartition("}")[2] == name)
