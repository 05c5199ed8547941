"""Importers: other people's formats become a corpus and an evalset, or nothing at all."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ragvsft.cli import main as cli
from ragvsft.config.load import load_config
from ragvsft.data.corpus import read_corpus
from ragvsft.data.evalset import read_samples
from ragvsft.data.examples import read_examples
from ragvsft.data.importers.beir import import_beir
from ragvsft.data.importers.ragas import import_ragas
from ragvsft.data.importers.squad import import_squad
from ragvsft.data.importers.tabular import import_table
from ragvsft.data.importers.utterances import import_utterances
from ragvsft.errors import EvalsetError, OutputError
from ragvsft.prompts import REFUSAL
from ragvsft.records import Sample
from tests.paths import SHARED

SQUAD_WIKI = SHARED / "data" / "squad-wiki" / "squad-wiki.json"


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


def test_paragraphs_become_documents_and_questions_samples(tmp_path: Path) -> None:
    """Title and paragraph in the text, each target once, an impossible question without targets."""
    data = squad(question("q1", "France", "in France", "France"), question("q2", is_impossible=True))
    (tmp_path / "s.json").write_text(json.dumps(data))
    done = import_squad(tmp_path / "s.json", tmp_path / "corpus", tmp_path / "e.jsonl")
    documents = read_corpus(tmp_path / "corpus")
    assert [(document.doc_id, document.text) for document in documents] == [
        ("The_Normans_old/000.txt", "The Normans/old\n\nNormandy is in France.\n"),
        ("The_Normans_old/001.txt", "The Normans/old\n\nIt rains.\n"),
    ]
    assert read_samples(tmp_path / "e.jsonl", doc_ids=[document.doc_id for document in documents]) == [
        Sample("q1", "q1?", ("France", "in France"), ("The_Normans_old/000.txt",), "rephrased"),
        Sample("q2", "q2?", (), ("The_Normans_old/000.txt",), "unanswerable"),
    ]
    assert (done.documents, done.samples, done.examples) == (2, 2, 0)


def test_titles_that_make_the_same_file_name_keep_their_paragraphs_apart(tmp_path: Path) -> None:
    """C, C++ and C in a second part: no document replaces another, and each question finds its own."""
    articles = [
        {"title": title, "paragraphs": [{"context": f"Text {number}.", "qas": [question(f"q{number}", "Text")]}]}
        for number, title in enumerate(["C", "C++", "C"])
    ]
    (tmp_path / "s.json").write_text(json.dumps({"data": articles}))
    import_squad(tmp_path / "s.json", tmp_path / "corpus", tmp_path / "e.jsonl")
    texts = {document.doc_id: document.text for document in read_corpus(tmp_path / "corpus")}
    samples = read_samples(tmp_path / "e.jsonl", doc_ids=texts)
    assert [f"Text {number}." in texts[sample.doc_ids[0]] for number, sample in enumerate(samples)] == [True] * 3


def test_a_share_of_the_questions_becomes_examples(tmp_path: Path) -> None:
    """Every question is a sample or an example; the same seed draws the same; the notes say what a split shows."""
    asked = [question(f"q{n}", "the long answer", "short") for n in range(8)]
    data = squad(*asked, question("q8", is_impossible=True), question("q9", is_impossible=True))
    (tmp_path / "s.json").write_text(json.dumps(data))
    for name in "ab":
        done = import_squad(
            tmp_path / "s.json",
            tmp_path / f"corpus-{name}",
            tmp_path / f"e-{name}.jsonl",
            examples_out=tmp_path / f"x-{name}.jsonl",
            examples_share=0.6,
            seed=3,
        )
    assert (tmp_path / "x-a.jsonl").read_bytes() == (tmp_path / "x-b.jsonl").read_bytes()
    taught = read_examples(tmp_path / "x-a.jsonl")
    tested = {sample.sample_id for sample in read_samples(tmp_path / "e-a.jsonl", doc_ids=None)}
    assert len(taught) == 6
    assert tested | {example.example_id for example in taught} == {f"q{n}" for n in range(10)}
    assert {example.answer for example in taught} <= {"short", REFUSAL}
    assert any("never saw" in note for note in done.notes)


def test_all_problems_are_told_and_nothing_is_written(tmp_path: Path) -> None:
    """Each with the path inside the file."""
    data = squad(question("q1", "x"), question("q2", "x"), question("q3", "x"), question("q3", "y"))
    data["data"][0]["paragraphs"][0]["qas"][1]["question"] = [1]
    data["data"].append({"title": "T"})
    (tmp_path / "s.json").write_text(json.dumps(data))
    with pytest.raises(EvalsetError) as caught:
        import_squad(tmp_path / "s.json", tmp_path / "corpus", tmp_path / "e.jsonl")
    said = "\n".join(problem.removeprefix(f"{tmp_path}/s.json ") for problem in caught.value.problems)
    assert "data[0] paragraphs[0] qas[1]: question is [1]; write it as a text in quotes" in said
    assert "data[0] paragraphs[0] qas[3]: sample_id 'q3' is already used in" in said
    assert "data[1]: has neither paragraphs nor context and question" in said
    assert nothing_written(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not JSON"),
        ("[]", "holds no question with an answer"),
        ("[1]", "is not a list of objects"),
        ("{}", "has neither paragraphs nor context and question"),
        (None, "cannot be read"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: str | None, said: str) -> None:
    """In one line."""
    if content is not None:
        (tmp_path / "s.json").write_text(content)
    with pytest.raises(EvalsetError, match=said):
        import_squad(tmp_path / "s.json", tmp_path / "corpus", tmp_path / "e.jsonl")


def test_an_old_evalset_is_not_overwritten(tmp_path: Path) -> None:
    """And no corpus appears beside it."""
    (tmp_path / "s.json").write_text(json.dumps(squad(question("q1", "x"))))
    (tmp_path / "old.jsonl").write_text("mine")
    with pytest.raises(OutputError, match="already exists"):
        import_squad(tmp_path / "s.json", tmp_path / "corpus", tmp_path / "old.jsonl")
    assert (tmp_path / "old.jsonl").read_text() == "mine"
    assert nothing_written(tmp_path)


@pytest.mark.skipif(not SQUAD_WIKI.exists(), reason="the public data is not here")
def test_real_squad_has_all_its_paragraphs_and_questions(tmp_path: Path) -> None:
    """405 paragraphs, 3,872 questions, 1,988 of them unanswerable, as its source says."""
    done = import_squad(SQUAD_WIKI, tmp_path / "corpus", tmp_path / "e.jsonl")
    samples = read_samples(tmp_path / "e.jsonl", doc_ids=None)
    assert (done.documents, done.samples) == (405, 3872)
    assert sum(sample.stratum == "unanswerable" for sample in samples) == 1988
    assert len({sample.cluster for sample in samples}) == 405


def _folder(tmp_path: Path, *queries: dict[str, Any]) -> Path:
    """Return a BEIR folder of two documents, the first relevant to q1, both to q2."""
    write_lines(
        tmp_path / "beir" / "corpus.jsonl",
        {"_id": "doc/1", "title": "Title", "text": "Text one."},
        {"_id": "doc:1", "title": "", "text": "Text two."},
    )
    write_lines(tmp_path / "beir" / "queries.jsonl", *queries)
    (tmp_path / "beir" / "qrels").mkdir()
    (tmp_path / "beir" / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\tdoc/1\t1\nq1\tdoc:1\t0\nq2\tdoc:1\t1\nq2\tdoc/1\t2\n"
    )
    return tmp_path / "beir"


def test_queries_with_answers_become_samples(tmp_path: Path) -> None:
    """Most relevant document first; a query without answer is counted, one outside the split is not asked."""
    folder = _folder(
        tmp_path,
        {"_id": "q1", "text": "One?"},
        {"_id": "q2", "text": "Two?", "metadata": {"answer": "2"}},
        {"_id": "q3", "text": "Three?", "answers": ["3"]},
    )
    done = import_beir(folder, tmp_path / "corpus", tmp_path / "e.jsonl")
    texts = {document.doc_id: document.text for document in read_corpus(tmp_path / "corpus")}
    (sample,) = read_samples(tmp_path / "e.jsonl", doc_ids=texts)
    assert (sample.sample_id, sample.question, sample.targets) == ("q2", "Two?", ("2",))
    assert [texts[doc_id] for doc_id in sample.doc_ids] == ["Title\n\nText one.\n", "Text two.\n"]
    assert [(skip.cause, skip.count) for skip in done.skipped] == [("queries without an answer", 1)]


def test_relevance_without_answers_is_refused(tmp_path: Path) -> None:
    """The message says what to add."""
    folder = _folder(tmp_path, {"_id": "q1", "text": "One?"})
    with pytest.raises(EvalsetError, match=r'none of the 1 queries of test has an answer.*add "answers"'):
        import_beir(folder, tmp_path / "corpus", tmp_path / "e.jsonl")
    assert nothing_written(tmp_path)


def test_broken_relevance_names_the_line(tmp_path: Path) -> None:
    """A document that is not there, and a line of two cells."""
    folder = _folder(tmp_path, {"_id": "q1", "text": "One?", "answers": ["1"]})
    (folder / "qrels" / "dev.tsv").write_text("q1\tdoc/9\t1\nq1\tdoc/1\n")
    with pytest.raises(EvalsetError) as caught:
        import_beir(folder, tmp_path / "corpus", tmp_path / "e.jsonl", split="dev")
    assert "dev.tsv line 1: corpus-id 'doc/9' is not in corpus.jsonl" in caught.value.problems[0]
    assert "dev.tsv line 2: 'q1\\tdoc/1' is not a judgement; write query-id" in caught.value.problems[1]


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


def test_a_table_becomes_samples(tmp_path: Path) -> None:
    """Several answers in one cell where a separator is named, ids after the row where no column holds them."""
    (tmp_path / "hr.csv").write_text("Question,Answer,doc_ids\nHow long?,26 weeks|half a year,a.md\nWho?,Ann,\n")
    import_table(tmp_path / "hr.csv", tmp_path / "e.jsonl", doc_ids=["a.md"], separator="|")
    assert read_samples(tmp_path / "e.jsonl", doc_ids=["a.md"]) == [
        Sample("hr-0001", "How long?", ("26 weeks", "half a year"), ("a.md",), "rephrased"),
        Sample("hr-0002", "Who?", ("Ann",), (), "rephrased"),
    ]


def test_a_bad_line_names_file_line_and_remedy(tmp_path: Path) -> None:
    """Missing answer, unknown document; nothing is written."""
    (tmp_path / "hr.csv").write_text("question,answers,doc_ids\nHow long?,,\nWho?,Ann,b.md\n")
    with pytest.raises(EvalsetError) as caught:
        import_table(tmp_path / "hr.csv", tmp_path / "e.jsonl", doc_ids=["a.md"])
    assert "hr.csv line 2: targets is empty; give at least one accepted answer" in caught.value.problems[0]
    assert "hr.csv line 3: doc_id 'b.md' is not in the corpus" in caught.value.problems[1]
    assert nothing_written(tmp_path)


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
    assert not any(sample.question in guides for sample in read_samples(tmp_path / "e.jsonl", doc_ids=None))
    assert all(example.question in guides for example in read_examples(tmp_path / "x.jsonl"))


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


def test_the_config_of_an_import_is_valid_wherever_it_lies(tmp_path: Path) -> None:
    """A folder with a blank in its name still gives a run a name."""
    (tmp_path / "s.json").write_text(json.dumps(squad(question("q1", "France"))))
    out = tmp_path / "my data (new)"
    done = CliRunner().invoke(
        cli.main, ["import", "squad", str(tmp_path / "s.json"), str(out), "--examples-share", "0"]
    )
    assert done.exit_code == 0
    assert load_config(out / "ragvsft.yaml").name == "my-data-new"


def test_an_import_replaces_no_config(tmp_path: Path) -> None:
    """Whoever imports into the folder of a config keeps it, and nothing else is written either."""
    (tmp_path / "s.json").write_text(json.dumps(squad(question("q1", "France"))))
    out = tmp_path / "out"
    out.mkdir()
    (out / "ragvsft.yaml").write_text("mine")
    done = CliRunner().invoke(cli.main, ["import", "squad", str(tmp_path / "s.json"), str(out)])
    assert (done.exit_code, os.listdir(out)) == (2, ["ragvsft.yaml"])
    assert (out / "ragvsft.yaml").read_text() == "mine"
