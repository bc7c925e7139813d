"""Entities and their histories at their addresses (Events §23.2)."""

import pytest
from archive import ADA, EVERYBODY, KESTREL, Archive
from eventsapi import BASE_URL

from vocab.dialects.events import Ref

pytestmark = pytest.mark.anyio


async def test_an_entity_tells_callers_what_is_known_of_it(archive: Archive) -> None:
    """Events §23.5."""
    await archive.log.entity(
        "Harbour/North", aspects={"presentation": {"label": "North"}, "address": {"city": "Northport"}},
        relations=[{"PART_OF": "Coast/1"}],
    )  # fmt: skip
    told = await archive.reads("/entities/Harbour/North", archive.program)
    here = f"{BASE_URL}/entities/Harbour/North"
    assert told | {"@context": None} == {
        "@context": None, "id": here, "type": ["Place", "hw:Entity"], "hw:entityRef": "Harbour/North",
        "hw:entityType": "Harbour", "name": "North", "hw:address": {"city": "Northport"},
        "context": f"{BASE_URL}/entities/Coast/1", "outbox": f"{here}/outbox", "streams": f"{here}/stream",
        "hw:links": [{"type": "Relationship", "subject": here, "relationship": "hw:PART_OF",
                      "object": f"{BASE_URL}/entities/Coast/1", "startTime": told["hw:links"][0]["startTime"]}],
    } | ({"hw:geoLocation": told["hw:geoLocation"]} if "hw:geoLocation" in told else {})  # fmt: skip
    for address in ("", "/outbox", "/stream"):
        assert (await archive.get(f"/entities/Harbour/North{address}")).status_code == 404


async def test_an_entity_has_one_address_however_it_is_named(archive: Archive) -> None:
    """Events §2.1: subtypes and capitals do not make another one; a slash belongs to an id."""
    await archive.log.entity("Vessel:Tug/Kestrel 9/b")
    for path in ("Vessel/Kestrel%209%2Fb", "Vessel%3ATug/kestrel%209%2FB", "vessel/KESTREL%209%2fb"):
        told = await archive.reads(f"/entities/{path}", archive.program)
        assert told["id"] == f"{BASE_URL}/entities/Vessel/Kestrel%209%2Fb"
        assert told["hw:entityType"] == "Vessel:Tug"


async def test_an_entity_that_everybody_may_read_is_public_with_links_to_such(archive: Archive) -> None:
    """Events §3.6: who may not know of the other end is not told of the link."""
    await archive.log.entity("Company/1", label="North", acl=EVERYBODY)
    await archive.log.entity(
        "Vessel/2", acl=EVERYBODY, relations=[{"BELONGS_TO": "Company/1"}, {"AKA": "Phone/+3545550101"}]
    )
    told = await archive.reads("/entities/Vessel/2")
    assert [link["object"] for link in told["hw:links"]] == [f"{BASE_URL}/entities/Company/1"]
    assert "Phone" not in str(told)
    assert len((await archive.reads("/entities/Vessel/2", archive.program))["hw:links"]) == 2


async def test_whoever_was_in_something_public_is_there_by_name_alone(archive: Archive) -> None:
    """Events §23.1: what else is known of them stays here."""
    await archive.log.entity(
        "Employee/Ada", aspects={"presentation": {"label": "Ada"}, "metrics": {"age": 36}}
    )
    event = await archive.load(acl=EVERYBODY)
    await archive.load(1)
    told = await archive.reads(ADA)
    assert "hw:metrics" not in told
    assert (told["type"], told["name"]) == ("Person", "Ada")
    assert await archive.listed(told["outbox"]) == [f"{BASE_URL}{event}"]
    assert await archive.listed(told["streams"]) == [f"{BASE_URL}{event}"]
    assert await archive.listed(f"{KESTREL}/stream") == [f"{BASE_URL}{event}"]
    assert (await archive.get(f"{KESTREL}/outbox")).status_code == 404


