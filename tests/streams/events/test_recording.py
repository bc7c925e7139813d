"""Keeping events: once, with who took part, in the streams of those who did it (Events §3)."""

import json
from random import Random
from typing import Any
from uuid import UUID

import pytest
from logbook import BASE, Logbook

from storage import eventitems, eventroles, objects
from streams.events import Rejected

pytestmark = pytest.mark.anyio

EVENT_A: dict[str, Any] = {
    "type": "as.fleet.cargo.loaded",
    "origin": "depot.north",
    "occurred_at": "2031-03-04T05:06:07.089+02:00",
    "description": "14 pallets taken aboard",
    "involves": [
        {"role": "ACTOR:OPERATOR", "entity_ref": "Employee/Ada"},
        {"AFFECTS": {"entity_ref": "Vessel/Kestrel-9", "label": "Kestrel"}},
        {"REFERENCES": "Manifest/77", "external_id": "m1"},
    ],
    "aspects": {"dimensions": {"quay": "7"}, "metrics": {"pallets": 14}, "tags": ["Outbound"]},
    "properties": {"shift": "night"},
}
ID_A = UUID("f48383f0-fc0f-317c-90df-5d7a76e1eb17")


async def test_an_event_is_kept_with_all_that_it_is_found_by(logbook: Logbook) -> None:
    """Events §2.2, §3.4: the message, who took part, its tags, and its Activity Streams form."""
    made = await logbook.event(**EVENT_A)
    assert (made.stream_id, made.created) == (ID_A, True)
    assert made.body["_stream_id"] == str(ID_A)
    assert made.body["_received_at"].endswith("Z")

    row = await logbook.item(ID_A)
    assert (row.type, row.origin, row.importance, row.kind) == ("as.fleet.cargo.loaded", "depot.north", 2, 0)
    assert json.loads(row.body)["properties"] == {"shift": "night"}
    assert "_stream_id" not in json.loads(row.body)

    roles = (await logbook.store.read(eventroles.of, [row.id]))[row.id]
    ada, kestrel = await logbook.known("Employee/ada"), await logbook.known("Vessel/kestrel-9")
    manifest = await logbook.known("Manifest/77")
    assert {(role.named, role.path, role.external_id) for role in roles} == {
        (ada.id, "ACTOR:OPERATOR", ""),
        (kestrel.id, "AFFECTS", ""),
        (manifest.id, "REFERENCES", "m1"),
    }
    assert await logbook.store.read(eventroles.tags_of, [row.id]) == {row.id: ["outbound"]}
    assert (kestrel.type, kestrel.label) == ("Vessel", "Kestrel")


async def test_an_event_is_a_private_activity_in_its_actors_stream(logbook: Logbook) -> None:
    """Events §23.2, §23.1: at the door of ActivityPub it is what feeds put beside it."""
    made = await logbook.event(**EVENT_A)
    thing = await logbook.store.read(objects.by_iri, f"{BASE}/events/{ID_A}")
    assert thing is not None
    assert thing.document is not None
    assert (thing.id, thing.public) == (made.id, 0)
    document = json.loads(thing.document)
    assert document["actor"]["id"] == f"{BASE}/entities/Employee/Ada"
    [(owner, kind, iri, item)] = await logbook.rows(
        "SELECT s.owner, s.kind, s.iri, e.item FROM entries e JOIN streams s ON s.id = e.stream"
    )
    ada = await logbook.known("Employee/Ada")
    assert (owner, kind, iri, item) == (ada.id, "outbox", f"{BASE}/entities/Employee/Ada/outbox", made.id)
    assert thing.owner == ada.id


async def test_what_everybody_may_read_is_public(logbook: Logbook) -> None:
    """Events §3.6, §23.1: and nothing else is."""
    shown = await logbook.event(**EVENT_A, acl=[{"READ": "Public"}])
    thing = await logbook.store.read(objects.by_id, shown.id)
    assert thing is not None
    assert thing.public
    assert not (await logbook.item(shown.stream_id)).restricted
    [(public,)] = await logbook.rows("SELECT public FROM entries")
    assert public == 1


