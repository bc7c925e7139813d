"""What is asked for by filters, as the index is asked (Atom §4.3, §4.4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from storage import Transaction, happeningvalues
from storage.entries import NEWEST
from streams.happenings.facets import called
from streams.providers import Filter
from vocab import instants

ALIASES: Final = {"account-id": "user"}
"""Other names of options."""
SETS: Final = ("user", "key", "issue-key", "activity", "provider_name")
"""Options whose values are compared one by one."""
FOLDED: Final = frozenset({"key", "issue-key", "activity"})
"""Those whose values are compared in lower case."""
Span = tuple[int, int]
MS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters sorted by what they do: texts that are wanted and unwanted by option, spans of time, words.

    Each list of spans and of words holds by itself: one of each has to fit.
    """

    wanted: dict[str, frozenset[str]]
    unwanted: dict[str, frozenset[str]]
    spans: tuple[tuple[Span, ...], ...]
    words: tuple[tuple[str, ...], ...]
    lacking: tuple[tuple[str, ...], ...]

    @property
    def since(self) -> int:
        """Nothing that happened before this instant is asked for."""
        return max((min((span[0] for span in spans), default=NEWEST) for spans in self.spans), default=0)

    @property
    def until(self) -> int:
        """Nor what happened after this one."""
        return min((max((span[1] for span in spans), default=-1) for spans in self.spans), default=NEWEST)

    def says(self, text: str) -> bool:
        """Tell whether an entry with a text, in lower case, has the words that are asked for and none of the others."""
        return all(any(word in text for word in words) for words in self.words) and not any(
            word in text for words in self.lacking for word in words
        )


def asked(filters: Iterable[Filter]) -> Asked:
    """Sort filters; unknown options, and operators that do not fit one, are ignored (Atom §4.3 8)."""
    wanted: dict[str, frozenset[str]] = {}
    unwanted: dict[str, frozenset[str]] = {}
    spans: list[tuple[Span, ...]] = []
    words: list[tuple[str, ...]] = []
    lacking: list[tuple[str, ...]] = []
    for one in filters:
        option = ALIASES.get(one.option, one.option)
        if option in SETS and one.operator in ("IS", "NOT"):
            sets = wanted if one.operator == "IS" else unwanted
            sets[option] = sets.get(option, frozenset()) | {_folded(option, value) for value in one.values}
        elif option == "update-date" and one.operator in ("BEFORE", "AFTER", "BETWEEN"):
            spans.append(_spans(one.operator, one.values))
        elif option == "text" and one.operator in ("CONTAINS", "DOES_NOT_CONTAIN"):
            texts = tuple(" ".join(value.split()).lower() for value in one.values)
            (words if one.operator == "CONTAINS" else lacking).append(texts)
    return Asked(wanted, unwanted, tuple(spans), tuple(words), tuple(lacking))


def _folded(option: str, value: str) -> str:
    if option == "user":
        return called(value)
    return value.lower() if option in FOLDED else value


def _spans(operator: str, values: Sequence[str]) -> tuple[Span, ...]:
    """Return when something may have happened, in microseconds, both ends counting: the bounds do not (Atom §4.3 4)."""
    at = [found for value in values if (found := milliseconds(value)) is not None]
    if operator == "AFTER":
        return tuple(((bound + 1) * MS, NEWEST) for bound in at)
    if operator == "BEFORE":
        return tuple((0, bound * MS - 1) for bound in at)
    return tuple(((since + 1) * MS, until * MS - 1) for since, until in zip(at[::2], at[1::2], strict=False))


def milliseconds(text: str) -> int | None:
    """Read an instant: milliseconds since 1970, or ISO 8601; None for anything else."""
    if text.lstrip("-").isascii() and text.lstrip("-").isdigit():
        return int(text[:18])
    moment = instants.parse(text)
    return None if moment is None else instants.microseconds(moment) // MS


async def numbers(tx: Transaction, sets: dict[str, frozenset[str]]) -> dict[str, frozenset[int]]:
    """Return the numbers of those texts that occur, by option. One statement for each."""
    found: dict[str, frozenset[int]] = {}
    for option, texts in sets.items():
        known = (
            happeningvalues.users(tx, texts) if option == "user" else happeningvalues.find(tx, option, texts)
        )
        found[option] = frozenset(await known)
    return found
