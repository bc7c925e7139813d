"""The news of one process: who is woken by what, and what is at hand (Feeds §11.1, §11.2)."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from plaza import BASE, Plaza

from storage import Store, Transaction, feeds, news, open_store
from storage.ids import at_instant
from storage.news import News
from streams.feeds import newsroom, telling
from streams.feeds.newsroom import Ear, Newsroom, Note
from streams.instants import SECOND_US

pytestmark = pytest.mark.anyio

LONG = 4_000_000_000 * SECOND_US


@pytest.fixture
async def plaza(ready_url: str) -> AsyncIterator[Plaza]:
    async with open_store(ready_url, base_url=BASE) as store:
        yield await Plaza.made(store, telling_time=True)


@pytest.fixture
async def room(plaza: Plaza) -> AsyncIterator[Newsroom]:
    async with Newsroom(plaza.parts) as opened:
        yield opened


async def _watched(plaza: Plaza, *names: str) -> dict[str, int]:
    """Have it noted what happens in feeds; return their streams."""
    tenant = await plaza.refresh()
    space = await plaza.parts.space(tenant)

    async def watch(tx: Transaction) -> dict[str, int]:
        found = await feeds.ensure(tx, await space.owner(tx, now=1), names)
        await news.watch(tx, tenant.id, found.values(), until=LONG)
        return found

    return await plaza.store.write(watch)


async def _woken(ear: Ear) -> bool:
    try:
        await asyncio.wait_for(ear.woken.wait(), 2)
    except TimeoutError:
        return False
    ear.woken.clear()
    return True


def _data(note: Note) -> dict[str, Any]:
    assert note.story is not None
    assert note.story.whole is not None
    found: dict[str, Any] = json.loads(note.story.whole)
    return found


def _objects(room: Newsroom, stream: int) -> list[str]:
    """Return what is at hand and has been told."""
    return [_data(note)["new"][0]["object"] for note in room.recent(stream) if note.is_told]


async def test_those_are_woken_whom_it_concerns(plaza: Plaza, room: Newsroom) -> None:
    streams = await _watched(plaza, "user:1", "user:2")
    one, two = await room.join("one"), await room.join("two")
    room.attend(one, [streams["user:1"]])
    room.attend(two, [streams["user:2"]])
    [added] = await plaza.add("user:1")
    assert await _woken(one)
    assert not two.woken.is_set()
    [note] = room.recent(streams["user:1"])
    assert _data(note)["new"][0]["id"] == str(added.id)
    assert list(room.recent(streams["user:2"])) == []


async def test_what_was_lately_is_at_hand_for_whoever_comes(plaza: Plaza, room: Newsroom) -> None:
    """Told only once somebody wants it: nobody here did when it happened."""
    streams = await _watched(plaza, "user:1")
    await plaza.add("user:1", {"object": "x"})
    await room.join("one")
    [note] = room.recent(streams["user:1"])
    await room.tell([note])
    assert _data(note)["new"][0]["object"] == "x"


async def test_it_is_told_once_for_all(plaza: Plaza, room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    told = 0

    async def counted(*given: Any) -> Any:
        nonlocal told
        told += 1
        return await telling.stories(*given)

    monkeypatch.setattr(newsroom, "stories", counted)
    streams = await _watched(plaza, "user:1")
    ears = [await room.join(str(number)) for number in range(20)]
    for ear in ears:
        room.attend(ear, streams.values())
    await plaza.add("user:1")
    assert all([await _woken(ear) for ear in ears])
    await asyncio.gather(*(room.tell(list(room.recent(streams["user:1"]))) for _ in ears))
    assert told == 1


async def test_a_name_is_held_once_and_nobody_after_the_end(room: Newsroom) -> None:
    first = await room.join("one")
    second = await room.join("one")
    assert (first.ended, second.ended) == (True, False)
    room.leave(first)
    room.close()
    assert second.ended
    assert second.woken.is_set()
    assert (await room.join("two")).ended


async def test_who_leaves_or_turns_elsewhere_is_not_woken(plaza: Plaza, room: Newsroom) -> None:
    streams = await _watched(plaza, "user:1", "user:2")
    one, two = await room.join("one"), await room.join("two")
    for ear in (one, two):
        room.attend(ear, streams.values())
    room.attend(one, [streams["user:2"]])
    room.leave(two)
    await plaza.add("user:1")
    await plaza.add("user:2")
    assert await _woken(one)
    assert not two.woken.is_set()


async def test_a_listener_is_told_that_it_has_changed(plaza: Plaza, room: Newsroom) -> None:
    streams = await _watched(plaza, "user:1")
    ear, other = await room.join("one"), await room.join("two")

    async def stir(tx: Transaction) -> None:
        await news.stir(tx, at_instant(plaza.parts.clock()), streams["user:1"], "one")
        tx.wake("news")

    await plaza.store.write(stir)
    assert await _woken(ear)
    assert (ear.changed, other.changed) == (True, False)


async def test_what_was_committed_late_is_not_missed(plaza: Plaza, room: Newsroom) -> None:
    """Events get their numbers before they are committed, in other processes too."""
    streams = await _watched(plaza, "user:1")
    stream = streams["user:1"]
    ear = await room.join("one")
    room.attend(ear, [stream])
    await plaza.add("user:1")
    assert await _woken(ear)

    async def late(tx: Transaction) -> None:
        event = at_instant(plaza.parts.clock() - 2 * SECOND_US)
        await tx.run(
            "INSERT INTO news VALUES (:event, :stream, 0, :told)",
            event=event,
            stream=stream,
            told='{"deleted":["x"]}',
        )
        tx.wake("news")

    await plaza.store.write(late)
    assert await _woken(ear)
    assert [_data(note)["deleted"] for note in room.recent(stream)] == [[], ["x"]]


async def test_what_is_old_is_forgotten_and_so_is_what_is_too_much(
    plaza: Plaza, room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REL-023."""
    monkeypatch.setattr(newsroom, "NOTES_MAX", 2)
    streams = await _watched(plaza, "user:1")
    ear = await room.join("one")
    room.attend(ear, streams.values())
    for number in range(4):
        await plaza.add("user:1", {"object": str(number)})
    for _ in range(40):
        await asyncio.sleep(0.05)
        if _objects(room, streams["user:1"]) == ["2", "3"]:
            break
    else:
        pytest.fail("older news are still there")
    monkeypatch.setattr(newsroom, "LOOKBACK_US", 0)
    await plaza.add("user:1")
    for _ in range(40):
        await asyncio.sleep(0.05)
        if not list(room.recent(streams["user:1"])):
            break
    else:
        pytest.fail("old news are still there")


