"""RAGAS test sets: contexts become documents, whatever wrote the file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ragvsft.data.corpus import read_corpus
from ragvsft.data.evalset import read_samples
from ragvsft.data.importers.ragas import import_ragas
from ragvsft.errors import EvalsetError
from ragvsft.records import Sample
from tests.data.importers.written import imported, invoke, nothing_written, write, write_lines


def ragas_json(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write a list of rows as JSON."""
    path.with_suffix(".json").write_text(json.dumps(rows))
    return path.with_suffix(".json")


def ragas_csv(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as pandas does: lists as Python prints them."""
    with path.with_suffix(".csv").open("w", newline="") as file:
        table = csv.DictWriter(file, fieldnames=list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path.with_suffix(".csv")


@pytest.mark.parametrize("write", [ragas_json, ragas_csv])
def test_contexts_become_documents_once(tmp_path: Path, write: Callable[[Path, list[dict[str, Any]]], Path]) -> None:
    """Two questions that share a context share its document; a multi-hop synthesizer makes multi-hop samples."""
    names = ["single_hop_specific_query_synthesizer", "multi_hop_abstract_query_synthesizer"]
    rows = [
        {"user_input": "A?", "reference": "a", "reference_contexts": ["It's one."], "synthesizer_name": names[0]},
        {
            "user_input": "B?",
            "reference": "b",
            "reference_contexts": ["Two.", "It's one."],
            "synthesizer_name": names[1],
        },
    ]
    import_ragas(write(tmp_path / "r", rows), tmp_path / "corpus", tmp_path / "e.jsonl")
    texts = {document.doc_id: document.text for document in read_corpus(tmp_path / "corpus")}
    assert texts == {"context-0001.txt": "It's one.\n", "context-0002.txt": "Two.\n"}
    assert read_samples(tmp_path / "e.jsonl", doc_ids=texts) == [
        Sample("ragas-0001", "A?", ("a",), ("context-0001.txt",), "rephrased"),
        Sample("ragas-0002", "B?", ("b",), ("context-0002.txt", "context-0001.txt"), "multi-hop"),
    ]


def test_the_names_of_older_versions_are_known(tmp_path: Path) -> None:
    """Ragas 0.1 wrote question, contexts, ground_truth."""
    path = write_lines(tmp_path / "r.jsonl", {"question": "A?", "contexts": ["One."], "ground_truth": "a"})
    assert import_ragas(path, tmp_path / "corpus", tmp_path / "e.jsonl").samples == 1


def test_questions_without_a_reference_are_skipped_and_counted(tmp_path: Path) -> None:
    """Ragas writes nan where its model failed; the rest of the set is kept."""
    path = tmp_path / "r.csv"
    path.write_text("question,contexts,ground_truth\nA?,['One.'],a\nB?,['Two.'],nan\n")
    done = import_ragas(path, tmp_path / "corpus", tmp_path / "e.jsonl")
    assert done.samples == 1
    assert [(skip.cause, skip.count, skip.places) for skip in done.skipped] == [
        ("questions without a reference answer", 1, "line 3")
    ]


def test_rows_without_reference_or_contexts_alone_are_refused(tmp_path: Path) -> None:
    """It is said what there is instead, and nothing is written."""
    path = write_lines(tmp_path / "r.jsonl", {"user_input": "A?"}, {"user_input": [], "reference": "b"})
    with pytest.raises(EvalsetError) as caught:
        import_ragas(path, tmp_path / "corpus", tmp_path / "e.jsonl")
    said = "\n".join(caught.value.problems)
    assert "holds no samples, only questions without a reference answer (1), conversations of several turns (1)" in said
    path = write_lines(tmp_path / "r.jsonl", {"user_input": "A?", "reference": "b"})
    with pytest.raises(EvalsetError, match="no row has reference_contexts"):
        import_ragas(path, tmp_path / "corpus", tmp_path / "e.jsonl")
    assert nothing_written(tmp_path)


CONTEXTS = ('It\'s "six" months.', "Two weeks [sic].")


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".json", ".jsonl", ".tsv"])
@pytest.mark.parametrize("kind", ["list", "array"])
def test_contexts_survive_every_export(tmp_path: Path, suffix: str, kind: str) -> None:
    """Lists and arrays, through pandas; contexts and ground_truths alike."""
    make = list if kind == "list" else lambda texts: np.array(texts, dtype=object)
    frame = pd.DataFrame(
        {
            "question": ["A?", "B?"],
            "contexts": [make(list(CONTEXTS)), make([CONTEXTS[1]])],
            "ground_truths": [make(["six months"]), make(["two weeks", "2 weeks"])],
        }
    )
    path = tmp_path / f"r{suffix}"
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
        frame.to_parquet(path)
    elif suffix in (".csv", ".tsv"):
        frame.to_csv(path, sep="\t" if suffix == ".tsv" else ",")
    else:
        frame.to_json(path, orient="records", lines=suffix == ".jsonl")
    samples, texts, _ = imported(tmp_path, "ragas", path)
    assert list(dict(sorted(texts.items())).values()) == [f"{text}\n" for text in CONTEXTS]
    assert [(s.targets, len(s.doc_ids)) for s in samples] == [(("six months",), 2), (("two weeks", "2 weeks"), 1)]


def test_a_list_that_was_printed_without_its_middle_is_refused(tmp_path: Path) -> None:
    """1,001 contexts in numpy's short form are six."""
    contexts = np.array([f"Context {n}." for n in range(1001)], dtype=object)
    frame = pd.DataFrame({"user_input": ["A?"], "reference": ["a"], "reference_contexts": [str(contexts)]})
    frame.to_csv(tmp_path / "r.csv", index=False)
    code, said = invoke("import", "ragas", tmp_path / "r.csv", tmp_path / "out")
    assert code == 2
    assert "line 2: contexts is a list whose middle was printed as ...; save the data as JSON or Parquet" in said


def test_columns_of_any_name_are_mapped(tmp_path: Path) -> None:
    """Case does not matter, and a list may be filled from two columns."""
    frame = pd.DataFrame({"Prompt": ["A?"], "Expected": ["a"], "Chunk 1": ["One."], "Chunk 2": ["Two."]})
    frame.to_csv(tmp_path / "r.csv", index=False)
    mapped = ["--map", "question=prompt,targets=Expected", "--map", "contexts=Chunk 1", "--map", "contexts=Chunk 2"]
    samples, texts, _ = imported(tmp_path, "ragas", *mapped, tmp_path / "r.csv")
    assert sorted(texts.values()) == ["One.\n", "Two.\n"]
    assert (samples[0].question, samples[0].targets) == ("A?", ("a",))


def test_conversations_are_skipped_and_counted(tmp_path: Path) -> None:
    """A question of several turns is no question."""
    rows = [
        {"user_input": [{"content": "hi", "type": "human"}], "reference": "x"},
        {"user_input": "A?", "reference": "a", "reference_contexts": ["One."]},
    ]
    samples, _, said = imported(tmp_path, "ragas", write(tmp_path / "r.jsonl", rows, lines=True))
    assert len(samples) == 1
    assert "skipped: conversations of several turns: 1 (line 1)" in said
