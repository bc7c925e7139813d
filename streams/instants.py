"""Instants: microseconds since 1970 inside, RFC 3339 text in documents (AP-016)."""

from vocab import Object, instants

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US


def written(instant_us: int) -> str:
    """Return an instant as our documents write it: UTC, whole seconds, ``Z``."""
    return instants.spell(instant_us - instant_us % SECOND_US)


def read(thing: Object, term: str) -> int | None:
    """Return a date of a document in microseconds since 1970, or None."""
    value = thing.instant(term)
    return None if value is None else instants.microseconds(value)
