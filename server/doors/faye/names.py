"""Names of clients: made without remembering anything, and known again as ours (Feeds §11.1).

A client is remembered once it has subscribed to something. Until then its name proves that it has just shaken hands,
so whoever shakes hands all day long fills neither memory nor tables.
"""

import hmac
import re
import secrets
from typing import Final

SECOND_US: Final = 1_000_000
FRESH_SECONDS: Final = 120
"""So long after its handshake a client may take its time to subscribe."""

_TIME_CHARS, _RANDOM_CHARS, _PROOF_CHARS = 10, 32, 32
_NAME: Final = re.compile(f"[0-9a-f]{{{_TIME_CHARS + _RANDOM_CHARS + _PROOF_CHARS}}}")


def fresh(key: bytes, *, now: int) -> str:
    """Return a new name, given at an instant in microseconds."""
    text = f"{now // SECOND_US:0{_TIME_CHARS}x}{secrets.token_hex(_RANDOM_CHARS // 2)}"
    return text + _proof(key, text)


def is_ours(name: str, key: bytes) -> bool:
    """Tell whether we gave this name, at whatever time."""
    if _NAME.fullmatch(name) is None:
        return False
    return hmac.compare_digest(name[-_PROOF_CHARS:], _proof(key, name[:-_PROOF_CHARS]))


def is_fresh(name: str, *, now: int) -> bool:
    """Tell whether a name of ours was given a short while ago."""
    return now // SECOND_US - int(name[:_TIME_CHARS], 16) <= FRESH_SECONDS


def _proof(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()[:_PROOF_CHARS]
