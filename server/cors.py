"""Reading from a browser on another site (AP-600, SEC-064): allowed where no cookie is ever believed."""

OPEN = frozenset(
    ("users", "objects", "activities", "inbox", "actor", ".well-known", "nodeinfo", "proxy", "media", "tags")
)
"""First path segments of resources that take their credentials from the Authorization header alone."""
OPEN_OAUTH = frozenset(
    {"/oauth/token", "/oauth/register", "/oauth/revoke", "/oauth/introspect", "/oauth/userinfo"}
)

ALLOW_ORIGIN = (b"access-control-allow-origin", b"*")
HEADERS = [
    ALLOW_ORIGIN,
    (b"access-control-expose-headers", b"Location, Link, ETag, Retry-After, WWW-Authenticate, X-Request-Id"),
]
PREFLIGHT = [
    ALLOW_ORIGIN,
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"Authorization, Content-Type, Accept, Idempotency-Key, Last-Event-ID",
    ),
    (b"access-control-max-age", b"86400"),
    (b"allow", b"GET, HEAD, POST, OPTIONS"),
]


def is_open(path: str) -> bool:
    """Tell whether scripts of other sites may read what is at a path."""
    return path[1:].split("/", 1)[0] in OPEN or path[:2] == "/@" or path in OPEN_OAUTH
