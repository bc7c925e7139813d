"""Deliveries that survive: peers that are down, slow or lying, kills in the middle, restarts."""

import itertools
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from peer import Peer, answer, drip
from town import AS2, PUBLIC, Person, Server, Town, eventually, never

_names = itertools.count(1)
FOLLOWERS = 60


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


def gather_followers(peer: Peer, ada: Person, count: int = FOLLOWERS) -> None:
    """Let some actors of the peer, each with an inbox of its own, follow Ada."""
    for number in range(count):
        fan = peer.actor(f"fan{number}")
        follow = {"id": f"{fan}/follow", "type": "Follow", "actor": fan, "object": ada.id}
        assert peer.send(ada.document["inbox"], follow).status_code == 202
    eventually(lambda: sum(id.startswith(peer.base_url) for id in ada.items("followers")) == count, 30)
    eventually(lambda: sum(body["type"] == "Accept" for body in peer.bodies()) == count, 30)
    peer.received.clear()


def creates(peer: Peer) -> Counter[str]:
    """Count the Creates that came to each inbox."""
    return Counter(path for path, _, body in peer.received if b'"Create"' in body)


def test_kill_in_the_middle_of_a_fan_out(town: Town, peer: Peer) -> None:
    """REL-001, REL-009, REL-012: after kill -9 and restart each follower gets it, with the same bytes."""
    server = town.server()
    ada = server.person("ada")
    gather_followers(peer, ada)
    confirmed: list[str] = []

    def slowly(handler: BaseHTTPRequestHandler) -> bool:
        answer(handler, 202)
        confirmed.append(handler.path)
        if len(confirmed) == FOLLOWERS // 3:
            server.kill()
        return True

    peer.on_post = slowly
    ada.note("to all", to=[ada.document["followers"]])
    eventually(lambda: server.process is not None and server.process.poll() is not None, 20)
    peer.on_post = lambda handler: False
    server.start()
    eventually(lambda: len(creates(peer)) == FOLLOWERS, 60)
    never(lambda: max(creates(peer).values()) > 2, 1)
    assert len({body for _, _, body in peer.received if b'"Create"' in body}) == 1
    repeated = sum(count - 1 for count in creates(peer).values())
    assert repeated <= 64, "only what was in flight may be sent twice"


def test_a_peer_that_was_down_gets_it_later(town: Town, peer: Peer) -> None:
    """AP-295, AP-296, REL-015: 503 with Retry-After waits, then the delivery arrives, once."""
    server = town.server()
    ada = server.person("ada")
    gather_followers(peer, ada, 1)
    refused: list[str] = []

    def busy_once(handler: BaseHTTPRequestHandler) -> bool:
        if refused:
            return False
        refused.append(handler.path)
        answer(handler, 503, Retry_After="1")
        return True

    peer.on_post = busy_once
    posted = ada.note("again", to=[ada.document["followers"]])
    eventually(lambda: len(creates(peer)) == 1, 30)
    eventually(lambda: sum(body.get("id") == posted["id"] for body in peer.bodies()) == 2, 30)


def test_a_permanent_refusal_becomes_a_dead_letter(town: Town, peer: Peer) -> None:
    """AP-296, REL-015, REL-019, REL-020: 403 is final, listed with its reason, retried on request."""
    server = town.server()
    ada = server.person("ada")
    gather_followers(peer, ada, 1)
    peer.on_post = lambda handler: (answer(handler, 403), True)[1]
    ada.note("unwanted", to=[ada.document["followers"]])

    def dead() -> list[dict[str, object]]:
        return [job for job in server.cli("deliveries", "list")["deliveries"] if job["state"] == "dead"]

    letter = eventually(dead)[0]
    assert letter["status"] == 403
    assert letter["host"] == peer.host
    peer.on_post = lambda handler: False
    peer.received.clear()
    server.cli("deliveries", "retry", str(letter["id"]))
    eventually(lambda: len(creates(peer)) == 1)
    assert dead() == []


