"""What must be refused at the inbox, each for its reason, seen from a foreign server's side."""

import itertools
import json
from collections.abc import Iterator
from email.utils import formatdate
from time import time
from typing import Any

import httpx
import pytest
from peer import Peer
from town import PUBLIC, Person, Server, eventually, never

_names = itertools.count(1)


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


@pytest.fixture
def mallory(peer: Peer) -> str:
    return peer.actor(f"mallory{next(_names)}")


@pytest.fixture
def ada(two: tuple[Server, Server]) -> Person:
    return two[0].person(f"target{next(_names)}")


def note(actor: str, to: str, **members: Any) -> dict[str, Any]:
    """A Create that is correct in every way."""
    number = next(_names)
    created = {
        "id": f"{actor}/notes/{number}", "type": "Note", "attributedTo": actor, "content": "hi", "to": [to],
        "published": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    return {
        "id": f"{actor}/acts/{number}",
        "type": "Create",
        "actor": actor,
        "to": [to],
        "object": created,
        **members,
    }


def test_a_correct_request_is_accepted_once(peer: Peer, ada: Person, mallory: str) -> None:
    """AP-310, AP-314, SEC-005: 202, listed once, and a byte-identical replay changes nothing."""
    activity = note(mallory, ada.id)
    inbox = ada.document["inbox"]
    body = json.dumps(activity).encode()
    headers = peer.sign(inbox, body, mallory)
    for _ in range(3):
        assert httpx.post(inbox, content=body, headers=headers).status_code == 202
    eventually(lambda: ada.has(activity))
    shared = ada.document["endpoints"]["sharedInbox"]
    assert peer.send(shared, activity).status_code == 202
    never(lambda: len([item for item in ada.inbox() if item["id"] == activity["id"]]) != 1, 0.5)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"covered": "(request-target) host date"}, "the digest is not covered (SEC-003)"),
        ({"covered": "host date digest"}, "the path is not covered (SEC-003)"),
        ({"covered": "(request-target) date digest"}, "the host is not covered (SEC-003)"),
        ({"covered": "(request-target) host digest"}, "no freshness is covered (SEC-005)"),
        ({"date": formatdate(time() - 86_400, usegmt=True)}, "a day old (SEC-005)"),
        ({"date": formatdate(time() + 86_400, usegmt=True)}, "a day ahead (SEC-005)"),
        ({"host": "elsewhere.example"}, "signed for another host (SEC-006)"),
        ({"path": "/users/someone/inbox"}, "signed for another inbox (SEC-006)"),
    ],
)
def test_a_flawed_signature_is_refused(
    peer: Peer, ada: Person, mallory: str, changes: dict[str, str], why: str
) -> None:
    activity = note(mallory, ada.id)
    answer = peer.send(ada.document["inbox"], activity, **changes)
    assert answer.status_code == 401, why
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["detail"]
    assert not ada.has(activity), why


def test_an_unsigned_request_is_refused(ada: Person, mallory: str) -> None:
    """SEC-001: no signature at all."""
    activity = note(mallory, ada.id)
    answer = httpx.post(
        ada.document["inbox"],
        content=json.dumps(activity),
        headers={"Content-Type": "application/activity+json"},
    )
    assert answer.status_code == 401
    assert not ada.has(activity)


def test_an_altered_body_is_refused(peer: Peer, ada: Person, mallory: str) -> None:
    """SEC-004: the digest is of other bytes."""
    inbox, activity = ada.document["inbox"], note(mallory, ada.id)
    headers = peer.sign(inbox, json.dumps(activity).encode(), mallory)
    altered = json.dumps(activity).replace("hi", "ho").encode()
    assert httpx.post(inbox, content=altered, headers=headers).status_code == 401
    assert not ada.has(activity)


def test_nobody_acts_for_a_neighbour(peer: Peer, ada: Person, mallory: str) -> None:
    """SEC-009, SEC-024: a key of one actor does not speak for another on the same host."""
    neighbour = peer.actor(f"neighbour{next(_names)}")
    activity = note(neighbour, ada.id)
    answer = peer.send(ada.document["inbox"], activity, key_id=f"{mallory}#main-key")
    assert answer.status_code == 401
    assert not ada.has(activity)


def test_a_neighbour_cannot_change_or_delete(peer: Peer, ada: Person, mallory: str) -> None:
    """SEC-021, SEC-023, SEC-024: Update and Delete by anyone but the owner have no effect."""
    neighbour = peer.actor(f"neighbour{next(_names)}")
    original = note(mallory, ada.id)
    peer.send(ada.document["inbox"], original)
    eventually(lambda: ada.has(original))
    changed = {**original["object"], "content": "changed"}
    for type, thing in (("Update", changed), ("Delete", original["object"]["id"])):
        attempt = {
            "id": f"{neighbour}/acts/{type}",
            "type": type,
            "actor": neighbour,
            "object": thing,
            "to": [ada.id],
        }
        assert peer.send(ada.document["inbox"], attempt).status_code in (202, 401)
    never(lambda: "changed" in str(ada.inbox()) or "Tombstone" in str(ada.inbox()))


