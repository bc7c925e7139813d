"""Reading entities, links, votes and catalogues (Events §5.4, §6, §10)."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from annals import BASE, Annals

from storage import eventbumps, eventlabels, open_store
from storage.eventbumps import BumpRow
from streams import filters
from streams.errors import NotFound, Refused
from streams.events import census, entityreading
from streams.events.entityreading import Sheet
from streams.events.wanted import Page
from vocab.dialects.events import Ref

pytestmark = pytest.mark.anyio


@pytest.fixture
async def past(ready_url: str) -> AsyncIterator[Annals]:
    async with open_store(ready_url, base_url=BASE) as store:
        made = await Annals.begun(store)
        aspects = {"presentation": {"label": "Kestrel"}}
        await made.entity("Vessel:Tug/Kestrel-9", aspects=aspects, properties={"hull": "NT-9"})
        await made.entity("Vessel/plain")
        await made.entity("VesselTug/other")
        await made.entity("Vessel:Tug:Harbour/small")
        await made.entity("Vessel/gone", deleted=True)
        yield made


def refs(page: Page) -> list[str]:
    return [one["entity_ref"] for one in page.items]


async def of_type(past: Annals, type: str, **sheet: Any) -> Page:
    return await past.store.read(entityreading.of_type, past.space, past.reader(), type, Sheet(**sheet))


async def test_an_entity_by_its_reference_and_by_its_id(past: Annals) -> None:
    """Only the root of its type and its id in any case name it (Events §2.1)."""
    kestrel = Ref.parse("vessel/KESTREL-9")
    found = await past.store.read(entityreading.one, past.space, past.reader(), kestrel)
    assert found == {
        "entity_ref": "Vessel:Tug/Kestrel-9",
        "aspects": {"presentation": {"label": "Kestrel"}},
        "properties": {"hull": "NT-9"},
        "_stream_id": "03a18143-7276-30c6-8d86-10853e2f0f19",
        "_streamid": "03a18143-7276-30c6-8d86-10853e2f0f19",
        "_class": "Tug",
        "_registered_at": "2030-03-17T17:46:40.000Z",
        "_last_updated": "2030-03-17T17:46:40.000Z",
        "_as2": f"{BASE}/entities/Vessel/Kestrel-9",
        "_bumps": {"up": 0, "down": 0, "neutral": 0},
        "_comments": 0,
    }
    assert await past.store.read(entityreading.one, past.space, past.reader(), kestrel.stream_id) == found
    for missing in (Ref.parse("Vessel/none"), uuid4()):
        with pytest.raises(NotFound):
            await past.store.read(entityreading.one, past.space, past.reader(), missing)


async def test_one_that_is_deleted_is_in_no_list_but_still_there(past: Annals) -> None:
    """Events §5.2."""
    gone = Ref.parse("Vessel/gone")
    assert (await past.store.read(entityreading.one, past.space, past.reader(), gone))["_class"] == "Vessel"
    assert "Vessel/gone" not in refs(await of_type(past, "Vessel"))


async def test_several_in_the_order_asked_for(past: Annals) -> None:
    asked: list[Ref | UUID] = [
        Ref.parse("Vessel/plain"), Ref.parse("Vessel/none"), Ref.parse("Vessel/kestrel-9").stream_id,
    ]  # fmt: skip
    found = await past.store.read(entityreading.several, past.space, past.reader(), asked)
    assert [one["entity_ref"] for one in found] == ["Vessel/plain", "Vessel:Tug/Kestrel-9"]


async def test_a_type_has_those_below_it(past: Annals) -> None:
    page = await of_type(past, "Vessel")
    assert refs(page) == ["Vessel:Tug/Kestrel-9", "Vessel/plain", "Vessel:Tug:Harbour/small"]
    assert page.total == 3
    assert refs(await of_type(past, "vessel:TUG")) == ["Vessel:Tug/Kestrel-9", "Vessel:Tug:Harbour/small"]
    assert refs(await of_type(past, "Tug")) == []
    second = await of_type(past, "Vessel", page=2, size=2)
    assert (refs(second), second.total) == (["Vessel:Tug:Harbour/small"], 3)
    with pytest.raises(Refused):
        await of_type(past, "Vessel", page=1_000, size=300)


@pytest.mark.parametrize(
    "text",
    [
        "properties.hull = 'NT-9'",
        "aspects.presentation.label LIKE 'Kes%'",
        "label = 'Kestrel'",
        "entity_ref = 'Vessel:Tug/Kestrel-9'",
        "entity_id MATCHES 'K.*-\\d'",
        "properties IS NOT NULL AND properties.hull IS NOT NULL AND no.such IS NULL",
        "_last_updated < '2031-01-01' AND NOT entity_type = 'Vessel' AND label != ''",
    ],
)
async def test_a_type_is_filtered_by_what_its_entities_say(past: Annals, text: str) -> None:
    assert refs(await of_type(past, "Vessel", filter=filters.parse(text))) == ["Vessel:Tug/Kestrel-9"]


async def links(past: Annals, of: str, sheet: Sheet | None = None, **more: Any) -> list[tuple[str, str, str]]:
    found = await past.store.read(
        entityreading.links, past.space, past.reader(), Ref.parse(of), sheet or Sheet(), **more
    )
    assert found.total == len(found.items)
    return [(one["type"], one["$direction"], one["entity_ref"]) for one in found.items]


async def test_links_by_type_and_direction(past: Annals) -> None:
    """Types with all below them, families with all in them (Events §5.4, §6.2)."""
    for name in ("Company/tow", "Callsign/TFKE", "Person/jo"):
        await past.entity(name)
    await past.link("Vessel/Kestrel-9", "BELONGS_TO", "Company/tow", weight=2.5, since=1, properties={"a": 1})
    await past.link("Callsign/TFKE", "AKA", "Vessel/Kestrel-9", until=3)
    await past.link("Vessel/Kestrel-9", "RELATED_TO:SIBLING", "Vessel/plain")
    belongs = ("BELONGS_TO", "OUT", "Company/tow")
    aka = ("AKA", "IN", "Callsign/TFKE")
    sibling = ("RELATED_TO:SIBLING", "OUT", "Vessel/plain")
    assert await links(past, "Vessel/kestrel-9") == [belongs, aka, sibling]
    assert await links(past, "Vessel/kestrel-9", direction="IN") == [aka]
    assert await links(past, "Vessel/kestrel-9", direction="OUT") == [belongs, sibling]
    for asked in (("RELATED_TO",), ("SIBLING",), ("related_to:sibling",), ("KNOWS",)):
        assert await links(past, "Vessel/kestrel-9", types=asked) == [sibling]
    assert await links(past, "Vessel/kestrel-9", types=("AKA", "CLOSE")) == [belongs, aka]
    heavy = Sheet(filter=filters.parse("weight > 2 AND properties.a = 1 AND active_until IS NULL"))
    assert await links(past, "Vessel/kestrel-9", heavy) == [belongs]
    found = await past.store.read(
        entityreading.links, past.space, past.reader(), Ref.parse("Vessel/Kestrel-9"), Sheet(size=1)
    )
    assert found.total == 3
    assert {name: found.items[0][name] for name in ("properties", "weight", "active_from", "active_until")} == {
        "properties": {"a": 1}, "weight": 2.5, "active_from": "2030-03-17T17:46:41.000Z", "active_until": None,
    }  # fmt: skip
    rest = await past.store.read(
        entityreading.links, past.space, past.reader(), Ref.parse("Vessel/Kestrel-9"), Sheet()
    )
    assert [link["weight"] for link in rest.items] == [2.5, 0, 0], "the default (Events §6.1)"


async def test_votes_received_and_made(past: Annals) -> None:
    """Events §10: those of all that are the same."""
    await past.entity("Callsign/TFKE")
    await past.entity("ASUser/bo")
    await past.link("Callsign/TFKE", "AKA", "Vessel/Kestrel-9")
    event = await past.event()
    by = past.rows["asuser/bo"]
    for number, target in enumerate(("callsign/tfke", "vessel/kestrel-9", event)):
        vote = BumpRow(past.rows[target], by, 1, f"v{number}", number, f'{{"n": {number}}}')
        await past.store.write(eventbumps.add, vote)
    read, reader = past.store.read, past.reader()
    received = await read(entityreading.bumps, past.space, reader, Ref.parse("Vessel/Kestrel-9"), Sheet())
    assert [one["n"] for one in received.items] == [1, 0]
    on_event = await read(entityreading.bumps, past.space, reader, UUID(event), Sheet())
    assert on_event.items == [{"n": 2, "_stream_id": "v2", "_class": "ASBump"}]
    made = await read(entityreading.bumped, past.space, reader, Ref.parse("ASUser/bo"), Sheet(size=2))
    assert ([one["n"] for one in made.items], made.total) == ([2, 1], 3)


async def test_catalogues_tell_what_there_is_and_how_much(past: Annals) -> None:
    """Events §5.4."""
    await past.event("as.a", 1)
    await past.event("as.a", 2, origin="quay")
    await past.event("as.b", 3)

    async def catalogue(name: str) -> list[tuple[Any, ...]]:
        page = await past.store.read(census.kinds, past.space, past.reader(), name, Sheet())
        assert page.total == len(page.items)
        return [(one.get("type", one.get("origin")), one["count"]) for one in page.items]

    assert await catalogue("event-types") == [("as.a", 2), ("as.b", 1)]
    assert await catalogue("origins") == [("depot.north", 2), ("quay", 1)]
    assert ("Vessel:Tug", 2) in await catalogue("entity-types")


async def test_labels_are_those_of_all_and_those_of_the_tenant(past: Annals) -> None:
    await past.store.write(eventlabels.reserve, past.tenant.id, {("role", "PILOT"): "ACTOR:PILOT"})
    roles = await past.store.read(census.labels, past.space, past.reader(), "role-types", Sheet(size=300))
    assert {"label": "PILOT", "type": "ACTOR:PILOT", "predefined": False} in roles.items
    assert {"label": "BUYER", "type": "ACTOR:BUYER", "predefined": True} in roles.items
    links = await past.store.read(census.labels, past.space, past.reader(), "link-types", Sheet(size=300))
    assert not any(one["label"] == "PILOT" for one in links.items)
