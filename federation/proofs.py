"""Signatures inside documents: ``eddsa-jcs-2022`` proofs, made and checked (FEP-8b32, VC Data Integrity EdDSA §3.3).

Documents here are plain JSON objects exactly as they are sent: what is signed is their canonical text.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from federation.errors import BadSignature
from vocab import BadMultikey, VocabError, multikey
from vocab.canonical import jcs
from vocab.extensions import DATA_INTEGRITY_V2
from vocab.instants import microseconds, parse, spell
from vocab.terms import AS

Document = Mapping[str, Any]

TYPE: Final = "DataIntegrityProof"
SUITE: Final = "eddsa-jcs-2022"
PURPOSE: Final = "assertionMethod"
UNSIGNED: Final = frozenset({"proof", "signature"})
"""Members of a document that its proof does not cover: itself, and the older kind of signature (AP-500)."""
PROOFS_MAX: Final = 4
"""Of more proofs on one document the rest is not looked at."""
SKEW_US: Final = 5 * 60 * 1_000_000
"""How far another server's clock may be ahead of ours (AP-501)."""


def prove(document: Document, *, key: Ed25519PrivateKey, method: str, created: int) -> dict[str, Any]:
    """Return a document with a proof by a key, whose id is ``method``, in place of any it had (AP-503).

    The context comes to declare the proof's terms; ``created`` is in microseconds, rounded down to seconds.
    The same arguments give the same bytes.
    """
    context = with_proof_terms(document.get("@context"))
    proof = {
        "@context": context,
        "type": TYPE,
        "cryptosuite": SUITE,
        "created": spell(created - created % 1_000_000),
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
    }
    return signed({**document, "@context": context}, proof, key)


def signed(document: Document, proof: Document, key: Ed25519PrivateKey) -> dict[str, Any]:
    """Return a document with a proof that is complete but for its value."""
    value = multikey.encode_bytes(key.sign(_hash(document, proof)))
    return {**document, "proof": {**proof, "proofValue": value}}


def with_proof_terms(context: Any) -> list[Any]:
    """Return a context that declares the terms of a proof, as a list."""
    entries = list(context) if isinstance(context, list) else [AS if context is None else context]
    return entries if DATA_INTEGRITY_V2 in entries else [*entries, DATA_INTEGRITY_V2]


def listed(document: Document) -> list[dict[str, Any]]:
    """Return those proofs of a document that we could check, the first few."""
    proofs = document.get("proof")
    found = proofs[:PROOFS_MAX] if isinstance(proofs, list) else [proofs]
    return [proof for proof in found if isinstance(proof, dict) and proof.get("cryptosuite") == SUITE]


def method_of(proof: Document) -> str:
    """Return the id of the key that a proof says it was made with; BadSignature when it names none."""
    method = proof.get("verificationMethod")
    if not isinstance(method, str):
        raise BadSignature("the proof names no key")
    return method


def check(document: Document, proof: Document, key: Ed25519PublicKey, *, now: int) -> None:
    """Check one proof of a document against a key; BadSignature when it does not hold (AP-500, AP-501).

    Whose key that is, and whether the document is that actor's to sign, is for the caller to find out.
    """
    if proof.get("type") != TYPE or proof.get("cryptosuite") != SUITE or proof.get("proofPurpose") != PURPOSE:
        raise BadSignature("a proof of a kind we do not check")
    _check_time(proof, now)
    try:
        value = multikey.decode_bytes(str(proof.get("proofValue")))
        key.verify(value, _hash(_as_proven(document, proof), proof))
    except (BadMultikey, VocabError, InvalidSignature):
        raise BadSignature("the proof does not fit the document") from None


def _as_proven(document: Document, proof: Document) -> Document:
    """Return the document with the context it had when the proof was made: the start of today's (AP-501)."""
    context = proof.get("@context")
    if context is None:
        return document
    proven, today = _entries(context), _entries(document.get("@context"))
    if today[: len(proven)] != proven:
        raise BadSignature("the proof was made under another context")
    return {**document, "@context": context}


def _entries(context: Any) -> list[Any]:
    return context if isinstance(context, list) else [context]


def _check_time(proof: Document, now: int) -> None:
    created, expires = _instant(proof, "created"), _instant(proof, "expires")
    if created is not None and created > now + SKEW_US:
        raise BadSignature("the proof is from the future")
    if expires is not None and expires < now:
        raise BadSignature("the proof has expired")


def _instant(proof: Document, term: str) -> int | None:
    text = proof.get(term)
    if text is None:
        return None
    moment = parse(text) if isinstance(text, str) else None
    if moment is None:
        raise BadSignature(f"the proof's {term} is no date")
    return microseconds(moment)


def _hash(document: Document, proof: Document) -> bytes:
    """Return what is signed: the hash of the proof without its value, then that of the document (AP-500)."""
    bare = {term: value for term, value in document.items() if term not in UNSIGNED}
    config = {term: value for term, value in proof.items() if term != "proofValue"}
    return hashlib.sha256(jcs(config)).digest() + hashlib.sha256(jcs(bare)).digest()
