"""Reading other servers through one's own."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from peer import AS2_TYPE, Peer, answer
from town import AS2, PUBLIC, Person, Server, eventually

_names = itertools.count(1)


@pytest.fixture
def ada(two: tuple[Server, Server]) -> Person:
    return two[0].person(f"ada{next(_names)}")


@pytest.fixture
def bob(two: tuple[Server, Server]) -> Person:
    return two[1].person(f"bob{next(_names)}")


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


def ask(person: Person, id: str, *, token: str | None = None, **options: Any) -> httpx.Response:
    return httpx.post(
        person.document["endpoints"]["proxyUrl"],
        headers={"Authorization": f"Bearer {token or person.token}"},
        **(options or {"data": {"id": id}}),
        timeout=30,
    )


def test_a_public_post_of_another_server(ada: Person, bob: Person) -> None:
    """AP-570: the document as its origin shows it, as Activity Streams, for the asker alone."""
    note = ada.note("hello", to=PUBLIC)["object"]["id"]
    seen = ask(bob, note)
    assert seen.status_code == 200, seen.text
    assert seen.json()["content"] == "hello"
    assert seen.headers["content-type"].startswith("application/activity+json")
    assert seen.headers["cache-control"] == "private, no-store"
    assert seen.headers["access-control-allow-origin"] == "*"
    assert ask(bob, note, json={"id": note}).json()["id"] == note


def test_access_is_the_readers_own_and_no_wider(two: tuple[Server, Server], ada: Person, bob: Person) -> None:
    """AP-570, AP-571: signed with the user's key, a follower sees what followers see, a neighbour does not."""
    eve = two[1].person(f"eve{next(_names)}")
    bob.follow(ada)
    eventually(lambda: ada.items("followers") == [bob.id])
    note = ada.note("for followers", to=ada.document["followers"])["object"]["id"]
    assert ask(bob, note).json()["content"] == "for followers"
    refused = ask(eve, note)
    assert refused.status_code == 404
    assert "followers" not in refused.text
    late = ada.note("for eve", to=eve.id)["object"]["id"]
    assert (ask(eve, late).status_code, ask(bob, late).status_code) == (200, 404)


def test_refusals_are_remembered_for_each_reader(two: tuple[Server, Server], peer: Peer, bob: Person) -> None:
    """AP-571: asked again, the other server is spared; another reader's question is another one."""
    eve = two[1].person(f"eve{next(_names)}")
    for _ in range(3):
        assert ask(bob, f"{peer.base_url}/nothing").status_code == 404
    assert peer.fetched.count("/nothing") == 1
    assert ask(eve, f"{peer.base_url}/nothing").status_code == 404
    assert peer.fetched.count("/nothing") == 2


@pytest.mark.parametrize(
    ("status", "content_type", "body", "expected"),
    [
        (403, "text/plain", "", 403), (404, "text/plain", "", 404), (410, "text/plain", "", 410),
        (500, "text/plain", "", 502), (200, "text/html", "<p>", 502), (200, AS2_TYPE, "{", 502),
        (200, AS2_TYPE, '{"id": "https://other.example/1", "type": "Note"}', 502),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_to_be_so(
    peer: Peer, bob: Person, status: int, content_type: str, body: str, expected: int
) -> None:
    """AP-570: 403, 404 or 410 as its server says; 502 for what is no document or cannot be believed."""
    peer.on_get = lambda handler: answer(handler, status, body.encode(), content_type) or True
    refused = ask(bob, f"{peer.base_url}/thing")
    assert (refused.status_code, refused.json()["field"]) == (expected, "id")


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("", 400), ("tag:x", 400), ("file:///etc/passwd", 400), ("http://10.0.0.1/x", 403),
        ("http://169.254.169.254/latest", 403), ("@nobody@", 400), (f"https://x.example/{'a' * 3000}", 400),
    ],
)  # fmt: skip
def test_it_is_guarded_like_every_fetch(bob: Person, id: str, expected: int) -> None:
    """AP-571, SEC-041, SEC-045: no way into the network behind us."""
    assert ask(bob, id).status_code == expected


def test_our_own_things_are_looked_up_here(bob: Person) -> None:
    """AP-570: objects, actors, collections and their pages, with the reader's rights."""
    note = bob.note("mine", to=bob.id)
    assert ask(bob, note["object"]["id"]).json()["content"] == "mine"
    assert ask(bob, note["id"]).json()["type"] == "Create"
    assert ask(bob, bob.id).json()["preferredUsername"] == bob.name
    assert ask(bob, bob.acct).json()["id"] == bob.id
    outbox = ask(bob, bob.document["outbox"]).json()
    assert outbox["totalItems"] == 1
    assert ask(bob, outbox["first"]).json()["orderedItems"][0]["id"] == note["id"]
    for absent in ("/objects/none", "/media/none", "/health", "/metrics", "/proxy"):
        assert ask(bob, f"{bob.server.base_url}{absent}").status_code in (404, 405)
    for odd in ("/users/%00", "/objects/x?after=%00", "/users/%ff"):
        assert ask(bob, f"{bob.server.base_url}{odd}").status_code in (400, 404)


def test_a_handle_leads_to_its_actor(ada: Person, bob: Person) -> None:
    """AP-125, AP-570: acct: or bare, confirmed by both sides."""
    for name in (f"acct:{ada.acct}", ada.acct, f"@{ada.acct}"):
        assert ask(bob, name).json()["id"] == ada.id
    assert ask(bob, f"nobody@{ada.server.host}").status_code == 404


def test_our_copy_serves_while_its_server_is_away(
    two: tuple[Server, Server], ada: Person, bob: Person
) -> None:
    """AP-570: those who may see our copy have it; nobody else."""
    eve = two[1].person(f"eve{next(_names)}")
    peer = Peer()
    zoe = peer.actor("zoe")
    note = {
        "id": f"{peer.base_url}/notes/1",
        "type": "Note",
        "attributedTo": zoe,
        "to": bob.id,
        "content": "psst",
    }
    create = {
        "id": f"{peer.base_url}/creates/1",
        "type": "Create",
        "actor": zoe,
        "to": bob.id,
        "object": note,
    }
    assert peer.send(bob.document["inbox"], create).status_code == 202
    eventually(lambda: bob.inbox("Create"))
    peer.on_get = lambda handler: answer(handler, 503) or True
    assert ask(bob, note["id"]).json()["content"] == "psst"
    assert ask(eve, note["id"]).status_code == 502
    peer.close()


def test_only_readers_may_ask(two: tuple[Server, Server], bob: Person) -> None:
    """AP-542: no token 401, a token that may only write 403; anything but a form or JSON 415."""
    address = bob.document["endpoints"]["proxyUrl"]
    assert httpx.post(address, data={"id": bob.id}).status_code == 401
    token = two[1].cli("token", "issue", bob.name, "--scope", "write")["access_token"]
    assert ask(bob, bob.id, token=token).status_code == 403
    text = {"content": json.dumps({"id": bob.id}), "headers": {"Content-Type": "text/plain"}}
    bearer = {"Authorization": f"Bearer {bob.token}"}
    assert (
        httpx.post(
            address, content=text["content"], headers={**bearer, "Content-Type": "text/plain"}
        ).status_code
        == 415
    )
    assert httpx.post(address, content="{", headers={**bearer, "Content-Type": AS2}).status_code == 400
    assert httpx.get(address).status_code == 405
