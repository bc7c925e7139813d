"""Channels of the Events API as actors: whether others may follow them (Events §11, §23.1)."""

import json
from collections.abc import Iterable
from typing import Final

from storage import evententities
from storage.connection import Transaction
from storage.evententities import COLUMNS, EntityRow
from storage.ids import next_id
from storage.sql import each, listed

ROOT: Final = "aschannel"
"""The root of the types of channels, in lower case."""
TYPE: Final = "Group"
"""What channels are as actors."""
KIND: Final = "channel"
"""The kind of the streams that channels have."""


def is_public(channel: EntityRow) -> bool:
    """Tell whether other servers may follow a channel: it says so, and its rules keep nobody away."""
    if channel.root != ROOT or channel.deleted or channel.restricted:
        return False
    return json.loads(channel.properties).get("public") is True


async def is_closed(tx: Transaction, actor: int) -> bool:
    """Tell whether an actor of ours is a channel that is public no more. One statement."""
    channel = await of_actor(tx, actor)
    return channel is not None and not is_public(channel)


async def of_actor(tx: Transaction, actor: int) -> EntityRow | None:
    """Return the channel that an actor of ours is; None for one that is none. One statement."""
    row = await tx.one(
        f"SELECT {COLUMNS} FROM actors a JOIN streams s ON s.id = a.feed JOIN event_entities n ON n.id = s.owner"  # noqa: S608
        " WHERE a.id = :actor AND s.kind = :kind",
        actor=actor, kind=KIND,
    )  # fmt: skip
    return None if row is None else evententities.from_row(row)


async def touch(tx: Transaction, channels: Iterable[int]) -> None:
    """Give the actors that channels are a new version: what is shown of them is made anew, if they still are."""
    await tx.run(
        "UPDATE actors SET version = :version WHERE feed IN (SELECT s.id FROM streams s WHERE s.kind = :kind"  # noqa: S608
        f" AND s.owner IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'channels')}))",
        version=next_id(), kind=KIND, channels=listed((channel,) for channel in channels),
    )  # fmt: skip
