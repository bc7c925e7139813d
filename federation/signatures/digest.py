"""The digest of a body, in the old header field (RFC 3230) and the new one (RFC 9530).

The digest is computed over the bytes as received; every digest of a kind we know must be right, and
there must be at least one (SEC-004).
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from federation.errors import BadSignature
from federation.signatures.structured import dictionary

BODIES_REMEMBERED = 8
"""Of so many letters the digest is known; each is sent to many."""
KNOWN: dict[str, Callable[[bytes], Any]] = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


@lru_cache(BODIES_REMEMBERED)
def digest(body: bytes) -> str:
    """Compute the value of ``Digest`` (AP-413)."""
    return "SHA-256=" + b64encode(hashlib.sha256(body).digest()).decode()


@lru_cache(BODIES_REMEMBERED)
def content_digest(body: bytes) -> str:
    """Compute the value of ``Content-Digest`` (AP-443)."""
    return "sha-256=:" + b64encode(hashlib.sha256(body).digest()).decode() + ":"


def check_digest(value: str, body: bytes) -> None:
    """Refuse a body that does not have the ``Digest`` it came with."""
    right = []
    for member in value.split(","):
        name, _, text = member.strip().partition("=")
        if name.lower() in KNOWN:
            right.append(_matches(name.lower(), text.encode("latin-1"), body))
    _settle(right, "Digest")


def check_content_digest(value: str, body: bytes) -> None:
    """Refuse a body that does not have the ``Content-Digest`` it came with."""
    right = []
    for name, (content, _parameters) in dictionary("Content-Digest", value).items():
        if name in KNOWN:
            right.append(isinstance(content, bytes) and _matches(name, b64encode(content), body))
    _settle(right, "Content-Digest")


def _matches(name: str, text: bytes, body: bytes) -> bool:
    return hmac.compare_digest(b64encode(KNOWN[name](body).digest()), text)


def _settle(right: list[bool], field: str) -> None:
    if not right:
        raise BadSignature(f"{field} holds no digest of a kind known here")
    if not all(right):
        raise BadSignature(f"{field} is not the digest of this body")
