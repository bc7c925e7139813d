"""The files in which Stream takes data in: JSON Lines, each one instruction and what it is about.

    {"instruction": "add_activities", "feedId": "user:1", "data": [{"actor": …, "verb": …, "object": …, "time": …}]}
    {"instruction": "follow", "feedId": "timeline:1", "data": ["user:1"], "activity_copy_limit": 20}

What is in ``data`` is spelled as the API spells it, so what was read there can be written into such a file. All of it
happened before: it has its own times, and by its id or its time it is known again when it comes twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from vocab.dialects.getstream import activities, collections, ids, reactions, users
from vocab.dialects.getstream.activities import FeedActivity
from vocab.dialects.getstream.collections import NewEntry
from vocab.dialects.getstream.feedids import FeedId
from vocab.dialects.getstream.fields import Fields
from vocab.dialects.getstream.follows import COPIES_DEFAULT, COPIES_MAX, NewFollow, Unfollow
from vocab.dialects.getstream.reactions import NewReaction
from vocab.dialects.getstream.users import NewUser
from vocab.errors import BadFields
from vocab.fields import REQUIRED
from vocab.jsontext import Json

DATA: Final = "data"
"""The member of a line that is a list and may be long."""
ADD, FOLLOW, UNFOLLOW = "add_activities", "follow", "unfollow"
REACTIONS, USERS, COLLECTIONS = "reactions", "users", "collections"
OF_A_FEED: Final = (ADD, FOLLOW, UNFOLLOW)
INSTRUCTIONS: Final = (*OF_A_FEED, REACTIONS, USERS, COLLECTIONS)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Instruction:
    """What is to be done with each item of a line; ``feed`` is the one it is about, for some kinds.

    ``copies`` of the newest activities come with each follow, ``collection`` is that of entries that name none.
    """

    kind: str
    feed: FeedId
    copies: int = COPIES_DEFAULT
    keep_history: bool = False
    collection: str = ""


class Times(NamedTuple):
    """When something was made and last changed; None where that is not said."""

    created: datetime | None
    updated: datetime | None


class PastFollow(NamedTuple):
    """A follow that began before, and when, if that is said."""

    follow: NewFollow
    since: datetime | None


class PastReaction(NamedTuple):
    """A reaction of a user, with its id and times."""

    new: NewReaction
    times: Times


class PastUser(NamedTuple):
    """A user, with their times."""

    new: NewUser
    times: Times


class PastEntry(NamedTuple):
    """An entry of a collection, with its times."""

    collection: str
    new: NewEntry
    times: Times


def instruction(around: Mapping[str, Json]) -> Instruction:
    """Read the members of a line that stand beside its ``data``; raise BadFields."""
    fields = Fields(dict(around))
    kind = fields.text("instruction", required=True)
    if kind and kind not in INSTRUCTIONS:
        fields.refuse("instruction", f"{kind[:100]!r} is none of {', '.join(INSTRUCTIONS)}")
    if DATA in around:
        fields.refuse(DATA, "must be a list")
    copies = fields.count("activity_copy_limit", most=COPIES_MAX)
    feed = fields.feed("feedId") if kind in OF_A_FEED else FeedId("", "")
    keep, name = fields.flag("keep_history"), fields.name("collection")
    fields.settle()
    return Instruction(kind, feed, COPIES_DEFAULT if copies is None else copies, keep, name)


def activity(body: Json) -> FeedActivity:
    """Read an activity, which keeps its id if it has one of its time; raise BadFields or TooLarge."""
    fields = Fields(body)
    id = _id(fields)
    if id is None and fields.get("time") is None:
        fields.refuse("time", REQUIRED)
    fields.settle()
    draft = activities.draft(body)
    if id is None:
        return draft.dated(_EPOCH, 0)
    if draft.time not in (None, ids.time_of(id)):
        raise BadFields({"time": ["is not the time that its id has in it"]})
    return replace(draft.dated(ids.time_of(id), 0), id=id)


def _id(fields: Fields) -> UUID | None:
    text = fields.text("id")
    found = ids.parse(text)
    if text and (found is None or not ids.is_timed(found)):
        fields.refuse("id", "must be a UUID of version 1")
    return found


def follow(body: Json, line: Instruction) -> PastFollow:
    """Read what the feed of a line follows: a feed, or an object with ``target`` or ``target_id``. Raises BadFields."""
    fields = Fields({"target": body} if isinstance(body, str) else body)
    target = fields.feed(
        "target_id" if fields.get("target") is None and "target_id" in fields.members else "target"
    )
    copies = fields.count("activity_copy_limit", most=COPIES_MAX)
    since = _time(fields, "created_at")
    if target == line.feed:
        fields.refuse("target", "a feed cannot follow itself")
    fields.settle()
    return PastFollow(NewFollow(line.feed, target, line.copies if copies is None else copies), since)


def unfollow(body: Json, line: Instruction) -> Unfollow:
    """Read what the feed of a line follows no more, spelled as for ``follow``. Raises BadFields."""
    return Unfollow(line.feed, follow(body, line).follow.target, line.keep_history)


def reaction(body: Json) -> PastReaction:
    """Read a reaction; one without an id is given one that follows from what it says. Raises BadFields or TooLarge."""
    fields = Fields(body)
    fields.text("user_id", required=True)
    if not fields.text("id") and fields.get("created_at") is None:
        fields.refuse("created_at", REQUIRED)
    times = _times(fields)
    fields.settle()
    new = reactions.posted(body)
    return PastReaction(new if new.id else replace(new, id=_made_up(new, times)), times)


def _made_up(new: NewReaction, times: Times) -> str:
    said = {
        "kind": new.kind, "activity_id": str(new.activity_id or ""), "parent": new.parent, "user_id": new.user_id,
        "data": new.data,
    }  # fmt: skip
    return str(ids.of_content(times.created or _EPOCH, said))


def user(body: Json) -> PastUser:
    """Read a user; raise BadFields or TooLarge."""
    fields = Fields(body)
    times = _times(fields)
    fields.settle()
    return PastUser(users.posted(body), times)


def entry(body: Json, line: Instruction) -> PastEntry:
    """Read an entry of a collection, which is named in ``collection``, in ``foreign_id`` or by the line.

    Raises BadFields or TooLarge.
    """
    fields = Fields(body)
    members: dict[str, Any] = dict(fields.members)
    collection, id = fields.name("collection") or line.collection, fields.name("id")
    if pair := collections.pair(fields.text("foreign_id")):
        collection, id = collection or pair[0], id or pair[1]
    if not collection:
        fields.refuse("collection", REQUIRED)
    if not id:
        fields.refuse("id", REQUIRED)
    times = _times(fields)
    fields.settle()
    return PastEntry(collection, collections.posted({**members, "id": id}), times)


def _times(fields: Fields) -> Times:
    return Times(_time(fields, "created_at"), _time(fields, "updated_at"))


def _time(fields: Fields, name: str) -> datetime | None:
    """Read when something was stored, which is a time that a clock showed."""
    found = fields.time(name)
    if found is not None and not _EPOCH <= found < _LATEST:
        fields.refuse(name, f"must lie between {_EPOCH.year} and {_LATEST.year}")
        return None
    return found
