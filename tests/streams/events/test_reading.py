"""Reading stream items (Events §3.5, §16): what a list has, in which order, and how much of it a page shows."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from annals import BASE, Annals, instant

from storage import eventbumps, eventcounts, eventitems, eventpages, open_store
from storage.eventbumps import BumpRow
from storage.eventcounts import Counts
from streams import filters
from streams.errors import NotFound, Refused
from streams.events import reading
from streams.events.reader import Reader
from streams.events.reading import Ambiguous
from streams.events.wanted import (
    Batch,
    Comments,
    Everything,
    History,
    Page,
    Said,
    Source,
    Tagged,
    Wanted,
)
from vocab.dialects.events import Ref

pytestmark = pytest.mark.anyio


@pytest.fixture
async def past(ready_url: str) -> AsyncIterator[Annals]:
    """A tenant that knows a tug, a van and Ada."""
    async with open_store(ready_url, base_url=BASE) as store:
        made = await Annals.begun(store)
        for name in ("Vessel:Tug/Kestrel", "Van/nx", "Employee/Ada", "ASUser/bo"):
            await made.entity(name)
        yield made


async def page(past: Annals, source: Source | None = None, reader: Reader | None = None, **more: Any) -> Page:
    wanted = Wanted(source or Everything(), **more)
    return await past.store.read(reading.page, past.space, reader or past.reader(), wanted)


async def listed(
    past: Annals, source: Source | None = None, reader: Reader | None = None, **more: Any
) -> list[str]:
    return [item["_stream_id"] for item in (await page(past, source, reader, **more)).items]


def history(text: str) -> History:
    return History(Ref.parse(text))


async def test_shows_the_message_with_what_became_of_it(past: Annals) -> None:
    """The members of Events §16, of one item and in a list alike."""
    stream_id = await past.event(roles={"ACTOR": "Employee/Ada"}, received=5)
    counts = {past.rows[stream_id]: Counts(comments=2, up=3, neutral=1)}
    await past.store.write(eventcounts.change, counts)
    item = await past.store.read(reading.item, past.space, past.reader(), UUID(stream_id))
    assert item == {
        "type": "as.fleet.washed",
        "origin": "depot.north",
        "occurred_at": "2030-03-17T17:46:40.000Z",
        "importance": 2,
        "involves": [{"role": "ACTOR", "entity_ref": "Employee/Ada"}],
        "_stream_id": stream_id,
        "_class": "as.fleet.washed",
        "_received_at": "2030-03-17T17:46:45.000Z",
        "_registered_at": "2030-03-17T17:46:45.000Z",
        "_as2": f"{BASE}/events/{stream_id}",
        "_bumps": {"up": 3, "down": 0, "neutral": 1},
        "_comments": 2,
    }
    assert (await page(past)).items == [item]


async def test_lists_the_newest_first_and_ties_by_reception_and_stream_id(past: Annals) -> None:
    """Events §1.5."""
    early = await past.event(at=1, received=9)
    late = await past.event(at=2, received=9)
    twins = sorted([await past.event(at=3, received=4), await past.event(at=3, received=4)])
    after = await past.event(at=3, received=5)
    assert await listed(past) == [after, *twins, late, early]
    assert await listed(past, order="occurred_at") == [early, late, *twins, after]


async def test_pages_have_a_size_and_tell_how_many_there_are(past: Annals) -> None:
    made = [await past.event(at=at) for at in range(5)][::-1]
    for number, expected in enumerate((made[:2], made[2:4], made[4:], []), 1):
        found = await page(past, page=number, size=2)
        assert [item["_stream_id"] for item in found.items] == expected
        assert found.total == 5


async def test_paging_reaches_the_first_ten_thousand(past: Annals) -> None:
    assert (await page(past, page=100, size=100)).items == []
    for wanted in ({"page": 101, "size": 100}, {"page": 10**12, "size": 300}, {"page": 0}):
        with pytest.raises(Refused):
            await page(past, **wanted)


async def test_sub_events_are_in_the_stream_of_what_was_traded_alone(past: Annals) -> None:
    """Events §7.7."""
    await past.entity("Mug/blue")
    whole = await past.event(at=1, roles={"ACTOR:BUYER": "Employee/Ada", "TRADE:PURCHASED": "Mug/blue"})
    part = await past.event(
        "as.commerce.transaction.purchased", 1, kind=2, parent=past.rows[whole], received=2,
        roles={"ACTOR:BUYER": "Employee/Ada", "TRADE:PURCHASED": "Mug/blue"},
    )  # fmt: skip
    assert await listed(past) == [whole]
    assert await listed(past, history("Mug/blue")) == [part, whole]
    assert await listed(past, history("Employee/Ada")) == [whole]


async def test_what_is_left_out(past: Annals) -> None:
    """The options of Events §16, each by itself."""
    one = await past.event(
        "as.fleet.van.washed", 1, roles={"ACTOR:OPERATOR": "Employee/Ada"}, tags=("Urgent",)
    )
    two = await past.event(
        "as.fleet.vanity", 2, importance=4, roles={"AFFECTS": "Van/nx"}, tags=("calm", "x")
    )
    three = await past.event("as.crew.paid", 3, importance=0, message={"properties": {"shift": "night"}})
    assert await listed(past, min_importance=2) == [two, one]
    assert await listed(past, types=("as.fleet.van",)) == [one]
    assert await listed(past, types=("AS.Fleet", "as.crew")) == [three, two, one]
    assert await listed(past, types=("as.none",)) == []
    assert await listed(past, tags=("urgent",)) == [one]
    assert await listed(past, tags=("calm", "URGENT", "X")) == [two, one]
    assert await listed(past, roles=("ACTOR",)) == [one]
    assert await listed(past, roles=("ACTOR:OPERATOR", "AFFECTS")) == [two, one]
    assert await listed(past, roles=("OPERATOR",)) == [one]
    assert await listed(past, roles=("ACT",)) == []
    assert await listed(past, since=instant(2)) == [three, two]
    assert await listed(past, until=instant(2)) == [one]
    assert await listed(past, filter=filters.parse("properties.shift = 'night'")) == [three]
    assert await listed(past, filter=filters.parse("type LIKE 'as.fleet.%' AND importance < 3")) == [one]
    assert await listed(past, order="-importance") == [two, one, three]
    assert await listed(past, order="type") == [three, one, two]
    assert await listed(past, types=("as.fleet",), tags=("urgent", "calm"), min_importance=4) == [two]
    with pytest.raises(Refused):
        await listed(past, order="body")


async def test_an_item_is_in_a_stream_once_for_all_its_roles(past: Annals) -> None:
    kestrel = history("Vessel/Kestrel")
    both = await past.event(at=1, roles={"ACTOR": "Vessel/Kestrel", "AFFECTS": "Vessel/Kestrel"})
    other = await past.event(at=2, roles={"AFFECTS": "Vessel/Kestrel"})
    for roles, expected in (((), [other, both]), (("AFFECTS",), [other, both]), (("ACTOR",), [both])):
        assert await listed(past, kestrel, roles=roles) == expected
    found = await page(past, kestrel, size=1)
    assert ([item["_stream_id"] for item in found.items], found.total) == ([other], 2)


async def test_oldest_first_begins_with_the_oldest(past: Annals) -> None:
    made = [await past.event(at=at, roles={"ACTOR": "Van/nx"}) for at in range(3)]
    assert await listed(past, order="occurred_at", size=2) == made[:2]
    assert await listed(past, history("Van/nx"), order="occurred_at", size=2) == made[:2]
    assert await listed(past, order="occurred_at", since=instant(1)) == made[1:]


async def test_looks_back_so_far_for_what_a_list_leaves_out(
    past: Annals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is found along an index of its own is found however old it is; for anything else ``to`` leads further."""
    monkeypatch.setattr(eventpages, "LOOKED_AT_MAX", 3)
    night = {"properties": {"shift": "night"}}
    old = await past.event("as.rare.seen", 0, tags=("fog",), message=night, roles={"ACTOR": "Van/nx"})
    for at in range(1, 5):
        await past.event("as.often.seen", at)
    by_night = filters.parse("properties.shift = 'night'")
    assert await listed(past, filter=by_night) == []
    assert await listed(past, filter=by_night, until=instant(2)) == [old]
    assert await listed(past, types=("as.rare",), filter=by_night) == [old]
    assert await listed(past, tags=("fog",)) == [old]
    assert await listed(past, history("Van/nx"), filter=by_night) == [old]
    for text in (
        "type LIKE 'as.rare.%'",
        "type IN ('as.rare.seen')",
        "importance > 0 AND type = 'as.rare.seen'",
    ):
        assert await listed(past, filter=filters.parse(text)) == [old]
    assert len(await listed(past, order="occurred_at")) == 4


