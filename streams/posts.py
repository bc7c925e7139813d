"""Posts for people and feeds: a thread around one, what a profile tells, what a tag gathers.

Everything here is what anyone may read, so that pages and feeds can be kept and passed on (SEC-068, SEC-076).
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial

from storage import Transaction, entries, posts
from storage.entries import NEWEST, OLDEST
from storage.posts import Listed, Post
from streams.read import PAGE, Bounds
from vocab import Object, quotes, stored

ANCESTORS_MAX = 50
REPLIES_MAX = 20
"""Direct replies on one page."""
BREADTH_MAX = 5
"""Replies shown below each reply."""
DEPTH_MAX = 4
THREAD_POSTS_MAX = 200
PINNED_MAX = 10
BURIED_MAX = 100


@dataclass(slots=True)
class Branch:
    """A reply and what answers it. ``more`` replies to it are not among them."""

    post: Post
    branches: "list[Branch]" = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many replies are left out."""
        return max(0, self.post.replies - len(self.branches))


@dataclass(frozen=True, slots=True)
class Thread:
    """A post between what it answers, oldest first, and what answers it; ``after`` is where more replies follow."""

    above: list[Post]
    post: Post
    branches: list[Branch]
    after: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of a list: a post, and the activity that put it there.

    ``about`` is what an activity that is told itself is about, when everyone may read that.
    """

    post: Post
    activity: Post
    about: Post | None = None

    @property
    def shared(self) -> bool:
        """Whether someone passed it on who did not write it."""
        return self.activity.type == "Announce"


@dataclass(frozen=True, slots=True)
class Telling:
    """One page of a list, newest first, with the bounds of its neighbours when there are any."""

    told: list[Told]
    newer: Bounds | None = None
    older: Bounds | None = None
    buried: tuple[tuple[str, int], ...] = ()
    """What was told once and is gone: the activity, and when that was."""


@dataclass(frozen=True, slots=True)
class Around:
    """What posts answer and what they quote, each by the row id of the post that does."""

    answered: dict[int, Post]
    quoted: dict[int, Post]


NOTHING = Around({}, {})

List = Callable[..., Awaitable[list[Listed]]]


async def thread(tx: Transaction, thing: int, *, after: int = OLDEST) -> Thread:
    """Return the thread around a post that its reader may read; the replies on from a position."""
    ancestors = await posts.above(tx, thing, depth=ANCESTORS_MAX)
    places = await posts.below(
        tx, thing, after=after, first=REPLIES_MAX + 1, breadth=BREADTH_MAX, depth=DEPTH_MAX, most=THREAD_POSTS_MAX
    )  # fmt: skip
    direct = [place for place in places if place.depth == 1]
    cut = direct[REPLIES_MAX - 1].position if len(direct) > REPLIES_MAX else None
    post = await posts.one(tx, thing)
    if post is None:
        raise LookupError(thing)
    found = await posts.of_ids(tx, [*ancestors, *(place.item for place in places)])
    top = Branch(post)
    known = {thing: top}
    for place in places:
        below, reply = known.get(place.parent), found.get(place.item)
        late = place.depth == 1 and cut is not None and place.position > cut
        if below is not None and reply is not None and place.item not in known and not late:
            known[place.item] = Branch(reply)
            below.branches.append(known[place.item])
    return Thread([found[id] for id in ancestors if id in found], post, top.branches, cut)


async def outbox(tx: Transaction, actor: int, bounds: Bounds, *, limit: int = PAGE) -> Telling:
    """Return what an actor tells everyone: what it wrote and what it shares."""
    stream = await entries.find(tx, actor, "outbox")
    return Telling([]) if stream is None else await _page(tx, posts.told, stream.id, bounds, limit)


async def everything(
    tx: Transaction, actor: int, bounds: Bounds, *, limit: int = PAGE, every: bool = False, since: int | None = None
) -> Telling:  # fmt: skip
    """Return what an actor tells everyone, with ``every`` what it likes, follows and edits too (Atom §12.3).

    With ``since``, microseconds since 1970, also what it took back from then on.
    """
    stream = await entries.find(tx, actor, "outbox")
    if stream is None:
        return Telling([])
    telling = await _page(tx, partial(posts.told, every=every), stream.id, bounds, limit)
    gone = [] if since is None else await posts.buried(tx, stream.id, since=since, limit=BURIED_MAX)
    told = await _with_abouts(tx, telling.told) if every else telling.told
    return replace(telling, told=told, buried=tuple(gone))


async def _with_abouts(tx: Transaction, told: list[Told]) -> list[Told]:
    """Return activities that are told themselves with what they are about."""
    named = {one.post.id: read(one.post).ids("object") for one in told if one.post.id == one.activity.id}
    held = await posts.of_iris(tx, [iri for iris in named.values() for iri in iris])
    return [
        replace(one, about=next((held[iri] for iri in named.get(one.post.id, ()) if iri in held), None))
        for one in told
    ]


async def gathered(tx: Transaction, stream: int, bounds: Bounds, *, limit: int = PAGE) -> Telling:
    """Return the public posts in a list of objects, as a tag or a conversation is."""
    return await _page(tx, posts.listed_in, stream, bounds, limit)


async def pinned(tx: Transaction, actor: int) -> list[Post]:
    """Return the public posts that an actor has pinned to its profile (AP-097)."""
    stream = await entries.find(tx, actor, "featured")
    if stream is None or not stream.total:
        return []
    return [one.post for one in (await gathered(tx, stream.id, Bounds(), limit=PINNED_MAX)).told]


async def _page(tx: Transaction, list_: List, stream: int, bounds: Bounds, limit: int) -> Telling:
    """Read one page. Bounds without an upper end are read upwards from the lower one."""
    upwards = bounds.before == NEWEST and bounds.after != OLDEST
    listed = await list_(
        tx, stream, before=bounds.before, after=bounds.after, limit=limit + 1, oldest_first=upwards
    )  # fmt: skip
    more, listed = len(listed) > limit, listed[:limit]
    if upwards:
        listed.reverse()
    if not listed:
        return Telling([], older=Bounds(before=bounds.after + 1) if upwards else None)
    found = await posts.of_ids(tx, [id for one in listed for id in (one.activity, one.thing)])
    older = Bounds(before=listed[-1].position) if more or upwards else None
    newer = Bounds(after=listed[0].position) if (more if upwards else bounds.before != NEWEST) else None
    return Telling(_once(listed, found), newer, older)


def _once(listed: Iterable[Listed], found: dict[int, Post]) -> list[Told]:
    """Pair activities with what they show, each thing once: groups pass on both a post and its Create."""
    told: dict[int, Told] = {}
    for one in listed:
        if one.thing in found and one.activity in found:
            told.setdefault(one.thing, Told(found[one.thing], found[one.activity]))
    return list(told.values())


async def around(tx: Transaction, shown: Iterable[Post]) -> Around:
    """Return what posts answer and quote, in one statement for all of them.

    A quotation is there only if it may be shown (AP-735): the author quotes themselves, or the stamp of the
    quoted author names both posts.
    """
    things = [(post, read(post)) for post in shown]
    held = await posts.of_iris(tx, [iri for _, thing in things for iri in _named(thing)])
    found = Around({}, {})
    for post, thing in things:
        parent = next((held[iri] for iri in thing.ids("inReplyTo") if iri in held), None)
        other = held.get(quotes.quoted(thing) or "")
        stamps = [held[iri] for iri in thing.ids("quoteAuthorization") if iri in held]
        if parent is not None:
            found.answered[post.id] = parent
        if other is not None and (
            other.author == post.author or any(_stamped(one, post, other) for one in stamps)
        ):
            found.quoted[post.id] = other
    return found


def _named(thing: Object) -> list[str]:
    quoted = quotes.quoted(thing)
    return [*thing.ids("inReplyTo"), *thing.ids("quoteAuthorization"), *([quoted] if quoted else [])]


def _stamped(stamp: Post, post: Post, other: Post) -> bool:
    """Tell whether an authorisation is the quoted author's and speaks of these two posts."""
    said = read(stamp)
    return (
        stamp.author == other.author
        and said.is_a("QuoteAuthorization")
        and said.ids("interactingObject") == (post.iri,)
        and said.ids("interactionTarget") == (other.iri,)
    )


def read(post: Post) -> Object:
    """Return what a post says."""
    return stored(post.document or "{}", post.context)
