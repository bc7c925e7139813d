"""Changing activities: whole, in part, and where they are sent."""

import asyncio
from typing import Any

import pytest
from plaza import Plaza

from streams.feeds import MissingActivity, UnknownGroup
from vocab.errors import BadFields, TooLarge

pytestmark = pytest.mark.anyio

DATED = {"foreign_id": "f", "time": "2026-01-01T00:00:00"}


async def test_an_update_shows_in_every_feed_and_moves_nothing(plaza: Plaza) -> None:
    """Feeds §6.6: ``to`` is looked at and otherwise ignored."""
    await plaza.follow(("timeline:1", "user:x"))
    await plaza.add("user:x", {**DATED, "to": ["user:y"], "old": 1})
    await plaza.replace({**DATED, "verb": "buy", "to": ["user:z"], "new": 2})
    for name in ("user:x", "user:y", "timeline:1"):
        (read,) = await plaza.read(name)
        assert (read["verb"], read["new"], read["to"], "old" in read) == ("buy", 2, ["user:y"], False)
    assert await plaza.read("user:z") == []
    with pytest.raises(UnknownGroup):
        await plaza.replace({**DATED, "to": ["nowhere:1"]})


async def test_an_update_of_the_unknown_is_kept_in_no_feed(plaza: Plaza) -> None:
    """Feeds §6.6: it can be added later."""
    await plaza.replace({**DATED, "note": 1})
    assert await plaza.change({**DATED, "set": {"note": 2}})
    assert await plaza.store.read(lambda tx: tx.all("SELECT item FROM placements")) == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"set": {"a.b.c": 1}}, BadFields),
        ({"set": {"actor": "x"}}, BadFields),
        ({"unset": ["nothing"]}, BadFields),
        ({"set": {"text": "x" * 10_240}}, TooLarge),
    ],
)
async def test_a_change_that_cannot_be_made_changes_nothing(
    plaza: Plaza, change: Any, error: type[Exception]
) -> None:
    """Feeds §6.7: all or nothing, for the batch too."""
    (made,) = await plaza.add("user:x", {**DATED, "note": 1})
    with pytest.raises(error):
        await plaza.change(
            {"changes": [{"id": str(made.id), "set": {"note": 2}}, {"id": str(made.id), **change}]}
        )
    assert [one["note"] for one in await plaza.read("user:x")] == [1]


async def test_changes_of_one_batch_build_on_each_other(plaza: Plaza) -> None:
    """Feeds §6.7: in their order."""
    (made,) = await plaza.add("user:x", {"n": {"a": 1}})
    changed = await plaza.change(
        {"changes": [{"id": str(made.id), "set": {"n.b": {}}}, {"id": str(made.id), "set": {"n.b.c": 3}}]}
    )
    assert changed[-1].custom == {"n": {"a": 1, "b": {"c": 3}}}


async def test_what_is_not_there_is_not_changed(plaza: Plaza) -> None:
    """Feeds §4: code 13 at the door."""
    with pytest.raises(MissingActivity):
        await plaza.change({**DATED, "set": {"a": 1}})
    with pytest.raises(MissingActivity):
        await plaza.retarget({**DATED, "new_targets": ["user:1"]})


async def test_targets_come_and_go_with_their_followers(plaza: Plaza) -> None:
    """Feeds §6.8: added feeds receive the activity and fan out, removed ones and their followers lose it."""
    await plaza.follow(("timeline:1", "user:a"), ("timeline:2", "user:b"), ("aggregated:2", "user:b"))
    await plaza.add("user:x", {**DATED, "to": ["user:a", "user:c"]})
    ((made, retargeted),) = await plaza.retarget({**DATED, "new_targets": ["user:b", "user:c"]})
    assert [str(one) for one in made.to] == ["user:b", "user:c"]
    assert ([str(one) for one in retargeted.added], [str(one) for one in retargeted.removed]) == (
        ["user:b"], ["user:a"],
    )  # fmt: skip
    holding = {name: len(await plaza.read(name)) for name in
               ("user:x", "user:a", "user:b", "user:c", "timeline:1", "timeline:2", "aggregated:2")}  # fmt: skip
    assert holding == {
        "user:x": 1, "user:a": 0, "user:b": 1, "user:c": 1, "timeline:1": 0, "timeline:2": 1, "aggregated:2": 1,
    }  # fmt: skip


async def test_a_home_is_no_target(plaza: Plaza) -> None:
    """Feeds §5.2: what was added to a feed stays there when the feed is taken from ``to``."""
    await plaza.add("user:x", {**DATED, "to": ["user:x"]})
    await plaza.retarget({**DATED, "removed_targets": ["user:x"]})
    assert len(await plaza.read("user:x")) == 1


async def test_changes_at_once_all_hold(plaza: Plaza) -> None:
    """Feeds §6.7, §6.8: each is made to what the one before it left, also by those who work side by side."""
    (made,) = await plaza.add("user:x")
    id = str(made.id)
    await asyncio.gather(*(plaza.change({"id": id, "set": {f"n{n}": n}}) for n in range(6)))
    await asyncio.gather(*(plaza.retarget({"id": id, "added_targets": [f"user:t{n}"]}) for n in range(6)))
    (one,) = await plaza.read("user:x")
    assert {f"n{n}" for n in range(6)} <= one.keys()
    assert sorted(one["to"]) == [f"user:t{n}" for n in range(6)]
