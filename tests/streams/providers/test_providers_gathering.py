"""Several providers at once: those that hang, crash or lie harm nobody else (Atom §8.3)."""

import asyncio
import itertools
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.entries import Viewer
from streams.providers import (
    Feed,
    FeedRequest,
    Filter,
    Gathered,
    Onlooker,
    Running,
    Throttled,
    gather,
    position,
)
from vocab.entry import Entry

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 1, 2, tzinfo=UTC)
BASE = "https://hub.example"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def made(id: str, at: int = 0, **members: Any) -> dict[str, Any]:
    published = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=at)
    return {
        "id": f"https://far.example/{id}", "type": "Create", "actor": {"type": "Person", "name": "Ann"},
        "published": published.isoformat(), "verb": ["http://activitystrea.ms/schema/1.0/post"], **members,
    }  # fmt: skip


class Fake:
    """A provider whose feed is a function of the request."""

    def __init__(self, key: str, feed: Callable[[FeedRequest], Any], **members: Any) -> None:
        self.key, self.name, self._feed = key, key.title(), feed
        self.asked: list[FeedRequest] = []
        for name, value in members.items():
            setattr(self, name, value)

    async def feed(self, request: FeedRequest) -> Any:
        self.asked.append(request)
        found = self._feed(request)
        return await found if asyncio.iscoroutine(found) else found


def having(key: str, *entries: Any, **members: Any) -> Fake:
    return Fake(key, lambda request: Feed(key, entries), **members)


def running(*providers: Any) -> list[Running]:
    return [Running.of(one) for one in providers]


async def gathered(*providers: Any, most: int = 10, seconds: float = 5.0, **members: Any) -> Gathered:
    return await page(running(*providers), most=most, seconds=seconds, **members)


async def page(places: list[Running], *, most: int = 10, seconds: float = 5.0, **members: Any) -> Gathered:
    filters = members.pop("provider_filters", {})
    request = FeedRequest(most, seconds, base_url=BASE, request_id="r1", **members)
    return await gather(places, request, filters, now=NOW)


def ids(found: Gathered) -> list[str]:
    return [entry.id.rsplit("/", 1)[-1] for entry in found.entries]


async def test_the_newest_of_all_each_once() -> None:
    """Atom §8.3 rule 6."""
    one = having("one", made("b", 2), made("d", 4), made("x", 3))
    two = having("two", made("a", 1), made("x", 3), made("e", 5))
    assert ids(await gathered(one, two)) == ["e", "d", "x", "b", "a"]
    assert ids(await gathered(one, two, most=3)) == ["e", "d", "x"]


async def test_who_is_late_is_named_and_the_answer_does_not_wait() -> None:
    """Atom §8.3 rule 3: also for who ignores that it is cancelled, blocks its loop, or never returns from a thread."""
    over = threading.Event()

    async def deaf(_: FeedRequest) -> Any:
        while not over.is_set():
            try:
                await asyncio.sleep(0.01)
            except asyncio.CancelledError:
                continue

    slow = [
        Fake("sleeps", lambda _: asyncio.sleep(60)),
        Fake("deaf", deaf),
        Fake("inside", deaf, inside=True),
        Fake("blocks", lambda _: over.wait(60)),
        Fake("thread", lambda _: over.wait(60), blocking=True),
        Fake("endless", lambda request: Feed("x", _until(over)), blocking=True),
    ]
    places = running(*slow, having("good", made("a")))
    async with asyncio.timeout(5):
        found = await page(places, seconds=0.3)
    over.set()
    assert ids(found) == ["a"]
    assert sorted(found.problems.timed_out) == sorted(one.name for one in slow)
    assert slow[4].asked[0].cancelled


def _until(over: threading.Event) -> Iterator[dict[str, Any]]:
    while not over.is_set():
        over.wait(0.01)
    yield made("late")


class Quits(BaseException):
    """What is no Exception."""


CRASHES = [
    ValueError("x"),
    SystemExit(1),
    StopIteration(),
    KeyboardInterrupt(),
    Quits(),
    asyncio.CancelledError(),
]


