"""From what a client sends to an activity that can be published. ActivityPub §6 and §6.2.1. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from storage.actors import ActorRow
from streams import ids, instants
from streams.errors import NotAllowed, Refused
from streams.instants import SECOND_US
from vocab import Activity, Audience, Object, activities, authoring, extensions, polls, telling
from vocab.audience import spelled
from vocab.terms import ACTIVITY_TYPES, ACTOR_TYPES, KNOWN_TYPES, LINK_TYPES
from vocab.validate import strict

SKEW_US = 3_600 * SECOND_US
"""How far in the future a client's ``published`` may lie."""

NEEDS_OBJECT = frozenset(
    {
        "Accept", "Add", "Announce", "Block", "Create", "Delete", "Dislike", "EmojiReact", "Flag", "Follow",
        "Invite", "Join", "Leave", "Like", "Move", "Offer", "Reject", "Remove", "Undo", "Update",
    }
)  # fmt: skip
CLEAR_TYPES = KNOWN_TYPES | extensions.ACTIVITY_TYPES | extensions.OBJECT_TYPES
"""Types that say by themselves whether something is an activity or an object."""
TELLING_TYPES = (ACTIVITY_TYPES - {"Activity", "IntransitiveActivity"}) | extensions.ACTIVITY_TYPES
"""Types that tell others by themselves what happened."""
NEEDS_TARGET = frozenset({"Add", "Move", "Remove"})
NOT_CREATABLE = (
    ACTOR_TYPES
    | LINK_TYPES
    | {"Tombstone", "CollectionPage", "OrderedCollectionPage", "Key", "CryptographicKey", "Multikey"}
)
COUNTED = ("current", "first", "last", "next", "partOf", "prev", "startIndex", "totalItems")
"""What the server says of a collection, whatever its maker said."""
SHOWN_ALONG = ("eventStream", "proof", "seekItem", "signature")
"""What we add when we show something; who sends it back as it was shown does not mean to say it (AP-166, AP-503)."""
TOLD_OF_OTHERS = (
    "hw:author", "hw:sourceId", "hw:source", "hw:provider", "hw:application", "hw:titleHtml", "hw:actions",
)  # fmt: skip
"""What the server says of what happened elsewhere, and who did it there: streams believe it of what is ours."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An activity with its id, ready to be recorded. It still names the blind recipients; no text of it does."""

    activity: Activity
    audience: Audience


def prepare(sent: Object, actor: ActorRow, *, base_url: str, now: int) -> Draft:
    """Wrap, check and complete what a client sent to its outbox (AP-192…AP-201).

    Raises Refused naming the field for what cannot be accepted, NotAllowed for acts in someone else's name.
    """
    strict(sent)
    sent = sent.without(*SHOWN_ALONG)
    activity = Activity(sent.data) if sent.is_activity else activities.wrap(_typed(sent, "Object"), actor.iri)
    activity = Activity(_typed(spelled(activity), "Activity").data)
    _check(activity, actor)
    if activity.is_a("Create"):
        activity = _create(activity, actor, base_url, now)
    audience = Audience.of(activity)
    completed = instants.in_utc(_told(activity, actor)).with_(
        id=ids.activity(base_url, now), actor=actor.iri, published=_published(activity, now)
    )
    return Draft(Activity(completed.data), audience)


def in_own_name(sent: Object) -> Object:
    """Return what a client sent without what streams would tell in the name of somebody else (Atom §11)."""
    if not _claims(sent) and not any(map(_claims, sent.embedded("object"))):
        return sent
    things = [
        Object(value).without(*TOLD_OF_OTHERS).data if isinstance(value, dict) else value
        for value in sent.values("object")
    ]
    told = {"object": things[0] if len(things) == 1 else things} if things else {}
    return sent.without(*TOLD_OF_OTHERS).with_(**told)


def _claims(thing: Object) -> bool:
    return not thing.data.keys().isdisjoint(TOLD_OF_OTHERS)


def _typed(thing: Object, fallback: str) -> Object:
    """Add the general type behind types that are missing or unknown (AP-196)."""
    if not CLEAR_TYPES.isdisjoint(thing.types):
        return thing
    types = [*thing.types, fallback]
    return thing.with_(type=types[0] if len(types) == 1 else types)


