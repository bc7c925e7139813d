"""Measure, each figure beside its limit or a peer in the same run, and print a table.

    python -m benchmarks.run [--quick] [--only NAME]

Rounds of what is compared take turns, and the ratio is the median of the ratios of neighbouring rounds:
on a machine that others share only ratios taken together mean anything.
"""

import argparse
import asyncio
import base64
import hashlib
import itertools
import json
import statistics
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from benchmarks import sites
from benchmarks.driver import Outcome, drive, request
from storage import Transaction, actors, entries, ids, objects, open_store
from storage.objects import Kind
from streams import relations
from vocab import from_json

AS2 = "application/activity+json"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
TEXT = "<p>" + "A note of an ordinary length, as people write them every day. " * 8 + "</p>"


@dataclass
class Row:
    name: str
    figure: str
    beside: str
    ratio: float
    floor: float
    goal: float
    less_is_better: bool = False

    def verdict(self) -> str:
        reached = (
            (lambda target: self.ratio <= target)
            if self.less_is_better
            else (lambda target: self.ratio >= target)
        )
        return "goal" if reached(self.goal) else "floor" if reached(self.floor) else "BELOW"


class Bench:
    """The servers of one run and what they are asked."""

    def __init__(self, directory: Path, quick: bool) -> None:
        self.directory, self.rounds, self.scale = directory, 3 if quick else 5, 0.25 if quick else 1.0
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.rows: list[Row] = []
        self.numbers = itertools.count(1)

    def count(self, full: int) -> int:
        return max(64, int(full * self.scale))

    def compare(
        self,
        name: str,
        us: Callable[[], Outcome],
        them: Callable[[], Outcome],
        beside: str,
        floor: float,
        goal: float,
    ) -> None:
        """Take rounds of us and them in turn and note the median ratio of answers per second."""
        mine, theirs = [], []
        us(), them()
        for _ in range(self.rounds):
            mine.append(us().per_second)
            theirs.append(them().per_second)
        ratio = statistics.median(a / b for a, b in zip(mine, theirs, strict=True))
        self.rows.append(
            Row(
                name,
                f"{statistics.median(mine):,.0f}/s",
                f"{beside} {statistics.median(theirs):,.0f}/s",
                ratio,
                floor,
                goal,
            )
        )
        print(self.rows[-1], flush=True)

    def actor_document(self) -> str:
        pem = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        id = "http://127.0.0.1:{port}/u/sender"
        return json.dumps(
            {
                "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
                "id": id, "type": "Person", "preferredUsername": "sender", "inbox": f"{id}/inbox",
                "outbox": f"{id}/outbox",
                "publicKey": {"id": f"{id}#main-key", "owner": id, "publicKeyPem": pem.decode()},
            }
        )  # fmt: skip

    def signed(self, host: str, target: str, sender: str, to: str, count: int) -> list[bytes]:
        """Return signed Creates of 1.7 KB, each another one."""
        made = []
        for number in itertools.islice(self.numbers, count):
            note = {
                "id": f"{sender}/n/{number}", "type": "Note", "attributedTo": sender, "to": [PUBLIC], "cc": [to],
                "content": TEXT, "published": "2026-01-01T00:00:00Z", "url": f"{sender}/n/{number}",
                "tag": [{"type": "Mention", "href": to, "name": "@ada"}], "sensitive": False,
            }  # fmt: skip
            body = json.dumps(
                {
                    "@context": ["https://www.w3.org/ns/activitystreams", {"sensitive": "as:sensitive"}],
                    "id": f"{sender}/a/{number}", "type": "Create", "actor": sender, "to": [PUBLIC], "cc": [to],
                    "published": "2026-01-01T00:00:00Z", "object": note,
                }
            ).encode()  # fmt: skip
            digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
            date = formatdate(usegmt=True)
            text = f"(request-target): post {target}\nhost: {host}\ndate: {date}\ndigest: {digest}\ncontent-type: {AS2}"
            signature = base64.b64encode(
                self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
            ).decode()
            made.append(
                request(
                    "POST", host, target,
                    {
                        "Date": date, "Digest": digest, "Content-Type": AS2,
                        "Signature": f'keyId="{sender}#main-key",algorithm="rsa-sha256",'
                        f'headers="(request-target) host date digest content-type",signature="{signature}"',
                    },
                    body,
                )
            )  # fmt: skip
        return made


def expect(outcome: Outcome, status: int) -> Outcome:
    if set(outcome.statuses) != {status}:
        raise RuntimeError(f"answers: {outcome.statuses}")
    return outcome


