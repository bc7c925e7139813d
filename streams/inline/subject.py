"""What an entry is about as far as it can be acted on, and how a reader stands to it (Atom §7.2, §7.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final
from uuid import UUID

from storage import Transaction, actors, standings, tenants
from storage.actors import ActorRow
from storage.entries import Viewer
from storage.objects import Kind
from storage.standings import Thing
from storage.tenants import DEFAULT
from streams import ids
from streams.events import membership
from streams.inline.manners import EASY, Manners, manners
from streams.watchers import WATCH
from vocab.dialects.getstream import ids as feedids

LIKE: Final = "like"
"""The kind of reaction that a vote for an activity of a feed is."""


class Nature(Enum):
    """What a thing is, which says what a comment on it is."""

    POST = "a post, or an activity that an account has published"
    EVENT = "an event or comment of the Events API"
    FEED = "an activity that was made in a feed"
    ACTOR = "somebody who can be followed"
    OTHER = "nothing that can be acted on"


@dataclass(frozen=True, slots=True)
class Standing:
    """A thing, and how somebody stands to it: what they have done already, and whether its owner lets them."""

    thing: Thing
    nature: Nature
    own: bool = False
    voted: bool = False
    watching: bool = False
    blocked: bool = False
    manners: Manners = EASY
    reaction: str = ""
    """The id of their reaction in feeds, by which they voted."""

    @property
    def may_comment(self) -> bool:
        """Whether they may answer it."""
        talked_of = self.nature in (Nature.POST, Nature.EVENT, Nature.FEED)
        return talked_of and not self.blocked and (self.own or self.manners.reply)

    @property
    def may_vote(self) -> bool:
        """Whether they may vote for it, if they have not done so: nobody votes for what is their own."""
        talked_of = self.nature in (Nature.POST, Nature.EVENT, Nature.FEED)
        return talked_of and not self.blocked and not self.own and self.manners.like

    @property
    def may_watch(self) -> bool:
        """Whether they may follow it, if they do not yet: of what is their own they are told anyway."""
        return self.nature in (Nature.POST, Nature.ACTOR) and not self.own and not self.blocked


async def standings_of(
    tx: Transaction, base_url: str, viewer: Viewer, items: Sequence[int]
) -> dict[int, Standing]:
    """Return how somebody stands to what activities are about, by activity. A few statements for all of them."""
    actor = await actors.by_id(tx, viewer.id)
    found = await standings.things(tx, items, viewer) if items else {}
    if actor is None or not found:
        return {}
    natures = {item: _nature(thing, base_url) for item, thing in found.items()}
    done = await standings.reacted(tx, actor.id, {thing.id for thing in found.values()})
    owners = {thing.owner for thing in found.values() if thing.owner not in (None, actor.id)}
    refusing = await standings.refusing(tx, [id for id in owners if id is not None], actor.iri, actor.host)
    known = await _known(tx, actor, [(natures[item], thing) for item, thing in found.items()])
    made: dict[int, Standing] = {}
    for item, thing in found.items():
        nature = _within(natures[item], thing, known)
        made[item] = Standing(
            thing,
            nature,
            own=actor.id in (thing.owner, thing.id),
            voted=(thing.id, "Like") in done or thing.id in known.voted or thing.id in known.liked,
            watching=(thing.id, WATCH) in done or thing.id in known.followed,
            blocked=thing.owner in refusing or (nature is Nature.ACTOR and thing.id in refusing),
            manners=manners(thing, actor, follows=thing.owner in known.followed),
            reaction=known.liked.get(thing.id, ""),
        )
    return made


@dataclass(frozen=True, slots=True)
class _Known:
    """What else is known of a member and some things."""

    tenant: int
    followed: set[int | None]
    voted: set[int]
    liked: dict[int, str]


async def _known(tx: Transaction, actor: ActorRow, several: list[tuple[Nature, Thing]]) -> _Known:
    tenant = await tenants.by_label(tx, DEFAULT)
    user = membership.user(actor)
    events = [thing.id for nature, thing in several if nature is Nature.EVENT]
    feeds = [thing.id for nature, thing in several if nature is Nature.FEED]
    others = {thing.id for nature, thing in several if nature is Nature.ACTOR}
    others |= {
        thing.owner
        for _, thing in several
        if thing.owner is not None and "interactionPolicy" in thing.document
    }
    number = 0 if tenant is None else tenant.id
    return _Known(
        number,
        set(await standings.followed(tx, actor.id, others)) if others else set(),
        await standings.voted(tx, number, user.key, events) if events and user else set(),
        await standings.liked(tx, number, actor.name, LIKE, feeds) if feeds else {},
    )


def _nature(thing: Thing, base_url: str) -> Nature:
    if thing.kind == Kind.ACTOR:
        return Nature.ACTOR
    if thing.stream_id:
        return Nature.EVENT
    if thing.kind == Kind.OBJECT:
        return Nature.POST
    if thing.kind != Kind.ACTIVITY:
        return Nature.OTHER
    if feed_activity(thing.iri, base_url) is not None:
        return Nature.FEED
    accounts = not thing.local or thing.iri.startswith(ids.activity_root(base_url))
    return Nature.POST if accounts else Nature.OTHER


def _within(nature: Nature, thing: Thing, known: _Known) -> Nature:
    """Return a thing's nature to members, who are users of the default tenant and of no other."""
    return Nature.OTHER if nature is Nature.EVENT and thing.tenant != known.tenant else nature


def feed_activity(iri: str, base_url: str) -> UUID | None:
    """Return the id of an activity that was made in a feed of the default tenant, None for any other."""
    root = ids.activity_root(base_url)
    return feedids.parse(iri.removeprefix(root)) if iri.startswith(root) else None
