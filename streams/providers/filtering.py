"""What filters mean, once for all providers (Atom §4.3): for the core, which asks again, and for plug-ins.

Each function takes the filters of one request and returns a question to be asked of every entry, or what the filters
say about one option. An option that is not known, and an operator that does not fit its option, say nothing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from streams.providers import features
from vocab import instants
from vocab.dialects.streamquery import Filter
from vocab.entry import Entry

Question = Callable[[Entry], bool]

DATE: Final = "update-date"
TEXT: Final = "text"
ACTIVITY: Final = "activity"
USERS: Final = ("user", "account-id")
"""Two names of one option."""
MILLISECOND_US: Final = 1_000
OLDEST, NEWEST = -(1 << 63), (1 << 63) - 1
"""Bounds that nothing lies outside of, in microseconds."""

Range = tuple[int, int]
"""Two instants in microseconds since 1970: what is meant lies strictly between them."""


def question(filters: Sequence[Filter], *, base_url: str) -> Question:
    """Return whether an entry satisfies all filters of a request on what every entry has (Atom §4.3, §4.4)."""
    asked = [
        one
        for one in (
            _of_date(filters),
            _of_users(filters, base_url),
            _of_keys(filters, "key", lambda entry: entry.keys),
            _of_keys(filters, "issue-key", lambda entry: entry.issue_keys),
            _of_activities(filters),
            _of_text(filters),
        )
        if one is not None
    ]
    return lambda entry: all(ask(entry) for ask in asked)


def is_values(filters: Iterable[Filter], *options: str) -> frozenset[str]:
    """Return all that an option is to be, as it was written; empty when nothing is said."""
    return _values(filters, options, "IS")


def not_values(filters: Iterable[Filter], *options: str) -> frozenset[str]:
    """Return all that an option is not to be, as it was written."""
    return _values(filters, options, "NOT")


def allows(filters: Sequence[Filter], option: str, found: Collection[str]) -> bool:
    """Tell whether an entry with some values of an option is meant: NOT wins over IS (Atom §4.3 rule 2)."""
    wanted, unwanted = is_values(filters, option), not_values(filters, option)
    return (not wanted or not wanted.isdisjoint(found)) and unwanted.isdisjoint(found)


def dates(filters: Sequence[Filter], option: str = DATE) -> Callable[[datetime], bool]:
    """Return whether an instant is within all bounds; all of them are exclusive (Atom §4.3 rule 4)."""
    bounds = [list(_ranges(one)) for one in filters if one.option == option and _is_date(one)]

    def ask(moment: datetime) -> bool:
        at = instants.microseconds(moment)
        return all(any(low < at < high for low, high in alternatives) for alternatives in bounds)

    return ask


def bounds(filters: Sequence[Filter], option: str = DATE) -> Range:
    """Return between which instants all lies that may be meant: what lies there may still not be."""
    low, high = OLDEST, NEWEST
    for one in filters:
        if one.option == option and _is_date(one):
            found = list(_ranges(one)) or [(0, 0)]
            low = max(low, min(range_[0] for range_ in found))
            high = min(high, max(range_[1] for range_ in found))
    return low, high


def min_date(filters: Sequence[Filter]) -> datetime | None:
    """Return after which instant all lies that is meant; None when there is no such bound (Atom §8.2)."""
    return _moment(bounds(filters)[0])


def max_date(filters: Sequence[Filter]) -> datetime | None:
    """Return before which instant all lies that is meant; None when there is no such bound."""
    return _moment(bounds(filters)[1])


def words(filters: Sequence[Filter], option: str = TEXT) -> Callable[[str], bool]:
    """Return whether a text has any word of each CONTAINS, and none of DOES_NOT_CONTAIN (Atom §4.3 rule 3)."""
    wanted = [_folded(one) for one in filters if one.option == option and one.operator == "CONTAINS"]
    unwanted = [
        word
        for one in filters
        if one.option == option and one.operator == "DOES_NOT_CONTAIN"
        for word in _folded(one)
    ]

    def ask(text: str) -> bool:
        text = text.casefold()
        return all(any(word in text for word in some) for some in wanted) and not any(
            word in text for word in unwanted
        )

    return ask


def _values(filters: Iterable[Filter], options: Collection[str], operator: str) -> frozenset[str]:
    return frozenset(
        value for one in filters if one.option in options and one.operator == operator for value in one.values
    )


def _mentions(filters: Iterable[Filter], *options: str) -> bool:
    return any(one.option in options for one in filters)


def _of_date(filters: Sequence[Filter]) -> Question | None:
    if not _mentions(filters, DATE):
        return None
    ask = dates(filters)
    return lambda entry: ask(entry.published)


def _of_users(filters: Sequence[Filter], base_url: str) -> Question | None:
    if not _mentions(filters, *USERS):
        return None
    wanted = frozenset(map(features.name_of, is_values(filters, *USERS)))
    unwanted = frozenset(map(features.name_of, not_values(filters, *USERS)))

    def ask(entry: Entry) -> bool:
        found = features.users(entry, base_url)
        return (not wanted or not wanted.isdisjoint(found)) and unwanted.isdisjoint(found)

    return ask


def _of_keys(
    filters: Sequence[Filter], option: str, keys: Callable[[Entry], Iterable[str]]
) -> Question | None:
    """Return the question after keys, which are compared without regard to case (Atom §4.3 rule 7)."""
    if not _mentions(filters, option):
        return None
    wanted = frozenset(value.casefold() for value in is_values(filters, option))
    unwanted = frozenset(value.casefold() for value in not_values(filters, option))

    def ask(entry: Entry) -> bool:
        found = {key.casefold() for key in keys(entry)}
        return (not wanted or not wanted.isdisjoint(found)) and unwanted.isdisjoint(found)

    return ask


def _of_activities(filters: Sequence[Filter]) -> Question | None:
    if not _mentions(filters, ACTIVITY):
        return None
    return lambda entry: allows(filters, ACTIVITY, features.activities(entry))


def _of_text(filters: Sequence[Filter]) -> Question | None:
    if not _mentions(filters, TEXT):
        return None
    ask = words(filters)
    return lambda entry: ask(features.text(entry))


def _folded(one: Filter) -> list[str]:
    return [value.casefold() for value in one.values]


def _is_date(one: Filter) -> bool:
    return one.operator in ("AFTER", "BEFORE", "BETWEEN")


def _ranges(one: Filter) -> Iterator[Range]:
    """Yield the alternatives of one filter on dates; a value that is no number, which parsing excludes, is none.

    Of BETWEEN, pairs that follow each other are alternatives, and an odd last value is ignored.
    """
    values = [int(value) * MILLISECOND_US for value in one.values]
    if one.operator == "AFTER":
        yield from ((value, NEWEST) for value in values)
    elif one.operator == "BEFORE":
        yield from ((OLDEST, value) for value in values)
    else:
        yield from zip(values[::2], values[1::2], strict=False)


def _moment(at: int) -> datetime | None:
    try:
        return None if at in (OLDEST, NEWEST) else instants.moment(at)
    except OverflowError:
        return None
