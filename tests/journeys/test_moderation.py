"""A moderator's word holds at once, in a running server and at every surface (AP-640, SEC-012)."""

from collections.abc import Iterator
from typing import Any

import pytest
from peer import Peer
from town import PUBLIC, Person, Town, eventually, never


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


def follow(peer: Peer, actor: str, followed: Person) -> dict[str, Any]:
    sent = {"id": f"{actor}/follow", "type": "Follow", "actor": actor, "object": followed.id}
    assert peer.send(followed.document["inbox"], sent).status_code == 202
    return sent


def test_a_suspended_host_is_cut_off_at_once(town: Town, peer: Peer) -> None:
    """AP-640, AP-312: refused at the inbox and when reading, sent nothing, its follows ended; and back."""
    ada = town.server().person("ada")
    bob = peer.actor("bob")
    follow(peer, bob, ada)
    eventually(lambda: bob in ada.items("followers"))
    host = peer.base_url.removeprefix("http://")
    ada.server.cli("domain", "block", host)
    assert ada.items("followers") == []
    like = {"id": f"{bob}/like", "type": "Like", "actor": bob, "object": ada.id}
    assert peer.send(ada.document["inbox"], like).status_code == 403
    assert peer.read(ada.id, bob).status_code == 403
    heard = len(peer.received)
    ada.note("nobody there hears this", to=[PUBLIC, bob])
    never(lambda: len(peer.received) > heard)
    ada.server.cli("domain", "unblock", host)
    assert peer.read(ada.id, bob).status_code == 200
    assert peer.send(ada.document["inbox"], {**like, "id": f"{bob}/like2"}).status_code == 202


def test_the_allow_list_lets_in_who_is_on_it(town: Town, peer: Peer) -> None:
    """AP-640: nobody else, from the terminal while the server runs."""
    ada = town.server().person("ada")
    bob = peer.actor("bob")
    listen = {"type": "Listen", "actor": bob, "object": ada.id, "to": ada.id}
    ada.server.cli("domain", "block", "*")
    assert peer.send(ada.document["inbox"], {**listen, "id": f"{bob}/1"}).status_code == 403
    ada.server.cli("domain", "allow", peer.base_url.removeprefix("http://"))
    assert peer.send(ada.document["inbox"], {**listen, "id": f"{bob}/2"}).status_code == 202
    eventually(lambda: [item["id"] for item in ada.inbox()] == [f"{bob}/2"])


def test_a_report_reaches_moderators_alone(town: Town, peer: Peer) -> None:
    """AP-378: as Mastodon sends it, by the shared inbox and from its server's own actor."""
    ada = town.server().person("ada")
    actor = peer.actor("actor")
    post = ada.note("rude")["object"]["id"]
    flag = {
        "id": f"{actor}/flag",
        "type": "Flag",
        "actor": actor,
        "object": [ada.id, post],
        "content": "rude",
    }
    for inbox in (ada.document["endpoints"]["sharedInbox"], ada.document["inbox"]):
        assert peer.send(inbox, flag).status_code == 202
    (report,) = eventually(lambda: ada.server.cli("report", "list")["reports"])
    assert (report["from"], report["objects"]) == (peer.base_url.removeprefix("http://"), [post])
    never(lambda: ada.inbox("Flag"), 0.5)
    ada.server.cli("report", "resolve", str(report["id"]), "--note", "talked")
    assert ada.server.cli("report", "list")["reports"] == []
    assert ada.server.cli("report", "show", str(report["id"]))["note"] == "talked"


def test_a_suspended_actor_is_cut_off(town: Town, peer: Peer) -> None:
    """SEC-012: one actor, not its neighbours."""
    ada = town.server().person("ada")
    bob, joe = peer.actor("bob"), peer.actor("joe")
    for actor in (bob, joe):
        follow(peer, actor, ada)
    eventually(lambda: sorted(ada.items("followers")) == sorted([bob, joe]))
    ada.server.cli("actor", "suspend", bob)
    assert ada.items("followers") == [joe]
    told = len(ada.inbox())
    for actor in (bob, joe):
        sent = {"id": f"{actor}/listen", "type": "Listen", "actor": actor, "object": ada.id, "to": ada.id}
        peer.send(ada.document["inbox"], sent)
    eventually(lambda: len(ada.inbox()) > told)
    assert peer.read(ada.id, bob).status_code == 403
    assert peer.read(ada.id, joe).status_code == 200
    assert [item["actor"] for item in ada.inbox("Listen")] == [joe]
