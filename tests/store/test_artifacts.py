"""An artifact is built once, and an altered one is never parsed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pytest

from ragvsft.building import BuildRecord
from ragvsft.errors import ArtifactError
from ragvsft.store.artifacts import Artifact, Store, key_of, with_needs
from tests.make import an_index

KEY = "ab" * 32


def build(store: Store, content: str = "vectors") -> Path:
    """Return the folder of a small artifact, built and opened."""

    def make(folder: Path, scratch: Path) -> dict[str, int]:
        (folder / "deep").mkdir()
        (folder / "deep" / "file.bin").write_text(content)
        return {"passages": 3}

    store.obtain("index", KEY, make)
    opened = store.open("index", KEY)
    assert opened is not None
    return opened


def test_what_was_never_built_is_none(tmp_path: Path) -> None:
    """Opening asks; it makes no folder."""
    assert Store(tmp_path / "cache").open("index", KEY) is None
    assert not (tmp_path / "cache").exists()


def test_a_finished_artifact_opens_with_its_facts(tmp_path: Path) -> None:
    """Files and facts are what the builder wrote."""
    store = Store(tmp_path)
    opened = build(store)
    assert opened == tmp_path / "index" / KEY[:16]
    assert (opened / "deep" / "file.bin").read_text() == "vectors"
    assert store.facts("index", KEY) == {"passages": 3}


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "deep/file.bin").write_text("vectorz"), r"file\.bin was altered"),
        (lambda folder: (folder / "deep/file.bin").unlink(), r"file\.bin is missing"),
        (lambda folder: (folder / "extra.bin").write_text(""), r"extra\.bin was altered"),
        (lambda folder: (folder / "artifact.json").unlink(), r"artifact\.json is missing"),
        (lambda folder: (folder / "artifact.json").write_text("{"), r"artifact\.json was altered"),
    ],
)
def test_a_damaged_artifact_is_refused(tmp_path: Path, damage: Callable[[Path], object], said: str) -> None:
    """Each file is named, with the remedy: delete the folder."""
    store = Store(tmp_path)
    damage(build(store))
    with pytest.raises(ArtifactError, match=f"{said}.*; delete the folder .* to build it again"):
        store.open("index", KEY)


def test_a_build_that_raises_leaves_nothing_but_its_scratch(tmp_path: Path) -> None:
    """Checkpoints survive a failed build; the finished artifact removes them."""
    store = Store(tmp_path)
    (store.scratch("index", KEY) / "step-1").write_text("checkpoint")

    def fail(folder: Path, scratch: Path) -> dict[str, int]:
        (folder / "half").write_text("x")
        return {"n": 1 // 0}

    with pytest.raises(ZeroDivisionError):
        store.obtain("index", KEY, fail)
    assert not list((tmp_path / "index").rglob("half"))
    assert store.open("index", KEY) is None
    assert (store.scratch("index", KEY) / "step-1").read_text() == "checkpoint"
    build(store)
    assert sorted(path.name for path in (tmp_path / "index").iterdir() if path.suffix != ".lock") == [KEY[:16]]


def test_obtain_builds_once(tmp_path: Path) -> None:
    """The second call finds what the first one built."""
    store, built = Store(tmp_path), []

    def make(folder: Path, scratch: Path) -> dict[str, int]:
        built.append(scratch.is_dir())
        (folder / "file").write_text("x")
        return {"n": 1}

    assert store.obtain("index", KEY, make) == store.obtain("index", KEY, make)
    assert built == [True]
    assert store.facts("index", KEY) == {"n": 1}


def test_processes_that_want_the_same_artifact_build_it_once(tmp_path: Path) -> None:
    """Of three processes one builds, two wait, all three get the folder."""
    program = (
        "import sys, os, time, pathlib\n"
        "from ragvsft.store.artifacts import Store\n"
        "def make(folder, scratch):\n"
        "    time.sleep(0.3); (folder / 'pid').write_text(str(os.getpid())); return {}\n"
        f"print((Store(pathlib.Path(sys.argv[1])).obtain('index', {KEY!r}, make) / 'pid').read_text())\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    pids = {process.communicate(timeout=60)[0].strip() for process in running}
    assert len(pids) == 1
    assert pids <= {str(process.pid) for process in running}


def test_building_again_what_is_there_is_harmless(tmp_path: Path) -> None:
    """The second rename loses; the first artifact stays and still opens."""
    store = Store(tmp_path)
    build(store, "first")
    assert (build(store, "second") / "deep/file.bin").read_text() == "first"


def test_leftovers_of_a_killed_build_are_swept(tmp_path: Path) -> None:
    """A killed process leaves a hidden folder, which the next build of that key removes."""
    leftover = tmp_path / "index" / f".{KEY[:16]}-dead"
    leftover.mkdir(parents=True)
    build(Store(tmp_path))
    assert not leftover.exists()


@dataclass(frozen=True)
class Made:
    """A small artifact that notes in what order things are made."""

    kind: ClassVar[str] = "index"

    text: str
    needs: tuple[Artifact, ...] = ()
    made: list[str] = field(default_factory=list, compare=False)  # a tool: no part of what it is made of

    def make(self, folder: Path, scratch: Path) -> BuildRecord:
        """Write the text."""
        self.made.append(self.text)
        (folder / "text").write_text(self.text)
        return an_index(passages=len(self.text))


@dataclass(frozen=True)
class OfAnotherKind(Made):
    """The same fields, and another kind of thing."""

    kind: ClassVar[str] = "examples"


def test_the_key_is_of_kind_fields_and_needs_and_of_no_tool() -> None:
    """What is needed counts by what it is made of in turn."""
    one = Made("one")
    assert key_of(one) == key_of(Made("one", made=["before"]))
    others = [Made("two"), OfAnotherKind("one"), Made("one", needs=(one,)), Made("one", needs=(Made("two"),))]
    deeper = Made("one", needs=(Made("one", needs=(Made("two"),)),))
    assert len({key_of(artifact) for artifact in [one, *others, deeper]}) == 6


def test_what_an_artifact_needs_is_built_before_it_and_everything_once(tmp_path: Path) -> None:
    """Two that need the same share it; whoever pays for a thing pays for what it is made of."""
    made: list[str] = []
    base = Made("base", made=made)
    first, second = (Made(text, needs=(base,), made=made) for text in ("first", "second"))
    wanted = with_needs([first, second])
    assert list(wanted) == [key_of(base), key_of(first), key_of(second)]
    store = Store(tmp_path)
    assert store.build(first) == an_index(passages=5)
    store.build(second)
    assert made == ["base", "first", "second"]
    assert [Store(tmp_path).build(one).passages for one in wanted.values()] == [4, 5, 6]
    assert made == ["base", "first", "second"]


def test_the_folder_of_an_artifact_is_there_once_it_is_built(tmp_path: Path) -> None:
    """Before that, one line names the command that builds it."""
    store, artifact = Store(tmp_path), Made("text")
    with pytest.raises(ArtifactError, match="an index of this run is not built; run `ragvsft build` first"):
        store.folder_of(artifact)
    store.build(artifact)
    assert (store.folder_of(artifact) / "text").read_text() == "text"