def test_an_embedded_stranger_is_not_believed(peer: Peer, ada: Person, mallory: str) -> None:
    """SEC-017: an announced object is read from its origin; the copy sent along is ignored."""
    author = peer.actor(f"author{next(_names)}")
    path = f"/people/notes/{next(_names)}"
    genuine = {
        "@context": "https://www.w3.org/ns/activitystreams", "id": peer.base_url + path, "type": "Note",
        "attributedTo": author, "content": "genuine", "to": [PUBLIC], "published": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    peer.documents[path] = genuine
    announce = {
        "id": f"{mallory}/acts/{next(_names)}", "type": "Announce", "actor": mallory, "to": [PUBLIC], "cc": [ada.id],
        "object": {**genuine, "content": "forged"},
    }  # fmt: skip
    assert peer.send(ada.document["inbox"], announce).status_code == 202
    eventually(lambda: ada.has(announce))
    assert "forged" not in str(ada.inbox())
    assert "genuine" in str(ada.inbox())


def test_our_own_ids_are_not_taken_from_outside(peer: Peer, ada: Person, mallory: str) -> None:
    """SEC-037: an activity or object under our origin that comes from outside is refused or without effect."""
    posted = ada.note("mine")
    activity = note(mallory, ada.id, id=f"{ada.server.base_url}/activities/forged")
    assert peer.send(ada.document["inbox"], activity).status_code in (400, 401)
    forged = note(mallory, ada.id)
    forged["object"]["id"] = posted["object"]["id"]
    peer.send(ada.document["inbox"], forged)
    never(lambda: ada.get(posted["object"]["id"]).json()["content"] != "mine", 0.5)


def test_undo_by_someone_else_changes_nothing(peer: Peer, ada: Person, mallory: str) -> None:
    """SEC-025: only the actor of an activity may undo it."""
    posted = ada.note("like me")
    liker = peer.actor(f"liker{next(_names)}")
    like = {"id": f"{liker}/likes/1", "type": "Like", "actor": liker, "object": posted["object"]["id"]}
    peer.send(ada.document["inbox"], like)
    likes = posted["object"]["likes"]
    eventually(lambda: ada.items(likes) == [like["id"]])
    undo = {"id": f"{mallory}/undo/1", "type": "Undo", "actor": mallory, "object": like}
    peer.send(ada.document["inbox"], undo)
    never(lambda: ada.items(likes) == [])


def test_accept_without_a_request_makes_no_follow(peer: Peer, ada: Person, mallory: str) -> None:
    """SEC-025: an Accept of a Follow that was never sent does nothing."""
    follow = {"id": f"{ada.id}#never", "type": "Follow", "actor": ada.id, "object": mallory}
    accept = {"id": f"{mallory}/acc/1", "type": "Accept", "actor": mallory, "object": follow, "to": [ada.id]}
    peer.send(ada.document["inbox"], accept)
    never(lambda: ada.items("following") != [])


def test_delete_of_an_unknown_actor_costs_nothing(peer: Peer, ada: Person) -> None:
    """SEC-013, AP-326: 202 and no outbound request."""
    ghost = f"{peer.base_url}/people/ghost"
    before = len(peer.fetched)
    answer = peer.send(
        ada.document["inbox"], {"id": f"{ghost}#delete", "type": "Delete", "actor": ghost, "object": ghost}
    )
    assert answer.status_code == 202
    never(lambda: len(peer.fetched) != before, 0.5)


@pytest.mark.parametrize(
    ("body", "type", "status"),
    [
        (b"{", "application/activity+json", 400),
        (b"[]", "application/activity+json", 400),
        (b'{"a":1,"a":2}', "application/activity+json", 400),
        (b"\xff\xfe{}", "application/activity+json", 400),
        (b"[" * 100_000, "application/activity+json", 400),
        (
            b'{"type":"Follow","actor":"https://a.example","object":"https://b.example"}',
            "application/activity+json",
            400,
        ),
        (b'{"type":"Like"}', "text/plain", 415),
        (b'{"type":"Like"}', "application/x-www-form-urlencoded", 415),
        (b'{"content":"' + b"x" * 1_100_000 + b'"}', "application/activity+json", 413),
    ],
)
def test_bodies_that_cannot_be_activities(ada: Person, body: bytes, type: str, status: int) -> None:
    """AP-001, AP-311, AP-315, AP-643, SEC-049…SEC-054: a clear 4xx, never a 5xx."""
    answer = httpx.post(ada.document["inbox"], content=body, headers={"Content-Type": type})
    assert answer.status_code == status
    assert answer.json()["status"] == status


def test_a_follow_without_id_cannot_be_answered(peer: Peer, ada: Person, mallory: str) -> None:
    """AP-315: the sender is told so at once."""
    answer = peer.send(ada.document["inbox"], {"type": "Follow", "actor": mallory, "object": ada.id})
    assert answer.status_code == 400
    assert "id" in answer.text


def test_unknown_inbox_is_404(peer: Peer, ada: Person, mallory: str) -> None:
    """AP-311."""
    inbox = f"{ada.server.base_url}/users/nobody{next(_names)}/inbox"
    assert peer.send(inbox, note(mallory, ada.id)).status_code == 404
