"""Aspects: standard blocks of extra data in messages, and what follows from them (Events §7).

``table`` lists them all. One file has one family of them; ``reading`` reads those of a message, ``merging`` puts them
together with what an entity has.
"""

from vocab.dialects.events.aspects.experience import DAYS_MAX as EFFECT_DAYS_MAX
from vocab.dialects.events.aspects.experience import Effect, effect_on, score
from vocab.dialects.events.aspects.found import Found, Line
from vocab.dialects.events.aspects.inventory import adjusted
from vocab.dialects.events.aspects.merging import merge
from vocab.dialects.events.aspects.money import Money
from vocab.dialects.events.aspects.parts import parts, shared
from vocab.dialects.events.aspects.points import points
from vocab.dialects.events.aspects.reading import read

__all__ = [
    "EFFECT_DAYS_MAX",
    "Effect",
    "Found",
    "Line",
    "Money",
    "adjusted",
    "effect_on",
    "merge",
    "parts",
    "points",
    "read",
    "score",
    "shared",
]
