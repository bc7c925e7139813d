"""Message defaults by their tokens (Events §18.2)."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from storage.connection import Transaction
from storage.sql import each, listed


class EventToken(NamedTuple):
    """Defaults as stored: a partial message and its variables, each a JSON object as text."""

    token: str
    defaults: str
    variables: str
    valid_until: int | None


_COLUMNS = "token, defaults, variables, valid_until"


async def put(tx: Transaction, tenant: int, token: EventToken, *, now: int) -> bool:
    """Keep defaults; False when the token has others already, in the place of which these are from now on."""
    had = await find(tx, tenant, token.token)
    await tx.run(
        "INSERT INTO event_tokens (tenant, token, defaults, variables, valid_until, created)"
        " VALUES (:tenant, :token, :defaults, :variables, :valid_until, :now) ON CONFLICT (tenant, token) DO UPDATE"
        " SET defaults = excluded.defaults, variables = excluded.variables, valid_until = excluded.valid_until",
        tenant=tenant, now=now, **token._asdict(),
    )  # fmt: skip
    return had is None


async def find(tx: Transaction, tenant: int, token: str) -> EventToken | None:
    """Find the defaults of a token, whether they are still valid or not. One statement."""
    row: Any = await tx.one(
        f"SELECT {_COLUMNS} FROM event_tokens WHERE tenant = :tenant AND token = :token",  # noqa: S608
        tenant=tenant,
        token=token,
    )
    return None if row is None else EventToken(*row)


async def valid(tx: Transaction, tenant: int, tokens: Iterable[str], *, now: int) -> dict[str, EventToken]:
    """Find the defaults of some tokens that are valid, by token. One statement."""
    rows: Any = await tx.all(
        f"SELECT {_COLUMNS} FROM event_tokens WHERE tenant = :tenant"  # noqa: S608
        f" AND token IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'tokens')})"
        " AND (valid_until IS NULL OR valid_until > :now)",
        tenant=tenant, tokens=listed((token,) for token in tokens), now=now,
    )  # fmt: skip
    return {row[0]: EventToken(*row) for row in rows}


async def remove(tx: Transaction, tenant: int, token: str) -> bool:
    """Forget the defaults of a token; False when there are none."""
    removed = await tx.run(
        "DELETE FROM event_tokens WHERE tenant = :tenant AND token = :token", tenant=tenant, token=token
    )
    return removed > 0
