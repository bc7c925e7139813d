"""Strict JSON in and out (SEC-050…053, AP-001, AP-009).

Reading is one call of the fast parser, one walk for the limits, and one count of the members spelt out
in the text, which equals the number of members read exactly when no key is repeated. Numbers with a
fraction or an exponent keep the spelling they came with.
"""

import json
import re
from collections import Counter
from typing import Any, Final, NoReturn, TypeAlias

import orjson

from vocab.errors import JsonError

Json: TypeAlias = dict[str, Any] | list[Any] | str | int | float | bool | None

DEPTH_MAX: Final = 64
VALUES_MAX: Final = 50_000
PLAIN_VALUES_MAX: Final = 400_000
STRING_BYTES_MAX: Final = 512 * 1_024
KEY_BYTES_MAX: Final = 1_024
INTEGER_MAX: Final = 2**53 - 1

_NEGATIVE_ZERO = re.compile(rb"[\[:,]\s*-0\s*[,\]}]")


class Number(float):
    """A number that is written back exactly as it was read (AP-009)."""

    __slots__ = ("lexeme",)
    lexeme: str

    def __new__(cls, lexeme: str) -> "Number":
        """Make one from its spelling in JSON."""
        number = super().__new__(cls, lexeme)
        number.lexeme = lexeme
        return number

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]
        return (self.lexeme,)


def loads(raw: bytes | str) -> Json:
    """Read one JSON text; raise JsonError naming the culprit when it breaks a limit or rule."""
    raw_bytes = _encoded(raw) if isinstance(raw, str) else raw
    value = _read(raw_bytes)
    if not isinstance(value, dict | list):
        return _scalar(value, raw_bytes)
    members, spelled = _measure(value, nul=b"\\u0000" in raw_bytes)
    if members != _members(raw_bytes, members):
        _refuse_repeated(raw_bytes)
    if spelled and (spelled > 1 or _NEGATIVE_ZERO.search(raw_bytes)):
        return _respell(raw_bytes)
    return value


def again(text: str) -> Json:
    """Read what ``dumps`` wrote of something that ``loads`` had read: its keys were found not to be repeated."""
    raw = _encoded(text)
    value = _read(raw)
    if not isinstance(value, dict | list):
        return _scalar(value, raw)
    _, spelled = _measure(value, nul=False)
    if spelled and (spelled > 1 or _NEGATIVE_ZERO.search(raw)):
        return _respell(raw)
    return value


def plain(text: str) -> Json:
    """Read JSON that is no document of the vocabulary, as feeds are: longer, and with repeated keys the last one holds.

    Depth and the number of values have limits too. U+0000, which no database keeps, is left out.
    """
    value = _read(_encoded(text))
    level: list[Any] = [value]
    depth = values = 0
    while level := [one for one in level if isinstance(one, dict | list)]:
        depth, values = depth + 1, values + sum(map(len, level))
        if depth > DEPTH_MAX or values > PLAIN_VALUES_MAX:
            raise JsonError("nested too deeply" if depth > DEPTH_MAX else "too many values")
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
    return _without_nul(value) if "\\u0000" in text else value


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    if isinstance(value, dict):
        return {key.replace("\0", ""): _without_nul(one) for key, one in value.items()}
    return value


def dumps(value: Json) -> bytes:
    """Write compact UTF-8 JSON, numbers in the spelling they were read with."""
    try:
        return orjson.dumps(value, default=_lexeme)
    except orjson.JSONEncodeError as error:
        raise JsonError(str(error)) from error


def ready(text: bytes) -> Any:
    """Return JSON text as a value that ``dumps`` writes as it stands."""
    return orjson.Fragment(text)


def _lexeme(value: object) -> orjson.Fragment:
    if isinstance(value, Number):
        return orjson.Fragment(value.lexeme)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _read(raw: bytes) -> Json:
    try:
        value: Json = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise JsonError(_reason(error)) from error
    return value


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise JsonError("lone surrogate") from error


def _reason(error: orjson.JSONDecodeError) -> str:
    """Say what is wrong in the parser's words; a recursion limit is our depth limit."""
    return "nested too deeply" if "depth" in error.msg else error.msg


