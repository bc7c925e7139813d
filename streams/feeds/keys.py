"""Ids of activities as storage knows them: two numbers that sort as the ids do (Feeds §3.2)."""

from uuid import UUID

from storage.feedactivities import Key
from storage.placements import OLDEST
from vocab.dialects.getstream import ids


def key_of(id: UUID) -> Key:
    """Return the key of an id; that of no activity for one without a time in it."""
    return Key(*ids.key(id)) if ids.is_timed(id) else OLDEST


def id_of(key: Key) -> UUID:
    """Return the id that has a key."""
    return ids.of_key(key.position, key.tie)


def earliest_at(instant: int) -> Key:
    """Return the first key that an activity of an instant can have, in microseconds since 1970."""
    return Key(max(-1, instant * ids.TICKS_PER_MICROSECOND + ids.UNIX_EPOCH_TICKS), OLDEST.tie)
