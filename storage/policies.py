"""The operator's word on other hosts. A word on ``example.org`` covers what is below it, one on ``*`` every host.

Suspending ``*`` and allowing some hosts is the allow-list mode (AP-640).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from storage.connection import Transaction
from storage.sql import each, listed

SUSPEND, SILENCE, ALLOW = "suspend", "silence", "allow"
EVERYONE = "*"
"""The name that stands for every host on which nothing else was said."""
NAMED = "SELECT each.value ->> 0 FROM {}"


@dataclass(frozen=True, slots=True)
class Policy:
    """How one host is treated.

    ``suspend``: nothing in, nothing out. ``silence``: not shown to strangers, its follows wait for an
    answer. ``allow``: welcome, whatever was said of the names above it. ``configured`` tells what the
    configuration says from what the operator said.
    """

    host: str
    severity: str
    reason: str
    created: int
    configured: bool = False


async def put(tx: Transaction, host: str, severity: str, *, reason: str = "", now: int) -> None:
    """Say how a host is to be treated."""
    await put_many(tx, [Policy(host, severity, reason, now)])


async def put_many(tx: Transaction, said: Sequence[Policy]) -> None:
    """Say how some hosts are to be treated, each once."""
    await tx.many(
        "INSERT INTO domain_policies (host, severity, reason, created, configured)"
        " VALUES (:host, :severity, :reason, :created, :configured)"
        " ON CONFLICT (host) DO UPDATE SET severity = excluded.severity, reason = excluded.reason,"
        " configured = excluded.configured",
        [
            {
                "host": one.host, "severity": one.severity, "reason": one.reason, "created": one.created,
                "configured": int(one.configured),
            }
            for one in said
        ],
    )  # fmt: skip


async def remove(tx: Transaction, host: str) -> bool:
    """Treat a host like any other again; False when it was."""
    return await tx.run("DELETE FROM domain_policies WHERE host = :host", host=host) > 0


async def configure(tx: Transaction, allowed: Iterable[str], *, now: int) -> None:
    """Make the configuration's list of hosts, if it has one, the only ones that are welcome.

    What the operator said of a host stays; what an earlier configuration said and this one does not, goes.
    """
    hosts = list(dict.fromkeys(allowed))
    wanted = dict.fromkeys(hosts, ALLOW) | ({EVERYONE: SUSPEND} if hosts else {})
    said = {one.host: one for one in await every(tx)}
    for host in [one.host for one in said.values() if one.configured and one.host not in wanted]:
        await remove(tx, host)
    await put_many(
        tx,
        [Policy(host, word, "configuration", now, True) for host, word in wanted.items() if host not in said],
    )


async def severity(tx: Transaction, host: str) -> str | None:
    """Return how a host is to be treated: by its own name, by the nearest name above it, or like everyone."""
    return (await severities(tx, [host]))[host]


async def severities(tx: Transaction, hosts: Collection[str]) -> dict[str, str | None]:
    """Return the same for some hosts. One statement."""
    rows: Any = await tx.all(
        f"SELECT host, severity FROM domain_policies WHERE host IN ({NAMED.format(each(tx.engine, 'names'))})",  # noqa: S608
        names=covering(hosts),
    )
    said = dict(rows)
    return {host: nearest(host, said) for host in hosts}


def covering(hosts: Iterable[str]) -> str:
    """Return the names under which something may be said of hosts, as ``NAMED`` reads them."""
    return _covering(tuple(hosts))


@lru_cache(maxsize=4_096)
def _covering(hosts: tuple[str, ...]) -> str:
    return listed((name,) for name in {name for host in hosts for name in _names(host)})


def nearest(host: str, said: Mapping[str, str]) -> str | None:
    """Return what holds for a host of what was said of the names above it."""
    return next((said[name] for name in _names(host) if name in said), None) if said else None


def _names(host: str) -> list[str]:
    labels = host.split(".")
    return [*(".".join(labels[n:]) for n in range(max(1, len(labels) - 1))), EVERYONE]


async def every(tx: Transaction) -> list[Policy]:
    """List what was said, by host."""
    rows: Any = await tx.all(
        "SELECT host, severity, reason, created, configured FROM domain_policies ORDER BY host"
    )
    return [Policy(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows]
