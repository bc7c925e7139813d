"""One filter as it stands in an address: an option, an operator, and values (Atom §4.2)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vocab import instants
from vocab.errors import BadFields

OPERATORS: Final = ("IS", "NOT", "CONTAINS", "DOES_NOT_CONTAIN", "BEFORE", "AFTER", "BETWEEN")
DATES: Final = frozenset(("BEFORE", "AFTER", "BETWEEN"))
"""Operators whose values are instants."""
VALUES_MAX: Final = 1_000
MILLISECONDS_MAX: Final = (1 << 63) // 1_000 - 1
"""What lies further away is taken for this, in both directions: no entry is there."""

_OPTION: Final = re.compile(r"[A-Za-z0-9_-]+")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,30}")
_NEEDS_QUOTES: Final = re.compile(r"\s|\A\Z")
_ESCAPED: Final = re.compile(r'(\\|"|\+)')


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: ``operator`` is in upper case (``DOES_NOT_CONTAIN``), instants are milliseconds since 1970."""

    option: str
    operator: str
    values: tuple[str, ...]


def read(parameter: str, text: str) -> Filter | None:
    """Read the value of a parameter, decoded as forms are; None when it is empty.

    Raises BadFields, naming the parameter, for what is no filter.
    """
    tokens = list(_tokens(parameter, text))
    if len(tokens) == 1 and "+" in text:
        tokens = list(_tokens(parameter, text.replace("+", " ")))
    if not tokens:
        return None
    if len(tokens) < 2:
        raise BadFields({parameter: ["has no operator: expected OPTION OPERATOR VALUE"]})
    option, operator, *values = tokens
    return _checked(parameter, option, operator.upper(), [value for value in values if value])


def _checked(parameter: str, option: str, operator: str, values: list[str]) -> Filter:
    if not _OPTION.fullmatch(option):
        raise BadFields({parameter: ["an option has letters, digits, - and _ alone"]})
    if operator not in OPERATORS:
        raise BadFields({parameter: [f"the operator must be one of {', '.join(OPERATORS)}"]})
    if operator in DATES:
        values = [str(_milliseconds(parameter, value)) for value in values if value.upper() != "AND"]
    if len(values) < (2 if operator == "BETWEEN" else 1):
        raise BadFields({parameter: [f"{operator} has too few values"]})
    if len(values) > VALUES_MAX:
        raise BadFields({parameter: [f"has more than {VALUES_MAX} values"]})
    return Filter(option, operator, tuple(values))


def _milliseconds(parameter: str, text: str) -> int:
    """Read an instant: milliseconds as a number, never seconds; or an RFC 3339 text, a date alone too."""
    if _NUMBER.fullmatch(text):
        return max(-MILLISECONDS_MAX, min(int(text), MILLISECONDS_MAX))
    moment = instants.parse(text) or instants.parse(f"{text}T00:00:00Z") or instants.parse(f"{text}Z")
    if moment is None:
        raise BadFields({parameter: ["an instant is a number of milliseconds or an ISO 8601 date"]})
    return instants.microseconds(moment) // 1_000


def _tokens(parameter: str, text: str) -> Iterator[str]:
    """Take an expression apart at its spaces; quotes keep a value together, a backslash makes a sign literal.

    A quote counts where a value begins, and up to the next one.
    """
    if "\0" in text:
        raise BadFields({parameter: ["contains a zero character"]})
    at, end = 0, len(text)
    while at < end:
        if text[at].isspace():
            at += 1
            continue
        quoted, found = text[at] == '"', list[str]()
        at += quoted
        while at < end and (quoted or not text[at].isspace()):
            if text[at] == "\\" and at + 1 < end:
                at += 1
            elif quoted and text[at] == '"':
                quoted = False
                at += 1
                continue
            found.append(text[at])
            at += 1
        if quoted:
            raise BadFields({parameter: ["a quote is not closed"]})
        yield "".join(found)


def written(one: Filter) -> str:
    """Write a filter as it is read."""
    return " ".join((one.option, one.operator, *map(_value, one.values)))


def _value(text: str) -> str:
    escaped = _ESCAPED.sub(r"\\\1", text)
    return f'"{escaped}"' if _NEEDS_QUOTES.search(text) else escaped
