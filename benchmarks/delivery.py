"""Delivering to other servers."""

import asyncio
import json
import statistics
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from benchmarks import sites
from benchmarks.bench import AS2, TEXT, Bench, Row, expect, read
from benchmarks.driver import drive
from storage import Transaction, actors, open_store
from streams import relations
from vocab import from_json


async def _followers(url: str, base_url: str, name: str, inboxes: list[tuple[str, str, str | None]]) -> None:
    """Give an actor remote followers, written straight into the database."""

    async def write(tx: Transaction) -> None:
        actor = await actors.by_handle(tx, name)
        assert actor is not None
        for id, inbox, shared in inboxes:
            document: dict[str, Any] = {"id": id, "type": "Person", "inbox": inbox, "outbox": f"{id}/outbox"}
            if shared:
                document["endpoints"] = {"sharedInbox": shared}
            fan = await actors.keep(tx, from_json(document), now=int(time.time() * 1e6))
            follow = await relations.ask(tx, fan, actor, actor.id, now=1)
            await relations.accept(tx, follow, fan, actor)

    async with open_store(url, base_url=base_url) as store:
        await store.write(write)


def one_core_signing(seconds: float = 1.0) -> float:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    done, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        key.sign(b"x" * 200, padding.PKCS1v15(), hashes.SHA256())
        done += 1
    return done / (time.perf_counter() - begun)


def delivery(bench: Bench) -> None:
    """Rows 7, 8, 11: fan-out of one post."""
    with sites.sink(bench.directory, bench.actor_document()) as peer:
        sender = f"http://127.0.0.1:{peer}/u/sender"

        def fan_out(base_url: str, token: str, wanted: int) -> tuple[float, float]:
            """Post once and return deliveries per second and milliseconds until the last one."""
            read(f"http://127.0.0.1:{peer}/reset")
            body = json.dumps(
                {"type": "Note", "content": TEXT, "to": f"{base_url}/users/ada/followers"}
            ).encode()
            asked = urllib.request.Request(
                f"{base_url}/users/ada/outbox",
                body,
                {"Content-Type": AS2, "Authorization": f"Bearer {token}"},
            )
            begun = time.monotonic()
            urllib.request.urlopen(asked, timeout=30).close()
            while True:
                count, _, last = read(f"http://127.0.0.1:{peer}/count").split()
                if int(count) >= wanted:
                    return wanted / (float(last) - begun), 1_000 * (float(last) - begun)
                if time.monotonic() - begun > 120:
                    raise RuntimeError(f"{count} of {wanted} arrived")
                time.sleep(0.05)

        for shared in (False, True):
            port = sites.free_port()
            environment = sites.settings(bench.directory, port)
            base_url, url = environment["HEADWATER_SERVER_BASE_URL"], environment["HEADWATER_STORAGE_URL"]
            with sites.ours(bench.directory, environment):
                ada = sites.command(bench.directory, environment, "actor", "add", "ada")
                token = sites.command(bench.directory, environment, "token", "issue", "ada")["access_token"]
                hosts = [f"http://127.0.1.{n + 1}:{peer}" for n in range(100)]
                fans = [
                    (f"{host}/u/{n}", f"{host}/u/{n}/inbox", f"{host}/inbox" if shared else None)
                    for host in hosts for n in range(10)
                ]  # fmt: skip
                asyncio.run(_followers(url, base_url, "ada", fans))
                wanted = len(hosts) if shared else len(fans)
                fan_out(base_url, token, wanted)
                runs = [(fan_out(base_url, token, wanted), one_core_signing()) for _ in range(bench.rounds)]
                if shared:
                    last = statistics.median(ms for (_, ms), _ in runs)
                    ratio = statistics.median(ms / (100_000 / signing) for (_, ms), signing in runs)
                    bench.rows.append(
                        Row(
                            "8 last of 100 shared inboxes",
                            f"{last:.0f} ms",
                            "100 signatures",
                            ratio,
                            3.0,
                            1.5,
                            True,
                        )
                    )
                    continue
                rate = statistics.median(rate for (rate, _), _ in runs)
                ratio = statistics.median(rate / signing for (rate, _), signing in runs)
                limit = f"RSA signing {statistics.median(s for _, s in runs):,.0f}/s"
                bench.rows.append(
                    Row("7 delivery, 1,000 on 100 hosts", f"{rate:,.0f}/s", limit, ratio, 0.55, 0.85)
                )
                print(bench.rows[-1], flush=True)
                _quiet_and_busy(
                    bench, port, base_url, sender, ada["id"], lambda: fan_out(base_url, token, wanted)
                )


def _quiet_and_busy(
    bench: Bench, port: int, base_url: str, sender: str, ada: str, post: Callable[[], tuple[float, float]]
) -> None:
    """Row 11: what a delivery to a thousand does to the slowest answers of the inbox."""
    make = lambda count: bench.signed(f"127.0.0.1:{port}", "/users/ada/inbox", sender, ada, count)  # noqa: E731
    expect(drive(port, make(50), at_once=4), 202)
    quiet = expect(drive(port, make(400), at_once=4), 202).quantile_ms(0.99)
    requests = make(400)
    posting = threading.Thread(target=post)
    posting.start()
    busy = expect(drive(port, requests, at_once=4), 202).quantile_ms(0.99)
    posting.join()
    bench.rows.append(
        Row(
            "11 inbox p99 during delivery",
            f"{busy:.1f} ms",
            f"quiet {quiet:.1f} ms",
            busy / quiet,
            3.0,
            1.5,
            True,
        )
    )