async def test_a_batch_that_was_invalidated_is_in_no_list(past: Annals) -> None:
    """Events §3.5: it is still there by its id."""
    stream_id = await past.event(batch_id="b1", external_id="e1", roles={"ACTOR": "Employee/Ada"})
    other = await past.event(batch_id="b1", origin="depot.south")
    assert set(await listed(past, Batch("b1"))) == {stream_id, other}
    assert await listed(past, Batch("b1", "depot.south")) == [other]
    await past.store.write(eventitems.hide_batch, past.tenant.id, "b1")
    assert await listed(past) == []
    assert await listed(past, Batch("b1")) == []
    assert await listed(past, history("Employee/Ada")) == []
    with pytest.raises(NotFound):
        await past.store.read(reading.by_external_id, past.space, past.reader(), "e1")
    found = await past.store.read(reading.items, past.space, past.reader(), [UUID(stream_id)])
    assert [item["_stream_id"] for item in found] == [stream_id]


async def test_an_external_id_may_be_that_of_several_origins(past: Annals) -> None:
    """Events §3.5, §7.8: the same one twice from one origin is answered with the first."""
    first = await past.event(external_id="e1", at=1)
    find = reading.by_external_id
    assert (await past.store.read(find, past.space, past.reader(), "e1"))["_stream_id"] == first
    await past.event(external_id="e1", at=2)
    assert (await past.store.read(find, past.space, past.reader(), "e1"))["_stream_id"] == first
    south = await past.event(external_id="e1", origin="depot.south")
    with pytest.raises(Ambiguous):
        await past.store.read(find, past.space, past.reader(), "e1")
    found = await past.store.read(find, past.space, past.reader(), "e1", origin="Depot.South")
    assert found["_stream_id"] == south
    with pytest.raises(NotFound):
        await past.store.read(find, past.space, past.reader(), "e2")