def read(url: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": AS2}), timeout=30) as answer:
        return str(answer.read().decode())


def settled(base_url: str, queue: str, seconds: float = 120) -> None:
    """Wait until a queue is empty."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        waiting = [
            float(line.rsplit(" ", 1)[1]) for line in read(f"{base_url}/metrics").splitlines()
            if f'queue="{queue}"' in line and ('state="waiting"' in line or 'state="leased"' in line)
        ]  # fmt: skip
        if waiting and not sum(waiting):
            return
        time.sleep(0.2)
    raise RuntimeError(f"{queue} did not run empty")


def inbox(bench: Bench) -> None:
    """Rows 1, 2, 3: signed inbox POST accepted."""
    with (
        sites.sink(bench.directory, bench.actor_document()) as peer,
        sites.limit(bench.directory, 100) as plain,
    ):
        sender = f"http://127.0.0.1:{peer}/u/sender"
        for durability in ("full", "normal"):
            port = sites.free_port()
            environment = sites.settings(bench.directory, port, durability)
            with sites.ours(bench.directory, environment) as process:
                ada = sites.command(bench.directory, environment, "actor", "add", "ada")
                host, base_url = f"127.0.0.1:{port}", environment["HEADWATER_SERVER_BASE_URL"]
                make = lambda count: bench.signed(host, "/users/ada/inbox", sender, ada["id"], count)  # noqa: E731
                expect(drive(port, make(4), at_once=1), 202)
                idle = sites.resident_mib(process)
                count = bench.count(4_000)
                rounds = [make(count) for _ in range(bench.rounds + 1)]
                bodies = [[item.split(b"\r\n\r\n", 1) for item in rounds[0]]]
                posts = [
                    request("POST", "127.0.0.1", "/", {"Content-Type": AS2}, body) for _, body in bodies[0]
                ]

                def us() -> Outcome:
                    outcome = expect(drive(port, rounds.pop(), at_once=64), 202)
                    settled(base_url, "receive")
                    return outcome

                name = f"1 inbox accept ({durability})"
                bench.compare(
                    name,
                    us,
                    lambda: expect(drive(plain, posts, at_once=64), 202),
                    "Starlette POST",
                    0.25,
                    0.45,
                )
                if durability == "full":
                    one = expect(drive(port, make(400), at_once=1), 202)
                    bench.rows.append(
                        Row("2 inbox p50, one in flight", f"{one.quantile_ms(0.5):.2f} ms", "onepage.pub 3.1 ms",
                            one.quantile_ms(0.5) / 3.1, 0.5, 0.25, less_is_better=True)
                    )  # fmt: skip
                    memory = sites.resident_mib(process)
                    bench.rows.append(
                        Row("12 memory idle → after", f"{idle:.0f} → {memory:.0f} MiB", "GoToSocial 120 → 189 MiB",
                            memory / 189, 1.0, 0.8, less_is_better=True)
                    )  # fmt: skip
        full, normal = (row for row in bench.rows if row.name.startswith("1 "))
        bench.rows.append(
            Row("3 FULL beside NORMAL", full.figure, normal.figure, full.ratio / normal.ratio, 0.75, 0.85)
        )


def reading(bench: Bench) -> None:
    """Rows 4, 5, 6: actor GET, outbox page GET, outbox POST."""
    port = sites.free_port()
    environment = sites.settings(bench.directory, port)
    with sites.ours(bench.directory, environment):
        ada = sites.command(bench.directory, environment, "actor", "add", "ada")
        token = sites.command(bench.directory, environment, "token", "issue", "ada")["access_token"]
        host = f"127.0.0.1:{port}"
        headers = {"Content-Type": AS2, "Authorization": f"Bearer {token}"}

        def posts(count: int) -> list[bytes]:
            return [
                request("POST", host, "/users/ada/outbox", headers,
                        json.dumps({"type": "Note", "content": f"{TEXT}{n}", "to": PUBLIC}).encode())
                for n in range(count)
            ]  # fmt: skip

        expect(drive(port, posts(64), at_once=8), 201)
        accept = {"Accept": AS2}
        with sites.limit(bench.directory, len(read(ada["id"]))) as plain:
            gets = [request("GET", host, "/users/ada", accept)] * bench.count(20_000)
            raw = [request("GET", "127.0.0.1", "/", accept)] * bench.count(20_000)
            bench.compare(
                "4 actor GET", lambda: expect(drive(port, gets), 200), lambda: expect(drive(plain, raw), 200),
                "Starlette bytes", 0.6, 0.9,
            )  # fmt: skip
            sent = posts(bench.count(8_000))
            plain_posts = [
                request("POST", "127.0.0.1", "/", {"Content-Type": AS2}, item.split(b"\r\n\r\n", 1)[1])
                for item in sent
            ]
            bench.compare(
                "6 outbox POST", lambda: expect(drive(port, sent), 201), lambda: expect(drive(plain, plain_posts), 202),
                "Starlette POST", 0.35, 0.6,
            )  # fmt: skip
        first = json.loads(read(json.loads(read(ada["id"]))["outbox"]))["first"].removeprefix(
            f"http://{host}"
        )
        with sites.limit(bench.directory, len(read(f"http://{host}{first}"))) as plain:
            pages = [request("GET", host, first, accept)] * bench.count(8_000)
            raw = [request("GET", "127.0.0.1", "/", accept)] * bench.count(8_000)
            bench.compare(
                "5 outbox page of 20", lambda: expect(drive(port, pages), 200), lambda: expect(drive(plain, raw), 200),
                "Starlette bytes", 0.35, 0.6,
            )  # fmt: skip


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


PARTS = {"inbox": inbox, "reading": reading, "delivery": delivery, "depth": depth}


def table(rows: list[Row]) -> Iterator[str]:
    yield f"{'':34}{'figure':>16}  {'beside':<30}{'ratio':>7} {'floor':>6} {'goal':>6}"
    for row in rows:
        sign = "≤" if row.less_is_better else "≥"
        yield (
            f"{row.name:34}{row.figure:>16}  {row.beside:<30}{row.ratio:7.2f} {sign}{row.floor:<5.2f} "
            f"{sign}{row.goal:<5.2f} {row.verdict()}"
        )


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    arguments.add_argument("--only", choices=PARTS, action="append", help="measure only this part")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="headwater-bench-") as directory:
        bench = Bench(Path(directory), chosen.quick)
        for name in chosen.only or PARTS:
            PARTS[name](bench)
    print("\n".join(table(bench.rows)))


if __name__ == "__main__":
    main()
