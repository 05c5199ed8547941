"""Records as JSON-able dicts, and back.

A record that is a member of a union has a `tag`, which stands in its dict as "type". Rows of before there were tags are
told apart by their keys.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path, PurePath
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ragvsft.errors import ArtifactError

T = TypeVar("T")
Decoder = Callable[[Any], Any]

TAG = "type"
_OTHER_VERSION = "it was written by another version of ragvsft"


def to_plain(value: Any) -> Any:
    """Return a value as JSON knows it: records and mappings become dicts, tuples lists, paths POSIX text.

    The dict of a record with a tag begins with it.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        plain = {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        tag = _tag_of(type(value))
        return {TAG: tag, **plain} if tag else plain
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    return value.as_posix() if isinstance(value, PurePath) else value


def to_dict(record: Any) -> dict[str, Any]:
    """Return a record as a dict, keys in the order its fields are declared."""
    plain: dict[str, Any] = to_plain(record)
    return plain


def from_dict(record_type: type[T], data: Any) -> T:
    """Return the record that `to_dict` made `data` of.

    Fields with a default may be missing. Raises ArtifactError if another key is missing, or one is unknown, or a value
    has another type.
    """
    kind: Any = record_type
    record: T = _record_decoder(kind)(data)
    return record


@cache
def _decoder(kind: Any) -> Decoder:
    origin = get_origin(kind)
    if _is_record(kind):
        return _record_decoder(kind)
    if origin is tuple:
        return _tuple_decoder(get_args(kind))
    if origin in (dict, Mapping):
        return _mapping_decoder(get_args(kind))
    if origin in (Union, types.UnionType):
        return _union_decoder(get_args(kind))
    if origin is Literal:
        return _literal_decoder(get_args(kind))
    if kind in _SCALARS:
        return _SCALARS[kind]
    raise TypeError(f"codec: fields of type {kind} cannot be read")


@cache
def _record_decoder(kind: Any) -> Decoder:
    hints = get_type_hints(kind)
    decoders = {field.name: _decoder(hints[field.name]) for field in dataclasses.fields(kind)}
    required = {field.name for field in dataclasses.fields(kind) if _has_no_default(field)}
    tag = _tag_of(kind)

    def decode(data: Any) -> Any:
        if not isinstance(data, dict):
            raise ArtifactError(f"{kind.__name__}: {data!r} is not an object; {_OTHER_VERSION}")
        if tag and TAG in data:
            data = dict(data)
            if (found := data.pop(TAG)) != tag:
                raise ArtifactError(f"{kind.__name__}: {TAG} is {found!r}, not {tag!r}; {_OTHER_VERSION}")
        for wrong, names in (("missing", required - data.keys()), ("unknown", data.keys() - decoders.keys())):
            if names:
                raise ArtifactError(f"{kind.__name__}: key {min(names)!r} is {wrong}; {_OTHER_VERSION}")
        return kind(**{name: _decode_field(kind, name, decoders[name], value) for name, value in data.items()})

    return decode


def _decode_field(kind: Any, name: str, decode: Decoder, value: Any) -> Any:
    try:
        return decode(value)
    except (TypeError, ValueError) as error:
        raise ArtifactError(f"{kind.__name__}.{name}: {error}; {_OTHER_VERSION}") from error


def _is_record(kind: Any) -> bool:
    return dataclasses.is_dataclass(kind)


def _tag_of(kind: Any) -> str | None:
    return getattr(kind, "tag", None)


def _has_no_default(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _tuple_decoder(items: tuple[Any, ...]) -> Decoder:
    if len(items) == 2 and items[1] is Ellipsis:
        decode = _decoder(items[0])
        return lambda value: tuple(decode(item) for item in _expect(value, list))
    decoders = [_decoder(item) for item in items]
    return lambda value: tuple(decode(item) for decode, item in zip(decoders, _expect(value, list), strict=True))


def _mapping_decoder(items: tuple[Any, ...]) -> Decoder:
    if items[0] is not str:
        raise TypeError(f"codec: keys of type {items[0]} cannot be read")
    decode = _decoder(items[1])
    return lambda value: {name: decode(item) for name, item in _expect(value, dict).items()}


def _union_decoder(members: tuple[Any, ...]) -> Decoder:
    """Tell records apart by their tags, or where a row has none by their keys, and None from the one other member."""
    records = [member for member in members if _is_record(member)]
    others = [_decoder(member) for member in members if member not in records and member is not types.NoneType]
    readers = [_RecordReader.of(member) for member in records]
    if len(others) + bool(records) > 1:
        raise TypeError(f"codec: {members} cannot be told apart")

    def decode(value: Any) -> Any:
        if value is None and types.NoneType in members:
            return None
        if others:
            return others[0](value)
        if len(readers) == 1:
            return readers[0].decode(value)
        keys = frozenset(_expect(value, dict))
        if TAG in keys:
            fitting = [reader for reader in readers if reader.tag == value[TAG]]
        else:
            fitting = [reader for reader in readers if reader.required <= keys <= reader.known]
        if len(fitting) != 1:
            raise ValueError(f"the keys {sorted(keys)} belong to none of its records")
        return fitting[0].decode(value)

    return decode


@dataclasses.dataclass(frozen=True, slots=True)
class _RecordReader:
    """One record of a union; a field with a default may be missing, so rows of before that field stay readable."""

    tag: str | None
    required: frozenset[str]
    known: frozenset[str]
    decode: Decoder

    @classmethod
    def of(cls, kind: Any) -> _RecordReader:
        fields = dataclasses.fields(kind)
        required = frozenset(field.name for field in fields if _has_no_default(field))
        return cls(_tag_of(kind), required, frozenset(field.name for field in fields), _decoder(kind))


def _literal_decoder(choices: tuple[Any, ...]) -> Decoder:
    def decode(value: Any) -> Any:
        if value not in choices:
            raise ValueError(f"{value!r} is not one of {', '.join(map(str, choices))}")
        return value

    return decode


def _expect(value: Any, kind: type[T]) -> T:
    # bool is an int to Python, not to a reader of JSON
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"{value!r} is not {_NAMES.get(kind, kind.__name__)}")
    return value


_NAMES: dict[type, str] = {dict: "an object", list: "a list", str: "a text", int: "a whole number", float: "a number"}


def _number(value: Any) -> float:
    return float(_expect(value, int) if isinstance(value, int) else _expect(value, float))


_SCALARS: dict[Any, Decoder] = {
    str: lambda value: _expect(value, str),
    int: lambda value: _expect(value, int),
    bool: lambda value: _expect(value, bool),
    float: _number,
    Path: lambda value: Path(_expect(value, str)),
    Any: lambda value: value,
}
