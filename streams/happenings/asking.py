"""What is asked for by filters, as the index is asked (Atom §4.3, §4.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from storage import Transaction, happeningvalues
from storage.entries import NEWEST
from streams.providers import Filter, features, filtering

ALIASES: Final = {"account-id": "user"}
"""Other names of options."""
SETS: Final = ("user", "key", "issue-key", "activity", "provider_name")
"""Options whose values are compared one by one."""
FOLDED: Final = frozenset({"key", "issue-key"})
"""Those whose values are compared in any case."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters sorted by what the index can do for them; ``filtering.question`` has the last word.

    Texts that are wanted and unwanted, by option; words, of each list of which one has to be said; and between which
    instants, in microseconds, all lies that is meant.
    """

    wanted: dict[str, frozenset[str]]
    unwanted: dict[str, frozenset[str]]
    words: tuple[tuple[str, ...], ...]
    since: int
    until: int


def asked(filters: Sequence[Filter]) -> Asked:
    """Sort filters; unknown options, and operators that do not fit one, are ignored (Atom §4.3 8)."""
    wanted: dict[str, frozenset[str]] = {}
    unwanted: dict[str, frozenset[str]] = {}
    words: list[tuple[str, ...]] = []
    for one in filters:
        option = ALIASES.get(one.option, one.option)
        if option in SETS and one.operator in ("IS", "NOT"):
            sets = wanted if one.operator == "IS" else unwanted
            sets[option] = sets.get(option, frozenset()) | {_folded(option, value) for value in one.values}
        elif option == filtering.TEXT and one.operator == "CONTAINS":
            words.append(tuple(value.casefold() for value in one.values))
    since, until = filtering.bounds(filters)
    return Asked(wanted, unwanted, tuple(words), max(0, since), min(NEWEST, until))


def _folded(option: str, value: str) -> str:
    if option == "user":
        return features.name_of(value)
    return value.casefold() if option in FOLDED else value


async def numbers(tx: Transaction, sets: dict[str, frozenset[str]]) -> dict[str, frozenset[int]]:
    """Return the numbers of those texts that occur, by option. One statement for each."""
    found: dict[str, frozenset[int]] = {}
    for option, texts in sets.items():
        known = (
            happeningvalues.users(tx, texts) if option == "user" else happeningvalues.find(tx, option, texts)
        )
        found[option] = frozenset(await known)
    return found
