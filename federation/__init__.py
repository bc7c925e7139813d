"""The wire to other servers: find, fetch, sign, verify, deliver.

What an activity means is no concern of this package, and it never hands out anything unproven: a
document that comes from here may be believed, a :class:`VerifiedActor` did send what it is said to.
"""

from federation import backoff, errors, feeds, nodeinfo, webfinger
from federation.addresses import AddressPolicy
from federation.applications import Application, Applications
from federation.authorship import proven
from federation.backoff import next_attempt
from federation.budget import Budget
from federation.client import Client, OutboundPolicy
from federation.deliver import Deliverer, DeliveryPolicy
from federation.errors import (
    ActorMismatch,
    BadSignature,
    Blocked,
    FederationError,
    KeyGone,
    KeyUnavailable,
    UnknownDeleted,
    Unsigned,
    VerificationError,
)
from federation.fetch import Fetcher
from federation.hooks import Hooks, prove
from federation.hosts import Hosts
from federation.hub import Hub
from federation.keyring import DISCOVERIES_PER_HOST_MAX, KeyRing
from federation.keys import KeyPair, generate_pair
from federation.memory import Flights, Recent
from federation.prover import Prover
from federation.signatures import Incoming
from federation.synchronization import Told
from federation.verify import Verified, verify_get, verify_post
from federation.webfinger import Finder

__all__ = [
    "DISCOVERIES_PER_HOST_MAX",
    "ActorMismatch",
    "AddressPolicy",
    "Application",
    "Applications",
    "BadSignature",
    "Blocked",
    "Budget",
    "Client",
    "Deliverer",
    "DeliveryPolicy",
    "FederationError",
    "Fetcher",
    "Finder",
    "Flights",
    "Hooks",
    "Hosts",
    "Hub",
    "Incoming",
    "KeyGone",
    "KeyPair",
    "KeyRing",
    "KeyUnavailable",
    "OutboundPolicy",
    "Prover",
    "Recent",
    "Told",
    "UnknownDeleted",
    "Unsigned",
    "VerificationError",
    "Verified",
    "backoff",
    "errors",
    "feeds",
    "generate_pair",
    "next_attempt",
    "nodeinfo",
    "prove",
    "proven",
    "verify_get",
    "verify_post",
    "webfinger",
]
