"""What people already have, as a corpus and an evalset: SQuAD, BEIR, Ragas, CSV, utterances with intents.

An import reads and checks everything first and writes at the end, so nothing is half-imported.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragvsft.codec import to_dict
from ragvsft.errors import EvalsetError
from ragvsft.evalset import sample_of
from ragvsft.examples import plain_words
from ragvsft.prompts import REFUSAL
from ragvsft.records import Example, Sample
from ragvsft.rows import Problems, Row, check_doc_ids, check_unique, read_rows, split_cells, text_of, texts_of
from ragvsft.store import write_new

_SPLIT_NOTE = (
    "Examples and samples are different questions about the same documents. An adapter is therefore tested on facts "
    "of which some were asked in training in other words and some never: its score shows what a training file of "
    "this kind teaches, not what the documents could teach, and not how it does on documents it never saw."
)
_SQUAD_NOTE = (
    "SQuAD's questions were written by people who had the paragraph before them; some cannot be understood "
    "without it, which lowers every variant that must find the paragraph first."
)
_RAGAS_NOTE = "The corpus holds only the contexts of the questions, so retrieval is easier than over whole documents."
_GUIDE_EXAMPLES = 12  # worked examples per intent in the guide that retrieval finds


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote."""

    documents: int
    samples: int
    examples: int
    skipped: int  # records of the source that cannot be samples, as the notes say
    notes: tuple[str, ...]  # what such data can and cannot show: for the report


def import_squad(
    path: Path,
    corpus_out: Path,
    evalset_out: Path,
    *,
    examples_out: Path | None = None,
    examples_share: float = 0.5,
    seed: int = 0,
) -> Imported:
    """Turn SQuAD 1.1 or 2.0 JSON into one document per paragraph, "<title>/<number>.txt", and samples.

    Impossible questions become unanswerable samples. With `examples_out`, a share of the questions becomes training
    examples instead. Raises EvalsetError with all problems.
    """
    problems = Problems()
    documents: dict[str, str] = {}
    rows: list[Row] = []
    for paragraph, title, doc_id in _squad_paragraphs(path, problems):
        documents[doc_id] = f"{title.replace('_', ' ')}\n\n{text_of(paragraph, 'context', problems)}\n"
        rows += [_squad_row(question, doc_id, problems) for question in _children(paragraph, "qas", problems)]
    samples = [sample_of(row, problems) for row in rows]
    check_unique(rows, "sample_id", problems)
    problems.raise_as(EvalsetError)
    kept, examples = _part(samples, examples_share if examples_out else 0.0, seed)
    write_new(corpus_out, documents, _files(evalset_out, kept, examples_out, examples))
    notes = (_SQUAD_NOTE, _SPLIT_NOTE) if examples else (_SQUAD_NOTE,)
    return Imported(len(documents), len(kept), len(examples), 0, notes)


def import_beir(folder: Path, corpus_out: Path, evalset_out: Path, *, split: str = "test") -> Imported:
    """Turn a BEIR folder (corpus.jsonl, queries.jsonl, qrels/<split>.tsv) into a corpus and samples.

    BEIR says which documents are relevant, not what the answer is; a sample needs an answer, so each query needs an
    `answers` list or an `answer` text, in itself or in its metadata. Queries without one are skipped and counted.
    Raises EvalsetError with all problems, or if no query has an answer.
    """
    problems = Problems()
    pages = read_rows(folder / "corpus.jsonl", problems)
    queries = read_rows(folder / "queries.jsonl", problems)
    check_unique(pages, "_id", problems)
    names = _names(list(dict.fromkeys(str(page.values.get("_id", "")) for page in pages)))
    doc_ids = {page_id: f"{name}.txt" for page_id, name in names.items()}
    relevant = _qrels(folder / "qrels" / f"{split}.tsv", doc_ids, problems)
    documents = {doc_ids[str(page.values.get("_id", ""))]: _beir_text(page, problems) for page in pages}
    asked = [_beir_row(query, relevant) for query in queries if str(query.values.get("_id", "")) in relevant]
    answered = [sample_of(row, problems) for row in asked if row.values["targets"]]
    check_unique(asked, "sample_id", problems)
    problems.raise_as(EvalsetError)
    if not answered:
        raise EvalsetError(
            f"{folder / 'queries.jsonl'}: none of the {len(asked)} queries of {split} has an answer, and BEIR's "
            'relevance alone cannot judge answers; add "answers": [...] to the queries'
        )
    write_new(corpus_out, documents, _files(evalset_out, answered, None, []))
    skipped = len(asked) - len(answered)
    notes = (f"{skipped} queries without an answer were left out.",) if skipped else ()
    return Imported(len(documents), len(answered), 0, skipped, notes)


