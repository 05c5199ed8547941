"""Inputs of the kinds that people reported, run whole: each must give what its row in the folder's README says.

The folder lies beside the checkout where the project is accepted; without it these tests skip. Other members of each
kind, invented for the purpose, are tested beside the code that reads or scores them.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ragvsft.cli import main as cli
from ragvsft.config.sections import PassagesConfig
from ragvsft.data.corpus import read_corpus
from ragvsft.data.passages import split
from ragvsft.prompts import schema_line
from ragvsft.store.runs import list_runs
from ragvsft.verdict.prices import load_prices
from tests.paths import SHARED

CASES = SHARED / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside the checkout")


def _copy(case: str, folder: Path) -> Path:
    place = folder / case
    shutil.copytree(CASES / case, place)
    for path in place.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    place.chmod(0o755)
    return place


def _ragvsft(*words: str) -> Result:
    return CliRunner().invoke(cli.main, list(words))


def _run(place: Path) -> Path:
    """Run a case's config and return its run folder."""
    result = _ragvsft("run", "-c", str(place / "ragvsft.yaml"))
    assert result.exit_code == 0, result.output
    [run] = list_runs(place / "out")
    return run.path


def _scored(case: str, folder: Path) -> dict[tuple[str, str], float]:
    """Run a case, put its answers in place of the scripted ones, score again; return means by (metric, variant)."""
    place = _copy(case, folder)
    run = _run(place)
    answers: dict[str, Any] = json.loads((place / "answers.json").read_text())
    journal = run / "predictions.jsonl"
    rows = [json.loads(line) for line in journal.read_text().splitlines()]
    for row in rows:
        said = answers[row["sample_id"]]
        row["outcome"]["text"] = said[row["variant"]] if isinstance(said, dict) else said
    journal.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    result = _ragvsft("score", str(run))
    assert result.exit_code == 0, result.output
    metrics = json.loads((run / "metrics.json").read_text())
    return {(m["name"], m["variant"]): m["value"] for m in metrics if m["stratum"] is None}


def _text_of(case: str, folder: Path) -> str:
    [document] = read_corpus(_copy(case, folder) / "documents")
    return document.text


def test_01_terms_and_definitions_are_apart(tmp_path):
    """Minified HTML: no word is glued to the next."""
    text = _text_of("01-html-glued", tmp_path)
    for term, definition in (("Notice period", "30 days"), ("Deposit", "Two months")):
        assert re.search(rf"{term}\W+{definition}", text), text
    assert not re.search(r"period30|daysDeposit", text)


