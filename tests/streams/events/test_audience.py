"""What is kept from whom (Events §3.6): in every list and look-up, whatever else is asked."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from annals import BASE, Annals

from storage import eventbumps, open_store
from storage.eventbumps import BumpRow
from streams.errors import NotFound
from streams.events import entityreading, reading
from streams.events.entityreading import Sheet
from streams.events.reader import Reader
from streams.events.wanted import Batch, Comments, Everything, History, Source, Tagged, Wanted
from vocab.dialects.events import Ref

pytestmark = pytest.mark.anyio


@pytest.fixture
async def past(ready_url: str) -> AsyncIterator[Annals]:
    async with open_store(ready_url, base_url=BASE) as store:
        made = await Annals.begun(store)
        for name in ("ASUser/bo", "Vessel/Kestrel"):
            await made.entity(name)
        yield made


async def listed(past: Annals, reader: Reader, source: Source | None = None, **more: bool) -> list[str]:
    page = await past.store.read(reading.page, past.space, reader, Wanted(source or Everything(), **more))
    assert page.total == len(page.items)
    return [item["_stream_id"] for item in page.items]


async def test_a_restricted_event_is_there_for_the_parties_of_its_rules_alone(past: Annals) -> None:
    secret = await past.event(
        at=1,
        readers=("asuser/bo", "MANAGEMENT"),
        roles={"ACTOR": "Vessel/Kestrel"},
        batch_id="b",
        external_id="e",
    )
    plain = await past.event(at=0, roles={"ACTOR": "Vessel/Kestrel"}, batch_id="b")
    kestrel = Ref.parse("Vessel/Kestrel")
    for reader in (
        past.reader("asuser/bo"), past.reader("x/y", "MANAGEMENT"), past.reader("x/y", sees_all=True),
    ):  # fmt: skip
        for source in (Everything(), History(kestrel), Batch("b")):
            assert await listed(past, reader, source) == [secret, plain]
        assert await listed(past, reader, collapse=True) == [secret, plain]
        assert await past.store.read(reading.item, past.space, reader, UUID(secret))
        assert await past.store.read(reading.by_external_id, past.space, reader, "e")
    for reader in (past.reader(), past.reader("asuser/eve", "USER"), past.reader("asuser/b")):
        for source in (Everything(), History(kestrel), Batch("b")):
            assert await listed(past, reader, source) == [plain]
        assert await past.store.read(reading.items, past.space, reader, [UUID(secret)]) == []
        assert await past.store.read(reading.rows, past.space, reader, [past.rows[secret]]) == []
        for find, of in ((reading.item, UUID(secret)), (reading.by_external_id, "e")):
            with pytest.raises(NotFound):
                await past.store.read(find, past.space, reader, of)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            await listed(past, reader, Comments(UUID(secret)))


async def test_what_is_public_is_there_for_everybody(past: Annals) -> None:
    shown = await past.event(readers=("Public", "asuser/bo"))
    assert await listed(past, past.reader()) == [shown]


async def test_comments_on_what_one_may_not_know_of_are_not_there_either(past: Annals) -> None:
    """However far above what they were said about; comments have rules of their own as well (Events §8)."""
    await past.entity("Vessel/Ghost", readers=("asuser/bo",))
    secret = await past.event(at=1, readers=("asuser/bo",))
    on_secret = await past.comment("ASUser/bo", secret, 2, tags=("fog",))
    on_comment = await past.comment("ASUser/bo", on_secret, 3, tags=("fog",))
    on_ghost = await past.comment("ASUser/bo", "Vessel/Ghost", 4, tags=("fog",))
    hushed = await past.comment("ASUser/bo", "Vessel/Kestrel", 5, tags=("fog",), readers=("asuser/bo",))
    plain = await past.comment("ASUser/bo", "Vessel/Kestrel", 6, tags=("fog",))
    whole = [plain, hushed, on_ghost, on_comment, on_secret]
    assert await listed(past, past.reader("asuser/bo"), Tagged("fog")) == whole
    assert await listed(past, past.reader(), Tagged("fog")) == [plain]
    assert await listed(past, past.reader(), Comments(Ref.parse("Vessel/Kestrel"))) == [plain]
    ids = [UUID(one) for one in whole]
    found = await past.store.read(reading.items, past.space, past.reader(), ids)
    assert [item["_stream_id"] for item in found] == [plain]
    for of in (UUID(on_secret), Ref.parse("Vessel/Ghost")):
        with pytest.raises(NotFound):
            await listed(past, past.reader(), Comments(of))


async def test_restricted_entities_are_not_there_for_others(past: Annals) -> None:
    await past.entity("Vessel/Ghost", readers=("asuser/bo",))
    await past.link("Vessel/Kestrel", "PART_OF", "Vessel/Ghost")
    event = await past.event(roles={"ACTOR": "Vessel/Kestrel", "AFFECTS": "Vessel/Ghost"})
    ghost, kestrel, space = Ref.parse("Vessel/Ghost"), Ref.parse("Vessel/Kestrel"), past.space
    for reader, seen in ((past.reader("asuser/bo"), True), (past.reader(), False)):
        named = await past.store.read(entityreading.several, space, reader, [kestrel, ghost, ghost.stream_id])
        assert len(named) == (2 if seen else 1)
        page = await past.store.read(entityreading.of_type, space, reader, "Vessel", Sheet())
        assert (len(page.items), page.total) == ((2, 2) if seen else (1, 1))
        links = await past.store.read(entityreading.links, space, reader, kestrel, Sheet())
        assert len(links.items) == (1 if seen else 0)
        detailed = await past.store.read(reading.item, space, reader, UUID(event), detailed=True)
        assert ("Vessel/Ghost" in detailed["entities"]) is seen
    for of in (ghost, ghost.stream_id):
        with pytest.raises(NotFound):
            await past.store.read(entityreading.one, space, past.reader(), of)
    with pytest.raises(NotFound):
        await listed(past, past.reader(), History(ghost))


async def test_votes_on_what_one_may_not_know_of_are_not_there(past: Annals) -> None:
    secret = await past.event(readers=("asuser/bo",))
    vote = BumpRow(past.rows[secret], past.rows["vessel/kestrel"], 1, "v", 1, "{}")
    await past.store.write(eventbumps.add, vote)
    kestrel = Ref.parse("Vessel/Kestrel")
    made = await past.store.read(entityreading.bumped, past.space, past.reader("asuser/bo"), kestrel, Sheet())
    assert made.total == len(made.items) == 1
    made = await past.store.read(entityreading.bumped, past.space, past.reader(), kestrel, Sheet())
    assert made.total == len(made.items) == 0


async def test_blind_copies_are_known_to_the_sender_alone(past: Annals) -> None:
    """Events §7.14: whom a message was sent to blindly learns of it, and nobody else."""
    for name in ("Email/ada", "Email/bob", "Email/eve"):
        await past.entity(name)
    messaging = {"subject": "Berth", "from": "Email/ada", "to": ["Email/bob"], "bcc": ["Email/eve"]}
    mail = await past.event(
        roles={
            "ACTOR": "Email/ada", "MESSAGING:SENT_BY": "Email/ada", "MESSAGING:SENT_TO": "Email/bob",
            "MESSAGING:SENT_TO_BCC": "Email/eve",
        },
        message={"aspects": {"messaging": messaging}},
    )  # fmt: skip
    eve = History(Ref.parse("Email/eve"))
    ada, bob = past.reader("email/ada"), past.reader("email/bob")
    for reader, knows in (
        (ada, True),
        (past.reader(sees_all=True), True),
        (bob, False),
        (past.reader(), False),
    ):
        item = await past.store.read(reading.item, past.space, reader, UUID(mail), detailed=True)
        assert (item["aspects"]["messaging"].get("bcc") == ["Email/eve"]) is knows
        assert ("Email/eve" in item["entities"]) is knows
        assert any("BCC" in role["role"] for role in item["involves"]) is knows
        assert await listed(past, reader, eve) == ([mail] if knows else [])
        page = await past.store.read(reading.page, past.space, reader, Wanted(roles=("SENT_TO_BCC",)))
        assert len(page.items) == int(knows)
    assert await listed(past, past.reader("email/eve"), eve) == [mail]


async def test_what_other_tenants_have_is_not_there(past: Annals) -> None:
    other = await Annals.begun(past.store, "south", 2)
    await other.entity("Vessel/Kestrel")
    event = await other.event(roles={"ACTOR": "Vessel/Kestrel"}, tags=("fog",), batch_id="b", external_id="e")
    reader = past.reader(sees_all=True)
    sources: tuple[Source, ...] = (
        Everything(),
        History(Ref.parse("Vessel/Kestrel")),
        Batch("b"),
        Tagged("fog"),
    )
    for source in sources:
        assert await listed(past, reader, source) == []
    for find, of in ((reading.item, UUID(event)), (reading.by_external_id, "e")):
        with pytest.raises(NotFound):
            await past.store.read(find, past.space, reader, of)  # type: ignore[arg-type]
    page = await past.store.read(entityreading.of_type, past.space, reader, "Vessel", Sheet())
    assert [one["_as2"] for one in page.items] == [f"{BASE}/entities/Vessel/Kestrel"]
