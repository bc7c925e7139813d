"""What is to be known of whoever sends something before it is looked at any closer: one statement."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from storage import policies
from storage.actors import State
from storage.connection import Transaction
from storage.sql import each


@dataclass(frozen=True, slots=True)
class Standing:
    """How an actor stands here, None for one we do not know; and which of the hosts involved are suspended."""

    state: State | None
    suspended: tuple[str, ...]


async def standing(tx: Transaction, iri: str, hosts: Collection[str]) -> Standing:
    """Return the standing of an actor and of the hosts that what it sends involves (SEC-012)."""
    named = policies.NAMED.format(each(tx.engine, "names"))
    rows: Any = await tx.all(
        f"SELECT host, severity, NULL FROM domain_policies WHERE host IN ({named})"  # noqa: S608
        " UNION ALL SELECT NULL, NULL, a.state FROM actors a JOIN objects o ON o.id = a.id WHERE o.iri = :iri",
        iri=iri,
        names=policies.covering(hosts),
    )
    state = next((State(row[2]) for row in rows if row[0] is None), None)
    said = {row[0]: row[1] for row in rows if row[0] is not None}
    return Standing(state, tuple(host for host in hosts if policies.nearest(host, said) == policies.SUSPEND))
