"""Proof that who redeems a code is who asked for it (RFC 7636): S256 and nothing else (AP-537)."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode

METHOD = "S256"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def challenge_of(verifier: str) -> str:
    """Return the challenge that belongs to a verifier (RFC 7636 §4.2)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def is_proof(verifier: str, challenge: str) -> bool:
    """Tell whether a verifier is well formed and belongs to a challenge."""
    return VERIFIER.fullmatch(verifier) is not None and hmac.compare_digest(challenge_of(verifier), challenge)
