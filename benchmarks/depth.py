"""Pages of streams of any length."""

import asyncio
import json
import time

from benchmarks import sites
from benchmarks.bench import PUBLIC, TEXT, Bench, Row
from storage import Transaction, actors, entries, ids, objects, open_store
from storage.objects import Kind
from streams import relations


async def _fill(url: str, base_url: str, count: int) -> None:
    """Put many public entries into an outbox."""

    async def write(tx: Transaction, first: int, size: int) -> None:
        actor = await actors.by_handle(tx, "ada")
        assert actor is not None
        outbox = await relations.outbox(tx, actor)
        for number in range(first, first + size):
            iri = f"{base_url}/activities/{number}"
            document = json.dumps(
                {"id": iri, "type": "Create", "actor": actor.iri, "content": TEXT, "to": PUBLIC}
            )
            item = await objects.put(
                tx,
                iri,
                Kind.ACTIVITY,
                "Create",
                document,
                None,
                local=True,
                owner=actor.id,
                public=True,
                published=1,
            )
            assert item is not None
            await tx.run(
                "INSERT INTO entries (stream, position, item, public) VALUES (:stream, :position, :item, 1)",
                stream=outbox, position=ids.next_id(), item=item,
            )  # fmt: skip
        await tx.run(
            "UPDATE streams SET total = total + :size, public_total = public_total + :size WHERE id = :id",
            size=size, id=outbox,
        )  # fmt: skip

    async with open_store(url, base_url=base_url) as store:
        for first in range(0, count, 20_000):
            await store.write(write, first, min(20_000, count - first))


async def _depth(url: str, base_url: str) -> tuple[float, float]:
    """Return the seconds a page takes at the top and in the middle of a long stream."""

    async def page(tx: Transaction, stream: int, before: int) -> int:
        return len(await entries.page(tx, stream, viewer=None, whole=False, before=before))

    async def middle(tx: Transaction) -> tuple[int, int]:
        actor = await actors.by_handle(tx, "ada")
        assert actor is not None
        outbox = await relations.outbox(tx, actor)
        rows = await tx.all(
            "SELECT min(position), max(position) FROM entries WHERE stream = :stream", stream=outbox
        )
        low, high = rows[0]
        assert isinstance(low, int)
        assert isinstance(high, int)
        return outbox, (low + high) // 2

    async with open_store(url, base_url=base_url) as store:
        stream, half = await store.write(middle)
        times = {}
        for before in (entries.NEWEST, half) * 6:
            begun = time.perf_counter()
            for _ in range(300):
                assert await store.read(page, stream, before) == 20
            times.setdefault(before, []).append((time.perf_counter() - begun) / 300)
        return min(times[entries.NEWEST]), min(times[half])


def depth(bench: Bench) -> None:
    """Row 13: a page costs the same in a short stream, in a long one, and at any depth."""
    found = []
    for count in (10_000, int(1_000_000 * bench.scale)):
        port = sites.free_port()
        environment = sites.settings(bench.directory, port)
        with sites.ours(bench.directory, environment):
            sites.command(bench.directory, environment, "actor", "add", "ada")
        url, base_url = environment["HEADWATER_STORAGE_URL"], environment["HEADWATER_SERVER_BASE_URL"]
        asyncio.run(_fill(url, base_url, count))
        found.append((count, *asyncio.run(_depth(url, base_url))))
    (short, top, _), (long, long_top, long_middle) = found
    worst = max(long_top, long_middle)
    bench.rows.append(
        Row(f"13 page among {long:,}", f"{worst * 1e6:.0f} µs", f"among {short:,}: {top * 1e6:.0f} µs", worst / top,
            2.0, 1.2, True)
    )  # fmt: skip
