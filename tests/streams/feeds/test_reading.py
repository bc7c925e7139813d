"""Pages of feeds beside a plain model, through whatever a reader may ask for (Feeds §5.4, §5.5, §6.3, §8.2)."""

import itertools
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plaza import Plaza, feed

from storage.feedactivities import Key, actor_mark
from storage.feedpages import Part
from storage.placements import Bounds, Shown
from streams.feeds import bundles, flat, keys
from streams.feeds.bundles import Bundled
from vocab.dialects.getstream import FeedActivity

pytestmark = pytest.mark.anyio

ACTORS: Final = ("ada", "bob", "eve")
CROWD: Final = [f"timeline:{n}" for n in range(7)]

activities = st.lists(
    st.tuples(
        st.sampled_from(ACTORS),
        st.sampled_from(
            ("2026-02-01T10:00:00", "2026-02-01T11:00:00", "2026-02-02T10:00:00", "2026-02-03T10:00:00")
        ),
    ),
    max_size=30,
)
cursors = st.dictionaries(st.sampled_from(("lt", "lte", "gt", "gte")), st.integers(0, 29), max_size=2)
left_out = st.sets(st.sampled_from(ACTORS))
cuts = st.tuples(st.integers(1, 12), st.integers(0, 12))
_examples = itertools.count(10)


def within(key: Key, bounds: Bounds) -> bool:
    return bounds.after < key < bounds.before


def asked(made: list[FeedActivity], cursor: dict[str, int], without: set[str], cut: tuple[int, int]) -> Part:
    """What a reader asks for, as storage is told."""
    bounds = Bounds()
    for relation, index in cursor.items():
        if made:
            bounds = bounds.narrowed(relation, keys.key_of(made[index % len(made)].id))
    marks = tuple(actor_mark(actor) for actor in without)
    return Part(bounds, shown=Shown.OWNER, without=marks, limit=cut[0], offset=cut[1])


async def said(plaza: Plaza, name: str, told: list[tuple[str, str]], apart: int) -> list[FeedActivity]:
    members: list[dict[str, Any]] = [
        {"actor": actor, "verb": "like", "time": time, "foreign_id": f"{apart}-{n}"}
        for n, (actor, time) in enumerate(told)
    ]
    return await plaza.add(name, *members) if members else []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(activities, cursors, left_out, cuts)
async def test_a_flat_page_is_a_slice_of_all(
    plaza: Plaza, told: list[tuple[str, str]], cursor: dict[str, int], without: set[str], cut: tuple[int, int]
) -> None:
    """Feeds §6.3: newest first; cursors and actors are applied before offset and limit."""
    apart = next(_examples)
    made = await said(plaza, f"user:{apart}", told, apart)
    part = asked(made, cursor, without, cut)
    every = sorted(
        (
            keys.key_of(one.id)
            for one in made
            if one.actor not in without and within(keys.key_of(one.id), part.bounds)
        ),
        reverse=True,
    )
    page = await flat.page(plaza.parts, await plaza.space(), feed(f"user:{apart}"), part)
    assert [line.key for line in page.lines] == every[cut[1] :][: cut[0]]
    assert page.more == (len(every) > sum(cut))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(activities, cursors, left_out, cuts)
async def test_a_page_of_bundles_is_a_slice_of_all(
    plaza: Plaza, told: list[tuple[str, str]], cursor: dict[str, int], without: set[str], cut: tuple[int, int]
) -> None:
    """Feeds §5.5, §8.1, §8.2: order, counts and edges are those of what is left."""
    apart = next(_examples)
    made = await said(plaza, f"notification:{apart}", told, apart)
    part = asked(made, cursor, without, cut)
    groups: dict[str, list[FeedActivity]] = {}
    for one in sorted(made, key=lambda one: keys.key_of(one.id), reverse=True):
        if one.actor not in without:
            groups.setdefault(f"like_{one.time:%Y-%m-%d}", []).append(one)
    every = [
        (name, [keys.key_of(one.id) for one in group][:15], len(group), len({one.actor for one in group}))
        for name, group in groups.items()
        if within(keys.key_of(group[0].id), part.bounds)
    ]
    every.sort(key=lambda group: group[1][0], reverse=True)
    page = await bundles.page(plaza.parts, await plaza.space(), feed(f"notification:{apart}"), part)
    assert [_told(one) for one in page.bundles] == every[cut[1] :][: cut[0]]
    assert page.more == (len(every) > sum(cut))
    assert page.unmarked == (len(groups), len(groups))


def _told(one: Bundled) -> tuple[Any, ...]:
    counts = one.bundle.counts
    return one.bundle.name, [line.key for line in one.lines], counts.activities, counts.actors


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(activities, activities, cursors, left_out, cuts)
async def test_what_is_new_in_popular_feeds_is_among_what_was_copied(
    crowded: Plaza,
    own: list[tuple[str, str]],
    told: list[tuple[str, str]],
    cursor: dict[str, int],
    without: set[str],
    cut: tuple[int, int],
) -> None:
    """Feeds §5.2: merged on reading, with cursors and offsets as if it had been copied."""
    apart = next(_examples)
    name = f"timeline:{apart}"
    before = await said(crowded, f"user:{apart}", [("ada", "2026-02-02T09:00:00")], apart * 1_000)
    await crowded.follow((name, f"user:{apart}"), *((f"{other}-{apart}", f"user:{apart}") for other in CROWD))
    await crowded.work()
    mine = await said(crowded, name, own, apart * 1_000 + 1)
    theirs = await said(crowded, f"user:{apart}", told, apart * 1_000 + 2)
    await crowded.work()
    part = asked(mine + theirs, cursor, without, cut)
    every = sorted(
        (
            keys.key_of(one.id)
            for one in (*before, *mine, *theirs)
            if one.actor not in without and within(keys.key_of(one.id), part.bounds)
        ),
        reverse=True,
    )
    page = await flat.page(crowded.parts, await crowded.space(), feed(name), part)
    assert [line.key for line in page.lines] == every[cut[1] :][: cut[0]]
    assert page.more == (len(every) > sum(cut))
    grouped = await bundles.page(crowded.parts, await crowded.space(), feed(f"aggregated:{apart}"), Part())
    assert grouped.bundles == []


async def test_what_is_kept_in_memory_is_looked_at_again_after_any_edit(plaza: Plaza) -> None:
    """Issue: a page costs one statement as long as nothing changed, one more that reads no document after that."""
    made = await plaza.add(
        "user:1", {"object": "a", "foreign_id": "f", "time": "2026-02-01T10:00:00"}, {"object": "b"}
    )
    space = await plaza.space()

    async def texts() -> list[Any]:
        page = await flat.page(plaza.parts, space, feed("user:1"), Part())
        return [line.text for line in page.lines]

    first = await texts()
    await plaza.change({"id": str(made[1].id), "set": {"n": 1}})
    second = await texts()
    assert second[1] == first[1]
    assert b'"n":1' in second[0]
    await plaza.retarget({"foreign_id": "f", "time": "2026-02-01T10:00:00", "added_targets": ["user:2"]})
    assert b'"to":["user:2"]' in (await texts())[1]


async def test_an_origin_that_is_gone_is_none(plaza: Plaza) -> None:
    """A feed's name is read once and kept; one without a name is no reason to look for ever."""
    await plaza.follow(("timeline:1", "user:1"))
    await plaza.add("user:1")
    await plaza.store.write(lambda tx: tx.run("UPDATE placements SET origin = 5 WHERE way = 2"))
    (shown,) = (await flat.page(plaza.parts, await plaza.space(), feed("timeline:1"), Part())).lines
    assert b'"origin":null' in shown.text
