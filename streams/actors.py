"""Actors of ours: making them, what their document shows, changing a profile. ActivityPub §4.1."""

import re
from base64 import b64decode
from collections.abc import Iterable
from typing import Any, Protocol

from storage import Transaction, actors, entries, eventchannels, keys, objects
from storage.actors import ActorRow, State
from storage.objects import Kind
from streams import documents, ids, instants
from streams.deed import Deed
from streams.errors import Gone, Hidden, NameTaken, NotFound, Refused
from streams.read import HIDES, OWNER_ONLY
from vocab import Object, authoring, dump, from_json, stored
from vocab import iri as iris
from vocab.multikey import encode
from vocab.terms import ACTOR_TYPES

NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?")
"""What a ``preferredUsername`` may look like (AP-091)."""

COLLECTIONS = ("inbox", "outbox", "followers", "following", "liked")
KEY_VIEW = frozenset({"@context", "assertionMethod", "id", "inbox", "publicKey", "type"})
SERVER_OWNED = frozenset(
    {
        *COLLECTIONS, *OWNER_ONLY, "assertionMethod", "endpoints", "featured", "featuredTags", "id", "movedTo",
        "preferredUsername", "proof", "publicKey", "published", "suspended", "type", "url", "webfinger",
    }
)  # fmt: skip
"""Members of an actor that its owner may repeat but not change (AP-095, AP-166)."""


ALIASES_MAX = 256


class KeyPair(Protocol):
    """A key pair as PEM text: SPKI and PKCS#8. ``algorithm`` is ``rsa`` or ``ed25519``."""

    @property
    def algorithm(self) -> str: ...  # noqa: D102
    @property
    def public(self) -> str: ...  # noqa: D102
    @property
    def private(self) -> str: ...  # noqa: D102


async def create(
    tx: Transaction,
    *,
    base_url: str,
    name: str,
    type: str = "Person",
    display_name: str | None = None,
    approves: bool = False,
    key_pairs: Iterable[KeyPair],
    now: int,
) -> ActorRow:
    """Make an actor with its keys and streams, all in one transaction (SEC-016).

    Raises Refused for a name or type that cannot be used, NameTaken when the name exists in any case.
    """
    if NAME.fullmatch(name) is None:
        raise Refused("name", "must be 1 to 64 letters, digits, '_', '-' or '.'")
    if type not in ACTOR_TYPES:
        raise Refused("type", f"must be one of {', '.join(sorted(ACTOR_TYPES))}")
    iri = ids.actor(base_url, name)
    return await _add(
        tx, base_url, iri, name, name, type, {"name": display_name or name}, approves, key_pairs, now
    )


async def create_instance_actor(
    tx: Transaction, *, base_url: str, key_pairs: Iterable[KeyPair], now: int
) -> ActorRow:
    """Make the server's own actor, which signs our fetches (AP-101)."""
    iri, host = ids.instance_actor(base_url), iris.host(base_url)
    return await _add(tx, base_url, iri, host, None, "Application", {"name": host}, True, key_pairs, now)


async def create_feed(
    tx: Transaction,
    *,
    base_url: str,
    iri: str,
    name: str,
    type: str,
    profile: dict[str, Any],
    stream: int,
    now: int,
) -> ActorRow:
    """Make the actor that a feed or channel is, still without keys: nothing is signed before somebody looked at it.

    Raises NameTaken when another actor has the name.
    """
    actor = await _add(tx, base_url, iri, name, name, type, profile, False, (), now)
    await actors.let_be_feed(tx, actor.id, stream)
    return actor


async def give_keys(tx: Transaction, actor: ActorRow, pairs: Iterable[KeyPair], *, now: int) -> None:
    """Give an actor its first keys; one that has some keeps them."""
    if await keys.of_actor(tx, actor.iri):
        return
    await _put_keys(tx, actor.iri, pairs, now=now)
    await actors.touch(tx, actor.id)


async def _put_keys(tx: Transaction, iri: str, pairs: Iterable[KeyPair], *, now: int) -> None:
    for pair in pairs:
        await keys.put(
            tx, id=f"{iri}#{key_name(pair.algorithm)}", actor=iri, algorithm=pair.algorithm, public=pair.public,
            private=pair.private, asserts=pair.algorithm == "ed25519", now=now,
        )  # fmt: skip


