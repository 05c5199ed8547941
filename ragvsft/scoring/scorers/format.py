"""Is the JSON right? Whether it parses, whether it fits the schema, how many of its fields are right, and which.

`json_valid` is strict: the whole text must be JSON, as the instruction asks. The others read what a tolerant program
would read (`unwrapping`), and `json_repaired` and `repaired(...)` count how often that was needed. Keys, enums and
consts are right only as the schema writes them; `field_f1_folded` and `schema_match_folded` say what the figures would
be if case did not count there. A text that is no JSON is a measured outcome and scores 0; what cannot be read or
checked within bounds (nested past a hundred levels, a pattern that takes for ever) is unscored with its cause.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any

from ragvsft.errors import ConfigError
from ragvsft.records import Completion, Prediction, Sample
from ragvsft.schemas.matching import Matcher
from ragvsft.schemas.shape import shape_of
from ragvsft.schemas.values import (
    NoJson,
    Path,
    TooMuch,
    as_the_schema_writes,
    leaves,
    parse_json,
    same_as,
)
from ragvsft.scoring.scorers import Scorer, Unscored
from ragvsft.scoring.scorers.alignment import Tally, tally
from ragvsft.scoring.scorers.measure import Measure, Outcome, ScorerSettings, completion_scorer
from ragvsft.scoring.scorers.paths import name_of, path_of
from ragvsft.scoring.scorers.unwrapping import Unwrapped, unwrap

MOST_FIELDS = 20  # that have a figure of their own


def json_object(text: str) -> Mapping[str, Any] | None:
    """Return the JSON object that the whole text is, or None where it is none that can be read."""
    try:
        value = parse_json(_composed(text))
    except (NoJson, TooMuch):
        return None
    return value if isinstance(value, Mapping) else None


def _composed(text: str) -> str:
    """Return the text in NFC: composed or not, it is the same text, for enums and keys too."""
    return unicodedata.normalize("NFC", text)


class _Judge:
    """Holds answers against targets under one schema; the last verdict is kept, since many scorers ask for it."""

    def __init__(self, schema: Mapping[str, Any] | None) -> None:
        self.shape = shape_of(schema)
        self.matcher = Matcher(schema) if schema is not None else None
        self._last: tuple[tuple[str, ...], str, _Verdict] | None = None

    def verdict(self, targets: tuple[str, ...], text: str) -> _Verdict:
        """Return what is to be said of an answer."""
        if self._last is None or self._last[:2] != (targets, text):
            self._last = (targets, text, _Verdict(self, targets, text))
        return self._last[2]


class _Verdict:
    """One answer against its targets, each part worked out when it is asked for."""

    def __init__(self, judge: _Judge, targets: tuple[str, ...], text: str) -> None:
        self._judge, self._texts, self._text = judge, targets, text

    @cached_property
    def read(self) -> Unwrapped | NoJson | TooMuch:
        """What the answer is the JSON of, or why it is none."""
        try:
            return unwrap(_composed(self._text))
        except (NoJson, TooMuch) as error:
            return error

    @cached_property
    def targets(self) -> list[Mapping[str, Any]]:
        """The targets that are JSON objects."""
        return [target for target in map(json_object, self._texts) if target is not None]

    @cached_property
    def best(self) -> Tally:
        """The answer beside the target that it is nearest to; an answer that is no JSON has no fields."""
        return max((tally(self._given, target, self._judge.shape) for target in self.targets), key=lambda t: t.f1)

    @cached_property
    def is_equal(self) -> bool:
        """Whether the answer is equal to a target as a whole."""
        shape = self._judge.shape
        given = same_as(self._given, shape)
        return any(given == same_as(target, shape) for target in self.targets)

    @cached_property
    def folded_f1(self) -> float:
        """The F1 of the fields where keys and enums count in any case."""
        shape = self._judge.shape
        targets = [as_the_schema_writes(target, shape) for target in self.targets]
        if self._rewritten == self._given and targets == self.targets:
            return self.best.f1
        return max(tally(self._rewritten, target, shape).f1 for target in targets)

    @cached_property
    def fits(self) -> Outcome:
        """1 if the answer fits the schema, else 0."""
        return self._fit(self._given)

    @cached_property
    def fits_folded(self) -> Outcome:
        """1 if the answer fits the schema where keys and enums count in any case, else 0."""
        return self.fits if self._rewritten == self._given else self._fit(self._rewritten)

    @cached_property
    def _rewritten(self) -> Any:
        return as_the_schema_writes(self._given, self._judge.shape)

    def _fit(self, value: Any) -> Outcome:
        if not isinstance(self.read, Unwrapped):
            return _nothing_read(self.read)
        assert self._judge.matcher is not None  # `_fitting` asks for the schema
        try:
            return float(self._judge.matcher.fits(value))
        except TooMuch as error:
            return Unscored(error.cause)

    @property
    def _given(self) -> Any:
        return self.read.value if isinstance(self.read, Unwrapped) else None


@lru_cache(maxsize=4)
def _judge(schema: str) -> _Judge:
    return _Judge(json.loads(schema))


def _nothing_read(error: NoJson | TooMuch) -> Outcome:
    return Unscored(error.cause) if isinstance(error, TooMuch) else 0.0


def _valid(verdict: _Verdict) -> Outcome:
    if isinstance(verdict.read, Unwrapped):
        return float(not verdict.read.repairs)
    return _nothing_read(verdict.read)


def _against_targets(measured: Callable[[_Verdict], Outcome]) -> Callable[[_Verdict], Outcome]:
    """Return a measure that is 0 where no object was read, and unscored where the evalset is to blame."""

    def outcome(verdict: _Verdict) -> Outcome:
        if not verdict.targets:
            return Unscored("target-not-json")
        if not isinstance(verdict.read, Unwrapped):
            return _nothing_read(verdict.read)
        return measured(verdict) if isinstance(verdict.read.value, Mapping) else 0.0

    return outcome


def _repaired(repair: str | None) -> Callable[[_Verdict], Outcome]:
    def outcome(verdict: _Verdict) -> Outcome:
        if not isinstance(verdict.read, Unwrapped):
            return _nothing_read(verdict.read)
        return float(repair in verdict.read.repairs if repair else bool(verdict.read.repairs))

    return outcome


def _unreadable(cause: str) -> Callable[[_Verdict], Outcome]:
    def outcome(verdict: _Verdict) -> Outcome:
        if isinstance(verdict.read, TooMuch):
            return Unscored(verdict.read.cause)
        return float(isinstance(verdict.read, NoJson) and verdict.read.cause == cause)

    return outcome


def _field(name: str) -> Callable[[_Verdict], Outcome]:
    path = path_of(name)

    def outcome(verdict: _Verdict) -> Outcome:
        if not verdict.targets:
            return Unscored("target-not-json")
        if isinstance(verdict.read, TooMuch):
            return Unscored(verdict.read.cause)
        return verdict.best.accuracy(path)

    return outcome


def detail_names(samples: Sequence[Sample]) -> list[str]:
    """Return the scorers that say more than the metrics: each repair, each cause, and the most frequent fields."""
    reading = [measure.name for measure in MEASURES if measure.detail_of and measure.takes is None]
    return [*reading, *(f"field({name_of(path)})" for path in frequent_fields(samples))]


def frequent_fields(samples: Iterable[Sample]) -> list[Path]:
    """Return the `MOST_FIELDS` fields that most samples have in their targets, in the order in which they appear."""
    having: Counter[Path] = Counter()
    for sample in samples:
        targets = map(json_object, sample.targets)
        having.update(list(dict.fromkeys(path for target in targets for path, _ in leaves(target))))
    most = {path for path, _ in having.most_common(MOST_FIELDS)}
    return [path for path in having if path in most]


def _judged(read: Callable[[_Verdict], Outcome], measure: Measure, settings: ScorerSettings) -> Scorer:
    judge = _judge(_composed(json.dumps(settings.schema, ensure_ascii=False)))

    def outcome(sample: Sample, prediction: Prediction, completion: Completion) -> Outcome:
        return read(judge.verdict(sample.targets, completion.text))

    return completion_scorer(measure, outcome)


def _fitting(read: Callable[[_Verdict], Outcome], measure: Measure, settings: ScorerSettings) -> Scorer:
    if settings.schema is None:
        raise ConfigError(f"scorer {measure.name!r} needs a JSON Schema; name it in task.schema_file")
    return _judged(read, measure, settings)


def _field_right(measure: Measure, settings: ScorerSettings) -> Scorer:
    return _judged(_field(measure.argument), measure, settings)


def _repair(name: str, title: str, meaning: str) -> Measure:
    made = partial(_judged, _repaired(name))
    return Measure(f"repaired({name})", title, meaning, made, better="lower", detail_of="json_repaired")


def _defect(name: str, title: str, meaning: str) -> Measure:
    made = partial(_judged, _unreadable(name))
    return Measure(f"unreadable({name})", title, meaning, made, better="lower", detail_of="json_valid")


MEASURES = (
    Measure("json_valid", "Valid JSON", "the whole answer parses as JSON", partial(_judged, _valid)),
    Measure(
        "schema_match", "Schema match", "the JSON fits the schema", partial(_fitting, lambda verdict: verdict.fits)
    ),
    Measure(
        "field_f1",
        "Field F1",
        "fields of the JSON that are there and right; keys and enums as the schema writes them",
        partial(_judged, _against_targets(lambda verdict: verdict.best.f1)),
    ),
    Measure(
        "field_f1_folded",
        "Field F1, any case",
        "the same, with keys and enums in whatever case",
        partial(_judged, _against_targets(lambda verdict: verdict.folded_f1)),
    ),
    Measure(
        "schema_match_folded",
        "Schema match, any case",
        "the same, with keys and enums in whatever case",
        partial(_fitting, lambda verdict: verdict.fits_folded),
    ),
    Measure(
        "json_match",
        "Whole match",
        "every field is right and none is invented",
        partial(_judged, _against_targets(lambda verdict: float(verdict.is_equal))),
    ),
    Measure(
        "json_repaired",
        "JSON unwrapped",
        "answers whose JSON had to be freed from something before it could be read",
        partial(_judged, _repaired(None)),
        better="lower",
    ),
    _repair("byte-order-mark", "Byte order mark", "taken off the beginning"),
    _repair("fence", "Code fence", "taken off"),
    _repair("prose", "Prose", "before or after the JSON, taken off"),
    _repair("quotes", "Typographic quotes", "read as JSON's own"),
    _defect("not-json", "No JSON", "nothing in the answer could be read as JSON"),
    _defect("duplicate-keys", "Duplicate keys", "a key is repeated within one object; refused"),
    Measure("field", "{}", "samples of which this field is right", _field_right, takes="path", detail_of="field_f1"),
)
