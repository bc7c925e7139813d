"""Streams of entities (Events §6.4): whose events are in them, and what was done at other doors."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from annals import BASE, START, Annals, instant

from storage import Transaction, entries, open_store
from storage.ids import next_id
from streams import filters
from streams.errors import NotFound
from streams.events import reading
from streams.events.wanted import Comments, History, Page, Wanted
from vocab.dialects.events import Ref

pytestmark = pytest.mark.anyio


@pytest.fixture
async def past(ready_url: str) -> AsyncIterator[Annals]:
    async with open_store(ready_url, base_url=BASE) as store:
        made = await Annals.begun(store)
        for name in ("Customer/c-88", "Email/c@x", "Phone/1", "WebSession/s-51", "User/ada"):
            await made.entity(name)
        yield made


async def page(past: Annals, text: str, **more: Any) -> Page:
    wanted = Wanted(History(Ref.parse(text)), **more)
    return await past.store.read(reading.page, past.space, past.reader(), wanted)


async def listed(past: Annals, text: str, **more: Any) -> list[str]:
    return [item["_stream_id"] for item in (await page(past, text, **more)).items]


async def test_those_who_are_the_same_share_one_history(past: Annals) -> None:
    await past.link("Customer/c-88", "AKA", "Email/c@x")
    await past.link("Phone/1", "SOCIAL_ID", "Email/c@x")
    made = [
        await past.event(at=1, roles={"ACTOR": "Customer/c-88"}),
        await past.event(at=2, roles={"ACTOR": "Email/c@x"}),
        await past.event(at=3, roles={"ACTOR": "Phone/1", "AFFECTS": "Customer/c-88"}),
    ][::-1]
    for name in ("Customer/c-88", "Email/c@x", "Phone/1"):
        assert await listed(past, name) == made
    assert await listed(past, "Customer/c-88", page=2, size=2) == made[2:]
    assert (await page(past, "Customer/c-88", size=2)).total == 3
    comment = await past.comment("User/ada", "Phone/1", 4)
    wanted = Wanted(Comments(Ref.parse("Customer/c-88")))
    found = await past.store.read(reading.page, past.space, past.reader(), wanted)
    assert [item["_stream_id"] for item in found.items] == [comment]


async def test_what_a_proxy_did_counts_while_it_was_one(past: Annals) -> None:
    await past.link("WebSession/s-51", "PROXY_FOR", "Customer/c-88", since=2, until=4)
    before, within, at_end = [await past.event(at=at, roles={"ACTOR": "WebSession/s-51"}) for at in (1, 3, 4)]
    own = await past.event(at=5, roles={"ACTOR": "Customer/c-88"})
    assert await listed(past, "Customer/c-88") == [own, within]
    assert await listed(past, "WebSession/s-51") == [at_end, within, before]


async def test_those_who_had_many_proxies_have_one_history(past: Annals) -> None:
    """Shared by two of them or not, an event is in it once, and pages have no gaps."""
    sessions = [f"WebSession/s{number}" for number in range(30)]
    for session in sessions:
        await past.entity(session)
        await past.link(session, "PROXY_FOR", "Customer/c-88", since=0)
    made = [
        await past.event(at=at, roles={"ACTOR": session, "INVOLVES": sessions[at - 1]})
        for at, session in enumerate(sessions)
    ]
    pages = [await listed(past, "Customer/c-88", page=number, size=4) for number in range(1, 10)]
    assert [id for page in pages for id in page] == made[::-1]
    assert (await page(past, "Customer/c-88", size=4)).total == 30
    assert await listed(past, "Customer/c-88", roles=("INVOLVES",), size=1) == made[-1:]


async def test_a_stream_is_that_of_an_entity_that_was_named(past: Annals) -> None:
    with pytest.raises(NotFound):
        await page(past, "Customer/none")
    assert (await page(past, "customer/C-88")).items == []


async def test_what_feeds_and_accounts_said_is_among_the_events(past: Annals) -> None:
    """One history per entity, whichever door wrote it; private posts of accounts are nobody's business."""
    event = await past.event(at=2, roles={"ACTOR": "User/ada"})
    entity, account = past.rows["user/ada"], await _object(past, f"{BASE}/users/ada", 3, 0)
    fed = await _said(past, entity, 1, fed=True, **{"hw:verb": "pin", "hw:custom": {"colour": "red"}})
    posted = await _said(past, account, 3, public=True)
    await _said(past, account, 4)
    await _said(
        past, account, 4, fed=True, path="users/ada/activities"
    )  # what accounts say is in feeds as well
    await _say(past, entity, past.rows[event])  # an event is in the outbox of its actor as well
    found = await page(past, "User/ada")
    assert [item.get("_as2") for item in found.items] == [posted, f"{BASE}/events/{event}", fed]
    assert found.total == 3
    assert found.items[2]["type"] == "as.activity.pin"
    assert found.items[2]["properties"] == {"colour": "red"}
    assert found.items[2]["involves"] == [{"role": "ACTOR", "entity_ref": "User/ada"}]
    assert [item["_as2"] for item in (await page(past, "User/ada", page=2, size=1)).items] == [
        f"{BASE}/events/{event}"
    ]
    assert [item["_as2"] for item in (await page(past, "User/ada", since=instant(3))).items] == [posted]
    wanted = filters.parse("type LIKE 'as.activity.%' AND properties.colour = 'red'")
    assert [item["_as2"] for item in (await page(past, "User/ada", filter=wanted)).items] == [fed]
    assert next(item["_as2"] for item in (await page(past, "User/ada", order="occurred_at")).items) == fed
    assert (await page(past, "User/ada", roles=("ACTOR",))).total == 1


