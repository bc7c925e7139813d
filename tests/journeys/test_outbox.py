"""The outbox over the wire: who may post, what is answered, what is refused and how."""

import itertools
import json

import httpx
import pytest
from peer import Peer
from town import AS2, PUBLIC, Person, Server, eventually

_names = itertools.count(1)
NOTE = {"type": "Note", "content": "x", "to": PUBLIC}


@pytest.fixture(scope="module")
def ada(two: tuple[Server, Server]) -> Person:
    return two[0].person(f"poster{next(_names)}")


def send(person: Person, body: object = NOTE, *, outbox: str = "", **headers: str) -> httpx.Response:
    """Post with the person's token unless other headers say otherwise; an empty header is left out."""
    given = {"Content-Type": AS2, "Authorization": f"Bearer {person.token}", **headers}
    return httpx.post(
        outbox or person.document["outbox"], content=body if isinstance(body, bytes) else json.dumps(body),
        headers={name: value for name, value in given.items() if value},
    )  # fmt: skip


def test_who_may_post(two: tuple[Server, Server], ada: Person) -> None:
    """AP-191: no token 401, a wrong one 401, someone else's 403, one that may only read 403."""
    eve = two[0].person(f"poster{next(_names)}")
    for token in ("", "Bearer wrong"):
        refused = send(ada, Authorization=token)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Bearer")
    assert send(eve, outbox=ada.document["outbox"]).status_code == 403
    before = ada.items("outbox")
    reading = two[0].cli("token", "issue", ada.name, "--scope", "read")["access_token"]
    refused = send(ada, Authorization=f"Bearer {reading}")
    assert refused.status_code == 403
    assert "insufficient_scope" in refused.headers["www-authenticate"]
    assert ada.items("outbox") == before


@pytest.mark.parametrize(
    ("body", "type", "status"),
    [
        (NOTE, "text/plain", 415),
        (NOTE, "application/activity+json", 201),
        ([NOTE], AS2, 400),
        (b"{", AS2, 400),
        ("text", AS2, 400),
        ({"type": "Like"}, AS2, 400),
        ({"type": "EmojiReact", "content": "x"}, AS2, 400),
        ({"type": "Add", "object": "https://a.example"}, AS2, 400),
    ],
)
def test_what_may_be_posted(ada: Person, body: object, type: str, status: int) -> None:
    """AP-190, AP-192, AP-201, AP-207: refusals are problem documents and leave no trace."""
    before = len(ada.items("outbox"))
    answered = send(ada, body, **{"Content-Type": type})
    assert answered.status_code == status
    if status != 201:
        assert answered.headers["content-type"].startswith("application/problem+json")
        assert answered.json()["status"] == status
    assert len(ada.items("outbox")) == before + (status == 201)


def test_the_answer_is_the_activity_and_readable_at_once(ada: Person) -> None:
    """AP-193, AP-194: Location is the activity's id, also for a bare object; a client's own ids are ignored."""
    answered = send(ada, {**NOTE, "id": "https://a.example/mine"})
    made = answered.json()
    assert answered.headers["location"] == made["id"] != "https://a.example/mine"
    assert made["object"]["id"] != "https://a.example/mine"
    shown = ada.get(made["id"], signed_in=False).json()
    assert (shown["id"], shown["object"]["id"]) == (made["id"], made["object"]["id"])
    assert shown["object"]["content"] == "x"
    assert ada.items("outbox")[0]["id"] == made["id"]


def test_a_key_makes_a_request_once(ada: Person) -> None:
    """AP-206: the same answer for the same body, a conflict for another."""
    key = {"Idempotency-Key": "one"}
    before = len(ada.items("outbox"))
    first, second = send(ada, **key), send(ada, **key)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert len(ada.items("outbox")) == before + 1
    assert send(ada, {**NOTE, "content": "y"}, **key).status_code == 409


def test_the_servers_own_actor_has_no_clients(ada: Person) -> None:
    """AP-208."""
    refused = send(ada, outbox=f"{ada.server.base_url}/actor/outbox")
    assert refused.status_code == 405
    assert "POST" not in refused.headers["allow"]


def test_what_arrives_takes_effect_soon(two: tuple[Server, Server], ada: Person) -> None:
    """AP-318: within a second of an idle server's 202."""
    bob = two[1].person(f"poster{next(_names)}")
    sent = bob.post({**NOTE, "to": [ada.id]})
    eventually(lambda: ada.has(sent), 5)


def test_who_asks_right_after_the_202_is_shown_the_effect(ada: Person) -> None:
    """AP-318: a member's program, over a connection that stands, by what it reads and by what it does next."""
    peer = Peer()
    here = f"poster{next(_names)}"
    cy = ada.server.person(here, "--approve-followers")
    signed_in = {"Authorization": f"Bearer {cy.token}", "Content-Type": AS2}
    try:
        with httpx.Client(headers=signed_in) as program:
            for number in range(10):
                bob = peer.actor(f"bob{number}")
                follow = {"id": f"{bob}/f", "type": "Follow", "actor": bob, "object": cy.id}
                body = json.dumps(follow).encode()
                taken = program.post(
                    cy.document["inbox"], content=body, headers=peer.sign(cy.document["inbox"], body, bob)
                )
                assert taken.status_code == 202
                answer = program.post(cy.document["outbox"], json={"type": "Accept", "object": follow["id"]})
                assert answer.status_code == 201, answer.text
                assert bob in cy.items("followers")
    finally:
        peer.close()
