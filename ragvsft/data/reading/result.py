"""What a reader leaves: the text of a file, and what it dropped on the way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dropped:
    """One kind of thing that a reader left out of a text."""

    what: str  # plural, as a sentence would name it: "embedded images"
    count: int
    characters: int  # of the file as it was decoded


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of one file, as a person sees it."""

    text: str
    pages: tuple[int, ...] = ()  # the offset in `text` at which each page begins
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()  # what a user should know of this file, a sentence each
