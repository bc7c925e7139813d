"""Reading the members of one JSON object, remembering everything that is wrong with it (§4)."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeVar

from vocab.dialects.getstream import ids, times
from vocab.dialects.getstream.feedids import FeedId
from vocab.errors import BadFields
from vocab.jsontext import Json, Number

NAME_BYTES_MAX: Final = 255

NAME: Final = re.compile(rf"[A-Za-z0-9_.@-]{{1,{NAME_BYTES_MAX}}}")
"""What the ids of users, reactions and entries are made of, and the names of collections."""

Read = TypeVar("Read")

REQUIRED: Final = "this field is required"
WHOLE: Final = "body"
"""The name under which a problem with a body as a whole is told."""


class Fields:
    """The members of one object; a body that is none raises BadFields at once.

    Null is as good as absent: SDKs send it for what was not given (§1.2).
    """

    def __init__(self, body: Json) -> None:
        if not isinstance(body, dict):
            raise BadFields({WHOLE: ["must be an object"]})
        self.members = body
        self.problems: dict[str, list[str]] = {}

    def refuse(self, name: str, reason: str) -> None:
        """Remember what is wrong with a member."""
        self.problems.setdefault(name, []).append(reason)

    def settle(self) -> None:
        """Raise BadFields if anything was wrong."""
        if self.problems:
            raise BadFields(self.problems)

    def get(self, name: str) -> Any:
        """Return a member as it stands, None when it is absent."""
        return self.members.get(name)

    def text(self, name: str, *, required: bool = False, bytes_max: int | None = None) -> str:
        """Return text, numbers as their spelling; the empty text when it is absent or wrong."""
        value = self.get(name)
        if value is None:
            found = ""
        elif isinstance(value, str):
            found = value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found = value.lexeme if isinstance(value, Number) else str(value)
        else:
            self.refuse(name, "must be a string")
            return ""
        if required and not found:
            self.refuse(name, REQUIRED)
        if bytes_max is not None and len(found.encode()) > bytes_max:
            self.refuse(name, f"must have at most {bytes_max} bytes")
        return found

    def time(self, name: str, *, required: bool = False) -> datetime | None:
        """Return a time that an activity can have; None when it is absent or wrong."""
        value = self.get(name)
        if value is None and not required:
            return None
        found = times.parse(value) if isinstance(value, str) else None
        if value is None:
            self.refuse(name, REQUIRED)
        elif found is None:
            self.refuse(name, "must be a time in ISO 8601")
        elif not ids.EARLIEST <= found <= ids.LATEST:
            self.refuse(name, f"must lie between {ids.EARLIEST.year} and {ids.LATEST.year}")
            return None
        return found

    def feed(self, name: str) -> FeedId:
        """Return the id of a feed, which has to be there; one of empty texts when it is wrong."""
        value = self.get(name)
        found = FeedId.parse(value) if isinstance(value, str) else None
        if found is None:
            self.refuse(name, REQUIRED if value is None else "must be the id of a feed, such as user:1")
        return found or FeedId("", "")

    def name(self, name: str, *, required: bool = False) -> str:
        """Return the id of a user, reaction or entry; the empty text when it is absent or wrong."""
        found = self.text(name, required=required)
        if found and not NAME.fullmatch(found):
            self.refuse(name, f"must have at most {NAME_BYTES_MAX} letters, digits and _ . @ -")
        return found

    def count(self, name: str, *, most: int) -> int | None:
        """Return a whole number from 0 to ``most``, digits as text will do; None when it is absent or wrong."""
        text = self.text(name)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= most):
            self.refuse(name, f"must be a whole number from 0 to {most}")
            return None
        return int(text)

    def flag(self, name: str) -> bool:
        """Return true or false, which is what is absent or wrong."""
        value = self.get(name)
        if value is not None and not isinstance(value, bool):
            self.refuse(name, "must be true or false")
        return value is True

    def data(self, name: str = "data", *, required: bool = False) -> dict[str, Any]:
        """Return an object, empty when it is absent or wrong; one that is required must have members."""
        value = self.get(name)
        if value is not None and not isinstance(value, dict):
            self.refuse(name, "must be an object")
        elif required and not value:
            self.refuse(name, REQUIRED)
        return value if isinstance(value, dict) else {}

    def items(self, name: str, *, most: int, required: bool = False) -> list[Any]:
        """Return an array, empty when it is absent or wrong; one that is required must have items."""
        value = self.get(name)
        if value is not None and not isinstance(value, list):
            self.refuse(name, "must be a list")
            return []
        if required and not value:
            self.refuse(name, REQUIRED)
        if value and len(value) > most:
            self.refuse(name, f"must have at most {most} items")
            return []
        return value or []


def each(items: list[Any], read: Callable[[Any], Read]) -> list[Read]:
    """Read every item of a batch; raise BadFields with the problems of each, none for the sound ones (§4)."""
    found: list[Read] = []
    problems: list[dict[str, list[str]]] = []
    for item in items:
        try:
            found.append(read(item))
            problems.append({})
        except BadFields as error:
            problems.append(error.fields if isinstance(error.fields, dict) else {})
    if any(problems):
        raise BadFields(problems)
    return found
