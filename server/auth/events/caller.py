"""Who calls the Events API: a tenant's program or one of its users, and what they may do (Events §1.2, §3.6, §17)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from server.auth.events.errors import Denied
from storage.eventskeys import (
    ADMINISTRATOR,
    BASIC,
    INGESTION_ONLY,
    INTERNAL_AUDITING,
    QUERY_ONLY,
)
from storage.tenants import Tenant
from streams.events.submitting import Sender
from streams.events.users import USER_TYPE
from vocab.dialects.events import Ref


class Right(Enum):
    """What an operation needs of whoever calls it."""

    OPEN = "nothing: there is no key"
    READ = "to read"
    CHECK = "to read or to submit"
    SUBMIT = "to submit messages"
    ACT = "to do what changes something else than by a message"
    MANAGE = "to administer the tenant"


_HELD = {
    INGESTION_ONLY: frozenset({Right.CHECK, Right.SUBMIT}),
    QUERY_ONLY: frozenset({Right.CHECK, Right.READ}),
    BASIC: frozenset({Right.CHECK, Right.SUBMIT, Right.READ, Right.ACT, Right.MANAGE}),
}
"""What keys of each type may be used for."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose name space is touched, with a key of which type, as which user in which role.

    ``username`` is None for a key that acts as nobody, ``type`` empty where no key was asked for. ``defaults`` is what
    a scoped key merges into every message; ``key`` the hash of the key, None for a member at a browser.
    """

    tenant: Tenant
    type: str = ""
    username: str | None = None
    role: str | None = None
    scoped: bool = False
    defaults: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    key: str | None = field(default=None, repr=False)

    @property
    def user(self) -> Ref | None:
        """The current user's entity; None when there is no current user."""
        return None if self.username is None else Ref(USER_TYPE, self.username)

    @property
    def by(self) -> Ref:
        """Who is said to have sent a message: the current user, or else the program (Events §5.2)."""
        return self.user or Ref("ASService", self.label or self.tenant.label)

    @property
    def sender(self) -> Sender:
        """Who submits the messages of a request."""
        return Sender(self.user, self.by, self.admin, self.trusted, self.defaults)

    @property
    def trusted(self) -> bool:
        """Whether the tenant itself speaks: an administrator, or a program that acts as nobody with a full key."""
        return self.admin or (self.username is None and not self.scoped)

    @property
    def admin(self) -> bool:
        """Whether the caller manages everything of the tenant. A scoped key never does."""
        return self.role == ADMINISTRATOR and self.type == BASIC and not self.scoped

    @property
    def reading_role(self) -> str | None:
        """The role that rules may name the caller by. A scoped key has none: it is shown to a browser."""
        return None if self.scoped else self.role

    @property
    def sees_all(self) -> bool:
        """Whether access rules hide nothing from the caller (Events §3.6)."""
        return self.admin or (self.role == INTERNAL_AUDITING and not self.scoped)

    def require(self, right: Right) -> None:
        """Raise Denied unless the key's type and the user's role allow something of that kind."""
        if right is Right.OPEN:
            return
        if right not in _HELD.get(self.type, ()):
            raise Denied(f"a key of the type {self.type} cannot be used for this")
        if self.username is not None and self.role is None:
            raise Denied("the key's user has no privilege in this tenant any more")
        if self.role == INTERNAL_AUDITING and right not in (Right.READ, Right.CHECK):
            raise Denied("auditors see everything and change nothing")
        if right is Right.MANAGE and not self.admin:
            raise Denied("an administrator's key of the type BASIC is needed")

    def may(self, right: Right) -> bool:
        """Tell whether the key's type and the user's role allow something of that kind."""
        try:
            self.require(right)
        except Denied:
            return False
        return True

    def require_trusted(self) -> None:
        """Raise Denied for what neither a user may do nor a browser."""
        if not self.trusted:
            raise Denied("an administrator's key is needed, or one of a program that acts as nobody")

    def required_user(self) -> Ref:
        """Return the current user's entity. Raises Denied when the key acts as nobody."""
        if self.user is None:
            raise Denied("this is done as the current user, and the key has none")
        return self.user
