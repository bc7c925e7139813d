"""More arrives than can be worked off: senders are asked to wait, everything else goes on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from law import assert_nothing_lost
from peer import Peer
from town import Server, Town, eventually

from server.doors.activitypub.inbox import BACKLOG_MAX


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


def test_a_full_queue_asks_senders_to_come_again(town: Town, peer: Peer) -> None:
    """AP-324, REL-021: 503 with Retry-After for peers; posting, reading and health go on; it ends by itself."""
    server = town.server()
    ada, writer = server.person("ada"), peer.actor("writer")
    note = {"id": f"{writer}/note", "type": "Note", "attributedTo": writer, "content": "x"}
    activity = {"id": f"{writer}/1", "type": "Create", "actor": writer, "to": ada.id, "object": note}
    let_wait(server, BACKLOG_MAX + 1)
    for inbox in (ada.document["inbox"], f"{server.base_url}/inbox"):
        refusal = eventually(lambda inbox=inbox: refused(peer.send(inbox, activity)), 5)
        assert int(refusal.headers["retry-after"]) > 0
        assert refusal.json()["detail"] == "too much is waiting here"
    posted = ada.note("still here")
    assert ada.items("outbox")[0]["id"] == posted["id"]
    assert httpx.get(f"{server.base_url}/ready").status_code == 200
    assert_nothing_lost(server)
    let_wait(server, 0)
    eventually(lambda: peer.send(ada.document["inbox"], activity).status_code == 202, 5)
    eventually(lambda: ada.has(activity))


def refused(answer: httpx.Response) -> httpx.Response | None:
    return answer if answer.status_code == 503 else None


def let_wait(server: Server, number: int) -> None:
    """Have exactly so many jobs wait in the inbox's queue, until the end of time."""
    with closing(sqlite3.connect(server.directory / "headwater.db", timeout=10)) as connection, connection:
        connection.execute("DELETE FROM jobs WHERE queue = 'receive'")
        connection.execute("DELETE FROM tallies WHERE queue = 'receive'")
        connection.execute(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)"
            " INSERT INTO jobs (id, queue, lane, key, payload, state, run_at, created)"
            " SELECT n, 'receive', 'x', '', '{}', 0, 9000000000000000000, 0 FROM numbers WHERE ? > 0",
            (number, number),
        )
        connection.execute(
            "INSERT INTO tallies (queue, writer, enqueued) VALUES ('receive', '', ?)", (number,)
        )


def test_one_actor_cannot_publish_without_end(town: Town) -> None:
    """AP-209: 429 with Retry-After, for this actor alone; where limits are off there is none."""
    server = town.server(HEADWATER_LIMITS_REQUESTS_PER_MINUTE="100000")
    ada, eve = server.person("ada"), server.person("eve")
    headers = {"Authorization": f"Bearer {ada.token}", "Content-Type": "application/activity+json"}
    with httpx.Client(headers=headers) as client:
        answers = (client.post(ada.document["outbox"], content="[") for _ in range(1_000))
        refusal = next(answer for answer in answers if answer.status_code == 429)
    assert int(refusal.headers["retry-after"]) > 0
    eve.note("still welcome")
