"""Older signatures inside documents: ``RsaSignature2017``, checked where the operator trusts them (AP-505, SEC-029).

They are only ever checked, never made; a document that carries one is passed on as it came.
"""

import asyncio
from base64 import b64decode
from binascii import Error as NotBase64
from typing import Any, Final

from federation.errors import BadSignature, VerificationError
from federation.keyring import KeyRing
from federation.signatures.algorithms import RSA_SHA256, verify
from vocab import BadContext, BadIri, iri
from vocab.instants import microseconds, parse
from vocab.ldsignable import signed_text

TYPE: Final = "RsaSignature2017"
AGE_US: Final = 24 * 3600 * 1_000_000
SKEW_US: Final = 3600 * 1_000_000


async def signing_key(document: dict[str, Any], author: str, *, keyring: KeyRing, now: int) -> str | None:
    """Return the id of the author's key that signed a document; None when it carries no signature that holds."""
    signature = document.get("signature")
    if not isinstance(signature, dict) or signature.get("type") != TYPE:
        return None
    try:
        return await _holds(document, signature, author, keyring, now)
    except (VerificationError, BadContext, BadIri, NotBase64):
        return None


async def _holds(
    document: dict[str, Any], signature: dict[str, Any], author: str, keyring: KeyRing, now: int
) -> str:
    creator, created = signature.get("creator"), signature.get("created")
    moment = parse(created) if isinstance(created, str) else None
    if not isinstance(creator, str) or moment is None or not iri.same_origin(creator, author):
        raise BadSignature("the signature does not say by whom and when")
    if not now - AGE_US <= microseconds(moment) <= now + SKEW_US:
        raise BadSignature("the signature is too old, or from the future")
    value = b64decode(str(signature.get("signatureValue")), validate=True)
    key = await keyring.find(creator, now=now)
    if iri.canonical(key.owner) != iri.canonical(author):
        raise BadSignature("the signature is by someone else than the author")
    text = await asyncio.to_thread(signed_text, document)
    verify(key.key, RSA_SHA256, value, text)
    return creator
