"""What was set, and for whom: the aspect ``settings`` (Events §7.18)."""

from typing import Any, Final

from vocab.dialects.events.aspects import tracking
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import free
from vocab.dialects.events.problems import INVALID

SETTINGS_MAX: Final = 500
TRACK_FOR: Final = "track_for"


def settings(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read a change set: names and values as they were sent.

    On an event it is applied to the entities of ``track_for`` if there is one, else to those the event AFFECTS, else
    to its ACTOR.
    """
    found = free(value, host, field)
    if found is None:
        return None
    if len(found) > SETTINGS_MAX:
        host.problems.error(INVALID, field, f"must have at most {SETTINGS_MAX} members")
        return None
    found = {name: member for name, member in found.items() if member is not None and member not in ({}, [])}
    named = found.get(TRACK_FOR)
    refs = tracking.with_role(host, named.strip().upper()) if isinstance(named, str) else []
    refs = refs or tracking.with_role(host, "AFFECTS") or tracking.with_role(host, "ACTOR")
    tracking.give("settings", found, refs, host)
    return found
