"""Users of a tenant at the Events API (Events §17.2). Passwords come here already hashed, with their parameters."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from storage.connection import Transaction
from storage.sql import each, listed


@dataclass(frozen=True, slots=True)
class EventUser:
    """A user as stored: ``about`` is a JSON object as text, instants are microseconds."""

    tenant: int
    username: str
    password: str = field(repr=False)
    about: str
    created: int
    updated: int


_COLUMNS = "tenant, username, password, about, created, updated"


async def add(tx: Transaction, tenant: int, username: str, *, password: str, about: str, now: int) -> None:
    """Make a user. Raises Conflict when there is one of that name."""
    await tx.run(
        f"INSERT INTO event_users ({_COLUMNS}) VALUES (:tenant, :username, :password, :about, :now, :now)",  # noqa: S608
        tenant=tenant, username=username, password=password, about=about, now=now,
    )  # fmt: skip


async def change(
    tx: Transaction, tenant: int, username: str, *, password: str | None, about: str, now: int
) -> None:
    """Let a user be described otherwise; without a password they keep the one they have."""
    await tx.run(
        "UPDATE event_users SET password = coalesce(:password, password), about = :about, updated = :now"
        " WHERE tenant = :tenant AND username = :username",
        tenant=tenant, username=username, password=password, about=about, now=now,
    )  # fmt: skip


async def find(tx: Transaction, tenant: int, username: str) -> EventUser | None:
    """Find a user. One statement."""
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM event_users WHERE tenant = :tenant AND username = :username",  # noqa: S608
        tenant=tenant,
        username=username,
    )
    return None if row is None else _user(row)


async def several(tx: Transaction, tenant: int, usernames: Iterable[str]) -> dict[str, EventUser]:
    """Find users of a tenant by their names. One statement."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM event_users WHERE tenant = :tenant"  # noqa: S608
        f" AND username IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'names')})",
        tenant=tenant, names=listed((name,) for name in usernames),
    )  # fmt: skip
    return {user.username: user for user in map(_user, rows)}


async def search(
    tx: Transaction,
    words: str,
    *,
    tenant: int | None,
    only: Iterable[str] | None = None,
    descending: bool = False,
    offset: int,
    limit: int,
) -> tuple[list[EventUser], int]:
    """List users by their names, and how many there are: in a tenant or in all, of whom one may know ``only`` some.

    ``words`` stand somewhere in their names or in what is said of them.
    """
    where, given = "1 = 1", dict[str, Any]()
    if tenant is not None:
        where, given = "tenant = :tenant", {"tenant": tenant}
    if words:
        where += " AND (lower(username) LIKE :words ESCAPE '!' OR lower(about) LIKE :words ESCAPE '!')"
        given["words"] = _anywhere(words)
    if only is not None:
        where += f" AND username IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'only')})"  # noqa: S608
        given["only"] = listed((name,) for name in only)
    order = "DESC" if descending else "ASC"
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM event_users WHERE {where}"  # noqa: S608
        f" ORDER BY username {order}, tenant LIMIT :limit OFFSET :offset",
        limit=limit, offset=offset, **given,
    )  # fmt: skip
    total = await tx.one(f"SELECT count(*) FROM event_users WHERE {where}", **given)  # noqa: S608
    return [_user(row) for row in rows], 0 if total is None else int(total[0] or 0)


def _anywhere(words: str) -> str:
    """Return a pattern of LIKE that finds words anywhere in a text."""
    quoted = re.sub(r"[!%_]", r"!\g<0>", words.lower())
    return f"%{quoted}%"


def _user(row: Any) -> EventUser:
    return EventUser(*row)