def _scalar(value: str | int | float | bool | None, raw: bytes) -> Json:
    """Check and respell a document that is not an object or array, by way of one that is."""
    wrapped = loads(b"[" + raw + b"]")
    assert isinstance(wrapped, list), value  # noqa: S101 - brackets make an array
    only: Json = wrapped[0]
    return only


def _measure(top: dict[str, Any] | list[Any], *, nul: bool) -> tuple[int, int]:
    """Count members and note numbers whose spelling may matter: 0 none, 1 a zero, 2 a fraction.

    Walks level by level, so that depth costs nothing and a deep document cannot exhaust the stack.
    """
    level: list[dict[str, Any] | list[Any]] = [top]
    depth = members = values = spelled = 0
    while level:
        depth += 1
        if depth > DEPTH_MAX:
            _refuse(top, level[0], "nested too deeply")
        deeper: list[dict[str, Any] | list[Any]] = []
        for container in level:
            inside: Any = container
            if type(container) is dict:
                members += len(container)
                for key in container:
                    if len(key) > 255 or nul:
                        _check_key(top, container, key)
                inside = container.values()
            values += len(inside)
            for value in inside:
                kind = type(value)
                if kind is str:
                    if len(value) > 131_071 or (nul and "\0" in value):
                        _check_text(top, value)
                elif kind is dict or kind is list:
                    deeper.append(value)
                elif kind is float:
                    spelled = 2
                elif kind is int:
                    if not value:
                        spelled = spelled or 1
                    elif not -INTEGER_MAX <= value <= INTEGER_MAX:
                        _refuse(top, value, "integer out of range")
        if values > VALUES_MAX:
            raise JsonError("too many values")
        level = deeper
    return members, spelled


def _check_key(top: Json, container: dict[str, Any], key: str) -> None:
    if len(key.encode()) > KEY_BYTES_MAX:
        _refuse(top, container, "key too long")
    if "\0" in key:
        _refuse(top, container, "U+0000 in a key")


def _check_text(top: Json, value: str) -> None:
    if "\0" in value:
        _refuse(top, value, "U+0000 in text")
    if len(value.encode()) > STRING_BYTES_MAX:
        _refuse(top, value, "text too long")


def _refuse(top: Json, culprit: object, reason: str) -> NoReturn:
    raise JsonError(reason, _path_to(top, culprit))


def _path_to(top: Json, culprit: object) -> str:
    """Find where a value sits, as ``object.tag[0].name``, cut to a readable length."""
    waiting: list[tuple[str, Any]] = [("", top)]
    for path, value in waiting:
        if value is culprit:
            return path.lstrip(".")
        if isinstance(value, dict):
            waiting.extend((f"{path}.{key[:40]}"[:200], member) for key, member in value.items())
        elif isinstance(value, list):
            waiting.extend((f"{path}[{index}]"[:200], member) for index, member in enumerate(value))
    return ""


def _members(raw: bytes, expected: int) -> int:
    """Count the members a text that is known to be JSON spells out, repeated ones included.

    A quote and a colon side by side end a key, unless they lie inside text; so when nothing stands
    between them, that count is never too small, and being as expected means being right.
    """
    one_line = b"\n" not in raw and b"\r" not in raw and b"\t" not in raw
    if one_line and raw.count(b'":') == expected and b" :" not in raw:
        return expected
    unescaped = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(unescaped.split(b'"')[::2]).count(b":")


def _refuse_repeated(raw: bytes) -> NoReturn:
    """Read once more, slowly, to name the key that is repeated (SEC-051)."""

    def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            repeated = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
            raise JsonError("repeated key", repeated[:200])
        return members

    json.loads(raw, object_pairs_hook=distinct)
    raise JsonError("repeated key")


def _respell(raw: bytes) -> Json:
    """Read again with the spelling of numbers kept; limits were checked the first time."""
    value: Json = json.loads(raw, parse_float=Number, parse_int=_integer)
    return value


def _integer(lexeme: str) -> int | Number:
    if lexeme == "-0":
        return Number(lexeme)
    if len(lexeme) > 17 or abs(int(lexeme)) > INTEGER_MAX:
        raise JsonError("integer out of range")
    return int(lexeme)
