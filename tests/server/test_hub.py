"""Which changes of feeds are told to those who subscribed (WebSub §7)."""

from collections.abc import AsyncIterator

import pytest
from atomhall import BASE_URL, Hall, opened

from server import hub
from server.hub import Teller
from storage import jobs, subscribers
from storage.actors import ActorRow
from storage.subscribers import DELIVERIES
from streams import publish, system_clock
from vocab import PUBLIC, Activity, Object

pytestmark = pytest.mark.anyio

TOPIC = f"{BASE_URL}/@ada/feed.atom"


@pytest.fixture
async def hall(ready_url: str) -> AsyncIterator[Hall]:
    async with opened(ready_url) as made:
        yield made


async def subscribed(hall: Hall, *callbacks: str, topic: str = TOPIC) -> Teller:
    said = await hub.say(hall.house.inward, topic)
    assert said is not None
    now = system_clock()
    for callback in callbacks:
        await hall.house.store.write(
            subscribers.put, topic, callback, secret=None, until=now + 10**12, digest=hub.digest(said.body), now=now
        )  # fmt: skip
    return Teller(hall.house.store, hall.house.inward, clock=system_clock)


async def say(hall: Hall, ada: ActorRow, text: str, to: str | None) -> Activity:
    return await publish(hall.house.ports, ada, Object({"type": "Note", "content": text, "to": to}))


async def letters(hall: Hall) -> list[str]:
    waiting = await hall.house.store.read(jobs.waiting, DELIVERIES, limit=10)
    return [one.payload["type"] for one in waiting]


async def test_each_change_is_told_once_to_each(hall: Hall) -> None:
    ada = await hall.member("ada")
    teller = await subscribed(hall, "https://a.example/", "https://b.example/")
    assert await teller.tell() == 0
    await say(hall, ada, "first frost", PUBLIC)
    await say(hall, ada, "and snow", PUBLIC)
    assert await teller.tell() == 1
    assert await teller.tell() == 0
    assert await letters(hall) == ["application/atom+xml; charset=utf-8"] * 2


async def test_what_is_not_for_everyone_changes_nothing(hall: Hall) -> None:
    """Atom §17.5: not even that something was said."""
    ada = await hall.member("ada")
    teller = await subscribed(hall, "https://a.example/")
    await say(hall, ada, "hush", ada.followers)
    await say(hall, ada, "to myself", None)
    assert await teller.tell() == 0


async def test_of_several_processes_one_tells(hall: Hall) -> None:
    ada = await hall.member("ada")
    first = await subscribed(hall, "https://a.example/")
    second = Teller(hall.house.store, hall.house.inward, clock=system_clock)
    await say(hall, ada, "first frost", PUBLIC)
    assert [await first.tell(), await second.tell()] == [1, 0]


async def test_a_feed_that_is_none_any_more_is_forgotten(hall: Hall) -> None:
    teller = await subscribed(hall, "https://a.example/", topic=f"{BASE_URL}/activity")
    gone = f"{BASE_URL}/@nobody/feed.atom"
    now = system_clock()
    await hall.house.store.write(
        subscribers.put, gone, "https://a.example/", secret=None, until=now + 10**12, digest="0", now=now
    )  # fmt: skip
    assert await teller.tell() == 0
    wanted = await hall.house.store.read(subscribers.wanted, now=now)
    assert [topic.url for topic in wanted] == [f"{BASE_URL}/activity"]


@pytest.mark.parametrize(
    "url", [f"{BASE_URL}/health", f"{BASE_URL}/@ada", "https://elsewhere.example/feed", ""]
)
async def test_nothing_but_a_feed_of_ours_is_a_topic(hall: Hall, url: str) -> None:
    await hall.member("ada")
    assert await hub.say(hall.house.inward, url) is None


async def test_whatever_names_the_hub_is_a_topic_of_it(hall: Hall) -> None:
    """WebSub §4, §5: subscribers ask for what ``rel=self`` names beside ``rel=hub``."""
    ada = await hall.member("ada")
    await publish(hall.house.ports, ada, Object({
        "type": "Note", "content": "#fog", "to": PUBLIC, "tag": [{"type": "Hashtag", "name": "#fog"}],
    }))  # fmt: skip
    named = 0
    for below in (
        "/@ada/feed.",
        "/users/ada/feed.",
        "/tags/fog/feed.",
        "/activity?format=",
        "/activity?maxResults=1&format=",
    ):
        for form in ("atom", "rss", "json", "as1", *(["as2", "html"] if "?" in below else [])):
            answer = await hall.anybody.get(f"{below}{form}")
            assert answer.status_code == 200, answer.text
            links = {rel: link["url"] for rel, link in answer.links.items()}
            if "hub" not in links:
                assert form in ("as2", "html")
                continue
            named += 1
            said = await hub.say(hall.house.inward, links["self"])
            assert said is not None
            assert said.body == answer.content
            assert said.headers["content-type"] == answer.headers["content-type"]
    assert named == 20
