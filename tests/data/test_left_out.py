"""Nothing of a corpus is lost unsaid: what is left out has a cause, and names match in any Unicode form."""

from __future__ import annotations

import json
import os
import time
import unicodedata
from pathlib import Path

import pytest

from ragvsft.codec import to_dict
from ragvsft.data.corpus import account, read_corpus, read_folder, said
from ragvsft.data.evalset import read_samples
from ragvsft.data.examples import read_examples
from ragvsft.errors import CorpusError, EvalsetError, ExamplesError, MissingExtra, UserError
from ragvsft.evidence.manifest import CorpusFacts
from tests.paths import SHARED

NFC, NFD = (unicodedata.normalize(form, "Überstunden.md") for form in ("NFC", "NFD"))
TEXT = "A text that is long enough to be one of a document."


def folder_of(place: Path, *names: str) -> Path:
    """Return a folder with files of one text below a path."""
    for name in names:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(TEXT)
    return place


def left_out(folder: Path) -> dict[str, str]:
    """Return the causes by path."""
    return {one.path: one.cause for one in read_folder(folder).left_out}


def test_every_file_that_is_not_read_has_a_cause(tmp_path: Path) -> None:
    """Suffixes that are unknown or missing, hidden, temporary, links that lead out or nowhere, placeholders."""
    outside = folder_of(tmp_path / "outside", "x.md", "folder/y.md")
    corpus = folder_of(
        tmp_path / "corpus", "a.md", "b/c.txt", "notes.odt", "deck.KEY", "README", ".env", ".git/config.md",
        "~$report.docx", "b/.hidden.md",
    )  # fmt: skip
    (corpus / "slides.pptx").write_bytes(b"PK\x03\x04")
    (corpus / "inside.md").symlink_to(corpus / "a.md")
    (corpus / "out.md").symlink_to(outside / "x.md")
    (corpus / "nowhere.md").symlink_to(outside / "none.md")
    (corpus / "linked").symlink_to(outside / "folder")
    os.mkfifo(corpus / "pipe.md")
    assert left_out(corpus) == {
        "notes.odt": "unknown suffix .odt",
        "deck.KEY": "unknown suffix .key",
        "README": "no suffix",
        ".env": "hidden file",
        ".git": "hidden folder",
        "b/.hidden.md": "hidden file",
        "~$report.docx": "lock file of an open document",
        "slides.pptx": "nothing but the first 4 bytes of a file",
        "out.md": "link to outside the folder",
        "nowhere.md": "broken link",
        "linked": "linked folder",
        "pipe.md": "not a regular file",
    }
    assert [document.doc_id for document in read_corpus(corpus)] == ["a.md", "b/c.txt", "inside.md"]


def test_a_corpus_folder_may_be_a_link_itself(tmp_path: Path) -> None:
    """What lies in it does not lead out of it."""
    folder_of(tmp_path / "real", "a.md")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert len(read_folder(tmp_path / "link").documents) == 1
    assert left_out(tmp_path / "link") == {}


def test_the_counts_are_of_all_and_the_names_of_the_first(tmp_path: Path) -> None:
    """The manifest does not grow with the folder."""
    folder_of(tmp_path, "a.md", *(f"{n:03}.odt" for n in range(250)), "x.png")
    found = account(read_folder(tmp_path))
    assert found.left_out.files == 251
    assert found.left_out.by_cause == {"unknown suffix .odt": 250, "unknown suffix .png": 1}
    assert len(found.left_out.first) == 200
    assert said(found) == [
        "251 files left out: unknown suffix .odt (250), unknown suffix .png (1); manifest.json lists the first 200"
    ]


def test_before_a_run_the_names_are_told(tmp_path: Path) -> None:
    """A dry run leaves no manifest to look into."""
    folder_of(tmp_path, "a.md", "b.odt")
    assert said(account(read_folder(tmp_path)), stored=False) == ["1 file left out: unknown suffix .odt (1): b.odt"]


