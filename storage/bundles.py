"""Bundles: the activities of an aggregated or notification feed that belong together (Feeds §8).

A bundle counts what it shows; what is hidden is in it and not counted. Whoever changes one has locked its row before
anything is read that the change depends on, so two who do so at once do it one after the other.
"""

from typing import cast

from storage import feedactivities, placements
from storage.connection import Transaction
from storage.feedactivities import Key
from storage.ids import next_id
from storage.placements import Shown


async def enter(tx: Transaction, stream: int, name: str, key: Key, item: int) -> int:
    """Count an activity that is new in a feed into its bundle, making that if it is the first; return the bundle."""
    row = await tx.one(
        "INSERT INTO bundles"
        " (id, stream, name, position, tie, oldest, activities, actors, seen_position, read_position)"
        " VALUES (:id, :stream, :name, :position, :tie, :position, 1, 0, -1, -1)"
        " ON CONFLICT (stream, name) DO UPDATE SET activities = bundles.activities + 1,"
        " position = CASE WHEN bundles.activities = 0 OR (excluded.position, excluded.tie)"
        " > (bundles.position, bundles.tie) THEN excluded.position ELSE bundles.position END,"
        " tie = CASE WHEN bundles.activities = 0 OR (excluded.position, excluded.tie)"
        " > (bundles.position, bundles.tie) THEN excluded.tie ELSE bundles.tie END,"
        " oldest = CASE WHEN bundles.activities = 0 OR excluded.oldest < bundles.oldest"
        " THEN excluded.oldest ELSE bundles.oldest END"
        " RETURNING id",
        id=next_id(), stream=stream, name=name, position=key.position, tie=key.tie,
    )  # fmt: skip
    bundle = cast(int, row[0]) if row else 0
    await _count_actor(tx, bundle, item, 1)
    return bundle


async def show(tx: Transaction, item: int, shown: Shown) -> None:
    """Show an activity to others, or to nobody, in every feed it is in, and count it there accordingly."""
    for placement in await placements.set_shown(tx, item, shown):
        if placement.bundle is not None and shown == Shown.NOBODY:
            await leave(tx, placement.bundle, item)
        elif placement.bundle is not None:
            await _enter_again(tx, placement.bundle, placement.key, item)


async def _enter_again(tx: Transaction, bundle: int, key: Key, item: int) -> None:
    """Count an activity that is in a bundle and was hidden."""
    row = await tx.one("SELECT stream, name FROM bundles WHERE id = :bundle", bundle=bundle)
    if row is not None:
        await enter(tx, cast(int, row[0]), cast(str, row[1]), key, item)


async def leave(tx: Transaction, bundle: int, item: int) -> None:
    """Count an activity out of its bundle, once it was taken from the feed or hidden there."""
    await tx.run("UPDATE bundles SET activities = activities - 1 WHERE id = :bundle", bundle=bundle)
    newest = await tx.one(
        "SELECT position, tie FROM placements WHERE bundle = :bundle AND shown > 0"
        " ORDER BY position DESC, tie DESC LIMIT 1",
        bundle=bundle,
    )
    if newest is None:
        await close(tx, bundle)
    else:
        await tx.run(
            "UPDATE bundles SET position = :position, tie = :tie, oldest ="
            " (SELECT min(position) FROM placements WHERE bundle = :bundle AND shown > 0) WHERE id = :bundle",
            bundle=bundle, position=newest[0], tie=newest[1],
        )  # fmt: skip
    await _count_actor(tx, bundle, item, -1)


async def close(tx: Transaction, bundle: int) -> None:
    """End a bundle that nothing is in any more, not even hidden."""
    await _lock(tx, bundle)
    await tx.run(
        "DELETE FROM bundles WHERE id = :bundle AND NOT EXISTS"
        " (SELECT 1 FROM placements p WHERE p.bundle = :bundle)",
        bundle=bundle,
    )


async def reassign(tx: Transaction, item: int, actor: int) -> None:
    """Let an activity have another actor in the bundles that count it."""
    rows = await tx.all(
        "SELECT bundle FROM placements WHERE item = :item AND bundle IS NOT NULL AND shown > 0 ORDER BY bundle",
        item=item,
    )
    for (bundle,) in cast("list[tuple[int]]", rows):
        await _lock(tx, bundle)
        await _count_actor(tx, bundle, item, -1)
    await feedactivities.attribute(tx, item, actor)
    for (bundle,) in cast("list[tuple[int]]", rows):
        await _count_actor(tx, bundle, item, 1)


async def _lock(tx: Transaction, bundle: int) -> None:
    """Let others who want to change a bundle wait."""
    await tx.run("UPDATE bundles SET stream = stream WHERE id = :bundle", bundle=bundle)


async def _count_actor(tx: Transaction, bundle: int, item: int, change: int) -> None:
    """Count one activity of its actor, more or less, and the actor with the first and the last of them."""
    row = await tx.one(
        "INSERT INTO bundle_actors (bundle, actor, activities)"
        " SELECT b.id, a.actor, :change FROM bundles b JOIN feed_activities a ON a.item = :item"
        " WHERE b.id = :bundle"
        " ON CONFLICT (bundle, actor) DO UPDATE SET activities = bundle_actors.activities + excluded.activities"
        " RETURNING actor, activities",
        bundle=bundle, item=item, change=change,
    )  # fmt: skip
    if row is None:
        return
    actor, left = cast("tuple[int, int]", row)
    if left <= 0:
        await tx.run(
            "DELETE FROM bundle_actors WHERE bundle = :bundle AND actor = :actor", bundle=bundle, actor=actor
        )
    if left == (1 if change > 0 else 0):
        await tx.run(
            "UPDATE bundles SET actors = actors + :change WHERE id = :bundle", bundle=bundle, change=change
        )