@pytest.mark.parametrize(
    ("error", "place"),
    [
        *((error, place) for error in CRASHES for place in ({}, {"blocking": True})),
        (ValueError("x"), {"inside": True}),
    ],
)
async def test_who_crashes_is_left_out(error: BaseException, place: dict[str, bool]) -> None:
    """Atom §8.3 rule 4: a provider of ours is believed not to end the server."""

    def crash(_: FeedRequest) -> Any:
        raise error

    places = running(Fake("bad", crash, **place), having("good", made("a")))
    found = await page(places)
    assert ids(found) == ["a"]
    assert not found.problems
    assert places[0].failures == 1


@pytest.mark.parametrize("answer", [None, 5, "text", {}, {"entries": "text"}, {"entries": None}, object()])
async def test_what_is_no_answer(answer: Any) -> None:
    """Atom §8.3 rule 4."""
    assert ids(await gathered(Fake("bad", lambda _: answer), having("good", made("a")))) == ["a"]


def nested(depth: int) -> Any:
    found: Any = "x"
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    "odd",
    [
        None, 5, {}, {"id": "x"}, made("x", content="a" * 1_000_000), made("x", deep=nested(5_000)),
        made("x", wide=list(range(10_000))), made("x", odd=object()), made("x", odd=float("nan")),
        made("x", odd=1 << 70), {**made("x"), 5: "x"}, made("x", odd="\ud800"), made("x", actor=[]),
        made("x", published="soon"), made("x", verb=[]), made("x", 3 * 86_400),
    ],
)  # fmt: skip
async def test_entries_that_make_no_sense_are_left_out_alone(odd: Any) -> None:
    """Atom §8.3 rule 2: also those that are huge, or tell the future."""
    assert ids(await gathered(having("one", odd, made("a")))) == ["a"]


async def test_of_millions_only_what_was_asked_for_is_read() -> None:
    """Atom §8.3 rule 1."""
    read: list[int] = []

    def millions(_: FeedRequest) -> Any:
        def entries() -> Iterator[dict[str, Any]]:
            for at in range(10_000_000):
                read.append(at)
                yield made(str(at), -at)

        return Feed("x", entries())  # type: ignore[arg-type]

    found = await gathered(Fake("liar", millions), having("good", made("new", 5)), most=3)
    assert ids(found) == ["new", "0", "1"]
    assert len(read) == 3


async def test_what_was_not_asked_for_is_left_out() -> None:
    """Atom §8.3 rule 1, §4.3 rule 5: dates, users, kinds, text; for each provider by its own filters too."""
    bob = made("bob", 1, actor={"type": "Person", "preferredUsername": "bob"})
    entries = (made("a", 5, summary="frost"), bob)
    places = running(having("one", *entries), having("two", made("c", 3)))
    by_bob, frost = Filter("user", "IS", ("bob",)), Filter("text", "CONTAINS", ("frost",))
    assert ids(await page(places, filters=(by_bob,))) == ["bob"]
    assert ids(await page(places, provider_filters={"one": (frost,)})) == ["a", "c"]
    later = Filter("update-date", "AFTER", (str(1_767_225_600_000 + 3_500),))
    assert ids(await page(places, filters=(later,))) == ["a"]


async def test_what_is_for_some_is_shown_to_them() -> None:
    """Atom §8.3 rule 1, §17.3, §17.5: and nobody learns who else it was for."""
    eve, ada = Viewer(1, f"{BASE}/users/eve"), Viewer(2, f"{BASE}/users/ada")
    entries = (
        made("all", 3, to=PUBLIC),
        made("ada", 2, to=ada.iri),
        made("blind", 1, bto=ada.iri),
        made("any", 0),
    )
    one = having("one", *entries)
    assert ids(await gathered(one)) == ["all", "any"]
    assert ids(await gathered(one, viewer=Onlooker(eve, "eve"))) == ["all", "any"]
    found = await gathered(one, viewer=Onlooker(ada, "ada"))
    assert ids(found) == ["all", "ada", "blind", "any"]
    assert all(entry.activity.get("bto") is None for entry in found.entries)
    assert ids(await gathered(one, viewer=Onlooker(ada, "ada", by_token=True))) == ["all", "any"]


