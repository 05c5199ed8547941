"""Labelled utterances: targets that fill a schema, and guides that show examples."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from ragvsft.data.corpus import read_corpus
from ragvsft.data.evalset import read_samples
from ragvsft.data.examples import read_examples
from ragvsft.data.importers.utterances import import_utterances
from ragvsft.errors import EvalsetError
from tests.data.importers.written import imported, nothing_written, write, write_lines


def _lines(tmp_path: Path, n: int = 12) -> Path:
    """Return a file of n utterances of two intents, one of them twice."""
    rows = [
        {"text": f"play song number {n}", "intent": "Play", "slots": {"track": f"song {n}", "rare": "x"}}
        if n % 2
        else {"text": f"is it cold in town {n}", "intent": "Weather", "slots": {"city": f"town {n}", "track": "t"}}
        for n in range(n)
    ]
    return write_lines(tmp_path / "u.jsonl", *rows, {**rows[0], "text": "Is it cold in town 0?"})


def test_targets_fill_the_schema(tmp_path: Path) -> None:
    """Every target is valid, has the frequent slots only, and null where the message has none."""
    jsonschema = pytest.importorskip("jsonschema")
    done = import_utterances(
        _lines(tmp_path),
        tmp_path / "corpus",
        tmp_path / "e.jsonl",
        examples_out=tmp_path / "x.jsonl",
        schema_out=tmp_path / "schema.json",
        top_slots=2,
        most_samples=5,
    )
    schema = json.loads((tmp_path / "schema.json").read_text())
    assert schema["properties"]["intent"] == {"enum": ["Play", "Weather"]}
    assert list(schema["properties"]) == ["intent", "track", "city"]  # 12 and 7 times; "rare" 6 times
    samples = read_samples(tmp_path / "e.jsonl", doc_ids=["Play.md", "Weather.md"])
    taught = read_examples(tmp_path / "x.jsonl", doc_ids=["Play.md", "Weather.md"])
    for text in [*(sample.targets[0] for sample in samples), *(example.answer for example in taught)]:
        jsonschema.validate(json.loads(text), schema)
    assert (done.samples, done.examples, [skip.count for skip in done.skipped]) == (5, 7, [1])


def test_the_guides_show_examples_and_no_sample(tmp_path: Path) -> None:
    """What retrieval finds was free to be trained on."""
    import_utterances(
        _lines(tmp_path),
        tmp_path / "corpus",
        tmp_path / "e.jsonl",
        examples_out=tmp_path / "x.jsonl",
        schema_out=tmp_path / "schema.json",
        most_samples=4,
    )
    guides = "".join(document.text for document in read_corpus(tmp_path / "corpus"))
    samples, examples = read_samples(tmp_path / "e.jsonl", doc_ids=None), read_examples(tmp_path / "x.jsonl")
    assert {sample.question in guides for sample in samples} == {False}
    assert {example.question in guides for example in examples} == {True}


def test_a_small_file_gives_as_many_examples_as_samples(tmp_path: Path) -> None:
    """400 samples first would leave nothing to train on, and guides without an example."""
    places = [tmp_path / name for name in ("corpus", "e.jsonl", "x.jsonl", "schema.json")]
    corpus, evalset, examples, schema = places
    done = import_utterances(_lines(tmp_path), corpus, evalset, examples_out=examples, schema_out=schema)
    assert (done.samples, done.examples) == (6, 6)


def test_a_line_without_intent_is_named(tmp_path: Path) -> None:
    """And one whose slots are not texts."""
    path = write_lines(tmp_path / "u.jsonl", {"text": "a"}, {"text": "b", "intent": "B", "slots": {"n": [1]}})
    with pytest.raises(EvalsetError) as caught:
        import_utterances(
            path,
            tmp_path / "corpus",
            tmp_path / "e.jsonl",
            examples_out=tmp_path / "x.jsonl",
            schema_out=tmp_path / "s.json",
        )
    assert "u.jsonl line 1: intent is missing" in caught.value.problems[0]
    assert 'u.jsonl line 2: slots is {"n": [1]}, not an object of texts' in caught.value.problems[1]
    assert nothing_written(tmp_path)


def test_a_given_split_is_kept_whole(tmp_path: Path) -> None:
    """Nothing is drawn or cut; what the test asks is neither taught nor shown in a guide."""
    pd.DataFrame({"text": [f"test {n}" for n in range(500)], "category": ["A", "B"] * 250}).to_csv(
        tmp_path / "test.csv", index=False
    )
    pd.DataFrame({"text": ["TEST 7!", "teach a", "teach b"], "category": ["A", "A", "C"]}).to_csv(
        tmp_path / "train.csv", index=False
    )
    samples, texts, said = imported(
        tmp_path, "utterances", "--train", tmp_path / "train.csv", "--test", tmp_path / "test.csv"
    )
    taught = read_examples(tmp_path / "out" / "examples.jsonl", doc_ids=texts)
    assert [s.question for s in samples] == [f"test {n}" for n in range(500)]
    assert [e.question for e in taught] == ["teach a", "teach b"]
    assert not any("TEST 7" in text for text in texts.values())
    schema = json.loads((tmp_path / "out" / "schema.json").read_text())
    assert schema["properties"] == {"intent": {"enum": ["A", "B", "C"]}}
    assert "1 record skipped" in said
    assert yaml.safe_load((tmp_path / "out" / "ragvsft.yaml").read_text())["notes"] == [
        "Samples and examples are the test and training splits that the data came with.",
        "Left out of the source: training messages that repeat another or one of the test split (1).",
    ]


def test_the_first_places_of_what_is_skipped_are_the_first_in_the_file(tmp_path: Path) -> None:
    """In whatever order the rows were looked at: line 9 before line 10."""
    rows = [{"text": f"say {n % 8}", "intent": "A"} for n in range(16)]
    _, _, said = imported(tmp_path, "utterances", write(tmp_path / "u.jsonl", rows, lines=True))
    assert "except for case and punctuation: 8 (line 1, line 2, line 3, ...)" in said


def test_slots_are_read_from_a_cell_and_numbers_become_texts(tmp_path: Path) -> None:
    """A dict as Python prints it; an intent of the number 0; a null slot is none."""
    slots = [{"city": "Rome", "n": 3}, {"city": None}] * 4
    frame = pd.DataFrame({"msg": [f"m{n}" for n in range(8)], "intent": [0, 1] * 4, "slots": slots})
    frame.to_csv(tmp_path / "u.csv", index=False)
    samples, texts, _ = imported(tmp_path, "utterances", "--map", "text=msg", tmp_path / "u.csv")
    assert sorted(texts) == ["0.md", "1.md"]
    targets = {json.loads(s.targets[0])["intent"]: json.loads(s.targets[0]) for s in samples}
    assert targets == {
        intent: {
            "0": {"intent": "0", "city": "Rome", "n": "3"},
            "1": {"intent": "1", "city": None, "n": None},
        }[intent]
        for intent in targets
    }


def test_intents_with_the_same_file_name_have_a_guide_each(tmp_path: Path) -> None:
    """A/B and A B would both be A_B.md."""
    rows = [{"text": f"m{n}", "intent": ["A/B", "A B"][n % 2]} for n in range(8)]
    _, texts, said = imported(tmp_path, "utterances", write(tmp_path / "u.jsonl", rows, lines=True))
    assert len(texts) == 2
    assert "2 documents" in said
