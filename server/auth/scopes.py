"""What a token may do (AP-542, FEP-d8c2): two scopes that do not imply each other, and narrower ones within them."""

from functools import lru_cache

from vocab import Object
from vocab import iri as iris

READ, READ_PROFILE = "read", "read:profile"
WRITE, WRITE_OUTBOX, WRITE_MEDIA = "write", "write:outbox", "write:media"
WRITE_SAME_ORIGIN = "write:sameorigin"
ADMIN_READ, ADMIN_WRITE = "admin:read", "admin:write"
ON_BEHALF = "activities:onbehalf"
FEED_READ = "feed:read"
"""What a feed token is good for (Atom §17.3); no program is ever given it by consent."""

SCOPES = {
    READ: "Read what you may read: your inbox, followers-only posts, your lists",
    READ_PROFILE: "Know who you are, and nothing else",
    WRITE: "Act as you: publish, change and delete posts, follow, like, share, upload files",
    WRITE_OUTBOX: "Act as you: publish, change and delete posts, follow, like, share",
    WRITE_MEDIA: "Upload files and publish them as you",
    WRITE_SAME_ORIGIN: "Act as you, but only on things of the site where this application is registered, "
    "which may be this one",
    ON_BEHALF: "Say what other people of this server did, in their names, where you may post at all",
    ADMIN_READ: "Moderate this server, if you may: read reports and what was said of other servers",
    ADMIN_WRITE: "Moderate this server, if you may: resolve reports, suspend actors and other servers",
}
"""Each scope, and how a member is asked for it."""

ALIASES = {"activitypub:read:all": READ, "activitypub:write:all": WRITE}
SUPPORTED = (*SCOPES, *ALIASES)


def granted(asked: str, limit: str = "", *, admin: bool = True) -> str:
    """Return of the scopes asked for those that we know, in their order.

    They lie within what the client registered for; those of moderators are for moderators (SEC-091), and so is to
    speak in the names of others.
    """
    allowed = meaning(limit) if limit else frozenset(SCOPES)
    if not admin:
        allowed -= {ADMIN_READ, ADMIN_WRITE, ON_BEHALF}
    words = dict.fromkeys(word for word in asked.split() if word in SUPPORTED)
    return " ".join(word for word in words if _within(ALIASES.get(word, word), allowed))


def _within(scope: str, allowed: frozenset[str]) -> bool:
    """Tell whether a scope is allowed, by itself or as a part of what stands before its colon."""
    return scope in allowed or scope.partition(":")[0] in allowed


@lru_cache(maxsize=1024)
def meaning(scope: str) -> frozenset[str]:
    """Return the scopes a text stands for, aliases spelled out and unknown words left out."""
    words = (ALIASES.get(word, word) for word in scope.split())
    return frozenset(word for word in words if word in SCOPES)


def is_same_origin(client: str, activity: Object) -> bool:
    """Tell whether all an activity acts on is of the origin of a ``client_id`` (FEP-d8c2, ``write:sameorigin``).

    Something without an id belongs to no origin, so nothing can be created under this scope alone.
    """
    about = [value for term in ("object", "target", "origin") for value in activity.values(term)]
    ids = [iri for term in ("object", "target", "origin") for iri in activity.ids(term)]
    return len(ids) == len(about) > 0 and all(iris.same_origin(client, iri) for iri in ids)