async def test_several_items_come_in_the_order_asked_for(past: Annals) -> None:
    one, two = await past.event(at=1), await past.event(at=2)
    ids = [UUID(two), uuid4(), UUID(one), UUID(two)]
    found = await past.store.read(reading.items, past.space, past.reader(), ids)
    assert [item["_stream_id"] for item in found] == [two, one]
    with pytest.raises(NotFound):
        await past.store.read(reading.item, past.space, past.reader(), uuid4())


async def test_collapsed_lists_show_the_newest_of_each_group(past: Annals) -> None:
    """Events §7.19: the key of a group is its scope, or else the type, and its name."""
    mails = [await past.event("as.mail.sent", at, scope="email", grouped="Rota") for at in (1, 2, 5)]
    other = await past.event("as.mail.seen", 3, grouped="Rota")
    same = await past.event("as.mail.sent", 4, grouped="Rota")
    alone = await past.event(at=0)
    also_alone = await past.event(at=6)
    found = await page(past, collapse=True)
    assert [item["_stream_id"] for item in found.items] == [also_alone, mails[2], same, other, alone]
    assert found.total == 5
    assert found.items[1]["_group"] == {
        "count": 3, "first": "2030-03-17T17:46:41.000Z", "last": "2030-03-17T17:46:45.000Z",
    }  # fmt: skip
    assert "_group" not in found.items[0]
    second = await page(past, collapse=True, page=2, size=2)
    assert [item["_stream_id"] for item in second.items] == [same, other]
    assert second.total == 5


