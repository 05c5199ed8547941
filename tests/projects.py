"""Small projects on the disk: a corpus, an evalset, examples, a tiny real model and a config."""

from __future__ import annotations

import json
from pathlib import Path

from ragvsft.evidence.manifest import Manifest
from ragvsft.store.runs import RunFolder
from tests import tiny
from tests.make import a_manifest, some_samples

DOCUMENTS = {
    "leave.md": "# Leave\n\nEverybody has 27 days of leave a year. Unused days lapse on 31 March.\n",
    "pumps/beck.md": "# Beck\n\nThe Beck sensor costs EUR 480 and weighs 210 grams.\n",
    "pumps/weir.txt": "Weir gateway\n\nThe Weir gateway connects 16 sensors. Its battery lasts 9 hours.\n",
}
SAMPLES = [
    ("s1", "How many days of leave does everybody have?", ["27 days"], ["leave.md"], "seen-wording"),
    ("s2", "When are unused holidays lost?", ["31 March"], ["leave.md"], "rephrased"),
    ("s3", "What is the price of a Beck?", ["EUR 480"], ["pumps/beck.md"], "rephrased"),
    ("s4", "How heavy is the Beck sensor?", ["210 grams"], ["pumps/beck.md"], "rephrased"),
    ("s5", "How many sensors can a Weir take?", ["16"], ["pumps/weir.txt"], "rephrased"),
    ("s6", "Who founded the company?", [], [], "unanswerable"),
]
EXAMPLES = [
    ("e1", "Yearly leave, in days?", "27 days", ["leave.md"]),
    ("e2", "Weight of the Beck", "210 grams", ["pumps/beck.md"]),
    ("e3", "what is the price of a beck", "EUR 480", ["pumps/beck.md"]),  # leaks s3
]


def small_project(folder: Path) -> Path:
    """Write corpus, evalset, examples, model and config below a folder; return the config."""
    for name, text in DOCUMENTS.items():
        path = folder / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    keys = ("sample_id", "question", "targets", "doc_ids", "stratum")
    write_jsonl(folder / "evalset.jsonl", [dict(zip(keys, row, strict=True)) for row in SAMPLES])
    keys = ("example_id", "question", "answer", "doc_ids")
    write_jsonl(folder / "examples.jsonl", [dict(zip(keys, row, strict=True)) for row in EXAMPLES])
    tiny.seq2seq(folder / "model")
    config = folder / "ragvsft.yaml"
    config.write_text(
        "name: small\ncorpus: docs\nevalset: evalset.jsonl\nexamples: examples.jsonl\nmodel: model\n"
        "retrieval: {encoder: packaged, k: 2}\nlora: {epochs: 2, r: 2, dev_share: 0}\nengine: {max_new_tokens: 4}\n"
        "latency: {requests: 4, warmup: 1}\nstatistics: {resamples: 200}\n"
    )
    return config


def started_manifest(*variants: object) -> Manifest:
    """Return the manifest of `started_run`."""
    return a_manifest(2, config={"evalset": "q.jsonl", "corpus": "docs", "variants": list(variants)})


def started_run(output: Path, *variants: object) -> RunFolder:
    """Return the locked folder of a run of two samples that was only started."""
    folder = RunFolder.create(output, "small", "20261122T053000Z", "12345678")
    folder.write_json("manifest", started_manifest(*variants))
    folder.write_rows("samples", some_samples(2))
    folder.write_rows("trivial", [])
    return folder


def write_jsonl(path: Path, rows: list[dict]) -> None:
    """Write rows as JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
