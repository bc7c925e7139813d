"""Privileges and keys as they are answered (Events §17.2)."""

import json
from collections.abc import Sequence
from typing import Any

from storage import Transaction, eventusers
from storage.eventskeys import EventsKey
from storage.privileges import Privilege
from vocab.dialects.events.provisioning import keys, privileges, users


def privilege(held: Privilege) -> dict[str, Any]:
    """Spell a privilege, as it stands in the record of its user."""
    return privileges.spell(held.role, held.active_from, held.active_until)


async def with_users(tx: Transaction, tenant: int, several: Sequence[Privilege]) -> list[dict[str, Any]]:
    """Spell privileges, each with who has it. One statement."""
    known = await eventusers.several(tx, tenant, [held.username for held in several])
    about = {name: json.loads(user.about) for name, user in known.items()}
    return [
        privilege(held) | {"user": users.brief(held.username, about.get(held.username, {}))}
        for held in several
    ]


def key(held: EventsKey, token: str | None = None) -> dict[str, Any]:
    """Spell a key; its text is told once, to whoever made it, and later the mask in its place."""
    return keys.spell(
        token or held.mask, type=held.type, username=held.username, label=held.label, created=held.created,
        active_from=held.active_from, active_until=held.active_until,
    )  # fmt: skip
