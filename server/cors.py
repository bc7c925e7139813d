"""Reading from a browser on another site (AP-600, SEC-064): allowed wherever no cookie is believed."""

from dataclasses import dataclass

OPEN = frozenset(
    (
        "users",
        "objects",
        "activities",
        "inbox",
        "known",
        "actor",
        ".well-known",
        "nodeinfo",
        "proxy",
        "media",
        "tags",
        "contexts",
        "feeds",
        "channels",
        "entities",
        "events",
        "tenants",
    )
)
"""First path segments of resources that programs read. Who is known by a cookie is answered for no other site."""

OPEN_OAUTH = frozenset(
    {"/oauth/token", "/oauth/register", "/oauth/revoke", "/oauth/introspect", "/oauth/userinfo"}
)

Header = tuple[bytes, bytes]
ALLOW_ORIGIN = (b"access-control-allow-origin", b"*")
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Sharing:
    """What browsers let scripts of other sites do: header fields of every answer, and of one to a preflight."""

    headers: list[Header]
    preflight: list[Header]

    @classmethod
    def of(cls, *, methods: str, sent: str, shown: str) -> "Sharing":
        """Let any site use some methods, send some header fields and see others, each a list parted by commas."""
        return cls(
            [ALLOW_ORIGIN, (b"access-control-expose-headers", shown.encode())],
            [
                (b"access-control-allow-methods", methods.encode()),
                (b"access-control-allow-headers", sent.encode()),
                (b"access-control-max-age", b"%d" % DAY_SECONDS),
                (b"allow", methods.encode()),
            ],
        )


SHARED = Sharing.of(
    methods="GET, HEAD, POST, OPTIONS",
    sent="Authorization, Content-Type, Accept, Idempotency-Key, Last-Event-ID",
    shown="Location, Link, ETag, Retry-After, WWW-Authenticate, X-Request-Id",
)


def sharing(path: str) -> Sharing | None:
    """Return what scripts of other sites may do at a path; None where they may do nothing."""
    first, _, rest = path[1:].partition("/")
    if first == "oauth":
        return SHARED if path in OPEN_OAUTH or rest.startswith("clients/") else None
    return SHARED if first in OPEN or path[:2] == "/@" else None
