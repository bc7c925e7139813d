"""Groups of aggregated and notification feeds (§8.1…§8.3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from vocab.dialects.getstream import ids, times

SHOWN_MAX: Final = 15
"""So many of a group's activities are shown, the newest."""
UUID_CHARS: Final = 36

_TRUE: Final = frozenset({"true", "1", "t", "yes"})


@dataclass(frozen=True, slots=True)
class Group:
    """Activities that belong together; ``newest`` is the id of the newest of them.

    ``seen`` and ``read`` are None in feeds that do not keep them, ``score`` in those that are not ranked.
    """

    newest: UUID
    group: str
    verb: str
    activities: tuple[dict[str, Any], ...]
    activity_count: int
    actor_count: int
    created_at: datetime
    seen: bool | None = None
    read: bool | None = None
    score: float | None = None


def id_of(newest: UUID, group: str) -> str:
    """Return the id of a group, which is another one once a newer activity is in it."""
    return f"{newest}.{group}"


def spelled(group: Group) -> dict[str, Any]:
    """Write a group as it is answered; its activities are written already, newest first."""
    told = {
        "id": id_of(group.newest, group.group), "group": group.group, "verb": group.verb,
        "activities": list(group.activities[:SHOWN_MAX]), "activity_count": group.activity_count,
        "actor_count": group.actor_count, "created_at": times.naive(group.created_at),
        "updated_at": times.naive(ids.time_of(group.newest)),
    }  # fmt: skip
    kept = {"is_seen": group.seen, "is_read": group.read, "score": group.score}
    return told | {name: value for name, value in kept.items() if value is not None}


def parse(text: str) -> UUID | None:
    """Return the UUID in the id of a group, or that alone (§8.2); None when it is neither."""
    if text[UUID_CHARS : UUID_CHARS + 1] not in ("", "."):
        return None
    return ids.parse(text[:UUID_CHARS])


@dataclass(frozen=True, slots=True)
class Mark:
    """Which groups become seen or read: all, those on the page, or some by their UUIDs."""

    all: bool = False
    current: bool = False
    ids: frozenset[UUID] = frozenset()


def mark(values: list[str]) -> Mark:
    """Read ``mark_seen`` or ``mark_read``, split at its commas; what names no group is left out (§8.3)."""
    words = {value.strip().lower() for value in values}
    named = (parse(value.strip()) for value in values)
    return Mark(
        not _TRUE.isdisjoint(words), "current" in words, frozenset(id for id in named if id is not None)
    )
