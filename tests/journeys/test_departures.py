"""Actors that are gone and servers that are blocked: what was between us ends."""

from collections.abc import Iterator

import pytest
from peer import Peer, answer
from town import Person, Town, eventually, never


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


def befriend(peer: Peer, ada: Person, name: str) -> str:
    """Let an actor of the peer follow Ada and be followed by her; return its id."""
    id = peer.actor(name)
    follow = {"id": f"{id}/follow", "type": "Follow", "actor": id, "object": ada.id}
    assert peer.send(ada.document["inbox"], follow).status_code == 202
    asked = ada.post({"type": "Follow", "object": id, "to": id})
    accept = {"id": f"{id}/accept", "type": "Accept", "actor": id, "object": asked["id"]}
    assert peer.send(ada.document["inbox"], accept).status_code == 202
    eventually(lambda: id in ada.items("followers") and id in ada.items("following"))
    return id


def test_an_actor_whose_inbox_and_document_are_gone_is_let_go(town: Town, peer: Peer) -> None:
    """AP-297: found out by a delivery; another actor of the same server, who is still there, stays."""
    ada = town.server().person("ada")
    leaver, stayer = befriend(peer, ada, "leaver"), befriend(peer, ada, "stayer")
    peer.on_post = lambda handler: "leaver" in handler.path and (answer(handler, 410), True)[1]
    peer.on_get = lambda handler: "leaver" in handler.path and (answer(handler, 410), True)[1]
    ada.note("are you there?", to=[ada.document["followers"]])
    eventually(lambda: ada.items("followers") == [stayer])
    assert ada.items("following") == [stayer]
    peer.received.clear()
    posted = ada.note("and you?", to=[ada.document["followers"], leaver])
    eventually(lambda: any(body["id"] == posted["id"] for body in peer.bodies()))
    never(lambda: any("leaver" in path for path, _, _ in peer.received), 0.5)


def test_an_actor_whose_inbox_alone_is_gone_stays(town: Town, peer: Peer) -> None:
    """AP-297: one answer is not enough."""
    ada = town.server().person("ada")
    friend = befriend(peer, ada, "friend")
    peer.on_post = lambda handler: (answer(handler, 410), True)[1]
    peer.received.clear()
    ada.note("are you there?", to=[ada.document["followers"]])
    eventually(lambda: peer.received)
    never(lambda: ada.items("followers") != [friend], 1)


def test_blocking_a_server_ends_all_follows_between_us(town: Town, peer: Peer) -> None:
    """AP-640: while the server runs, in both directions, and what comes from there later changes nothing."""
    server = town.server()
    ada = server.person("ada")
    friend = befriend(peer, ada, "friend")
    server.cli("domain", "block", peer.host)
    eventually(lambda: ada.items("followers") == [] and ada.items("following") == [], 5)
    peer.received.clear()
    ada.note("nobody left", to=[ada.document["followers"], friend])
    follow = {"id": f"{friend}/again", "type": "Follow", "actor": friend, "object": ada.id}
    eventually(lambda: peer.send(ada.document["inbox"], follow).status_code == 403, 6)
    never(lambda: ada.items("followers") or peer.received, 0.5)


def test_silencing_a_server_ends_nothing(town: Town, peer: Peer) -> None:
    """AP-640."""
    server = town.server()
    ada = server.person("ada")
    friend = befriend(peer, ada, "friend")
    server.cli("domain", "block", peer.host, "--silence")
    assert ada.items("followers") == ada.items("following") == [friend]
