"""Bundles of aggregated and notification feeds: what they count stays right, whatever happens (Feeds §8)."""

import asyncio
import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plaza import Plaza, feed

from storage import Transaction, bundles
from storage.feedpages import Part
from storage.placements import Shown
from streams.feeds import bundles as bundled
from streams.feeds import keys
from vocab.dialects.getstream import FeedActivity

pytestmark = pytest.mark.anyio

ONE = {"verb": "like", "time": "2026-02-01T10:00:00"}
TWO = {"verb": "like", "time": "2026-02-01T12:00:00"}


async def counted(tx: Transaction) -> list[tuple[Any, ...]]:
    """Every bundle as it counts itself: feed, name, newest, oldest, activities and actors."""
    rows = await tx.all(
        "SELECT s.name, b.name, b.position, b.tie, b.oldest, b.activities, b.actors"
        " FROM bundles b JOIN streams s ON s.id = b.stream WHERE b.activities > 0"
    )
    return sorted(rows)


async def recounted(tx: Transaction) -> list[tuple[Any, ...]]:
    """Every bundle as what is in its feed says that it is."""
    rows: Any = await tx.all(
        "SELECT s.name, b.name, p.position, p.tie, a.actor FROM placements p"
        " JOIN streams s ON s.id = p.stream JOIN bundles b ON b.id = p.bundle"
        " JOIN feed_activities a ON a.item = p.item WHERE p.shown > 0"
    )
    found: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for stream, name, *entry in rows:
        found.setdefault((stream, name), []).append(tuple(entry))
    return sorted(
        (*names, *max((position, tie) for position, tie, _ in entries), min(entries)[0], len(entries),
         len({actor for *_, actor in entries}))
        for names, entries in found.items()
    )  # fmt: skip


async def lost(tx: Transaction) -> list[Any]:
    """What must not be: bundles of nothing, actors of nothing, grouped placements of no bundle."""
    return [
        *await tx.all("SELECT name FROM bundles b WHERE NOT EXISTS (SELECT 1 FROM placements WHERE bundle = b.id)"),
        *await tx.all("SELECT bundle FROM bundle_actors WHERE activities < 1"),
        *await tx.all("SELECT bundle FROM placements WHERE bundle IS NOT NULL EXCEPT SELECT id FROM bundles"),
    ]  # fmt: skip


async def check(plaza: Plaza) -> None:
    assert await plaza.store.read(counted) == await plaza.store.read(recounted)
    assert await plaza.store.read(lost) == []


async def show(plaza: Plaza, activity: FeedActivity, shown: Shown) -> None:
    row: Any = await plaza.store.read(
        lambda tx: tx.one(
            "SELECT item FROM feed_activities WHERE position = :position AND tie = :tie",
            **keys.key_of(activity.id)._asdict(),
        )
    )
    await plaza.store.write(bundles.show, row[0], shown)


NAMES = ("user:1", "user:2", "aggregated:1", "notification:1")
FLAT = NAMES[:2]

homes = st.sampled_from(NAMES)
which = st.integers(0, 20)
steps = st.one_of(
    st.tuples(st.just("add"), homes, st.fixed_dictionaries({
        "actor": st.sampled_from(("ada", "SU:ada", "bob")),
        "verb": st.sampled_from(("like", "pin")),
        "foreign_id": st.sampled_from(("f1", "f2", "f3")),
        "time": st.sampled_from(("2026-02-01T10:00:00", "2026-02-01T11:00:00", "2026-02-02T10:00:00")),
        "to": st.lists(homes, max_size=2),
    })),
    st.tuples(st.just("follow"), st.sampled_from(NAMES), st.sampled_from(FLAT), st.integers(0, 3)),
    st.tuples(st.just("unfollow"), st.sampled_from(NAMES), st.sampled_from(FLAT), st.booleans()),
    st.tuples(st.just("remove"), homes, which),
    st.tuples(st.just("show"), which, st.sampled_from(Shown)),
    st.tuples(st.just("replace"), which, st.sampled_from(("ada", "eve"))),
)  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=25))
async def test_what_a_bundle_counts_is_what_is_in_it(plaza: Plaza, told: list[Any]) -> None:
    """Feeds §8.1: newest, oldest and both counts, after any adding, following, removing, hiding and replacing."""
    apart = next(_examples)
    made: list[tuple[FeedActivity, dict[str, Any]]] = []
    for do, *how in told:
        if do == "add":
            to = [f"{name}{apart}" for name in how[1]["to"]]
            members = {**how[1], "foreign_id": f"{how[1]['foreign_id']}-{apart}", "to": to}
            made += [(activity, members) for activity in await plaza.add(f"{how[0]}{apart}", members)]
        elif do == "follow" and how[0] != how[1]:
            await plaza.follow((f"{how[0]}{apart}", f"{how[1]}{apart}"), copies=how[2])
        elif do == "unfollow":
            await plaza.unfollow(f"{how[0]}{apart}", f"{how[1]}{apart}", keep=how[2])
        elif do == "remove" and made:
            await plaza.remove(f"{how[0]}{apart}", made[how[1] % len(made)][0].id)
        elif do == "show" and made:
            await show(plaza, made[how[0] % len(made)][0], how[1])
        elif do == "replace" and made:
            await plaza.replace({**made[how[0] % len(made)][1], "actor": how[1]})
        await check(plaza)


