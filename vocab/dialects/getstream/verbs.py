"""Verbs and types of activities: ``like`` is Like; what Activity Streams has no type for is an Activity."""

from typing import Final

from vocab.terms import ACTIVITY_TYPES, SUPERTYPES, supertypes

UNTYPED: Final = "Activity"

_TYPES: Final = {
    type.lower(): type for type in ACTIVITY_TYPES if "IntransitiveActivity" not in (type, *supertypes(type))
}
"""Types by verb. An intransitive activity has no object, and every activity of a feed has one."""


def type_of(verb: str) -> str:
    """Return the type of activity that a verb stands for, whatever its case."""
    return _TYPES.get(verb.lower(), UNTYPED)


def verb_of(types: tuple[str, ...]) -> str:
    """Return the verb for an activity that was not made with one: its first known type, in lower case."""
    known = (type for type in types if type in SUPERTYPES)
    return next(known, next(iter(types), UNTYPED)).lower()
