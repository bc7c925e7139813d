"""Beside another server of this kind, in the same run: an app made with Fedify, which keeps everything in memory.

The targets name the best of several peers of which this is the one that can be had everywhere. Where another one was
faster, the ratio that is asked for is raised by as much as it was faster than Fedify when the targets were set.
"""

import json

from benchmarks import sites
from benchmarks.bench import AS2, PUBLIC, TEXT, Bench, expect, settled
from benchmarks.driver import Outcome, drive, request

GOTOSOCIAL_INBOX = 397 / 291
GOTOSOCIAL_ACTOR = 8_801 / 243


def peer(bench: Bench) -> None:
    """Rows 1, 4 and 6: signed inbox POST, actor GET, a client's POST without followers."""
    with (
        sites.fedify(bench.directory) as ports,
        sites.sink(bench.directory, bench.actor_document()) as sink,
    ):
        if ports is None:
            return
        port = sites.free_port()
        environment = sites.settings(bench.directory, port)
        with sites.ours(bench.directory, environment):
            ada = sites.command(bench.directory, environment, "actor", "add", "ada")
            token = sites.command(bench.directory, environment, "token", "issue", "ada")["access_token"]
            _receiving(bench, port, ada["id"], ports[0], f"http://127.0.0.1:{sink}/u/sender")
            _reading(bench, port, ports[0])
            _posting(bench, port, token, ports[1])


def _receiving(bench: Bench, port: int, ada: str, other: int, sender: str) -> None:
    host, theirs = f"127.0.0.1:{port}", f"127.0.0.1:{other}"
    them = f"http://{theirs}/actors/ada"
    expect(drive(other, [request("GET", theirs, "/actors/ada", {"Accept": AS2})], at_once=1), 200)
    expect(drive(port, bench.signed(host, "/users/ada/inbox", sender, ada, 4), at_once=1), 202)
    expect(drive(other, bench.signed(theirs, "/actors/ada/inbox", sender, them, 4), at_once=1), 202)

    def us() -> Outcome:
        made = bench.signed(host, "/users/ada/inbox", sender, ada, bench.count(2_000))
        outcome = expect(drive(port, made, at_once=64), 202)
        settled(f"http://{host}", "receive")
        return outcome

    def they() -> Outcome:
        made = bench.signed(theirs, "/actors/ada/inbox", sender, them, bench.count(1_000))
        return expect(drive(other, made, at_once=64), 202)

    bench.compare(
        "1 inbox accept (full)", us, they, "Fedify, memory", 6 * GOTOSOCIAL_INBOX, 10 * GOTOSOCIAL_INBOX
    )


def _reading(bench: Bench, port: int, other: int) -> None:
    ours = [request("GET", f"127.0.0.1:{port}", "/users/ada", {"Accept": AS2})] * bench.count(20_000)
    theirs = [request("GET", f"127.0.0.1:{other}", "/actors/ada", {"Accept": AS2})] * bench.count(1_000)
    bench.compare(
        "4 actor GET", lambda: expect(drive(port, ours), 200), lambda: expect(drive(other, theirs), 200),
        "Fedify, memory", GOTOSOCIAL_ACTOR, 1.6 * GOTOSOCIAL_ACTOR,
    )  # fmt: skip


def _posting(bench: Bench, port: int, token: str, controls: int) -> None:
    headers = {"Content-Type": AS2, "Authorization": f"Bearer {token}"}
    ours = [
        request("POST", f"127.0.0.1:{port}", "/users/ada/outbox", headers,
                json.dumps({"type": "Note", "content": f"{TEXT}{n}", "to": PUBLIC}).encode())
        for n in range(bench.count(8_000))
    ]  # fmt: skip
    order = json.dumps({"as": "ada", "type": "Create", "to": [], "content": TEXT}).encode()
    theirs = [request("POST", f"127.0.0.1:{controls}", "/say", {}, order)] * bench.count(2_000)
    bench.compare(
        "6 outbox POST", lambda: expect(drive(port, ours), 201), lambda: expect(drive(controls, theirs), 200),
        "Fedify, memory", 5, 10,
    )  # fmt: skip