def _told(activity: Activity, actor: ActorRow) -> Activity:
    """Give an activity of a type that other servers will not know a summary, when it says nothing itself (AP-025)."""
    if not TELLING_TYPES.isdisjoint(activity.types) or any(
        map(activity.text, ("name", "summary", "content"))
    ):
        return activity
    return activity.with_(summary=escape(telling.sentence(activity, actor.name), quote=False))


def _check(activity: Activity, actor: ActorRow) -> None:
    given = activity.ids("actor")
    if given and given != (actor.iri,):
        raise NotAllowed("actor", "must be the owner of the outbox")
    for type in activity.types:
        if type in NEEDS_OBJECT and activity.get("object") is None:
            raise Refused("object", f"is required for {type}")
        if type in NEEDS_TARGET and activity.get("target") is None:
            raise Refused("target", f"is required for {type}")


def _published(thing: Object, now: int) -> str:
    given = instants.read(thing, "published")
    if given is not None and given > now + SKEW_US:
        raise Refused("published", "lies in the future")
    return instants.written(now if given is None else given)


def _create(activity: Activity, actor: ActorRow, base_url: str, now: int) -> Activity:
    """Give each new object its id, author, date and collections, and unite the recipients (AP-198, AP-220)."""
    things = activity.embedded("object")
    if len(things) != len(activity.values("object")):
        raise Refused("object", "must be the new object itself, not a reference")
    united = _unite([Audience.of(activity), *map(Audience.of, things)])
    made = [_new(thing, united, actor, base_url, now).data for thing in things]
    together: dict[str, Any] = {**united, "object": made[0] if len(made) == 1 else made}
    return Activity(activity.with_(**together).data)


def _unite(audiences: Iterable[Audience]) -> dict[str, list[str] | None]:
    """Unite recipients kind by kind, keeping the first order and no duplicates."""
    every = list(audiences)
    united: dict[str, list[str] | None] = {}
    for field in ("to", "cc", "audience", "bto", "bcc"):
        recipients = list(dict.fromkeys(iri for audience in every for iri in getattr(audience, field)))
        united[field] = recipients or None
    return united


def _new(
    thing: Object, united: dict[str, list[str] | None], actor: ActorRow, base_url: str, now: int
) -> Object:
    authors = thing.ids("attributedTo")
    if authors and authors != (actor.iri,):
        raise NotAllowed("object.attributedTo", "must be the owner of the outbox")
    writable(thing)
    thing = thing.without(*SHOWN_ALONG)
    iri = ids.object(base_url, now)
    kept = {name: f"{iri}/{name}" for name in ("replies", "likes", "shares")}
    if thing.is_a("Question"):
        thing = polls.opened(thing, instants.moment(now))
    if thing.is_collection:
        thing = thing.without(*COUNTED)
        kept |= _members(thing, united, actor, base_url, now)
    made = _typed(instants.in_utc(thing), "Object").with_(
        **united, **kept, id=iri, attributedTo=actor.iri, published=_published(thing, now), updated=None,
        url=thing.get("url") or iri,
    )  # fmt: skip
    return authoring.completed(made)


def writable(thing: Object) -> None:
    """Refuse what clients can neither create nor turn a thing of theirs into (AP-095, AP-221, AP-226)."""
    if (
        thing.is_actor
        or (thing.is_activity and thing.types != ("Question",))
        or NOT_CREATABLE & set(thing.types)
    ):
        raise Refused("object.type", "cannot be written by a client")
    if {"publicKeyPem", "publicKeyMultibase", "publicKey"} & thing.data.keys():
        raise Refused("object", "cannot hold keys")


def _members(
    collection: Object, united: dict[str, list[str] | None], actor: ActorRow, base_url: str, now: int
) -> dict[str, Any]:
    """Return a new collection's first members: things without id are made with it, all others only named."""
    term = "orderedItems" if collection.is_a("OrderedCollection") else "items"
    made = [
        _new(Object(value), united, actor, base_url, now).data
        if isinstance(value, dict) and not Object({"of": value}).ids("of")
        else Object({"of": value}).one_id("of")
        for value in collection.values(term)
    ]
    return {term: made or None}
