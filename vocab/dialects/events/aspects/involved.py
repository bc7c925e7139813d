"""Roles that an aspect says (Events §4.1): read like those of a message, with all that they say beside."""

from dataclasses import replace
from typing import Any

from vocab.dialects.events import roles
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.messages import Role


def read(value: Any, host: Host, field: str) -> roles.Involved:
    """Read roles; entities and links that they say belong to the message."""
    found = roles.read(value, known=host.known, problems=host.problems, field=field)
    host.entities += found.entities
    host.links += found.links
    return found


def relations(value: Any, host: Host, field: str) -> list[dict[str, Any]]:
    """Read roles that follow from the aspect, and return them as they are stored."""
    found = read(value, host, field)
    for role in found.roles:
        host.takes_part(derived(role))
    return list(found.body)


def derived(role: Role) -> Role:
    """Return a role as one that nobody wrote as a role of the message (Events §2.2)."""
    return replace(role, derived=True)
