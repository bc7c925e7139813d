"""What can go wrong between us and other servers.

FederationError
├── OutboundError           a request of ours brought no usable answer
│   ├── Refused             we do not call that address, or not on our own authority
│   ├── Unreachable         no name, no connection, no TLS, or cut off
│   │   └── TimedOut        not within the time we give
│   ├── TooLarge            more bytes than we read
│   ├── BadRedirect         too many, a loop, or a step down to plain http
│   ├── BadAnswer           an answer, but not one we can use
│   │   └── Gone            410: it was there and is not any more
│   └── BudgetSpent         one request to us has caused enough requests by us
├── Disbelieved             a document that may not say what it says
├── BadKey                  not a public key we work with
├── NoSuchKey               we have no private key for that actor
├── BadHandle               not a handle, or one that two servers do not agree on
└── VerificationError       a request that did not prove where it comes from
    ├── Unsigned            it carries no signature
    ├── BadSignature        it carries one that does not hold
    ├── ActorMismatch       it is signed, but not by whom it speaks for
    ├── KeyUnavailable      the key's host does not answer for the moment
    ├── KeyGone             the key's host says that it is gone
    ├── Blocked             it comes from, or speaks of, a host the operator suspended
    └── UnknownDeleted      an actor we never knew says that something is gone
"""


class FederationError(Exception):
    """The root of everything federation raises on purpose."""

    temporary: bool = False
    """Whether the same may succeed later."""


class OutboundError(FederationError):
    """A request of ours brought no usable answer."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class Refused(OutboundError):
    """We do not call that address (SEC-040 to SEC-045), that host, or ourselves."""


class Unreachable(OutboundError):
    """No name, no connection, no TLS, or the peer hung up: trying again may help."""

    temporary = True


class TimedOut(Unreachable):
    """The peer did not answer in the time we give (SEC-047)."""


class TooLarge(OutboundError):
    """The answer is longer than we read (SEC-048)."""


class BadRedirect(OutboundError):
    """Too many redirects, a loop, or a step down from https to http (SEC-042)."""


class BadAnswer(OutboundError):
    """The peer answered, but with nothing we can use."""

    def __init__(self, url: str, reason: str, status: int) -> None:
        super().__init__(url, reason)
        self.status = status
        self.temporary = status in (408, 425, 429) or status >= 500


class Gone(BadAnswer):
    """The peer says that what was there is there no more."""


class BudgetSpent(OutboundError):
    """One request to us has caused as many requests by us as we allow (SEC-046)."""


class Disbelieved(FederationError):
    """A fetched document claims what its address gives it no right to (SEC-017 to SEC-019)."""

    def __init__(self, iri: str, reason: str) -> None:
        super().__init__(f"{iri}: {reason}")
        self.iri = iri
        self.reason = reason


class BadKey(FederationError):
    """Text that is no public key, or one too weak, too large or of a kind we do not use (SEC-010)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoSuchKey(FederationError):
    """We hold no private key for that actor."""

    def __init__(self, actor: str) -> None:
        super().__init__(actor)
        self.actor = actor


class BadHandle(FederationError):
    """A handle that cannot be read, or on which WebFinger and the actor do not agree (SEC-036)."""

    def __init__(self, handle: str, reason: str) -> None:
        super().__init__(f"{handle}: {reason}")
        self.handle = handle
        self.reason = reason


class VerificationError(FederationError):
    """A request did not prove where it comes from; nothing may happen because of it (SEC-001)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unsigned(VerificationError):
    """The request carries no signature at all."""

    def __init__(self) -> None:
        super().__init__("the request is not signed")


class BadSignature(VerificationError):
    """The request's signature does not hold, or covers too little."""


class ActorMismatch(VerificationError):
    """The signature holds, but its owner is not the actor of the activity (AP-313)."""

    def __init__(self, owner: str, actor: str, reason: str) -> None:
        super().__init__(reason)
        self.owner = owner
        self.actor = actor


class KeyUnavailable(VerificationError):
    """The key, or what else proves the request, cannot be fetched now; come again (AP-433)."""

    temporary = True

    def __init__(self, key: str, retry_seconds: int) -> None:
        super().__init__("what proves this request cannot be fetched at the moment")
        self.key = key
        self.retry_seconds = retry_seconds


class KeyGone(VerificationError):
    """The key's host answers 410: its owner was deleted, most likely (AP-434)."""

    def __init__(self, key: str) -> None:
        super().__init__("the key that signed this is gone")
        self.key = key


class Blocked(VerificationError):
    """The operator has suspended a host that this request comes from or speaks of (SEC-012)."""

    def __init__(self, host: str) -> None:
        super().__init__("this server does not talk to that host")
        self.host = host


class UnknownDeleted(VerificationError):
    """An actor we never knew is said to have deleted something: there is nothing to do (SEC-013)."""

    def __init__(self, actor: str) -> None:
        super().__init__("the actor is not known here")
        self.actor = actor
