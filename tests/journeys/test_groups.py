"""Groups and conversations across servers: announced as it came, forwarded byte for byte."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from peer import Peer
from town import PUBLIC, Person, Town, eventually


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


def joined(peer: Peer, name: str, followed: Person) -> str:
    """Let an actor of the peer follow someone; return its id."""
    id = peer.actor(name)
    follow = {"id": f"{id}/follow", "type": "Follow", "actor": id, "object": followed.id}
    assert peer.send(followed.document["inbox"], follow).status_code == 202
    eventually(lambda: id in followed.items("followers"))
    return id


def served(peer: Peer, path: str, **members: Any) -> dict[str, Any]:
    """Serve a document of the peer and return it."""
    document = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{peer.base_url}{path}",
        **members,
    }
    peer.documents[path] = document
    return document


def reply(peer: Peer, author: str, parent: str, *to: str) -> dict[str, Any]:
    note = served(peer, "/n/1", type="Note", attributedTo=author, content="r", inReplyTo=parent, to=list(to))
    return served(peer, "/c/1", type="Create", actor=author, object=note, to=list(to))


def test_a_group_tells_its_members_on_other_servers(town: Town, peer: Peer) -> None:
    """AP-725: a member elsewhere posts, and a member elsewhere still is sent it, signed by the group."""
    here, there = town.server(), town.server()
    tea, bob = here.person("tea", "--type", "Group"), there.person("bob")
    joined(peer, "joe", tea)
    bob.follow(tea)
    eventually(lambda: bob.id in tea.items("followers"))
    posted = bob.note("first flush", to=[PUBLIC, tea.id])
    announces = eventually(
        lambda: (
            [body for body in peer.bodies() if body["type"] == "Announce" and body["actor"] == tea.id][1:]
            and peer.bodies()
        )
    )
    whole = next(
        body for body in announces if body["type"] == "Announce" and isinstance(body["object"], dict)
    )
    assert (whole["object"]["id"], whole["object"]["object"]["content"]) == (posted["id"], "first flush")
    assert whole["object"]["audience"] == tea.id
    eventually(lambda: [item for item in bob.inbox("Announce") if item["actor"] == tea.id])
    assert tea.document["attributedTo"] == f"{tea.id}/moderators"


def test_what_a_group_elsewhere_announces_is_read_at_its_origin(town: Town, peer: Peer) -> None:
    """AP-367: the group's copy is not what is shown."""
    bob = town.server().person("bob")
    group = peer.actor("cups", type="Group")
    follow = bob.post({"type": "Follow", "object": group, "to": group})
    peer.send(
        bob.document["inbox"], {"id": f"{group}/ok", "type": "Accept", "actor": group, "object": follow["id"]}
    )
    eventually(lambda: group in bob.items("following"))
    author = peer.actor("kim")
    create = reply(peer, author, f"{peer.base_url}/none", PUBLIC)
    forged = {**create, "object": {**create["object"], "content": "forged"}}
    announce = {"id": f"{group}/a", "type": "Announce", "actor": group, "object": forged, "to": PUBLIC}
    assert peer.send(bob.document["endpoints"]["sharedInbox"], announce).status_code == 202
    heard = eventually(lambda: bob.inbox("Announce"))[0]
    assert heard["object"]["id"] == create["id"]
    assert "forged" not in json.dumps(heard)


def test_a_reply_is_forwarded_as_it_was_received(town: Town, peer: Peer) -> None:
    """AP-390, AP-393, AP-395: the very bytes go to followers elsewhere, who ask its origin; not back to its host."""
    far = Peer()
    try:
        ada, bob = town.server().person("ada"), town.server().person("bob")
        bob.follow(ada)
        joined(far, "joe", ada)
        author = joined(peer, "kim", ada)
        note = ada.note("hello")["object"]["id"]
        create = reply(peer, author, note, PUBLIC, ada.document["followers"])
        body = json.dumps(create, indent=1).encode()
        inbox = ada.document["inbox"]
        assert httpx.post(inbox, content=body, headers=peer.sign(inbox, body, author)).status_code == 202
        eventually(lambda: body in [sent for _, _, sent in far.received])
        headers = next(headers for _, headers, sent in far.received if sent == body)
        assert f'keyId="{ada.id}#' in headers["signature"]
        eventually(lambda: [item for item in bob.inbox("Create") if item["id"] == create["id"]])
        assert "/c/1" in peer.fetched
        assert body not in [sent for _, _, sent in peer.received]
    finally:
        far.close()
