"""What the claims of a token mean: a scope, perhaps a user, and a time (Feeds §2.2, SEC-101, SEC-103)."""

from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from server.auth.feeds.errors import BadCredentials, Denied
from storage.tenants import Tenant
from vocab.dialects.getstream import FeedId
from vocab.dialects.getstream.fields import NAME_BYTES_MAX

ALL: Final = "*"
LEEWAY_SECONDS: Final = 60
SECOND_US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Scope:
    """Which resources and actions a token is for, and on which feeds: whole words, ``*`` for all of them.

    A feed is named by slug and id without the colon. Without feeds a token is for what is in no feed.
    """

    resources: frozenset[str]
    actions: frozenset[str]
    feeds: frozenset[str]

    def covers(self, resource: str, action: str, feed: FeedId | None) -> bool:
        """Tell whether the scope is for an action on a resource, of a feed if one is named.

        What is in no feed needs a token for all feeds, or one that names none.
        """
        of_feed = not self.feeds if feed is None else feed.slug + feed.id in self.feeds
        return (
            not self.resources.isdisjoint((resource, ALL))
            and not self.actions.isdisjoint((action, ALL))
            and (of_feed or ALL in self.feeds)
        )


EVERYTHING: Final = Scope(frozenset((ALL,)), frozenset((ALL,)), frozenset((ALL,)))


def meaning(claims: dict[str, Any]) -> tuple[Scope, str | None, bool]:
    """Return the scope of a token, the user it is bound to, and whether the policy for users governs it.

    A token without ``resource`` is a user's; one with it is a server's, and must say all it is for. The policy governs
    a user's token, and a server's that names a user but does not say ``*`` for the feeds. Raises Denied when
    something is not said, BadCredentials when a claim is no text.
    """
    user = _user(claims)
    if "resource" not in claims:
        if user is None or user == ALL or "action" in claims or "feed_id" in claims:
            raise Denied("the token names neither a resource nor a user")
        return EVERYTHING, user, True
    bound = None if user == ALL else user
    if "action" not in claims or ("feed_id" not in claims and user is None):
        raise Denied("the token lacks an action, or a feed or user")
    feeds = _words(claims, "feed_id") if "feed_id" in claims else frozenset[str]()
    governed = bound is not None and ALL not in feeds
    if governed and "feed_id" not in claims:
        feeds = frozenset((ALL,))  # the policy says which
    return Scope(_words(claims, "resource"), _words(claims, "action"), feeds), bound, governed


def check_time(claims: dict[str, Any], tenant: Tenant, *, user: bool, now: int) -> None:
    """Refuse a token whose time is not now, or that its tenant no longer takes.

    ``exp``, ``nbf`` and ``iat`` are numbers of seconds. A server makes a token for each request and dates none, so
    what a tenant asks of dates it asks of the tokens of a ``user``; to end a server's, its secret is rotated.
    """
    expires, begins, issued = (_seconds(claims, name) for name in ("exp", "nbf", "iat"))
    seconds = now / SECOND_US
    if expires is not None and expires <= seconds - LEEWAY_SECONDS:
        raise BadCredentials("the token has expired")
    if any(moment is not None and moment > seconds + LEEWAY_SECONDS for moment in (begins, issued)):
        raise BadCredentials("the token is not valid yet")
    if user and tenant.tokens_expire and expires is None:
        raise BadCredentials("the token must have an exp")
    if issued is None:
        issued = 0 if user else seconds
    if issued * SECOND_US < tenant.tokens_since:
        raise BadCredentials("the token was revoked")


def _user(claims: dict[str, Any]) -> str | None:
    value = claims.get("user_id")
    if value is None:
        return None
    if type(value) is int:
        value = str(value)
    if not isinstance(value, str) or not value:
        raise BadCredentials("user_id must be text")
    if len(value.encode()) > NAME_BYTES_MAX:
        raise BadCredentials(f"user_id must have at most {NAME_BYTES_MAX} bytes")
    return value


def _words(claims: dict[str, Any], name: str) -> frozenset[str]:
    """Read a list parted by commas; each word is compared as a whole."""
    value = claims[name]
    if not isinstance(value, str):
        raise BadCredentials(f"{name} must be text")
    return frozenset(word for word in value.split(",") if word)


def _seconds(claims: dict[str, Any], name: str) -> float | None:
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise BadCredentials(f"{name} must be a number")
    return value