def test_restart_keeps_what_was_accepted(town: Town, peer: Peer) -> None:
    """REL-001, REL-026, REL-027: SIGTERM ends with 0 within 10 s; after the start all is there."""
    server = town.server()
    ada = server.person("ada")
    posted = [ada.note(f"number {number}") for number in range(30)]
    assert server.stop() == 0
    server.start()
    assert [item["id"] for item in ada.items("outbox")] == [activity["id"] for activity in reversed(posted)]


def test_a_dripping_peer_does_not_hold_the_others(town: Town, peer: Peer) -> None:
    """SEC-047, REL-018, REL-024: a peer that answers a byte at a time costs only itself."""
    server, other = town.server(), town.server()
    ada, bob = server.person("ada"), other.person("bob")
    bob.follow(ada)
    eventually(lambda: ada.id in bob.items("following"))
    gather_followers(peer, ada, 5)
    peer.on_post = lambda handler: (drip(handler, 20), True)[1]
    posted = ada.note("quick", to=[ada.document["followers"]])
    eventually(lambda: bob.has(posted), 5)


@pytest.mark.parametrize("kind", ["redirect", "lie", "bomb", "wrong type", "foreign id"])
def test_documents_of_a_lying_peer_are_not_believed(town: Town, peer: Peer, kind: str) -> None:
    """SEC-018, SEC-019, SEC-041, SEC-042, SEC-048: nothing a peer serves can harm or be taken for another's."""
    server = town.server()
    ada = server.person("ada")
    liar = peer.actor("liar")
    genuine = peer.documents["/people/liar"]

    def lying(handler: BaseHTTPRequestHandler) -> bool:
        if handler.path != "/people/liar":
            return False
        if kind == "redirect":
            answer(handler, 302, Location="http://10.0.0.1/secret")
        elif kind == "lie":
            handler.send_response(200)
            handler.send_header("Content-Type", "application/activity+json")
            handler.send_header("Content-Length", "10")
            handler.end_headers()
            handler.wfile.write(b"{" * 100_000)
        elif kind == "bomb":
            answer(handler, 200, b'{"id":"' + b"x" * 5_000_000 + b'"}', "application/activity+json")
        elif kind == "wrong type":
            answer(handler, 200, str(genuine).encode(), "text/html")
        else:
            answer(
                handler,
                200,
                b'{"id":"https://good.example/u/alice","type":"Person"}',
                "application/activity+json",
            )
        return True

    peer.on_get = lying
    follow = {"id": f"{liar}/follow", "type": "Follow", "actor": liar, "object": ada.id}
    refusal = peer.send(ada.document["inbox"], follow)
    assert refusal.status_code in (401, 503), refusal.text
    never(lambda: ada.items("followers"), 0.5)
    assert httpx.get(f"{server.base_url}/health").status_code == 200


def test_follow_of_someone_unreachable_is_refused(town: Town) -> None:
    """AP-205: a Follow needs its actor; an address inside the machine's own network is never called (SEC-041)."""
    ada = town.server().person("ada")
    for target in ("http://10.1.2.3/users/x", "https://no-such-host.invalid/users/x"):
        refusal = ada.post({"type": "Follow", "object": target}, expect=400)
        assert "object" in refusal["detail"]
    assert ada.items("pendingFollowing") == []


def test_backup_while_serving(town: Town, tmp_path_factory: pytest.TempPathFactory) -> None:
    """REL-032: a backup taken under load opens as a server of its own with everything accepted before it."""
    server = town.server()
    ada = server.person("ada")
    posted = [ada.note(f"number {number}") for number in range(20)]
    copy = tmp_path_factory.mktemp("backup") / "copy.db"
    server.cli("backup", str(copy))
    server.kill()
    restored = Server(copy.parent, server.port, HEADWATER_STORAGE_URL=f"sqlite:///{copy}")
    town.servers.append(restored)
    restored.start()
    shown = httpx.get(posted[-1]["id"], headers={"Accept": AS2})
    assert shown.status_code == 200
    assert {activity["id"] for activity in posted} <= {item["id"] for item in ada.items("outbox")}
    assert PUBLIC in shown.text
