"""What the literal members of the vocabulary may hold: one check per member, as a table (AP-013…AP-018, AP-027)."""

import re
from collections.abc import Callable
from typing import Any, Final

from vocab import instants, mediatype
from vocab.terms import COUNTS, INSTANTS, NATURAL, NUMBERS

Check = Callable[[Any], str | None]
"""Says what is wrong with one value, or None."""

_LANGUAGE = re.compile(r"(?:[a-z]{2,8}|[ix])(?:-[a-z0-9]{1,8})*", re.IGNORECASE | re.ASCII)
_DURATION = re.compile(
    r"-?P(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?", re.ASCII
)
_RELATION = re.compile(r"[^\s,;<>\"]+(?: +[^\s,;<>\"]+)*")


def is_language(tag: str) -> bool:
    """Tell whether a language tag is well formed (BCP 47)."""
    return _LANGUAGE.fullmatch(tag) is not None


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) else "must be text"


def _text_by_language(value: Any) -> str | None:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        return "must be texts by language"
    return None


def _instant(value: Any) -> str | None:
    readable = isinstance(value, str) and instants.parse(value) is not None
    return None if readable else "must be a date-time with T and an offset or Z"


def _duration(value: Any) -> str | None:
    return (
        None if isinstance(value, str) and _DURATION.fullmatch(value) else "must be a duration such as PT1M"
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _count(value: Any) -> str | None:
    whole = _is_number(value) and value >= 0 and value == int(value)
    return None if whole else "must be a whole number, not negative"


def _number(value: Any) -> str | None:
    return None if _is_number(value) else "must be a number"


def _not_negative(value: Any) -> str | None:
    return None if _is_number(value) and value >= 0 else "must be a number, not negative"


def _media_type(value: Any) -> str | None:
    return None if isinstance(value, str) and mediatype.split(value)[0] else "must be a media type"


def _language(value: Any) -> str | None:
    return None if isinstance(value, str) and is_language(value) else "must be a language tag"


def _relation(value: Any) -> str | None:
    return None if isinstance(value, str) and _RELATION.fullmatch(value) else "must be a link relation"


def _closed(value: Any) -> str | None:
    if isinstance(value, bool | dict) or (isinstance(value, str) and ":" in value):
        return None
    return "must be a date-time, true or false, or an object"


def _node(value: Any) -> str | None:
    return None if isinstance(value, dict) else "must be an object"


CHECKS: Final[dict[str, Check]] = {
    **dict.fromkeys(NATURAL, _text),
    **{term + "Map": _text_by_language for term in NATURAL},
    **dict.fromkeys(INSTANTS, _instant),
    **dict.fromkeys(COUNTS, _count),
    **dict.fromkeys(NUMBERS, _number),
    "accuracy": _not_negative,
    "radius": _not_negative,
    "closed": _closed,
    "duration": _duration,
    "endpoints": _node,
    "formerType": _text,
    "hreflang": _language,
    "mediaType": _media_type,
    "preferredUsername": _text,
    "rel": _relation,
    "source": _node,
    "units": _text,
    "votersCount": _count,
}
