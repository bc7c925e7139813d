"""The parameters of a stream's address, read as a whole (Atom §4.1)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from vocab import plaintext
from vocab.dialects.streamquery.cursors import Cursor
from vocab.dialects.streamquery.expressions import Filter, read
from vocab.errors import BadFields

Pairs = Sequence[tuple[str, str]]

FORMATS: Final = ("atom", "rss", "json", "as1", "as2", "html")
RESULTS, RESULTS_MAX = 10, 1_000
TIMEOUT_MILLISECONDS, TIMEOUT_MILLISECONDS_MAX = 10_000, 30_000
TITLE_CHARS_MAX: Final = 255
FILTERS_MAX: Final = 100
"""In one query; nobody means more."""

LEGACY: Final = {
    "key": ("key", "IS"), "filterUser": ("user", "IS"), "minDate": ("update-date", "AFTER"),
    "maxDate": ("update-date", "BEFORE"),
}  # fmt: skip
"""Parameters of old that say what a filter says."""
ALL_PROJECTS: Final = "__all_projects__"
"""What dashboards send as a key when they mean none in particular."""

RESERVED: Final = frozenset(
    (
        "streams", "providers", "maxResults", "timeout", "title", "local", "authOnly", "relativeLinks",
        "use-accept-lang", "os_authType", "os_username", "os_password", "_", "before", "after", "format", "token",
        "include", *LEGACY,
    )
)  # fmt: skip
"""Names of parameters, which no provider may have as its key."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a stream.

    ``providers`` are the keys of those that are wanted, None all. ``filters`` hold for all of them,
    ``provider_filters`` for one each. ``before`` and ``after`` cut a page: entries are older than the one, newer than
    the other. ``format`` is empty when the address names none.
    """

    max_results: int = RESULTS
    timeout_milliseconds: int = TIMEOUT_MILLISECONDS
    providers: tuple[str, ...] | None = None
    filters: tuple[Filter, ...] = ()
    provider_filters: Mapping[str, tuple[Filter, ...]] = field(default_factory=dict)
    title: str = ""
    local: bool = False
    auth_only: bool = False
    relative_links: bool = False
    accept_language: bool = False
    format: str = ""
    before: Cursor | None = None
    after: Cursor | None = None


def query(pairs: Pairs, *, known: Collection[str] = (), results_max: int = RESULTS_MAX) -> Query:
    """Read a query; ``known`` are the keys of providers. What is unknown is ignored.

    Raises BadFields, naming the parameter, for a filter, cursor or format that cannot be read. Of what may be said once
    the first counts, as servlets have it.
    """
    first: dict[str, str] = {}
    for name, value in pairs:
        first.setdefault(name, value)
    return Query(
        max_results=min(_positive(first.get("maxResults", ""), RESULTS), results_max),
        timeout_milliseconds=min(
            _positive(first.get("timeout", ""), TIMEOUT_MILLISECONDS), TIMEOUT_MILLISECONDS_MAX
        ),
        providers=_providers(value for name, value in pairs if name == "providers"),
        filters=_filters(pairs),
        provider_filters=_of_providers(pairs, known),
        title=_title(first.get("title", "")),
        local=_flag(first, "local"),
        auth_only=_flag(first, "authOnly"),
        relative_links=_flag(first, "relativeLinks"),
        accept_language=_flag(first, "use-accept-lang"),
        format=_format(first.get("format", "")),
        before=_cursor(first, "before"),
        after=_cursor(first, "after"),
    )


def _filters(pairs: Pairs) -> tuple[Filter, ...]:
    found: list[Filter] = []
    for name, value in pairs:
        if name in LEGACY and value.strip() not in ("", ALL_PROJECTS):
            option, operator = LEGACY[name]
            one = read(name, f"{option} {operator} {value.replace('+', ' ')}")
        else:
            one = read(name, value) if name == "streams" else None
        if one is not None:
            found.append(one)
    return _not_too_many("streams", found)


def _of_providers(pairs: Pairs, known: Collection[str]) -> dict[str, tuple[Filter, ...]]:
    found: dict[str, list[Filter]] = {}
    for name, value in pairs:
        if name in known and name not in RESERVED and (one := read(name, value)) is not None:
            found.setdefault(name, []).append(one)
    return {name: _not_too_many(name, filters) for name, filters in found.items()}


def _not_too_many(parameter: str, filters: list[Filter]) -> tuple[Filter, ...]:
    if len(filters) > FILTERS_MAX:
        raise BadFields({parameter: [f"more than {FILTERS_MAX} filters"]})
    return tuple(filters)


def _providers(values: Iterable[str]) -> tuple[str, ...] | None:
    """Return the keys of a list that may come in several parts; None when it names none, which means all."""
    keys = tuple(dict.fromkeys(key for value in values for key in value.replace("+", " ").split()))
    return keys or None


def _positive(text: str, default: int) -> int:
    """Read a whole number from one; anything else is the default. Nobody needs more than nine digits."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        return default
    return int(text) if len(text) < 10 else 10**9


def _title(text: str) -> str:
    """Return a title; dashboards send ``undefined`` for none."""
    text = " ".join(plaintext.name(text).split())[:TITLE_CHARS_MAX]
    return "" if text == "undefined" else text


def _flag(first: Mapping[str, str], name: str) -> bool:
    return first.get(name, "").strip().lower() == "true"


def _format(text: str) -> str:
    text = text.strip().lower()
    if text and text not in FORMATS:
        raise BadFields({"format": [f"must be one of {', '.join(FORMATS)}"]})
    return text


def _cursor(first: Mapping[str, str], name: str) -> Cursor | None:
    text = first.get(name, "")
    return Cursor.read(name, text) if text else None