async def test_rules_name_who_may_know(logbook: Logbook) -> None:
    """Events §3.6: users by their keys, roles of privileges by their names."""
    made = await logbook.event(acl=[{"READ": "ASUser/Bo"}, {"MANAGE": "MANAGEMENT"}])
    row = await logbook.item(made.stream_id)
    assert row.restricted == 1
    readers = await logbook.rows("SELECT party, manages FROM event_readers WHERE item = :item", item=row.id)
    assert set(readers) == {("asuser/bo", 0), ("MANAGEMENT", 1)}


async def test_sent_again_it_is_kept_once(logbook: Logbook) -> None:
    """Events §2.2: the same event, in another spelling; nothing of it changes."""
    first = await logbook.event(**EVENT_A)
    again = await logbook.event(
        **{**EVENT_A, "occurred_at": "2031-03-04T03:06:07.089Z", "description": "other"}
    )
    assert (again.id, again.stream_id, again.created) == (first.id, ID_A, False)
    assert again.body == first.body
    [(items, entries)] = await logbook.rows(
        "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM entries)"
    )
    assert (items, entries) == (1, 1)


async def test_sent_again_it_still_says_what_it_says_of_entities(logbook: Logbook) -> None:
    """Events §5.2: entities inside a duplicate are merged all the same."""
    await logbook.event(involves=[{"ACTOR": "Employee/Ada"}])
    again = await logbook.event(involves=[{"ACTOR": {"entity_ref": "Employee/Ada", "label": "Ada N."}}])
    assert not again.created
    assert (await logbook.known("Employee/Ada")).label == "Ada N."


async def test_many_are_kept_together(logbook: Logbook) -> None:
    """Events §3.5: in one unit of work, in their order, duplicates among them too."""

    def washed(minute: int) -> tuple[str, dict[str, Any]]:
        involves = [{"ACTOR": "Employee/Ada"}, {"AFFECTS": f"Van/{minute}"}]
        at = f"2031-03-04T10:{minute:02}:00Z"
        return "event", {
            "type": "as.fleet.van.washed",
            "occurred_at": at,
            "origin": "depot",
            "involves": involves,
        }

    outcomes = await logbook.record(washed(1), washed(2), washed(1), washed(3))
    assert not any(isinstance(outcome, Rejected) for outcome in outcomes)
    made = [outcome[0] for outcome in outcomes if not isinstance(outcome, Rejected)]
    assert [one.created for one in made] == [True, True, False, True]
    assert made[0].id == made[2].id
    [(count,)] = await logbook.rows("SELECT count(*) FROM events")
    assert count == 3


async def test_an_event_may_name_an_item_of_a_stream(logbook: Logbook) -> None:
    """Events §2.1: by its stream id; what does not exist has no role."""
    first = await logbook.event()
    involves = [{"ACTOR": "Employee/Ada"}, {"REFERENCES": str(first.stream_id)}, {"REFERENCES": str(ID_A)}]
    second = await logbook.event("as.fleet.van.checked", involves=involves)
    roles = (await logbook.store.read(eventroles.of, [second.id]))[second.id]
    assert [role.named for role in roles if role.path == "REFERENCES"] == [first.id]


async def test_an_external_id_that_another_event_has_is_told(logbook: Logbook) -> None:
    """Events §7.8: both are kept."""
    await logbook.event(aspects={"resolvable": "DEP-17"})
    other = await logbook.event("as.fleet.van.checked", aspects={"resolvable": "DEP-17"})
    assert other.created
    assert [problem.field for problem in other.problems] == ["aspects.resolvable.external_id"]
    found = await logbook.store.read(eventitems.by_external_id, logbook.tenant.id, "DEP-17")
    assert len(found) == 2
    elsewhere = await logbook.event(
        "as.fleet.van.parked", origin="depot.south", aspects={"resolvable": "DEP-17"}
    )
    assert not elsewhere.problems


async def test_labels_are_reserved_for_one_place(logbook: Logbook) -> None:
    """Events §4.3: from the first use on, also when two are first at the same time."""
    first = {"type": "as.x.done", "involves": [{"ACTOR:STEERER": "Employee/Ada"}]}
    second = {"type": "as.y.done", "involves": [{"ACTOR": "Employee/Ada"}, {"AFFECTS:STEERER": "Van/1"}]}
    kept, refused = await logbook.record(("event", first), ("event", second))
    assert not isinstance(kept, Rejected)
    assert isinstance(refused, Rejected)
    assert [problem.code for problem in refused.problems] == ["reserved_label"]
    assert await logbook.find("Van/1") is None
    known = await logbook.parts.known(logbook.tenant)
    assert known.labels[("role", "STEERER")] == "ACTOR:STEERER"


