"""Reading JSON Web Tokens: HS256 in compact form, and nothing else (Feeds §2.2, SEC-100).

The secret is that of the key which the request names. What a token says of keys (``kid``, ``jku``, ``jwk``, ``x5u``,
``x5c``) chooses nothing, and what it calls critical is not understood.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from jwt import InvalidSignatureError, InvalidTokenError, PyJWS
from jwt.algorithms import HMACAlgorithm
from jwt.exceptions import InvalidKeyError

from server.auth.feeds.errors import BadCredentials, Denied
from vocab import JsonError, jsontext

ALGORITHM: Final = "HS256"
TOKEN_CHARS_MAX: Final = 8 * 1024
SECRET_BYTES_GOOD: Final = 32
"""RFC 7518 §3.2. A tenant that came from elsewhere may hold a shorter secret."""

_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class _AnyLength(HMACAlgorithm):
    """HMAC that takes the short secrets of applications which moved here without a warning at each request."""

    def check_key_length(self, key: bytes) -> None:
        """Find no fault: whoever brought a short secret was told then."""


_JWS: Final = PyJWS(algorithms=())
_JWS.register_algorithm(ALGORITHM, _AnyLength(HMACAlgorithm.SHA256))


def claims(token: str, secrets: Iterable[str]) -> dict[str, Any]:
    """Return what a token says, which one of the secrets has signed.

    Raises BadCredentials when it cannot be read, Denied when no secret has signed it.
    """
    if len(token) > TOKEN_CHARS_MAX or _COMPACT.fullmatch(token) is None:
        raise BadCredentials("the token cannot be read")
    return _members(_signed(token, secrets))


def _signed(token: str, secrets: Iterable[str]) -> bytes:
    """Return the payload that one of the secrets has signed."""
    for secret in secrets:
        try:
            found = _JWS.decode_complete(token, secret, algorithms=[ALGORITHM])
        except (InvalidSignatureError, InvalidKeyError):
            continue
        except InvalidTokenError as error:
            raise BadCredentials("the token cannot be read") from error
        if "crit" in found["header"]:
            raise BadCredentials("the token calls something critical")
        payload: bytes = found["payload"]
        return payload
    raise Denied("the token's signature is wrong")


def _members(payload: bytes) -> dict[str, Any]:
    try:
        found = jsontext.loads(payload)
    except JsonError as error:
        raise BadCredentials("the token cannot be read") from error
    if not isinstance(found, dict):
        raise BadCredentials("the token is no object")
    return found
