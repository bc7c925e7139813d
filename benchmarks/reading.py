"""Reading from and posting to outboxes."""

import json

from benchmarks import sites
from benchmarks.bench import AS2, PUBLIC, TEXT, Bench, expect, read
from benchmarks.driver import drive, request


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
