"""Follows between feeds (§6.9…§6.11)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from vocab.dialects.getstream import times
from vocab.dialects.getstream.feedids import FeedId
from vocab.dialects.getstream.fields import Fields, each
from vocab.errors import BadFields
from vocab.fields import WHOLE
from vocab.jsontext import Json

Read = TypeVar("Read")

FOLLOWS_MAX: Final = 2_500
"""So many follows are made or ended in one call."""
COPIES_MAX: Final = 1_000
COPIES_DEFAULT: Final = 100
"""So many of the newest activities of a feed are copied to its new follower, unless another number is given."""
COPIES_RANGE: Final = f"must be a non-negative number not greater than {COPIES_MAX}"
BAD_PAYLOAD: Final = "invalid request payload"
"""What the dialect says of a batch as a whole in which something is of a wrong type."""


@dataclass(frozen=True, slots=True)
class Follow:
    """A feed that receives what another one is given."""

    feed: FeedId
    target: FeedId
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class NewFollow:
    """A follow to be; ``token`` allows to follow the target and is empty when there is none."""

    source: FeedId
    target: FeedId
    copies: int = COPIES_DEFAULT
    token: str = ""


@dataclass(frozen=True, slots=True)
class Unfollow:
    """A follow to end, with or without what came by it."""

    source: FeedId
    target: FeedId
    keep_history: bool = False


def spelled(follow: Follow) -> dict[str, str]:
    """Write a follow as it is answered."""
    return {
        "feed_id": str(follow.feed), "target_id": str(follow.target),
        "created_at": times.zoned(follow.created_at), "updated_at": times.zoned(follow.updated_at),
    }  # fmt: skip


def posted(body: Json, source: FeedId) -> NewFollow:
    """Read whom a feed is to follow; raises BadFields."""
    fields = Fields(body)
    copies = fields.count("activity_copy_limit", most=COPIES_MAX)
    token = fields.text("target_token")
    made = NewFollow(source, fields.feed("target"), COPIES_DEFAULT if copies is None else copies, token)
    _check_distinct(fields, made)
    fields.settle()
    return made


def followed(body: Json, copies: int = COPIES_DEFAULT) -> list[NewFollow]:
    """Read the follows of ``follow_many``; ``copies`` is for those that do not say. Raises BadFields."""

    def one(item: Json) -> NewFollow:
        fields = Fields(item)
        own = fields.count("activity_copy_limit", most=COPIES_MAX)
        made = NewFollow(fields.feed("source"), fields.feed("target"), copies if own is None else own)
        _check_distinct(fields, made)
        fields.settle()
        return made

    return _each(body, one)


def unfollowed(body: Json) -> list[Unfollow]:
    """Read the follows that ``unfollow_many`` ends; raises BadFields."""

    def one(item: Json) -> Unfollow:
        fields = Fields(item)
        made = Unfollow(fields.feed("source"), fields.feed("target"), fields.flag("keep_history"))
        fields.settle()
        return made

    return _each(body, one)


def _each(body: Json, read: Callable[[Json], Read]) -> list[Read]:
    """Read every item of a batch; raise BadFields, with the dialect's own words for items of wrong types."""
    items = _listed(body)
    try:
        return each(items, read)
    except BadFields as error:
        raise BadFields(error.fields, detail="" if all(map(_typed, items)) else BAD_PAYLOAD) from None


def _typed(item: Any) -> bool:
    """Tell whether something is a follow by the types of its members."""
    return isinstance(item, dict) and all(
        isinstance(item.get(name), str | None) for name in ("source", "target")
    )


def _check_distinct(fields: Fields, made: NewFollow) -> None:
    if made.source == made.target and not fields.problems:
        fields.refuse("target", "a feed cannot follow itself")


def _listed(body: Json) -> list[Any]:
    if not isinstance(body, list):
        raise BadFields({WHOLE: ["must be a list"]}, detail=BAD_PAYLOAD)
    if len(body) > FOLLOWS_MAX:
        raise BadFields({WHOLE: [f"must have at most {FOLLOWS_MAX} items"]})
    return body
