"""The parameters of a query, in all the spellings that SDKs use (Feeds §1.2, §3; Events §1.5)."""

import re
from collections.abc import Callable, Collection, Hashable
from functools import lru_cache
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

from vocab.errors import BadFields
from vocab.fields import REQUIRED

PARAMETERS_MAX: Final = 2_500
"""So many may be there: lists may come as one parameter for each item. The length of an address is limited too."""
TRUE: Final = frozenset(("true", "1", "t", "yes"))
DIGITS_MAX: Final = 18
REMEMBERED: Final = 1_024
REMEMBERED_BYTES_MAX: Final = 1_024
"""So many queries are kept as they were read, none longer than this."""

T = TypeVar("T")

_SPELT: Final = re.compile(rb"[%+\x80-\xff]")
"""What makes the spelling of a query differ from what it says."""
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def parsed(query_string: bytes) -> "Query":
    """Return the parameters of a query; programs send the same one again and again. Raises BadFields."""
    return _remembered(query_string) if len(query_string) <= REMEMBERED_BYTES_MAX else Query(query_string)


class Query:
    """Parameters by name. A name is asked for in snake case, and found in camel case and with ``[]`` too.

    Never changed, so that what a query asks for can be remembered with it.
    """

    def __init__(self, query_string: bytes) -> None:
        self.pairs: list[tuple[str, str]] = _pairs(query_string) if query_string else []
        self._values: dict[str, list[str]] = {}
        for name, value in self.pairs:
            self._values.setdefault(_snake(name), []).append(value)
        self._read: dict[Hashable, Any] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def once(self, read: Callable[..., T], *how: Hashable) -> T:
        """Return what a function makes of the parameters; it is asked but once. Raises what that raises."""
        key = (read, *how)
        if key not in self._read:
            self._read[key] = read(self, *how)
        found: T = self._read[key]
        return found

    def text(self, *names: str) -> str:
        """Return the last value of the first of some names that is there; the empty text when none is."""
        for name in names:
            if name in self._values:
                return self._values[name][-1]
        return ""

    def flag(self, name: str) -> bool:
        """Return whether a parameter says yes; whatever else it says is no."""
        return self.text(name).lower() in TRUE

    def items(self, name: str) -> list[str]:
        """Return the items of a list: parted by commas, from a parameter repeated, or both. Empty ones are none."""
        return [item for value in self._values.get(name, ()) for item in value.split(",") if item]

    def required_text(self, name: str) -> str:
        """Return a parameter that has to be there; raise BadFields when it is not."""
        if text := self.text(name):
            return text
        raise BadFields({name: [REQUIRED]})

    def required_items(self, name: str) -> list[str]:
        """Return a list that has to have items; raise BadFields when it has none."""
        if items := self.items(name):
            return items
        raise BadFields({name: [REQUIRED]})

    def again(self, names: Collection[str]) -> list[tuple[str, str]]:
        """Return the parameters of some names as they were sent, for an address that is to say the same."""
        return [(name, value) for name, value in self.pairs if _snake(name) in names]

    def number(self, name: str, default: int, *, least: int = 0, most: int) -> int:
        """Return a whole number; what is more than ``most`` is taken for ``most``.

        Raises BadFields for what is no whole number, or less than ``least``.
        """
        text = self.text(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit()):
            raise BadFields({name: [f"must be a whole number from {least}"]})
        value = int(text) if len(text) <= DIGITS_MAX else most
        if value < least:
            raise BadFields({name: [f"must be a whole number from {least}"]})
        return min(value, most)


@lru_cache(REMEMBERED)
def _remembered(query_string: bytes) -> Query:
    return Query(query_string)


def _pairs(query_string: bytes) -> list[tuple[str, str]]:
    if not _SPELT.search(query_string):
        pairs = [piece.partition("=") for piece in query_string.decode("ascii").split("&") if piece]
        if len(pairs) <= PARAMETERS_MAX:
            return [(name, value) for name, _, value in pairs]
    try:
        return parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=PARAMETERS_MAX,
        )
    except ValueError:
        raise BadFields({"query": ["cannot be read"]}) from None


@lru_cache(maxsize=1_024)
def _snake(name: str) -> str:
    """Spell a name in snake case: ``withOwnReactions``, ``ids[]``; an id in capitals stays one word."""
    return _HUMP.sub("_", name.removesuffix("[]")).lower()
