"""Channels that other servers follow: what happens in them is read elsewhere, and nothing that must stay is sent."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from application import fresh
from everything import EVERYBODY, SECRETS, everything
from peer import Peer
from town import AS2, PUBLIC, Person, Server, eventually, never


class Shop:
    """A program with a key of the Events API."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._key = server.cli("tenant", "show", "default")["events"]["api_key"]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = httpx.request(
            method, f"{self.server.base_url}/api/v1/as/{path}", json=body, headers={"X-API-Key": self._key}
        )
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def channel(self, id: str, of: str, *, public: bool) -> str:
        """Make a channel that monitors something, and return its address elsewhere."""
        self.call(
            "POST", "channels", {"entity_id": id, "label": f"All of {id}", "properties": {"public": public}}
        )
        self.call("POST", f"channels/{id}/follows", {"follows_ref": of})
        return f"{self.server.base_url}/channels/{id}"

    def event(self, of: str, text: str, **members: Any) -> str:
        involves = [{"ACTOR": "Employee/Ada"}, {"AFFECTS": of}]
        event = {"type": "as.fleet.van.washed", "description": text, "involves": involves, **members}
        made: str = self.call("POST", "events", event)["_stream_id"]
        return made


@pytest.fixture(scope="module")
def shop(two: tuple[Server, Server]) -> Shop:
    return Shop(two[0])


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


@pytest.fixture
def bob(two: tuple[Server, Server]) -> Person:
    """Someone on the other server."""
    return two[1].person(fresh("bob").replace("-", ""))


@pytest.fixture
def name() -> Iterator[str]:
    """The name of a new channel, and of the van that it is about."""
    return fresh("van").replace("-", "")


def follow(bob: Person, address: str) -> None:
    bob.post({"type": "Follow", "object": address, "to": address})
    eventually(lambda: address in bob.items("following"))


def posts(bob: Person) -> list[dict[str, Any]]:
    """The posts that have come to Bob, newest first."""
    return [said["object"] for said in bob.inbox("Create") if "content" in said["object"]]


def test_a_public_channel_is_followed_from_another_server(shop: Shop, bob: Person, name: str) -> None:
    """Events §23.1.5, §23.2: found by its handle, a Group; what happens in it reads as sentences."""
    address, van = shop.channel(name, f"Van/{name}", public=True), f"Van/{name}"
    found = httpx.get(
        f"{shop.server.base_url}/.well-known/webfinger",
        params={"resource": f"acct:channel.{name}@{shop.server.host}"},
    )
    [actor] = [link["href"] for link in found.json()["links"] if link["rel"] == "self"]
    document = httpx.get(actor, headers={"Accept": AS2}).json()
    assert (document["id"], document["type"], document["name"]) == (address, "Group", f"All of {name}")
    assert document["publicKey"]["owner"] == address
    follow(bob, address)
    shop.event(van, "", occurred_at="2026-01-02T03:04:05Z")
    shop.event(van, "14 pallets taken <aboard>")
    eventually(lambda: len(posts(bob)) == 2)
    assert sorted(post["content"] for post in posts(bob)) == [
        "<p>14 pallets taken &lt;aboard&gt;</p>",
        f"<p>Ada: van washed ({name})</p>",
    ]
    assert {post["attributedTo"] for post in posts(bob)} == {address}
    for kind in ("inbox", "outbox", "followers", "following"):
        assert httpx.get(document[kind], headers={"Accept": AS2}).status_code == 200
    assert httpx.get(document["followers"], headers={"Accept": AS2}).json()["totalItems"] == 1
    assert httpx.post(document["outbox"], json={}).status_code == 405


def test_a_private_channel_is_nowhere_to_be_seen(shop: Shop, bob: Person, name: str) -> None:
    """Events §23.1.4: private by default."""
    address = shop.channel(name, f"Van/{name}", public=False)
    shop.event(f"Van/{name}", "hush")
    for path in ("", "/outbox", "/followers"):
        assert httpx.get(address + path, headers={"Accept": AS2}).status_code == 404
    resource = {"resource": f"acct:channel.{name}@{shop.server.host}"}
    found = httpx.get(f"{shop.server.base_url}/.well-known/webfinger", params=resource)
    assert found.status_code == 404
    never(lambda: posts(bob), 0.5)


