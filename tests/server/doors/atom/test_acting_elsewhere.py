"""Acting on what came in by the Events and Feeds APIs: it becomes what it would be there (Atom §7.2, §7.3)."""

from typing import Any

import pytest
from atomhall import BASE_URL, Caller, Hall

from storage.actors import ActorRow
from streams import inline
from streams.happenings import local
from streams.policy import viewer
from streams.providers import Onlooker

pytestmark = pytest.mark.anyio

COMMENTS = "/plugins/servlet/streamscomments"
ACTIONS = "/rest/stream-actions/1.0/actions"
EVENT: dict[str, Any] = {
    "type": "as.orchard.sensor.drifted", "origin": "orchard", "occurred_at": "2026-01-02T03:04:05Z",
    "involves": [{"ACTOR": "Employee/Mirela"}, {"AFFECTS": "Issue/ORCHARD-7"}],
    "acl": [{"READ": "Public"}],
}  # fmt: skip


async def actions(hall: Hall, iri: str, actor: ActorRow, *, admin: bool = False) -> dict[str, str]:
    store, who = hall.house.store, Onlooker(viewer(actor), actor.name, admin=admin)
    entry = await local.find(store, BASE_URL, iri, who)
    assert entry is not None
    [shown] = await inline.offered(store, BASE_URL, who, [entry])
    return {action.rel.rpartition("/")[2]: action.href for action in shown.actions}


async def act(caller: Caller, address: str, method: str = "POST", **options: Any) -> int:
    answer = await caller.ask(method, address.removeprefix(BASE_URL), **options)
    return answer.status_code


async def recorded(hall: Hall, **members: Any) -> str:
    told = await hall.events.admin.does("POST", "events", {**EVENT, **members})
    return str(told["_stream_id"])


async def test_an_event(hall: Hall) -> None:
    """A comment on an event is one of the Events API, a vote a bump, each once."""
    bob = await hall.member("bob")
    as_bob = await hall.bearer(bob)
    id = await recorded(hall)
    offered = await actions(hall, f"{BASE_URL}/events/{id}", bob)
    assert set(offered) == {"reply-to", "issue-vote"}
    answer = await as_bob.ask(
        "POST", offered["reply-to"].removeprefix(BASE_URL), data={"comment": "Two degrees."}
    )
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].startswith(f"{BASE_URL}/events/")
    [comment] = await hall.events.admin.does("GET", f"comments/{id}")
    assert comment["comment"] == "Two degrees."
    assert answer.headers["location"].endswith(comment["_stream_id"])
    assert "ASUser/bob" in str(comment["involves"])
    vote = offered["issue-vote"]
    assert [await act(as_bob, vote) for _ in range(2)] == [204, 409]
    assert set(await actions(hall, f"{BASE_URL}/events/{id}", bob)) == {"reply-to"}
    assert [await act(as_bob, vote, "DELETE") for _ in range(2)] == [204, 409]
    assert await act(as_bob, vote.replace("issue-vote", "watch")) == 412


async def test_an_event_that_is_kept_from_some(hall: Hall) -> None:
    """What rules hide does not exist; whoever runs the server may answer it."""
    bob, boss = await hall.member("bob"), await hall.member("boss", admin=True)
    as_bob = await hall.bearer(bob)
    as_boss = await hall.bearer(boss, "read write admin:read")
    id = await recorded(hall, acl=[{"READ": "Employee/Mirela"}])
    for address in (f"{COMMENTS}/events/events/{id}", f"{ACTIONS}/issue-vote/events/{id}"):
        assert await act(as_bob, address, data={"comment": "x"}) == 404
        assert await act(as_boss, address, data={"comment": "x"}) in (201, 204)
    [comment] = await hall.events.admin.does("GET", f"comments/{id}")
    assert comment["comment"] == "x"