async def _add(
    tx: Transaction,
    base_url: str,
    iri: str,
    name: str,
    handle: str | None,
    type: str,
    profile: dict[str, Any],
    approves: bool,
    key_pairs: Iterable[KeyPair],
    now: int,
) -> ActorRow:
    text, _ = dump.document(from_json(profile))
    id = await actors.add_local(
        tx, iri, type, text, name=name, handle=handle, host=iris.host(base_url), inbox=f"{iri}/inbox",
        shared_inbox=f"{base_url}/inbox", followers=f"{iri}/followers", approves=approves, now=now,
    )  # fmt: skip
    row = None if id is None else await actors.by_id(tx, id)
    if row is None:
        raise NameTaken(name)
    kept = (*COLLECTIONS, "featured", "featuredTags", *(("moderators",) if type == "Group" else ()))
    for kind in kept:
        await entries.ensure(tx, row.id, kind, iri=f"{iri}/{kind}")
    await _put_keys(tx, iri, key_pairs, now=now)
    return row


def key_name(algorithm: str) -> str:
    """Return the fragment by which an actor's first key of a kind is known; later ones have a number behind it."""
    return "main-key" if algorithm == "rsa" else "ed25519-key"


async def named(tx: Transaction, name: str) -> ActorRow:
    """Return our actor of a name, in whatever case. Raises NotFound, or Gone for one that left (AP-068).

    A channel that is public no more is not found (Events §23.1).
    """
    actor = await actors.by_handle(tx, name)
    if actor is None or await is_closed(tx, actor):
        raise NotFound(name)
    if actor.state == State.GONE:
        raise Gone(actor.iri)
    return actor


async def is_closed(tx: Transaction, actor: ActorRow) -> bool:
    """Tell whether an actor of ours is a channel that is public no more. One statement for groups, else none."""
    return (
        actor.type == eventchannels.TYPE and bool(actor.local) and await eventchannels.is_closed(tx, actor.id)
    )


async def shown(tx: Transaction, name: str) -> ActorRow:
    """Return our actor of a name for a page. Raises NotFound, Gone, or Hidden for one who is suspended (AP-640)."""
    actor = await named(tx, name)
    if actor.state == State.SUSPENDED:
        raise Hidden(actor.iri)
    return actor


async def describe(tx: Transaction, actor: ActorRow, base_url: str) -> Object:
    """Return the complete document of one of our actors (AP-090…AP-099)."""
    profile = stored(actor.document, actor.context)
    if actor.state == State.SUSPENDED:
        profile = from_json({"suspended": True})
    iri = actor.iri
    document: dict[str, Any] = {
        "id": iri,
        "type": actor.type,
        "preferredUsername": actor.name,
        "name": actor.name,
        "url": f"{base_url}/@{actor.name}" if actor.handle else f"{base_url}/",
        "published": instants.written(actor.published),
        "webfinger": actor.acct,
        "manuallyApprovesFollowers": bool(actor.approves),
        "discoverable": False,
        "indexable": False,
        **{kind: f"{iri}/{kind}" for kind in COLLECTIONS},
        **profile.without("@context").data,
        "endpoints": endpoints(base_url),
    }
    if actor.handle:
        document |= {kind: f"{iri}/{kind}" for kind in ("featured", "featuredTags", *OWNER_ONLY)}
    if actor.type == "Group":
        document |= {"attributedTo": f"{iri}/moderators"}
        document.setdefault("postingRestrictedToMods", False)
    held = {key.algorithm: key for key in await keys.of_actor(tx, iri) if key.public and not key.retired}
    if "rsa" in held:
        rsa = held["rsa"]
        document["publicKey"] = {"id": rsa.id, "owner": iri, "publicKeyPem": rsa.public}
    if "ed25519" in held:
        document["assertionMethod"] = [_multikey(held["ed25519"].id, iri, held["ed25519"].public or "")]
    document["@context"] = [
        "https://www.w3.org/ns/activitystreams",
        "https://w3id.org/security/v1",
        *profile.context,
    ]
    return from_json(document)


