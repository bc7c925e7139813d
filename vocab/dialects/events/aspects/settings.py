"""What was set: the aspect ``settings`` (Events §7.18)."""

from typing import Any, Final

from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import free
from vocab.dialects.events.problems import INVALID

SETTINGS_MAX: Final = 500
NAME_CHARS_MAX: Final = 255


def settings(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read a change set: names and values as they were sent."""
    found = free(value, host, field)
    if found is None:
        return None
    if len(found) > SETTINGS_MAX:
        host.problems.error(INVALID, field, f"must have at most {SETTINGS_MAX} members")
        return None
    if any(len(name) > NAME_CHARS_MAX for name in found):
        host.problems.error(INVALID, field, f"a setting's name has at most {NAME_CHARS_MAX} characters")
        return None
    return {name: member for name, member in found.items() if member is not None and member not in ({}, [])}