def test_02_each_value_stands_under_its_own_column(tmp_path):
    """A table with rowspan and colspan is the grid that a reader sees."""
    rows = [line for line in _text_of("02-html-rowspan", tmp_path).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert len({len(row) for row in cells}) == 1, rows


def test_03_a_docx_holds_all_that_word_shows(tmp_path):
    """Tracked insertions, content controls and nested tables."""
    text = _text_of("03-docx-lost-text", tmp_path)
    assert "Notice period is days." not in text
    assert re.search(r"Notice period is \d+ days", text), text


def test_04_an_embedded_image_is_not_passages(tmp_path):
    """One or two passages of prose, not 852 of base64."""
    documents = read_corpus(_copy("04-md-data-uri", tmp_path) / "documents")
    assert 1 <= len(split(documents, PassagesConfig(), lambda text: len(text) // 4 + 1)) <= 2


def test_05_a_script_that_the_encoder_cannot_read_is_refused(tmp_path):
    """Thai with the packaged encoder: one line that names document, script and an encoder to use."""
    place = _copy("05-thai-one-token", tmp_path)
    (place / "q.jsonl").write_text(
        '{"sample_id": "q", "question": "How long?", "targets": ["x"], "doc_ids": ["leave.md"]}\n'
    )
    (place / "ragvsft.yaml").write_text(
        "corpus: documents\nevalset: q.jsonl\nvariants: [prompt, rag]\nengine: {kind: scripted}\n"
        "latency: {requests: 0}\noutput: out\ncache: cache\n"
    )
    result = _ragvsft("run", "-c", str(place / "ragvsft.yaml"))
    assert result.exit_code == 2
    assert all(word in result.output for word in ("leave.md", "Thai", "multilingual"))


def test_06_what_is_left_out_is_said_and_markdown_and_rst_are_read(tmp_path):
    """In the terminal, the manifest and the report."""
    place = _copy("06-skipped-files", tmp_path)
    result = _ragvsft("run", "-c", str(place / "ragvsft.yaml"))
    assert "1 file left out" in result.output
    [run] = list_runs(place / "out")
    corpus = json.loads((run.path / "manifest.json").read_text())["corpus"]
    assert corpus["documents"] == 3
    assert [path for path, _ in corpus["left_out"]["first"]] == ["slides.pptx"]
    assert "slides.pptx" in (run.path / "report.html").read_text()


def test_07_a_file_name_in_another_unicode_form_is_found(tmp_path):
    """And counts as found by retrieval."""
    place = _copy("07-nfd-file-name", tmp_path)
    metrics = json.loads((_run(place) / "metrics.json").read_text())
    assert [m["value"] for m in metrics if m["name"] == "recall_at(3)" and m["stratum"] is None] == [1.0]


def test_08_a_tenfold_wrong_dose_scores_nothing(tmp_path):
    """25 mg is not 2.5 mg."""
    found = _scored("08-decimal-point", tmp_path)
    for metric in ("token_f1", "exact_match", "contains", "rouge_l"):
        assert (found[metric, "prompt"], found[metric, "rag"]) == (0, 1)


def test_09_the_letter_a_is_an_answer_and_nothing_is_none(tmp_path):
    """The answer is A; an empty answer is not."""
    found = _scored("09-choice-letter-A", tmp_path)
    assert found["exact_match", "prompt"] == found["token_f1", "prompt"] == 0
    assert found["token_f1", "rag"] > 0
    assert found["contains", "rag"] == 1


def test_10_the_unicode_form_of_an_answer_does_not_matter(tmp_path):
    """NFD answers, NFC targets."""
    found = _scored("10-nfd-answers", tmp_path)
    assert found["exact_match", "rag"] == found["token_f1", "rag"] == 1


def test_11_chinese_is_compared_by_characters(tmp_path):
    """The target within a sentence: a part of the F1, the whole of contains."""
    found = _scored("11-cjk-answers", tmp_path)
    assert 0 < found["token_f1", "rag"] < 1
    assert found["contains", "rag"] == 1
    assert found["contains", "prompt"] == 0


def test_12_a_negative_fact_is_not_a_refusal(tmp_path):
    """The variant that lies does not win."""
    found = _scored("12-refusal-false-positive", tmp_path)
    assert found["refused", "rag"] == 0
    assert found["token_f1", "rag"] > 0.9 > 0.7 > found["token_f1", "prompt"]
    [run] = list_runs(tmp_path / "12-refusal-false-positive" / "out")
    assert json.loads((run.path / "decision.json").read_text())["variant"] != "prompt"


def test_13_a_german_refusal_is_a_refusal(tmp_path):
    """As the instruction asks for it."""
    found = _scored("13-german-refusal", tmp_path)
    assert (found["abstained", "rag"], found["abstained", "prompt"]) == (1, 0)


def test_14_swapped_records_are_wrong(tmp_path):
    """Quantities of two articles exchanged."""
    found = _scored("14-json-swapped-records", tmp_path)
    assert found["field_f1", "prompt"] < 1
    assert found["json_match", "prompt"] == 0
    assert found["field_f1", "rag"] == found["json_match", "rag"] == 1


def test_15_the_prompt_shows_the_whole_schema(tmp_path):
    """Fields of a definition, values of an enum, what is nested."""
    schema = json.loads((CASES / "15-schema-ref" / "schema.json").read_text())
    line = schema_line(schema)
    for word in ('"city"', '"zip"', '"low"', '"high"', '"sku"', '"qty"', '"order"', "null"):
        assert word in line
    assert "any" not in line


@pytest.mark.parametrize(
    ("source", "kind", "targets"),
    [
        ("16-ragas-numpy-csv/testset.csv", "ragas", [["six months"], ["two weeks"]]),
        ("16-ragas-numpy-csv/old-testset.csv", "ragas", [["six months"]]),
    ],
)
def test_16_lists_as_pandas_and_numpy_write_them_are_lists(tmp_path, source, kind, targets):
    """Two contexts, and the target as text."""
    result = _ragvsft("import", kind, str(CASES / source), str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    assert [sample["targets"] for sample in _samples(tmp_path / "out")] == targets


def test_16_and_29_a_cell_is_a_list_only_where_it_shows_one(tmp_path):
    """A pandas list is two targets; a pipe is part of one."""
    for case, file, targets in (
        ("16-ragas-numpy-csv", "answers-list.csv", ["31 March", "end of March"]),
        ("29-pipe-in-answer", "qa.csv", ["cat app.log | grep ERROR"]),
    ):
        out = tmp_path / case
        documents = str(CASES / case / "documents")
        result = _ragvsft("import", "csv", str(CASES / case / file), str(out), "--corpus", documents)
        assert result.exit_code == 0, result.output
        [sample] = _samples(out)
        assert sample["targets"] == targets


def test_17_a_huge_cell_is_read(tmp_path):
    """Past the limit of Python's csv module."""
    result = _ragvsft("import", "ragas", str(CASES / "17-csv-long-cell" / "testset.csv"), str(tmp_path / "out"))
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("name", ["annotation-export", "hub-array", "hub-export"])
def test_18_every_dialect_of_squad_is_imported(tmp_path, name):
    """Without titles, with integer ids, as the hub writes it."""
    result = _ragvsft("import", "squad", str(CASES / "18-squad-dialects" / f"{name}.json"), str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    assert _samples(tmp_path / "out")


@pytest.mark.parametrize("name", ["empty-text", "int-ids", "utf16"])
def test_19_oddities_of_beir_are_kept_or_counted(tmp_path, name):
    """Or one line says what is wrong; never a traceback."""
    result = _ragvsft("import", "beir", str(CASES / "19-beir-oddities" / name), str(tmp_path / "out"))
    assert result.exit_code in (0, 2)
    if result.exit_code == 2:
        assert len(result.output.strip().splitlines()) == 1
    else:
        assert _samples(tmp_path / "out")


def test_20_half_a_character_is_one_line(tmp_path):
    """Exit code 2, and no run folder."""
    place = _copy("20-lone-surrogate", tmp_path)
    result = _ragvsft("run", "-q", "-c", str(place / "ragvsft.yaml"))
    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) == 1
    assert not (place / "out").exists()


def test_27_a_device_is_priced_by_its_whole_name():
    """An L40S is not an L4."""
    prices = load_prices(CASES / "27-gpu-price-substring" / "prices.yaml")
    assert prices.hardware_row("auto", "NVIDIA L4") == "l4"
    assert prices.hardware_row("auto", "NVIDIA L40S") is None


def _samples(out: Path) -> list[dict[str, Any]]:
    [file] = [path for path in out.glob("*.jsonl") if "example" not in path.name]
    return [json.loads(line) for line in file.read_text().splitlines()]
