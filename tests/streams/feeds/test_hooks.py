"""Letters to web hooks: one message for each feed, in order, for each address its own (Feeds §11.3)."""

import json
from typing import Any

import pytest
from plaza import Plaza

from storage import Store, Transaction, letters, open_store, webhooks
from streams.feeds import hooks, news

pytestmark = pytest.mark.anyio

URL = "https://app.example/hook"


async def _hooked(plaza: Plaza, url: str = URL) -> Plaza:
    await plaza.store.write(webhooks.set_url, plaza.tenant.id, url, now=1)
    return plaza


async def _letters(store: Store) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return what is to be sent: addresses and messages, in the order of the jobs."""

    async def look(tx: Transaction) -> list[tuple[str, list[dict[str, Any]]]]:
        rows = await tx.all("SELECT payload, letter FROM jobs WHERE queue = 'webhooks' ORDER BY id")
        found = []
        for payload, letter in rows:
            text = await letters.read(tx, int(letter or 0))
            found.append((json.loads(str(payload))["url"], json.loads(text or "")))
        return found

    return await store.read(look)


def _brief(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return of each message the feed and what is new there, or what is gone after a minus."""
    return [
        (one["feed"], "".join(new["object"] for new in one["new"]) or "-" * len(one["deleted"]))
        for one in messages
    ]


async def test_each_feed_that_something_comes_into_or_leaves_has_its_message(plaza: Plaza) -> None:
    await _hooked(plaza)
    await plaza.follow(("timeline:1", "user:1"))
    [added] = await plaza.add("user:1", {"object": "x", "to": ["notification:2"]})
    await plaza.add("user:1", {"object": "y"})
    await hooks.write_letters(plaza.parts)
    await plaza.remove("user:1", added.id)
    await hooks.write_letters(plaza.parts)
    [(url, messages), (again, gone)] = await _letters(plaza.store)
    assert (url, again) == (URL, URL)
    told = _brief([*messages, *gone])
    assert sorted(told[:3]) == [("notification:2", "x"), ("timeline:1", "x"), ("user:1", "x")]
    assert sorted(told[3:5]) == [("timeline:1", "y"), ("user:1", "y")]
    assert sorted(told[5:]) == [("notification:2", "-"), ("timeline:1", "-"), ("user:1", "-")]


async def test_a_message_is_that_of_realtime(plaza: Plaza) -> None:
    """Feeds §11.2."""
    await _hooked(plaza)
    [added] = await plaza.add("user:1")
    await hooks.write_letters(plaza.parts)
    [(_, [message])] = await _letters(plaza.store)
    assert message.pop("published_at").endswith("Z")
    [new] = message.pop("new")
    assert (new["id"], new["origin"]) == (str(added.id), None)
    assert message == {
        "feed": "user:1", "app_id": str(plaza.tenant.id), "deleted": [], "deleted_foreign_ids": [],
    }  # fmt: skip


async def test_a_letter_has_a_hundred_messages_at_most(plaza: Plaza) -> None:
    await _hooked(plaza)
    for begin in range(0, 250, 50):
        await plaza.add("user:1", *({"object": str(begin + n)} for n in range(50)))
    await hooks.write_letters(plaza.parts)
    found = await _letters(plaza.store)
    assert [len(messages) for _, messages in found] == [100, 100, 50]
    assert [new["object"] for _, messages in found for one in messages for new in one["new"]] == [
        str(n) for n in range(250)
    ]


async def test_a_group_may_have_an_address_of_its_own(ready_url: str) -> None:
    other = "https://other.example/"
    async with open_store(ready_url) as store:
        plaza = await Plaza.made(store, timeline={"webhook": other})
        await plaza.follow(("timeline:1", "user:1"))
        await plaza.add("user:1", {"object": "x"})
        await hooks.write_letters(plaza.parts)
        assert [(url, _brief(told)) for url, told in await _letters(store)] == [
            (other, [("timeline:1", "x")])
        ]
        await _hooked(plaza)
        await plaza.add("user:1", {"object": "y"})
        await hooks.write_letters(plaza.parts)
        assert {url: _brief(told) for url, told in (await _letters(store))[1:]} == {
            URL: [("user:1", "y")], other: [("timeline:1", "y")],
        }  # fmt: skip


async def test_followers_that_are_many_and_those_of_a_popular_feed(
    crowded: Plaza, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Feeds that are given copies later and feeds that are given none: each is told once, a few at a time."""
    monkeypatch.setattr(hooks, "FEEDS", 3)
    await _hooked(crowded)
    followers = [f"timeline:{n}" for n in range(4)]
    await crowded.follow(*((name, "user:1") for name in followers))
    await crowded.add("user:1", {"object": "x"})
    await crowded.work()
    await hooks.write_letters(crowded.parts)
    told = [pair for _, messages in await _letters(crowded.store) for pair in _brief(messages)]
    assert sorted(told) == [*((name, "x") for name in followers), ("user:1", "x")]
    more = [*(f"timeline:{n}" for n in range(4, 8)), "aggregated:1"]
    await crowded.follow(*((name, "user:1") for name in more))
    await crowded.add("user:1", {"object": "y"})
    await crowded.work()
    await hooks.write_letters(crowded.parts)
    told = [pair for _, messages in await _letters(crowded.store) for pair in _brief(messages)][5:]
    assert sorted(told) == sorted([*((name, "y") for name in (*followers, *more)), ("user:1", "y")])


async def test_other_things_that_happen_are_told_as_they_are(plaza: Plaza) -> None:
    """Feeds §11.3: ``reaction.new``."""
    await _hooked(plaza)

    async def react(tx: Transaction) -> None:
        ears = await news.listening(tx, plaza.tenant.id, now=1)
        await news.happened(tx, ears, "reaction.new", {"kind": "like", "data": {"n": "ü"}})

    await plaza.store.write(react)
    await plaza.add("user:1", {"object": "x"})
    await hooks.write_letters(plaza.parts)
    [(_, [first, second])] = await _letters(plaza.store)
    assert first == {"type": "reaction.new", "generic": {"kind": "like", "data": {"n": "ü"}}}
    assert second["feed"] == "user:1"


async def test_what_is_gone_before_it_was_told_is_not_told_as_new(plaza: Plaza) -> None:
    await _hooked(plaza)
    [added] = await plaza.add("user:1", {"object": "x"})
    await plaza.remove("user:1", added.id)
    await hooks.write_letters(plaza.parts)
    [(_, messages)] = await _letters(plaza.store)
    assert _brief(messages) == [("user:1", "-")]


async def test_an_address_that_was_taken_away_is_told_nothing(plaza: Plaza) -> None:
    await _hooked(plaza)
    await plaza.add("user:1")
    await plaza.store.write(webhooks.set_url, plaza.tenant.id, None, now=2)
    await hooks.write_letters(plaza.parts)
    assert await _letters(plaza.store) == []
    assert await plaza.store.peek(webhooks.waiting) == []
