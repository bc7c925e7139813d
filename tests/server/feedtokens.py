"""Makes tokens, honest and other, without a library that could refuse to."""

import base64
import hashlib
import hmac
import json
from typing import Any

from server.auth.feeds import FeedsGrant
from server.auth.feeds.authenticate import granted
from storage.feedskeys import FeedsKey
from storage.tenants import Tenant

SECRET = "0123456789abcdef0123456789abcdef"
HEADER = {"alg": "HS256", "typ": "JWT"}
NOW_SECONDS = 1_700_000_000
NOW = NOW_SECONDS * 1_000_000
APP = Tenant(1, "app", 0, None, False, 0)
KEY = FeedsKey("key1", APP, (SECRET,))


def encoded(part: Any) -> str:
    """Write one part of a token."""
    text = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def token(claims: Any, *, secret: str = SECRET, header: Any = HEADER, hashed: str = "sha256") -> str:
    """Sign claims with HMAC, whatever the header says."""
    text = f"{encoded(header)}.{encoded(claims)}"
    return f"{text}.{encoded(hmac.digest(secret.encode(), text.encode(), getattr(hashlib, hashed)))}"


def grant(claims: Any, *, key: FeedsKey = KEY, now: int = NOW, **how: Any) -> FeedsGrant:
    """Return what a token with these claims allows."""
    return granted(key, token(claims, **how), now=now)


SERVER = {"resource": "*", "action": "*", "feed_id": "*"}
