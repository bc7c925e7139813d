"""Routes: events in feeds, as the Feeds API shows what accounts say."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from logbook import BASE, Logbook
from plaza import Plaza
from world import Others, World

from storage import open_store
from storage.placements import Shown
from streams import events
from streams.events import Events, Route, batches
from streams.feeds import presence
from vocab.dialects.getstream import FeedId, ids, times

pytestmark = pytest.mark.anyio

SALES = "timeline:sales"
BOUGHT: dict[str, Any] = {
    "type": "as.commerce.purchase.completed",
    "occurred_at": "2026-11-20T09:30:00.250Z",
    "origin": "shop.web",
    "importance": 3,
    "involves": [{"ACTOR:BUYER": "Customer/c-88"}],
    "aspects": {"items": [{"PURCHASED": "Mug/blue", "item_count": 2, "item_price": 9.5}]},
}
EVERYBODY = [{"READ": "Public"}]
ROUTES = (
    Route.read("type LIKE 'as.commerce.%'", SALES),
    Route.read("importance >= 3", SALES),
    Route.read("properties.shift = 'night'", "user:night"),
    Route.read("type = 'as.press.told'", "press:news"),
)


@pytest.fixture
async def world(ready_url: str) -> AsyncIterator[World]:
    async with open_store(ready_url, base_url=BASE) as store:
        yield World(store, Others(store))


@pytest.fixture
async def plaza(world: World) -> Plaza:
    return await Plaza.made(world.store, press={"public": True})


@pytest.fixture
async def log(plaza: Plaza) -> Logbook:
    parts = Events.made(plaza.store, BASE, plaza.parts.clock, routes=ROUTES)
    return Logbook(plaza.store, parts, plaza.tenant, plaza.now)


async def test_an_event_that_matches_is_in_the_feed(log: Logbook, plaza: Plaza) -> None:
    """Feeds §3.2: once, however many routes lead there, with an id that follows from its date and IRI."""
    made = await log.event(**BOUGHT)
    [shown] = await plaza.read(SALES)
    iri = f"{BASE}/events/{made.stream_id}"
    time = times.parse("2026-11-20T09:30:00.250")
    assert time is not None
    assert {name: shown[name] for name in ("id", "actor", "verb", "object", "foreign_id", "origin")} == {
        "id": str(ids.of_foreign_id(time, iri)),
        "actor": "Customer:c-88",
        "verb": "as.commerce.purchase.completed",
        "object": "Mug:blue",
        "foreign_id": iri,
        "origin": None,
    }
    assert shown["time"].startswith("2026-11-20T09:30:00.25")
    assert (shown["as2"]["id"], shown["as2"]["hw:importance"]) == (iri, 3)


async def test_what_does_not_match_is_not(log: Logbook, plaza: Plaza) -> None:
    """Neither are the lines of what does: their event is."""
    await log.event()
    await log.entity("Mug/blue", label="Blue mug")
    assert await plaza.read(SALES) == []
    await log.event(**BOUGHT)
    await log.event("as.fleet.van.parked", properties={"shift": "night"})
    assert [len(await plaza.read(name)) for name in (SALES, "user:night")] == [1, 1]


async def test_sent_again_it_is_there_once(log: Logbook, plaza: Plaza) -> None:
    await log.event(**BOUGHT)
    await log.event(**BOUGHT)
    await plaza.work()
    assert len(await plaza.read(SALES)) == 1


async def test_whoever_follows_the_feed_gets_it(log: Logbook, plaza: Plaza) -> None:
    """Feeds §5.2."""
    await plaza.follow(("timeline:ada", SALES))
    await log.event(**BOUGHT)
    await plaza.work()
    [copied] = await plaza.read("timeline:ada")
    assert (copied["verb"], copied["origin"]) == ("as.commerce.purchase.completed", SALES)


async def test_what_only_some_may_know_of_is_for_servers_alone(log: Logbook, plaza: Plaza) -> None:
    """Events §3.6."""
    await plaza.follow(("timeline:ada", SALES))
    await log.event(**BOUGHT, acl=[{"READ": "ASUser/bo"}])
    await plaza.work()
    assert [await plaza.read(SALES), await plaza.read("timeline:ada")] == [[], []]
    assert len(await plaza.read(SALES, shown=Shown.OWNER)) == 1


async def test_many_events_enter_together(log: Logbook, plaza: Plaza) -> None:
    batch = [
        (
            "event",
            {**BOUGHT, "occurred_at": f"2026-11-20T09:{minute:02}:00Z", "properties": {"shift": "night"}},
        )
        for minute in range(5)
    ]
    await log.record(*batch)
    for name in (SALES, "user:night"):
        found = [one["time"] for one in await plaza.read(name)]
        assert found == sorted(found, reverse=True)
        assert len(found) == 5


async def test_what_is_invalidated_leaves_feeds_and_outboxes(
    world: World, log: Logbook, plaza: Plaza
) -> None:
    """Events §3.5: it is in no list any more, whoever reads that."""
    batch = {"aspects": {"resolvable": {"external_id": "1", "batch_id": "b"}}}
    made = await log.event(**BOUGHT | batch, acl=EVERYBODY)
    ada = (await log.known("Customer/c-88")).id
    await plaza.follow(("timeline:ada", SALES))
    await plaza.work()
    assert [len(await plaza.read(name)) for name in (SALES, "timeline:ada")] == [1, 1]
    [(listed, public)] = await log.rows("SELECT total, public_total FROM streams WHERE owner = :ada", ada=ada)
    assert (listed, public) == (1, 1)
    await log.store.write(batches.hide, log.space, "b", now=plaza.now[0])
    await plaza.work()
    assert [await plaza.read(name) for name in (SALES, "timeline:ada")] == [[], []]
    [(listed, public)] = await log.rows("SELECT total, public_total FROM streams WHERE owner = :ada", ada=ada)
    assert (listed, public) == (0, 0)
    assert await world.shown(f"{BASE}/events/{made.stream_id}")


@pytest.mark.parametrize("occurred", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_a_date_that_no_id_can_have_is_the_nearest_one(
    log: Logbook, plaza: Plaza, occurred: str
) -> None:
    await log.event(**{**BOUGHT, "occurred_at": occurred})
    assert len(await plaza.read(SALES)) == 1


async def test_a_public_feed_tells_what_is_public_and_nothing_else(
    world: World, log: Logbook, plaza: Plaza
) -> None:
    """Events §23.1: private by default, wherever a route leads."""
    told = {"type": "as.press.told", "involves": [{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Ship/1"}]}
    private = await log.event(**told)
    public = await log.event(**told, acl=EVERYBODY, origin="press")
    await plaza.work()
    assert len(await plaza.read("press:news")) == 2
    sought = await presence.seek(plaza.parts, "default", FeedId("press", "news"))
    assert sought is not None
    [create] = await world.listed(sought.actor.iri, "outbox")
    note = (await world.shown(create))["object"]
    assert note["content"] == "<p>Ada: press told (1)</p>"
    assert [one["id"] for one in note["attachment"]] == [f"{BASE}/events/{public.stream_id}"]
    assert str(private.stream_id) not in str(note)


def test_a_route_leads_to_a_feed() -> None:
    assert str(events.Route.read("type = 'a'", SALES).into) == SALES
    for into in ("", "sales", "timeline:", "ASChannel/x"):
        with pytest.raises(ValueError, match="no feed is called"):
            Route.read("type = 'a'", into)
