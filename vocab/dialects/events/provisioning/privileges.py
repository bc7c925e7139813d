"""What a user may do in a tenant (Events §17.2)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from vocab.dialects.events.provisioning.members import Members, spelled
from vocab.jsontext import Json


@dataclass(frozen=True, slots=True)
class NewPrivilege:
    """A role to be given, for a time; instants are microseconds."""

    role: str
    active_from: int | None = None
    active_until: int | None = None


def posted(body: Json, *, roles: Collection[str]) -> NewPrivilege:
    """Read a privilege. Raises BadFields."""
    members = Members(body)
    role = members.word("role", roles, required=True)
    since, until = members.period()
    members.settle()
    return NewPrivilege(role, since, until)


def spell(role: str, active_from: int, active_until: int | None) -> dict[str, Any]:
    """Write a privilege as it is answered, without the user who has it."""
    return {
        "role": role,
        "activeFrom": spelled(active_from),
        "activeUntil": spelled(active_until),
    }
