"""Why someone is not let in at the Feeds API (Feeds §2.2, §4).

CredentialsError
├── UnknownKey      the API key names no tenant
├── BadCredentials  there are none, they cannot be read, or their time is not now
├── Suspended       the tenant is suspended
└── Denied          the signature is wrong, or the claims or the policy do not allow this
"""

from typing import Final, NamedTuple


class CredentialsError(Exception):
    """The root of what is wrong with credentials; its text may be told to the caller."""


class UnknownKey(CredentialsError):
    """The API key names no tenant."""


class BadCredentials(CredentialsError):
    """There are no credentials, they cannot be read, or their time is not now."""


class Suspended(CredentialsError):
    """The tenant is suspended."""


class Denied(CredentialsError):
    """The signature is wrong, or the claims or the policy do not allow this."""


class Meaning(NamedTuple):
    """How the dialect tells an error: HTTP status, ``code`` and ``exception``."""

    status: int
    code: int
    exception: str


MEANINGS: Final[dict[type[Exception], Meaning]] = {
    UnknownKey: Meaning(401, 2, "ApiKeyException"),
    BadCredentials: Meaning(401, 3, "SignatureException"),
    Suspended: Meaning(401, 7, "SiteSuspendedException"),
    Denied: Meaning(403, 17, "NotAllowedException"),
}
