"""A filter that was understood."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from storage.filtering import Node
from streams.filters import grammar
from streams.filters.holding import holds

REMEMBERED: Final = 256


@dataclass(frozen=True, slots=True)
class Filter:
    """What a filter says. Made once, when it is configured or asked for."""

    source: str
    tree: Node

    def matches(self, subject: Mapping[str, Any]) -> bool:
        """Tell whether a message, as it is answered, is one of those that are meant."""
        return holds(self.tree, subject)


@lru_cache(REMEMBERED)
def parse(source: str) -> Filter:
    """Read a filter. Raises InvalidFilter, which says where it fails."""
    return Filter(source, grammar.parse(source))
