"""Keeping the index of what happened: what is news, once each, whatever changes meanwhile."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from square import Square
from world import BASE, PUBLIC

from storage import Store, Transaction, happenings, open_store, prune
from storage import open as opening
from storage.migrate import DIRECTORY, migrate
from streams.happenings import indexing, news
from streams.happenings.local import Local
from streams.providers import FeedRequest, Onlooker
from vocab.entry import Entry

pytestmark = pytest.mark.anyio

ADMIN = Onlooker(admin=True)


async def note(square: Square, name: str = "ada", **members: Any) -> tuple[str, str]:
    """Let an actor say something to everyone; return the activity and the note."""
    actor = await square.world.local(name)
    said = await square.world.say(actor, type="Note", content="Frost", to=PUBLIC, **members)
    return said.id or "", said.ids("object")[0]


async def counted(square: Square, table: str) -> int:
    async def count(tx: Transaction) -> int:
        row = await tx.one(f"SELECT count(*) FROM {table}")
        return 0 if row is None else int(row[0] or 0)

    return await square.store.read(count)


async def test_what_actors_say_to_each_other_is_no_news(square: Square) -> None:
    """Atom §12.3: follows are, their acceptance is not; nor are blocks, reports, what is undone, and profiles."""
    ada, bo = await square.world.local("ada"), await square.world.local("bo")
    follow = await square.world.say(bo, type="Follow", object=ada.iri, to=PUBLIC)
    liked = await square.world.say(bo, type="Like", object=(await note(square, "cy"))[1], to=PUBLIC)
    await square.world.say(
        ada, type="Update", object={"id": ada.iri, "type": "Person", "summary": "New"}, to=PUBLIC
    )
    await square.world.say(ada, type="Block", object=(await square.world.local("eve")).iri)
    by = square.member(bo)
    assert {follow.id, liked.id} <= set(await square.ids("user IS bo", by=by))
    await square.world.say(bo, type="Undo", object=liked.id, to=PUBLIC)
    entries = await square.read(by=by)
    assert {entry.activity.type for entry in entries} == {"Follow", "Create"}
    await square.world.say(bo, type="Undo", object=follow.id, to=PUBLIC)
    assert {entry.activity.type for entry in await square.read(by=by)} == {"Create"}


async def test_a_vote_is_no_news(square: Square) -> None:
    """AP-267: votes are for the poll's author, and each by itself is nothing to tell."""
    ada, bo = await square.world.local("ada"), await square.world.local("bo")
    options = [{"type": "Note", "name": name} for name in ("Tea", "Mate")]
    poll = {
        "type": "Question",
        "content": "?",
        "oneOf": options,
        "endTime": "2030-01-01T00:00:00Z",
        "to": PUBLIC,
    }
    asked = await square.world.say(ada, type="Create", object=poll)
    await square.world.say(bo, type="Note", name="Tea", inReplyTo=asked.ids("object")[0], to=ada.iri)
    for by in (square.member(ada), square.member(bo)):
        assert await square.ids(by=by) == [asked.id]


async def test_votes_of_the_events_door_are_no_news(square: Square) -> None:
    """Events §10."""
    event = await square.log.event()
    await square.log.bump(str(event.stream_id))
    assert len(await square.ids(key="events", by=ADMIN)) == 1
    assert await square.ids(by=ADMIN) == []


async def test_an_edit_in_between_is_not_lost(square: Square) -> None:
    """What was read for the index, and changed before it was written, is looked at again."""
    id, thing = await note(square)
    rows = await square.store.read(happenings.unnoted, limit=10)
    ada = await square.world.find(f"{BASE}/users/ada")
    await square.world.say(
        ada, type="Update", object={"id": thing, "type": "Note", "content": "Thaw"}, to=PUBLIC
    )
    stale = [happenings.Noting(row, None) for row in rows]
    assert await square.store.write(happenings.note, stale) == 0
    assert await square.ids("text CONTAINS thaw", "activity IS note:post") == [id]
    assert await square.ids("text CONTAINS frost") == []


