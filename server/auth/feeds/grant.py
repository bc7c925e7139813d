"""What credentials that were believed allow at the Feeds API (Feeds §2.2, §2.3, §2.5; SEC-101, SEC-104, SEC-105)."""

from dataclasses import dataclass, field
from typing import Final

from server.auth.feeds.claims import ALL, Scope
from server.auth.feeds.errors import Denied
from server.auth.feeds.policy import READ, WRITE, Access, Operation, Users
from storage.feedskeys import FeedsKey
from storage.tenants import Tenant
from vocab.dialects.getstream import FeedId, Reference

_ALL: Final = frozenset((ALL,))
_READ: Final = frozenset((READ,))


@dataclass(frozen=True, slots=True)
class FeedsGrant:
    """Whose name space may be touched, within which scope, as which user.

    With ``governed`` the policy for users holds as well; then there is a user.
    """

    tenant: Tenant
    scope: Scope
    user: str | None = None
    governed: bool = False
    key: FeedsKey | None = field(default=None, repr=False, compare=False)
    """The key by which its tenant was known, with which other tokens of it can be read."""

    def may(self, resource: str, action: str, feed: FeedId | None = None) -> bool:
        """Tell whether the claims cover an action on a resource, of a feed where the address names one."""
        return self.scope.covers(resource, action, feed)

    def permits(
        self,
        operation: Operation,
        feed: FeedId | None = None,
        *,
        owner: str | None = None,
        group: Access | None = None,
    ) -> bool:
        """Tell whether claims and policy allow an operation, on a feed or on what belongs to a user.

        ``group`` is what the feed's group lets users do; without it, what most do.
        """
        if not self.may(operation.resource, operation.action, feed):
            return False
        return not self.governed or self._is_for_users(operation, feed, owner, group)

    def require(
        self,
        operation: Operation,
        feed: FeedId | None = None,
        *,
        owner: str | None = None,
        group: Access | None = None,
    ) -> None:
        """Raise Denied unless claims and policy allow an operation."""
        if not self.permits(operation, feed, owner=owner, group=group):
            raise Denied(f"this token may not {operation.action} this ({operation.resource})")

    def may_target(
        self, feed: FeedId, *, voucher: "FeedsGrant | None" = None, group: Access | None = None
    ) -> bool:
        """Tell whether what is said may be put into another feed, by ``to`` or ``target_feeds``.

        ``voucher`` is what the token beside an entry of ``to`` allows. A server token for one resource of one feed
        needs it. One for all resources of a feed does not, for the JavaScript SDK makes no others and sends none; nor
        does one for all feeds, with which the Python SDK adds reactions.
        """
        if voucher is not None and voucher.vouches(self.tenant, feed):
            return True
        if (group or Access()).target == "any":
            return True
        if self.governed:
            return feed.id == self.user
        return ALL in self.scope.resources | self.scope.feeds or self.may("feed", WRITE, feed)

    def vouches(self, tenant: Tenant, feed: FeedId) -> bool:
        """Tell whether this is a server's word, in a tenant, that a feed may be written to."""
        return not self.governed and self.tenant.id == tenant.id and self.may("feed", WRITE, feed)

    def sees_all_of(self, feed: FeedId) -> bool:
        """Tell whether what is in a feed for its own user and servers alone may be shown, where the feed may be read.

        A token to read one feed and do nothing else is made by a server, but to be handed out (Feeds §2.2).
        """
        if self.governed:
            return feed.id == self.user
        return self.scope != Scope(_ALL, _READ, self.scope.feeds - _ALL)

    def is_actor(self, actor: str) -> bool:
        """Tell whether an activity may name this actor: a user speaks as themselves alone (SEC-105)."""
        if not self.governed or self.user is None:
            return True
        return actor in (self.user, str(Reference("user", self.user)))

    def _is_for_users(
        self, operation: Operation, feed: FeedId | None, owner: str | None, group: Access | None
    ) -> bool:
        users = operation.users
        if users is Users.READABLE and feed is not None:
            readable = (group or Access()).read
            return readable == "any" or (readable == "own" and feed.id == self.user)
        if users is Users.OWN_FEEDS and feed is not None:
            return feed.id == self.user
        if users is Users.OWN:
            return owner is not None and owner == self.user
        if users is Users.NAMED:
            return operation.resource in self.scope.resources
        return users is Users.ANYTHING