async def test_a_plug_in_passes_for_nothing_that_is_stored() -> None:
    """Atom §8.3: whoever claims an id of ours, or a row, does not get it."""
    stored = Entry.of(made("x", 1))
    ours = having(
        "ours", Entry(stored.activity, stored.published, stored.updated, stored.verb, item=77), inside=True
    )
    theirs = having("theirs", Entry(stored.activity, stored.published, stored.updated, stored.verb, item=99))
    found = await gathered(theirs, ours)
    assert [(entry.item, entry.provider) for entry in found.entries] == [(77, "ours")]
    assert [entry.item for entry in (await gathered(theirs)).entries] == [None]


async def test_pages_show_every_entry_once() -> None:
    """Atom §15: whether a provider knows of pages, of dates, or of neither and has nothing older to show."""

    def knows_pages(request: FeedRequest) -> Any:
        entries = [Entry.of(made(f"p{at}", at // 2)) for at in range(20)]
        fitting = [
            one for one in sorted(entries, key=position, reverse=True) if position(one) < request.before
        ]
        return Feed("p", fitting[: request.max_results])

    def knows_dates(request: FeedRequest) -> Any:
        until = [int(one.values[0]) for one in request.filters if one.operator == "BEFORE"]
        latest = datetime.fromtimestamp(min(until, default=1 << 42) / 1000, UTC)
        entries = [made(f"d{at}", at) for at in reversed(range(15))]
        fitting = [one for one in entries if datetime.fromisoformat(one["published"]) < latest]
        return Feed("d", fitting[: request.max_results])

    places = running(
        Fake("p", knows_pages), Fake("d", knows_dates), having("few", made("f0", 0), made("f9", 9))
    )
    seen: list[str] = []
    found = await page(places, most=4)
    pages = 1
    while True:
        seen += ids(found)
        if found.floor is None:
            break
        found, pages = await page(places, most=4, before=found.floor), pages + 1
        assert pages < 30
    expected = {f"p{at}" for at in range(20)} | {f"d{at}" for at in range(15)} | {"f0", "f9"}
    assert sorted(seen) == sorted(expected)


async def test_late_ones_are_banned_and_tried_again() -> None:
    """Atom §8.3 rule 5."""
    time = 0.0
    late = True

    async def feed(_: FeedRequest) -> Any:
        await asyncio.sleep(60 if late else 0)
        return Feed("x", [made("a")])

    provider = Fake("slow", feed)
    places = running(provider)

    async def ask() -> Gathered:
        return await gather(places, FeedRequest(10, 0.02), {}, now=NOW, clock=lambda: time)

    for _ in range(3):
        assert (await ask()).problems.timed_out == ("Slow",)
    assert (await ask()).problems.banned == ("Slow",)
    assert len(provider.asked) == 3
    time, late = 61.0, False
    assert ids(await ask()) == ["a"]


async def test_who_asks_for_a_rest_gets_it_and_so_does_who_has_no_room() -> None:
    """Atom §8.3 rule 5."""

    def refuse(_: FeedRequest) -> Any:
        raise Throttled(100)

    places = running(Fake("tired", refuse))
    for _ in range(2):
        assert (await page(places)).problems.throttled == ("Tired",)
    assert len(places[0].provider.asked) == 1
    over = threading.Event()
    stuck = running(Fake("stuck", lambda _: over.wait(60), blocking=True))
    hours = itertools.count()

    async def ask() -> Gathered:
        at = next(hours) * 3_600.0
        return await gather(stuck, FeedRequest(10, 0.05), {}, now=NOW, clock=lambda: at)

    for _ in range(8):
        assert (await ask()).problems.timed_out
    assert (await ask()).problems.throttled == ("Stuck",)
    over.set()
