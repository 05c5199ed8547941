"""Messages with their intent and slots: a JSON task with its schema, and a guide per intent."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from ragvsft.data.cells import ShortenedList, as_text, is_blank, parsed
from ragvsft.data.examples import plain_words
from ragvsft.data.importers.columns import Chosen, require, under_our_names
from ragvsft.data.importers.frame import Imported, Skips, file_names, files, lot
from ragvsft.data.importers.source import SEED, Places, Source, map_option
from ragvsft.data.problems import Problems, Row, short
from ragvsft.data.rows import text_of
from ragvsft.data.tables import read_table
from ragvsft.errors import EvalsetError
from ragvsft.records import Example, Sample
from ragvsft.store.files import write_new
from ragvsft.tasks import TASKS

TASK_KIND = "json"  # of what is made of messages
FIELDS = {
    "text": ("text", "utterance", "message", "query", "question"),
    "intent": ("intent", "label", "category", "label_text"),
    "slots": ("slots", "entities"),
}
_GUIDE_EXAMPLES = 12  # worked examples per intent in the guide that retrieval finds


@dataclass(frozen=True, slots=True)
class _Parts:
    """Messages to test on, and messages to teach with; none is in both."""

    tested: Sequence[Row]
    taught: Sequence[Row]


def import_utterances(
    path: Path,
    corpus_out: Path,
    evalset_out: Path,
    *,
    examples_out: Path,
    schema_out: Path,
    train: Path | None = None,
    columns: Chosen | None = None,
    top_slots: int = 6,
    most_samples: int = 400,
    most_examples: int = 2000,
    seed: int = 0,
) -> Imported:
    """Turn rows of text, intent and slots into a JSON task: schema, samples, examples, and a guide per intent.

    The schema has the intent and the `top_slots` most frequent slots, null where a message has none; other slots are
    not asked for. The guides show examples, never samples. With `train`, both parts stay whole as they were given.
    Raises EvalsetError with all problems.
    """
    problems, skips = Problems(), Skips()
    rows = _rows(path, columns or {}, problems)
    training_rows = _rows(train, columns or {}, problems) if train else []
    problems.raise_as(EvalsetError)
    if train:
        parts = _given_parts(rows, training_rows, skips)
    else:
        parts = _drawn_parts(rows, most_samples, most_examples, seed, skips)
    if not parts.tested:
        raise EvalsetError(f"{path} holds too few messages; it needs at least one to test on and one to train on")
    slots = _frequent([name for row in [*rows, *training_rows] for name in row.values["slots"]], top_slots)
    intents = sorted({row.values["intent"] for row in [*rows, *training_rows]})
    guides = {intent: f"{name}.md" for intent, name in file_names(intents).items()}
    samples = [_sample(row, slots, guides, number) for number, row in enumerate(parts.tested, start=1)]
    examples = [_example(row, slots, guides, number) for number, row in enumerate(parts.taught, start=1)]
    texts = {guides[intent]: _guide(intent, slots, parts.taught) for intent in intents}
    schema = json.dumps(_schema(intents, slots), indent=2, ensure_ascii=False) + "\n"
    write_new(corpus_out, texts, {schema_out: schema, **files(evalset_out, samples, examples_out, examples)})
    return Imported(len(guides), len(samples), len(examples), skips.told(), (_note(slots, is_given=train is not None),))


def _rows(path: Path, columns: Chosen, problems: Problems) -> list[Row]:
    """Return the messages of a file with texts in all fields; what cannot be one goes to `problems`."""
    table = read_table(path, problems)
    rows = under_our_names(table, FIELDS, columns, problems)
    if not require(table, rows, ("text", "intent"), problems):
        return []
    return [_checked(row, problems) for row in rows]


def _checked(row: Row, problems: Problems) -> Row:
    plain = Row(row.place, {key: as_text(row.values.get(key)) for key in ("text", "intent")})
    values = {key: text_of(plain, key, problems) for key in ("text", "intent")}
    return Row(row.place, {**values, "slots": _slots(row, problems)})


def _slots(row: Row, problems: Problems) -> dict[str, str]:
    """Return the slots that have a value."""
    slots: Any = row.values.get("slots", {})
    try:
        slots = parsed(slots) if isinstance(slots, str) else slots
    except ShortenedList:
        slots = None
    if isinstance(slots, dict):
        texts = {str(name): as_text(value) for name, value in slots.items() if not is_blank(value)}
        if all(isinstance(value, str) for value in texts.values()):
            return texts
    shown = short(row.values.get("slots"))
    problems.add(row, f'slots is {shown}, not an object of texts; write {{"city": "Rome"}}', "slots is not an object")
    return {}


def _drawn_parts(rows: Sequence[Row], most_samples: int, most_examples: int, seed: int, skips: Skips) -> _Parts:
    # of messages that repeat each other the last one stays
    unique = _unique(rows[::-1], set(), "messages that repeat another except for case and punctuation", skips)
    unique.sort(key=lambda row: lot(plain_words(row.values["text"]), seed))
    count = min(most_samples, len(unique) // 2)  # a small file must not go to the samples alone
    for row in unique[count + most_examples :]:
        skips.add(row, f"messages beyond {most_samples:,} samples and {most_examples:,} examples")
    return _Parts(unique[:count], unique[count : count + most_examples])


def _given_parts(tested: Sequence[Row], taught: Sequence[Row], skips: Skips) -> _Parts:
    """Return the parts as they were given; a message to test on is not taught, nor shown in a guide."""
    kept = _unique(tested, set(), "messages that repeat another except for case and punctuation", skips)
    asked = {plain_words(row.values["text"]) for row in kept}
    return _Parts(kept, _unique(taught, asked, "training messages that repeat another or one of the test split", skips))


def _unique(rows: Sequence[Row], seen: set[str], cause: str, skips: Skips) -> list[Row]:
    known, kept = set(seen), []
    for row in rows:
        words = plain_words(row.values["text"])
        if words in known:
            skips.add(row, cause)
        else:
            known.add(words)
            kept.append(row)
    return kept


def _frequent(names: Sequence[str], most: int) -> list[str]:
    counts = Counter(names)
    return sorted(counts, key=lambda name: (-counts[name], name))[:most]


def _note(slots: Sequence[str], *, is_given: bool) -> str:
    asked = f"Only these slots are asked for: {', '.join(slots)}. " if slots else ""
    split = "the test and training splits that the data came with" if is_given else "a random split of one set"
    return f"{asked}Samples and examples are {split}."


def _filled(row: Row, slots: Sequence[str]) -> str:
    """Return the JSON that is the right answer to a message."""
    given = row.values["slots"]
    return json.dumps({"intent": row.values["intent"], **{name: given.get(name) for name in slots}}, ensure_ascii=False)


def _sample(row: Row, slots: Sequence[str], guides: Mapping[str, str], number: int) -> Sample:
    guide = guides[row.values["intent"]]
    return Sample(f"utterance-{number:05}", row.values["text"], (_filled(row, slots),), (guide,), "behaviour")


def _example(row: Row, slots: Sequence[str], guides: Mapping[str, str], number: int) -> Example:
    guide = guides[row.values["intent"]]
    return Example(f"example-{number:05}", row.values["text"], _filled(row, slots), (guide,))


def _schema(intents: Sequence[str], slots: Sequence[str]) -> dict[str, Any]:
    properties: dict[str, Any] = {"intent": {"enum": list(intents)}}
    properties |= {name: {"type": ["string", "null"]} for name in slots}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _guide(intent: str, slots: Sequence[str], taught: Sequence[Row]) -> str:
    """Return the document that explains an intent by examples."""
    shown = [row for row in taught if row.values["intent"] == intent][:_GUIDE_EXAMPLES]
    lines = [f"Message: {row.values['text']}\nJSON: {_filled(row, slots)}" for row in shown]
    return "\n\n".join([f"# {intent}", "A field that the message does not give is null.", *lines]) + "\n"


def _take(places: Places, *, columns: Chosen, top_slots: int, seed: int) -> Imported:
    """Import messages with intents and slots.

    Messages as in SNIPS become a JSON task with its schema and training examples.

    \b
    ragvsft import utterances snips.jsonl my-set
    ragvsft import utterances --train train.csv --test test.csv my-set --map intent=category
    """  # noqa: D301  (click wants the real \b)
    schema, tokens = places.out / "schema.json", TASKS[TASK_KIND].answer_tokens
    made = import_utterances(
        places.test,
        places.corpus,
        places.evalset,
        examples_out=places.examples,
        schema_out=schema,
        train=places.train,
        columns=columns,
        top_slots=top_slots,
        seed=seed,
    )
    length = {"engine.max_new_tokens": tokens} if tokens else {}
    return replace(made, settings={"task.kind": TASK_KIND, "task.schema_file": schema.name, **length})


_TOP_SLOTS = click.Option(
    ["--top-slots"], type=click.IntRange(min=0), default=6, show_default=True,
    help="How many slots, the most frequent ones, the JSON schema asks for.",
)  # fmt: skip
SOURCE = Source(_take, (map_option(FIELDS), _TOP_SLOTS, SEED), has_splits=True)
