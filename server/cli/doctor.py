"""``headwater doctor``: look at what commonly goes wrong, here and as seen from outside."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from federation import Client
from federation.errors import OutboundError
from server.cli.run import Command, Failure, Run, now, pass_run
from server.config import Config
from storage import Store, jobs, meta, migrate

PATHS = ("/health", "/ready", "/.well-known/nodeinfo", "/.well-known/host-meta", "/actor")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    check: str
    ok: bool
    detail: str


@click.command(cls=Command)
@click.argument("url", required=False)
@pass_run
def doctor(run: Run, url: str | None) -> None:
    """Check the configuration and the database and, with URL, the server that answers there."""
    findings = [
        Finding(
            "configuration",
            True,
            f"{run.config.server.base_url}{' (test mode)' if run.config.test_mode else ''}",
        ),
        *run.with_store(_store),
        _disk(run.config),
        *(asyncio.run(_outside(run.config, url.rstrip("/"))) if url else ()),
    ]
    text = "\n".join(f"{'ok  ' if one.ok else 'FAIL'} {one.check}: {one.detail}" for one in findings)
    run.show({"ok": all(one.ok for one in findings), "findings": [asdict(one) for one in findings]}, text)
    bad = [one.check for one in findings if not one.ok]
    if bad:
        raise Failure(f"not well: {', '.join(bad)}")


async def _store(store: Store) -> list[Finding]:
    """Open, write, and look at the queues."""
    await store.write(meta.put, "doctor", str(now()))
    number = await store.read(migrate.version)
    counts = await store.read(jobs.counts)
    paused = await store.read(jobs.paused, "deliver")
    dead = sum(queue.dead for queue in counts.values())
    return [
        Finding("database", True, f"{store.engine}, version {number}, can be written to"),
        Finding("deliveries", not paused, "paused; see: deliveries resume" if paused else "moving"),
        Finding("dead letters", True, f"{dead}; see: deliveries list --dead" if dead else "none"),
    ]


def _disk(config: Config) -> Finding:
    _, _, path = config.storage.url.partition("sqlite:///")
    free = shutil.disk_usage(Path(path).absolute().parent).free
    return Finding("disk", free >= config.storage.disk_free_bytes_min, f"{free // 2**20} MiB free")


async def _outside(config: Config, url: str) -> list[Finding]:
    policy = replace(config.outbound(), own_origins=frozenset())  # here, and only here, we may call ourselves
    async with Client(policy) as client:
        return [finding async for finding in _answers(client, url)]


async def _answers(client: Client, url: str) -> AsyncIterator[Finding]:
    for path in PATHS:
        try:
            response = await client.get(url + path, headers={})
        except OutboundError as error:
            yield Finding(url + path, False, error.reason)
        else:
            yield Finding(url + path, response.status == 200, f"answers {response.status}")
