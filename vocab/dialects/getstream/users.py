"""Users (§7.1)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from vocab.dialects.getstream import sizes, times
from vocab.dialects.getstream.fields import Fields, each
from vocab.jsontext import Json

USERS_MAX: Final = 1_000
"""So many users are taken in one call."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to be, as a client describes it."""

    id: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who acts and reacts, and is shown in the place of references."""

    id: str
    created_at: datetime
    updated_at: datetime
    data: dict[str, Any] = field(default_factory=dict)


def spelled(user: User) -> dict[str, Any]:
    """Write a user as it is answered."""
    times_told = {"created_at": times.zoned(user.created_at), "updated_at": times.zoned(user.updated_at)}
    return {"id": user.id, "data": user.data, **times_told}


def posted(body: Json) -> NewUser:
    """Read a new user; raises BadFields, and TooLarge for data of more than 10 KB."""
    fields = Fields(body)
    made = NewUser(fields.name("id", required=True), fields.data())
    fields.settle()
    sizes.check({"data": made.data})
    return made


def several(body: Json) -> tuple[list[NewUser], bool]:
    """Read a batch of users, and whether they take the place of those there are. Raises as ``posted`` does."""
    fields = Fields(body)
    items = fields.items("users", most=USERS_MAX, required=True)
    override = fields.flag("override")
    fields.settle()
    return each(items, posted), override


def replaced(body: Json) -> dict[str, Any]:
    """Read what takes the place of a user's data; raises as ``posted`` does."""
    fields = Fields(body)
    data = fields.data()
    fields.settle()
    sizes.check({"data": data})
    return data