async def test_an_entity_that_other_doors_alone_have_named_has_a_stream(past: Annals) -> None:
    row = await _object(past, f"{BASE}/entities/User/eve", 0, 0)
    said = await _said(past, row, 1, fed=True)
    assert [item["_as2"] for item in (await page(past, "User/eve")).items] == [said]


async def _object(past: Annals, iri: str, kind: int, public: int, document: Any = None, at: int = 0) -> int:
    id = next_id()

    async def keep(tx: Transaction) -> None:
        await tx.run(
            "INSERT INTO objects (id, iri, kind, type, local, public, document, published)"
            " VALUES (:id, :iri, :kind, '', 1, :public, :document, :at)",
            id=id, iri=iri, kind=kind, public=public, at=instant(at),
            document=None if document is None else json.dumps(document),
        )  # fmt: skip

    await past.store.write(keep)
    return id


async def _said(
    past: Annals,
    owner: int,
    at: int,
    *,
    public: bool = False,
    fed: bool = False,
    path: str = "activities",
    **members: Any,
) -> str:
    """Let an activity be in an outbox; return its IRI."""
    iri = f"{BASE}/{path}/{next_id()}"
    document = {
        "id": iri, "type": "Activity", "actor": f"{BASE}/users/ada",
        "published": f"2030-03-17T17:46:4{at}Z", **members,
    }  # fmt: skip
    item = await _object(past, iri, 2, int(public), document, at)
    await _say(past, owner, item)
    if fed:
        await past.store.write(_feed, past.tenant.id, item)
    return iri


async def _feed(tx: Transaction, tenant: int, item: int) -> None:
    await tx.run(
        "INSERT INTO feed_activities (item, tenant, position, tie, foreign_id) VALUES (:item, :tenant, :at, 0, '')",
        item=item, tenant=tenant, at=START + item,
    )  # fmt: skip


async def _say(past: Annals, owner: int, item: int) -> None:
    async def add(tx: Transaction) -> None:
        await entries.add(tx, await entries.ensure(tx, owner, "outbox"), item)

    await past.store.write(add)
