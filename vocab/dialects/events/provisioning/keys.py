"""API keys and scoped keys (Events §1.2, §17.2)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from vocab import jsontext
from vocab.dialects.events.provisioning.members import Members, spelled
from vocab.jsontext import Json

LABEL_BYTES_MAX: Final = 255
DEFAULTS_BYTES_MAX: Final = 16_384
HOUR_US: Final = 3_600_000_000
SCOPED_US: Final = HOUR_US
SCOPED_US_MAX: Final = 24 * HOUR_US
"""How long a scoped key holds, unless it is said otherwise, and at most."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made, or what is to become of one; what is None is not said."""

    type: str = ""
    label: str = ""
    active_from: int | None = None
    active_until: int | None = None
    endless: bool = False
    """Whether an end is taken away: ``activeUntil`` is there and null."""


@dataclass(frozen=True, slots=True)
class ScopedKey:
    """A key to be minted for a browser; ``defaults`` is a partial message."""

    type: str
    active_until: int
    username: str
    defaults: dict[str, Any]


def posted(body: Json, *, types: Collection[str], required: bool = True) -> NewKey:
    """Read a key to be made, or with ``required=False`` changes of one. Raises BadFields."""
    members = Members(body)
    type = members.word("type", types, required=required)
    label = members.text("label", bytes_max=LABEL_BYTES_MAX)
    since, until = members.period()
    endless = "activeUntil" in members.members and until is None
    members.settle()
    return NewKey(type, label, since, until, endless)


def scoped(body: Json, *, types: Collection[str], now: int) -> ScopedKey:
    """Read a scoped key to be minted. Raises BadFields."""
    members = Members(body)
    type = members.word("type", types, required=True)
    until = members.instant("activeUntil")
    if until is not None and not now < until <= now + SCOPED_US_MAX:
        members.refuse("activeUntil", "must be within the next 24 hours")
    user = members.get("user")
    username = user.get("username") if isinstance(user, dict) else user
    if username is not None and not isinstance(username, str):
        members.refuse("user", "must be the name of a user")
    defaults = members.data("defaults")
    if len(jsontext.dumps(defaults)) > DEFAULTS_BYTES_MAX:
        members.refuse("defaults", f"must have at most {DEFAULTS_BYTES_MAX} bytes")
    members.settle()
    return ScopedKey(type, now + SCOPED_US if until is None else until, (username or "").lower(), defaults)


def spell(
    token: str,
    *,
    type: str,
    username: str | None,
    label: str,
    created: int,
    active_from: int,
    active_until: int | None,
) -> dict[str, Any]:
    """Write a key as it is answered."""
    return {
        "apiToken": token,
        "type": type,
        "label": label,
        "user": username,
        "createdDate": spelled(created),
        "dateCreated": spelled(created),
        "activeFrom": spelled(active_from),
        "activeUntil": spelled(active_until),
    }
