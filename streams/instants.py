"""Instants: microseconds since 1970 inside, RFC 3339 text in documents (AP-016)."""

from datetime import UTC, datetime, timedelta

from vocab import Object, instants
from vocab.terms import INSTANTS

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US


def written(instant_us: int) -> str:
    """Return an instant as our documents write it: UTC, whole seconds, ``Z``."""
    return instants.spell(instant_us - instant_us % SECOND_US)


def read(thing: Object, term: str) -> int | None:
    """Return a date of a document in microseconds since 1970, or None."""
    value = thing.instant(term)
    return None if value is None else instants.microseconds(value)


def moment(instant_us: int) -> datetime:
    """Return an instant as an aware date-time."""
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=instant_us)


def in_utc(thing: Object) -> Object:
    """Return a document with its own dates written in UTC, whatever offset they came with (AP-016)."""
    dates = {
        term: instants.spell(instants.microseconds(moment))
        for term in INSTANTS & thing.data.keys()
        if (moment := thing.instant(term)) is not None
    }
    return thing.with_(**dates) if dates else thing