def key_view(actor: Object) -> Object:
    """Return of an actor's document what others need to verify its signatures, and no more (AP-435)."""
    return from_json({term: value for term, value in actor.data.items() if term in KEY_VIEW})


def _multikey(id: str, controller: str, pem: str) -> dict[str, str]:
    """Return an Ed25519 key as a Multikey (AP-094); the raw key is the end of its SPKI form."""
    der = b64decode("".join(line for line in pem.splitlines() if not line.startswith("-")))
    return {
        "id": id,
        "type": "Multikey",
        "controller": controller,
        "publicKeyMultibase": encode("ed25519", der[-32:]),
    }


def endpoints(base_url: str) -> dict[str, str]:
    """Return the endpoints every actor of ours shares (AP-092)."""
    return {
        "sharedInbox": f"{base_url}/inbox",
        "proxyUrl": f"{base_url}/proxy",
        "uploadMedia": f"{base_url}/media",
        "oauthAuthorizationEndpoint": f"{base_url}/oauth/authorize",
        "oauthTokenEndpoint": f"{base_url}/oauth/token",
    }


async def revise(tx: Transaction, actor: ActorRow, change: Object, deed: Deed) -> Object:
    """Change an actor's profile as its owner asks and return its complete new document (AP-228).

    Members given replace, null removes, absent ones stay; what the server keeps may be repeated, not changed.
    """
    shown = await describe(tx, actor, deed.base_url)
    given = {term: value for term, value in change.data.items() if term != "@context"}
    for term in SERVER_OWNED & given.keys():
        if not _same(term, change, shown):
            raise Refused(f"object.{term}", "is kept by the server")
    _check_names(change)
    _check_switches(change)
    await _check_streams(tx, actor, change)
    approves = given.pop("manuallyApprovesFollowers", None)
    if approves is not None:
        if not isinstance(approves, bool):
            raise Refused("object.manuallyApprovesFollowers", "must be true or false")
        await actors.approve_followers(tx, actor.id, approves)
    profile = stored(actor.document, actor.context).with_(
        **{term: value for term, value in given.items() if term not in SERVER_OWNED}
    )
    text, context = dump.document(authoring.completed(profile))
    await objects.replace(tx, actor.id, actor.type, text, context, public=True, updated=deed.now)
    await documents.show(tx, actor.id, text)
    await actors.touch(tx, actor.id)
    revised = await actors.by_id(tx, actor.id)
    if revised is None:
        raise LookupError(actor.iri)
    return (await describe(tx, revised, deed.base_url)).with_(updated=instants.written(deed.now))


def _same(term: str, change: Object, shown: Object) -> bool:
    """Tell whether a client only repeats a member, bare, in an array or embedded (AP-166)."""
    if term == "type":
        return change.types == shown.types
    return change.get(term) == shown.get(term) or change.ids(term) == shown.ids(term) != ()


def _check_switches(change: Object) -> None:
    """Refuse anything but yes and no for what an actor hides (AP-163)."""
    for term in HIDES.values():
        if not isinstance(change.get(term), bool | None):
            raise Refused(f"object.{term}", "must be true or false")


async def _check_streams(tx: Transaction, actor: ActorRow, change: Object) -> None:
    """Refuse to point people at collections that are not the actor's own, or not for everyone. ActivityPub §4.1."""
    named = change.ids("streams")
    if len(named) != len(change.values("streams")):
        raise Refused("object.streams", "must be ids of collections")
    for iri in named:
        row = await objects.by_iri(tx, iri)
        if (
            row is None
            or row.kind != Kind.COLLECTION
            or row.owner != actor.id
            or not row.public
            or row.deleted
        ):
            raise Refused("object.streams", "must be public collections of the actor's own")


def _check_names(change: Object) -> None:
    """Refuse other names of an actor that are no ids (AP-098)."""
    names = change.values("alsoKnownAs")
    if len(names) > ALIASES_MAX or not all(isinstance(name, str) and iris.is_http(name) for name in names):
        raise Refused("object.alsoKnownAs", f"must be at most {ALIASES_MAX} ids of actors")