async def test_comments_on_by_and_mentioning(past: Annals) -> None:
    """Events §8."""
    event = await past.event(at=1, roles={"ACTOR": "Employee/Ada"})
    on_event = await past.comment("ASUser/bo", event, 2, tags=("Fog",))
    on_comment = await past.comment("Employee/Ada", on_event, 3)
    on_tug = await past.comment("ASUser/bo", "Vessel/Kestrel", 4, roles={"COMMENT:MENTIONS": "Employee/Ada"})
    assert await listed(past, Comments(UUID(event))) == [on_event]
    assert await listed(past, Comments(UUID(on_event))) == [on_comment]
    assert await listed(past, Comments(Ref.parse("vessel/KESTREL"))) == [on_tug]
    assert await listed(past, Comments(Ref.parse("Vessel/Kestrel").stream_id)) == [on_tug]
    assert await listed(past, Comments(Ref.parse("ASUser/bo"), Said.BY)) == [on_tug, on_event]
    assert await listed(past, Comments(Ref.parse("Employee/Ada"), Said.MENTIONING)) == [on_tug]
    assert await listed(past, Tagged("FOG")) == [on_event]
    assert await listed(past) == [event]
    assert await listed(past, history("Employee/Ada")) == [event]
    found = await past.store.read(reading.item, past.space, past.reader(), UUID(on_event))
    assert found["_class"] == "ASComment"
    with pytest.raises(NotFound):
        await listed(past, Comments(uuid4()))
    with pytest.raises(NotFound):
        await listed(past, Comments(Ref.parse("Vessel/none")))


async def test_items_come_with_the_entities_that_took_part(past: Annals) -> None:
    """``expand=entities``, by the references of the message."""
    await past.event(at=1, roles={"ACTOR": "employee/ADA", "AFFECTS": "Vessel/Kestrel"})
    await past.event(at=2)
    found = await page(past, expand=True)
    assert found.items[0]["entities"] == {}
    assert {ref: one["entity_ref"] for ref, one in found.items[1]["entities"].items()} == {
        "employee/ADA": "Employee/Ada", "Vessel/Kestrel": "Vessel:Tug/Kestrel",
    }  # fmt: skip


async def test_in_detail_what_is_one_link_away_comes_too(past: Annals) -> None:
    """Events §3.5, §6.4: identities both ways, what is close, and where it is; never what is merely known."""
    for name in ("Callsign/TFKE", "Company/tow", "Company/yard", "Harbour/south", "Engine/e1"):
        await past.entity(name)
    await past.link("Callsign/TFKE", "AKA", "Vessel/Kestrel")
    await past.link("Vessel/Kestrel", "BELONGS_TO:LEASED_BY", "Company/tow")
    await past.link("Vessel/Kestrel", "SUPPLIED_BY", "Company/yard")
    await past.link("Vessel/Kestrel", "LOCATED_AT", "Harbour/south", until=0)
    await past.link("Engine/e1", "BELONGS_TO", "Vessel/Kestrel")
    stream_id = await past.event(roles={"AFFECTS": "Vessel/Kestrel"})
    item = await past.store.read(reading.item, past.space, past.reader(), UUID(stream_id), detailed=True)
    assert set(item["entities"]) == {"Vessel/Kestrel", "Callsign/TFKE", "Company/tow"}


async def test_the_number_of_statements_does_not_depend_on_the_page(past: Annals) -> None:
    asked: list[str] = []

    class Counting:
        """A transaction that counts what is asked of it."""

        def __init__(self, tx: Any) -> None:
            self.engine, self._tx = tx.engine, tx

        async def all(self, sql: str, /, **given: Any) -> Any:
            asked.append(sql)
            return await self._tx.all(sql, **given)

        async def one(self, sql: str, /, **given: Any) -> Any:
            asked.append(sql)
            return await self._tx.one(sql, **given)

    async def read(tx: Any, size: int) -> int:
        asked.clear()
        wanted = Wanted(size=size, expand=True)
        await reading.page(Counting(tx), past.space, past.reader(), wanted)  # type: ignore[arg-type]
        return len(asked)

    for at in range(12):
        await past.event(at=at, roles={"ACTOR": "Employee/Ada", "AFFECTS": "Van/nx"})
    few, many = await past.store.read(read, 2), await past.store.read(read, 10)
    assert few == many <= 9


async def test_votes_are_counted_where_they_are_shown(past: Annals) -> None:
    stream_id = await past.event()
    vote = BumpRow(past.rows[stream_id], past.rows["employee/ada"], 1, str(uuid4()), 1, "{}")
    await past.store.write(eventbumps.add, vote)
    await past.store.write(eventcounts.change, {past.rows[stream_id]: Counts(up=1)})
    assert (await page(past)).items[0]["_bumps"]["up"] == 1