async def test_a_history_is_read_page_by_page(archive: Archive) -> None:
    """Events §6.4, AP-155: newest first, what occurred at once too, each event once."""
    events = [f"{BASE_URL}{await archive.load(minute)}" for minute in range(5)]
    events.append(f"{BASE_URL}{await archive.load(4, origin='depot.south')}")
    for limit in (1, 2, 3, 20):
        page, found = f"{KESTREL}/stream?page=1&limit={limit}", []
        while page:
            read = await archive.reads(page, archive.program)
            assert read["type"] == "OrderedCollectionPage"
            assert read["partOf"] == f"{BASE_URL}{KESTREL}/stream"
            items = [item["id"] for item in read["orderedItems"]]
            assert len(items) <= limit
            found += items
            page = read.get("next")
        assert found[2:] == events[3::-1]
        assert set(found[:2]) == set(events[4:])
    collection = await archive.reads(f"{KESTREL}/stream", archive.program)
    assert collection["type"] == "OrderedCollection"
    assert collection["attributedTo"] == f"{BASE_URL}{KESTREL}"


async def test_the_same_entity_has_one_history(archive: Archive) -> None:
    """Events §6.4: whatever it is called."""
    event = await archive.load(acl=EVERYBODY)
    await archive.log.entity("Employee/Ada", relations=[{"AKA": "Badge/7"}])
    assert await archive.listed("/entities/Badge/7/stream") == [f"{BASE_URL}{event}"]


async def test_rules_hold_in_histories(archive: Archive) -> None:
    """Events §3.6."""
    everybody = await archive.load(1)
    some = await archive.load(2, acl=[{"READ": "ASUser/bo"}])
    bo = await archive.api.caller("bo")
    assert await archive.listed(f"{ADA}/stream", bo) == [f"{BASE_URL}{some}", f"{BASE_URL}{everybody}"]
    assert await archive.listed(f"{ADA}/stream", archive.program) == [f"{BASE_URL}{everybody}"]
    assert await archive.listed(f"{ADA}/outbox", archive.api.admin) == [f"{BASE_URL}{everybody}"]


async def test_a_blind_copy_is_in_nobody_s_history(archive: Archive) -> None:
    """Events §7.14, §23.1."""
    letter = {
        "subject": "x",
        "from": "Email/a@x.example",
        "to": "Email/b@x.example",
        "bcc": "Email/c@x.example",
    }
    await archive.log.event("as.crm.message.email.sent", acl=EVERYBODY, aspects={"messaging": letter})
    assert len(await archive.listed("/entities/Email/b@x.example/stream")) == 1
    assert (await archive.get("/entities/Email/c@x.example/stream")).status_code == 404
    assert (await archive.get("/entities/Email/c@x.example")).status_code == 404


async def test_where_somebody_connected_from_is_known_to_callers_alone(archive: Archive) -> None:
    """Events §23.1."""
    await archive.load(acl=EVERYBODY, aspects={"client_ip": "203.0.113.9"})
    for address in ("", "/stream"):
        assert (await archive.get(f"/entities/ASIP/203.0.113.9{address}")).status_code == 404
        assert (await archive.get(f"/entities/ASIP/203.0.113.9{address}", archive.program)).status_code == 200


async def test_who_is_restricted_does_not_exist(archive: Archive) -> None:
    await archive.log.entity("Vessel/2", acl=[{"READ": "ASUser/bo"}])
    bo = await archive.api.caller("bo")
    assert await archive.reads("/entities/Vessel/2", bo)
    for address in ("", "/stream", "/outbox"):
        assert (await archive.get(f"/entities/Vessel/2{address}", archive.program)).status_code == 404


@pytest.mark.parametrize("before", ["", "1", "x.1", "1.x", "1.1.1", "9" * 30 + ".1", "1." + "9" * 30])
async def test_a_page_that_no_page_named_is_refused(archive: Archive, before: str) -> None:
    await archive.load()
    answer = await archive.get(f"{ADA}/stream?before={before}", archive.program)
    assert (
        (answer.status_code, answer.json()["field"]) == (400, "before") if "field" in answer.json() else True
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["Vessel/9", "a.b/1", "Vessel/%20", "no-type/1"])
async def test_what_nobody_has_named_is_not_found(archive: Archive, path: str) -> None:
    for address in ("", "/outbox", "/stream"):
        assert (await archive.get(f"/entities/{path}{address}", archive.program)).status_code == 404


async def test_a_very_long_id_has_an_address_too(archive: Archive) -> None:
    """Events §2.1: its digest stands in its place."""
    await archive.log.entity(f"Vessel/{'å' * 300}")
    entity = await archive.log.known(f"Vessel/{'å' * 300}")
    iri = archive.log.space.entity_iri(Ref(entity.type, entity.name))
    assert (await archive.reads(iri, archive.program))["id"] == iri
