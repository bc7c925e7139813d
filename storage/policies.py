"""The operator's word on other hosts. A word on ``example.org`` covers what is below it."""

from dataclasses import dataclass
from typing import Any

from storage.connection import Transaction, Value


@dataclass(frozen=True, slots=True)
class Policy:
    """How one host is treated: ``suspend`` (nothing in, nothing out) or ``silence`` (not shown to strangers)."""

    host: str
    severity: str
    reason: str
    created: int


async def put(tx: Transaction, host: str, severity: str, *, reason: str = "", now: int) -> None:
    """Say how a host is to be treated."""
    await tx.run(
        "INSERT INTO domain_policies (host, severity, reason, created) VALUES (:host, :severity, :reason, :now)"
        " ON CONFLICT (host) DO UPDATE SET severity = excluded.severity, reason = excluded.reason",
        host=host,
        severity=severity,
        reason=reason,
        now=now,
    )


async def remove(tx: Transaction, host: str) -> bool:
    """Treat a host like any other again; False when it was."""
    return await tx.run("DELETE FROM domain_policies WHERE host = :host", host=host) > 0


async def severity(tx: Transaction, host: str) -> str | None:
    """Return how a host is to be treated: by its own name, or else by the nearest name above it."""
    labels = host.split(".")
    names: dict[str, Value] = {f"name{n}": ".".join(labels[n:]) for n in range(max(1, len(labels) - 1))}
    row = await tx.one(
        f"SELECT severity FROM domain_policies WHERE host IN ({', '.join(f':{name}' for name in names)})"  # noqa: S608
        " ORDER BY length(host) DESC LIMIT 1",
        **names,
    )
    return None if row is None else str(row[0])


async def every(tx: Transaction) -> list[Policy]:
    """List what was said, by host."""
    rows: Any = await tx.all("SELECT host, severity, reason, created FROM domain_policies ORDER BY host")
    return [Policy(*row) for row in rows]
