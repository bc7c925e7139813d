"""Message defaults that clients refer to by a token (Events §18.2).

A message refers to one by its member ``token``, or by ``#token#`` inside a subject, a description or a comment.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vocab import jsontext
from vocab.dialects.events import moments
from vocab.dialects.events.provisioning.members import Members
from vocab.fields import REQUIRED
from vocab.jsontext import Json

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
BYTES_MAX: Final = 32_768
VARIABLES_MAX: Final = 100
_NEVER: Final = ("type", "origin", "occurred_at")
_OBJECTS: Final = ("aspects", "properties", "variables")


@dataclass(frozen=True, slots=True)
class NewToken:
    """Defaults to be kept. Without a ``token`` one is to be made; ``valid_until`` is in microseconds."""

    token: str
    defaults: dict[str, Any]
    variables: dict[str, str]
    valid_until: int | None


def posted(body: Json) -> NewToken:
    """Read message defaults to be kept. Raises BadFields."""
    members = Members(body)
    token = members.text("token")
    if token and not TOKEN.fullmatch(token):
        members.refuse("token", "must be at most 64 letters, digits, _ and -")
    for name in _NEVER:
        if members.get(name) is not None:
            members.refuse(name, "cannot have a default")
    found = {name: members.data(name) for name in _OBJECTS}
    involves = members.get("involves")
    if involves is not None and not isinstance(involves, list | dict):
        members.refuse("involves", "must be a list of roles")
    variables = found.pop("variables")
    if len(variables) > VARIABLES_MAX or not all(isinstance(value, str) for value in variables.values()):
        members.refuse("variables", f"must be at most {VARIABLES_MAX} texts by their names")
    defaults = {name: value for name, value in {"involves": involves, **found}.items() if value}
    if not defaults and not variables:
        members.refuse("aspects", REQUIRED)
    if len(jsontext.dumps([defaults, variables])) > BYTES_MAX:
        members.refuse("body", f"must have at most {BYTES_MAX} bytes")
    until = members.instant("valid_until")
    members.settle()
    return NewToken(token, defaults, variables, until)


def spell(
    token: str, defaults: Mapping[str, Any], variables: Mapping[str, str], valid_until: int | None
) -> dict[str, Any]:
    """Write message defaults as they are answered."""
    told = {"token": token, **defaults, "variables": dict(variables)}
    return told if valid_until is None else {**told, "valid_until": moments.spell(valid_until)}