async def test_an_edit_is_followed_by_all_that_is_about_it(
    square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many those are, each unit of work looks at a bounded number of them again."""
    monkeypatch.setattr(happenings, "STALE_MAX", 2)
    id, thing = await note(square)
    shared = [
        (
            await square.world.say(
                await square.world.local(f"u{n}"), type="Announce", object=thing, to=PUBLIC
            )
        ).id
        for n in range(5)
    ]
    assert set(await square.ids("text CONTAINS frost")) == {id, *shared}
    ada = await square.world.find(f"{BASE}/users/ada")
    await square.world.say(ada, type="Update", object={"id": thing, "type": "Note", "content": "Thaw"})
    assert await square.ids("text CONTAINS frost") == []
    assert {id, *shared} <= set(await square.ids("text CONTAINS thaw"))


async def test_what_is_deleted_leaves_that_it_was_there(square: Square) -> None:
    """Atom §12.3: for thirty days streams tell those who might have seen it that it is gone, and nothing of it."""
    provider = square.provider("social")
    id, thing = await note(square)
    ada = await square.world.find(f"{BASE}/users/ada")
    private = await square.world.say(ada, type="Note", content="Psst", to=ada.followers)
    by_ada = square.member(ada)
    assert await square.ids(by=by_ada) == [private.id, id]
    for gone in (thing, private.ids("object")[0]):
        await square.world.say(ada, type="Delete", object=gone, to=PUBLIC)

    async def told(by: Onlooker, *filters: Any) -> list[str]:
        return [
            one.iri for one in await provider.ended(FeedRequest(viewer=by, filters=filters, base_url=BASE))
        ]

    assert await told(Onlooker()) == [id]
    assert sorted(await told(by_ada)) == sorted([id, private.id or ""])
    assert await counted(square, "happenings WHERE text <> ''") == 0
    await prune.prune(square.store, now=square.world.now + 29 * prune.DAY_US)
    assert await told(Onlooker()) == [id]
    await prune.prune(square.store, now=square.world.now + 31 * prune.DAY_US)
    assert await told(by_ada) == []
    assert await counted(square, "happening_facets") == 0


async def test_what_is_made_and_deleted_before_anybody_looks_is_never_told(square: Square) -> None:
    """Nobody was told of it, so nobody is told that it is gone."""
    _, thing = await note(square)
    ada = await square.world.find(f"{BASE}/users/ada")
    await square.world.say(ada, type="Delete", object=thing, to=PUBLIC)
    assert await square.provider("social").ended(FeedRequest(base_url=BASE)) == []
    assert await counted(square, "happenings") == 0


async def test_what_is_restored_is_told_again(square: Square) -> None:
    """Feeds §3.3: an activity that was removed and added again is there again, and not gone."""
    await square.plaza.add("user:ada", {"foreign_id": "x", "time": "2026-01-01T00:00:00"})
    (id,) = await square.ids(key="applications", by=ADMIN)
    await square.plaza.remove("user:ada", "x")
    assert await square.ids(key="applications", by=ADMIN) == []
    await square.plaza.add("user:ada", {"foreign_id": "x", "time": "2026-01-01T00:00:00"})
    assert await square.ids(key="applications", by=ADMIN) == [id]
    assert await square.provider("applications").ended(FeedRequest(viewer=ADMIN, base_url=BASE)) == []


async def test_what_cannot_be_told_keeps_nothing_else_out(
    square: Square, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One document that nobody can make sense of is left out, and said in the log."""
    bad, good = (await note(square, "ada"))[0], (await note(square, "bo"))[0]
    is_news = news.is_news

    def unless(row: happenings.Unnoted) -> bool:
        if row.iri == bad:
            raise ValueError(row.iri)
        return is_news(row)

    monkeypatch.setattr(news, "is_news", unless)
    assert await square.ids() == [good]
    assert bad in caplog.text


async def test_the_newest_are_noted_first(square: Square) -> None:
    """A backlog does not keep what was just said out of the answer; it is worked off in the background."""
    ada = await square.world.local("ada")
    said = [await square.world.say(ada, type="Note", content=str(n), to=PUBLIC) for n in range(6)]
    await indexing.catch_up(square.store, BASE, limit=3)
    assert (
        await counted(square, f"happenings h JOIN objects o ON o.id = h.id WHERE o.iri = '{said[-1].id}'")
        == 1
    )
    assert await counted(square, "happenings") <= 3

    async def quiet() -> None:
        pass

    working = asyncio.create_task(indexing.run(square.store, BASE, quiet))
    async with asyncio.timeout(30):
        while await counted(square, "happenings") < 6:  # noqa: ASYNC110 - whoever writes rings no bell
            await asyncio.sleep(0.01)
    working.cancel()
    assert await square.ids() == [one.id for one in reversed(said)]


async def test_whoever_asks_comes_first_only_while_little_is_left_behind(
    square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under load that never ends what happens is noted all the same: nobody is given way to for ever."""
    monkeypatch.setattr(indexing, "TOGETHER", 2)
    monkeypatch.setattr(indexing, "BEHIND_MAX", 4)
    ada = await square.world.local("ada")
    for number in range(10):
        await square.world.say(ada, type="Note", content=str(number), to=PUBLIC)
    given_way = 0

    async def busy() -> None:
        nonlocal given_way
        given_way += 1
        if given_way > 1:
            await asyncio.Event().wait()

    working = asyncio.create_task(indexing.run(square.store, BASE, busy))
    async with asyncio.timeout(30):
        while given_way < 2:  # noqa: ASYNC110 - whoever writes rings no bell
            await asyncio.sleep(0.01)
    working.cancel()
    assert await counted(square, "happenings") == 10


async def test_two_who_keep_the_index_note_each_once(ready_url: str) -> None:
    """Several processes may keep the index of one database at the same time, while others write."""
    async with open_store(ready_url, base_url=BASE) as store, open_store(ready_url, base_url=BASE) as other:
        square = await Square.made(store)
        ada = await square.world.local("ada")
        said = [await square.world.say(ada, type="Note", content=f"No {n}", to=PUBLIC) for n in range(60)]
        things = [one.ids("object")[0] for one in said]

        async def edit() -> None:
            for thing in things[::4]:
                await square.world.say(
                    ada, type="Update", object={"id": thing, "type": "Note", "content": "Edited"}
                )

        await asyncio.gather(
            indexing.catch_up(store, BASE),
            indexing.catch_up(other, BASE),
            edit(),
            indexing.catch_up(other, BASE),
        )
        found = await square.ids("activity IS note:post", max_results=100)
        assert found == [one.id for one in reversed(said)]
        edited = await square.ids("text CONTAINS edited", "activity IS note:post", max_results=100)
        assert edited == [one.id for one in reversed(said[::4])]
        assert await counted(square, "happening_facets WHERE id NOT IN (SELECT id FROM happenings)") == 0
        assert not await store.read(happenings.is_behind)


async def test_a_database_of_before_gets_an_index(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The migration only says that there is something to be looked at; the rest comes by itself."""
    old = tmp_path / "migrations"
    old.mkdir()
    for file in DIRECTORY.glob("*.sql"):
        if file.name < "0030":
            shutil.copy(file, old)

    async def nothing(_: Store) -> list[str]:
        return []

    monkeypatch.setattr(opening, "migrate", nothing)
    async with open_store(url) as store:
        await migrate(store, old)
        await store.write(_of_before)
        await migrate(store)
        feed = await Local("social", "Social", store, BASE, lambda: 0).feed(FeedRequest(base_url=BASE))
        assert [entry.id for entry in feed.entries if isinstance(entry, Entry)] == [f"{BASE}/activities/1"]


async def _of_before(tx: Transaction) -> None:
    for id, iri, kind, type, owner, object, document in (
        (5, f"{BASE}/users/ada", 3, "Person", 5, None, '{"name":"Ada"}'),
        (6, f"{BASE}/objects/1", 1, "Note", 5, None, f'{{"id":"{BASE}/objects/1","type":"Note","content":"Old"}}'),
        (
            7, f"{BASE}/activities/1", 2, "Create", 5, 6,
            f'{{"id":"{BASE}/activities/1","type":"Create","actor":"{BASE}/users/ada","object":"{BASE}/objects/1"}}',
        ),
    ):  # fmt: skip
        await tx.run(
            "INSERT INTO objects (id, iri, kind, type, local, owner, object, public, document, published)"
            " VALUES (:id, :iri, :kind, :type, 1, :owner, :object, 1, :document, 1)",
            id=id, iri=iri, kind=kind, type=type, owner=owner, object=object, document=document,
        )  # fmt: skip
