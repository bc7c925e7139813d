"""What a tenant's moderators decided (Feeds §7.10)."""

from collections.abc import Sequence
from typing import NamedTuple

from storage.connection import Transaction


class Verdict(NamedTuple):
    """What a moderator says of something: of which ``type`` it is, its id, and what to do and was done about it."""

    type: str
    entity: str
    moderator: str
    status: str
    recommended: str
    latest: str


_COLUMNS = ", ".join(Verdict._fields)


async def put(tx: Transaction, tenant: int, verdicts: Sequence[Verdict], *, now: int) -> None:
    """Keep verdicts, each in the place of an earlier one."""
    await tx.many(
        f"INSERT INTO verdicts (tenant, {_COLUMNS}, updated)"  # noqa: S608
        " VALUES (:tenant, :type, :entity, :moderator, :status, :recommended, :latest, :now)"
        " ON CONFLICT (tenant, type, entity) DO UPDATE SET moderator = excluded.moderator,"
        " status = excluded.status, recommended = excluded.recommended, latest = excluded.latest,"
        " updated = excluded.updated",
        [{"tenant": tenant, "now": now, **verdict._asdict()} for verdict in sorted(verdicts)],
    )


async def find(tx: Transaction, tenant: int, type: str, entity: str) -> Verdict | None:
    """Return what was decided of something."""
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM verdicts WHERE tenant = :tenant AND type = :type AND entity = :entity",  # noqa: S608
        tenant=tenant, type=type, entity=entity,
    )  # fmt: skip
    return None if row is None else Verdict(*row)  # type: ignore[arg-type]


async def latest(tx: Transaction, tenant: int, *, limit: int) -> list[Verdict]:
    """Return what was decided last."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM verdicts WHERE tenant = :tenant ORDER BY updated DESC, type, entity LIMIT :limit",  # noqa: S608
        tenant=tenant, limit=limit,
    )  # fmt: skip
    return [Verdict(*row) for row in rows]  # type: ignore[arg-type]