def test_no_byte_that_must_not_leave_comes_to_a_follower(shop: Shop, peer: Peer, name: str) -> None:
    """Events §23.1.4: everything is sent through a public channel, and all that the follower received is searched."""
    van = f"Van/{name}"
    address, fan = shop.channel(name, van, public=True), peer.actor("fan")
    said = {"id": f"{peer.base_url}/follow", "type": "Follow", "actor": fan, "object": address}
    assert peer.send(f"{address}/inbox", said).status_code == 202
    eventually(lambda: [body for body in peer.bodies() if body["type"] == "Accept"])
    for rules in ((), (*EVERYBODY, {"MANAGE": "Group/TELLNOBODY-17"})):
        shop.call("POST", "events", everything(van, *rules))
    shop.event(van, "TELLNOBODY-18", acl=[{"READ": "Group/board"}])
    shop.event(van, "the last of it")
    creates = eventually(lambda: _three([body for body in peer.bodies() if body["type"] == "Create"]))
    received = repr(peer.received).lower()
    shown = "".join(httpx.get(one["object"]["id"], headers={"Accept": AS2}).text.lower() for one in creates)
    for text in (received, shown):
        assert text.count("everything happened") >= 2
        assert [secret for secret in SECRETS if secret in text] == []


def _three(creates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return creates if len(creates) == 3 else []


def test_what_is_answered_elsewhere_is_said_here(shop: Shop, bob: Person, name: str) -> None:
    """Events §23.5: Bob's reply is a comment, his like a vote until he takes it back."""
    follow(bob, shop.channel(name, f"Van/{name}", public=True))
    event = shop.event(f"Van/{name}", "washed and polished")
    [post] = eventually(lambda: posts(bob))
    bob.note("well done", inReplyTo=post["id"], to=[PUBLIC, post["attributedTo"]])
    like = bob.post({"type": "Like", "object": post["id"], "to": post["attributedTo"]})
    eventually(lambda: counts(shop, event) == (1, 1))
    [comment] = shop.call("GET", f"events/{event}/comments")
    assert comment["comment"] == "well done"
    assert f"ASRemoteActor/{bob.id}" in str(comment["involves"])
    bob.post({"type": "Undo", "object": like["id"], "to": post["attributedTo"]})
    eventually(lambda: counts(shop, event) == (1, 0))


def counts(shop: Shop, event: str) -> tuple[int, int]:
    """How many comments an event has, and how many votes for it."""
    shown = shop.call("GET", f"events/{event}")
    return shown.get("_comments", 0), shown.get("_bumps", {}).get("up", 0)


def test_a_channel_that_is_public_no_more_is_nowhere_to_be_found(shop: Shop, bob: Person, name: str) -> None:
    """Events §23.1.4, §23.2: neither by its handle nor its address, and nobody follows it; until it is public again."""
    address, van = shop.channel(name, f"Van/{name}", public=True), f"Van/{name}"
    handle = f"channel.{name}"
    webfinger = f"{shop.server.base_url}/.well-known/webfinger?resource=acct:{handle}@{shop.server.host}"
    pages = [address, f"{address}/outbox", f"{address}/followers", f"{shop.server.base_url}/@{handle}"]
    pages += [
        f"{shop.server.base_url}/users/{handle}",
        f"{shop.server.base_url}/users/{handle}/outbox",
        webfinger,
    ]
    pages += [f"{shop.server.base_url}/.well-known/webfinger?resource={address}"]
    follow(bob, address)

    def answers() -> set[int]:
        return {httpx.get(page, headers={"Accept": AS2}, follow_redirects=True).status_code for page in pages}

    assert answers() == {200}
    shop.call("PUT", f"channels/{name}", {"properties": {"public": False}})
    assert answers() == {404}
    eve = shop.server.person(fresh("eve").replace("-", ""))
    eve.post({"type": "Follow", "object": address, "to": address}, expect=404)
    shop.call("PUT", f"channels/{name}", {"properties": {"public": True}})
    assert answers() == {200}
    shop.event(van, "seen again")
    eventually(lambda: posts(bob))
