"""Privileges and keys as they are answered (Events §17.2)."""

from typing import Any

from storage.eventskeys import EventsKey
from storage.privileges import Privilege
from vocab.dialects.events.provisioning import keys, privileges


def privilege(held: Privilege) -> dict[str, Any]:
    """Spell a privilege."""
    return privileges.spell(*held)


def key(held: EventsKey, token: str | None = None) -> dict[str, Any]:
    """Spell a key; its text is told once, to whoever made it, and later the mask in its place."""
    return keys.spell(
        token or held.mask, type=held.type, username=held.username, label=held.label, created=held.created,
        active_from=held.active_from, active_until=held.active_until,
    )  # fmt: skip
