"""Answers as bytes, kept for as long as a stamp read from the database says that they are still right."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Body:
    """A document ready to be sent, with the entity tag of its bytes."""

    data: bytes
    tag: str

    @classmethod
    def of(cls, data: bytes) -> "Body":
        """Return bytes with their tag."""
        return cls(data, hashlib.blake2b(data, digest_size=12).hexdigest())


class Rendered:
    """The bodies asked for most recently, each with the stamp under which it was made."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, tuple[Hashable, Body]] = OrderedDict()

    def get(self, key: Hashable, stamp: Hashable) -> Body | None:
        """Return a body if it was made under this very stamp."""
        held = self._held.get(key)
        if held is None or held[0] != stamp:
            return None
        self._held.move_to_end(key)
        return held[1]

    def put(self, key: Hashable, stamp: Hashable, data: bytes) -> Body:
        """Keep a body, in place of the least recently wanted one when there are too many."""
        body = Body.of(data)
        self._held[key] = (stamp, body)
        if len(self._held) > self._most:
            self._held.popitem(last=False)
        return body
