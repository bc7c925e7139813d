"""All aspects: how each is read, on what it may be, and how one that is stored takes a newer one (Events §7.1).

An aspect that is missing here is kept as it was sent, and nothing follows from it.
"""

from dataclasses import dataclass
from typing import Final, Literal

from vocab.dialects.events.aspects.classification import classification, tags
from vocab.dialects.events.aspects.dimensions import dimensions, metrics
from vocab.dialects.events.aspects.kinds import Kind
from vocab.dialects.events.aspects.presentation import presentation

Merging = Literal["replace", "merge"]


@dataclass(frozen=True, slots=True)
class Aspect:
    """How an aspect is read; ``on`` has the letters of what it may be on: Event, eNtity, line Item, Comment."""

    read: Kind
    on: str
    merging: Merging = "replace"


LETTERS: Final = {"event": "E", "entity": "N", "item": "I", "comment": "C"}

TABLE: Final = {
    "presentation": Aspect(presentation, "ENI", "merge"),
    "classification": Aspect(classification, "ENC", "merge"),
    "tags": Aspect(tags, "ENC"),
    "dimensions": Aspect(dimensions, "ENI", "merge"),
    "metrics": Aspect(metrics, "ENI", "merge"),
}

ALIASES: Final[dict[str, str]] = {}
"""Other names of aspects, compared without underscores and in lower case."""
