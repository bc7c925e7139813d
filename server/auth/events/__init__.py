"""Who is asking at the Events API, and what they may do (Events §1.1, §1.2, §17.2).

``presented`` takes the key from a request, ``authenticate`` turns it into a ``Caller``, and a caller is asked to have
the ``Right`` that an operation needs. Members at a browser are believed by ``server.auth.events.members``.
"""

from server.auth.events.authenticate import authenticate, hosted, presented, require_same
from server.auth.events.caller import Caller, Right
from server.auth.events.errors import CredentialsError, Denied, UnknownKey
from server.auth.events.keys import Keys

__all__ = [
    "Caller",
    "CredentialsError",
    "Denied",
    "Keys",
    "Right",
    "UnknownKey",
    "authenticate",
    "hosted",
    "presented",
    "require_same",
]
