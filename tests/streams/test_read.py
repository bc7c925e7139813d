"""Reading: pages that hold still, counts that are true, and what each reader may see."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import BASE, PUBLIC, World

from storage import Transaction, entries, jobs, objects
from storage.entries import Viewer
from streams import read
from streams.errors import Gone, NotFound
from streams.read import Bounds, Page

pytestmark = pytest.mark.anyio


async def walk(tx: Transaction, iri: str, kind: str, viewer: Viewer | None, limit: int) -> list[Page]:
    """Follow the pages of a stream from the first to the last."""
    owner = await objects.by_iri(tx, iri)
    assert owner is not None
    reading = await read.open_stream(tx, owner, kind, viewer)
    bounds: Bounds | None = (await read.summary(tx, reading, limit=limit)).first
    pages = []
    while bounds is not None:
        page = await read.page(tx, reading, bounds, limit=limit)
        pages.append(page)
        bounds = page.older
    return pages


async def one(
    tx: Transaction, iri: str, kind: str, viewer: Viewer | None, bounds: Bounds, limit: int
) -> Page:
    owner = await objects.by_iri(tx, iri)
    assert owner is not None
    return await read.page(tx, await read.open_stream(tx, owner, kind, viewer), bounds, limit=limit)


def iris(pages: list[Page]) -> list[str]:
    return [entry.iri for page in pages for entry in page.entries]


async def test_a_walk_meets_everything_once(world: World) -> None:
    """AP-151, AP-153, AP-155: newest first, each entry once, whatever the page size."""
    ada = await world.local("ada")
    said = [(await world.say(ada, type="Note", content=str(n), to=PUBLIC)).id for n in range(11)]
    for limit in (1, 2, 3, 11, 20):
        pages = await world.store.read(walk, ada.iri, "outbox", None, limit)
        assert iris(pages) == list(reversed(said))


async def test_a_page_asked_for_again_is_the_same(world: World) -> None:
    """AP-155: a page keeps its entries while others are added, and only loses what is taken out."""
    ada = await world.local("ada")
    for n in range(6):
        await world.say(ada, type="Note", content=str(n), to=PUBLIC)
    owner_pages = await world.store.read(walk, ada.iri, "outbox", None, 2)
    bounds = owner_pages[0].older
    assert bounds is not None
    before = await world.store.read(one, ada.iri, "outbox", None, bounds, 2)
    await world.say(ada, type="Note", content="new", to=PUBLIC)
    assert (await world.store.read(one, ada.iri, "outbox", None, bounds, 2)).entries == before.entries

    async def drop(tx: Transaction) -> None:
        stream = await entries.find(tx, ada.id, "outbox")
        assert stream is not None
        await entries.remove(tx, stream.id, before.entries[0].id)

    await world.store.write(drop)
    assert (await world.store.read(one, ada.iri, "outbox", None, bounds, 2)).entries == before.entries[1:]


async def test_newer_leads_back(world: World) -> None:
    """AP-153: prev of a page is the page from which next led here."""
    ada = await world.local("ada")
    for n in range(7):
        await world.say(ada, type="Note", content=str(n), to=PUBLIC)
    pages = await world.store.read(walk, ada.iri, "outbox", None, 3)
    newer = pages[1].newer
    assert newer is not None
    back = await world.store.read(one, ada.iri, "outbox", None, newer, 3)
    assert back.entries == pages[0].entries
    assert pages[0].newer is None
    assert pages[-1].older is None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(audiences=st.lists(st.sampled_from(["public", "eve", "nobody", "followers"]), max_size=12))
async def test_counts_are_what_a_walk_meets(world: World, audiences: list[str]) -> None:
    """AP-157, AP-160, SEC-032: for author, addressee, follower and stranger, total and walk agree."""
    world.now += 1
    names = {name: f"{name}{world.now}" for name in ("ada", "eve", "fan", "odd")}
    ada, eve, fan, odd = [await world.local(name) for name in names.values()]
    await world.say(fan, type="Follow", object=ada.iri)
    to = {"public": PUBLIC, "eve": eve.iri, "nobody": None, "followers": ada.followers}
    for audience in audiences:
        await world.say(ada, type="Note", content=audience, **({"to": to[audience]} if to[audience] else {}))
    sees = {
        ada: {"public", "eve", "nobody", "followers"}, eve: {"public", "eve"}, fan: {"public", "followers"},
        odd: {"public"}, None: {"public"},
    }  # fmt: skip
    for reader, kinds in sees.items():
        viewer = None if reader is None else Viewer(reader.id, reader.iri)
        pages = await world.store.read(walk, ada.iri, "outbox", viewer, 5)
        shown = iris(pages)
        accepted = 1 if reader in (ada, fan) else 0
        assert len(shown) == sum(audience in kinds for audience in audiences) + accepted
        assert len(shown) == await world.store.read(_total, ada.iri, viewer)


async def _total(tx: Transaction, iri: str, viewer: Viewer | None) -> int:
    owner = await objects.by_iri(tx, iri)
    assert owner is not None
    return (await read.summary(tx, await read.open_stream(tx, owner, "outbox", viewer))).total


async def test_an_empty_stream_has_an_empty_first_page(world: World) -> None:
    """AP-158."""
    ada = await world.local("ada")
    pages = await world.store.read(walk, ada.iri, "liked", None, 20)
    assert len(pages) == 1
    assert pages[0] == Page([], None, None)


async def test_owner_only_streams_are_hidden(world: World) -> None:
    """AP-164, AP-713, AP-714: pending and blocked collections do not exist for anyone else."""
    ada, eve = await world.local("ada"), await world.local("eve")
    for kind in read.OWNER_ONLY:
        for viewer in (None, Viewer(eve.id, eve.iri)):
            with pytest.raises(NotFound):
                await world.store.read(walk, ada.iri, kind, viewer, 20)
        assert await world.store.read(walk, ada.iri, kind, Viewer(ada.id, ada.iri), 20)


async def test_what_is_deleted_is_gone_for_those_who_could_see_it(world: World) -> None:
    """AP-068, SEC-033: a Tombstone for readers, nothing at all for those who could never read it."""
    ada, eve = await world.local("ada"), await world.local("eve")
    secret = (await world.say(ada, type="Note", content="x")).ids("object")[0]
    await world.say(ada, type="Delete", object=secret)
    with pytest.raises(Gone):
        await world.shown(secret, ada)
    with pytest.raises(NotFound):
        await world.shown(secret, eve)


async def test_an_announce_does_not_widen_what_it_shows(world: World) -> None:
    """SEC-031: what the reader may not see is only named."""
    ada, eve = await world.local("ada"), await world.local("eve")
    await world.say(eve, type="Follow", object=ada.iri)
    note = (await world.say(ada, type="Note", content="friends", to=ada.followers)).ids("object")[0]
    share = await world.say(ada, type="Announce", object=note, to=PUBLIC)
    shown: dict[str, Any] = await world.shown(share.id or "", None)
    assert shown["object"] == note
    assert (await world.shown(share.id or "", eve))["object"]["content"] == "friends"
    assert BASE in note


async def test_whoever_is_known(world: World) -> None:
    """AP-484: addressed to all who say who they are: readable for them, for nobody else, and delivered to none."""
    ada, eve, bob = await world.local("ada"), await world.local("eve"), await world.remote("bob")
    said = await world.say(
        ada, type="Note", content="x", to="http://www.w3.org/ns/auth/acl#AuthenticatedAgent"
    )
    for viewer in (eve, bob):
        assert (await world.shown(said.id or "", viewer))["type"] == "Create"
    with pytest.raises(NotFound):
        await world.shown(said.id or "")
    assert await world.listed(eve.iri, "inbox") == []
    assert await world.deliveries() == []
    assert await world.store.scan(jobs.counts) == {}
