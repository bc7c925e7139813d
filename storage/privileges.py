"""What users of a tenant may do at the Events API (Events §17.2): each has one role, for a time."""

from typing import Any, NamedTuple

from storage.connection import Transaction

_COLUMNS = "username, role, active_from, active_until"


class Privilege(NamedTuple):
    """A user's role; instants are microseconds."""

    username: str
    role: str
    active_from: int
    active_until: int | None

    def holds(self, now: int) -> bool:
        """Tell whether an instant lies within its time."""
        return self.active_from <= now and (self.active_until is None or self.active_until > now)


async def grant(
    tx: Transaction,
    tenant: int,
    username: str,
    role: str,
    *,
    active_from: int | None = None,
    active_until: int | None = None,
    now: int,
) -> None:
    """Give a user of a tenant a role, in the place of the one they had; from now on unless it is said otherwise."""
    await tx.run(
        "INSERT INTO privileges (tenant, username, role, active_from, active_until)"
        " VALUES (:tenant, :username, :role, :active_from, :active_until)"
        " ON CONFLICT (tenant, username) DO UPDATE"
        " SET role = excluded.role, active_from = excluded.active_from, active_until = excluded.active_until",
        tenant=tenant, username=username, role=role,
        active_from=now if active_from is None else active_from, active_until=active_until,
    )  # fmt: skip


async def revoke(tx: Transaction, tenant: int, username: str) -> bool:
    """Take a user's role away; False when they had none."""
    return (
        await tx.run(
            "DELETE FROM privileges WHERE tenant = :tenant AND username = :username",
            tenant=tenant,
            username=username,
        )
        > 0
    )


async def find(tx: Transaction, tenant: int, username: str) -> Privilege | None:
    """Return the role that a user was given, whether its time is now or not. One statement."""
    row: Any = await tx.one(
        f"SELECT {_COLUMNS} FROM privileges WHERE tenant = :tenant AND username = :username",  # noqa: S608
        tenant=tenant,
        username=username,
    )
    return None if row is None else Privilege(*row)


async def role_of(tx: Transaction, tenant: int, username: str, *, now: int) -> str | None:
    """Return the role that a user has now. One statement."""
    found = await find(tx, tenant, username)
    return found.role if found is not None and found.holds(now) else None


async def listed(tx: Transaction, tenant: int) -> list[Privilege]:
    """List the roles of a tenant's users by their names. One statement."""
    rows: Any = await tx.all(
        f"SELECT {_COLUMNS} FROM privileges WHERE tenant = :tenant ORDER BY username",  # noqa: S608
        tenant=tenant,
    )
    return [Privilege(*row) for row in rows]