def import_ragas(path: Path, corpus_out: Path, evalset_out: Path) -> Imported:
    """Turn a Ragas test set (.json, .jsonl or .csv) into samples, and its contexts into documents.

    Reads user_input or question, reference or ground_truth, reference_contexts or contexts. Raises EvalsetError with
    all problems.
    """
    problems = Problems()
    rows = [_ragas_row(row) for row in _ragas_rows(path, problems)]
    contexts = dict.fromkeys(text for row in rows for text in texts_of(row, "contexts", problems))
    names = {text: f"context-{number:04}.txt" for number, text in enumerate(contexts, start=1)}
    samples = [sample_of(_ragas_sample_row(row, number, names), problems) for number, row in enumerate(rows, start=1)]
    if rows and not names:
        problems.lines.append(f"{path}: no row has reference_contexts; import questions alone with: ragvsft import csv")
    problems.raise_as(EvalsetError)
    if not samples:
        raise EvalsetError(f"{path} holds no samples; write it with the to_jsonl of a Ragas test set")
    documents = {name: f"{text}\n" for text, name in names.items()}
    write_new(corpus_out, documents, _files(evalset_out, samples, None, []))
    return Imported(len(documents), len(samples), 0, 0, (_RAGAS_NOTE,))


def import_csv(path: Path, evalset_out: Path, *, doc_ids: Collection[str] | None = None) -> Imported:
    """Turn a table with columns question, answers and, if there are any, doc_ids, sample_id, stratum into samples.

    Several answers or doc_ids in one cell are parted by "|". A row without sample_id is called after its number.
    Raises EvalsetError with all problems.
    """
    problems = Problems()
    named = [_csv_row(row, f"{path.stem}-{number:04}") for number, row in enumerate(read_rows(path, problems), start=1)]
    rows = split_cells(named, ("targets", "doc_ids"))
    samples = [sample_of(row, problems) for row in rows]
    check_unique(rows, "sample_id", problems)
    check_doc_ids(rows, doc_ids, problems)
    problems.raise_as(EvalsetError)
    if not samples:
        raise EvalsetError(f"{path} holds no samples; give it a head with question,answers,doc_ids and rows below")
    write_new(None, {}, _files(evalset_out, samples, None, []))
    return Imported(0, len(samples), 0, 0, ())


