"""Reading the members of one JSON object as the dialect means them (§4)."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeVar

from vocab import fields
from vocab.dialects.getstream import ids, times
from vocab.dialects.getstream.feedids import FeedId
from vocab.errors import BadFields
from vocab.fields import REQUIRED

NAME_BYTES_MAX: Final = 255

NAME: Final = re.compile(rf"[A-Za-z0-9_.@-]{{1,{NAME_BYTES_MAX}}}")
"""What the ids of users, reactions and entries are made of, and the names of collections."""

Read = TypeVar("Read")


class Fields(fields.Fields):
    """The members of one object; a body that is none raises BadFields at once.

    Null is as good as absent: SDKs send it for what was not given (§1.2).
    """

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
