"""What there is to tell users of: comments, messages, votes, follows, and what matches theirs (Events §13)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from storage import Transaction, evententities, eventfollows, eventroles
from storage.eventfollows import Follow
from storage.eventitems import ItemKind
from streams.events.blind import BLIND
from streams.events.describing import cut, described, named
from streams.events.item import Item
from streams.events.matching import Entered, Subject
from streams.events.notices import (
    ADDITION,
    BUMP,
    CORRESPONDENCE,
    FOLLOWS,
    MENTIONS,
    NOTIFICATION,
    TOLD_MAX,
    Cause,
    doers,
    doing,
    owners,
    tell,
    users_among,
)
from streams.events.space import Space
from vocab.dialects.events import Bump, Comment, Event
from vocab.dialects.events.roletypes import ACTOR

ADDRESSED: Final = ("SENT_TO", "SENT_TO_CC", "SENT_TO_BCC")
_VOTES: Final = {1: "up", -1: "down", 0: "neutral"}


async def arrived(tx: Transaction, space: Space, item: Item) -> None:
    """Tell those whom a new comment, message or vote concerns. A unit of work."""
    match item.message:
        case Comment():
            await _comment(tx, space.tenant.id, item, item.message)
        case Bump():
            await _bump(tx, space.tenant.id, item, item.message)
        case Event() if item.parent is None:
            await _message(tx, space.tenant.id, item, item.message)


async def _comment(tx: Transaction, tenant: int, item: Item, comment: Comment) -> None:
    """Tell those whom a comment mentions, then those to whom belongs what it is on."""
    by = await doing(tx, item.rows("COMMENTS"))
    on = await _regarding(tx, item.rows("COMMENTED_ON"))
    mentioned = await users_among(tx, item.rows("MENTIONS"))
    cause = Cause(
        MENTIONS, str(item.stream_id), by, _target("comment", item, text=cut(comment.text)),
        f"{by.name} mentioned you{on and f' regarding {on}'}", comment.occurred.at, item.id, _involved(item),
    )  # fmt: skip
    await tell(tx, tenant, mentioned, cause, now=item.received)
    owning: set[int] = set()
    for thing in (*item.rows("COMMENTED_ON"), *item.rows("MENTIONS")):
        owning |= await owners(tx, tenant, thing)
    added = replace(cause, type=ADDITION, text=f"{by.name} commented on {on}: {cut(comment.text)}")
    await tell(tx, tenant, owning - mentioned, added, now=item.received)


async def _bump(tx: Transaction, tenant: int, item: Item, bump: Bump) -> None:
    """Tell those to whom belongs what was voted on; again when the vote has changed."""
    [actor] = item.rows(ACTOR)
    [thing] = (named.row for named in item.roles if named.role.path != ACTOR)
    by, told = await doing(tx, [actor]), await described(tx, thing)
    text = f"{by.name} voted {_VOTES[bump.value]} on {told.label}"
    cause = Cause(BUMP, str(item.stream_id), by, told.summary, text, bump.occurred.at, thing, _involved(item))
    await tell(tx, tenant, await owners(tx, tenant, thing), cause, now=item.received, anew=True)


async def _message(tx: Transaction, tenant: int, item: Item, event: Event) -> None:
    """Tell those to whom a message was sent."""
    addressed = {row for label in ADDRESSED for row in item.rows(label)}
    if not addressed:
        return
    by = await doing(tx, item.rows("SENT_BY") or item.rows("ACTOR"))
    messaging = event.aspects.get("messaging")
    subject = messaging.get("subject") if isinstance(messaging, Mapping) else None
    subject = subject if isinstance(subject, str) and subject else event.description or event.type
    text = f"{by.name}: {cut(subject)}"
    cause = Cause(
        CORRESPONDENCE, str(item.stream_id), by, _target("event", item, type=event.type, label=cut(subject)),
        text, event.occurred.at, item.id, _involved(item),
    )  # fmt: skip
    await tell(tx, tenant, await users_among(tx, addressed), cause, now=item.received)


async def matched(tx: Transaction, tenant: int, entered: Entered | None, *, now: int) -> None:
    """Tell users that an item matches what they follow. A unit of work."""
    if entered is None or not entered.users:
        return
    subject = entered.subject
    told = await described(tx, subject.id)
    by = await doing(tx, sorted(doers(await eventroles.of(tx, [subject.id]))))
    is_comment = subject.kind == ItemKind.COMMENT
    mentioned = await users_among(tx, _having(subject, "MENTIONS")) if is_comment else set()
    followed = await evententities.by_ids(tx, set(entered.users.values()))
    for row in followed.values():
        about = named(row)
        cause = Cause(
            ADDITION if is_comment else NOTIFICATION, subject.stream_id, by, told.summary,
            f"{by.name} commented on {about}" if is_comment else f"{about}: {told.label}",
            subject.occurred, subject.id, _openly(subject),
        )  # fmt: skip
        users = (user for user, what in entered.users.items() if what == row.id)
        await tell(tx, tenant, set(users) - mentioned, cause, now=now)


def _openly(subject: Subject) -> list[Any]:
    """Return the roles of an item as it says them, but for those whom nobody else is to know of."""
    said = subject.body.get("involves", [])
    return [role for role in said if BLIND not in str(role.get("role", "")).split(":")]


def _having(subject: Subject, label: str) -> list[int]:
    return [
        named for named, paths in subject.roles.items() if any(label in path.split(":") for path in paths)
    ]


async def followed(tx: Transaction, tenant: int, follow: Follow, *, now: int) -> None:
    """Tell a user that somebody follows them, or what is theirs. A unit of work."""
    by, told = await doing(tx, [follow.follower]), await described(tx, follow.followed)
    text = f"{by.name} follows {told.label}"
    cause = Cause(FOLLOWS, follow.stream_id, by, told.summary, text, follow.occurred, follow.followed)
    await tell(tx, tenant, await owners(tx, tenant, follow.followed), cause, now=now)


async def monitored(tx: Transaction, tenant: int, follow: Follow, *, by: int | None, now: int) -> None:
    """Tell those who follow a channel that it monitors something more. A unit of work."""
    told = await described(tx, follow.followed)
    who = await doing(tx, [] if by is None else [by])
    text = f"{who.name} added {told.label} to {(await described(tx, follow.follower)).label}"
    cause = Cause(
        ADDITION, follow.stream_id, who, told.summary, text, now, follow.followed,
        [{"entity_ref": follow.follower_ref}],
    )  # fmt: skip
    members = await eventfollows.members(tx, [follow.follower], limit=TOLD_MAX)
    await tell(tx, tenant, [member.follower for member in members], cause, now=now)


async def _regarding(tx: Transaction, things: Sequence[int]) -> str:
    return "" if not things else (await described(tx, things[0])).label


def _target(kind: str, item: Item, **summary: str) -> dict[str, Any]:
    return {"kind": kind, "_stream_id": str(item.stream_id), **summary}


def _involved(item: Item) -> list[dict[str, Any]]:
    """Return who takes part, but for those whom nobody else is to know of."""
    roles = (one.role for one in item.roles if not one.role.derived)
    return [
        {"role": role.path, "entity_ref": str(role.target)}
        for role in roles
        if BLIND not in role.path.split(":")
    ]