def import_utterances(
    path: Path,
    corpus_out: Path,
    evalset_out: Path,
    *,
    examples_out: Path,
    schema_out: Path,
    top_slots: int = 6,
    most_samples: int = 400,
    most_examples: int = 2000,
    seed: int = 0,
) -> Imported:
    """Turn JSONL of text, intent and slots into a JSON task: schema, samples, examples, and a guide per intent.

    The schema has the intent and the `top_slots` most frequent slots, null where a message has none; other slots are
    not asked for. The guides show examples, never samples. Raises EvalsetError with all problems.
    """
    problems = Problems()
    rows = read_rows(path, problems)
    for row in rows:
        _check_utterance(row, problems)
    problems.raise_as(EvalsetError)
    slots = _frequent([name for row in rows for name in row.values.get("slots", {})], top_slots)
    intents = sorted({row.values["intent"] for row in rows})
    # a repeated message would be sample and example
    unique = list({plain_words(row.values["text"]): row for row in rows}.values())
    unique.sort(key=lambda row: _lot(plain_words(row.values["text"]), seed))
    count = min(most_samples, len(unique) // 2)  # a small file must not go to the samples alone
    tested, taught = unique[:count], unique[count : count + most_examples]
    samples = [_utterance_sample(row, slots, number) for number, row in enumerate(tested, start=1)]
    examples = [_utterance_example(row, slots, number) for number, row in enumerate(taught, start=1)]
    guides = {f"{_file_name(intent)}.md": _guide(intent, slots, taught) for intent in intents}
    files = _files(evalset_out, samples, examples_out, examples)
    schema = json.dumps(_utterance_schema(intents, slots), indent=2, ensure_ascii=False) + "\n"
    write_new(corpus_out, guides, {schema_out: schema, **files})
    left = len(rows) - len(tested) - len(taught)
    note = f"Of the slots only {', '.join(slots)} are asked for. Samples and examples are a random split of one set."
    return Imported(len(guides), len(samples), len(examples), left, (note,))


def _squad_paragraphs(path: Path, problems: Problems) -> Iterator[tuple[Row, str, str]]:
    """Yield every paragraph with its article's title and its doc_id: no two have the same."""
    data = _json_object(path, problems)
    titles = [
        (article, text_of(article, "title", problems)) for article in _children(Row(str(path), data), "data", problems)
    ]
    folders = _names(list(dict.fromkeys(title for _, title in titles)))
    numbers: Counter[str] = Counter()  # an article may stand in several parts
    for article, title in titles:
        for paragraph in _children(article, "paragraphs", problems):
            yield paragraph, title, f"{folders[title]}/{numbers[title]:03}.txt"
            numbers[title] += 1


def _json_object(path: Path, problems: Problems) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        problems.lines.append(f"{path}: cannot be read ({error.strerror}); name a file that exists")
    except ValueError as error:
        problems.lines.append(f"{path}: not JSON ({error}); download it again")
    else:
        if isinstance(data, dict):
            return data
        problems.lines.append(f"{path}: no JSON object; name a SQuAD file")
    problems.raise_as(EvalsetError)
    raise AssertionError("unreachable: a problem was noted")


def _children(row: Row, key: str, problems: Problems) -> list[Row]:
    value = row.values.get(key)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        problems.add(row, f"{key} is missing or no list of objects; name a SQuAD file")
        return []
    return [Row(f"{row.place} {key}[{number}]", item) for number, item in enumerate(value)]


def _squad_row(row: Row, doc_id: str, problems: Problems) -> Row:
    """Return a question under our keys. An unanswerable one keeps its paragraph, which ties it to its neighbours."""
    impossible = row.values.get("is_impossible") is True
    answers = [] if impossible else _children(row, "answers", problems)
    return Row(
        row.place,
        {
            "sample_id": row.values.get("id"),
            "question": row.values.get("question"),
            "targets": list(dict.fromkeys(text_of(answer, "text", problems) for answer in answers)),
            "doc_ids": [doc_id],
            "stratum": "unanswerable" if impossible else "rephrased",
        },
    )


def _part(samples: Sequence[Sample], share: float, seed: int) -> tuple[list[Sample], list[Example]]:
    """Return the samples that stay, in order, and the examples made of a random share of them."""
    drawn = sorted(samples, key=lambda sample: _lot(sample.sample_id, seed))[: round(share * len(samples))]
    chosen = {sample.sample_id for sample in drawn}
    kept = [sample for sample in samples if sample.sample_id not in chosen]
    return kept, [_example_of(sample) for sample in samples if sample.sample_id in chosen]


def _lot(name: str, seed: int) -> str:
    """Return a number to draw by: random in the seed, and the same on every machine and Python."""
    return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()


def _example_of(sample: Sample) -> Example:
    # the shortest of several annotations is the answer; the longer ones quote around it
    answer = min(sample.targets, key=len, default=REFUSAL)
    return Example(sample.sample_id, sample.question, answer, sample.doc_ids)


def _names(texts: Sequence[str]) -> dict[str, str]:
    """Return a file name for every text; two that differ only in case or forbidden characters get two names."""
    plain = Counter(_file_name(text).casefold() for text in texts)
    names = {}
    for text in texts:
        short = _file_name(text)
        if plain[short.casefold()] > 1 or len(short) < len(text):
            short = f"{short}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        names[text] = short
    return names


def _file_name(text: str) -> str:
    return re.sub(r"[^\w().,-]+", "_", text)[:80].strip("._") or "untitled"


def _beir_text(page: Row, problems: Problems) -> str:
    title = page.values.get("title")
    text = text_of(page, "text", problems)
    text_of(page, "_id", problems)
    return f"{title}\n\n{text}\n" if isinstance(title, str) and title.strip() else f"{text}\n"


def _beir_row(query: Row, relevant: Mapping[str, tuple[str, ...]]) -> Row:
    """Return a query under our keys; its answers may stand in itself or in its metadata."""
    metadata = query.values.get("metadata")
    values = {**metadata, **query.values} if isinstance(metadata, dict) else query.values
    answers = values.get("answers", values.get("answer"))
    query_id = str(values.get("_id", ""))
    return Row(
        query.place,
        {
            "sample_id": query_id,
            "question": values.get("text"),
            "targets": [answers] if isinstance(answers, str) else answers,
            "doc_ids": list(relevant[query_id]),
        },
    )


def _qrels(path: Path, doc_ids: Mapping[str, str], problems: Problems) -> dict[str, tuple[str, ...]]:
    """Return the documents that answer each query, the most relevant first."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        problems.lines.append(f"{path}: cannot be read ({error.strerror}); name a split that exists")
        return {}
    found: dict[str, list[tuple[int, str]]] = {}
    for number, line in enumerate(lines, start=1):
        cells = line.split("\t")
        if not line.strip() or (number == 1 and not cells[-1].strip().lstrip("-").isdigit()):
            continue  # the head
        if len(cells) != 3 or not cells[2].strip().lstrip("-").isdigit():
            problems.lines.append(f"{path} line {number}: {line!r}; write query-id, corpus-id, score parted by tabs")
        elif cells[1] not in doc_ids:
            problems.lines.append(
                f"{path} line {number}: corpus-id {cells[1]!r} is not in corpus.jsonl; remove the line"
            )
        elif int(cells[2]) > 0:
            found.setdefault(cells[0], []).append((-int(cells[2]), doc_ids[cells[1]]))
    return {query: tuple(doc_id for _, doc_id in sorted(pairs)) for query, pairs in found.items()}


def _ragas_rows(path: Path, problems: Problems) -> list[Row]:
    if path.suffix.lower() != ".json":
        return read_rows(path, problems)
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        problems.lines.append(f"{path}: cannot be read ({error.strerror}); name a file that exists")
        return []
    except ValueError as error:
        problems.lines.append(f"{path}: not JSON ({error}); write the test set again")
        return []
    rows = data.get("samples", data.get("data")) if isinstance(data, dict) else data
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problems.lines.append(f"{path}: no list of objects; write the test set again")
        return []
    return [Row(f"{path} row {number}", row) for number, row in enumerate(rows, start=1)]


def _ragas_row(row: Row) -> Row:
    """Return a row under our keys, whichever version of Ragas wrote it."""

    def first(*keys: str) -> Any:
        return next((row.values[key] for key in keys if row.values.get(key) is not None), None)

    reference = first("reference", "ground_truth", "ground_truths")
    kind = str(first("synthesizer_name", "evolution_type") or "")
    return Row(
        row.place,
        {
            "question": first("user_input", "question"),
            "targets": [reference] if isinstance(reference, str) else reference,
            "contexts": _listed(first("reference_contexts", "contexts")),
            "stratum": "multi-hop" if "multi" in kind.lower() else "rephrased",
        },
    )


def _listed(value: Any) -> Any:
    """Return the list that a CSV cell shows: pandas writes lists as Python prints them."""
    if not isinstance(value, str):
        return value
    try:
        parsed = ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return [value]
    return list(parsed) if isinstance(parsed, list | tuple) else [value]


def _ragas_sample_row(row: Row, number: int, names: Mapping[str, str]) -> Row:
    contexts = texts_of(row, "contexts", Problems())
    values = {key: value for key, value in row.values.items() if key != "contexts"}
    doc_ids = list(dict.fromkeys(names[text] for text in contexts))
    return Row(row.place, {**values, "sample_id": f"ragas-{number:04}", "doc_ids": doc_ids})


_CSV_COLUMNS = {
    "question": ("question", "query", "user_input"),
    "targets": ("answers", "answer", "targets", "target", "reference", "ground_truth"),
    "doc_ids": ("doc_ids", "doc_id", "documents", "document"),
    "sample_id": ("sample_id", "id"),
    "stratum": ("stratum",),
}


def _csv_row(row: Row, sample_id: str) -> Row:
    """Return a row under our keys, called `sample_id` if it has no id of its own."""
    values = {str(key).strip().lower(): value for key, value in row.values.items()}
    chosen = {ours: next((name for name in names if name in values), None) for ours, names in _CSV_COLUMNS.items()}
    ours = {key: values[name] for key, name in chosen.items() if name is not None}
    return Row(row.place, {"sample_id": sample_id, **ours})


def _check_utterance(row: Row, problems: Problems) -> None:
    text_of(row, "text", problems)
    text_of(row, "intent", problems)
    slots = row.values.get("slots", {})
    if not isinstance(slots, dict) or not all(isinstance(value, str) for value in slots.values()):
        problems.add(row, 'slots is no object of texts; write {"city": "Rome"}')


def _frequent(names: Sequence[str], most: int) -> list[str]:
    counts = Counter(names)
    return sorted(counts, key=lambda name: (-counts[name], name))[:most]


def _filled(row: Row, slots: Sequence[str]) -> str:
    """Return the JSON that is the right answer to a message."""
    given = row.values.get("slots", {})
    return json.dumps({"intent": row.values["intent"], **{name: given.get(name) for name in slots}}, ensure_ascii=False)


def _utterance_sample(row: Row, slots: Sequence[str], number: int) -> Sample:
    guide = f"{_file_name(row.values['intent'])}.md"
    return Sample(f"utterance-{number:05}", row.values["text"].strip(), (_filled(row, slots),), (guide,), "behaviour")


def _utterance_example(row: Row, slots: Sequence[str], number: int) -> Example:
    guide = f"{_file_name(row.values['intent'])}.md"
    return Example(f"example-{number:05}", row.values["text"].strip(), _filled(row, slots), (guide,))


def _utterance_schema(intents: Sequence[str], slots: Sequence[str]) -> dict[str, Any]:
    properties: dict[str, Any] = {"intent": {"enum": list(intents)}}
    properties |= {name: {"type": ["string", "null"]} for name in slots}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _guide(intent: str, slots: Sequence[str], taught: Sequence[Row]) -> str:
    """Return the document that explains an intent by examples."""
    shown = [row for row in taught if row.values["intent"] == intent][:_GUIDE_EXAMPLES]
    lines = [f"Message: {row.values['text'].strip()}\nJSON: {_filled(row, slots)}" for row in shown]
    return "\n\n".join([f"# {intent}", "A field that the message does not give is null.", *lines]) + "\n"


def _files(
    evalset_out: Path, samples: Sequence[Sample], examples_out: Path | None, examples: Sequence[Example]
) -> dict[Path, str]:
    files = {evalset_out: _jsonl(samples)}
    return files if examples_out is None else {examples_out: _jsonl(examples), **files}


def _jsonl(records: Sequence[Sample | Example]) -> str:
    return "".join(json.dumps(to_dict(record), ensure_ascii=False) + "\n" for record in records)