_examples = itertools.count(10)


async def test_two_who_add_to_one_bundle_at_once_are_both_counted(plaza: Plaza) -> None:
    """Issue: concurrent adds and removals on PostgreSQL, which runs units of work side by side."""
    await plaza.follow(("notification:1", "user:1"), ("aggregated:1", "user:1"))
    await plaza.add("notification:1", {**ONE, "actor": "first"})
    made = await asyncio.gather(
        *(plaza.add("user:1", {**ONE, "actor": f"a{n % 5}", "foreign_id": f"f{n}"}) for n in range(12)),
        *(plaza.add("notification:1", {**TWO, "actor": f"a{n}", "foreign_id": f"g{n}"}) for n in range(12)),
    )
    await check(plaza)
    assert {row[5] for row in await plaza.store.read(counted)} == {12, 25}
    await asyncio.gather(
        *(plaza.remove("user:1", one.id) for added in made[:12] for one in added),
        *(plaza.remove("notification:1", one.id) for added in made[12:] for one in added),
        *(plaza.add("notification:1", {**TWO, "actor": "late", "foreign_id": f"h{n}"}) for n in range(3)),
    )
    await check(plaza)
    assert [row[5:] for row in await plaza.store.read(counted)] == [(4, 2)]


async def test_the_same_added_and_removed_twice_at_once_counts_once(plaza: Plaza) -> None:
    """Feeds §5.2: one feed holds an activity once, also when it is added by several requests at the same time."""
    made = await asyncio.gather(*(plaza.add("notification:1", {**ONE, "foreign_id": "f"}) for _ in range(8)))
    assert len({one.id for added in made for one in added}) == 1
    await plaza.add("notification:1", TWO)
    await check(plaza)
    assert [row[5] for row in await plaza.store.read(counted)] == [2]
    await asyncio.gather(*(plaza.remove("notification:1", made[0][0].id) for _ in range(8)))
    await check(plaza)
    assert [row[5] for row in await plaza.store.read(counted)] == [1]


async def test_the_last_one_to_leave_and_one_who_enters_do_not_lose_the_bundle(plaza: Plaza) -> None:
    for n in range(10):
        (gone,) = await plaza.add("notification:1", {**ONE, "foreign_id": f"f{n}"})
        await asyncio.gather(
            plaza.remove("notification:1", gone.id),
            plaza.add("notification:1", {**ONE, "foreign_id": "stays"}),
        )
        await check(plaza)
        await plaza.remove("notification:1", "stays")
        assert await plaza.store.read(lambda tx: tx.all("SELECT 1 FROM bundles")) == []


async def test_a_bundle_counts_an_activity_for_the_actor_it_has_now(plaza: Plaza) -> None:
    """Feeds §3.3, §8.1: an upsert may say that somebody else did it."""
    ada = {**ONE, "actor": "ada", "foreign_id": "f"}
    made, _ = await plaza.add("notification:1", ada, {**TWO, "actor": "bob"})
    assert [row[6] for row in await plaza.store.read(counted)] == [2]
    await plaza.replace({**ada, "actor": "bob"})
    assert [row[6] for row in await plaza.store.read(counted)] == [1]
    await plaza.remove("notification:1", made.id)
    assert [row[5:] for row in await plaza.store.read(counted)] == [(1, 1)]


async def test_what_is_meant_for_its_owner_alone_others_do_not_see_counted(plaza: Plaza) -> None:
    """Feeds §8.1: newest, counts and marks are those of what a reader is shown."""
    made = await plaza.add("notification:1", {**ONE, "actor": "ada"}, {**TWO, "actor": "bob"})
    await show(plaza, made[1], Shown.OWNER)
    await check(plaza)
    for shown, whose in ((Shown.OWNER, made[::-1]), (Shown.READERS, made[:1])):
        page = await bundled.page(plaza.parts, await plaza.space(), feed("notification:1"), Part(shown=shown))
        (one,) = page.bundles
        assert [line.key for line in one.lines] == [keys.key_of(activity.id) for activity in whose]
        assert (one.bundle.counts.activities, one.bundle.counts.actors) == (len(whose), len(whose))
        assert one.bundle.counts.newest == one.lines[0].key
        assert page.unmarked == (1, 1)
    await show(plaza, made[0], Shown.NOBODY)
    page = await bundled.page(plaza.parts, await plaza.space(), feed("notification:1"), Part())
    assert (page.bundles, page.unmarked) == ([], (0, 0))
