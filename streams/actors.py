"""Actors of ours: making them, what their document shows, changing a profile. ActivityPub §4.1."""

import re
from base64 import b64decode
from collections.abc import Iterable
from typing import Any, Protocol

from storage import Transaction, actors, entries, keys, objects
from storage.actors import ActorRow
from streams import ids, instants
from streams.deed import Deed
from streams.errors import NameTaken, Refused
from vocab import Object, dump, from_json, stored
from vocab import iri as iris
from vocab.multikey import encode
from vocab.terms import ACTOR_TYPES

NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?")
"""What a ``preferredUsername`` may look like (AP-091)."""

COLLECTIONS = ("inbox", "outbox", "followers", "following", "liked")
OWNER_ONLY = ("pendingFollowers", "pendingFollowing", "blocked", "blocks")
SERVER_OWNED = frozenset(
    {
        *COLLECTIONS, *OWNER_ONLY, "assertionMethod", "endpoints", "featured", "featuredTags", "id", "movedTo",
        "preferredUsername", "proof", "publicKey", "published", "streams", "type", "url", "webfinger",
    }
)  # fmt: skip
"""Members of an actor that its owner may repeat but not change (AP-095, AP-166)."""


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
    for kind in (*COLLECTIONS, "featured", "featuredTags"):
        await entries.ensure(tx, row.id, kind, iri=f"{iri}/{kind}")
    for pair in key_pairs:
        fragment = "main-key" if pair.algorithm == "rsa" else "ed25519-key"
        await keys.put(
            tx, id=f"{iri}#{fragment}", actor=iri, algorithm=pair.algorithm, public=pair.public,
            private=pair.private, now=now,
        )  # fmt: skip
    return row


async def describe(tx: Transaction, actor: ActorRow, base_url: str) -> Object:
    """Return the complete document of one of our actors (AP-090…AP-099)."""
    profile = stored(actor.document, actor.context)
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
    return {"sharedInbox": f"{base_url}/inbox"}


async def revise(tx: Transaction, actor: ActorRow, change: Object, deed: Deed) -> Object:
    """Change an actor's profile as its owner asks and return its complete new document (AP-228).

    Members given replace, null removes, absent ones stay; what the server keeps may be repeated, not changed.
    """
    shown = await describe(tx, actor, deed.base_url)
    given = {term: value for term, value in change.data.items() if term != "@context"}
    for term in SERVER_OWNED & given.keys():
        if given[term] != shown.data.get(term):
            raise Refused(f"object.{term}", "is kept by the server")
    approves = given.pop("manuallyApprovesFollowers", None)
    if approves is not None:
        if not isinstance(approves, bool):
            raise Refused("object.manuallyApprovesFollowers", "must be true or false")
        await actors.approve_followers(tx, actor.id, approves)
    profile = stored(actor.document, actor.context).with_(
        **{term: value for term, value in given.items() if term not in SERVER_OWNED}
    )
    text, context = dump.document(profile)
    await objects.replace(tx, actor.id, actor.type, text, context, public=True, updated=deed.now)
    await actors.touch(tx, actor.id)
    revised = await actors.by_id(tx, actor.id)
    if revised is None:
        raise LookupError(actor.iri)
    return (await describe(tx, revised, deed.base_url)).with_(updated=instants.written(deed.now))