async def test_each_line_is_a_sub_event(logbook: Logbook) -> None:
    """Events §7.7: of the event, with the roles of both, and in nobody's stream of activities."""
    items = [{"PURCHASED": "Mug/blue", "item_count": 2, "item_price": 9.5}]
    sold = await logbook.event(
        "as.commerce.purchase.completed", involves=[{"BUYER": "Customer/c-88"}], aspects={"items": items}
    )
    [part] = await logbook.parts_of(sold.id)
    assert (part.kind, part.type) == (2, "as.commerce.transaction.purchased")
    roles = (await logbook.store.read(eventroles.of, [part.id]))[part.id]
    mug, customer = await logbook.known("Mug/blue"), await logbook.known("Customer/c-88")
    assert {(mug.id, "TRADE:PURCHASED"), (customer.id, "ACTOR:BUYER")} <= {(r.named, r.path) for r in roles}
    entered = await logbook.rows("SELECT item FROM entries")
    assert entered == [(sold.id,)]


async def test_a_user_of_the_default_tenant_is_the_account(logbook: Logbook, account: int) -> None:
    """The event is in the account's own stream, and the account is its actor (Events §23.1)."""
    made = await logbook.event(involves=[{"ACTOR": "User/ada"}])
    [(owner, item)] = await logbook.rows(
        "SELECT s.owner, e.item FROM entries e JOIN streams s ON s.id = e.stream WHERE s.kind = 'outbox'"
    )
    assert (owner, item) == (account, made.id)
    thing = await logbook.store.read(objects.by_id, made.id)
    assert thing is not None
    assert thing.document is not None
    assert json.loads(thing.document)["actor"]["id"] == f"{BASE}/users/ada"
    assert thing.owner == account


async def test_tenants_know_nothing_of_each_other(logbook: Logbook) -> None:
    """The same message is another event in another tenant."""
    other = await Logbook.made(logbook.store, "north")
    first, second = await logbook.event(**EVENT_A), await other.event(**EVENT_A)
    assert first.stream_id == second.stream_id
    assert first.id != second.id
    assert (await other.known("Employee/Ada")).id != (await logbook.known("Employee/Ada")).id
    thing = await logbook.store.read(objects.by_id, second.id)
    assert thing is not None
    assert thing.iri == f"{BASE}/tenants/north/events/{ID_A}"


async def test_what_only_some_may_know_of_is_not_its_actor_s(logbook: Logbook, account: int) -> None:
    """Events §3.6: an account reads what is its own, and all of its stream; it may not be among those who are named."""
    said = {"involves": [{"ACTOR": "User/ada"}]}
    hers = await logbook.event(**said)
    secret = await logbook.event("as.fleet.van.checked", **said, acl=[{"READ": "MANAGEMENT"}])
    owners = await logbook.rows("SELECT id, owner FROM objects WHERE kind = 2 ORDER BY id")
    assert owners == [(hers.id, account), (secret.id, None)]
    assert await logbook.rows("SELECT item FROM entries") == [(hers.id,)]


def text(length: int) -> str:
    """Text of three bytes a character that no database makes shorter."""
    random = Random(length)
    return "".join(chr(random.randrange(0x4E00, 0x9FA0)) for _ in range(length))


@pytest.mark.parametrize(
    "members",
    [
        {"aspects": {"resolvable": {"external_id": text(512), "batch_id": text(512)}}},
        {"aspects": {"settings": {text(255): 1}, "tags": [text(255)]}},
        {"aspects": {"grouped": {"group": text(9_000), "scope": text(9_000)}}},
        {"involves": [{"ACTOR": f"Employee/{text(341)}", "external_id": text(512)}]},
        {"type": "a" * 255, "origin": "o" * 255, "occurred_at": "0001-01-01T00:00:00Z"},
        {"acl": [{"READ": f"ASUser/{text(341)}"}], "occurred_at": "9999-12-31T23:59:59Z"},
    ],
)
async def test_what_is_valid_fits_the_database(logbook: Logbook, members: dict[str, Any]) -> None:
    """The longest that reading a message lets through can be kept, on each engine."""
    assert (await logbook.event(**members)).created
