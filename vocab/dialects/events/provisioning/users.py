"""Users of a tenant (Events §17.2)."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from vocab.dialects.events.provisioning import privileges
from vocab.dialects.events.provisioning.members import Members
from vocab.dialects.events.provisioning.privileges import NewPrivilege
from vocab.errors import BadFields
from vocab.jsontext import Json

USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9_.@+-]{0,63}", re.ASCII)
TEXTS: Final = ("email", "firstName", "lastName", "timeZone", "country", "zipCode", "avatar", "hint")
BRIEF: Final = ("firstName", "lastName", "email", "avatar")
GENDERS: Final = ("M", "F", "U")
YEAR_MAX: Final = 9_999


@dataclass(frozen=True, slots=True)
class Said:
    """What a request says of a user; in ``about`` what is None is to be forgotten.

    Without ``privilege`` the user keeps the one they have.
    """

    username: str
    password: str = field(repr=False)
    about: dict[str, Any]
    privilege: NewPrivilege | None = None


def posted(body: Json, *, roles: Collection[str]) -> Said:
    """Read a new user. Raises BadFields."""
    members = Members(body)
    members.require("username", "email", "password")
    return _said(members, roles)


def changed(body: Json, *, username: str, roles: Collection[str]) -> Said:
    """Read what is new of a user. Raises BadFields, also when another user is named than the path does."""
    members = Members(body)
    if str(members.get("username") or username).lower() != username:
        members.refuse("username", "cannot be changed")
    return _said(members, roles)


def _said(members: Members, roles: Collection[str]) -> Said:
    username = members.text("username").lower()
    if username and not USERNAME.fullmatch(username):
        members.refuse("username", "must be at most 64 letters, digits and _ . @ + -")
    password = members.text("password")
    about: dict[str, Any] = members.some(TEXTS)
    if "@" not in (about.get("email") or "@"):
        members.refuse("email", "must be an e-mail address")
    if "gender" in members.members:
        about["gender"] = members.word("gender", GENDERS) or None
    if "birthYear" in members.members:
        about["birthYear"] = members.count("birthYear", most=YEAR_MAX)
    privilege = _privilege(members, roles)
    members.settle()
    return Said(username, password, about, privilege)


def _privilege(members: Members, roles: Collection[str]) -> NewPrivilege | None:
    """Read the one privilege of the list: a user has one role in a tenant."""
    given = members.items("tenantUserPrivileges", most=1)
    try:
        return privileges.posted(given[0], roles=roles) if given else None
    except BadFields as error:
        reasons = error.fields if isinstance(error.fields, dict) else {}
        for name, said in reasons.items():
            members.refuse(f"tenantUserPrivileges[0].{name}", ", ".join(said))
        return None


def brief(username: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """Write who a user is, as it stands beside what they have."""
    return {"username": username, **{name: about.get(name) for name in BRIEF}}


def spell(
    username: str,
    about: Mapping[str, Any],
    privileges: Sequence[Mapping[str, Any]] = (),
    keys: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Write a user as it is answered; the password never is."""
    return {
        "username": username,
        **about,
        "tenantUserPrivileges": list(privileges),
        "activeApiKeys": list(keys),
    }
