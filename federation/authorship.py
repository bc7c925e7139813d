"""Who made a document, by its own proofs: needed when someone else handed it to us (AP-313, AP-500 to AP-502)."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from federation import proofs
from federation.errors import BadSignature, VerificationError
from federation.keyring import KeyRing, RemoteKey
from vocab import BadIri, Object, VocabError, iri


def author_of(thing: Object) -> str | None:
    """Return whose document this is to sign: an actor's own, its actor's, or else who it is attributed to (AP-501).

    None when nobody or several are named, also one as its actor and another as its author: then a key of either
    would speak for both (SEC-027).
    """
    try:
        actor, author = thing.one_id("actor"), thing.one_id("attributedTo")
    except VocabError:
        return thing.id if thing.is_actor and not thing.is_activity else None
    if thing.is_actor:
        return thing.id if actor is None else None
    if thing.is_activity:
        return actor if author in (None, actor) else None
    return author


async def proven(thing: Object, *, keyring: KeyRing, now: int) -> bool:
    """Tell whether a document carries a valid proof of its author, and lies on that author's origin (FEP-fe34)."""
    author = author_of(thing)
    try:
        if thing.id is None or author is None or not iri.same_origin(thing.id, author):
            return False
    except BadIri:
        return False
    return await proving_key(thing.data, author, keyring=keyring, now=now) is not None


async def proving_key(document: dict[str, Any], author: str, *, keyring: KeyRing, now: int) -> str | None:
    """Return the id of the author's key that a document carries a valid proof of; None when it is unproven.

    ``document`` is the JSON exactly as received. A proof that fails, or whose key cannot be had, leaves the
    document unproven and is no error (AP-502).
    """
    for proof in proofs.listed(document):
        try:
            return await _holds(document, proof, author, keyring, now)
        except (VerificationError, BadIri):
            continue
    return None


async def _holds(
    document: dict[str, Any], proof: dict[str, Any], author: str, keyring: KeyRing, now: int
) -> str:
    """Check one proof with the key it names, fetched anew once if it does not fit (AP-432)."""
    method = proofs.method_of(proof)
    if not iri.same_origin(method, author):
        raise BadSignature("the proof's key is not on its author's origin")
    key = await keyring.find(method, now=now)
    try:
        _check(document, proof, author, key, now)
    except BadSignature:
        fresh = await keyring.refetch(key, now=now)
        if fresh is None:
            raise
        _check(document, proof, author, fresh, now)
    return method


def _check(document: dict[str, Any], proof: dict[str, Any], author: str, key: RemoteKey, now: int) -> None:
    """Check a proof and that its key is one the author makes proofs with (AP-500, AP-501)."""
    if not key.asserts or not isinstance(key.key, Ed25519PublicKey):
        raise BadSignature("the key is not one that makes proofs")
    if iri.canonical(key.owner) != iri.canonical(author):
        raise BadSignature("the proof is by someone else than the author")
    proofs.check(document, proof, key.key, now=now)
