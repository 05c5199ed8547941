"""A file is whole or not there, and a hash is of everything that it is a hash of."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ragvsft.errors import OutputError
from ragvsft.store.files import fingerprint, write_atomically, write_new, writing


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    """Text that cannot be encoded leaves the old content and no temporary file."""
    path = tmp_path / "metrics.json"
    write_atomically(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["metrics.json"]


def test_a_file_where_a_folder_is_needed_is_an_output_error(tmp_path: Path) -> None:
    """The error names the path and what to do."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputError, match=r"taken.*report\.html: there is a file where a folder is needed"):
        write_atomically(tmp_path / "taken" / "report.html", "x")


def test_a_full_disk_told_by_a_foreign_library_is_an_output_error(tmp_path: Path) -> None:
    """Safetensors and FAISS raise their own types, with the system's text in them."""
    with pytest.raises(OutputError, match="the disk is full"), writing(tmp_path):
        raise RuntimeError(f"write error: 5 != 10 ({os.strerror(errno.ENOSPC)})")


def test_an_error_about_another_file_is_passed_on(tmp_path: Path) -> None:
    """A block that reads while it writes keeps the errors of its reading."""
    with pytest.raises(NotADirectoryError), writing(tmp_path / "out" / "x"):
        raise NotADirectoryError(errno.ENOTDIR, "Not a directory", "/elsewhere/model/config.json")


def test_new_files_are_written_all_or_none(tmp_path: Path) -> None:
    """If the last file cannot be written, the folder and the first file are gone again."""
    (tmp_path / "taken").write_text("")
    files = {tmp_path / "a.jsonl": "a", tmp_path / "taken" / "b.jsonl": "b"}
    with pytest.raises(OutputError):
        write_new(tmp_path / "corpus", {"x/y.txt": "text"}, files)
    assert os.listdir(tmp_path) == ["taken"]


def test_new_files_never_replace_old_ones(tmp_path: Path) -> None:
    """A corpus folder that holds something is left alone."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "mine.md").write_text("mine")
    with pytest.raises(OutputError, match="already exists"):
        write_new(tmp_path / "corpus", {"x.txt": "text"}, {tmp_path / "a.jsonl": "a"})
    assert not (tmp_path / "a.jsonl").exists()


def test_key_order_does_not_matter_but_every_value_does() -> None:
    """Two dicts with the same content have one fingerprint; tuples count as lists; borders between parts count."""
    assert fingerprint({"a": 1, "b": (2, 3)}) == fingerprint({"b": [2, 3], "a": 1})
    assert len({fingerprint("ab", "c"), fingerprint("a", "bc"), fingerprint("abc"), fingerprint(["ab", "c"])}) == 4


def test_it_is_the_sha256_of_canonical_json() -> None:
    """Worked with sha256sum: printf '[{"a":1}]' | sha256sum."""
    assert fingerprint({"a": 1}) == "b713f6d2a989e907c58516a7c8bb487792c8785ddbf367b80dc774bf33b85a85"
