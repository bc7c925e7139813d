"""Ids of activities (§3.2): UUIDs of version 1 whose time is the activity's, so that ids sort by time.

With a foreign id, the id follows from the time and the foreign id, and clients work it out for themselves; the
recipe is Stream's. Without one, the whole content takes its place if the client gave a time.
"""

import re
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from vocab import canonical, instants
from vocab.dialects.getstream.murmur import murmur3

TICKS_PER_MICROSECOND: Final = 10
UNIX_EPOCH_TICKS: Final = 122_192_928_000_000_000
"""From 1582-10-15, when UUIDs begin to count, to 1970."""
EARLIEST: Final = datetime(1582, 10, 15, tzinfo=UTC)
LATEST: Final = instants.moment(((1 << 60) - 1 - UNIX_EPOCH_TICKS) // TICKS_PER_MICROSECOND)
"""The last time that has an id, in the year 5236."""

_CLOCK_SEQUENCE: Final = 0x80
_MULTICAST: Final = 1 << 47
"""The bit that keeps a made-up node from being the address of a network card (RFC 4122 §4.5, as Stream sets it)."""
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_VERSION_1: Final = 1
_LOW: Final = (1 << 64) - 1
_HALF: Final = 1 << 63


def of_foreign_id(time: datetime, foreign_id: str) -> UUID:
    """Return the id of an activity with a foreign id; ``time`` between EARLIEST and LATEST."""
    return _made(time, _node(foreign_id.encode()))


def of_content(time: datetime, content: dict[str, Any]) -> UUID:
    """Return the id of an activity without a foreign id, at a time that the client gave.

    ``content`` is what makes it this activity: neither its id, its time, its targets nor its origin.
    """
    return _made(time, _node(canonical.jcs(content)))


def unique(time: datetime, node: int) -> UUID:
    """Return the id of an activity at the server's time; ``node`` sets it apart from others, by its low 47 bits."""
    return _made(time, (node | _MULTICAST) & ((1 << 48) - 1))


def time_of(id: UUID) -> datetime:
    """Return the time that an id of version 1 has in it, to the microsecond."""
    return instants.moment(instant(id.time))


def instant(ticks: int) -> int:
    """Return the time in an id, which is in ticks, as microseconds since 1970."""
    return (ticks - UNIX_EPOCH_TICKS) // TICKS_PER_MICROSECOND


def order(id: UUID) -> bytes:
    """Return bytes that compare as ids do: by time, then by the low eight bytes (their text does not)."""
    return id.time.to_bytes(8, "big") + id.bytes[8:]


def key(id: UUID) -> tuple[int, int]:
    """Return an id as two numbers of 64 bits, signed, that compare as ids do: its time in ticks and the low bytes."""
    return id.time, (id.int & _LOW) - _HALF


def of_key(position: int, tie: int) -> UUID:
    """Return the id of version 1 that two numbers are."""
    high = position >> 48 | _VERSION_1 << 12
    top = (position & 0xFFFFFFFF) << 32 | (position >> 32 & 0xFFFF) << 16 | high
    return UUID(int=top << 64 | tie + _HALF)


def parse(text: str) -> UUID | None:
    """Read a UUID of any version in its usual spelling; None when it is none."""
    return UUID(text) if _UUID.fullmatch(text) else None


def is_timed(id: UUID) -> bool:
    """Tell whether an id has a time in it that can be compared: whether it says so, whatever its low bytes are.

    Those of an id that is made up to page from an instant may be all zeros, which no UUID of RFC 4122 has.
    """
    return id.int >> 76 & 0xF == _VERSION_1


def _node(identity: bytes) -> int:
    """Turn the hash, read as a signed number, into the 48 bits of a node."""
    hashed = murmur3(identity)
    signed = hashed - (1 << 32) if hashed >> 31 else hashed
    return (signed + (1 << 32) if signed > 0 else -signed) | _MULTICAST


def _made(time: datetime, node: int) -> UUID:
    ticks = instants.microseconds(time) * TICKS_PER_MICROSECOND + UNIX_EPOCH_TICKS
    high = ticks >> 48 | _VERSION_1 << 12
    return UUID(
        fields=(ticks & 0xFFFFFFFF, ticks >> 32 & 0xFFFF, high, _CLOCK_SEQUENCE, _CLOCK_SEQUENCE, node)
    )
