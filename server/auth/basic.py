"""HTTP Basic (RFC 7617, Atom §2): a member's name with their password, or with a token of theirs in its place.

To look at a password takes a tenth of a second on purpose, and feed readers send theirs with every request. So what was
found right is remembered for a while, under a keyed hash of what was sent, together with what was kept of the password:
it counts no more as soon as that changes.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request

FRESH_SECONDS: Final = 300.0
REMEMBERED_MAX: Final = 1_000


@dataclass(frozen=True, slots=True)
class Credentials:
    """What stands in the header: a name and a password, whoever they belong to."""

    name: str
    password: str = field(repr=False)


def is_carried(request: Request) -> bool:
    """Tell whether the Authorization header of a request is of this scheme."""
    return request.headers.get("authorization", "").partition(" ")[0].lower() == "basic"


def carried(request: Request) -> Credentials | None:
    """Return the credentials of a request; None when its Authorization header has none of this scheme.

    Raises ValueError for a header that cannot be read.
    """
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("authorization") from error
    name, colon, password = text.partition(":")
    if not colon or "\0" in text:
        raise ValueError("authorization")
    return Credentials(name, password)


class Remembered:
    """Credentials that were right a moment ago, each with the hash of the password that they were compared with.

    ``clock`` gives monotonic seconds. Nothing here leads back to a password.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._held: dict[bytes, tuple[float, str]] = {}
        self._asking: dict[bytes, asyncio.Lock] = {}

    async def is_right(
        self, credentials: Credentials, kept: str | None, check: Callable[[], Awaitable[bool]]
    ) -> bool:
        """Tell whether credentials are right; ``kept`` is what is kept of the password now.

        ``check`` is asked when that is not known. Of the same that are sent at once, one is looked at and the
        others wait for it.
        """
        key = self._key(credentials)
        if self._knows(key, kept):
            return True
        lock = self._asking.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                if self._knows(key, kept):
                    return True
                right = await check()
                if right and kept is not None:
                    self._remember(key, kept)
                return right
        finally:
            self._asking.pop(key, None)

    def _key(self, credentials: Credentials) -> bytes:
        text = f"{credentials.name}\0{credentials.password}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).digest()

    def _knows(self, key: bytes, kept: str | None) -> bool:
        held = self._held.get(key)
        return held is not None and self._clock() < held[0] and held[1] == kept

    def _remember(self, key: bytes, kept: str) -> None:
        if len(self._held) >= REMEMBERED_MAX:
            self._held.clear()
        self._held[key] = self._clock() + FRESH_SECONDS, kept
