"""The kill loop: load, kill -9 at random moments, start again; in the end everything confirmed is there, once.

``HEADWATER_KILL_LOOP_SECONDS`` makes it longer, ``HEADWATER_KILL_LOOP_SEED`` repeats the moments of an earlier run.
"""

import itertools
import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from law import assert_nothing_lost, queues
from peer import AS2_TYPE, Peer
from town import AS2, Person, Server, Town, eventually

SECONDS = float(os.environ.get("HEADWATER_KILL_LOOP_SECONDS", "12"))
SEED = int(os.environ.get("HEADWATER_KILL_LOOP_SEED") or int.from_bytes(os.urandom(4), "big"))
FANS = 3
PAUSE_SECONDS = 0.03


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


class Load:
    """Threads that send numbered messages and write down, with a sync, each id that was acknowledged."""

    def __init__(self, directory: Path, ada: Person, peer: Peer) -> None:
        self._ada, self._peer, self._writer = ada, peer, peer.actor("writer")
        self._stopping = threading.Event()
        self._numbers = itertools.count(1)
        self._files = {"out": directory / "acknowledged.out", "in": directory / "acknowledged.in"}
        works = (self._post, self._post, self._deliver, self._deliver)
        self._threads = [threading.Thread(target=self._send, args=(work,)) for work in works]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def acknowledged(self, way: str) -> list[str]:
        return self._files[way].read_text().split()

    def _send(self, work: Callable[[httpx.Client, int], None]) -> None:
        with httpx.Client(timeout=10) as client:
            while not self._stopping.wait(PAUSE_SECONDS):
                try:
                    work(client, next(self._numbers))
                except httpx.TransportError:
                    self._stopping.wait(0.1)

    def _post(self, client: httpx.Client, number: int) -> None:
        """Post a note to the outbox for all followers."""
        note = {"type": "Note", "content": f"number {number}", "to": self._ada.document["followers"]}
        headers = {"Content-Type": AS2, "Authorization": f"Bearer {self._ada.token}"}
        answer = client.post(self._ada.document["outbox"], content=json.dumps(note), headers=headers)
        assert answer.status_code in (201, 503), answer.text
        if answer.status_code == 201:
            self._note("out", answer.json()["id"])

    def _deliver(self, client: httpx.Client, number: int) -> None:
        """Deliver a signed activity to the inbox, every fifth one a second time."""
        id, inbox = f"{self._writer}/{number}", self._ada.document["inbox"]
        note = {
            "id": f"{id}/note",
            "type": "Note",
            "attributedTo": self._writer,
            "content": f"number {number}",
        }
        activity = {"id": id, "type": "Create", "actor": self._writer, "to": self._ada.id, "object": note}
        body = json.dumps({"@context": "https://www.w3.org/ns/activitystreams", **activity}).encode()
        for _ in range(2 if number % 5 == 0 else 1):
            headers = self._peer.sign(inbox, body, self._writer) | {"Content-Type": AS2_TYPE}
            answer = client.post(inbox, content=body, headers=headers)
            assert answer.status_code in (202, 503), answer.text
            if answer.status_code == 202:
                self._note("in", id)

    def _note(self, way: str, id: str) -> None:
        with self._files[way].open("a") as file:
            file.write(f"{id}\n")
            file.flush()
            os.fsync(file.fileno())


def test_what_was_acknowledged_survives_every_kill(town: Town, peer: Peer) -> None:
    """REL-001, REL-005, REL-009, REL-012, REL-013, REL-022, REL-027."""
    print(f"HEADWATER_KILL_LOOP_SEED={SEED}")  # noqa: T201
    server = town.server()
    ada = server.person("ada")
    gather_fans(peer, ada)
    load = Load(server.directory, ada, peer)
    load.start()
    try:
        kills = kill_again_and_again(server, random.Random(SEED))
    finally:
        load.stop()
    server.kill()
    let_time_pass(server)
    server.start()
    eventually(lambda: drained(server), 30 + SECONDS)
    confirmed_out, confirmed_in = load.acknowledged("out"), load.acknowledged("in")
    assert confirmed_out
    assert confirmed_in
    assert_nothing_lost(server)
    assert all(numbers["dead"] == 0 for numbers in queues(server).values())
    sent = assert_once(ada, "outbox", confirmed_out)
    assert_once(ada, "inbox", confirmed_in)
    assert server.stop() == 0
    assert_whole(server)
    assert_delivered(peer, [item["id"] for item in sent if item["type"] == "Create"], kills)


