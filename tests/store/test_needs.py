"""Artifacts: a frozen dataclass whose fields are its key, built after what it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from ragvsft.building import IndexRecord
from ragvsft.store.artifacts import Artifact, Store, key_of, with_needs


@dataclass(frozen=True, slots=True)
class Words:
    """A list of words, as an index without vectors."""

    kind: ClassVar[str] = "words"

    words: tuple[str, ...]
    made: list[str] = field(compare=False)  # a tool: it leaves no trace in what is made
    needs: tuple[Artifact, ...] = ()

    def make(self, folder: Path, scratch: Path) -> IndexRecord:
        """Write the words, and note that they were."""
        (folder / "words.txt").write_text(" ".join(self.words))
        self.made.append(self.words[0])
        return IndexRecord(1, 1, None, None, "words", 5, len(self.words), 0.1, "cpu", 0)


def test_whatever_made_an_artifact_is_in_its_key() -> None:
    """Its fields and what it needs, but not its tools."""
    base = Words(("one",), [])
    assert key_of(replace(base, made=["x"])) == key_of(base)
    others = [replace(base, words=("two",)), replace(base, needs=(Words(("zero",), []),))]
    assert len({key_of(artifact) for artifact in (base, *others)}) == 3


def test_what_is_needed_is_built_first_and_recorded_too(tmp_path: Path) -> None:
    """Each once, however many need it: whoever pays for a thing pays for what it is made of."""
    made: list[str] = []
    base = Words(("base",), made)
    left, right = Words(("left",), made, (base,)), Words(("right",), made, (base,))
    wanted = with_needs([left, right])
    assert list(wanted) == [key_of(base), key_of(left), key_of(right)]
    records = [Store(tmp_path).build(artifact) for artifact in wanted.values()]
    assert made == ["base", "left", "right"]
    assert records == [IndexRecord(1, 1, None, None, "words", 5, 1, 0.1, "cpu", 0)] * 3
