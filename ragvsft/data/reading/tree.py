"""An element of lxml, which comes without types: as much of it as is used here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol, overload


class Element(Protocol):
    """One element of a page or of a part of a document; it holds its children in order."""

    @property
    def tag(self) -> str:
        """Its name, with the namespace in braces if it has one."""
        ...

    @property
    def text(self) -> str | None:
        """The text before its first child."""
        ...

    @property
    def tail(self) -> str | None:
        """The text behind its end."""
        ...

    @property
    def attrib(self) -> Mapping[str, str]:
        """Its attributes by name."""
        ...

    @overload
    def get(self, key: str) -> str | None: ...

    @overload
    def get(self, key: str, default: str) -> str: ...

    def get(self, key: str, default: str | None = None) -> str | None:
        """Return an attribute."""
        ...

    def find(self, path: str) -> Element | None:
        """Return the first element at a path."""
        ...

    def findtext(self, path: str) -> str | None:
        """Return the text of the first element at a path."""
        ...

    def xpath(self, path: str) -> list[Element]:
        """Return the elements at a path."""
        ...

    def iter(self, *tags: str) -> Iterator[Element]:
        """Yield it and what is below it, in the order of the document."""
        ...

    def iterdescendants(self, *tags: str) -> Iterator[Element]:
        """Yield what is below it, in the order of the document."""
        ...

    def iterancestors(self, *tags: str) -> Iterator[Element]:
        """Yield what is above it, the nearest first."""
        ...

    def itertext(self) -> Iterator[str]:
        """Yield all text within it."""
        ...

    def findall(self, path: str) -> list[Element]:
        """Return the elements at a path."""
        ...

    def getparent(self) -> Element | None:
        """Return what it is in."""
        ...

    def getprevious(self) -> Element | None:
        """Return the element before it."""
        ...

    def __iter__(self) -> Iterator[Element]: ...

    def __len__(self) -> int: ...
