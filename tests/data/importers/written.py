"""Small files in other people's formats, and what an import leaves."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from ragvsft.cli import main as cli
from ragvsft.config.load import load_config
from ragvsft.data.evalset import read_samples
from ragvsft.records import Sample


def squad(*questions: dict[str, Any]) -> dict[str, Any]:
    """Return a SQuAD file of two paragraphs, the questions about the first."""
    paragraphs = [{"context": "Normandy is in France.", "qas": list(questions)}, {"context": "It rains.", "qas": []}]
    return {"version": "v2.0", "data": [{"title": "The_Normans/old", "paragraphs": paragraphs}]}


def question(name: str, *answers: str, **more: Any) -> dict[str, Any]:
    """Return a SQuAD question."""
    return {"id": name, "question": f"{name}?", "answers": [{"text": text} for text in answers], **more}


def write_lines(path: Path, *rows: dict[str, Any]) -> Path:
    """Write JSONL."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def nothing_written(folder: Path) -> bool:
    """Return whether no output of an import is there, whole or half."""
    return not any(name.startswith((".", "corpus", "e.", "x.")) for name in os.listdir(folder))


def invoke(*arguments: object) -> tuple[int, str]:
    """Return the exit code and everything that a command printed, with plain blanks."""
    result = CliRunner().invoke(cli.main, [str(argument) for argument in arguments])
    assert not isinstance(result.exception, Exception), result.exception  # SystemExit is none
    return result.exit_code, result.output.replace("\N{NO-BREAK SPACE}", " ")


def imported(tmp_path: Path, *arguments: object) -> tuple[list[Sample], dict[str, str], str]:
    """Return the samples, the documents and the output of an import that must work."""
    out = tmp_path / "out"
    code, said = invoke("import", *arguments, out)
    assert code == 0, said
    load_config(out / "ragvsft.yaml")
    corpus = out / "corpus"
    texts = {path.relative_to(corpus).as_posix(): path.read_text() for path in corpus.rglob("*.*")}
    return read_samples(out / "evalset.jsonl", doc_ids=texts or None), texts, said


def write(path: Path, data: object, *, lines: bool = False) -> Path:
    """Write JSON, or JSON lines."""
    path.write_text("\n".join(map(json.dumps, data)) if lines and isinstance(data, list) else json.dumps(data))
    return path
