"""The filters of the stream as a form: what it shows, and the query that it stands for (Atom §4.2).

The form asks at an address of its own, which answers with where the stream is that was asked for: so the address of a
filtered stream is the one that programs use, with or without scripts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

LAST: Final = "/filter"
"""What the address of the form ends in, below that of the stream."""
ALL: Final = "streams"
NO_FILTERS: Final = frozenset(
    ("before", "after", "format", "_", "token", "os_authType", "local", "timeout", "relativeLinks")
)
PAGING: Final = frozenset({"before", "after", "format", "_", "token"})
OPERATORS: Final = {
    "IS": "is", "NOT": "is not", "CONTAINS": "contains", "DOES_NOT_CONTAIN": "does not contain", "BEFORE": "before",
    "AFTER": "after", "BETWEEN": "between",
}  # fmt: skip
WORDS_MAX: Final = 16

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that holds, in words, and the query without it."""

    label: str
    without: Pairs


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of the form: its value, what it is called, whether it is chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """The form as it stands: what was asked, and what may be chosen."""

    text: str = ""
    user: str = ""
    key: str = ""
    since: str = ""
    until: str = ""
    keys: list[Choice] = field(default_factory=list)
    providers: list[Choice] = field(default_factory=list)
    activities: list[tuple[str, list[Choice]]] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)

    @classmethod
    def of(cls, query: Pairs, options: Sequence[Mapping[str, Any]]) -> "Filters":
        """Read a query, with the providers and options of the configuration."""
        chosen = {name for pair, value in query if pair == "providers" for name in value.split()}
        doing = {f"{name} {value}" for name, text in query for value in _values(text, "activity IS")}
        providers = [one for one in options if one.get("key") != ALL]
        key = _first(query, "key IS")
        return cls(
            text=" ".join(
                value for name, text in query if name == ALL for value in _values(text, "text CONTAINS")
            ),
            user=_first(query, "user IS"),
            key=key,
            since=_day(_first(query, "update-date AFTER"), 1),
            until=_day(_first(query, "update-date BEFORE"), -1),
            keys=[Choice(value, label, value == key) for value, label in _labels(options, ALL, "key")],
            providers=[
                Choice(one["key"], one.get("name") or one["key"], one["key"] in chosen) for one in providers
            ],
            activities=[
                (str(one.get("name") or one["key"]), found)
                for one in providers
                if (found := _activities(one, doing, options))
            ],
            chips=_chips(
                query, {str(one["key"]): str(one.get("name") or "") for one in options}, _names(options)
            ),
        )


async def get_filter(request: Request) -> Response:
    """Lead to the stream that a form asks for."""
    asked = request.query_params
    pairs: Pairs = [
        (ALL, f"text CONTAINS {quoted(word)}") for word in asked.get("text", "").split()[:WORDS_MAX]
    ]
    pairs += [
        (ALL, f"{name} IS {quoted(value)}")
        for name in ("user", "key")
        if (value := asked.get(name, "").strip())
    ]
    for name, operator, shift in (("since", "AFTER", -1), ("until", "BEFORE", 1)):
        moment = _moment(asked.get(name, ""), shift)
        pairs += [(ALL, f"update-date {operator} {moment}")] if moment is not None else []
    if providers := [one for one in asked.getlist("provider") if one and " " not in one]:
        pairs.append(("providers", " ".join(providers)))
    for one in asked.getlist("activity"):
        provider, _, activity = one.partition(" ")
        pairs += [(provider, f"activity IS {quoted(activity)}")] if provider and activity else []
    stream = request.url.path.rstrip("/").removesuffix(LAST)
    address = f"{stream}?{urlencode(pairs)}" if pairs else stream
    return RedirectResponse(address, 303, {"Cache-Control": "private, no-store"})


def without_paging(query: Pairs) -> Pairs:
    """Return a query that means the same stream from its beginning; a secret in it is left out."""
    return [(name, value) for name, value in query if name not in PAGING]


def quoted(value: str) -> str:
    """Write a value as one, whatever is in it (Atom §4.2)."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if escaped != value or any(sign in value for sign in ' +"') else value


def _values(text: str, beginning: str) -> list[str]:
    """Return the values of a filter that begins so, without quotes; none for any other."""
    words, found, at, inside = text.strip(), [""], 0, False
    if not words.upper().startswith(beginning.upper() + " "):
        return []
    rest = words[len(beginning) + 1 :]
    while at < len(rest):
        sign = rest[at]
        if sign == "\\" and at + 1 < len(rest):
            at += 1
            found[-1] += rest[at]
        elif sign == '"':
            inside = not inside
        elif sign == " " and not inside:
            found.append("")
        else:
            found[-1] += sign
        at += 1
    return [value for value in found if value]


def _first(query: Pairs, beginning: str) -> str:
    return next((value for name, text in query if name == ALL for value in _values(text, beginning)), "")


def _labels(options: Sequence[Mapping[str, Any]], provider: str, option: str) -> list[tuple[str, str]]:
    for one in options:
        for offered in one.get("options", ()) if one.get("key") == provider else ():
            if offered.get("key") == option:
                return [(str(value), str(label)) for value, label in (offered.get("values") or {}).items()]
    return []


def _activities(
    provider: Mapping[str, Any], doing: set[str], options: Sequence[Mapping[str, Any]]
) -> list[Choice]:
    key = str(provider["key"])
    return [
        Choice(f"{key} {value}", label, f"{key} {value}" in doing)
        for value, label in _labels(options, key, "activity")
    ]


def _names(options: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return what each option is called."""
    return {
        str(offered["key"]): str(offered["name"])
        for one in options
        for offered in one.get("options", ())
        if offered.get("key") and offered.get("name")
    }


def _chips(query: Pairs, names: Mapping[str, str], called: Mapping[str, str]) -> list[Chip]:
    """Return each filter that holds in words, with the query that is left without it."""
    made = []
    for index, (name, text) in enumerate(query):
        if name not in NO_FILTERS and (name in names or name == "providers") and text.strip():
            without = [pair for at, pair in enumerate(query) if at != index]
            made.append(Chip(_worded(name, text, names, called), without))
    return made


def _worded(name: str, text: str, names: Mapping[str, str], called: Mapping[str, str]) -> str:
    if name == "providers":
        return "From " + ", ".join(names.get(one) or one for one in text.split())
    option, _, rest = text.strip().partition(" ")
    operator, _, value = rest.partition(" ")
    if option == "update-date":
        value = " – ".join(_day(one, 0) or one for one in value.split())
    option = called.get(option) or option.replace("-", " ").capitalize()
    said = " ".join((option, OPERATORS.get(operator.upper(), operator), value.replace('"', "")))
    return f"{names[name]}: {said}" if names.get(name) else said


def _moment(day: str, shift: int) -> int | None:
    """Return the millisecond just outside of a day, before it or behind it; None for what is no day."""
    try:
        begins = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    except ValueError:
        return None
    if shift > 0:
        begins += timedelta(days=1)
    return int(begins.timestamp()) * 1000 + (0 if shift > 0 else -1)


def _day(milliseconds: str, shift: int) -> str:
    """Return the day that lies on the inner side of a moment; the empty text for what is none."""
    if not (milliseconds.isdigit() and len(milliseconds) <= 14):
        return ""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(milliseconds) + shift)
    return moment.date().isoformat()