def test_nothing_left_out_says_nothing(tmp_path: Path) -> None:
    """No line, and none for a manifest of an older version."""
    assert said(account(read_folder(folder_of(tmp_path, "a.md")))) == []
    assert said(CorpusFacts("docs", 1, 9, "sha").account) == []


def test_what_readers_dropped_is_summed(tmp_path: Path) -> None:
    """Per kind, over the documents."""
    pytest.importorskip("docutils")
    for name in ("a.rst", "b.rst"):
        (tmp_path / name).write_text(f"{TEXT}\n\n.. one comment\n\n.. another\n")
    found = account(read_folder(tmp_path))
    assert [(one.what, one.count, one.documents) for one in found.dropped] == [("comments", 4, 2)]
    assert said(found) == ["dropped in reading: comments (4)"]


def test_a_document_of_almost_nothing_is_a_warning(tmp_path: Path) -> None:
    """It stands beside the document's name; past a few, their number."""
    for n in range(6):
        (tmp_path / f"{n}.html").write_text(f"<html><head><style>{'a' * 900}</style></head><body>Menu</body></html>")
    lines = said(account(read_folder(tmp_path)))
    assert len(lines) == 1 + 4  # the styles that were dropped, and the notes
    assert lines[1].startswith("note: 0.html: holds almost no text")
    assert lines[-1].endswith("(and 2 more notes)")


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The documents in it would be lost unsaid."""
    folder_of(tmp_path, "a.md", "b/c.md")
    listed = os.scandir

    def scandir(place: str) -> object:
        if place.endswith("b"):
            raise PermissionError(13, "Permission denied")
        return listed(place)

    monkeypatch.setattr("os.scandir", scandir)
    with pytest.raises(CorpusError, match=r"b: cannot be listed \(Permission denied\)"):
        read_corpus(tmp_path)


def test_a_missing_reader_is_one_line_for_all_files_of_its_suffix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line per suffix, not per file."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    folder_of(tmp_path, "a.xlsx", "b.xlsx", "c.xlsx", "d.rst")
    with pytest.raises(MissingExtra) as caught:
        read_corpus(tmp_path)
    assert [problem.removeprefix(f"{tmp_path}/") for problem in caught.value.problems] == [
        "a.xlsx: reading .xlsx needs openpyxl: pip install 'ragvsft[docs]' (as do 2 more files)",
        "d.rst: reading .rst needs docutils: pip install 'ragvsft[docs]'",
    ]


def test_many_small_files_take_seconds(tmp_path: Path) -> None:
    """20,000 take less than 20; here a tenth of them."""
    folder_of(tmp_path, *(f"{n // 100}/{n}.md" for n in range(2_000)))
    begun = time.perf_counter()
    assert len(read_corpus(tmp_path)) == 2_000
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("on_disk", [NFC, NFD])
@pytest.mark.parametrize("asked", [NFC, NFD])
def test_a_doc_id_matches_in_any_unicode_form(tmp_path: Path, on_disk: str, asked: str) -> None:
    """Samples and examples then name the document as it is called, so that recall counts it."""
    corpus = folder_of(tmp_path / "corpus", f"ä/{on_disk}")
    doc_ids = [document.doc_id for document in read_corpus(corpus)]
    row = {"question": "When?", "doc_ids": [f"a\u0308/{asked}"]}
    (tmp_path / "e.jsonl").write_text(json.dumps({**row, "sample_id": "1", "targets": ["x"]}))
    (tmp_path / "x.jsonl").write_text(json.dumps({**row, "example_id": "1", "answer": "x"}))
    assert list(read_samples(tmp_path / "e.jsonl", doc_ids=doc_ids)[0].doc_ids) == doc_ids == [f"ä/{NFC}"]
    assert list(read_examples(tmp_path / "x.jsonl", doc_ids=doc_ids)[0].doc_ids) == doc_ids


@pytest.mark.parametrize("name", ["café.md", "Ångström.txt", "한국어.md", "ガイド.md", "Việt Nam.md", "ẛ̣.md"])
def test_in_any_script(tmp_path: Path, name: str) -> None:
    """Hangul, kana with marks, letters with two marks, in either form on disk."""
    for form in ("NFC", "NFD"):
        corpus = folder_of(tmp_path / form, unicodedata.normalize(form, name))
        assert read_corpus(corpus)[0].doc_id == unicodedata.normalize("NFC", name)


def test_two_files_that_differ_in_form_only(tmp_path: Path) -> None:
    """No doc_id could tell them apart; both are written so that they can be."""
    folder_of(tmp_path, NFC)
    if os.path.exists(tmp_path / NFD):
        pytest.skip("this disk keeps one form of a name")
    folder_of(tmp_path, NFD)
    with pytest.raises(CorpusError) as caught:
        read_corpus(tmp_path)
    [line] = caught.value.problems
    assert "differ only in the Unicode form of that name" in line
    assert r"\xdcberstunden" in line
    assert r"U\u0308berstunden" in line


def test_a_name_that_is_no_text_is_one_line(tmp_path: Path) -> None:
    """The bytes are shown, so that the file can be found; the other problems are told, too."""
    folder_of(tmp_path, "a.md")
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text(TEXT)
    except OSError:
        pytest.skip("this disk keeps names as text")
    (tmp_path / "empty.md").write_text("")
    with pytest.raises(CorpusError) as caught:
        read_corpus(tmp_path)
    assert caught.value.problems[0] == rf"{tmp_path}: the name caf\xe9.md is not UTF-8; rename the file"
    assert "empty.md is empty" in caught.value.problems[1]


def test_such_a_name_can_be_left_out_and_stored(tmp_path: Path) -> None:
    """The manifest and the report are UTF-8."""
    folder_of(tmp_path, "a.md")
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.odt")).write_text(TEXT)
    except OSError:
        pytest.skip("this disk keeps names as text")
    assert json.dumps(to_dict(account(read_folder(tmp_path))), ensure_ascii=False).encode()
    assert left_out(tmp_path) == {r"caf\xe9.odt": "unknown suffix .odt"}


def test_half_a_surrogate_pair_in_a_text(tmp_path: Path) -> None:
    """It becomes U+FFFD: a text that cannot be encoded can be neither hashed nor shown."""
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": f"{TEXT} \ud83d."}]}))
    assert read_corpus(tmp_path)[0].text.strip() == f"{TEXT} \N{REPLACEMENT CHARACTER}."


def _samples(path: Path, doc_ids: list[str]) -> Path:
    """Return an evalset that asks for documents."""
    rows = ({"sample_id": str(n), "question": "?", "targets": ["x"], "doc_ids": [d]} for n, d in enumerate(doc_ids))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_file_that_was_left_out_is_told_as_such(tmp_path: Path) -> None:
    """Not as an unknown name."""
    path = _samples(tmp_path / "e.jsonl", ["deck.odp"])
    with pytest.raises(EvalsetError) as caught:
        read_samples(path, doc_ids=["a.md"], left_out={"deck.odp": "unknown suffix .odp"})
    assert caught.value.problems[0].endswith(
        "line 1: doc_id 'deck.odp' is not in the corpus; that file is left out: unknown suffix .odp"
    )


def test_thousands_are_one_line_and_take_seconds(tmp_path: Path) -> None:
    """The first three places, how many, and what was meant."""
    known = [f"guide/page-{n}.md" for n in range(20_000)]
    path = _samples(tmp_path / "e.jsonl", [f"page-{n}.markdown" for n in range(20_000)])
    begun = time.perf_counter()
    with pytest.raises(EvalsetError) as caught:
        read_samples(path, doc_ids=known)
    assert time.perf_counter() - begun < 10
    [line] = caught.value.problems
    assert "doc_id 'page-0.markdown' is not in the corpus; did you mean 'guide/page-0.md'?" in line
    assert "20,000 times: line 1, line 2, line 3" in line
    assert len(line) < 1000


def test_examples_too(tmp_path: Path) -> None:
    """The same name in three rows."""
    rows = [{"example_id": str(n), "question": "?", "answer": "x", "doc_ids": ["b.md"]} for n in range(3)]
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(ExamplesError) as caught:
        read_examples(tmp_path / "x.jsonl", doc_ids=["a.md"])
    assert "doc_id 'b.md' is not in the corpus" in caught.value.problems[0]


def _config(place: Path) -> Path:
    """Return a config over a folder with two files left out."""
    corpus = folder_of(place / "documents", "leave.md", "deck.odp", ".DS_Store")
    (corpus / "pay.markdown").write_text("# Pay\n\nPay day is the 25th of each month.\n")
    sample = {
        "sample_id": "1",
        "question": "When is pay day?",
        "targets": ["the 25th"],
        "doc_ids": ["pay.markdown"],
    }
    (place / "q.jsonl").write_text(json.dumps(sample))
    (place / "ragvsft.yaml").write_text(
        "name: t\ncorpus: documents\nevalset: q.jsonl\nvariants: [prompt]\nengine: {kind: scripted}\n"
        "latency: {requests: 0, warmup: 0}\noutput: out\ncache: cache\n"
    )
    return place / "ragvsft.yaml"


def test_terminal_manifest_and_report_say_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each names how many and why; the manifest and the report name the files."""
    from click.testing import CliRunner

    from ragvsft.cli.main import main

    monkeypatch.chdir(tmp_path)
    _config(tmp_path)
    done = CliRunner().invoke(main, ["run"], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    line = "2 files left out: hidden file (1), unknown suffix .odp (1)"
    assert line in " ".join(done.stdout.split())
    assert line in " ".join(done.stderr.split())
    [run] = (tmp_path / "out").iterdir()
    manifest = json.loads((run / "manifest.json").read_text())
    assert manifest["corpus"]["documents"] == 2
    assert [".DS_Store", "hidden file"] in manifest["corpus"]["left_out"]["first"]
    report = (run / "report.html").read_text()
    assert "2 files left out" in report.replace("\N{NO-BREAK SPACE}", " ")
    assert "deck.odp: unknown suffix .odp" in report


def test_a_file_that_is_left_out_does_not_change_the_inputs(tmp_path: Path) -> None:
    """A run goes on though somebody put a picture beside the documents."""
    from ragvsft.config.load import load_config
    from ragvsft.progress import Silent
    from ragvsft.stages.start import start

    config = load_config(_config(tmp_path), environ={})
    before = start(config, limit=None, progress=Silent(), environ={}).manifest
    folder_of(tmp_path / "documents", "new.png")
    elsewhere = config.model_copy(update={"output": tmp_path / "other"})
    after = start(elsewhere, limit=None, progress=Silent(), environ={}).manifest
    counts = [run.corpus.left_out.files for run in (before, after) if run.corpus and run.corpus.left_out]
    assert counts == [2, 3]
    assert after.inputs_sha256 == before.inputs_sha256


def test_a_question_about_a_left_out_file_is_an_error(tmp_path: Path) -> None:
    """Nothing could find it."""
    from ragvsft.config.load import load_config
    from ragvsft.stages.inputs import read_inputs

    config = load_config(_config(tmp_path), environ={})
    sample = {"sample_id": "1", "question": "?", "targets": ["x"], "doc_ids": ["deck.odp"]}
    (tmp_path / "q.jsonl").write_text(json.dumps(sample))
    with pytest.raises(UserError, match=r"that file is left out: unknown suffix \.odp"):
        read_inputs(config)


@pytest.mark.parametrize(("case", "documents", "files"), [("06-skipped-files", 3, 1), ("07-nfd-file-name", 1, 0)])
def test_reported_cases(case: str, documents: int, files: int) -> None:
    """The folders that people reported: what can be read is, the rest is listed, every doc_id is found."""
    folder = SHARED / "cases" / case
    if not folder.is_dir():
        pytest.skip("the reported cases are not here")
    corpus = read_folder(folder / "documents")
    assert (len(corpus.documents), len(corpus.left_out)) == (documents, files)
    known = {document.doc_id for document in corpus.documents}
    asked = {doc_id for sample in read_samples(folder / "questions.jsonl", doc_ids=known) for doc_id in sample.doc_ids}
    assert asked
    assert asked <= known
