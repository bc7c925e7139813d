"""Who is asking at the Feeds API, and what they may do (Feeds §2).

``read`` takes credentials from a request, ``authenticate`` turns them into a ``FeedsGrant``, and a grant is asked
whether it ``may``, by the claims of its token, or is ``permitted``, by the policy for users as well.
"""

from server.auth.feeds import policy
from server.auth.feeds.authenticate import authenticate, granted, voucher
from server.auth.feeds.errors import (
    MEANINGS,
    BadCredentials,
    CredentialsError,
    Denied,
    Suspended,
    UnknownKey,
)
from server.auth.feeds.grant import FeedsGrant
from server.auth.feeds.keys import Keys
from server.auth.feeds.presented import Presented, read

__all__ = [
    "MEANINGS",
    "BadCredentials",
    "CredentialsError",
    "Denied",
    "FeedsGrant",
    "Keys",
    "Presented",
    "Suspended",
    "UnknownKey",
    "authenticate",
    "granted",
    "policy",
    "read",
    "voucher",
]
