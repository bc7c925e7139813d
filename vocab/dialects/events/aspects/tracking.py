"""What an event says of the entities of one role: where they are, through what they connect (Events §7.10, §7.12)."""

from collections.abc import Mapping
from typing import Any, Final

from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.messages import Entity, Role
from vocab.dialects.events.references import Ref

SESSIONS: Final = ("session", "cookie")


def track(aspect: str, value: Mapping[str, Any], host: Host) -> None:
    """Give an aspect to the entities of its ``track_for``, when it names a role, as of when the event occurred."""
    if value.get("track_for"):
        give(aspect, value, with_role(host, value["track_for"]), host)


def give(aspect: str, value: Mapping[str, Any], refs: list[Ref], host: Host) -> None:
    """Note that entities have an aspect from when the event occurred."""
    if host.on != "event":
        return
    given = {name: member for name, member in value.items() if name != "track_for"}
    host.entities += [Entity(ref, aspects={aspect: given}, occurred=host.occurred) for ref in refs]


def with_role(host: Host, named: str) -> list[Ref]:
    """Return the entities that have a role, or one under it."""
    return [
        role.target
        for role in host.written
        if isinstance(role.target, Ref) and (named in role.path.split(":") or role.path == named)
    ]


def sessions(host: Host) -> list[Ref]:
    """Return the actors that are sessions (Events §7.12)."""
    return [ref for ref in with_role(host, "ACTOR") if ref.leaf.lower().endswith(SESSIONS)]


def has_role(role: Role, named: str) -> bool:
    """Whether a role is the one named or under it."""
    return named in role.path.split(":")