async def test_reading_the_news_goes_on_after_a_mistake(
    plaza: Plaza, room: Newsroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(newsroom, "AGAIN_SECONDS", 0.05)
    streams = await _watched(plaza, "user:1")
    ear = await room.join("one")
    room.attend(ear, streams.values())

    async def fail(*_: Any) -> Any:
        monkeypatch.setattr(newsroom, "stories", telling.stories)
        raise ValueError("an activity that nobody can spell")

    monkeypatch.setattr(newsroom, "stories", fail)
    await plaza.add("user:1")
    await asyncio.sleep(0.5)
    await plaza.add("user:1")
    assert await _woken(ear)
    assert "some news cannot be told" in caplog.text


async def test_followers_of_a_popular_feed_hear_of_it_without_a_copy(crowded: Plaza) -> None:
    """Feeds §11.2: with the origin that they would read."""
    store: Store = crowded.store
    followers = [*(f"timeline:{n}" for n in range(7)), "aggregated:1"]
    await crowded.follow(*((name, "user:1") for name in followers))
    streams = await _watched(crowded, "timeline:3", "aggregated:1")
    [added] = await crowded.add("user:1")
    await crowded.work()
    rows: list[News] = await store.peek(news.since, 0, events=50)
    found = await telling.stories(crowded.parts, rows)
    told = {story.feed: json.loads(story.readers or b"{}")["new"] for story in found}
    assert sorted(told) == ["aggregated:1", "timeline:3"]
    assert len(found) == len(streams)
    for [new] in told.values():
        assert (new["id"], new["origin"]) == (str(added.id), "user:1")
    assert "group" in told["aggregated:1"][0]


async def test_what_is_meant_for_a_feeds_own_user_is_told_to_no_other(plaza: Plaza) -> None:
    streams = await _watched(plaza, "user:1")
    [added] = await plaza.add("user:1")

    async def hide(tx: Transaction, shown: int) -> None:
        await tx.run("UPDATE placements SET shown = :shown", shown=shown)

    await plaza.store.write(hide, 1)
    rows = await plaza.store.peek(news.since, 0, events=5)
    [story] = await telling.stories(plaza.parts, rows)
    assert story.readers is None
    assert json.loads(story.whole or b"")["new"][0]["id"] == str(added.id)
    assert story.stream == streams["user:1"]
    await plaza.store.write(hide, 0)
    [story] = await telling.stories(plaza.parts, rows)
    assert (story.readers, story.whole) == (None, None)