def gather_fans(peer: Peer, ada: Person) -> None:
    """Let some actors of the peer, each with an inbox of its own, follow Ada."""
    for number in range(FANS):
        fan = peer.actor(f"fan{number}")
        follow = {"id": f"{fan}/follow", "type": "Follow", "actor": fan, "object": ada.id}
        assert peer.send(ada.document["inbox"], follow).status_code == 202
    eventually(lambda: len(ada.items("followers")) == FANS)


def kill_again_and_again(server: Server, chance: random.Random) -> int:
    """Kill the server at random moments, some of them while it starts; return how often."""
    until = time.monotonic() + SECONDS
    for kills in itertools.count(1):
        time.sleep(chance.uniform(0.05, 2))
        server.kill()
        if time.monotonic() > until:
            return kills
        if chance.random() < 0.25:
            begin(server)
            time.sleep(chance.uniform(0.1, 1.5))
            server.kill()
        server.start()
    raise AssertionError("unreachable")


def begin(server: Server) -> None:
    """Start the process without waiting until it is ready."""
    server.process = subprocess.Popen(
        [sys.executable, "-m", "server", "serve"], cwd=server.directory, env=server.environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def database(server: Server) -> "closing[sqlite3.Connection]":
    return closing(sqlite3.connect(server.directory / "headwater.db", isolation_level=None))


def let_time_pass(server: Server) -> None:
    """Have leases run out and waiting times be over, as an hour would; nothing is running now."""
    with database(server) as connection:
        connection.execute("UPDATE jobs SET lease_until = 0 WHERE state = 1")
        connection.execute("UPDATE jobs SET run_at = 0 WHERE state IN (0, 3)")
        connection.execute("UPDATE lanes SET ready_at = 0")
        connection.execute("UPDATE hosts SET open_until = NULL, not_before = NULL")


def drained(server: Server) -> bool:
    return all(numbers["waiting"] + numbers["leased"] == 0 for numbers in queues(server).values())


def assert_once(ada: Person, collection: str, confirmed: list[str]) -> list[dict[str, Any]]:
    """REL-001, REL-005: everything acknowledged is listed, nothing twice, and the total agrees."""
    items: list[dict[str, Any]] = ada.items(collection)
    ids = Counter(item["id"] for item in items)
    assert set(confirmed) <= ids.keys()
    assert max(ids.values()) == 1
    assert ada.get(ada.document[collection]).json()["totalItems"] == len(items)
    return items


def assert_whole(server: Server) -> None:
    """REL-008: what nobody was told of is stored whole or not at all; the file is sound."""
    half = {
        "an activity without its object": "SELECT count(*) FROM objects a LEFT JOIN objects o ON o.id = a.object"
        " WHERE a.type = 'Create' AND o.document IS NULL",
        "an object without its activity": "SELECT count(*) FROM objects o WHERE type = 'Note'"
        " AND NOT EXISTS (SELECT 1 FROM objects a WHERE a.object = o.id)",
        "an activity in no list": "SELECT count(*) FROM objects a WHERE kind = 2"
        " AND NOT EXISTS (SELECT 1 FROM entries WHERE item = a.id)",
        "a letter without its jobs": "SELECT count(*) FROM letters",
        "a job nobody ended": "SELECT count(*) FROM jobs",
    }
    with database(server) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for what, sql in half.items():
            assert connection.execute(sql).fetchone() == (0,), what


def assert_delivered(peer: Peer, expected: list[str], kills: int) -> None:
    """REL-009, REL-012: each fan got exactly what was posted; what came again was the same, byte for byte."""
    bodies: dict[str, set[bytes]] = {}
    got: dict[str, Counter[str]] = {f"/people/fan{n}/in": Counter() for n in range(FANS)}
    for path, _, body in peer.received:
        activity = json.loads(body)
        if activity["type"] == "Create":
            got[path][activity["id"]] += 1
            bodies.setdefault(activity["id"], set()).add(body)
    for counted in got.values():
        assert counted.keys() == set(expected)
        assert max(counted.values()) <= 1 + kills
    assert all(len(versions) == 1 for versions in bodies.values())