async def test_an_activity_of_a_feed(hall: Hall) -> None:
    """A comment is a reaction ``comment``, a vote a reaction ``like``, of the user whose name the member has."""
    bob, boss = await hall.member("bob"), await hall.member("boss", admin=True)
    as_bob, as_boss = await hall.bearer(bob), await hall.bearer(boss, "read write admin:read")
    said = {"actor": "User:mirela", "verb": "prune", "object": "Tree:7"}
    made = await hall.feeds.server.does("POST", "feed/user/mirela/", said)
    iri = f"{BASE_URL}/activities/{made['id']}"
    offered = await actions(hall, iri, boss, admin=True)
    assert set(offered) == {"reply-to", "issue-vote"}
    for address in offered.values():
        assert await act(as_bob, address, data={"comment": "x"}) == 404
    answer = await as_boss.ask(
        "POST", offered["reply-to"].removeprefix(BASE_URL), data={"comment": "Well done"}
    )
    assert answer.status_code == 201, answer.text
    assert [await act(as_boss, offered["issue-vote"]) for _ in range(2)] == [204, 409]
    found = (await hall.feeds.server.does("GET", f"reaction/activity_id/{made['id']}/"))["results"]
    assert {(one["kind"], one["user_id"], one["data"].get("text")) for one in found} == {
        ("comment", "boss", "Well done"),
        ("like", "boss", None),
    }
    [comment] = [one for one in found if one["kind"] == "comment"]
    assert answer.headers["location"].endswith(comment["id"])
    assert set(await actions(hall, iri, boss, admin=True)) == {"reply-to"}
    assert [await act(as_boss, offered["issue-vote"], "DELETE") for _ in range(2)] == [204, 409]


async def test_an_actor(hall: Hall) -> None:
    """Who an entry is about can be followed."""
    ada, bob = await hall.member("ada"), await hall.member("bob")
    as_ada, as_bob = await hall.bearer(ada), await hall.bearer(bob)
    carol = await hall.member("carol")
    body = (
        f'{{"type": "Follow", "object": "{carol.iri}", "to": "https://www.w3.org/ns/activitystreams#Public"}}'
    )
    answer = await as_ada.ask(
        "POST", "/users/ada/outbox", content=body, headers={"content-type": "application/activity+json"}
    )
    watch = (await actions(hall, answer.json()["id"], bob))["watch"]
    assert [await act(as_bob, watch) for _ in range(2)] == [204, 409]
    assert [await act(as_bob, watch, "DELETE") for _ in range(2)] == [204, 409]
    assert await act(await hall.bearer(carol), watch) == 412


@pytest.mark.parametrize("key", ["ORCHARD-7", "entities/Issue/ORCHARD-7"])
async def test_an_entity_by_its_key(hall: Hall, key: str) -> None:
    """Atom §7.3: what has a key is watched, voted for and commented on by that."""
    await recorded(hall)
    as_bob = await hall.bearer(await hall.member("bob"))
    for action in ("watch", "issue-vote"):
        address = f"{ACTIONS}/{action}/{key}"
        statuses = [
            await act(as_bob, address, method) for method in ("DELETE", "POST", "POST", "DELETE", "DELETE")
        ]
        assert statuses == [409, 204, 409, 204, 409]
        assert await act(as_bob, f"{ACTIONS}/{action}/{key.replace('ORCHARD-7', 'ORCHARD-8')}") == 404
    answer = await as_bob.ask("POST", f"{COMMENTS}/events/{key}", data={"comment": "Frost again"})
    assert answer.status_code == 201, answer.text
    [comment] = await hall.events.admin.does("GET", "comments/Issue/ORCHARD-7")
    assert comment["comment"] == "Frost again"


async def test_an_entity_that_is_kept_from_some(hall: Hall) -> None:
    await hall.events.admin.does(
        "POST", "entities", {"entity_ref": "Issue/ORCHARD-9", "acl": [{"READ": "Employee/Mirela"}]}
    )
    as_bob = await hall.bearer(await hall.member("bob"))
    for address in (
        f"{COMMENTS}/events/ORCHARD-9",
        f"{ACTIONS}/watch/ORCHARD-9",
        f"{ACTIONS}/issue-vote/ORCHARD-9",
    ):
        assert await act(as_bob, address, data={"comment": "x"}) == 404
