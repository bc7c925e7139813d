"""From a key id to a key and the actor it belongs to (AP-430, SEC-009).

A key counts only when the actor it claims as its owner lists it: the key alone, or the actor alone,
proves nothing. All three addresses lie on one origin.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from federation.errors import Disbelieved
from federation.keys import load_public
from federation.signatures import PublicKey
from vocab import Object, iri

KEYS_MAX = 10


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key as its owner's own document lists it; ``asserts``: among those that make proofs (AP-500)."""

    id: str
    owner: str
    key: PublicKey
    asserts: bool = False


async def resolve(key_id: str, get: Callable[[str], Awaitable[Object]]) -> FoundKey:
    """Find a key by its id. ``get`` reads a believed document; raises Disbelieved, BadKey and what it raises."""
    document = await get(key_id)
    if not iri.same_origin(document.id or "", key_id):
        raise Disbelieved(key_id, "the key's document is on another origin")
    keys = listed(document)
    if key_id in keys:
        return _embedded(key_id, document, keys[key_id])
    if key_id == document.id and len(keys) == 1:
        return _embedded(key_id, document, *keys.values())
    if key_id == document.id and key_text(document):
        return await _of_its_owner(key_id, document, get)
    raise Disbelieved(key_id, "there is no such key")


def listed(actor: Object) -> dict[str, str | None]:
    """Return the keys an actor lists, by id: their text, or None for those that are only named."""
    keys: dict[str, str | None] = {}
    for value in (*actor.values("publicKey"), *actor.values("assertionMethod"))[:KEYS_MAX]:
        if isinstance(value, str):
            keys[value] = None
        elif isinstance(value, dict):
            key = Object(value)
            if key.id is not None and owner_of(key) in (None, actor.id):
                keys[key.id] = key_text(key)
    return keys


def key_text(key: Object) -> str | None:
    """Return the text of a key node, PEM or multibase (AP-431)."""
    for term in ("publicKeyPem", "publicKeyMultibase"):
        text = key.get(term)
        if isinstance(text, str):
            return text
    return None


def owner_of(key: Object) -> str | None:
    """Return the actor a key node names as its owner."""
    named = key.ids("owner") or key.ids("controller")
    return named[0] if len(named) == 1 else None


def _embedded(key_id: str, actor: Object, text: str | None) -> FoundKey:
    if actor.id is None or text is None:
        raise Disbelieved(key_id, "the key is named, but not there")
    return FoundKey(key_id, actor.id, load_public(text), key_id in actor.ids("assertionMethod"))


async def _of_its_owner(key_id: str, key: Object, get: Callable[[str], Awaitable[Object]]) -> FoundKey:
    owner, text = owner_of(key), key_text(key)
    if owner is None or text is None or not iri.same_origin(owner, key_id):
        raise Disbelieved(key_id, "the key names no owner on its origin")
    actor = await get(owner)
    if actor.id != owner:
        raise Disbelieved(key_id, "the key's owner is someone else")
    keys = listed(actor)
    if key_id not in keys:
        raise Disbelieved(key_id, "the key's owner does not list it")
    return FoundKey(key_id, owner, load_public(keys[key_id] or text), key_id in actor.ids("assertionMethod"))
