"""Reactions to activities and to other reactions (§7.3)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from vocab.dialects.getstream import activities, ids, sizes, times
from vocab.dialects.getstream.activities import Draft
from vocab.dialects.getstream.feedids import FeedId, Target
from vocab.dialects.getstream.fields import Fields
from vocab.fields import REQUIRED
from vocab.jsontext import Json

KIND_BYTES_MAX: Final = 255
TARGETS_MAX: Final = 20
LEVELS_MAX: Final = 3
"""A reaction to an activity is of the first level, a reaction to that of the second."""
CHILDREN_SHOWN_MAX: Final = 10
"""So many children are shown with a reaction, over all kinds together."""
SHOWN_PER_KIND_MAX: Final = 5
"""So many reactions of each kind are shown with an activity, and of one's own with a reaction."""
TOLD: Final = "reaction"
"""The member that names a reaction in the activity that tells feeds of it."""


@dataclass(frozen=True, slots=True)
class NewReaction:
    """A reaction to be: to an activity, or to a ``parent``; empty texts and None for what is not said."""

    kind: str
    activity_id: UUID | None
    parent: str
    user_id: str
    data: dict[str, Any]
    id: str
    targets: tuple[Target, ...]
    extra: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reaction:
    """A response of one user; ``activity_id`` is that of the activity at the root of all replies."""

    id: str
    kind: str
    activity_id: UUID
    user_id: str
    created_at: datetime
    updated_at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    parent: str = ""
    target_feeds: tuple[FeedId, ...] = ()
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReactionChange:
    """What to change in a reaction; None leaves it as it is."""

    data: dict[str, Any] | None
    targets: tuple[Target, ...] | None
    extra: dict[str, Any]


def spelled(
    reaction: Reaction,
    user: dict[str, Any],
    *,
    children: dict[str, list[dict[str, Any]]] | None = None,
    counts: dict[str, int] | None = None,
) -> dict[str, Any]:
    """Write a reaction as it is answered; its user is written already, and so are its children, by kind."""
    told = {
        "id": reaction.id, "kind": reaction.kind, "activity_id": str(reaction.activity_id),
        "user_id": reaction.user_id, "user": user, "data": reaction.data, "parent": reaction.parent,
        "created_at": times.zoned(reaction.created_at), "updated_at": times.zoned(reaction.updated_at),
        "latest_children": children or {}, "children_counts": counts or {},
    }  # fmt: skip
    if reaction.target_feeds:
        told["target_feeds"] = [str(feed) for feed in reaction.target_feeds]
    if reaction.deleted_at is not None:
        told["deleted_at"] = times.zoned(reaction.deleted_at)
    return told


def by_kind(reactions: Iterable[dict[str, Any]], most: int | None = None) -> dict[str, list[dict[str, Any]]]:
    """Sort written reactions by their kind, keeping their order, and the first few of each."""
    found: dict[str, list[dict[str, Any]]] = {}
    for reaction in reactions:
        same = found.setdefault(reaction["kind"], [])
        if most is None or len(same) < most:
            same.append(reaction)
    return found


def posted(body: Json) -> NewReaction:
    """Read a new reaction; raises BadFields, and TooLarge for data of more than 10 KB.

    Whose it is has to be said by servers alone, so nobody is missed here.
    """
    fields = Fields(body)
    activity_id, parent = fields.text("activity_id"), fields.name("parent")
    if activity_id and ids.parse(activity_id) is None:
        fields.refuse("activity_id", "must be the id of an activity")
    elif not activity_id and not parent:
        fields.refuse("activity_id", REQUIRED)
    made = NewReaction(
        fields.text("kind", required=True, bytes_max=KIND_BYTES_MAX), ids.parse(activity_id), parent,
        fields.name("user_id"), fields.data(), fields.name("id"),
        activities.targets(fields, "target_feeds", most=TARGETS_MAX), _extra(fields),
    )  # fmt: skip
    fields.settle()
    sizes.check({"data": made.data})
    return made


def changed(body: Json) -> ReactionChange:
    """Read what to change; raises as ``posted`` does. A list of targets is the whole of them, an empty one none."""
    fields = Fields(body)
    data, targets = fields.data(), activities.targets(fields, "target_feeds", most=TARGETS_MAX)
    made = ReactionChange(
        None if fields.get("data") is None else data,
        None if fields.get("target_feeds") is None else targets,
        _extra(fields),
    )
    fields.settle()
    sizes.check({"data": data})
    return made


def _extra(fields: Fields) -> dict[str, Any]:
    """Read what goes along to the targets; names that activities have a meaning for are none of it."""
    extra = fields.data("target_feeds_extra_data")
    for name in sorted(activities.REFUSED & extra.keys()):
        fields.refuse("target_feeds_extra_data", f"{name}: this name is reserved")
    return {name: value for name, value in extra.items() if activities.is_custom(name, value)}


def told(reaction: Reaction, extra: dict[str, Any]) -> Draft:
    """Return the activity that tells the targets of a reaction about it; it is one, wherever it goes."""
    about = f"SR:{reaction.parent}" if reaction.parent else f"SA:{reaction.activity_id}"
    return Draft(
        f"SU:{reaction.user_id}", reaction.kind, about, "", f"reaction:{reaction.id}", reaction.created_at, (),
        extra | {TOLD: f"SR:{reaction.id}"},
    )  # fmt: skip
